"""The client of the citizens' site: made if it is not there, with the documents that this version of the site asks."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from backend.configuration.office import configured
from backend.core.session import system
from backend.organization.accounts import open_account
from backend.organization.models import User
from backend.portals.clients import register_client
from backend.portals.models import Client, Scope
from backend.portals.trusted import register_documents, retire_document

NAME = "Belediyenin web sitesi"
SCOPES = [Scope.SUBMIT, Scope.FOLLOW, Scope.TRACK]
REQUESTS_A_MINUTE, COST_A_MINUTE = 12_000, 10_000_000
"""What all visitors together may ask; each one's share is counted by address (`backend/submissions`)."""
FOLDER = Path(settings.BASE_DIR) / "website" / "documents"


class Command(BaseCommand):
    help = "Make the client of the citizens' site, or bring its documents up to date; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Run at every start of the web (deploy/ozelkalem-web.service, the demo). A client that was closed stays so.

        Also where the site is off: some of its pages are there in any case (`website/always_urls.py`).
        """
        with system():
            client = Client.objects.filter(account__username=settings.WEBSITE_ACCOUNT).first() or _made()
            if client.closed_at is not None:
                self.stdout.write("The client of the citizens' site is closed: the site answers nothing.")
                return
            texts = {
                hashlib.sha256(text.encode()).hexdigest(): text
                for path in sorted(FOLDER.glob("*.graphql"))
                if (text := path.read_text(encoding="utf-8").strip())
            }
            register_documents(client, json.dumps(texts), by=None)
            for former in client.documents.live().exclude(sha256__in=texts):
                retire_document(former, by=None)
        self.stdout.write(f"{len(texts)} documents of the citizens' site are registered.")


def _made() -> Client:
    account = User.objects.filter(username=settings.WEBSITE_ACCOUNT).first()
    if account is None:
        account, _none = open_account(
            username=settings.WEBSITE_ACCOUNT, first_name="Web", last_name="Sitesi", is_program=True, by=None
        )
    client, _secret = register_client(
        account=account,
        name=NAME,
        contact_name="Bilgi İşlem",
        contact_email=configured.MUNICIPALITY_EMAIL,
        scopes=SCOPES,
        requests_per_minute=REQUESTS_A_MINUTE,
        cost_per_minute=COST_A_MINUTE,
        documents_only=True,
        by=None,
    )
    return client
