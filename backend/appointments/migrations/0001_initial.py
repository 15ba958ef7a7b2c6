import uuid

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
        ('complaints', '0001_initial'),
        ('contacts', '0001_initial'),
        ('core', '0001_turkish_text'),
        ('organization', '0001_initial'),
        ('outbox', '0001_initial'),
        ('partners', '0001_initial'),
        ('programme', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='AppointmentRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('year', models.PositiveSmallIntegerField(editable=False)),
                        ('number', models.PositiveIntegerField(editable=False)),
                        ('reference', models.CharField(editable=False, max_length=20, unique=True)),
                        ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='programme.principal')),
                        ('channel', models.CharField(max_length=10)),
                        ('kind', models.CharField(max_length=12)),
                        ('status', models.CharField(default='NEW', editable=False, max_length=13)),
                        ('applicant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointment_requests', to='contacts.citizen')),
                        ('requested_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('privacy_notice', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.privacynotice')),
                        ('organisation', models.CharField(blank=True, max_length=160)),
                        ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointment_requests', to='partners.organisation')),
                        ('subject', models.CharField(max_length=200)),
                        ('body', models.TextField(blank=True)),
                        ('party_size', models.PositiveSmallIntegerField(default=1)),
                        ('companion_names', models.CharField(blank=True, db_default='', default='', max_length=300)),
                        ('wished_from', models.DateField(blank=True, null=True)),
                        ('wished_until', models.DateField(blank=True, null=True)),
                        ('wish', models.CharField(blank=True, max_length=200)),
                        ('plate', models.CharField(blank=True, max_length=20)),
                        ('entry', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='request', to='programme.entry')),
                        ('department', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('complaint', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='appointment_requests', to='complaints.complaint')),
                        ('ground', models.CharField(blank=True, editable=False, max_length=10)),
                        ('reason', models.TextField(blank=True, editable=False)),
                        ('outcome', models.CharField(blank=True, editable=False, max_length=12)),
                        ('outcome_note', models.TextField(blank=True, editable=False)),
                        ('coming_confirmed_at', models.DateTimeField(editable=False, null=True)),
                        ('registered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('registered_by', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('anonymised_at', models.DateTimeField(editable=False, null=True)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('words', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector(backend.core.models.TrTokens(models.Func(models.Func(models.F('subject'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('organisation'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)')), config='simple'), output_field=django.contrib.postgres.search.SearchVectorField())),
                    ],
                    options={
                        'verbose_name': 'appointment request',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['registered_at', 'id'], name='request_newest'), models.Index(fields=['registered_by', 'registered_at', 'id'], name='request_brought'), models.Index(fields=['principal', 'status', 'registered_at', 'id'], name='request_of_principal'), models.Index(fields=['department', 'registered_at', 'id'], name='request_of_department'), models.Index(fields=['applicant', 'registered_at'], name='request_of_applicant'), models.Index(backend.core.models.TrFold('organisation'), condition=models.Q(('partner__isnull', True), models.Q(('organisation', ''), _negated=True)), name='request_written'), models.Index(condition=models.Q(('partner__isnull', False)), fields=['partner', 'registered_at', 'id'], name='request_of_partner'), django.contrib.postgres.indexes.GinIndex(fields=['words'], name='request_words'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(backend.core.models.TrFold(models.F('subject')), name='gin_trgm_ops'), name='request_alike')],
                        'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='request_number_once_a_year'), models.CheckConstraint(condition=models.Q(('party_size__gte', 1)), name='request_of_somebody'), models.CheckConstraint(condition=models.Q(('wished_from__isnull', True), ('wished_until__isnull', True), ('wished_until__gte', models.F('wished_from')), _connector='OR'), name='wish_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['PROPOSED', 'APPROVED']), _negated=True), ('entry__isnull', False), _connector='OR'), name='what_was_approved_has_its_time'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'REDIRECTED'), _negated=True), ('department__isnull', False), _connector='OR'), name='what_was_redirected_has_its_department')],
                    },
                ),
                migrations.CreateModel(
                    name='Promise',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('request', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='appointments.appointmentrequest')),
                        ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='promises', to='programme.entry')),
                        ('text', models.CharField(max_length=500)),
                        ('due_on', models.DateField()),
                        ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('status', models.CharField(default='OPEN', editable=False, max_length=9)),
                        ('ended_on', models.DateField(editable=False, null=True)),
                        ('note', models.TextField(blank=True, editable=False)),
                        ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('made_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('reminded', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'verbose_name': 'promise',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['due_on', 'id'], name='promise_by_date'), models.Index(condition=models.Q(('status', 'OPEN')), fields=['due_on', 'id'], name='promise_open'), models.Index(fields=['department', 'due_on', 'id'], name='promise_of_department'), models.Index(fields=['request', 'due_on', 'id'], name='promise_of_request'), models.Index(fields=['entry', 'due_on', 'id'], name='promise_of_entry')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('ended_on__isnull', True), ('status', 'OPEN')), models.Q(models.Q(('status', 'OPEN'), _negated=True), ('ended_on__isnull', False)), _connector='OR'), name='a_promise_that_ended_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('entry__isnull', True), ('request__isnull', False)), models.Q(('entry__isnull', False), ('request__isnull', True)), _connector='OR'), name='a_promise_has_one_place')],
                    },
                ),
                migrations.CreateModel(
                    name='PublicDaySession',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='public_days', to='programme.principal')),
                        ('rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='sessions', to='programme.publicdayrule')),
                        ('entry', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='public_day', to='programme.entry')),
                        ('day', models.DateField()),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('slot_minutes', models.PositiveSmallIntegerField()),
                        ('capacity', models.PositiveSmallIntegerField()),
                        ('places_online', models.PositiveSmallIntegerField(db_default=0, default=0)),
                        ('place', models.CharField(blank=True, max_length=200)),
                        ('status', models.CharField(default='PLANNED', editable=False, max_length=9)),
                    ],
                    options={
                        'verbose_name': 'public day',
                        'ordering': ['starts_at', 'id'],
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['day', 'id'], name='public_day_by_day')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'CANCELLED'), _negated=True), fields=('principal', 'day'), name='one_public_day_a_day'), models.CheckConstraint(condition=models.Q(('capacity__gte', 1)), name='public_day_for_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='RequestAttachment',
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
                        ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='appointments.appointmentrequest')),
                        ('notice', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='files', to='appointments.requestnotice')),
                    ],
                    options={
                        'verbose_name': 'attachment of a request',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['request', 'uploaded_at'], name='attachment_of_request')],
                    },
                ),
                migrations.CreateModel(
                    name='RequestLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('note', models.TextField(blank=True)),
                        ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='appointments.appointmentrequest')),
                        ('verb', models.CharField(max_length=40)),
                        ('from_status', models.CharField(blank=True, max_length=13)),
                        ('to_status', models.CharField(blank=True, max_length=13)),
                        ('details', models.JSONField(default=dict)),
                    ],
                    options={
                        'verbose_name': 'story line of a request',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['request', '-at', '-id'], name='line_of_request')],
                    },
                ),
                migrations.CreateModel(
                    name='RequestNotice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('request', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='appointments.appointmentrequest')),
                        ('kind', models.CharField(max_length=10)),
                        ('body', models.TextField()),
                        ('means', models.CharField(max_length=10)),
                        ('notified_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('notified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('message', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outbox.message')),
                        ('held_until', models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        'verbose_name': 'notice to the applicant',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['request', 'notified_at', 'id'], name='notice_of_request')],
                    },
                ),
                migrations.CreateModel(
                    name='Visit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('session', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='appointments.publicdaysession')),
                        ('request', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='visit', to='appointments.appointmentrequest')),
                        ('at', models.DateTimeField()),
                        ('is_booked', models.BooleanField(db_default=False, default=False)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('status', models.CharField(default='EXPECTED', editable=False, max_length=8)),
                        ('arrived_at', models.DateTimeField(editable=False, null=True)),
                        ('in_at', models.DateTimeField(editable=False, null=True)),
                        ('out_at', models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        'verbose_name': 'visit on a public day',
                        'ordering': ['at', 'position'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('session', 'position'), name='one_place_for_one_visit')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='appointmentrequest',
                    trigger=pgtrigger.compiler.Trigger(name='notice_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."privacy_notice_id" IS DISTINCT FROM (NEW."privacy_notice_id") AND OLD."privacy_notice_id" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='d9d6a09f61dab4321f73fd2421f37cb299cf77ea', operation='UPDATE', pgid='pgtrigger_notice_stays_9ff98', table='appointments_appointmentrequest', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='publicdaysession',
                    trigger=pgtrigger.compiler.Trigger(name='notify_change', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            INSERT INTO journal_changeevent (kind, subject_id)\n            SELECT DISTINCT 'public_day', told FROM unnest(ARRAY[OLD.id, NEW.id]) AS told\n             WHERE told IS NOT NULL;\n            RETURN NULL;\n        ", hash='4d94f52fc761c34d179f71c6fcf68054a7526d57', operation='UPDATE', pgid='pgtrigger_notify_change_d0def', table='appointments_publicdaysession', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='requestline',
                    trigger=pgtrigger.compiler.Trigger(name='notify_line', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            INSERT INTO journal_changeevent (kind, subject_id, verb)\n            SELECT 'appointment_request', request_id, verb FROM fresh WHERE at > now() - interval '1 hour';\n            RETURN NULL;\n        ", hash='32cb2b7d2882fa9893e3135d5e1eb8db69cf4db4', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notify_line_dc50e', referencing='REFERENCING NEW TABLE AS fresh ', table='appointments_requestline', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='visit',
                    trigger=pgtrigger.compiler.Trigger(name='notify_change', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            INSERT INTO journal_changeevent (kind, subject_id)\n            SELECT DISTINCT 'public_day', told FROM unnest(ARRAY[OLD.session_id, NEW.session_id]) AS told\n             WHERE told IS NOT NULL;\n            RETURN NULL;\n        ", hash='213dbea8aa52973dbbde64b7e5704ca4ff995f48', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_notify_change_1b21e', table='appointments_visit', when='AFTER')),
                ),
            ],
        ),
    ]
