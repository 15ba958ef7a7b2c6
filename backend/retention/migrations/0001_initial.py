import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import backend.core.operation.migrating


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('appointments', '0001_initial'),
        ('complaints', '0001_initial'),
        ('contacts', '0001_initial'),
        ('core', '0001_turkish_text'),
        ('events', '0001_initial'),
        ('organization', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='DestructionRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('reference', models.CharField(editable=False, max_length=20, unique=True)),
                        ('status', models.CharField(default='PREPARED', editable=False, max_length=8)),
                        ('prepared_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('prepared_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('approved_at', models.DateTimeField(editable=False, null=True)),
                        ('approved_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('started_at', models.DateTimeField(editable=False, null=True)),
                        ('ended_at', models.DateTimeField(editable=False, null=True)),
                        ('items', models.PositiveIntegerField(default=0, editable=False)),
                        ('settled', models.PositiveIntegerField(default=0, editable=False)),
                        ('run', models.PositiveIntegerField(default=0, editable=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'verbose_name': 'destruction run',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['-prepared_at', '-id'], name='destruction_newest'), models.Index(condition=models.Q(('status', 'DONE')), fields=['-ended_at'], name='destruction_done')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('approved_by__isnull', True), ('prepared_by__isnull', True), models.Q(('approved_by', models.F('prepared_by')), _negated=True), _connector='OR'), name='nobody_approves_their_own_run')],
                    },
                ),
                migrations.CreateModel(
                    name='DestructionLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('note', models.TextField(blank=True)),
                        ('destruction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='retention.destructionrun')),
                        ('verb', models.CharField(max_length=40)),
                        ('from_status', models.CharField(blank=True, max_length=8)),
                        ('to_status', models.CharField(blank=True, max_length=8)),
                        ('details', models.JSONField(default=dict)),
                    ],
                    options={
                        'verbose_name': 'story line of a destruction',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['destruction', '-at', '-id'], name='line_of_destruction')],
                    },
                ),
                migrations.CreateModel(
                    name='LegalHold',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('kind', models.CharField(max_length=12)),
                        ('complaint', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.complaint')),
                        ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='appointments.appointmentrequest')),
                        ('event', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event')),
                        ('citizen', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.citizen')),
                        ('reason', models.CharField(max_length=300)),
                        ('placed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('placed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('lifted_at', models.DateTimeField(editable=False, null=True)),
                        ('lifted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('lift_reason', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'verbose_name': 'legal hold',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['-placed_at', '-id'], name='hold_newest'), models.Index(condition=models.Q(('complaint__isnull', False), ('lifted_at__isnull', True)), fields=['complaint'], name='hold_on_complaint'), models.Index(condition=models.Q(('lifted_at__isnull', True), ('request__isnull', False)), fields=['request'], name='hold_on_request'), models.Index(condition=models.Q(('event__isnull', False), ('lifted_at__isnull', True)), fields=['event'], name='hold_on_event'), models.Index(condition=models.Q(('citizen__isnull', False), ('lifted_at__isnull', True)), fields=['citizen'], name='hold_on_citizen')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('complaint__isnull', True), ('event__isnull', True), ('request__isnull', True)), models.Q(('citizen__isnull', True), ('complaint__isnull', True), ('request__isnull', True)), models.Q(('citizen__isnull', True), ('complaint__isnull', True), ('event__isnull', True)), models.Q(('citizen__isnull', True), ('event__isnull', True), ('request__isnull', True)), _connector='OR'), name='a_hold_stands_on_one_thing'), models.CheckConstraint(condition=models.Q(('lifted_at__isnull', True), models.Q(('lift_reason', ''), _negated=True), _connector='OR'), name='a_lifted_hold_says_why')],
                    },
                ),
                migrations.CreateModel(
                    name='RetentionRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('checked_on', models.DateField(blank=True, null=True)),
                        ('code', models.SlugField(max_length=40, unique=True)),
                        ('kind', models.CharField(max_length=12)),
                        ('regime', models.CharField(blank=True, max_length=20)),
                        ('years', models.PositiveSmallIntegerField()),
                        ('method', models.CharField(max_length=9)),
                        ('source', models.CharField(max_length=300)),
                        ('is_active', models.BooleanField(default=True)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'verbose_name': 'retention rule',
                        'ordering': ['kind', 'regime'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('kind', 'regime'), name='a_retention_rule_a_kind'), models.CheckConstraint(condition=models.Q(('years__gte', 1), ('years__lte', 101)), name='kept_for_some_years'), models.CheckConstraint(condition=models.Q(('regime', ''), ('kind', 'CASE'), _connector='OR'), name='only_cases_have_a_regime')],
                    },
                ),
                migrations.CreateModel(
                    name='DestructionItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('destruction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='list', to='retention.destructionrun')),
                        ('kind', models.CharField(max_length=12)),
                        ('method', models.CharField(max_length=9)),
                        ('subject', models.BigIntegerField(null=True)),
                        ('subject_key', models.UUIDField(null=True)),
                        ('label', models.CharField(blank=True, max_length=40)),
                        ('day', models.DateField(null=True)),
                        ('rule', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='retention.retentionrule')),
                        ('rule_version', models.PositiveIntegerField()),
                        ('ground', models.CharField(max_length=300)),
                        ('due_on', models.DateField()),
                        ('status', models.CharField(default='LISTED', max_length=7)),
                        ('skipped', models.CharField(blank=True, max_length=12)),
                        ('rows', models.PositiveIntegerField(default=0)),
                        ('settled_at', models.DateTimeField(null=True)),
                    ],
                    options={
                        'verbose_name': 'line of a destruction',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['destruction', 'id'], name='destruction_list'), models.Index(condition=models.Q(('status', 'LISTED')), fields=['destruction', 'id'], name='destruction_to_settle'), models.Index(fields=['destruction', 'kind', 'status'], name='destruction_counts')],
                    },
                ),
                migrations.CreateModel(
                    name='SubjectRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('reference', models.CharField(editable=False, max_length=20, unique=True)),
                        ('status', models.CharField(default='OPEN', editable=False, max_length=9)),
                        ('citizen', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.citizen')),
                        ('requester', models.CharField(max_length=160)),
                        ('contact', models.CharField(blank=True, max_length=300)),
                        ('identity', models.CharField(blank=True, max_length=12)),
                        ('channel', models.CharField(max_length=12)),
                        ('rights', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=13), size=None)),
                        ('text', models.TextField()),
                        ('complaint', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.complaint')),
                        ('received_on', models.DateField()),
                        ('due_on', models.DateField(editable=False)),
                        ('target_on', models.DateField(editable=False)),
                        ('outcome', models.CharField(blank=True, max_length=7)),
                        ('ground', models.CharField(blank=True, max_length=10)),
                        ('answer', models.TextField(blank=True)),
                        ('answer_channel', models.CharField(blank=True, max_length=12)),
                        ('answered_on', models.DateField(editable=False, null=True)),
                        ('answered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('sent_on', models.DateField(editable=False, null=True)),
                        ('sent_way', models.CharField(blank=True, editable=False, max_length=7)),
                        ('sent_number', models.CharField(blank=True, editable=False, max_length=60)),
                        ('ended_at', models.DateTimeField(editable=False, null=True)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('warned', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('anonymised_at', models.DateTimeField(editable=False, null=True)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'verbose_name': 'application under KVKK art. 11',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['target_on', 'id'], name='subject_request_by_target'), models.Index(condition=models.Q(('status', 'OPEN')), fields=['target_on', 'id'], name='subject_request_open'), models.Index(fields=['-received_on', '-id'], name='subject_request_newest'), models.Index(condition=models.Q(('sent_on__isnull', True), ('status', 'ANSWERED')), fields=['target_on', 'id'], name='subject_request_unsent'), models.Index(fields=['ended_at'], name='subject_request_ended')],
                        'constraints': [models.UniqueConstraint(fields=('complaint',), name='a_case_is_one_subject_request'), models.CheckConstraint(condition=models.Q(('rights', []), _negated=True), name='a_subject_request_asks_something'), models.CheckConstraint(condition=models.Q(models.Q(('answered_on__isnull', False), ('status', 'ANSWERED'), models.Q(('outcome', ''), _negated=True)), models.Q(models.Q(('status', 'ANSWERED'), _negated=True), ('answered_on__isnull', True), ('outcome', '')), _connector='OR'), name='an_answered_subject_request_says_how'), models.CheckConstraint(condition=models.Q(models.Q(('sent_number', ''), ('sent_on__isnull', True), ('sent_way', '')), models.Q(('sent_on__gte', models.F('answered_on')), ('status', 'ANSWERED'), models.Q(('sent_way', ''), _negated=True)), _connector='OR'), name='a_subject_request_is_sent_after_its_answer'), models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ('PARTLY', 'REFUSED')), _negated=True), models.Q(('ground', ''), _negated=True), _connector='OR'), name='a_refusal_of_a_subject_request_has_a_ground')],
                    },
                ),
                migrations.CreateModel(
                    name='ErasureJob',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('citizen', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.citizen')),
                        ('family', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                        ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='erasure_jobs', to='retention.subjectrequest')),
                        ('reason', models.CharField(max_length=300)),
                        ('status', models.CharField(default='WAITING', max_length=7)),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('asked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('started_at', models.DateTimeField(null=True)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('run', models.PositiveIntegerField(default=0)),
                        ('searched', models.PositiveIntegerField(default=0)),
                        ('tables', models.PositiveIntegerField(default=0)),
                        ('struck', models.PositiveIntegerField(default=0)),
                        ('left', models.PositiveIntegerField(default=0)),
                        ('files', models.PositiveIntegerField(default=0)),
                        ('fault', models.CharField(blank=True, max_length=600)),
                    ],
                    options={
                        'verbose_name': 'anonymising of a person',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['-asked_at', '-id'], name='erasure_job_newest')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ('WAITING', 'RUNNING'))), fields=('citizen',), name='erasure_once_at_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='SubjectRequestLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('note', models.TextField(blank=True)),
                        ('request', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='retention.subjectrequest')),
                        ('verb', models.CharField(max_length=40)),
                        ('from_status', models.CharField(blank=True, max_length=9)),
                        ('to_status', models.CharField(blank=True, max_length=9)),
                        ('details', models.JSONField(default=dict)),
                    ],
                    options={
                        'verbose_name': 'story line of an application under KVKK art. 11',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['request', '-at', '-id'], name='line_of_subject_request')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='destructionrun',
                    trigger=pgtrigger.compiler.Trigger(name='a_destruction_stays_on_record', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='1d8857e3bde9ce385f5562ed2e1372446f173b58', operation='DELETE', pgid='pgtrigger_a_destruction_stays_on_record_7b316', table='retention_destructionrun', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='destructionitem',
                    trigger=pgtrigger.compiler.Trigger(name='a_line_stays_on_record', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='4473e66dae0ffa463a4af92ce3c7c5b9f66cc358', operation='DELETE', pgid='pgtrigger_a_line_stays_on_record_578e1', table='retention_destructionitem', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='destructionitem',
                    trigger=pgtrigger.compiler.Trigger(name='a_settled_line_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."status" IN (\'DONE\', \'SKIPPED\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a760d76dc8d828364d65137fb11d2769edfaa043', operation='UPDATE', pgid='pgtrigger_a_settled_line_never_changes_df4ea', table='retention_destructionitem', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='erasurejob',
                    trigger=pgtrigger.compiler.Trigger(name='an_erasure_job_stays', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='5a6259195836a2175f85a01a57773d9ddd6293da', operation='DELETE', pgid='pgtrigger_an_erasure_job_stays_36009', table='retention_erasurejob', when='BEFORE')),
                ),
            ],
        ),
    ]
