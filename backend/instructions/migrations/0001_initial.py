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
        ('appointments', '0001_initial'),
        ('complaints', '0001_initial'),
        ('core', '0001_turkish_text'),
        ('events', '0001_initial'),
        ('invitations', '0001_initial'),
        ('letters', '0001_initial'),
        ('organization', '0001_initial'),
        ('programme', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='Collaboration',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('instruction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='collaborations', to='instructions.instruction')),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        'verbose_name': 'collaborating department',
                        'ordering': ['id'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('instruction', 'department'), name='a_collaborator_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Dictation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.principal')),
                        ('text', models.TextField()),
                        ('said_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('said_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'dictated instruction',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['said_at', 'id'], name='dictation_by_time')],
                    },
                ),
                migrations.CreateModel(
                    name='Instruction',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('year', models.PositiveSmallIntegerField(editable=False)),
                        ('number', models.PositiveIntegerField(editable=False)),
                        ('reference', models.CharField(editable=False, max_length=20, unique=True)),
                        ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='programme.principal')),
                        ('status', models.CharField(default='GIVEN', editable=False, max_length=12)),
                        ('form', models.CharField(default='ORAL', max_length=7)),
                        ('setting', models.CharField(default='PHONE', max_length=11)),
                        ('place', models.CharField(blank=True, max_length=200)),
                        ('said_at', models.DateTimeField()),
                        ('heard_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject', models.CharField(max_length=200)),
                        ('text', models.TextField()),
                        ('confirmed_at', models.DateTimeField(editable=False, null=True)),
                        ('confirmed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='organization.department')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('due_on', models.DateField()),
                        ('priority', models.CharField(default='NORMAL', max_length=6)),
                        ('is_confidential', models.BooleanField(default=False, editable=False)),
                        ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None)),
                        ('collaborators', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None)),
                        ('asked_until', models.DateField(editable=False, null=True)),
                        ('result', models.TextField(blank=True, editable=False)),
                        ('acknowledged_at', models.DateTimeField(editable=False, null=True)),
                        ('acknowledged_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('done_at', models.DateTimeField(editable=False, null=True)),
                        ('ended_at', models.DateTimeField(editable=False, null=True)),
                        ('entry', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='programme.entry')),
                        ('request', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='appointments.appointmentrequest')),
                        ('promise', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='appointments.promise')),
                        ('invitation', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='invitations.invitation')),
                        ('complaint', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='complaints.complaint')),
                        ('letter', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='letters.letter')),
                        ('event', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='instructions', to='events.event')),
                        ('given_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('given_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('addressed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('warned', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('words', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector(backend.core.models.TrTokens(models.Func(models.Func(models.Func(models.Func(models.F('reference'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('subject'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('text'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)')), config='simple'), output_field=django.contrib.postgres.search.SearchVectorField())),
                    ],
                    options={
                        'verbose_name': 'instruction',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['due_on', 'id'], name='instruction_by_date'), models.Index(condition=models.Q(('ended_at', None)), fields=['due_on', 'id'], name='instruction_open'), models.Index(fields=['-given_at', '-id'], name='instruction_newest'), models.Index(fields=['status', 'due_on', 'id'], name='instruction_by_status'), models.Index(fields=['department', 'due_on', 'id'], name='instruction_of_department'), models.Index(fields=['department', '-given_at', '-id'], name='instruction_dept_newest'), models.Index(fields=['principal', 'due_on', 'id'], name='instruction_of_principal'), models.Index(condition=models.Q(('person__isnull', False)), fields=['person', 'due_on', 'id'], name='instruction_of_person'), django.contrib.postgres.indexes.GinIndex(fields=['collaborators'], name='instruction_collaborators'), django.contrib.postgres.indexes.GinIndex(fields=['readers'], name='instruction_readers'), django.contrib.postgres.indexes.GinIndex(fields=['words'], name='instruction_words'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(backend.core.models.TrFold(models.F('subject')), name='gin_trgm_ops'), name='instruction_alike')],
                        'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='instruction_number_once_a_year'), models.CheckConstraint(condition=models.Q(('is_confidential', True), ('readers', []), _connector='OR'), name='readers_of_a_confidential_instruction'), models.CheckConstraint(condition=models.Q(models.Q(('asked_until__isnull', False), ('status', 'TIME_ASKED')), models.Q(models.Q(('status', 'TIME_ASKED'), _negated=True), ('asked_until__isnull', True)), _connector='OR'), name='who_asks_for_time_says_until_when'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['DONE', 'ACCEPTED']), _negated=True), models.Q(('result', ''), _negated=True), _connector='OR'), name='what_is_done_has_its_result'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', False), ('status__in', ['ACCEPTED', 'WITHDRAWN'])), models.Q(models.Q(('status__in', ['ACCEPTED', 'WITHDRAWN']), _negated=True), ('ended_at__isnull', True)), _connector='OR'), name='an_instruction_that_ended_says_when'), models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='a_text_is_confirmed_by_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='InstructionAttachment',
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
                        ('instruction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='instructions.instruction')),
                    ],
                    options={
                        'verbose_name': 'attachment of an instruction',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['instruction', 'uploaded_at'], name='attachment_of_instruction')],
                    },
                ),
                migrations.CreateModel(
                    name='InstructionLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('note', models.TextField(blank=True)),
                        ('instruction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='instructions.instruction')),
                        ('verb', models.CharField(max_length=40)),
                        ('from_status', models.CharField(blank=True, max_length=12)),
                        ('to_status', models.CharField(blank=True, max_length=12)),
                        ('details', models.JSONField(default=dict)),
                    ],
                    options={
                        'verbose_name': 'story line of an instruction',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['instruction', '-at', '-id'], name='line_of_instruction')],
                    },
                ),
                migrations.CreateModel(
                    name='InstructionReader',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('instruction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='named_readers', to='instructions.instruction')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('named_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('named_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'named reader of an instruction',
                        'ordering': ['id'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('instruction', 'user'), name='an_instruction_reader_once')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='collaboration',
                    trigger=pgtrigger.compiler.Trigger(name='collaborators', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            UPDATE instructions_instruction SET collaborators = coalesce(\n                (SELECT array_agg(p.department_id ORDER BY p.department_id) FROM instructions_collaboration p\n                  WHERE p.instruction_id = coalesce(NEW.instruction_id, OLD.instruction_id) AND p.department_id IS NOT NULL), '{}')\n            WHERE id = coalesce(NEW.instruction_id, OLD.instruction_id);\n            RETURN NULL;\n        ", hash='58024a0b13ef13586a456a9bba27ed5ad2de1860', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_collaborators_b9c41', table='instructions_collaboration', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='instructionreader',
                    trigger=pgtrigger.compiler.Trigger(name='readers', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            UPDATE instructions_instruction SET readers = coalesce(\n                (SELECT array_agg(p.user_id ORDER BY p.user_id) FROM instructions_instructionreader p\n                  WHERE p.instruction_id = coalesce(NEW.instruction_id, OLD.instruction_id) AND p.user_id IS NOT NULL), '{}')\n            WHERE id = coalesce(NEW.instruction_id, OLD.instruction_id);\n            RETURN NULL;\n        ", hash='755e7383777e1098747db4fab133ff3d45dcfd88', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_readers_5f089', table='instructions_instructionreader', when='AFTER')),
                ),
            ],
        ),
    ]
