import django.db.models.deletion
import django.db.models.manager
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import backend.core.localtime
import backend.core.operation.migrating


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('complaints', '0001_initial'),
        ('core', '0001_turkish_text'),
        ('organization', '0001_initial'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('programme', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='DepartmentGrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                        ('valid_from', models.DateField(default=backend.core.localtime.today)),
                        ('valid_until', models.DateField(blank=True, null=True)),
                        ('given_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('given_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('reason', models.CharField(blank=True, max_length=200)),
                        ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='organization.department')),
                        ('is_acting', models.BooleanField(default=False)),
                        ('by_directory', models.BooleanField(db_default=False, default=False)),
                    ],
                    options={
                        'verbose_name': 'grant on a department',
                        'abstract': False,
                        'default_permissions': ('view',),
                        'indexes': [models.Index(fields=['user', 'content_object'], name='grant_of_user')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='department_grant_ends_after_it_begins')],
                    },
                    managers=[
                        ('dated', django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name='DepartmentGrantEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField()),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='permissions.departmentgrant')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('permission', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('valid_from', models.DateField(default=backend.core.localtime.today)),
                        ('valid_until', models.DateField(blank=True, null=True)),
                        ('given_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('given_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('reason', models.CharField(blank=True, max_length=200)),
                        ('content_object', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.department')),
                        ('is_acting', models.BooleanField(default=False)),
                        ('by_directory', models.BooleanField(db_default=False, default=False)),
                    ],
                    options={
                        'abstract': False,
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='PrincipalGrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                        ('valid_from', models.DateField(default=backend.core.localtime.today)),
                        ('valid_until', models.DateField(blank=True, null=True)),
                        ('given_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('given_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('reason', models.CharField(blank=True, max_length=200)),
                        ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='programme.principal')),
                    ],
                    options={
                        'verbose_name': 'grant on a programme',
                        'abstract': False,
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['user', 'content_object'], name='principal_grant_of_user')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='principal_grant_ends_after_it_begins')],
                    },
                    managers=[
                        ('dated', django.db.models.manager.Manager()),
                    ],
                ),
                migrations.CreateModel(
                    name='PrincipalGrantEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField()),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='permissions.principalgrant')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('permission', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                        ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('valid_from', models.DateField(default=backend.core.localtime.today)),
                        ('valid_until', models.DateField(blank=True, null=True)),
                        ('given_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('given_by', models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('reason', models.CharField(blank=True, max_length=200)),
                        ('content_object', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='programme.principal')),
                    ],
                    options={
                        'abstract': False,
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='ComplaintGrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('permission', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                        ('valid_from', models.DateField(default=backend.core.localtime.today)),
                        ('valid_until', models.DateField(blank=True, null=True)),
                        ('given_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('given_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('reason', models.CharField(blank=True, max_length=200)),
                        ('content_object', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='complaints.complaint')),
                    ],
                    options={
                        'verbose_name': 'shared complaint',
                        'abstract': False,
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('user', 'permission', 'content_object'), name='a_complaint_shared_once'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='complaint_grant_ends_after_it_begins')],
                    },
                    managers=[
                        ('dated', django.db.models.manager.Manager()),
                    ],
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='departmentgrant',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "permissions_departmentgrantevent" ("by_directory", "content_object_id", "given_at", "given_by_id", "id", "is_acting", "permission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id", "valid_from", "valid_until") VALUES (OLD."by_directory", OLD."content_object_id", OLD."given_at", OLD."given_by_id", OLD."id", OLD."is_acting", OLD."permission_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."reason", OLD."user_id", OLD."valid_from", OLD."valid_until"); RETURN NULL;', hash='1ad737ea5eeebf1bf2792b4f3907aebc6f0a29a8', operation='UPDATE', pgid='pgtrigger_update_update_916e2', table='permissions_departmentgrant', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='departmentgrant',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "permissions_departmentgrantevent" ("by_directory", "content_object_id", "given_at", "given_by_id", "id", "is_acting", "permission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id", "valid_from", "valid_until") VALUES (OLD."by_directory", OLD."content_object_id", OLD."given_at", OLD."given_by_id", OLD."id", OLD."is_acting", OLD."permission_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."user_id", OLD."valid_from", OLD."valid_until"); RETURN NULL;', hash='74098704883f5359826b9410c5906362ba50d815', operation='DELETE', pgid='pgtrigger_delete_delete_34d4a', table='permissions_departmentgrant', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='principalgrant',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "permissions_principalgrantevent" ("content_object_id", "given_at", "given_by_id", "id", "permission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id", "valid_from", "valid_until") VALUES (OLD."content_object_id", OLD."given_at", OLD."given_by_id", OLD."id", OLD."permission_id", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."reason", OLD."user_id", OLD."valid_from", OLD."valid_until"); RETURN NULL;', hash='3d35a496f247ee75a8e115ad7fc44ced28a68e48', operation='UPDATE', pgid='pgtrigger_update_update_223a7', table='permissions_principalgrant', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='principalgrant',
                    trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "permissions_principalgrantevent" ("content_object_id", "given_at", "given_by_id", "id", "permission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "user_id", "valid_from", "valid_until") VALUES (OLD."content_object_id", OLD."given_at", OLD."given_by_id", OLD."id", OLD."permission_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."user_id", OLD."valid_from", OLD."valid_until"); RETURN NULL;', hash='1720462a3a275537226532351780b6383ffde6f8', operation='DELETE', pgid='pgtrigger_delete_delete_aadb1', table='permissions_principalgrant', when='AFTER')),
                ),
            ],
        ),
    ]
