import uuid

import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import backend.core.models
import backend.core.operation.migrating


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('core', '0001_turkish_text'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='AdministrativeLeave',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('day', models.DateField(unique=True)),
                        ('half_day', models.BooleanField(default=False)),
                        ('reason', models.CharField(max_length=200)),
                    ],
                    options={
                        'verbose_name': 'administrative leave',
                        'ordering': ['day'],
                    },
                ),
                migrations.CreateModel(
                    name='DangerSign',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('checked_on', models.DateField(blank=True, null=True)),
                        ('code', models.SlugField(max_length=80, unique=True)),
                        ('name', models.CharField(max_length=80)),
                        ('keywords', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                        ('exceptions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                        ('is_active', models.BooleanField(default=True)),
                    ],
                    options={
                        'verbose_name': 'sign of danger',
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='DirectoryReading',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('tried_at', models.DateTimeField(null=True)),
                        ('read_at', models.DateTimeField(null=True)),
                        ('fault', models.CharField(blank=True, max_length=300)),
                        ('people', models.PositiveIntegerField(default=0)),
                        ('held_back', models.PositiveIntegerField(default=0)),
                        ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=400), blank=True, default=list, size=None)),
                    ],
                    options={
                        'verbose_name': 'reading of the directory',
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='FilePlanCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('checked_on', models.DateField(blank=True, null=True)),
                        ('code', models.CharField(max_length=20, unique=True)),
                        ('name', models.CharField(max_length=200)),
                        ('valid_from', models.DateField()),
                        ('valid_to', models.DateField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'file plan code',
                        'ordering': ['code'],
                    },
                ),
                migrations.CreateModel(
                    name='MainArtery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('code', models.SlugField(max_length=80, unique=True)),
                        ('name', models.CharField(max_length=160)),
                    ],
                    options={
                        'verbose_name': 'main artery',
                    },
                ),
                migrations.CreateModel(
                    name='Neighbourhood',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('code', models.SlugField(max_length=60, unique=True)),
                        ('name', models.CharField(max_length=80)),
                        ('latitude', models.FloatField(blank=True, null=True)),
                        ('longitude', models.FloatField(blank=True, null=True)),
                        ('name_sort', models.GeneratedField(db_persist=True, expression=backend.core.models.TrSortKey(models.F('name')), output_field=models.TextField(db_collation='C'))),
                    ],
                    options={
                        'verbose_name': 'neighbourhood',
                    },
                ),
                migrations.CreateModel(
                    name='UsedOnce',
                    fields=[
                        ('digest', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('until', models.DateTimeField(db_index=True)),
                    ],
                    options={
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('last_login', models.DateTimeField(blank=True, null=True)),
                        ('is_superuser', models.BooleanField(default=False)),
                        ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()])),
                        ('first_name', models.CharField(blank=True, max_length=150)),
                        ('last_name', models.CharField(blank=True, max_length=150)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('is_staff', models.BooleanField(default=False)),
                        ('is_active', models.BooleanField(default=True)),
                        ('date_joined', models.DateTimeField(default=django.utils.timezone.now)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('password', models.CharField(max_length=128)),
                        ('password_stamp', models.GeneratedField(db_persist=True, expression=models.Func(models.F('password'), template="encode(sha256((%(expressions)s)::bytea), 'hex')"), output_field=models.CharField(max_length=64))),
                        ('title', models.CharField(blank=True, max_length=120)),
                        ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None)),
                        ('extension', models.CharField(blank=True, db_default='', default='', max_length=20)),
                        ('language', models.CharField(blank=True, editable=False, max_length=2)),
                        ('groups', models.ManyToManyField(blank=True, related_name='user_set', related_query_name='user', to='auth.group')),
                        ('user_permissions', models.ManyToManyField(blank=True, related_name='user_set', related_query_name='user', to='auth.permission')),
                    ],
                    options={
                        'verbose_name': 'member of staff',
                        'abstract': False,
                        'constraints': [models.UniqueConstraint(condition=models.Q(('is_active', True), models.Q(('extension', ''), _negated=True)), fields=('extension',), name='an_extension_has_one_holder')],
                    },
                    managers=[
                        ('objects', django.contrib.auth.models.UserManager()),
                    ],
                ),
                migrations.CreateModel(
                    name='Category',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('checked_on', models.DateField(blank=True, null=True)),
                        ('code', models.SlugField(max_length=80, unique=True)),
                        ('name', models.CharField(max_length=160)),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='organization.category')),
                        ('is_ambiguous', models.BooleanField(default=False)),
                        ('body', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='categories', to='organization.outsidebody')),
                        ('keywords', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                        ('target_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('others_may_join', models.BooleanField(db_default=False, default=False)),
                        ('radius', models.PositiveSmallIntegerField(db_default=60, default=60)),
                        ('is_active', models.BooleanField(default=True)),
                        ('name_sort', models.GeneratedField(db_persist=True, expression=backend.core.models.TrSortKey(models.F('name')), output_field=models.TextField(db_collation='C'))),
                        ('candidates', models.ManyToManyField(related_name='categories', through='organization.CategoryCandidate', to='organization.department')),
                    ],
                    options={
                        'verbose_name': 'category',
                    },
                ),
                migrations.CreateModel(
                    name='Department',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('code', models.SlugField(max_length=60, unique=True)),
                        ('name', models.CharField(max_length=160)),
                        ('short_name', models.CharField(max_length=80)),
                        ('kind', models.CharField(default='DEPARTMENT', max_length=12)),
                        ('is_private_office', models.BooleanField(default=False)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('detsis', models.CharField(blank=True, max_length=8)),
                        ('valid_from', models.DateField()),
                        ('valid_to', models.DateField(blank=True, null=True)),
                        ('successor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='organization.department')),
                        ('head', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='heads', to=settings.AUTH_USER_MODEL)),
                        ('acting_head', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='acts_for', to=settings.AUTH_USER_MODEL)),
                        ('acting_from', models.DateField(blank=True, null=True)),
                        ('acting_until', models.DateField(blank=True, null=True)),
                        ('deputy_mayor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='oversees', to=settings.AUTH_USER_MODEL)),
                        ('name_sort', models.GeneratedField(db_persist=True, expression=backend.core.models.TrSortKey(models.F('name')), output_field=models.TextField(db_collation='C'))),
                    ],
                    options={
                        'verbose_name': 'department',
                        'permissions': [('work_department', 'Works in the department'), ('head_department', 'Heads the department'), ('oversee_department', 'Oversees the department'), ('contacts_department', 'Sees who the citizen is and how to reach them'), ('memberships_department', 'Sees memberships of associations, unions and parties')],
                        'default_permissions': ('view', 'change'),
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='department_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('successor__isnull', True), ('valid_to__isnull', False), _connector='OR'), name='only_a_closed_department_has_a_successor'), models.CheckConstraint(condition=models.Q(('successor', models.F('id')), _negated=True), name='department_does_not_succeed_itself'), models.CheckConstraint(condition=models.Q(('detsis', ''), ('detsis__regex', '^[0-9]{8}$'), _connector='OR'), name='detsis_has_eight_digits'), models.UniqueConstraint(condition=models.Q(models.Q(('detsis', ''), _negated=True), ('valid_to__isnull', True)), fields=('detsis',), name='one_open_department_of_a_detsis'), models.UniqueConstraint(models.F('is_private_office'), condition=models.Q(('is_private_office', True), ('valid_to__isnull', True)), name='one_private_office')],
                    },
                ),
                migrations.CreateModel(
                    name='CategoryCandidate',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('category', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='candidate_rows', to='organization.category')),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organization.department')),
                        ('position', models.PositiveSmallIntegerField(default=0)),
                    ],
                    options={
                        'verbose_name': 'candidate department',
                        'ordering': ['position', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('category', 'department'), name='a_candidate_once_a_category')],
                    },
                ),
                migrations.CreateModel(
                    name='DepartmentEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField()),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='organization.department')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('code', models.SlugField(db_index=False, max_length=60)),
                        ('name', models.CharField(max_length=160)),
                        ('short_name', models.CharField(max_length=80)),
                        ('kind', models.CharField(default='DEPARTMENT', max_length=12)),
                        ('is_private_office', models.BooleanField(default=False)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('detsis', models.CharField(blank=True, max_length=8)),
                        ('valid_from', models.DateField()),
                        ('valid_to', models.DateField(blank=True, null=True)),
                        ('successor', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.department')),
                        ('head', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('acting_head', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('acting_from', models.DateField(blank=True, null=True)),
                        ('acting_until', models.DateField(blank=True, null=True)),
                        ('deputy_mayor', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='DirectoryPerson',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('source', models.CharField(max_length=200)),
                        ('subject', models.CharField(max_length=255)),
                        ('user', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='directory_person', to=settings.AUTH_USER_MODEL)),
                        ('username', models.CharField(max_length=150)),
                        ('first_name', models.CharField(blank=True, max_length=150)),
                        ('last_name', models.CharField(blank=True, max_length=150)),
                        ('title', models.CharField(blank=True, max_length=120)),
                        ('email', models.CharField(blank=True, max_length=254)),
                        ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=400), blank=True, default=list, size=None)),
                        ('is_disabled', models.BooleanField(default=False)),
                        ('seen_at', models.DateTimeField()),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        'verbose_name': 'person of the directory',
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('source', 'subject'), name='a_person_of_a_directory_once')],
                    },
                ),
                migrations.CreateModel(
                    name='DirectoryRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('group', models.CharField(max_length=400)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organization.department')),
                        ('permission', models.CharField(max_length=40)),
                        ('takes_others', models.BooleanField(default=False)),
                    ],
                    options={
                        'verbose_name': 'group of the directory',
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('group', 'department', 'permission'), name='a_directory_rule_once')],
                    },
                ),
                migrations.CreateModel(
                    name='HolidayCorrection',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('version', models.PositiveIntegerField(editable=False, unique=True)),
                        ('day', models.DateField()),
                        ('kind', models.CharField(max_length=13)),
                        ('name', models.CharField(blank=True, max_length=120)),
                        ('source', models.CharField(max_length=200)),
                        ('yearly', models.BooleanField(default=False)),
                        ('valid_to', models.DateField(blank=True, null=True)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('recomputed', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                    ],
                    options={
                        'verbose_name': 'correction of a public holiday',
                        'ordering': ['-version'],
                        'default_permissions': (),
                        'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='a_holiday_correction_has_its_source'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), models.Q(('valid_to__gte', models.F('day')), ('yearly', True)), _connector='OR'), name='a_yearly_holiday_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='OutsideBody',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('checked_on', models.DateField(blank=True, null=True)),
                        ('code', models.SlugField(max_length=60, unique=True)),
                        ('name', models.CharField(max_length=200)),
                        ('short_name', models.CharField(max_length=80)),
                        ('is_public', models.BooleanField()),
                        ('is_superior', models.BooleanField(default=False)),
                        ('protocol_rank', models.PositiveSmallIntegerField(default=100)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('address', models.CharField(blank=True, max_length=300)),
                        ('serves_here', models.BooleanField(default=True)),
                        ('short_code', models.CharField(blank=True, max_length=12)),
                        ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None)),
                        ('liaison', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='organization.department')),
                        ('name_sort', models.GeneratedField(db_persist=True, expression=backend.core.models.TrSortKey(models.F('name')), output_field=models.TextField(db_collation='C'))),
                    ],
                    options={
                        'verbose_name': 'outside body',
                    },
                ),
                migrations.CreateModel(
                    name='BodyMatter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('body', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='matters', to='organization.outsidebody')),
                        ('code', models.SlugField(max_length=80, unique=True)),
                        ('name', models.CharField(max_length=160)),
                        ('keywords', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                        ('only_on_main_arteries', models.BooleanField(default=False)),
                        ('say_at_once', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'verbose_name': 'matter of an outside body',
                    },
                ),
                migrations.CreateModel(
                    name='SavedFilter',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL)),
                        ('list_name', models.CharField(max_length=80)),
                        ('title', models.CharField(max_length=60)),
                        ('parameters', models.CharField(max_length=1000)),
                    ],
                    options={
                        'verbose_name': 'saved filter',
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('user', 'list_name', 'title'), name='saved_filter_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Section',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sections', to='organization.department')),
                        ('code', models.SlugField(max_length=80, unique=True)),
                        ('name', models.CharField(max_length=160)),
                        ('name_sort', models.GeneratedField(db_persist=True, expression=backend.core.models.TrSortKey(models.F('name')), output_field=models.TextField(db_collation='C'))),
                    ],
                    options={
                        'verbose_name': 'section',
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='department',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."acting_from" IS DISTINCT FROM (NEW."acting_from") OR OLD."acting_head_id" IS DISTINCT FROM (NEW."acting_head_id") OR OLD."acting_until" IS DISTINCT FROM (NEW."acting_until") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."deputy_mayor_id" IS DISTINCT FROM (NEW."deputy_mayor_id") OR OLD."detsis" IS DISTINCT FROM (NEW."detsis") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."head_id" IS DISTINCT FROM (NEW."head_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_private_office" IS DISTINCT FROM (NEW."is_private_office") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."short_name" IS DISTINCT FROM (NEW."short_name") OR OLD."successor_id" IS DISTINCT FROM (NEW."successor_id") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to"))', func='INSERT INTO "organization_departmentevent" ("acting_from", "acting_head_id", "acting_until", "code", "deputy_mayor_id", "detsis", "email", "head_id", "id", "is_private_office", "key", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name", "successor_id", "valid_from", "valid_to") VALUES (OLD."acting_from", OLD."acting_head_id", OLD."acting_until", OLD."code", OLD."deputy_mayor_id", OLD."detsis", OLD."email", OLD."head_id", OLD."id", OLD."is_private_office", OLD."key", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."short_name", OLD."successor_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='ead6c7bf70172e0429635017c7b92bf3dfbfb323', operation='UPDATE', pgid='pgtrigger_update_update_e721c', table='organization_department', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='department',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "organization_departmentevent" ("acting_from", "acting_head_id", "acting_until", "code", "deputy_mayor_id", "detsis", "email", "head_id", "id", "is_private_office", "key", "kind", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_name", "successor_id", "valid_from", "valid_to") VALUES (OLD."acting_from", OLD."acting_head_id", OLD."acting_until", OLD."code", OLD."deputy_mayor_id", OLD."detsis", OLD."email", OLD."head_id", OLD."id", OLD."is_private_office", OLD."key", OLD."kind", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."short_name", OLD."successor_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='b45148af57b89392e34437638806df65f0d5a3df', operation='DELETE', pgid='pgtrigger_delete_delete_54dd8', table='organization_department', when='AFTER')),
                ),
            ],
        ),
    ]
