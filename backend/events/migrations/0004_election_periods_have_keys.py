import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0003_guests_of_a_list_of_partners")]

    operations = [
        migrations.AddField(
            model_name="electionperiod",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, null=True, verbose_name="key"),
        ),
        migrations.RunSQL("UPDATE events_electionperiod SET key = gen_random_uuid()", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="electionperiod",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="key"),
        ),
    ]
