import uuid

import django.db.models.deletion
from django.db import migrations, models

MOVED = """
INSERT INTO events_picturepermission (key, text, event_id, picture_id)
SELECT gen_random_uuid(), picture.permission, published.event_id, picture.id
  FROM events_eventpicture picture JOIN events_publishedevent published ON published.id = picture.published_id;
UPDATE events_eventpicture SET name = 'picture', uploaded_by_id = NULL;
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('events', '0005_pictures'),
    ]

    operations = [
        migrations.CreateModel(
            name='PicturePermission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False)),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.CharField(max_length=300)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='events.event')),
                ('picture', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='granted', to='events.eventpicture')),
            ],
            options={
                'verbose_name': 'permission to publish a picture',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='a_public_picture_has_a_permission')],
            },
        ),
        migrations.RunSQL(MOVED, migrations.RunSQL.noop),
        migrations.RemoveConstraint(
            model_name='eventpicture',
            name='a_public_picture_has_words_and_permission',
        ),
        migrations.RemoveField(
            model_name='eventpicture',
            name='permission',
        ),
        migrations.AddConstraint(
            model_name='eventpicture',
            constraint=models.CheckConstraint(condition=models.Q(('alternative_text', ''), _negated=True), name='a_public_picture_has_words'),
        ),
    ]
