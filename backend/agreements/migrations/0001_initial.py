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
        ('organization', '0001_initial'),
        ('partners', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='Agreement',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('year', models.PositiveSmallIntegerField(editable=False)),
                        ('number', models.PositiveIntegerField(editable=False)),
                        ('reference', models.CharField(editable=False, max_length=20, unique=True)),
                        ('kind', models.CharField(max_length=8)),
                        ('status', models.CharField(default='DRAFT', editable=False, max_length=8)),
                        ('title', models.CharField(max_length=200)),
                        ('subject', models.TextField(blank=True)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('decision', models.CharField(blank=True, max_length=60)),
                        ('signed_on', models.DateField(blank=True, null=True)),
                        ('valid_from', models.DateField(blank=True, null=True)),
                        ('valid_until', models.DateField(blank=True, null=True)),
                        ('notice_days', models.PositiveSmallIntegerField(default=60)),
                        ('warn_on', models.DateField(editable=False, null=True)),
                        ('departments', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], default=list, editable=False, size=None)),
                        ('warned', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('drafted_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('drafted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('words', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector(backend.core.models.TrTokens(models.Func(models.Func(models.Func(models.Func(models.F('reference'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('title'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('subject'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)')), config='simple'), output_field=django.contrib.postgres.search.SearchVectorField())),
                    ],
                    options={
                        'verbose_name': 'agreement',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['drafted_at', 'id'], name='agreement_newest'), models.Index(fields=['status', 'drafted_at', 'id'], name='agreement_by_status'), models.Index(condition=models.Q(('status', 'IN_FORCE')), fields=['warn_on', 'id'], name='agreement_to_warn'), models.Index(fields=['department', 'drafted_at', 'id'], name='agreement_of_department'), django.contrib.postgres.indexes.GinIndex(fields=['departments'], name='agreement_departments'), django.contrib.postgres.indexes.GinIndex(fields=['words'], name='agreement_words'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(backend.core.models.TrFold(models.F('title')), name='gin_trgm_ops'), name='agreement_alike')],
                        'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='agreement_number_once_a_year'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_from__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='agreement_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'IN_FORCE'), _negated=True), models.Q(('signed_on__isnull', False), ('valid_from__isnull', False)), _connector='OR'), name='what_is_in_force_was_signed')],
                    },
                ),
                migrations.CreateModel(
                    name='AgreementAttachment',
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
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='agreements.agreement')),
                    ],
                    options={
                        'verbose_name': 'attachment of an agreement',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['agreement', 'uploaded_at'], name='attachment_of_agreement')],
                    },
                ),
                migrations.CreateModel(
                    name='AgreementLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('note', models.TextField(blank=True)),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='agreements.agreement')),
                        ('verb', models.CharField(max_length=40)),
                        ('from_status', models.CharField(blank=True, max_length=8)),
                        ('to_status', models.CharField(blank=True, max_length=8)),
                        ('details', models.JSONField(default=dict)),
                    ],
                    options={
                        'verbose_name': 'story line of an agreement',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['agreement', '-at', '-id'], name='line_of_agreement')],
                    },
                ),
                migrations.CreateModel(
                    name='AgreementParty',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parties', to='agreements.agreement')),
                        ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreements', to='partners.organisation')),
                    ],
                    options={
                        'verbose_name': 'party of an agreement',
                        'ordering': ['id'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('agreement', 'organisation'), name='a_party_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Obligation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('agreement', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='obligations', to='agreements.agreement')),
                        ('side', models.CharField(max_length=6)),
                        ('text', models.CharField(max_length=500)),
                        ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('due_on', models.DateField(blank=True, null=True)),
                        ('done_on', models.DateField(blank=True, null=True)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('is_warned', models.BooleanField(default=False, editable=False)),
                    ],
                    options={
                        'verbose_name': 'obligation',
                        'ordering': ['id'],
                        'default_permissions': (),
                        'indexes': [models.Index(condition=models.Q(('done_on__isnull', True), ('due_on__isnull', False)), fields=['due_on'], name='obligation_open')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='obligation',
                    trigger=pgtrigger.compiler.Trigger(name='departments', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            UPDATE agreements_agreement SET departments = coalesce(\n                (SELECT array_agg(p.department_id ORDER BY p.department_id) FROM agreements_obligation p\n                  WHERE p.agreement_id = coalesce(NEW.agreement_id, OLD.agreement_id) AND p.department_id IS NOT NULL), '{}')\n            WHERE id = coalesce(NEW.agreement_id, OLD.agreement_id);\n            RETURN NULL;\n        ", hash='9aa0c2a6b6a08886d9a02fddb95ece73959fb46a', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_departments_10948', table='agreements_obligation', when='AFTER')),
                ),
            ],
        ),
    ]
