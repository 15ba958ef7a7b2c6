import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import backend.core.models
import backend.core.operation.migrating
import backend.stickers.models


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
                    name='Sticker',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('code', models.CharField(default=backend.stickers.models.new_code, editable=False, max_length=9, unique=True)),
                        ('label', models.CharField(max_length=120)),
                        ('neighbourhood', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.neighbourhood')),
                        ('street', models.CharField(blank=True, max_length=120)),
                        ('number', models.CharField(blank=True, max_length=20)),
                        ('description', models.CharField(blank=True, max_length=200)),
                        ('latitude', models.FloatField(blank=True, null=True)),
                        ('longitude', models.FloatField(blank=True, null=True)),
                        ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.category')),
                        ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('is_active', models.BooleanField(default=True)),
                        ('printed_at', models.DateTimeField(editable=False, null=True)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('label_sort', models.GeneratedField(db_persist=True, expression=backend.core.models.TrSortKey(models.F('label')), output_field=models.TextField(db_collation='C'))),
                    ],
                    options={
                        'verbose_name': 'place with a QR code',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['label_sort', 'id'], name='sticker_by_label')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('longitude__isnull', False)), _connector='OR'), name='a_sticker_has_a_whole_point')],
                    },
                ),
            ],
        ),
    ]
