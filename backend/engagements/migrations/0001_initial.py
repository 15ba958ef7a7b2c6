import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import backend.core.models
import backend.core.operation.migrating
import backend.documents.models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_turkish_text'),
        ('instructions', '0001_initial'),
        ('organization', '0001_initial'),
        ('partners', '0001_initial'),
        ('programme', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='AgendaItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agenda', to='engagements.engagement')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('title', models.CharField(max_length=300)),
                    ],
                    options={
                        'verbose_name': 'point of an agenda',
                        'ordering': ['position', 'id'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('engagement', 'position'), name='an_agenda_point_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Attendee',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attendees', to='engagements.engagement')),
                        ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='engagements', to='partners.role')),
                        ('name', models.CharField(blank=True, max_length=160)),
                        ('note', models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        'verbose_name': 'participant of a meeting',
                        'ordering': ['id'],
                        'default_permissions': (),
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('name', ''), ('role__isnull', True), ('user__isnull', False)), models.Q(('name', ''), ('role__isnull', False), ('user__isnull', True)), models.Q(('role__isnull', True), ('user__isnull', True), models.Q(('name', ''), _negated=True)), _connector='OR'), name='an_attendee_is_one_somebody'), models.UniqueConstraint(fields=('engagement', 'user'), name='an_attendee_once'), models.UniqueConstraint(fields=('engagement', 'role'), name='an_attending_role_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Decision',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='decisions', to='engagements.engagement')),
                        ('position', models.PositiveSmallIntegerField()),
                        ('text', models.TextField()),
                        ('instruction', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='instructions.instruction')),
                        ('decided_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        'verbose_name': 'decision of a meeting',
                        'ordering': ['position', 'id'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('engagement', 'position'), name='a_decision_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Engagement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('year', models.PositiveSmallIntegerField(editable=False)),
                        ('number', models.PositiveIntegerField(editable=False)),
                        ('reference', models.CharField(editable=False, max_length=20, unique=True)),
                        ('kind', models.CharField(max_length=9)),
                        ('status', models.CharField(default='PLANNED', editable=False, max_length=9)),
                        ('title', models.CharField(max_length=200)),
                        ('purpose', models.TextField(blank=True)),
                        ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='engagements', to='programme.principal')),
                        ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='engagements', to='partners.organisation')),
                        ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('place', models.CharField(blank=True, max_length=200)),
                        ('entry', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='engagement', to='programme.entry')),
                        ('travel', models.TextField(blank=True)),
                        ('vehicle', models.CharField(blank=True, max_length=120)),
                        ('lodging', models.CharField(blank=True, max_length=200)),
                        ('gift_given', models.CharField(blank=True, max_length=200)),
                        ('gift_received', models.CharField(blank=True, max_length=200)),
                        ('host_contact', models.CharField(blank=True, max_length=200)),
                        ('minutes', models.TextField(blank=True, editable=False)),
                        ('minuted_at', models.DateTimeField(editable=False, null=True)),
                        ('minuted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('staff', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None)),
                        ('opened_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('opened_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('words', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector(backend.core.models.TrTokens(models.Func(models.Func(models.Func(models.Func(models.F('reference'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('title'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('place'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)')), config='simple'), output_field=django.contrib.postgres.search.SearchVectorField())),
                    ],
                    options={
                        'verbose_name': 'meeting or visit',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['starts_at', 'id'], name='engagement_by_time'), models.Index(fields=['status', 'starts_at', 'id'], name='engagement_by_status'), models.Index(fields=['organisation', 'starts_at'], name='engagement_of_organisation'), models.Index(fields=['department', 'starts_at', 'id'], name='engagement_of_department'), models.Index(fields=['principal', 'starts_at', 'id'], name='engagement_of_principal'), django.contrib.postgres.indexes.GinIndex(fields=['staff'], name='engagement_staff'), django.contrib.postgres.indexes.GinIndex(fields=['words'], name='engagement_words'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(backend.core.models.TrFold(models.F('title')), name='gin_trgm_ops'), name='engagement_alike')],
                        'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='engagement_number_once_a_year'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='engagement_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('minuted_at__isnull', True), ('minutes', '')), models.Q(models.Q(('minutes', ''), _negated=True), ('minuted_at__isnull', False)), _connector='OR'), name='minutes_say_when_they_were_written')],
                    },
                ),
                migrations.CreateModel(
                    name='EngagementAttachment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('file', models.FileField(upload_to=backend.documents.models.random_name)),
                        ('name', models.CharField(max_length=200)),
                        ('content_type', models.CharField(max_length=100)),
                        ('size', models.PositiveIntegerField()),
                        ('sha256', models.CharField(editable=False, max_length=64)),
                        ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='engagements.engagement')),
                    ],
                    options={
                        'verbose_name': 'attachment of a meeting',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['engagement', 'uploaded_at'], name='attachment_of_engagement')],
                    },
                ),
                migrations.CreateModel(
                    name='EngagementLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('note', models.TextField(blank=True)),
                        ('engagement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='engagements.engagement')),
                        ('verb', models.CharField(max_length=40)),
                        ('from_status', models.CharField(blank=True, max_length=9)),
                        ('to_status', models.CharField(blank=True, max_length=9)),
                        ('details', models.JSONField(default=dict)),
                    ],
                    options={
                        'verbose_name': 'story line of a meeting',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['engagement', '-at', '-id'], name='line_of_engagement')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='attendee',
                    trigger=pgtrigger.compiler.Trigger(name='staff', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            UPDATE engagements_engagement SET staff = coalesce(\n                (SELECT array_agg(p.user_id ORDER BY p.user_id) FROM engagements_attendee p\n                  WHERE p.engagement_id = coalesce(NEW.engagement_id, OLD.engagement_id) AND p.user_id IS NOT NULL), '{}')\n            WHERE id = coalesce(NEW.engagement_id, OLD.engagement_id);\n            RETURN NULL;\n        ", hash='9e70edcac623b7046e18100907857f91eeb06fb1', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_staff_6f2ff', table='engagements_attendee', when='AFTER')),
                ),
            ],
        ),
    ]
