from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether the recorder was shown the tracking code."""

    dependencies = [("complaints", "0002_open_number")]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="recorder_has_code",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
    ]
