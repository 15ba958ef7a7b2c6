from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Messages that were written before they were shown on the tracking page stay where they were sent."""

    dependencies = [
        ("complaints", "0015_information_decisions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="on_tracking_page",
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AlterField(
            model_name="notice",
            name="on_tracking_page",
            field=models.BooleanField(db_default=True, default=True, editable=False),
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                fields=["uploaded_at"], name="attachment_by_nobody", condition=models.Q(uploaded_by=None)
            ),
        ),
    ]
