import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import backend.core.models
import backend.core.operation.migrating
import backend.documents.models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contacts', '0001_initial'),
        ('core', '0001_turkish_text'),
        ('letters', '0001_initial'),
        ('organization', '0001_initial'),
        ('outbox', '0001_initial'),
        ('partners', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='Batch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='batches', to='greetings.occasion')),
                        ('title', models.CharField(max_length=120)),
                        ('status', models.CharField(default='PREPARING', editable=False, max_length=9)),
                        ('template', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='letters.lettertemplate')),
                        ('subject', models.CharField(blank=True, max_length=200)),
                        ('salutation', models.CharField(blank=True, max_length=200)),
                        ('body', models.TextField(blank=True)),
                        ('closing', models.CharField(blank=True, max_length=200)),
                        ('sms_text', models.CharField(blank=True, max_length=480)),
                        ('channels', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=5), size=None)),
                        ('signatory', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('signatory_name', models.CharField(blank=True, max_length=160)),
                        ('signatory_title', models.CharField(blank=True, max_length=120)),
                        ('prepared_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('prepared_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('run', models.PositiveIntegerField(default=0, editable=False)),
                        ('started_at', models.DateTimeField(editable=False, null=True)),
                        ('seen_at', models.DateTimeField(editable=False, null=True)),
                        ('ended_at', models.DateTimeField(editable=False, null=True)),
                        ('fault', models.TextField(blank=True, editable=False)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                    ],
                    options={
                        'verbose_name': 'batch of greetings',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['-prepared_at', '-id'], name='batch_newest'), models.Index(fields=['occasion', '-prepared_at'], name='batch_of_occasion')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('channels', []), _negated=True), name='a_batch_has_a_channel'), models.CheckConstraint(condition=models.Q(models.Q(('status__in', ['DONE', 'FAILED']), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='a_batch_ends')],
                    },
                ),
                migrations.CreateModel(
                    name='BatchLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('note', models.TextField(blank=True)),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='greetings.batch')),
                        ('verb', models.CharField(max_length=40)),
                        ('from_status', models.CharField(blank=True, max_length=9)),
                        ('to_status', models.CharField(blank=True, max_length=9)),
                        ('details', models.JSONField(default=dict)),
                    ],
                    options={
                        'verbose_name': 'story line of a batch',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['batch', '-at', '-id'], name='line_of_batch')],
                    },
                ),
                migrations.CreateModel(
                    name='KeptDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kept_days', to='contacts.citizen')),
                        ('kind', models.CharField(max_length=11)),
                        ('of_what', models.CharField(blank=True, max_length=120)),
                        ('month', models.PositiveSmallIntegerField()),
                        ('day', models.PositiveSmallIntegerField()),
                        ('since', models.PositiveSmallIntegerField(null=True)),
                        ('basis', models.CharField(max_length=13)),
                        ('basis_note', models.CharField(max_length=200)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'day kept of a person',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['month', 'day', 'id'], name='kept_day_of_the_year')],
                        'constraints': [models.UniqueConstraint(fields=('citizen', 'kind', 'of_what'), name='a_day_is_kept_once'), models.CheckConstraint(condition=models.Q(('day__gte', 1), ('day__lte', 31), ('month__gte', 1), ('month__lte', 12)), name='a_day_of_the_year'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'BIRTHDAY'), _negated=True), ('since__isnull', True), _connector='OR'), name='no_age_is_kept'), models.CheckConstraint(condition=models.Q(('basis_note', ''), _negated=True), name='a_kept_day_has_its_basis')],
                    },
                ),
                migrations.CreateModel(
                    name='Occasion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('code', models.CharField(blank=True, editable=False, max_length=120)),
                        ('name', models.CharField(max_length=160)),
                        ('kind', models.CharField(max_length=16)),
                        ('on', models.DateField()),
                        ('letter_kind', models.CharField(max_length=14)),
                        ('letter', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='occasion', to='letters.letter')),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'occasion',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['-on', '-id'], name='occasion_newest')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('code', ''), _negated=True), fields=('code',), name='an_occasion_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Preference',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('citizen', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='greeting_preference', to='contacts.citizen')),
                        ('wish', models.CharField(max_length=9)),
                        ('notified_on', models.DateField()),
                        ('proof', models.CharField(max_length=200)),
                        ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('recorded_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'wish about greetings',
                        'default_permissions': (),
                        'constraints': [models.CheckConstraint(condition=models.Q(('proof', ''), _negated=True), name='a_wish_has_its_proof')],
                    },
                ),
                migrations.CreateModel(
                    name='PrintRun',
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
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='print_runs', to='greetings.batch')),
                        ('letters', models.PositiveIntegerField()),
                        ('names_members', models.BooleanField(db_default=False, default=False, editable=False)),
                    ],
                    options={
                        'verbose_name': 'print run',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['batch', '-uploaded_at'], name='print_run_of_batch')],
                    },
                ),
                migrations.CreateModel(
                    name='Recipient',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recipients', to='greetings.batch')),
                        ('occasion', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='greetings.occasion')),
                        ('citizen', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='greetings', to='contacts.citizen')),
                        ('department', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.department')),
                        ('body', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organization.outsidebody')),
                        ('role', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partners.role')),
                        ('source', models.CharField(max_length=11)),
                        ('title', models.CharField(blank=True, max_length=120)),
                        ('organisation', models.CharField(blank=True, max_length=160)),
                        ('outcome', models.CharField(default='PENDING', max_length=15)),
                        ('reason', models.CharField(blank=True, max_length=13)),
                        ('decision', models.CharField(blank=True, max_length=9)),
                        ('channel', models.CharField(blank=True, max_length=5)),
                        ('name', models.CharField(blank=True, max_length=200)),
                        ('address', models.CharField(blank=True, max_length=400)),
                        ('settled_at', models.DateTimeField(null=True)),
                        ('message', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outbox.message')),
                        ('print_run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='recipients', to='greetings.printrun')),
                    ],
                    options={
                        'verbose_name': 'recipient of a greeting',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['batch', 'id'], name='recipient_of_batch'), models.Index(fields=['batch', 'outcome', 'id'], name='recipient_by_outcome'), models.Index(condition=models.Q(('print_run__isnull', False)), fields=['print_run', 'id'], name='recipient_printed'), models.Index(backend.core.models.TrFold('organisation'), condition=models.Q(('organisation', ''), _negated=True), name='recipient_written')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('body__isnull', True), ('citizen__isnull', False), ('department__isnull', True)), models.Q(('body__isnull', True), ('citizen__isnull', True), ('department__isnull', False)), models.Q(('body__isnull', False), ('citizen__isnull', True), ('department__isnull', True)), _connector='OR'), name='a_recipient_is_one'), models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'SENT'), _negated=True), models.Q(('channel', ''), _negated=True), _connector='OR'), name='what_was_sent_has_a_channel'), models.UniqueConstraint(fields=('batch', 'citizen'), name='a_citizen_once_in_a_batch'), models.UniqueConstraint(fields=('batch', 'department'), name='a_department_once_in_a_batch'), models.UniqueConstraint(fields=('batch', 'body'), name='a_body_once_in_a_batch'), models.UniqueConstraint(condition=models.Q(('outcome', 'SENT')), fields=('occasion', 'citizen'), name='one_greeting_of_a_citizen'), models.UniqueConstraint(condition=models.Q(('outcome', 'SENT')), fields=('occasion', 'department'), name='one_greeting_of_a_department'), models.UniqueConstraint(condition=models.Q(('outcome', 'SENT')), fields=('occasion', 'body'), name='one_greeting_of_a_body')],
                    },
                ),
            ],
        ),
    ]
