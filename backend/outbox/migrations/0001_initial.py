import uuid

import django.utils.timezone
from django.db import migrations, models

import backend.core.operation.migrating


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_turkish_text'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('channel', models.CharField(max_length=6)),
                        ('address', models.CharField(max_length=254)),
                        ('subject', models.CharField(blank=True, max_length=200)),
                        ('body', models.TextField()),
                        ('purpose', models.CharField(max_length=60)),
                        ('status', models.CharField(default='WAITING', max_length=8)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('sent_at', models.DateTimeField(editable=False, null=True)),
                        ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('last_error', models.CharField(blank=True, editable=False, max_length=200)),
                    ],
                    options={
                        'verbose_name': 'outgoing message',
                        'default_permissions': ('view',),
                        'indexes': [models.Index(fields=['-created_at', 'id'], name='message_newest'), models.Index(condition=models.Q(('status', 'WAITING')), fields=['created_at'], name='message_waiting')],
                    },
                ),
            ],
        ),
    ]
