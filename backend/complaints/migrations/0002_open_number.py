from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """The number of open cases, of which the office's list tells."""

    atomic = False

    dependencies = [("complaints", "0001_initial")]

    operations = [
        # What an interrupted attempt left is no index that anything reads.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS complaint_open_number", migrations.RunSQL.noop),
        AddIndexConcurrently(
            "complaint",
            models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["closed_at"],
                name="complaint_open_number",
            ),
        ),
    ]
