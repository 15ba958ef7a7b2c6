"""An index of all applications, built while they are read and written (ADR 0009)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('complaints', '0012_affected'),
    ]

    operations = [
        # What a run that broke off left behind is invalid, and in the way of the next one.
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS complaint_open_topic', migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='complaint',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['category', 'registered_at', 'id'], name='complaint_open_topic'),
        ),
    ]
