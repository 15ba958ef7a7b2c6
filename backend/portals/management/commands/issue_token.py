import datetime as dt
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone

from backend.core.checks import WithoutAddresses
from backend.core.errors import DomainError
from backend.core.session import system
from backend.organization.models import User
from backend.portals.actions import issue_token
from backend.portals.models import Scope


class Command(WithoutAddresses):
    help = (
        "Issue a bearer token for an account and print its secret, this once. Pages and GraphQL do the same."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the account; its permissions decide what the token sees")
        parser.add_argument("--name", default="command line", help="what people recognise it by")
        parser.add_argument("--days", type=int, default=30, help="how long it works")
        parser.add_argument(
            "--scopes", default=Scope.READ.value, help=f"{', '.join(Scope.values)}, separated by commas"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"], is_active=True).first()
        if user is None:
            raise CommandError(f"There is no active account {options['username']}.")
        try:
            with system():
                _token, secret = issue_token(
                    user=user,
                    name=options["name"],
                    scopes=[scope.strip().upper() for scope in options["scopes"].split(",")],
                    expires_at=timezone.now() + dt.timedelta(days=options["days"]),
                    by=None,
                )
        except DomainError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(secret)
