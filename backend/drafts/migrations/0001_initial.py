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
                    name='Draft',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('page', models.CharField(max_length=200)),
                        ('field', models.CharField(max_length=60)),
                        ('text', models.TextField()),
                        ('about', models.UUIDField(editable=False, null=True)),
                        ('saved_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        'verbose_name': 'draft of a text',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['user', '-saved_at', '-id'], name='draft_of_user'), models.Index(condition=models.Q(('about__isnull', False)), fields=['about'], name='draft_about'), models.Index(fields=['saved_at'], name='draft_saved')],
                        'constraints': [models.UniqueConstraint(fields=('user', 'page', 'field'), name='draft_once_a_field')],
                    },
                ),
            ],
        ),
    ]
