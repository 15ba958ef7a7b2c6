"""Register the trusted documents of a client from graphql-codegen's file, as a pipeline does it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from backend.core.errors import DomainError
from backend.core.session import system
from backend.portals import trusted
from backend.portals.models import Client


class Command(BaseCommand):
    help = "Register trusted documents: `register_documents CLIENT persisted-documents.json [--dry-run]`."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("client", help="the client_id")
        parser.add_argument("file", type=Path, help="persisted-documents.json of graphql-codegen")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be done")

    def handle(self, *args: Any, client: str, file: Path, dry_run: bool, **options: Any) -> None:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"The file cannot be read: {error}") from None
        try:
            with system():
                result = trusted.looked_through(_client(client), text)
                if not dry_run:
                    trusted.register_documents(_client(client), text, by=None)
        except DomainError as error:
            raise CommandError(str(error)) from None
        for one in result:
            self.stdout.write(f"{one.line}: {one.state} {one.name} {one.sha256[:12]} {one.reason}".rstrip())


def _client(client_id: str) -> Client:
    try:
        row = Client.objects.filter(key=UUID(client_id)).first()
    except ValueError:
        row = None
    if row is None:
        raise CommandError("There is no client of this client_id.")
    return row
