from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StickersConfig(AppConfig):
    name = "backend.stickers"
    label = "stickers"
    verbose_name = _("Places with a QR code")
