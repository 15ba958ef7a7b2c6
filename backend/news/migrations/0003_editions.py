from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('news', '0002_mailing'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='releasemailing',
            name='a_release_once_to_an_address',
        ),
        migrations.AddField(
            model_name='releasemailing',
            name='corrected_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name='releasemailing',
            constraint=models.UniqueConstraint(fields=('release', 'digest', 'corrected_at'), name='an_edition_once_to_an_address', nulls_distinct=False),
        ),
    ]
