import uuid

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.utils.timezone
import phonenumber_field.modelfields
from django.conf import settings
from django.db import migrations, models

import backend.core.models
import backend.core.operation.migrating
import backend.documents.models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0001_turkish_text'),
        ('organization', '0001_initial'),
        ('outbox', '0001_initial'),
        ('partners', '0001_initial'),
        ('programme', '0001_initial'),
    ]

    operations = [
        backend.core.operation.migrating.Tables(
            operations=[
                migrations.CreateModel(
                    name='GiftOrder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='orders', to='invitations.invitation')),
                        ('gift', models.CharField(max_length=10)),
                        ('text', models.CharField(blank=True, max_length=300)),
                        ('address', models.CharField(max_length=200)),
                        ('due_at', models.DateTimeField()),
                        ('ordered_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('ordered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('done_at', models.DateTimeField(editable=False, null=True)),
                        ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'order of flowers or a message',
                        'ordering': ['due_at', 'id'],
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('year', models.PositiveSmallIntegerField(editable=False)),
                        ('number', models.PositiveIntegerField(editable=False)),
                        ('reference', models.CharField(editable=False, max_length=20, unique=True)),
                        ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='programme.principal')),
                        ('status', models.CharField(default='NEW', editable=False, max_length=11)),
                        ('occasion', models.CharField(max_length=12)),
                        ('title', models.CharField(max_length=200)),
                        ('host', models.CharField(max_length=160)),
                        ('partner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitations', to='partners.organisation')),
                        ('contact', models.CharField(blank=True, max_length=160)),
                        ('phone', phonenumber_field.modelfields.PhoneNumberField(blank=True, max_length=128, region=None)),
                        ('email', models.EmailField(blank=True, max_length=254)),
                        ('place', models.CharField(blank=True, max_length=200)),
                        ('starts_at', models.DateTimeField()),
                        ('ends_at', models.DateTimeField()),
                        ('wish', models.CharField(blank=True, max_length=300)),
                        ('body', models.TextField(blank=True)),
                        ('answer_by', models.DateField(blank=True, null=True)),
                        ('entry', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitation', to='programme.entry')),
                        ('deputy', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='programme.principal')),
                        ('representative', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('representative_name', models.CharField(blank=True, editable=False, max_length=160)),
                        ('ground', models.CharField(blank=True, editable=False, max_length=9)),
                        ('reason', models.TextField(blank=True, editable=False)),
                        ('decided_at', models.DateTimeField(editable=False, null=True)),
                        ('decided_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('registered_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('registered_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('version', models.PositiveIntegerField(default=1, editable=False)),
                        ('words', models.GeneratedField(db_persist=True, expression=django.contrib.postgres.search.SearchVector(backend.core.models.TrTokens(models.Func(models.Func(models.Func(models.Func(models.F('title'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('host'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.Value(' '), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)'), models.F('place'), arg_joiner=' || ', output_field=models.TextField(), template='(%(expressions)s)')), config='simple'), output_field=django.contrib.postgres.search.SearchVectorField())),
                    ],
                    options={
                        'verbose_name': 'invitation',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['starts_at', 'id'], name='invitation_by_time'), models.Index(fields=['principal', 'status', 'starts_at', 'id'], name='invitation_of_principal'), models.Index(backend.core.models.TrFold('host'), condition=models.Q(('partner__isnull', True), models.Q(('host', ''), _negated=True)), name='invitation_written'), models.Index(condition=models.Q(('partner__isnull', False)), fields=['partner', 'starts_at', 'id'], name='invitation_of_partner'), django.contrib.postgres.indexes.GinIndex(fields=['words'], name='invitation_words'), django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(backend.core.models.TrFold(models.F('title')), name='gin_trgm_ops'), name='invitation_alike')],
                        'constraints': [models.UniqueConstraint(fields=('year', 'number'), name='invitation_number_once_a_year'), models.CheckConstraint(condition=models.Q(('ends_at__gt', models.F('starts_at'))), name='invitation_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'ATTENDING'), _negated=True), ('entry__isnull', False), _connector='OR'), name='what_is_attended_is_in_the_programme'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'REPRESENTED'), _negated=True), ('deputy__isnull', False), ('representative__isnull', False), models.Q(('representative_name', ''), _negated=True), _connector='OR'), name='a_representative_is_somebody')],
                    },
                ),
                migrations.CreateModel(
                    name='InvitationAttachment',
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
                        ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='invitations.invitation')),
                    ],
                    options={
                        'verbose_name': 'attachment of an invitation',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['invitation', 'uploaded_at'], name='attachment_of_invitation')],
                    },
                ),
                migrations.CreateModel(
                    name='InvitationLine',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                        ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('note', models.TextField(blank=True)),
                        ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='invitations.invitation')),
                        ('verb', models.CharField(max_length=40)),
                        ('from_status', models.CharField(blank=True, max_length=11)),
                        ('to_status', models.CharField(blank=True, max_length=11)),
                        ('details', models.JSONField(default=dict)),
                    ],
                    options={
                        'verbose_name': 'story line of an invitation',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['invitation', '-at', '-id'], name='line_of_invitation')],
                    },
                ),
                migrations.CreateModel(
                    name='InvitationNotice',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                        ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                        ('invitation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='invitations.invitation')),
                        ('kind', models.CharField(max_length=9)),
                        ('body', models.TextField()),
                        ('means', models.CharField(max_length=10)),
                        ('notified_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('notified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('message', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='outbox.message')),
                    ],
                    options={
                        'verbose_name': 'notice to the host',
                        'default_permissions': (),
                        'indexes': [models.Index(fields=['invitation', 'notified_at', 'id'], name='notice_of_invitation')],
                    },
                ),
            ],
        ),
    ]
