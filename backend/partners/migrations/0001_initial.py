import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
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
        ('contacts', '0001_initial'),
        ('core', '0001_turkish_text'),
        ('organization', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='ContactList',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('status', models.CharField(default='IN_USE', editable=False, max_length=8)),
                        ('title', models.CharField(max_length=120)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=13), blank=True, default=list, size=None)),
                        ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                        ('role_kinds', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=14), blank=True, default=list, size=None)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('title_sort', models.GeneratedField(db_persist=True, expression=backend.core.models.TrSortKey(models.F('title')), output_field=models.TextField(db_collation='C'))),
                    ],
                    options={
                        'verbose_name': 'list of partners',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['title_sort', 'id'], name='contact_list_by_title')],
                    },
                ),
                migrations.CreateModel(
                    name='Organisation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('status', models.CharField(default='ACTIVE', editable=False, max_length=6)),
                        ('kind', models.CharField(max_length=13)),
                        ('name', models.CharField(max_length=200)),
                        ('short_name', models.CharField(blank=True, max_length=80)),
                        ('body', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='organisation', to='organization.outsidebody')),
                        ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('website', models.URLField(blank=True)),
                        ('address', models.CharField(blank=True, max_length=300)),
                        ('neighbourhood', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.neighbourhood')),
                        ('city', models.CharField(blank=True, max_length=80)),
                        ('country', models.CharField(blank=True, max_length=60)),
                        ('language', models.CharField(default='TR', max_length=2)),
                        ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                        ('tag_text', models.CharField(blank=True, editable=False, max_length=500)),
                        ('note', models.TextField(blank=True)),
                        ('sister_since', models.DateField(blank=True, null=True)),
                        ('sister_decision', models.CharField(blank=True, max_length=60)),
                        ('is_membership', models.GeneratedField(db_persist=True, expression=models.Case(models.When(kind__in=('ASSOCIATION', 'FOUNDATION', 'UNION', 'PARTY', 'SPORTS_CLUB'), then=models.Value(True)), default=models.Value(False)), output_field=models.BooleanField())),
                        ('departments', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None)),
                        ('merged_into', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='partners.organisation')),
                        ('closed_on', models.DateField(editable=False, null=True)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('name_sort', models.GeneratedField(db_persist=True, expression=backend.core.models.TrSortKey(models.F('name')), output_field=models.TextField(db_collation='C'))),
                        ('name_fold', models.GeneratedField(db_persist=True, expression=backend.core.models.TrFold(models.F('name')), output_field=models.TextField(db_collation='C'))),
                        ('words', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector(backend.core.models.TrTokens(models.Func(models.Func(models.Func(models.Func(models.Func(models.Func(models.F('name'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('short_name'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('city'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('tag_text'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)')), config='simple'), output_field=django.contrib.postgres.search.SearchVectorField())),
                    ],
                    options={
                        'verbose_name': 'organisation',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['name_sort', 'id'], name='organisation_by_name'), models.Index(fields=['kind', 'name_sort', 'id'], name='organisation_by_kind'), models.Index(fields=['-recorded_at', '-id'], name='organisation_newest'), models.Index(fields=['name_fold'], name='organisation_fold'), django.contrib.postgres.indexes.GinIndex(fields=['departments'], name='organisation_departments'), django.contrib.postgres.indexes.GinIndex(fields=['tags'], name='organisation_tags'), django.contrib.postgres.indexes.GinIndex(fields=['words'], name='organisation_words'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(backend.core.models.TrFold(models.F('name')), name='gin_trgm_ops'), name='organisation_alike')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('merged_into__isnull', False), ('status', 'MERGED')), models.Q(models.Q(('status', 'MERGED'), _negated=True), ('merged_into__isnull', True)), _connector='OR'), name='a_merged_organisation_names_the_other'), models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='organisation_not_merged_into_itself'), models.CheckConstraint(condition=models.Q(('sister_since__isnull', True), ('kind', 'MUNICIPALITY'), _connector='OR'), name='only_a_municipality_is_a_sister')],
                    },
                ),
                migrations.CreateModel(
                    name='Liaison',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='liaisons', to='partners.organisation')),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        'verbose_name': 'department that works with an organisation',
                        'ordering': ['id'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('organisation', 'department'), name='a_liaison_once')],
                    },
                ),
                migrations.CreateModel(
                    name='OrganisationLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('note', models.TextField(blank=True)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='partners.organisation')),
                        ('verb', models.CharField(max_length=40)),
                        ('from_status', models.CharField(blank=True, max_length=6)),
                        ('to_status', models.CharField(blank=True, max_length=6)),
                        ('details', models.JSONField(default=dict)),
                    ],
                    options={
                        'verbose_name': 'story line of an organisation',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['organisation', '-at', '-id'], name='line_of_organisation')],
                    },
                ),
                migrations.CreateModel(
                    name='Role',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='partners.organisation')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roles', to='contacts.citizen')),
                        ('kind', models.CharField(max_length=14)),
                        ('title', models.CharField(max_length=120)),
                        ('salutation', models.CharField(blank=True, max_length=120)),
                        ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('valid_from', models.DateField(blank=True, null=True)),
                        ('valid_to', models.DateField(blank=True, null=True)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'role at an organisation',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['organisation', 'kind', 'id'], name='role_of_organisation'), models.Index(fields=['person', 'id'], name='role_of_person'), models.Index(fields=['recorded_at', 'id'], name='role_newest')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_from__isnull', True), ('valid_to__isnull', True), ('valid_to__gte', models.F('valid_from')), _connector='OR'), name='a_role_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='ListMember',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('contact_list', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='partners.contactlist')),
                        ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.organisation')),
                        ('role', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.role')),
                        ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.citizen')),
                        ('is_left_out', models.BooleanField(default=False)),
                        ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'member of a list',
                        'ordering': ['id'],
                        'default_permissions': (),
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('person__isnull', True), ('role__isnull', True)), models.Q(('organisation__isnull', True), ('person__isnull', True), ('role__isnull', False)), models.Q(('organisation__isnull', True), ('person__isnull', False), ('role__isnull', True)), _connector='OR'), name='a_member_is_one_thing'), models.UniqueConstraint(fields=('contact_list', 'organisation'), name='an_organisation_once_a_list'), models.UniqueConstraint(fields=('contact_list', 'role'), name='a_role_once_a_list'), models.UniqueConstraint(fields=('contact_list', 'person'), name='a_person_once_a_list')],
                    },
                ),
                migrations.CreateModel(
                    name='RoleEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField()),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='partners.role')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('organisation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='partners.organisation')),
                        ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.citizen')),
                        ('kind', models.CharField(max_length=14)),
                        ('title', models.CharField(max_length=120)),
                        ('salutation', models.CharField(blank=True, max_length=120)),
                        ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('valid_from', models.DateField(blank=True, null=True)),
                        ('valid_to', models.DateField(blank=True, null=True)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('recorded_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                        'default_permissions': (),
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='liaison',
                    trigger=pgtrigger.compiler.Trigger(name='departments', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            UPDATE partners_organisation SET departments = coalesce(\n                (SELECT array_agg(p.department_id ORDER BY p.department_id) FROM partners_liaison p\n                  WHERE p.organisation_id = coalesce(NEW.organisation_id, OLD.organisation_id) AND p.department_id IS NOT NULL), '{}')\n            WHERE id = coalesce(NEW.organisation_id, OLD.organisation_id);\n            RETURN NULL;\n        ", hash='5a423eabc1e4489415b67dc0896a7df7d7e3d02c', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_departments_bed64', table='partners_liaison', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='organisationline',
                    trigger=pgtrigger.compiler.Trigger(name='notify_line', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            INSERT INTO journal_changeevent (kind, subject_id, verb)\n            SELECT 'organisation', organisation_id, verb FROM fresh WHERE at > now() - interval '1 hour';\n            RETURN NULL;\n        ", hash='e0eb4df523a06b830800897c16fbd2418b0517ab', level='STATEMENT', operation='INSERT', pgid='pgtrigger_notify_line_ab9d2', referencing='REFERENCING NEW TABLE AS fresh ', table='partners_organisationline', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='role',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "partners_roleevent" ("email", "id", "key", "kind", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "recorded_at", "recorded_by_id", "salutation", "title", "valid_from", "valid_to") VALUES (OLD."email", OLD."id", OLD."key", OLD."kind", OLD."organisation_id", OLD."person_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."phone", OLD."recorded_at", OLD."recorded_by_id", OLD."salutation", OLD."title", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='c86db2f907981bea5d628370265914ca2c7a516b', operation='UPDATE', pgid='pgtrigger_update_update_8475a', table='partners_role', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='role',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "partners_roleevent" ("email", "id", "key", "kind", "organisation_id", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "recorded_at", "recorded_by_id", "salutation", "title", "valid_from", "valid_to") VALUES (OLD."email", OLD."id", OLD."key", OLD."kind", OLD."organisation_id", OLD."person_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."recorded_at", OLD."recorded_by_id", OLD."salutation", OLD."title", OLD."valid_from", OLD."valid_to"); RETURN NULL;', hash='b921478fa49967324d6fedc588eface790d18517', operation='DELETE', pgid='pgtrigger_delete_delete_c5e13', table='partners_role', when='AFTER')),
                ),
            ],
        ),
    ]
