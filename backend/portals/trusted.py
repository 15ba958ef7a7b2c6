"""Trusted documents: what a client registers beforehand, and may ask for by its SHA-256 alone.

The file is that of graphql-codegen's client preset (`persisted-documents.json`: {hash: document}), as it is.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backend.core.errors import DomainError, ErrorCode
from backend.journal.actions import record
from backend.organization.models import User
from backend.portals.models import Client, TrustedDocument

MOST_DOCUMENTS = 1_000
LARGEST_FILE = 1024 * 1024  # bytes
SHA256 = re.compile(r"(?:sha256:)?([0-9a-f]{64})", re.IGNORECASE)


class State(models.TextChoices):
    """What a document of a file is to a client."""

    NEW = "NEW", gettext_lazy("new")
    KNOWN = "KNOWN", gettext_lazy("known already")
    BACK = "BACK", gettext_lazy("retired before, registered again")
    INVALID = "INVALID", gettext_lazy("invalid")


@dataclass(frozen=True)
class Document:
    """One document of a file. `line`: where its name stands; `reason`: why it is invalid, in the reader's language."""

    line: int
    sha256: str
    name: str
    state: State
    reason: str = ""
    text: str = ""


def sha256_of(text: str) -> str:
    """The name of a document."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def looked_through(client: Client, file: str) -> list[Document]:
    """What registering this file would do; nothing is changed. INVALID (`file`) for what is no such file."""
    known = {one.sha256: one for one in client.documents.defer("text")}
    items = [_document(file, name, text, known) for name, text in _entries(file).items()]
    return sorted(items, key=lambda document: document.line)


@transaction.atomic
def register_documents(client: Client, file: str, *, by: User | None) -> list[Document]:
    """Register all documents of a file, and say of each what became of it. What is known already stays as it is.

    INVALID where one of them is invalid: nothing is registered then, and the first is named.
    """
    if client.closed_at is not None:
        raise DomainError(ErrorCode.CONFLICT, _("This client was closed. Reopen it first."))
    Client.objects.select_for_update().get(pk=client.pk)
    result = looked_through(client, file)
    for document in result:
        if document.state == State.INVALID:
            message = _("Line %(line)s: %(reason)s Nothing was registered.") % {
                "line": document.line,
                "reason": document.reason,
            }
            raise DomainError(ErrorCode.INVALID, message, field="file")
    new = [document for document in result if document.state == State.NEW]
    back = [document.sha256 for document in result if document.state == State.BACK]
    TrustedDocument.objects.bulk_create(
        TrustedDocument(client=client, sha256=one.sha256, name=one.name, text=one.text, registered_by=by)
        for one in new
    )
    client.documents.filter(sha256__in=back).update(retired_at=None, registered_at=timezone.now())
    if new or back:
        record(verb="documents_registered", about=client, by=by, note=str(len(new) + len(back)))
    return result


@transaction.atomic
def retire_document(document: TrustedDocument, *, by: User | None) -> None:
    """The document is trusted no more, from now on. A second call changes nothing."""
    rows = TrustedDocument.objects.filter(pk=document.pk, retired_at__isnull=True)
    if rows.update(retired_at=timezone.now()):
        record(verb="document_retired", about=document.client, by=by, note=str(document))


def _entries(file: str) -> dict[str, Any]:
    if len(file.encode("utf-8", "replace")) > LARGEST_FILE:
        raise DomainError(ErrorCode.TOO_LARGE, _("The file is larger than 1 MB. Split it."), field="file")
    try:
        entries = json.loads(file)
    except (ValueError, RecursionError):
        entries = None
    if not isinstance(entries, dict) or not entries:
        message = _("This is no file of documents: a JSON object of hashes and documents is expected.")
        raise DomainError(ErrorCode.INVALID, message, field="file")
    if len(entries) > MOST_DOCUMENTS:
        message = _("The file has more than %(most)s documents. Split it.") % {"most": MOST_DOCUMENTS}
        raise DomainError(ErrorCode.TOO_LARGE, message, field="file")
    return entries


def _document(file: str, name: str, text: Any, known: dict[str, TrustedDocument]) -> Document:
    line = file.count("\n", 0, max(file.find(json.dumps(name)), file.find(f'"{name}"'), 0)) + 1
    value = SHA256.fullmatch(name)
    sha256 = value[1].lower() if value else ""
    operation, reason = "", _fault(sha256, text)
    if not reason:
        if before := known.get(sha256):  # the schema need not be asked again
            state = State.KNOWN if before.retired_at is None else State.BACK
            return Document(line, sha256, before.name, state, text=text)
        operation, reason = _name(text)
    if reason:
        return Document(line, sha256 or name[:64], operation, State.INVALID, reason)
    return Document(line, sha256, operation, State.NEW, text=text)


def _fault(sha256: str, text: Any) -> str:
    if not sha256:
        return _(
            "The name is no SHA-256 (64 hexadecimal digits). Set hashAlgorithm to “sha256” in graphql-codegen."
        )
    if not isinstance(text, str):
        return _("The document is no text.")
    if sha256_of(text) != sha256:
        return _("The name is not the SHA-256 of the document.")
    return ""


def _name(text: str) -> tuple[str, str]:
    """The name of the operation, and what the schema has against the document ("": nothing)."""
    check: Callable[[str], tuple[str, str]] = import_string(settings.DOCUMENT_CHECK)
    name, reason = check(text)
    return name[:120], reason
