"""`manage.py load_elections`: the election periods in which nothing is opened (298 m.64), from an editable file."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from backend.core.checks import WithoutAddresses
from backend.core.session import system
from backend.events.elections import FILE, load


class Command(WithoutAddresses):
    help = "Loads the election periods (CSV: code, name, begins_on, ends_on, source); a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, default=FILE, help="the CSV file")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would change")

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        if not file.is_file():
            raise CommandError(f"{file.name}: there is no such file.")
        with system():
            report = load(file, by=None, dry_run=dry_run)
        if report.problems:
            raise CommandError("\n".join(report.problems))
        if options["verbosity"]:
            self.stdout.write(
                f"new: {', '.join(report.created) or '-'}; changed: {', '.join(report.changed) or '-'}"
            )
