"""Write the schema's SDL to schema/schema.graphql, or check that the committed one is up to date."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from graphql import build_schema
from graphql.utilities import find_breaking_changes

from schema.app import schema
from schema.core.errors import markdown

FILE = Path(__file__).resolve().parents[2] / "schema.graphql"
ERRORS = FILE.parents[1] / "docs" / "errors.md"


def sdl() -> str:
    return schema.as_str() + "\n"


class Command(BaseCommand):
    help = (
        "Write schema/schema.graphql and docs/errors.md. With --check only compare, and name the changes that break"
        " clients."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="write nothing; fail if the file is out of date"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            ERRORS.write_text(markdown(), encoding="utf-8")
        elif ERRORS.read_text(encoding="utf-8") != markdown():
            raise CommandError("docs/errors.md is out of date. Run: manage.py graphql_sdl")
        committed, current = FILE.read_text(encoding="utf-8") if FILE.exists() else "", sdl()
        if committed == current:
            self.stdout.write("schema.graphql is up to date.")
            return
        changes = find_breaking_changes(build_schema(committed), build_schema(current)) if committed else []
        for change in changes:
            self.stdout.write(f"breaking: {change.description}")
        if options["check"]:
            raise CommandError("schema.graphql is out of date. Run: manage.py graphql_sdl")
        FILE.write_text(current, encoding="utf-8")
        self.stdout.write("schema.graphql written.")
