import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import backend.core.models
import backend.core.operation.migrating


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('complaints', '0001_initial'),
        ('core', '0001_turkish_text'),
        ('organization', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='RouterVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('number', models.PositiveIntegerField(editable=False, unique=True)),
                        ('trained_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('status', models.CharField(default='KEPT', max_length=8)),
                        ('is_held', models.BooleanField(default=False, editable=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('cases', models.PositiveIntegerField(editable=False)),
                        ('categories', models.PositiveIntegerField(editable=False)),
                        ('units', models.PositiveIntegerField(editable=False)),
                        ('threshold', models.PositiveSmallIntegerField(editable=False)),
                        ('measured_on', models.PositiveIntegerField(editable=False)),
                        ('spoke_percent', models.PositiveSmallIntegerField(editable=False, null=True)),
                        ('right_percent', models.PositiveSmallIntegerField(editable=False, null=True)),
                        ('words_right_percent', models.PositiveSmallIntegerField(editable=False, null=True)),
                        ('first_right_percent', models.PositiveSmallIntegerField(editable=False, null=True)),
                        ('drift_told_on', models.DateField(editable=False, null=True)),
                        ('weights', models.BinaryField(null=True)),
                        ('digest', models.CharField(blank=True, editable=False, max_length=64)),
                        ('put_in_force_at', models.DateTimeField(editable=False, null=True)),
                        ('put_in_force_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('run', models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                        ('seen_at', models.DateTimeField(editable=False, null=True)),
                        ('step', models.CharField(blank=True, db_default='', default='', editable=False, max_length=9)),
                        ('step_done', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                        ('step_total', models.PositiveIntegerField(db_default=0, default=0, editable=False)),
                        ('fault', models.CharField(blank=True, db_default='', default='', editable=False, max_length=300)),
                    ],
                    options={
                        'verbose_name': 'version of the router',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['trained_at', 'id'], name='router_newest')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'IN_FORCE')), fields=('status',), name='one_router_is_in_force'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'IN_FORCE'), _negated=True), ('weights__isnull', False), _connector='OR'), name='the_router_in_force_has_its_weights')],
                    },
                    bases=(backend.core.models.LongRun, models.Model),
                ),
                migrations.CreateModel(
                    name='RouterProposal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('complaint', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='router_proposal', to='complaints.complaint')),
                        ('router', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='triage.routerversion')),
                        ('proposed_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.category')),
                        ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('priority', models.CharField(blank=True, max_length=8)),
                        ('settled_at', models.DateTimeField(null=True)),
                        ('chosen_category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.category')),
                        ('chosen_unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                    ],
                    options={
                        'verbose_name': 'proposal of the router',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['settled_at'], name='router_settled'), models.Index(condition=models.Q(('settled_at__isnull', True)), fields=['id'], name='router_unsettled')],
                    },
                ),
                migrations.CreateModel(
                    name='RouterScore',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('month', models.DateField()),
                        ('category', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organization.category')),
                        ('cases', models.PositiveIntegerField()),
                        ('spoke_percent', models.PositiveSmallIntegerField()),
                        ('right_percent', models.PositiveSmallIntegerField(null=True)),
                        ('changed_percent', models.PositiveSmallIntegerField(null=True)),
                        ('counted_at', models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        'verbose_name': 'score of the router',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['month', 'id'], name='router_score_month')],
                        'constraints': [models.UniqueConstraint(fields=('month', 'category'), name='a_router_score_once_a_month', nulls_distinct=False)],
                    },
                ),
            ],
        ),
    ]
