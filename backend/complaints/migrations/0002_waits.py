import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
from django.db import migrations, models

BACKFILL = """
WITH turns AS (
    SELECT complaint_id, to_status, (at AT TIME ZONE 'Europe/Istanbul')::date AS day,
           lead((at AT TIME ZONE 'Europe/Istanbul')::date) OVER (PARTITION BY complaint_id ORDER BY at, id) AS until
    FROM complaints_complaintline
    WHERE (from_status = 'WAITING') <> (to_status = 'WAITING')
), spans AS (
    SELECT complaint_id,
           coalesce(array_agg(daterange(day + 1, until + 1) ORDER BY day) FILTER (WHERE until > day), '{}') AS waits,
           max(day) FILTER (WHERE until IS NULL) AS since
    FROM turns WHERE to_status = 'WAITING' GROUP BY complaint_id
)
UPDATE complaints_complaint SET waits = spans.waits, waiting_since = spans.since
FROM spans WHERE spans.complaint_id = complaints_complaint.id
"""
"""What cases waited before, by their story; the targets follow with the next night's job."""


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='complaint',
            name='waiting_since',
            field=models.DateField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='complaint',
            name='waits',
            field=django.contrib.postgres.fields.ArrayField(base_field=django.contrib.postgres.fields.ranges.DateRangeField(), db_default=[], default=list, editable=False, size=None),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
    ]
