"""`manage.py postgres start|stop|status|url`: the embedded server by hand."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend import database, postgres


class Command(BaseCommand):
    """Starts, stops and describes the embedded PostgreSQL; `status` ends with 3 when it does not run."""

    help = "Start, stop or describe the embedded PostgreSQL server."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the verb and the role whose address is wanted."""
        parser.add_argument("verb", choices=["start", "stop", "status", "url"])
        parser.add_argument(
            "--role", choices=["app", "owner"], default="app", help="for url: as whom to connect"
        )

    def handle(self, *args: Any, verb: str, role: postgres.Role, **options: Any) -> None:
        """Carry out the verb; whatever is wrong is one sentence."""
        try:
            folder = database.embedded_folder()
            if folder is None:
                raise CommandError(
                    "DATABASE_URL is set, so there is no embedded server: unset it to use one."
                )
            self._carry_out(verb, folder, role)
        except postgres.PostgresError as error:
            raise CommandError(str(error)) from error

    def _carry_out(self, verb: str, folder: Path, role: postgres.Role) -> None:
        if verb == "start":
            postgres.start(folder)
            self.stdout.write(f"PostgreSQL runs on {folder} until `manage.py postgres stop`.")
        elif verb == "stop":
            stopped = postgres.stop(folder)
            self.stdout.write(f"PostgreSQL on {folder} {'has stopped' if stopped else 'was not running'}.")
        elif verb == "url":
            self.stdout.write(postgres.url(folder, role))
        else:
            self._describe(folder)

    def _describe(self, folder: Path) -> None:
        status = postgres.status(folder)
        if status.pid is None:
            self.stdout.write(f"PostgreSQL does not run on {folder}.")
            sys.exit(3)
        self.stdout.write(f"PostgreSQL runs on {folder}: process {status.pid}, socket in {status.socket}.")
