"""`manage.py load_demo`: reference data, one account for every role, and invented complaints."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.db import connection
from django.utils.translation import gettext as _
from tqdm import tqdm

from backend.core.checks import WithoutAddresses
from backend.core.session import system
from backend.organization import reference
from backend.organization.models import Department, FilePlanCode, User
from permissions.demo import exports, loading, people
from permissions.demo.complaints import imports
from permissions.demo.users import demo_users

BIG = 10_000


class Command(WithoutAddresses):
    help = "Loads demo data: reference data, one account for every role, invented complaints."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--complaints", type=int, default=2000, help="how many there shall be (default 2000)"
        )
        parser.add_argument("--seed", type=int, default=2027, help="equal seeds give equal stories")
        parser.add_argument("--token", action="store_true", help="issue a new token for the portal account")

    def handle(self, *args: Any, complaints: int, seed: int, token: bool, **options: Any) -> None:
        if settings.ENVIRONMENT == "production":
            raise CommandError(_("This is a production installation: no demo data is loaded here."))
        quiet = not options["verbosity"]
        with _alone():
            _load_reference()
            try:
                added = loading.load(complaints, seed, partial(_bar, quiet))
            except KeyboardInterrupt:
                raise CommandError(_("Interrupted. Run the same command again: it continues.")) from None
        imports.load()
        exports.load()
        if added >= BIG:
            loading.settle()
        if quiet:
            return
        whole = loading.already_there()
        self.stdout.write(
            _("%(added)s complaints added, %(whole)s in all.") % {"added": added, "whole": whole}
        )
        for username, password, name, role in demo_users():
            self.stdout.write(f"  {username:12} {password:16} {name:20} {role}")
        if token:
            with system():
                secret = people.make_token(User.objects.get(username="bilgiislem"))
            self.stdout.write(_("Token of the portal account: %s") % secret)


@contextmanager
def _bar(quiet: bool, what: str, total: int) -> Iterator[Callable[[int], object]]:
    with tqdm(total=total, desc=what, disable=quiet) as bar:
        yield bar.update


@contextmanager
def _alone() -> Iterator[None]:
    """Two loadings at once would number the same stories twice: the second waits, and finds them there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended('load_demo', 2))")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended('load_demo', 2))")


def _load_reference() -> None:
    """Load the reference data that is missing, without touching changed rows."""
    with system():
        if Department.objects.exists() and FilePlanCode.objects.exists():
            return
        report = reference.load()
    if report.problems:
        raise CommandError("\n".join(report.lines()))
