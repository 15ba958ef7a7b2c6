import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import backend.core.operation.migrating


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
                    name='Call',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('dialog', models.CharField(editable=False, max_length=32)),
                        ('number', models.CharField(blank=True, editable=False, max_length=40)),
                        ('rang_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('answered_at', models.DateTimeField(editable=False, null=True)),
                        ('is_noted', models.BooleanField(default=False, editable=False)),
                        ('is_closed', models.BooleanField(default=False, editable=False)),
                    ],
                    options={
                        'verbose_name': 'call',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['rang_at'], name='call_rang')],
                        'constraints': [models.UniqueConstraint(fields=('user', 'dialog'), name='a_call_once_for_a_person')],
                    },
                ),
            ],
        ),
    ]
