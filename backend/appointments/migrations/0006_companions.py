from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('appointments', '0005_places_online'),
    ]

    operations = [
        migrations.AddField(
            model_name='appointmentrequest',
            name='companion_names',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
    ]
