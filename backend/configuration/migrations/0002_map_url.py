"""The map for computers was an environment variable: an installation that had one keeps it as a setting."""

import os

from django.db import migrations
from django.db.models import Max


def keep_the_map(apps, schema_editor):
    address = os.environ.get('OZELKALEM_MAP_URL', '').strip()
    changes = apps.get_model('configuration', 'SettingChange').objects.using(schema_editor.connection.alias)
    if '{where}' not in address or changes.filter(name='MAP_URL').exists():
        return
    revision = (changes.aggregate(last=Max('revision'))['last'] or 0) + 1
    changes.create(name='MAP_URL', value=address, after=address, revision=revision)


class Migration(migrations.Migration):

    dependencies = [
        ('configuration', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(keep_the_map, migrations.RunPython.noop),
    ]
