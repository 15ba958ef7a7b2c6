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
                    name='FirstStep',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('name', models.CharField(max_length=40)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        'verbose_name': 'first step',
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('user', 'name'), name='first_step_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Pin',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('page', models.CharField(max_length=500)),
                        ('title', models.CharField(blank=True, max_length=80)),
                        ('position', models.PositiveSmallIntegerField()),
                    ],
                    options={
                        'verbose_name': 'pin',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['user', 'position', 'id'], name='pin_of_user')],
                        'constraints': [models.UniqueConstraint(fields=('user', 'page'), name='pin_once_a_page')],
                    },
                ),
            ],
        ),
    ]
