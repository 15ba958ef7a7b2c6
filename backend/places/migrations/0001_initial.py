import uuid

import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
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
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='Boundary',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('checked_on', models.DateField(blank=True, null=True)),
                        ('west', models.FloatField(editable=False, null=True)),
                        ('south', models.FloatField(editable=False, null=True)),
                        ('east', models.FloatField(editable=False, null=True)),
                        ('north', models.FloatField(editable=False, null=True)),
                        ('neighbourhood', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='boundary', to='organization.neighbourhood')),
                        ('rings', models.JSONField(default=list)),
                    ],
                    options={
                        'verbose_name': 'boundary of a neighbourhood',
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='Street',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('checked_on', models.DateField(blank=True, null=True)),
                        ('west', models.FloatField(editable=False, null=True)),
                        ('south', models.FloatField(editable=False, null=True)),
                        ('east', models.FloatField(editable=False, null=True)),
                        ('north', models.FloatField(editable=False, null=True)),
                        ('code', models.CharField(max_length=40, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('name_key', models.CharField(editable=False, max_length=120)),
                        ('kind', models.CharField(default='STREET', max_length=10)),
                        ('neighbourhood', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='streets', to='organization.neighbourhood')),
                        ('line', models.JSONField(blank=True, default=list)),
                        ('latitude', models.FloatField(editable=False, null=True)),
                        ('longitude', models.FloatField(editable=False, null=True)),
                        ('name_sort', models.GeneratedField(db_persist=True, expression=backend.core.models.TrSortKey(models.F('name')), output_field=models.TextField(db_collation='C'))),
                    ],
                    options={
                        'verbose_name': 'street',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['name_sort', 'id'], name='street_by_name'), models.Index(fields=['name_key'], name='street_by_key'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('name_key'), name='gin_trgm_ops'), name='street_alike'), django.contrib.postgres.indexes.GistIndex(models.Func(models.Func(models.F('west'), models.F('south'), function='point'), models.Func(models.F('east'), models.F('north'), function='point'), function='box'), name='street_nearest')],
                    },
                ),
                migrations.CreateModel(
                    name='Door',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('street', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='doors', to='places.street')),
                        ('number', models.CharField(max_length=20)),
                        ('code', models.CharField(blank=True, max_length=40)),
                        ('latitude', models.FloatField()),
                        ('longitude', models.FloatField()),
                    ],
                    options={
                        'verbose_name': 'door',
                        'default_permissions': (),
                        'indexes': [django.contrib.postgres.indexes.GistIndex(models.Func(models.F('longitude'), models.F('latitude'), function='point'), name='door_nearest')],
                        'constraints': [models.UniqueConstraint(fields=('street', 'number'), name='a_number_once_a_street'), models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='a_door_once_a_code')],
                    },
                ),
                migrations.CreateModel(
                    name='Landmark',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('source', models.CharField(blank=True, max_length=300)),
                        ('checked_on', models.DateField(blank=True, null=True)),
                        ('code', models.CharField(max_length=60, unique=True)),
                        ('name', models.CharField(max_length=120)),
                        ('name_key', models.CharField(editable=False, max_length=120)),
                        ('kind', models.CharField(default='OTHER', max_length=10)),
                        ('neighbourhood', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='landmarks', to='organization.neighbourhood')),
                        ('latitude', models.FloatField()),
                        ('longitude', models.FloatField()),
                        ('name_sort', models.GeneratedField(db_persist=True, expression=backend.core.models.TrSortKey(models.F('name')), output_field=models.TextField(db_collation='C'))),
                    ],
                    options={
                        'verbose_name': 'landmark',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['name_sort', 'id'], name='landmark_by_name'), models.Index(fields=['name_key'], name='landmark_by_key'), models.Index(fields=['kind', 'neighbourhood'], name='landmark_by_kind')],
                    },
                ),
                migrations.CreateModel(
                    name='RegisterImport',
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
                        ('is_dry_run', models.BooleanField(default=True)),
                        ('status', models.CharField(default='WAITING', max_length=8)),
                        ('run', models.PositiveIntegerField(default=0, editable=False)),
                        ('started_at', models.DateTimeField(editable=False, null=True)),
                        ('ended_at', models.DateTimeField(editable=False, null=True)),
                        ('seen_at', models.DateTimeField(editable=False, null=True)),
                        ('rows_total', models.PositiveIntegerField(editable=False, null=True)),
                        ('rows_read', models.PositiveIntegerField(default=0, editable=False)),
                        ('rows_written', models.PositiveIntegerField(default=0, editable=False)),
                        ('fault', models.TextField(blank=True, editable=False)),
                        ('is_written', models.BooleanField(default=False, editable=False)),
                        ('kind', models.CharField(max_length=10)),
                        ('source', models.CharField(max_length=120)),
                        ('counts', models.JSONField(default=dict, editable=False)),
                        ('examples', models.JSONField(default=dict, editable=False)),
                        ('refused', models.PositiveIntegerField(default=0, editable=False)),
                        ('reasons', models.JSONField(default=list, editable=False)),
                        ('remarks', models.JSONField(default=list, editable=False)),
                    ],
                    options={
                        'verbose_name': 'import into the register of places',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['-uploaded_at', '-id'], name='register_import_newest')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['DONE', 'FAILED', 'STOPPED']), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='register_import_ends')],
                    },
                    bases=(backend.core.models.LongRun, models.Model),
                ),
            ],
        ),
    ]
