from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mailboxes', '0004_reported'),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name='mailbox',
                name=name,
                field=models.CharField(blank=True, default='', max_length=length),
                preserve_default=False,
            )
            for name, length in (('client_id', 200), ('authorize_url', 500), ('token_url', 500), ('scope', 500))
        ),
        migrations.AddField(
            model_name='mailbox',
            name='client_secret',
            field=models.BinaryField(default=bytes, editable=False),
        ),
        migrations.AddField(
            model_name='mailbox',
            name='access_token',
            field=models.BinaryField(default=bytes, editable=False),
        ),
        migrations.AddField(
            model_name='mailbox',
            name='access_until',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
