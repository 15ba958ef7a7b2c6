"""Trusted documents over HTTP: `documentId` (GraphQL over HTTP, persisted documents) and Apollo's persisted queries."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from graphql import GraphQLError, OperationDefinitionNode, validate

from backend.portals.trusted import SHA256, sha256_of
from permissions.plans.recent import Recent
from permissions.portals import quota
from schema.app import schema
from schema.core.documents import documents
from schema.core.graphql_adapter import graph
from schema.http.request_errors import BadRequest, malformed

REMEMBERED = 500


def check(text: str) -> tuple[str, str]:
    """The name of the one operation of a document, and what the schema has against it; "" for nothing."""
    try:
        entry = documents.get(text)
        entry.require_within(graph(schema), {})
        faults = [] if entry.is_valid else validate(graph(schema), entry.document, max_errors=1)
    except RecursionError:
        return "", _("The document is nested too deeply.")
    except GraphQLError as error:
        return "", f"{error.message.rstrip('.')}."
    operations = [node for node in entry.document.definitions if isinstance(node, OperationDefinitionNode)]
    name = operations[0].name.value if operations and operations[0].name else ""
    if len(operations) != 1:
        return name, _("A trusted document has one operation.")
    if faults:
        return name, f"{faults[0].message.rstrip('.')}."
    entry.is_valid = True
    return name, ""


class Texts:
    """Cache of documents by SHA-256. A text matches its digest forever; whether a client may still use it is
    checked every time."""

    def __init__(self) -> None:
        self._texts: Recent[str, str] = Recent(REMEMBERED)

    def get(self, sha256: str) -> str | None:
        text = self._texts.get(sha256)
        if text is None and (text := quota.trusted_text(sha256)) is not None:
            self.put(sha256, text)
        return text

    def put(self, sha256: str, text: str) -> None:
        """Know a text by its digest."""
        self._texts.put(sha256, text)


texts = Texts()


def named(operation: dict[str, Any]) -> str | None:
    """The SHA-256 by which a request names its document, or None. BadRequest if the text sent with it is another
    one."""
    value = operation.get("documentId")
    if value is None:
        persisted = (operation.get("extensions") or {}).get("persistedQuery")
        if persisted is None:
            return None
        value = persisted.get("sha256Hash") if isinstance(persisted, dict) else None
    result = SHA256.fullmatch(value) if isinstance(value, str) else None
    if result is None:
        raise malformed(_("A document is named by its SHA-256: “sha256:” and 64 hexadecimal digits."))
    sha256 = result[1].lower()
    if operation.get("query") and sha256_of(operation["query"]) != sha256:
        raise malformed(_("The text is not the document that the SHA-256 names."))
    return sha256


def unknown(by_id: bool) -> BadRequest:
    """No such document, or not this client's. Apollo's clients take it from a 200, and send the text along then."""
    message = _("There is no such document of this client. Register it, or send its text.")
    return BadRequest(
        message if by_id else "PersistedQueryNotFound", 400 if by_id else 200, "PERSISTED_QUERY_NOT_FOUND"
    )
