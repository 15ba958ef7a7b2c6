"""`manage.py load_reference`: departments, mahalle, categories and outside bodies from editable files."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser

from backend.core.checks import WithoutAddresses
from backend.core.session import system
from backend.organization.reference import DEFAULT_DIRECTORY, load


class Command(WithoutAddresses):
    help = "Loads the reference data (CSV files); a second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--data", type=Path, default=DEFAULT_DIRECTORY, help="folder of the CSV files")
        parser.add_argument("--dry-run", action="store_true", help="only tell what would change")

    def handle(self, *args: Any, data: Path, dry_run: bool, **options: Any) -> None:
        with system():
            report = load(data, dry_run=dry_run)
        result = "\n".join(report.lines())
        if report.problems:
            raise CommandError(result)
        if options["verbosity"]:
            self.stdout.write(result)
