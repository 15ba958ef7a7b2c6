from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from backend.core.checks import WithoutAddresses
from backend.core.operation.backup import backup


class Command(WithoutAddresses):
    help = "Write the database and the attachments into one file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="where to write it; replaced only when the new one is whole"
        )
        parser.add_argument(
            "--without-files",
            action="store_true",
            help="the database alone: where the bucket of files is backed up by itself",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"].absolute()
        target.parent.mkdir(parents=True, exist_ok=True)
        damaged = backup(
            target,
            progress=lambda part: self.stdout.write(f"{part} …"),
            with_files=not options["without_files"],
        )
        self.stdout.write(self.style.SUCCESS(f"{target}: {target.stat().st_size / 1e6:.1f} MB"))
        if damaged:
            for name in damaged:
                self.stderr.write(name)
            raise CommandError(
                f"The backup is written without {len(damaged)} damaged files. A former backup may have them whole."
            )
