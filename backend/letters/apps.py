from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    name = "backend.letters"
    label = "letters"
    verbose_name = _("Letters")

    def ready(self) -> None:
        from backend.letters import checks  # noqa: F401
        from backend.letters.actions.delivering import reached_otherwise
        from backend.outbox.delivery import REACHED_OTHERWISE

        REACHED_OTHERWISE.append(reached_otherwise)
