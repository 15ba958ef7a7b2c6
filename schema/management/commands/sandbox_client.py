"""The sandbox client of the demo, with which third parties try the API: its secret is made anew at every start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backend.core.session import system
from backend.organization.accounts import open_account
from backend.organization.models import User
from backend.portals.clients import register_client, rotate_secret
from backend.portals.models import Client, Scope

ACCOUNT = "ornek.portal"
NAME = "Deneme istemcisi"
SCOPES = [Scope.SUBMIT, Scope.FOLLOW]


class Command(BaseCommand):
    help = "Register the sandbox client, or give it a new secret; not in production."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print client id and secret."""
        if settings.ENVIRONMENT == "production":
            raise CommandError("The sandbox client is no client of an installation.")
        with system():
            client_id, secret = _client()
        self.stdout.write(f"{client_id}\n{secret}")


def _client() -> tuple[str, str]:
    """The client's id and a new secret; the former one stays valid for a day, for a parallel demo."""
    account = User.objects.filter(username=ACCOUNT).first()
    if account is None:
        account, _none = open_account(
            username=ACCOUNT, first_name="Örnek", last_name="Portal", is_program=True, by=None
        )
    client = Client.objects.filter(account=account).first()
    if client is None:
        client, secret = register_client(
            account=account,
            name=NAME,
            contact_name="Geliştirici",
            contact_email="gelistirici@sancaktepe.example",
            scopes=SCOPES,
            by=None,
        )
    else:
        _secret, secret = rotate_secret(client, by=None, overlap_days=1)
    return str(client.key), secret
