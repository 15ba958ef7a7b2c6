"""The sandbox client of the demo, which the example portal uses too: its documents are registered, its secret is made
anew and written where the portal reads it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from backend.core.session import system
from backend.organization.accounts import open_account
from backend.organization.models import User
from backend.portals.clients import register_client, rotate_secret
from backend.portals.models import Client, Scope
from backend.portals.trusted import register_documents
from example_portal.service import TRUSTED

ACCOUNT = "ornek.portal"
NAME = "Deneme istemcisi"
SCOPES = [Scope.SUBMIT, Scope.FOLLOW]


class Command(BaseCommand):
    help = "Register the sandbox client, or give it a new secret; not in production."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print client id and secret, and write both into settings.EXAMPLE_PORTAL_FILE (mode 0600)."""
        if settings.ENVIRONMENT == "production":
            raise CommandError("The example portal is no client of an installation.")
        with system():
            client_id, secret = _client()
        file = Path(settings.EXAMPLE_PORTAL_FILE)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
            json.dump({"client_id": client_id, "client_secret": secret}, out)
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
    register_documents(client, json.dumps(TRUSTED), by=None)
    return str(client.key), secret
