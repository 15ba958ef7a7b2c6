from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from backend.core.checks import WithoutAddresses
from backend.core.operation.backup import restore


class Command(WithoutAddresses):
    help = "Bring a backup back into an empty database."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `manage.py backup` wrote")
        parser.add_argument(
            "--replace", action="store_true", help="empty the database first: what is in it is lost"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        restore(
            options["file"].absolute(),
            replace=options["replace"],
            progress=lambda part: self.stdout.write(f"{part} …"),
        )
        self.stdout.write(
            self.style.SUCCESS("Restored. Run `manage.py migrate --database owner` before serving.")
        )
