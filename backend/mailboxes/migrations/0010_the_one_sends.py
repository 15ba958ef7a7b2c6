from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('mailboxes', '0009_sending_line'),
    ]

    operations = [
        # The one number for SMS that was there before the column, or what its gateway reports would be refused.
        migrations.RunSQL(
            "UPDATE mailboxes_messageline SET sends = true WHERE channel = 'SMS' AND is_active"
            " AND (SELECT count(*) FROM mailboxes_messageline WHERE channel = 'SMS' AND (is_active OR sends)) = 1",
            migrations.RunSQL.noop,
        ),
    ]
