from django.db import migrations, models


class Migration(migrations.Migration):
    """In which language a message is written."""

    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="message",
            name="language",
            field=models.CharField(db_default="tr", default="tr", editable=False, max_length=2),
        ),
    ]
