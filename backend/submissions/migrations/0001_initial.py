import uuid

import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import backend.core.operation.migrating
import backend.documents.models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('complaints', '0001_initial'),
        ('contacts', '0001_initial'),
        ('core', '0001_turkish_text'),
        ('organization', '0001_initial'),
        ('stickers', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='ContactProof',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('account', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('contact', models.CharField(editable=False, max_length=32)),
                        ('sender', models.CharField(editable=False, max_length=32)),
                        ('network', models.CharField(editable=False, max_length=32)),
                        ('code_digest', models.CharField(editable=False, max_length=32)),
                        ('tries', models.PositiveSmallIntegerField(default=0, editable=False)),
                        ('proved_at', models.DateTimeField(editable=False, null=True)),
                        ('session_digest', models.CharField(blank=True, editable=False, max_length=64)),
                    ],
                    options={
                        'verbose_name': 'proof of a contact',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['contact', 'asked_at'], name='proof_of_contact'), models.Index(fields=['sender', 'asked_at'], name='proof_of_sender'), models.Index(fields=['network', 'asked_at'], name='proof_of_network'), models.Index(fields=['asked_at'], name='proof_by_time')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('proved_at__isnull', True), ('session_digest', '')), models.Q(('proved_at__isnull', False), models.Q(('session_digest', ''), _negated=True)), _connector='OR'), name='a_session_follows_its_proof'), models.UniqueConstraint(condition=models.Q(('session_digest', ''), _negated=True), fields=('session_digest',), name='a_session_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ShareUse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('used_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('contact', models.CharField(blank=True, editable=False, max_length=32)),
                        ('sender', models.CharField(editable=False, max_length=32)),
                        ('network', models.CharField(editable=False, max_length=32)),
                        ('size', models.PositiveIntegerField(default=0, editable=False)),
                    ],
                    options={
                        'verbose_name': 'use of a share',
                        'default_permissions': (),
                        'indexes': [models.Index(condition=models.Q(('contact', ''), _negated=True), fields=['contact', 'used_at'], name='use_by_contact'), models.Index(condition=models.Q(('contact', '')), fields=['sender', 'used_at'], name='use_by_sender'), models.Index(condition=models.Q(('contact', '')), fields=['network', 'used_at'], name='use_by_network'), models.Index(fields=['used_at'], name='use_by_time')],
                    },
                ),
                migrations.CreateModel(
                    name='Submission',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('status', models.CharField(default='WAITING', editable=False, max_length=9)),
                        ('received_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('kind', models.CharField(max_length=20)),
                        ('subject', models.CharField(blank=True, max_length=200)),
                        ('body', models.TextField(blank=True)),
                        ('category', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.category')),
                        ('neighbourhood', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.neighbourhood')),
                        ('place', models.CharField(blank=True, max_length=300)),
                        ('latitude', models.FloatField(blank=True, null=True)),
                        ('longitude', models.FloatField(blank=True, null=True)),
                        ('sticker', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stickers.sticker')),
                        ('is_anonymous', models.BooleanField(default=False, editable=False)),
                        ('first_name', models.CharField(blank=True, max_length=80)),
                        ('last_name', models.CharField(blank=True, max_length=80)),
                        ('phone', models.CharField(blank=True, max_length=20)),
                        ('email', models.CharField(blank=True, max_length=254)),
                        ('address', models.CharField(blank=True, max_length=300)),
                        ('identity_hidden', models.BooleanField(db_default=False, default=False)),
                        ('privacy_notice', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.privacynotice')),
                        ('code_digest', models.CharField(editable=False, max_length=64, unique=True)),
                        ('is_code_sent', models.BooleanField(default=False, editable=False)),
                        ('codes_sent', models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                        ('sender', models.CharField(editable=False, max_length=32)),
                        ('network', models.CharField(editable=False, max_length=32)),
                        ('content', models.CharField(editable=False, max_length=32)),
                        ('complaint', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.complaint')),
                        ('decided_at', models.DateTimeField(editable=False, null=True)),
                        ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('reason', models.CharField(blank=True, editable=False, max_length=300)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'verbose_name': 'submission',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['received_at', 'id'], name='submission_oldest'), models.Index(fields=['status', 'received_at', 'id'], name='submission_by_status'), models.Index(fields=['sender', 'received_at'], name='submission_of_sender'), models.Index(fields=['network', 'received_at'], name='submission_of_network'), models.Index(fields=['content', 'received_at'], name='submission_same')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('complaint__isnull', False), ('status__in', ['CONFIRMED', 'ACCEPTED'])), models.Q(('complaint__isnull', True), ('status__in', ['WAITING', 'REJECTED'])), _connector='OR'), name='what_is_verified_is_a_case'), models.CheckConstraint(condition=models.Q(('status', 'WAITING'), ('decided_at__isnull', False), _connector='OR'), name='a_decision_has_its_moment')],
                    },
                ),
                migrations.CreateModel(
                    name='SubmissionFile',
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
                        ('bundle', models.CharField(editable=False, max_length=32)),
                        ('submission', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='files', to='submissions.submission')),
                    ],
                    options={
                        'verbose_name': 'file of a submission',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['uploaded_at'], name='brought_by_time')],
                        'constraints': [models.UniqueConstraint(fields=('bundle', 'sha256'), name='a_file_once_in_a_bundle')],
                    },
                ),
                migrations.CreateModel(
                    name='AffectedPerson',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('complaint', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='affected_people', to='complaints.complaint')),
                        ('account', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('email', models.CharField(blank=True, editable=False, max_length=254)),
                        ('phone', models.CharField(blank=True, editable=False, max_length=20)),
                        ('person', models.CharField(editable=False, max_length=32)),
                        ('privacy_notice', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contacts.privacynotice')),
                        ('joined_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('informed_at', models.DateTimeField(editable=False, null=True)),
                    ],
                    options={
                        'verbose_name': 'affected person',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['email', 'phone'], name='affected_by_contact'), models.Index(fields=['informed_at', 'id'], name='affected_informed')],
                        'constraints': [models.UniqueConstraint(fields=('complaint', 'email', 'phone', 'person'), name='affected_once_by_a_case')],
                    },
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='affectedperson',
                    trigger=pgtrigger.compiler.Trigger(name='notice_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."privacy_notice_id" IS DISTINCT FROM (NEW."privacy_notice_id") AND OLD."privacy_notice_id" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='864b59b8998f60b738b24d177ff89dc2da5aed7e', operation='UPDATE', pgid='pgtrigger_notice_stays_ff95b', table='submissions_affectedperson', when='BEFORE')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='submission',
                    trigger=pgtrigger.compiler.Trigger(name='notice_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."privacy_notice_id" IS DISTINCT FROM (NEW."privacy_notice_id") AND OLD."privacy_notice_id" IS NOT NULL)', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='e51ef8d316ea02d485a12c0bc5afdf94501de872', operation='UPDATE', pgid='pgtrigger_notice_stays_ca119', table='submissions_submission', when='BEFORE')),
                ),
            ],
        ),
    ]
