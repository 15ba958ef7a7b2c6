import uuid

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
                    name='Export',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('file', models.FileField(upload_to=backend.documents.models.random_name)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exports', to=settings.AUTH_USER_MODEL)),
                        ('list_name', models.CharField(max_length=80)),
                        ('title', models.CharField(max_length=200)),
                        ('format', models.CharField(max_length=4)),
                        ('asked', models.JSONField(default=dict, editable=False)),
                        ('rights', models.JSONField(default=list, editable=False)),
                        ('row_keys', models.JSONField(default=list, editable=False)),
                        ('page', models.JSONField(default=dict, editable=False)),
                        ('status', models.CharField(default='WAITING', max_length=8)),
                        ('run', models.PositiveIntegerField(default=0, editable=False)),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('seen_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('ended_at', models.DateTimeField(editable=False, null=True)),
                        ('rows_total', models.PositiveIntegerField(editable=False, null=True)),
                        ('rows_written', models.PositiveIntegerField(default=0, editable=False)),
                        ('name', models.CharField(blank=True, editable=False, max_length=100)),
                        ('size', models.PositiveBigIntegerField(default=0, editable=False)),
                        ('fault', models.TextField(blank=True, editable=False)),
                    ],
                    options={
                        'verbose_name': 'export',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['user', '-asked_at', '-id'], name='export_newest_of')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status__in', ['WAITING', 'RUNNING'])), fields=('user',), name='export_one_at_a_time'), models.CheckConstraint(condition=models.Q(('status__in', ['WAITING', 'RUNNING']), models.Q(('asked', {}), ('ended_at__isnull', False)), _connector='OR'), name='export_ends_and_forgets')],
                    },
                    bases=(backend.core.models.LongRun, models.Model),
                ),
            ],
        ),
    ]
