import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import backend.core.operation.migrating


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('complaints', '0001_initial'),
        ('core', '0001_turkish_text'),
        ('organization', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='Reminder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='complaints.complaint')),
                        ('on', models.DateField()),
                        ('note', models.CharField(blank=True, max_length=200)),
                        ('status', models.CharField(default='WAITING', max_length=9)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('made_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('notified_at', models.DateTimeField(editable=False, null=True)),
                        ('ended_at', models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        'verbose_name': 'reminder',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['user', 'on', 'id'], name='reminder_of_user'), models.Index(condition=models.Q(('notified_at__isnull', True), ('status', 'WAITING')), fields=['on'], name='reminder_waiting'), models.Index(fields=['complaint'], name='reminder_of_complaint')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'WAITING')), fields=('user', 'complaint'), name='one_reminder_of_a_case')],
                    },
                ),
            ],
        ),
    ]
