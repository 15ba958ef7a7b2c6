import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import backend.core.operation.migrating
import backend.journal.models


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
                    name='AccessLog',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('reader', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('subject_kind', models.CharField(max_length=60)),
                        ('subject_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                        ('purpose', models.CharField(max_length=120)),
                    ],
                    options={
                        'verbose_name': 'reading of personal data',
                        'default_permissions': ('view',),
                        'indexes': [models.Index(fields=['-at', '-id'], name='access_log_newest'), models.Index(fields=['reader', '-at'], name='access_log_of_reader'), django.contrib.postgres.indexes.GinIndex(fields=['subject_ids'], name='access_log_of_subject')],
                    },
                ),
                migrations.CreateModel(
                    name='AuditLog',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('note', models.TextField(blank=True)),
                        ('verb', models.CharField(max_length=40)),
                        ('subject_kind', models.CharField(max_length=60)),
                        ('subject_id', models.BigIntegerField(null=True)),
                        ('subject_label', models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        'verbose_name': 'journal record',
                        'default_permissions': ('view',),
                        'indexes': [models.Index(fields=['-at', '-id'], name='audit_log_newest'), models.Index(fields=['subject_kind', 'subject_id', '-at'], name='audit_log_of_subject')],
                    },
                ),
                migrations.CreateModel(
                    name='ChangeEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('transaction', backend.journal.models.TransactionNumber(db_default=models.Func(function='pg_current_xact_id'))),
                        ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('kind', models.CharField(max_length=20)),
                        ('subject_id', models.BigIntegerField()),
                        ('verb', models.CharField(db_default='', max_length=40)),
                        ('lost_by', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], size=None)),
                    ],
                    options={
                        'verbose_name': 'happening',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['transaction'], name='change_event_in_order')],
                    },
                ),
            ],
        ),
    ]
