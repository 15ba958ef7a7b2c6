import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import backend.core.models
import backend.core.operation.migrating


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_turkish_text'),
        ('organization', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='Entry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='programme.principal')),
                        ('kind', models.CharField(max_length=12)),
                        ('status', models.CharField(editable=False, max_length=10)),
                        ('title', models.CharField(max_length=200)),
                        ('place', models.CharField(blank=True, max_length=200)),
                        ('description', models.TextField(blank=True)),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('preparation_minutes', models.PositiveSmallIntegerField(default=0)),
                        ('travel_minutes', models.PositiveSmallIntegerField(default=0)),
                        ('follow_up_minutes', models.PositiveSmallIntegerField(default=0)),
                        ('blocks_from', models.DateTimeField(editable=False)),
                        ('blocks_until', models.DateTimeField(editable=False)),
                        ('hold_expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('series', models.UUIDField(editable=False, null=True)),
                        ('series_pattern', models.JSONField(editable=False, null=True)),
                        ('series_on', models.DateField(editable=False, null=True)),
                        ('is_exception', models.BooleanField(default=False, editable=False)),
                        ('is_requested', models.BooleanField(default=False, editable=False)),
                        ('is_confidential', models.BooleanField(default=False, editable=False)),
                        ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None)),
                        ('staff', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None)),
                        ('outcome', models.TextField(blank=True, editable=False)),
                        ('outside_uid', models.CharField(blank=True, editable=False, max_length=300)),
                        ('outside_sequence', models.PositiveIntegerField(default=0, editable=False)),
                        ('planned_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('planned_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('words', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector(backend.core.models.TrTokens(models.Func(models.Func(models.F('title'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('place'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)')), config='simple'), output_field=django.contrib.postgres.search.SearchVectorField())),
                    ],
                    options={
                        'verbose_name': 'programme entry',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['principal', 'starts_at', 'id'], name='entry_of_principal'), models.Index(fields=['starts_at', 'id'], name='entry_by_time'), models.Index(condition=models.Q(('status', 'HELD')), fields=['hold_expires_at'], name='entry_on_hold'), django.contrib.postgres.indexes.GinIndex(fields=['staff'], name='entry_staff'), django.contrib.postgres.indexes.GinIndex(fields=['readers'], name='entry_readers'), django.contrib.postgres.indexes.GinIndex(fields=['words'], name='entry_words'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(backend.core.models.TrFold(models.F('title')), name='gin_trgm_ops'), name='entry_alike')],
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('status__in', ('HELD', 'CONFIRMED', 'DONE'))), deferrable=django.db.models.constraints.Deferrable['IMMEDIATE'], expressions=[(models.Func(models.F('principal'), models.F('principal'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('blocks_from'), models.F('blocks_until'), models.Value('[)'), function='tstzrange'), '&&')], name='no_two_entries_at_a_time'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='entry_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('hold_expires_at__isnull', False), ('status', 'HELD')), models.Q(models.Q(('status', 'HELD'), _negated=True), ('hold_expires_at__isnull', True)), _connector='OR'), name='a_hold_has_an_end'), models.CheckConstraint(condition=models.Q(('is_confidential', True), ('readers', []), _connector='OR'), name='readers_of_what_is_confidential'), models.CheckConstraint(condition=models.Q(('is_confidential', False), ('is_requested', False), _connector='OR'), name='what_was_asked_for_is_no_secret'), models.CheckConstraint(condition=models.Q(models.Q(('series__isnull', True), ('series_on__isnull', True), ('series_pattern__isnull', True)), models.Q(('series__isnull', False), ('series_on__isnull', False), ('series_pattern__isnull', False)), _connector='OR'), name='a_series_has_its_days'), models.UniqueConstraint(fields=('series', 'series_on'), name='once_a_day_in_a_series'), models.UniqueConstraint(condition=models.Q(('outside_uid', ''), _negated=True), fields=('principal', 'outside_uid'), name='imported_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Participant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='participants', to='programme.entry')),
                        ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('name', models.CharField(blank=True, max_length=160)),
                        ('organisation', models.CharField(blank=True, max_length=160)),
                        ('role', models.CharField(blank=True, max_length=80)),
                    ],
                    options={
                        'verbose_name': 'participant',
                        'ordering': ['id'],
                        'default_permissions': (),
                        'constraints': [models.CheckConstraint(condition=models.Q(('user__isnull', False), models.Q(('name', ''), _negated=True), _connector='OR'), name='a_participant_is_somebody'), models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('entry', 'user'), name='a_participant_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Preparation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='preparation', to='programme.entry')),
                        ('talking_points', models.TextField(blank=True)),
                        ('logistics', models.TextField(blank=True)),
                        ('prepared_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('prepared_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'preparation of an entry',
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='Principal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('office', models.CharField(max_length=14)),
                        ('name', models.CharField(max_length=120)),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='principals', to=settings.AUTH_USER_MODEL)),
                        ('position', models.PositiveSmallIntegerField(default=0)),
                        ('is_active', models.BooleanField(default=True)),
                        ('slot_minutes', models.PositiveSmallIntegerField(default=30)),
                        ('preparation_minutes', models.PositiveSmallIntegerField(default=0)),
                        ('follow_up_minutes', models.PositiveSmallIntegerField(default=0)),
                        ('daily_maximum', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('applicants_move', models.BooleanField(default=False)),
                        ('publishes_busy', models.BooleanField(db_default=False, default=False)),
                    ],
                    options={
                        'verbose_name': 'principal',
                        'permissions': [('keep_programme', 'Keeps the programme'), ('read_programme', 'Reads the programme'), ('press_programme', 'Sees what the programme shows to the press unit')],
                        'default_permissions': (),
                        'constraints': [models.CheckConstraint(condition=models.Q(('slot_minutes__gte', 5), ('slot_minutes__lte', 480)), name='slot_of_a_sensible_length')],
                    },
                ),
                migrations.CreateModel(
                    name='PressItem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('entry', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='press_item', to='programme.entry')),
                        ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.principal')),
                        ('title', models.CharField(max_length=200)),
                        ('place', models.CharField(blank=True, max_length=200)),
                        ('note', models.TextField(blank=True)),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('changed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'verbose_name': 'press view of an entry',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['starts_at', 'id'], name='press_by_time')],
                    },
                ),
                migrations.CreateModel(
                    name='DepartmentNote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='department_notes', to='programme.entry')),
                        ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.principal')),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('question', models.CharField(max_length=1000)),
                        ('due_at', models.DateTimeField()),
                        ('status', models.CharField(default='ASKED', editable=False, max_length=9)),
                        ('text', models.TextField(blank=True, editable=False)),
                        ('former', models.TextField(blank=True, editable=False)),
                        ('remark', models.TextField(blank=True, editable=False)),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('asked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('written_at', models.DateTimeField(editable=False, null=True)),
                        ('written_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('chased_at', models.DateTimeField(editable=False, null=True)),
                        ('is_withheld', models.BooleanField(default=False, editable=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'verbose_name': "department's note",
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['due_at', 'id'], name='note_by_time'), models.Index(fields=['department', 'due_at', 'id'], name='note_of_department')],
                        'constraints': [models.UniqueConstraint(fields=('entry', 'department'), name='a_department_asked_once'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'WRITTEN'), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='a_written_note_says_something')],
                    },
                ),
                migrations.CreateModel(
                    name='PublicDayRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('principal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='public_day_rules', to='programme.principal')),
                        ('weekday', models.PositiveSmallIntegerField()),
                        ('starts', models.TimeField()),
                        ('ends', models.TimeField()),
                        ('slot_minutes', models.PositiveSmallIntegerField(default=10)),
                        ('capacity', models.PositiveSmallIntegerField()),
                        ('place', models.CharField(blank=True, max_length=200)),
                        ('valid_from', models.DateField()),
                        ('valid_until', models.DateField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'public day rule',
                        'default_permissions': (),
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='public_day_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('capacity__gte', 1), ('slot_minutes__gte', 1), ('weekday__lte', 6)), name='public_day_receives_somebody'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='public_day_rule_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='StandIn',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stand_ins', to='programme.principal')),
                        ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stands_in', to='programme.principal')),
                        ('valid_from', models.DateField()),
                        ('valid_until', models.DateField()),
                        ('appointed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('appointed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'stand-in',
                        'default_permissions': (),
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(expressions=[(models.Func(models.F('principal'), models.F('principal'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_until'), models.Value('[]'), function='daterange'), '&&')], name='one_stand_in_at_a_time'), models.CheckConstraint(condition=models.Q(('valid_until__gte', models.F('valid_from'))), name='stand_in_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('principal', models.F('deputy')), _negated=True), name='nobody_stands_in_for_themselves')],
                    },
                ),
                migrations.CreateModel(
                    name='WorkingHours',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('principal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='working_hours', to='programme.principal')),
                        ('weekday', models.PositiveSmallIntegerField()),
                        ('starts', models.TimeField()),
                        ('ends', models.TimeField()),
                    ],
                    options={
                        'verbose_name': 'working hours',
                        'ordering': ['weekday', 'starts'],
                        'default_permissions': (),
                        'constraints': [models.CheckConstraint(condition=models.Q(('ends__gt', models.F('starts'))), name='hours_end_after_they_begin'), models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='hours_on_a_day_of_the_week'), models.UniqueConstraint(fields=('principal', 'weekday', 'starts'), name='hours_once')],
                    },
                ),
                migrations.CreateModel(
                    name='EntryLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('note', models.TextField(blank=True)),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='programme.entry')),
                        ('verb', models.CharField(max_length=40)),
                        ('from_status', models.CharField(blank=True, max_length=10)),
                        ('to_status', models.CharField(blank=True, max_length=10)),
                        ('details', models.JSONField(default=dict)),
                    ],
                    options={
                        'verbose_name': 'story line of an entry',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['entry', '-at', '-id'], name='line_of_entry')],
                    },
                ),
                migrations.CreateModel(
                    name='NamedReader',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='named_readers', to='programme.entry')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('named_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('named_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'named reader',
                        'ordering': ['id'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('entry', 'user'), name='a_reader_named_once')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='namedreader',
                    trigger=pgtrigger.compiler.Trigger(name='readers', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            UPDATE programme_entry SET readers = coalesce(\n                (SELECT array_agg(p.user_id ORDER BY p.user_id) FROM programme_namedreader p\n                  WHERE p.entry_id = coalesce(NEW.entry_id, OLD.entry_id) AND p.user_id IS NOT NULL), '{}')\n            WHERE id = coalesce(NEW.entry_id, OLD.entry_id);\n            RETURN NULL;\n        ", hash='efc1d69830b5f1be7b8088d4da1c2ede3a09db46', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_readers_1ec31', table='programme_namedreader', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='participant',
                    trigger=pgtrigger.compiler.Trigger(name='staff', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            UPDATE programme_entry SET staff = coalesce(\n                (SELECT array_agg(p.user_id ORDER BY p.user_id) FROM programme_participant p\n                  WHERE p.entry_id = coalesce(NEW.entry_id, OLD.entry_id) AND p.user_id IS NOT NULL), '{}')\n            WHERE id = coalesce(NEW.entry_id, OLD.entry_id);\n            RETURN NULL;\n        ", hash='36cf7cb865b2cf002c7b3655ed6d2dbba893f46e', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_staff_17c8a', table='programme_participant', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='entry',
                    trigger=pgtrigger.compiler.Trigger(name='blocks', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n        NEW.blocks_from := NEW.starts_at\n            - (NEW.preparation_minutes + NEW.travel_minutes) * interval '1 minute';\n        NEW.blocks_until := NEW.ends_at + NEW.follow_up_minutes * interval '1 minute';\n        RETURN NEW;\n    ", hash='a8ef347b6901cdb329800ce1cc756188f974637c', operation='INSERT OR UPDATE', pgid='pgtrigger_blocks_b2252', table='programme_entry', when='BEFORE')),
                ),
            ],
        ),
    ]
