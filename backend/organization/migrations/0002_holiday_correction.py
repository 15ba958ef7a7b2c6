import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organization', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HolidayCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('version', models.PositiveIntegerField(editable=False, unique=True)),
                ('day', models.DateField()),
                ('kind', models.CharField(max_length=13)),
                ('name', models.CharField(blank=True, max_length=120)),
                ('source', models.CharField(max_length=200)),
                ('yearly', models.BooleanField(default=False)),
                ('valid_to', models.DateField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('recomputed', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, editable=False, size=None)),
                ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'correction of a public holiday',
                'ordering': ['-version'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('source', ''), _negated=True), name='a_holiday_correction_has_its_source'), models.CheckConstraint(condition=models.Q(('valid_to__isnull', True), models.Q(('valid_to__gte', models.F('day')), ('yearly', True)), _connector='OR'), name='a_yearly_holiday_ends_after_it_begins')],
            },
        ),
    ]
