from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MailboxesConfig(AppConfig):
    name = "backend.mailboxes"
    label = "mailboxes"
    verbose_name = _("Mailboxes")

    def ready(self) -> None:
        from backend.mailboxes import joining

        joining.register()
