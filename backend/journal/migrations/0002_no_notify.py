"""No commit notifies: PostgreSQL lets transactions that do commit one after the other (ADR 0087)."""

from django.db import migrations

QUEUE = ("procrastinate_jobs_notify_queue_job_inserted_v1", "procrastinate_jobs_notify_queue_job_aborted_v1")


def _each(word: str) -> str:
    return "; ".join(f"ALTER TABLE procrastinate_jobs {word} TRIGGER {name}" for name in QUEUE)


class Migration(migrations.Migration):
    dependencies = [
        ("journal", "0001_initial"),
        ("procrastinate", "0041_post_retry_failed_job"),
    ]

    operations = [migrations.RunSQL(_each("DISABLE"), _each("ENABLE"))]
