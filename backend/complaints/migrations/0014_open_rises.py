"""The index of what is open by where it stands gains the order of work, built while it is read and written (ADR 0009)."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('complaints', '0013_open_topic'),
    ]

    operations = [
        # What a run that broke off left behind is invalid, and in the way of the next one.
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS complaint_open_rises', migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='complaint',
            index=models.Index(condition=models.Q(('closed_at__isnull', True)), fields=['status', 'rises_on', 'id'], name='complaint_open_rises'),
        ),
        RemoveIndexConcurrently(
            model_name='complaint',
            name='complaint_open_status',
        ),
    ]
