from django.apps import AppConfig

from backend.core.words import lines  # noqa: F401 - before any model is made


class CoreConfig(AppConfig):
    name = "backend.core"
    label = "core"

    def ready(self) -> None:
        from backend.core import checks  # noqa: F401
        from backend.core.at_rest import signed_rows
        from backend.houses import is_on, wiring

        if is_on():
            wiring.wire()

        signed_rows.connect()
