import django.db.models.deletion
from django.db import migrations, models

import backend.core.operation.migrating


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0001_initial'),
        ('instructions', '0001_initial'),
        ('letters', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.AddField(
                    model_name='letter',
                    name='event',
                    field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='events.event'),
                ),
                migrations.AddField(
                    model_name='letter',
                    name='instruction',
                    field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='instructions.instruction'),
                ),
            ]
        )
    ]
