import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import backend.core.operation.migrating


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_turkish_text'),
        ('organization', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='WebhookDelivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('endpoint', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='portals.webhookendpoint')),
                        ('event', models.CharField(max_length=24)),
                        ('body', models.TextField()),
                        ('change_event', models.BigIntegerField(null=True)),
                        ('case_id', models.BigIntegerField(null=True)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('status', models.CharField(default='WAITING', editable=False, max_length=9)),
                        ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('next_at', models.DateTimeField(editable=False, null=True)),
                        ('delivered_at', models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        'verbose_name': 'webhook delivery',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['endpoint', '-created_at', '-id'], name='webhook_delivery_newest'), models.Index(condition=models.Q(('status', 'WAITING')), fields=['next_at'], name='webhook_delivery_due'), models.Index(fields=['created_at'], name='webhook_delivery_age'), models.Index(fields=['endpoint', 'case_id', '-created_at', '-id'], name='webhook_delivery_of_case')],
                        'constraints': [models.UniqueConstraint(fields=('endpoint', 'change_event'), name='webhook_delivery_once'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'WAITING'), _negated=True), ('next_at__isnull', False), _connector='OR'), name='webhook_waits_for_a_time')],
                    },
                ),
                migrations.CreateModel(
                    name='Client',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='client', to=settings.AUTH_USER_MODEL)),
                        ('name', models.CharField(max_length=120)),
                        ('contact_name', models.CharField(max_length=120)),
                        ('contact_email', models.EmailField(max_length=254)),
                        ('contact_phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None)),
                        ('requests_per_minute', models.PositiveIntegerField(default=120)),
                        ('cost_per_minute', models.PositiveIntegerField(default=100000)),
                        ('cost_per_document', models.PositiveIntegerField(default=10000)),
                        ('documents_only', models.BooleanField(default=False)),
                        ('open311', models.BooleanField(default=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('closed_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ],
                    options={
                        'verbose_name': 'client',
                        'default_permissions': ('view',),
                        'indexes': [models.Index(fields=['-created_at', '-id'], name='client_newest')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('cost_per_document__gt', 0), ('requests_per_minute__gt', 0), ('cost_per_minute__gte', models.F('cost_per_document'))), name='client_may_ask')],
                    },
                ),
                migrations.CreateModel(
                    name='ApiToken',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('client', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='portals.client')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='api_tokens', to=settings.AUTH_USER_MODEL)),
                        ('name', models.CharField(max_length=120)),
                        ('prefix', models.CharField(editable=False, max_length=12)),
                        ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                        ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('expires_at', models.DateTimeField()),
                        ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('last_used_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ],
                    options={
                        'verbose_name': 'API token',
                        'default_permissions': ('view',),
                        'constraints': [models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='token_expires_later')],
                    },
                ),
                migrations.CreateModel(
                    name='ClientAttempt',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('client', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attempts', to='portals.client')),
                        ('named', models.CharField(default='', editable=False, max_length=64)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('outcome', models.CharField(max_length=12)),
                        ('address', models.GenericIPAddressField(null=True)),
                    ],
                    options={
                        'verbose_name': 'request for a token',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['client', '-at', '-id'], name='client_attempt_newest'), models.Index(fields=['address', '-at'], name='client_attempt_address'), models.Index(fields=['at'], name='client_attempt_age')],
                    },
                ),
                migrations.CreateModel(
                    name='ClientHour',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('requests', models.PositiveIntegerField(default=0)),
                        ('cost', models.PositiveBigIntegerField(default=0)),
                        ('errors', models.PositiveIntegerField(default=0)),
                        ('refused', models.PositiveIntegerField(default=0)),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hours', to='portals.client')),
                        ('hour', models.DateTimeField()),
                    ],
                    options={
                        'verbose_name': 'use in an hour',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['hour'], name='client_hour_age')],
                        'constraints': [models.UniqueConstraint(fields=('client', 'hour'), name='client_hour_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ClientMinute',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('requests', models.PositiveIntegerField(default=0)),
                        ('cost', models.PositiveBigIntegerField(default=0)),
                        ('errors', models.PositiveIntegerField(default=0)),
                        ('refused', models.PositiveIntegerField(default=0)),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='minutes', to='portals.client')),
                        ('minute', models.DateTimeField()),
                    ],
                    options={
                        'verbose_name': 'use in a minute',
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('client', 'minute'), name='client_minute_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ClientSecret',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='secrets', to='portals.client')),
                        ('prefix', models.CharField(editable=False, max_length=12)),
                        ('digest', models.CharField(editable=False, max_length=64, unique=True)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('expires_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True)),
                        ('last_used_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ],
                    options={
                        'verbose_name': 'client secret',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['client', '-created_at', '-id'], name='client_secret_newest')],
                    },
                ),
                migrations.CreateModel(
                    name='IdempotentResponse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('idempotency_key', models.CharField(max_length=255)),
                        ('digest', models.CharField(max_length=64)),
                        ('status', models.PositiveSmallIntegerField()),
                        ('body', models.TextField()),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                    ],
                    options={
                        'verbose_name': 'stored answer',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['at'], name='idempotent_response_age')],
                        'constraints': [models.UniqueConstraint(fields=('user', 'idempotency_key'), name='idempotent_response_once')],
                    },
                ),
                migrations.CreateModel(
                    name='TrustedDocument',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='portals.client')),
                        ('sha256', models.CharField(editable=False, max_length=64)),
                        ('name', models.CharField(editable=False, max_length=120)),
                        ('text', models.TextField(editable=False)),
                        ('registered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('registered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('retired_at', models.DateTimeField(blank=True, editable=False, null=True)),
                    ],
                    options={
                        'verbose_name': 'trusted document',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['client', '-registered_at', '-id'], name='trusted_document_newest'), models.Index(fields=['sha256'], name='trusted_document_sha')],
                        'constraints': [models.UniqueConstraint(fields=('client', 'sha256'), name='trusted_document_once')],
                    },
                ),
                migrations.CreateModel(
                    name='WebhookAttempt',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tries', to='portals.webhookdelivery')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('status', models.PositiveSmallIntegerField(null=True)),
                        ('fault', models.CharField(blank=True, max_length=20)),
                        ('milliseconds', models.PositiveIntegerField()),
                        ('text', models.TextField(blank=True)),
                    ],
                    options={
                        'verbose_name': 'webhook attempt',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['delivery', '-at', '-id'], name='webhook_attempt_newest')],
                    },
                ),
                migrations.CreateModel(
                    name='WebhookEndpoint',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='webhook_endpoints', to='portals.client')),
                        ('url', models.CharField(max_length=500)),
                        ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None)),
                        ('secret', models.BinaryField()),
                        ('former_secret', models.BinaryField(null=True)),
                        ('former_until', models.DateTimeField(editable=False, null=True)),
                        ('place', models.TextField(editable=False)),
                        ('failing_since', models.DateTimeField(editable=False, null=True)),
                        ('missed_since', models.DateTimeField(editable=False, null=True)),
                        ('missed_until', models.DateTimeField(editable=False, null=True)),
                        ('off_at', models.DateTimeField(editable=False, null=True)),
                        ('off_because', models.CharField(blank=True, editable=False, max_length=8)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('created_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'webhook',
                        'default_permissions': ('view',),
                        'indexes': [models.Index(fields=['-created_at', '-id'], name='webhook_newest')],
                        'constraints': [models.UniqueConstraint(fields=('client', 'url'), name='webhook_address_once')],
                    },
                ),
            ],
        ),
    ]
