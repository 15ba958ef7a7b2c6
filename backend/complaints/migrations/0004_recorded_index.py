from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The recorder's list, apart from the files that they brought."""

    atomic = False
    dependencies = [("complaints", "0003_recorder_has_code")]

    operations = [
        AddIndexConcurrently(
            "complaint",
            models.Index(
                fields=["registered_by", "registered_at", "id"],
                condition=Q(recorder_has_code=True),
                name="complaint_recorded",
            ),
        ),
    ]
