"""`manage.py load_demo`: reference data, one account for every role, and invented complaints."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from tqdm import tqdm

from backend.core.demo_users import demo_users
from backend.core.session import system
from backend.organization import reference
from backend.organization.models import User
from permissions.demo import loading, people

BIG = 10_000


class Command(BaseCommand):
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
        with system():
            report = reference.load()
        if report.problems:
            raise CommandError("\n".join(report.lines()))
        there = min(loading.already_there(), complaints)
        with tqdm(total=complaints, initial=there, unit=_(" complaints"), disable=quiet) as bar:
            try:
                added = loading.load(complaints, seed, bar.update)
            except KeyboardInterrupt:
                raise CommandError(_("Interrupted. Run the same command again: it continues.")) from None
        if added >= BIG:
            loading.settle()
        if quiet:
            return
        self.stdout.write(
            _("%(added)s complaints added, %(whole)s in all.") % {"added": added, "whole": there + added}
        )
        for username, password, name, role in demo_users():
            self.stdout.write(f"  {username:12} {password:16} {name:20} {role}")
        if token:
            with system():
                secret = people.make_token(User.objects.get(username="bilgiislem"))
            self.stdout.write(_("Token of the portal account: %s") % secret)
