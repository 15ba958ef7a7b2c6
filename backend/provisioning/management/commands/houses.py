"""`manage.py houses`: the municipalities that this installation serves, each with a database of its own."""

from __future__ import annotations

import argparse
import os
from typing import Any

from django.core.management.base import CommandError, CommandParser

from backend import houses
from backend.core.checks import WithoutAddresses
from backend.core.errors import DomainError
from backend.houses import House, HousesError
from backend.provisioning import creating, running, status

SERVING = ("worker", "stream", "telephone")
"""Commands that go on until they are ended."""
BAR = 30


class Command(WithoutAddresses):
    help = "Make, migrate and look after the houses in the file OZELKALEM_HOUSES."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="what", metavar="status|create|migrate|run")
        kinds.add_parser("status", help="all houses: migrations to come, size, last backup")
        create = kinds.add_parser("create", help="a new house, from the template's database")
        create.add_argument("name", help="small letters, digits and _")
        create.add_argument("--host", action="append", required=True, help="a name under which it is asked")
        create.add_argument("--administrator", default="bilgiislem", help="user name of the first one")
        create.add_argument(
            "--set",
            action="append",
            default=[],
            metavar="NAME=VALUE",
            help="a variable of its own, without OZELKALEM_",
        )
        migrate = kinds.add_parser(
            "migrate", help="the template and all houses, several at once; again is harmless"
        )
        run = kinds.add_parser("run", help="another command in all houses, each in a process of its own")
        for each in (migrate, run):
            each.add_argument("--house", action="append", help="only in this one (several times: in these)")
            each.add_argument(
                "--at-once", type=int, default=os.cpu_count() or 1, help="so many at the same time"
            )
        run.add_argument("command", nargs=argparse.REMAINDER, help="the command and its arguments")

    def handle(self, *args: Any, what: str | None, **options: Any) -> None:
        if not houses.is_on():
            raise CommandError(
                "Set OZELKALEM_HOUSES to the file that lists the houses (docs/operations/houses.md)."
            )
        try:
            getattr(self, f"_{what or 'status'}")(**options)
        except (HousesError, DomainError) as error:
            raise CommandError(str(error)) from error

    def _status(self, **_options: Any) -> None:
        for line in status.table(houses.every()):
            self.stdout.write(line)

    def _create(
        self, name: str, host: list[str], administrator: str, set: list[str], **_options: Any
    ) -> None:
        own = dict(each.partition("=")[::2] for each in set)
        house, path = creating.create(name, host, own, administrator=administrator)
        self.stdout.write(self.style.SUCCESS(f"{name}: {house.database}"))
        self.stdout.write(f"{administrator} chooses a password at\n{house.settings['PUBLIC_URL']}{path}")

    def _migrate(self, house: list[str] | None, at_once: int, **_options: Any) -> None:
        chosen = _chosen(house)
        if house is None:
            with creating.server() as server:
                creating.prepare_template(server, anyway=True)
        self._run_each(chosen, ["migrate", "--database", "owner", "--no-input"], at_once, quiet=True)

    def _run(self, house: list[str] | None, at_once: int, command: list[str], **_options: Any) -> None:
        if not command:
            raise CommandError("Name the command: manage.py houses run [--house NAME] COMMAND …")
        if command[0] in SERVING:
            running.serve(lambda: _chosen(house), command)
            return
        self._run_each(_chosen(house), command, at_once, quiet=False)

    def _run_each(self, chosen: list[House], command: list[str], at_once: int, *, quiet: bool) -> None:
        def tell(ended: running.Ended, done: int) -> None:
            name, lines = ended.of.name, ended.output.rstrip().splitlines()
            shown = lines[-1:] if quiet and ended.status else [] if quiet else lines
            for line in shown:
                self.stdout.write(f"{name}: {line}")
            if ended.status:
                self.stderr.write(f"{name}: not done (exit {ended.status})")
            self._bar(done, len(chosen), name)

        try:
            failed = running.run(chosen, command, max(1, at_once), tell)
        except KeyboardInterrupt:
            raise CommandError(
                "Interrupted. Run it again: what is done stays done.", returncode=130
            ) from None
        if failed:
            names = ", ".join(house.name for house in failed)
            raise CommandError(f"Not done in {len(failed)} of {len(chosen)}: {names}. The others are done.")
        if quiet:
            self.stdout.write(self.style.SUCCESS(f"{len(chosen)} houses."))

    def _bar(self, done: int, of: int, name: str) -> None:
        """Show how far it is, to a person."""
        out = self.stderr
        if out.isatty():
            full = BAR * done // of
            out.write(
                f"\r{'█' * full}{'░' * (BAR - full)} {done}/{of} {name:<31}",
                ending="\n" if done == of else "",
            )


def _chosen(names: list[str] | None) -> list[House]:
    return houses.every() if names is None else [houses.named(name) for name in names]
