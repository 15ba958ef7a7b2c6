from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConfigurationConfig(AppConfig):
    name = "backend.configuration"
    label = "configuration"
    verbose_name = _("Settings")

    def ready(self) -> None:
        from backend.configuration import checks  # noqa: F401
