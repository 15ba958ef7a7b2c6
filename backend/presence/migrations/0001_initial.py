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
                    name='Presence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('complaint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='complaints.complaint')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('seen_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('writes', models.CharField(blank=True, max_length=7)),
                        ('writing_at', models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        'verbose_name': 'presence',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['seen_at'], name='presence_seen')],
                        'constraints': [models.UniqueConstraint(fields=('complaint', 'user'), name='present_once_at_a_case')],
                    },
                ),
            ],
        ),
    ]
