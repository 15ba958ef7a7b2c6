import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
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
        ('core', '0001_turkish_text'),
        ('organization', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        # What refers to people is rendered with all that does: what others made comes while that is little.
        ('axes', '0010_accessattemptexpiration'),
        ('guardian', '0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more'),
        ('mfa', '0003_authenticator_type_uniq'),
        ('procrastinate', '0041_post_retry_failed_job'),
        ('sessions', '0001_initial'),
        ('usersessions', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='Bereavement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bereavements', to='contacts.citizen')),
                        ('on', models.DateField()),
                        ('who', models.CharField(blank=True, max_length=120)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'bereavement',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['citizen', '-on'], name='bereavement_of_citizen'), models.Index(fields=['-on', '-id'], name='bereavement_newest')],
                        'constraints': [models.UniqueConstraint(fields=('citizen', 'on', 'who'), name='a_bereavement_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Citizen',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('first_name', models.CharField(max_length=80)),
                        ('last_name', models.CharField(blank=True, max_length=80)),
                        ('title', models.CharField(blank=True, db_default='', max_length=40)),
                        ('salutation', models.CharField(blank=True, db_default='', max_length=120)),
                        ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, db_default=[], default=list, size=None)),
                        ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('neighbourhood', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.neighbourhood')),
                        ('address', models.CharField(blank=True, max_length=300)),
                        ('national_id_sealed', models.BinaryField(null=True)),
                        ('national_id_index', models.CharField(blank=True, editable=False, max_length=64)),
                        ('national_id_tail', models.CharField(blank=True, editable=False, max_length=2)),
                        ('national_id_repeats', models.BooleanField(db_default=False, default=False, editable=False)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('deceased_on', models.DateField(blank=True, null=True)),
                        ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='contacts.citizen')),
                        ('merged_at', models.DateTimeField(editable=False, null=True)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('anonymised_at', models.DateTimeField(editable=False, null=True)),
                        ('name_fold', models.GeneratedField(db_persist=True, expression=backend.core.models.TrFold(models.Func(models.Func(models.F('first_name'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('last_name'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)')), output_field=models.TextField(db_collation='C'))),
                    ],
                    options={
                        'verbose_name': 'citizen',
                        'default_permissions': (),
                        'indexes': [models.Index(condition=models.Q(('phone', ''), _negated=True), fields=['phone'], name='citizen_phone'), models.Index(condition=models.Q(('email', ''), _negated=True), fields=['email'], name='citizen_email'), models.Index(django.db.models.functions.text.Upper('email'), condition=models.Q(('email', ''), _negated=True), name='citizen_email_any_case'), models.Index(condition=models.Q(('national_id_index', ''), _negated=True), fields=['national_id_index'], name='citizen_nid'), models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='citizen_merged'), models.Index(fields=['created_at', 'id'], name='citizen_newest'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('name_fold', config='simple'), name='citizen_words'), django.contrib.postgres.indexes.GinIndex(fields=['name_fold'], name='citizen_alike', opclasses=['gin_trgm_ops']), models.Index(fields=['name_fold', 'id'], name='citizen_name', opclasses=['text_pattern_ops', 'int8_ops'])],
                        'constraints': [models.UniqueConstraint(condition=models.Q(models.Q(('national_id_index', ''), _negated=True), ('merged_into__isnull', True), ('national_id_repeats', False)), fields=('national_id_index',), name='a_national_id_once'), models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='citizen_not_merged_into_self')],
                    },
                ),
                migrations.CreateModel(
                    name='CitizenEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField()),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='contacts.citizen')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('first_name', models.CharField(max_length=80)),
                        ('last_name', models.CharField(blank=True, max_length=80)),
                        ('title', models.CharField(blank=True, db_default='', max_length=40)),
                        ('salutation', models.CharField(blank=True, db_default='', max_length=120)),
                        ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=2), blank=True, db_default=[], default=list, size=None)),
                        ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('neighbourhood', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.neighbourhood')),
                        ('address', models.CharField(blank=True, max_length=300)),
                        ('national_id_index', models.CharField(blank=True, editable=False, max_length=64)),
                        ('national_id_tail', models.CharField(blank=True, editable=False, max_length=2)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('deceased_on', models.DateField(blank=True, null=True)),
                        ('merged_into', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='contacts.citizen')),
                        ('merged_at', models.DateTimeField(editable=False, null=True)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('created_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'abstract': False,
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='PrivacyNotice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('checked_on', models.DateField(blank=True, null=True)),
                        ('code', models.SlugField(max_length=60, unique=True)),
                        ('purpose', models.CharField(max_length=12)),
                        ('language', models.CharField(default='TR', max_length=2)),
                        ('version', models.PositiveSmallIntegerField()),
                        ('text', models.TextField()),
                        ('valid_from', models.DateField()),
                        ('source', models.CharField(max_length=300)),
                        ('written_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        'verbose_name': 'privacy notice',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['-valid_from', '-id'], name='notice_newest')],
                        'constraints': [models.UniqueConstraint(fields=('purpose', 'language', 'version'), name='a_version_of_a_notice_once'), models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='versions_begin_with_one')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='privacynotice',
                    trigger=pgtrigger.compiler.Trigger(name='a_version_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d454c560da86d2ebaf14ffa910fccfea93dce1bb', operation='UPDATE OR DELETE', pgid='pgtrigger_a_version_never_changes_744db', table='contacts_privacynotice', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='citizen',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."address" IS DISTINCT FROM (NEW."address") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."created_by_id" IS DISTINCT FROM (NEW."created_by_id") OR OLD."deceased_on" IS DISTINCT FROM (NEW."deceased_on") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."first_name" IS DISTINCT FROM (NEW."first_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."languages" IS DISTINCT FROM (NEW."languages") OR OLD."last_name" IS DISTINCT FROM (NEW."last_name") OR OLD."merged_at" IS DISTINCT FROM (NEW."merged_at") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."national_id_index" IS DISTINCT FROM (NEW."national_id_index") OR OLD."national_id_tail" IS DISTINCT FROM (NEW."national_id_tail") OR OLD."neighbourhood_id" IS DISTINCT FROM (NEW."neighbourhood_id") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."salutation" IS DISTINCT FROM (NEW."salutation") OR OLD."title" IS DISTINCT FROM (NEW."title"))', func='INSERT INTO "contacts_citizenevent" ("address", "created_at", "created_by_id", "deceased_on", "email", "first_name", "id", "key", "languages", "last_name", "merged_at", "merged_into_id", "national_id_index", "national_id_tail", "neighbourhood_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "salutation", "title") VALUES (OLD."address", OLD."created_at", OLD."created_by_id", OLD."deceased_on", OLD."email", OLD."first_name", OLD."id", OLD."key", OLD."languages", OLD."last_name", OLD."merged_at", OLD."merged_into_id", OLD."national_id_index", OLD."national_id_tail", OLD."neighbourhood_id", OLD."note", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."phone", OLD."salutation", OLD."title"); RETURN NULL;', hash='9c433f4a4e40ffe6c2808f443dfae656590d4d06', operation='UPDATE', pgid='pgtrigger_update_update_27d68', table='contacts_citizen', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='citizen',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "contacts_citizenevent" ("address", "created_at", "created_by_id", "deceased_on", "email", "first_name", "id", "key", "languages", "last_name", "merged_at", "merged_into_id", "national_id_index", "national_id_tail", "neighbourhood_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "salutation", "title") VALUES (OLD."address", OLD."created_at", OLD."created_by_id", OLD."deceased_on", OLD."email", OLD."first_name", OLD."id", OLD."key", OLD."languages", OLD."last_name", OLD."merged_at", OLD."merged_into_id", OLD."national_id_index", OLD."national_id_tail", OLD."neighbourhood_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."salutation", OLD."title"); RETURN NULL;', hash='a1675acf30c74d468c2b680f1e054db8e7858e70', operation='DELETE', pgid='pgtrigger_delete_delete_293d5', table='contacts_citizen', when='AFTER')),
                ),
            ],
        ),
    ]
