from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('mailboxes', '0003_generation'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='mailbox',
            name='purpose',
        ),
    ]
