import uuid

import django.contrib.postgres.fields
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
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='RoutingRule',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('position', models.PositiveIntegerField(default=0, editable=False)),
                        ('is_active', models.BooleanField(default=True)),
                        ('is_automatic', models.BooleanField(default=False)),
                        ('valid_from', models.DateField(blank=True, null=True)),
                        ('valid_until', models.DateField(blank=True, null=True)),
                        ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=80), blank=True, default=list, size=None)),
                        ('neighbourhoods', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=60), blank=True, default=list, size=None)),
                        ('street', models.CharField(blank=True, max_length=120)),
                        ('on_main_artery', models.BooleanField(blank=True, null=True)),
                        ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                        ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                        ('hours', models.CharField(blank=True, max_length=8)),
                        ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                        ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('priority', models.CharField(blank=True, max_length=8)),
                        ('checklist', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.category')),
                    ],
                    options={
                        'verbose_name': 'routing rule',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['position', 'id'], name='routing_rule_order')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('department__isnull', False), models.Q(('priority', ''), _negated=True), ('checklist__isnull', False), _connector='OR'), name='a_routing_rule_has_an_effect'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_from__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='a_routing_rule_ends_after_it_begins')],
                    },
                ),
                migrations.CreateModel(
                    name='RoutingRuleEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField()),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='routing.routingrule')),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('id', models.BigIntegerField()),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False)),
                        ('name', models.CharField(max_length=120)),
                        ('is_active', models.BooleanField(default=True)),
                        ('is_automatic', models.BooleanField(default=False)),
                        ('valid_from', models.DateField(blank=True, null=True)),
                        ('valid_until', models.DateField(blank=True, null=True)),
                        ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=80), blank=True, default=list, size=None)),
                        ('neighbourhoods', django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(max_length=60), blank=True, default=list, size=None)),
                        ('street', models.CharField(blank=True, max_length=120)),
                        ('on_main_artery', models.BooleanField(blank=True, null=True)),
                        ('words', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), blank=True, default=list, size=None)),
                        ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                        ('hours', models.CharField(blank=True, max_length=8)),
                        ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                        ('department', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.department')),
                        ('priority', models.CharField(blank=True, max_length=8)),
                        ('checklist', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organization.category')),
                    ],
                    options={
                        'abstract': False,
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='RuleTrial',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('rule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='trials', to='routing.routingrule')),
                        ('from_on', models.DateField()),
                        ('until_on', models.DateField()),
                        ('status', models.CharField(default='WAITING', max_length=8)),
                        ('run', models.PositiveIntegerField(default=0, editable=False)),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('seen_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('ended_at', models.DateTimeField(editable=False, null=True)),
                        ('cases_total', models.PositiveIntegerField(editable=False, null=True)),
                        ('cases_read', models.PositiveIntegerField(default=0, editable=False)),
                        ('result', models.JSONField(default=dict, editable=False)),
                        ('sample', models.JSONField(default=list, editable=False)),
                        ('fault', models.TextField(blank=True, editable=False)),
                    ],
                    options={
                        'verbose_name': 'dry run of routing rules',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['-asked_at', '-id'], name='rule_trial_newest')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('until_on__gte', models.F('from_on'))), name='a_rule_trial_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('status__in', ['WAITING', 'RUNNING']), ('ended_at__isnull', False), _connector='OR'), name='rule_trial_ends')],
                    },
                    bases=(backend.core.models.LongRun, models.Model),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='routingrule',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "routing_routingruleevent" ("categories", "channels", "checklist_id", "department_id", "hours", "id", "is_active", "is_automatic", "key", "name", "neighbourhoods", "on_main_artery", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "street", "valid_from", "valid_until", "weekdays", "words") VALUES (NEW."categories", NEW."channels", NEW."checklist_id", NEW."department_id", NEW."hours", NEW."id", NEW."is_active", NEW."is_automatic", NEW."key", NEW."name", NEW."neighbourhoods", NEW."on_main_artery", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."priority", NEW."street", NEW."valid_from", NEW."valid_until", NEW."weekdays", NEW."words"); RETURN NULL;', hash='9f1abfa6f924abe5dc60f284205dc58cdb0e12cb', operation='INSERT', pgid='pgtrigger_insert_insert_dcbc6', table='routing_routingrule', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='routingrule',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."categories" IS DISTINCT FROM (NEW."categories") OR OLD."channels" IS DISTINCT FROM (NEW."channels") OR OLD."checklist_id" IS DISTINCT FROM (NEW."checklist_id") OR OLD."department_id" IS DISTINCT FROM (NEW."department_id") OR OLD."hours" IS DISTINCT FROM (NEW."hours") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_automatic" IS DISTINCT FROM (NEW."is_automatic") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."neighbourhoods" IS DISTINCT FROM (NEW."neighbourhoods") OR OLD."on_main_artery" IS DISTINCT FROM (NEW."on_main_artery") OR OLD."priority" IS DISTINCT FROM (NEW."priority") OR OLD."street" IS DISTINCT FROM (NEW."street") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_until" IS DISTINCT FROM (NEW."valid_until") OR OLD."weekdays" IS DISTINCT FROM (NEW."weekdays") OR OLD."words" IS DISTINCT FROM (NEW."words"))', func='INSERT INTO "routing_routingruleevent" ("categories", "channels", "checklist_id", "department_id", "hours", "id", "is_active", "is_automatic", "key", "name", "neighbourhoods", "on_main_artery", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "street", "valid_from", "valid_until", "weekdays", "words") VALUES (NEW."categories", NEW."channels", NEW."checklist_id", NEW."department_id", NEW."hours", NEW."id", NEW."is_active", NEW."is_automatic", NEW."key", NEW."name", NEW."neighbourhoods", NEW."on_main_artery", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority", NEW."street", NEW."valid_from", NEW."valid_until", NEW."weekdays", NEW."words"); RETURN NULL;', hash='79d14ee9ec5062a9a86ed42db1909681458939f2', operation='UPDATE', pgid='pgtrigger_update_update_caee6', table='routing_routingrule', when='AFTER')),
                ),
            ],
        ),
    ]
