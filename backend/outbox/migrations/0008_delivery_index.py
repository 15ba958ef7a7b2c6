"""The index of providers' names, built while messages are read and written (ADR 0009)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('outbox', '0007_delivery'),
    ]

    operations = [
        # What a run that broke off left behind is invalid, and in the way of the next one.
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS message_of_provider', migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='message',
            index=models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['provider_id'], name='message_of_provider'),
        ),
    ]
