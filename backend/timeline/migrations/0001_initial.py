from django.db import migrations, models

import backend.core.operation.migrating


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agreements', '0001_initial'),
        ('appointments', '0001_initial'),
        ('complaints', '0001_initial'),
        ('contacts', '0001_initial'),
        ('core', '0001_turkish_text'),
        ('engagements', '0001_initial'),
        ('events', '0001_initial'),
        ('greetings', '0001_initial'),
        ('instructions', '0001_initial'),
        ('invitations', '0001_initial'),
        ('letters', '0001_initial'),
        ('partners', '0001_initial'),
        ('programme', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='Moment',
                    fields=[
                        ('id', models.BigIntegerField(primary_key=True, serialize=False)),
                        ('kind', models.CharField(max_length=12)),
                        ('at', models.DateTimeField()),
                        ('reference', models.CharField(max_length=60)),
                        ('title', models.CharField(max_length=500)),
                        ('key', models.UUIDField()),
                        ('seat', models.CharField(max_length=60)),
                    ],
                    options={
                        'verbose_name': 'moment',
                        'db_table': 'timeline_moment',
                        'managed': False,
                        'default_permissions': (),
                    },
                ),
            ],
        ),
    ]
