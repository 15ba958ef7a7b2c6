import django.contrib.postgres.fields
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
                    name='KeptCell',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('departments', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                        ('x', models.IntegerField()),
                        ('y', models.IntegerField()),
                        ('is_closed', models.BooleanField()),
                        ('is_urgent', models.BooleanField()),
                        ('target_on', models.DateField(null=True)),
                        ('cases', models.IntegerField()),
                        ('longitudes', models.BigIntegerField()),
                        ('latitudes', models.BigIntegerField()),
                    ],
                    options={
                        'verbose_name': 'kept number of the map',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['x', 'y'], name='keptcell_by_place')],
                    },
                ),
                migrations.CreateModel(
                    name='PublishedCell',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('column', models.IntegerField()),
                        ('row', models.IntegerField()),
                        ('received', models.PositiveIntegerField()),
                        ('begins_on', models.DateField()),
                        ('ends_on', models.DateField()),
                    ],
                    options={
                        'verbose_name': 'published cell of the map',
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('column', 'row'), name='a_cell_is_published_once'), models.CheckConstraint(condition=models.Q(('received__gte', 5), ('ends_on__gt', models.F('begins_on'))), name='a_cell_of_few_is_not_published')],
                    },
                ),
            ],
        ),
    ]
