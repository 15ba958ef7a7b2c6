from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('organization', '0005_others_may_join'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='extension',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
    ]
