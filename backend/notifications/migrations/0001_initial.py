import datetime
import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.lookups
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import backend.core.operation.migrating


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agreements', '0001_initial'),
        ('appointments', '0001_initial'),
        ('complaints', '0001_initial'),
        ('core', '0001_turkish_text'),
        ('events', '0001_initial'),
        ('instructions', '0001_initial'),
        ('letters', '0001_initial'),
        ('organization', '0001_initial'),
        ('partners', '0001_initial'),
        ('programme', '0001_initial'),
        ('retention', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='Preference',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('choices', models.JSONField(default=dict)),
                        ('quiet_from', models.TimeField(default=datetime.time(22, 0))),
                        ('quiet_until', models.TimeField(default=datetime.time(7, 0))),
                        ('digest_at', models.TimeField(default=datetime.time(8, 30))),
                    ],
                    options={
                        'verbose_name': 'choice of notifications',
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='Notification',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('kind', models.CharField(max_length=20)),
                        ('text', models.CharField(max_length=40)),
                        ('facts', models.JSONField(default=dict)),
                        ('is_urgent', models.BooleanField(default=False)),
                        ('complaint', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='complaints.complaint')),
                        ('instruction', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='instructions.instruction')),
                        ('note', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='programme.departmentnote')),
                        ('promise', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='appointments.promise')),
                        ('agreement', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='agreements.agreement')),
                        ('event', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.event')),
                        ('subject_request', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='retention.subjectrequest')),
                        ('letter', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='letters.letter')),
                        ('request', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='appointments.appointmentrequest')),
                        ('organisation', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='partners.organisation')),
                        ('in_page', models.BooleanField(default=True)),
                        ('waits_for', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), default=list, size=None)),
                        ('due_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('seen_at', models.DateTimeField(editable=False, null=True)),
                        ('mailed_at', models.DateTimeField(editable=False, null=True)),
                        ('texted_at', models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        'verbose_name': 'notification',
                        'default_permissions': (),
                        'indexes': [models.Index(condition=models.Q(('in_page', True)), fields=['user', '-created_at', '-id'], name='notification_of_user'), models.Index(condition=models.Q(('in_page', True), ('seen_at__isnull', True)), fields=['user', '-created_at', '-id'], name='notification_unseen'), models.Index(condition=models.Q(('waits_for', []), _negated=True), fields=['due_at'], name='notification_waiting'), models.Index(fields=['seen_at'], name='notification_seen')],
                        'constraints': [models.CheckConstraint(condition=django.db.models.lookups.LessThan(models.Func('complaint', 'instruction', 'note', 'promise', 'agreement', 'event', 'subject_request', 'letter', 'request', 'organisation', function='num_nonnulls', output_field=models.IntegerField()), 2), name='notification_is_about_one_row')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='notification',
                    trigger=pgtrigger.compiler.Trigger(name='notify_line', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            INSERT INTO journal_changeevent (kind, subject_id, verb)\n            SELECT 'notification', user_id, kind FROM fresh WHERE created_at > now() - interval '1 hour';\n            RETURN NULL;\n        ", hash='e0ec6c725fd18821035f4ed1018d3cd1aa834661', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notify_line_fa7ea', referencing='REFERENCING NEW TABLE AS fresh ', table='notifications_notification', when='AFTER')),
                ),
            ],
        ),
    ]
