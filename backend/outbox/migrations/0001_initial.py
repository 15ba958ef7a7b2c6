import uuid

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

import backend.core.operation.migrating


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_turkish_text'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                        ('channel', models.CharField(max_length=8)),
                        ('address', models.CharField(max_length=254)),
                        ('subject', models.CharField(blank=True, max_length=200)),
                        ('body', models.TextField()),
                        ('calendar', models.TextField(blank=True, editable=False)),
                        ('files', models.JSONField(blank=True, db_default=[], default=list, editable=False)),
                        ('purpose', models.CharField(max_length=60)),
                        ('thread', models.CharField(blank=True, db_default='', default='', editable=False, max_length=32)),
                        ('status', models.CharField(default='WAITING', max_length=8)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('not_before', models.DateTimeField(editable=False, null=True)),
                        ('sent_at', models.DateTimeField(editable=False, null=True)),
                        ('delivered_at', models.DateTimeField(editable=False, null=True)),
                        ('read_at', models.DateTimeField(editable=False, null=True)),
                        ('failed_at', models.DateTimeField(editable=False, null=True)),
                        ('gateway', models.CharField(blank=True, db_default='', default='', editable=False, max_length=36)),
                        ('provider_id', models.CharField(blank=True, db_default='', default='', editable=False, max_length=200)),
                        ('attempts', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('last_error', models.CharField(blank=True, editable=False, max_length=200)),
                    ],
                    options={
                        'verbose_name': 'outgoing message',
                        'default_permissions': ('view',),
                        'indexes': [models.Index(fields=['-created_at', 'id'], name='message_newest'), models.Index(condition=models.Q(('status', 'WAITING')), fields=['created_at'], name='message_waiting'), models.Index(condition=models.Q(('status', 'FAILED')), fields=['created_at'], name='message_failed'), models.Index(condition=models.Q(('thread', ''), _negated=True), fields=['thread', 'sent_at'], name='message_of_thread'), models.Index(condition=models.Q(('thread', ''), _negated=True), fields=['address', 'sent_at'], name='message_in_hour'), models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['provider_id'], name='message_of_provider')],
                    },
                ),
                migrations.CreateModel(
                    name='SmsPart',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('message', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='outbox.message')),
                        ('number', models.PositiveSmallIntegerField()),
                        ('total', models.PositiveSmallIntegerField()),
                        ('reference', models.PositiveSmallIntegerField()),
                        ('provider_id', models.CharField(blank=True, max_length=200)),
                        ('taken_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('outcome', models.CharField(blank=True, default='', max_length=9)),
                        ('outcome_at', models.DateTimeField(null=True)),
                        ('reason', models.CharField(blank=True, default='', max_length=200)),
                    ],
                    options={
                        'verbose_name': 'part of a text message',
                        'default_permissions': (),
                        'indexes': [models.Index(condition=models.Q(('provider_id', ''), _negated=True), fields=['provider_id'], name='sms_part_of_provider')],
                        'constraints': [models.UniqueConstraint(fields=('message', 'number'), name='a_part_is_taken_once')],
                    },
                ),
            ],
        ),
    ]
