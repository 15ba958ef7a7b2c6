from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RoutingConfig(AppConfig):
    name = "backend.routing"
    label = "routing"
    verbose_name = _("Routing rules")

    def ready(self) -> None:
        from backend.complaints.actions import registering
        from backend.routing import applying

        registering.DECIDES.append(applying.decide_new)
