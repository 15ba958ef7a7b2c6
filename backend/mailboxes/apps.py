from django.apps import AppConfig
from django.conf import settings
from django.utils.translation import gettext_lazy as _

SMPP = "backend.outbox.smpp.SmppGateway"


class MailboxesConfig(AppConfig):
    name = "backend.mailboxes"
    label = "mailboxes"
    verbose_name = _("Mailboxes")

    def ready(self) -> None:
        from backend.mailboxes import joining
        from backend.mailboxes.lines.cloud import WhatsApp
        from backend.mailboxes.matters import recipients
        from backend.mailboxes.models import MessageLine
        from backend.outbox import sms
        from backend.outbox.carriers import CARRIERS
        from backend.outbox.models import Message

        joining.register()
        recipients.register()
        if MessageLine.objects.sending not in sms.SENDING:
            sms.SENDING.append(MessageLine.objects.sending)
        if settings.SMS_PORT == SMPP:  # else nothing loads its library
            from backend.mailboxes.lines import session

            session.register()
        CARRIERS[Message.Channel.WHATSAPP] = WhatsApp()
