import uuid

import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import backend.core.models
import backend.core.operation.migrating


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_turkish_text'),
        ('events', '0001_initial'),
        ('organization', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='PlanRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('label', models.CharField(max_length=20)),
                        ('kind', models.CharField(default='ROW', max_length=5)),
                        ('seats', models.PositiveSmallIntegerField()),
                        ('gaps', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                        ('aisles', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                        ('is_front', models.BooleanField(default=False)),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='seating.seatingplan')),
                    ],
                    options={
                        'verbose_name': 'row of a seating plan',
                        'ordering': ['position'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('plan', 'label'), name='a_row_name_once_a_plan'), models.CheckConstraint(condition=models.Q(('seats__range', (1, 200))), name='seats_of_a_plan_row')],
                    },
                ),
                migrations.CreateModel(
                    name='Hall',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('name', models.CharField(max_length=120, unique=True)),
                        ('place', models.CharField(blank=True, max_length=200)),
                        ('note', models.CharField(blank=True, max_length=300)),
                        ('is_active', models.BooleanField(default=True)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('name_sort', models.GeneratedField(db_persist=True, expression=backend.core.models.TrSortKey(models.F('name')), output_field=models.TextField(db_collation='C'))),
                    ],
                    options={
                        'verbose_name': 'hall',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['name_sort', 'id'], name='hall_by_name')],
                    },
                ),
                migrations.CreateModel(
                    name='SeatingPlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('event', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seating', to='events.event')),
                        ('hall', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='seating.hall')),
                        ('hosts', models.BooleanField(default=True)),
                        ('host_guest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='events.guest')),
                        ('includes_unanswered', models.BooleanField(default=False)),
                        ('representation', models.CharField(default='AFTER_EQUALS', max_length=13)),
                        ('frozen_at', models.DateTimeField(editable=False, null=True)),
                        ('frozen_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('digest', models.CharField(blank=True, editable=False, max_length=64)),
                        ('begun_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('begun_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'verbose_name': 'seating plan',
                        'default_permissions': (),
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('digest', ''), ('frozen_at__isnull', True)), models.Q(('frozen_at__isnull', False), models.Q(('digest', ''), _negated=True)), _connector='OR'), name='a_frozen_plan_has_its_digest')],
                    },
                ),
                migrations.CreateModel(
                    name='PlanSeat',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='seating.seatingplan')),
                        ('row', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='taken', to='seating.planrow')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('kind', models.CharField(max_length=9)),
                        ('guest', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='seats', to='events.guest')),
                        ('companion', models.PositiveSmallIntegerField(default=0)),
                        ('by_hand', models.BooleanField(default=False)),
                    ],
                    options={
                        'verbose_name': 'seat',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['plan', 'row', 'number'], name='seat_of_plan')],
                        'constraints': [models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('row', 'number'), name='a_seat_is_given_once'), models.UniqueConstraint(condition=models.Q(('guest__isnull', False)), fields=('plan', 'guest', 'companion'), name='a_guest_sits_once'), models.UniqueConstraint(condition=models.Q(('kind', 'HOST')), fields=('plan',), name='one_host_a_plan'), models.CheckConstraint(condition=models.Q(models.Q(('guest__isnull', False), ('kind__in', ['GUEST', 'COMPANION'])), models.Q(('guest__isnull', True), ('kind__in', ['HOST', 'BLOCKED'])), _connector='OR'), name='a_seat_of_a_guest_names_one')],
                    },
                ),
                migrations.CreateModel(
                    name='HallRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('position', models.PositiveSmallIntegerField()),
                        ('label', models.CharField(max_length=20)),
                        ('kind', models.CharField(default='ROW', max_length=5)),
                        ('seats', models.PositiveSmallIntegerField()),
                        ('gaps', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                        ('aisles', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                        ('is_front', models.BooleanField(default=False)),
                        ('hall', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='seating.hall')),
                    ],
                    options={
                        'verbose_name': 'row of a hall',
                        'ordering': ['position'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('hall', 'label'), name='a_row_name_once_a_hall'), models.CheckConstraint(condition=models.Q(('seats__range', (1, 200))), name='seats_of_a_row')],
                    },
                ),
            ],
        ),
    ]
