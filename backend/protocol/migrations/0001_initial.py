import uuid

import django.contrib.postgres.constraints
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
        ('contacts', '0001_initial'),
        ('core', '0001_turkish_text'),
        ('organization', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='Office',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('code', models.SlugField(max_length=80, unique=True)),
                        ('title', models.CharField(max_length=200)),
                        ('short_title', models.CharField(max_length=120)),
                        ('institution', models.CharField(blank=True, max_length=200)),
                        ('sphere', models.CharField(default='OTHER', max_length=14)),
                        ('address_form', models.CharField(blank=True, max_length=120)),
                        ('is_collective', models.BooleanField(default=False)),
                        ('is_active', models.BooleanField(default=True)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('fold', models.GeneratedField(db_persist=True, expression=backend.core.models.TrFold(models.Func(models.Func(models.F('title'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('institution'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)')), output_field=models.TextField(db_collation='C'))),
                        ('title_sort', models.GeneratedField(db_persist=True, expression=backend.core.models.TrSortKey(models.F('title')), output_field=models.TextField(db_collation='C'))),
                    ],
                    options={
                        'verbose_name': 'office of the protocol',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['title_sort', 'id'], name='office_by_title'), models.Index(fields=['sphere', 'title_sort', 'id'], name='office_by_sphere')],
                    },
                ),
                migrations.CreateModel(
                    name='PrecedenceList',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('kind', models.CharField(max_length=8)),
                        ('name', models.CharField(max_length=160)),
                        ('source', models.CharField(max_length=400)),
                        ('valid_from', models.DateField()),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'order of precedence',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['-valid_from', '-id'], name='precedence_newest')],
                        'constraints': [models.UniqueConstraint(fields=('kind', 'valid_from'), name='one_order_of_a_kind_begins_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='PrecedenceEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('place', models.PositiveSmallIntegerField()),
                        ('position', models.PositiveSmallIntegerField()),
                        ('precedence', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='protocol.precedencelist')),
                        ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ranks', to='protocol.office')),
                    ],
                    options={
                        'verbose_name': 'place in an order of precedence',
                        'ordering': ['position'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('precedence', 'office'), name='an_office_once_an_order'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('precedence', 'position'), name='a_position_once_an_order')],
                    },
                ),
                migrations.CreateModel(
                    name='Snapshot',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('precedence', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='protocol.precedencelist')),
                        ('list_version', models.PositiveIntegerField()),
                        ('taken_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('taken_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'verbose_name': 'order of precedence of an event',
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='SnapshotLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('place', models.PositiveSmallIntegerField()),
                        ('position', models.PositiveSmallIntegerField()),
                        ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='protocol.snapshot')),
                        ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='protocol.office')),
                        ('title', models.CharField(max_length=200)),
                        ('short_title', models.CharField(max_length=120)),
                        ('listed_place', models.PositiveSmallIntegerField(null=True)),
                        ('why', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'verbose_name': 'place in the order of an event',
                        'ordering': ['position'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('snapshot', 'office'), name='an_office_once_a_snapshot'), models.UniqueConstraint(deferrable=django.db.models.constraints.Deferrable['DEFERRED'], fields=('snapshot', 'position'), name='a_position_once_a_snapshot')],
                    },
                ),
                migrations.CreateModel(
                    name='Holding',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holdings', to='protocol.office')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offices_held', to='contacts.citizen')),
                        ('capacity', models.CharField(default='SUBSTANTIVE', max_length=11)),
                        ('valid_from', models.DateField()),
                        ('valid_until', models.DateField(blank=True, null=True)),
                        ('basis', models.CharField(blank=True, max_length=200)),
                        ('is_alone', models.BooleanField(default=True, editable=False)),
                        ('appointed_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('appointed_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'holder of an office',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['office', '-valid_from', '-id'], name='holding_of_office'), models.Index(fields=['person', '-valid_from'], name='holding_of_person')],
                        'constraints': [django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('capacity', 'SUBSTANTIVE'), ('is_alone', True)), expressions=[(models.Func(models.F('office'), models.F('office'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_until'), models.Value('[]'), function='daterange'), '&&')], name='an_office_has_one_holder_a_day'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('capacity', 'ACTING'), ('is_alone', True)), expressions=[(models.Func(models.F('office'), models.F('office'), models.Value('[]'), function='int8range'), '&&'), (models.Func(models.F('valid_from'), models.F('valid_until'), models.Value('[]'), function='daterange'), '&&')], name='an_office_has_one_acting_a_day'), models.CheckConstraint(condition=models.Q(('valid_until__isnull', True), ('valid_until__gte', models.F('valid_from')), _connector='OR'), name='holding_ends_after_it_begins')],
                    },
                ),
            ],
        ),
    ]
