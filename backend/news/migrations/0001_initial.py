import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import backend.core.operation.migrating
import backend.documents.models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_turkish_text'),
        ('engagements', '0001_initial'),
        ('events', '0001_initial'),
        ('organization', '0001_initial'),
        ('outbox', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='PressOptOut',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        'verbose_name': 'address that left the media lists',
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='Release',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('year', models.PositiveSmallIntegerField(editable=False)),
                        ('number', models.PositiveIntegerField(editable=False)),
                        ('reference', models.CharField(editable=False, max_length=20, unique=True)),
                        ('status', models.CharField(default='DRAFT', editable=False, max_length=9)),
                        ('title', models.CharField(max_length=160)),
                        ('lead', models.CharField(blank=True, max_length=400)),
                        ('text', models.TextField(blank=True)),
                        ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='events.event')),
                        ('engagement', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='engagements.engagement')),
                        ('slug', models.SlugField(blank=True, editable=False, max_length=100)),
                        ('published_at', models.DateTimeField(editable=False, null=True)),
                        ('approved_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('corrected_at', models.DateTimeField(editable=False, null=True)),
                        ('correction', models.CharField(blank=True, default='', editable=False, max_length=300)),
                        ('drafted_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('drafted_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'verbose_name': 'press release',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['drafted_at', 'id'], name='release_newest'), models.Index(condition=models.Q(('status', 'APPROVED')), fields=['published_at', 'id'], name='release_published')],
                        'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='release_number_once_a_year'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'APPROVED'), _negated=True), models.Q(('published_at__isnull', False), models.Q(('slug', ''), _negated=True)), _connector='OR'), name='what_is_approved_has_moment_and_address'), models.UniqueConstraint(condition=models.Q(('slug', ''), _negated=True), fields=('slug',), name='a_public_address_of_one_release'), models.CheckConstraint(condition=models.Q(('event__isnull', True), ('engagement__isnull', True), _connector='OR'), name='a_release_is_about_one_thing')],
                    },
                ),
                migrations.CreateModel(
                    name='ReleaseLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('note', models.TextField(blank=True)),
                        ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='news.release')),
                        ('verb', models.CharField(max_length=40)),
                        ('from_status', models.CharField(blank=True, max_length=9)),
                        ('to_status', models.CharField(blank=True, max_length=9)),
                        ('details', models.JSONField(default=dict)),
                    ],
                    options={
                        'verbose_name': 'story line of a press release',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['release', '-at', '-id'], name='line_of_release')],
                    },
                ),
                migrations.CreateModel(
                    name='ReleaseMailing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mailings', to='news.release')),
                        ('digest', models.CharField(editable=False, max_length=64)),
                        ('message', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='outbox.message')),
                        ('corrected_at', models.DateTimeField(editable=False, null=True)),
                        ('held_until', models.DateTimeField(editable=False, null=True)),
                        ('sent_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                    ],
                    options={
                        'verbose_name': 'mailing of a press release',
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('release', 'digest', 'corrected_at'), name='an_edition_once_to_an_address', nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name='ReleasePhoto',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('file', models.FileField(upload_to=backend.documents.models.random_name)),
                        ('name', models.CharField(max_length=200)),
                        ('content_type', models.CharField(max_length=100)),
                        ('size', models.PositiveIntegerField()),
                        ('sha256', models.CharField(editable=False, max_length=64)),
                        ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('uploaded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('release', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='news.release')),
                        ('caption', models.CharField(blank=True, max_length=300)),
                        ('alternative_text', models.CharField(blank=True, max_length=300)),
                    ],
                    options={
                        'verbose_name': 'photograph of a press release',
                        'ordering': ['id'],
                        'default_permissions': (),
                    },
                ),
            ],
        ),
    ]
