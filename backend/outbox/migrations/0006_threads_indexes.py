"""Indexes of all messages, built while they are read and written (ADR 0009)."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('outbox', '0005_threads'),
    ]

    operations = [
        # What a run that broke off left behind is invalid, and in the way of the next one.
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS message_of_thread', migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='message',
            index=models.Index(condition=models.Q(('thread', ''), _negated=True), fields=['thread', 'sent_at'], name='message_of_thread'),
        ),
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS message_in_hour', migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='message',
            index=models.Index(condition=models.Q(('thread', ''), _negated=True), fields=['address', 'sent_at'], name='message_in_hour'),
        ),
    ]
