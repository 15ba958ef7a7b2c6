"""What has changed in the schema since the last release, and whether it breaks clients."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend.core.localtime import today
from schema.developers import changes


class Command(BaseCommand):
    help = (
        "Show what has changed in the schema since schema/released.graphql. With --check fail if a change breaks"
        " clients and schema/accepted_changes.toml does not name it; with --release TITLE write it into"
        " docs/schema-changes.md."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail on a break that was not accepted")
        parser.add_argument(
            "--release", metavar="TITLE", help="promise the schema as it is, under this title"
        )
        parser.add_argument("--on", type=dt.date.fromisoformat, help="the day of the release; default: today")

    def handle(
        self, *args: Any, check: bool, release: str | None, on: dt.date | None, **options: Any
    ) -> None:
        """Print; or fail; or write the section, the promised schema and the empty list of acceptances."""
        result, rows = changes.since_release(), changes.accepted()
        if changes.RELEASED.exists():
            self.stdout.write(changes.markdown(result, rows) or "Nothing has changed.")
        else:
            self.stdout.write("There is no release yet: nothing to compare with.")
        faults = changes.faults(result, rows)
        if faults and (check or release):
            raise CommandError("\n".join(faults))
        if release:
            changes.release(release, on or today())
            self.stdout.write(f"docs/schema-changes.md written: {release}.")
