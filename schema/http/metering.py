"""Metering of third-party clients: requests are counted before they are answered, and held to the client's limits.

Browsers and internal tokens are not counted. A client's token is recognised by its prefix (`okc_`), so that no other
request waits for the counting statement.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import Error
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from graphql import GraphQLError, OperationDefinitionNode

from backend.core.errors import ErrorCode
from backend.portals.actions import CLIENT_PREFIX
from backend.portals.trusted import sha256_of
from permissions.portals import quota
from permissions.portals.quota import MINUTE, Usage
from schema.app import schema
from schema.core.documents import documents, root_fields
from schema.core.graphql_adapter import graph
from schema.core.limits import ROOT
from schema.http import persisted_documents
from schema.http.authentication import bearer_secret
from schema.http.request_errors import BadRequest

MayPass = Callable[[int], bool]
"""Whether a client that is limited to its documents (its number) may use another door than GraphQL."""
LONGEST_NUMBER = 16
BYTES = 10_000
"""So many bytes that are sent cost 1."""
SENDING = frozenset({"portalComplaintSubmit", "portalComplaintAdd"})
"""Fields that imply uploads: clients with a document of one of these send files."""
BRINGING = SENDING | {"submissionFile"}
"""Fields with which files are sent in that were brought before."""


def closed(_client: int) -> bool:
    """Refuse clients limited to documents, since it is unknown which internal files their documents show."""
    return False


def may_send(client: int) -> bool:
    """Files for cases: where a trusted document of the client brings cases in or adds to them."""
    return any(_does(text, SENDING) for text in quota.texts_with(client, SENDING))


def may_bring(client: int) -> bool:
    """Files for what is not a case yet: where a trusted document of the client sends in at all."""
    return any(_does(text, BRINGING) for text in quota.texts_with(client, BRINGING))


class Metered:
    """One request at the door: its document, and what was counted of it."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.spent: Usage | None = None
        self.cost = 0
        self.may_be_kept = False
        """Whether everybody on the way may keep the answer: public data, asked by GET by the name of its document."""
        self._sha256: str | None = None
        self._is_named = False
        """Whether the document is asked for by its name, without its text."""

    @property
    def _secret(self) -> str | None:
        secret = bearer_secret(self.request)
        return secret if secret and secret.startswith(CLIENT_PREFIX) else None

    def find_document(self, operation: dict[str, Any]) -> None:
        """Put the text of a document that is named into the operation. BadRequest for a name that is none."""
        self._sha256 = persisted_documents.named(operation)
        self._is_named = self._sha256 is not None and not operation.get("query")
        if self._sha256 is not None and self._is_named:
            operation["query"] = persisted_documents.texts.get(self._sha256)

    def consume_quota(self, operation: dict[str, Any]) -> None:
        """Count what a client asks, at its cost. Other callers are not counted."""
        text = operation.get("query")
        if (secret := self._secret) is None or not (text or self._is_named):
            return
        self.cost = _cost(text, operation.get("variables") or {}) if text else 0
        self.spent = quota.consume_quota(secret, self.cost, self._sha256 or sha256_of(text or ""))

    def require_trusted(self, operation: dict[str, Any]) -> None:
        """BadRequest: 429 over a limit of the minute, 403 for a document that is not trusted, 400 for one that costs
        more than the client may ask at once or that is not known.
        """
        text = operation.get("query")
        if self._is_named and (text is None or not self._may_ask(text)):
            raise persisted_documents.unknown("documentId" in operation)
        if (spent := self.spent) is not None and not spent.is_taken:
            raise self._refusal(spent)
        is_by_name = self._is_named and self.request.method == "GET"
        self.may_be_kept = is_by_name and documents.get(text or "").is_public

    def _may_ask(self, text: str) -> bool:
        """Whether a document may be asked for by its name: by its client, or by anybody if it gives public data."""
        if self._secret is not None:
            return self.spent is None or self.spent.is_trusted
        # It may have been retired since.
        return documents.get(text).is_public and quota.trusted_text(self._sha256 or "") is not None

    def _refusal(self, spent: Usage) -> BadRequest:
        if spent.documents_only and not spent.is_trusted:
            message = _(
                "This client may ask only what it registered beforehand. Register this document first."
            )
            return BadRequest(message, 403, "DOCUMENT_NOT_TRUSTED")
        return self._too_much(spent)

    def _too_much(self, spent: Usage) -> BadRequest:
        if self.cost > spent.cost_per_document:
            message = _(
                "This costs %(cost)s; this client may ask %(most)s at once. Ask for less at a time, or send a smaller"
                " file."
            )
            values = {"cost": self.cost, "most": spent.cost_per_document}
            return BadRequest(message % values, 400, str(ErrorCode.OVER_LIMIT))
        return _over(spent)

    def check_file(self, may_pass: MayPass) -> None:
        """Count a request of another door, before its body is read: a root field, and what is sent by its size.

        A client that is limited to its documents comes in where `may_pass` says so. BadRequest: 403, 429, 400.
        """
        if (secret := self._secret) is None:
            return
        self.cost = ROOT + _size_cost(self.request)
        self.spent = spent = quota.consume_quota(secret, self.cost)
        if spent is None:
            return
        if not spent.is_taken:
            raise self._too_much(spent)
        if spent.documents_only and not may_pass(spent.client):
            message = _(
                "This client may ask only what it registered beforehand, and nothing else at this address. Ask Bilgi"
                " İşlem to register a document for it, or to open this way to it."
            )
            raise BadRequest(message, 403, "DOCUMENT_NOT_TRUSTED")

    def set_headers(self, response: HttpResponseBase, failed: bool) -> None:
        """Say what is left, and count a failure. What everybody may keep says nothing of one client."""
        if (spent := self.spent) is None:
            return
        if failed and spent.is_taken:
            with suppress(Error):  # while the database is away nothing is counted
                quota.failed(spent)
        if not response.get("Cache-Control", "").startswith("public"):
            headers(response, spent)
            response["GraphQL-Cost"] = str(self.cost)


def _over(spent: Usage) -> BadRequest:
    message = _("The limit of this minute is reached. Ask again in %(seconds)s seconds.")
    return BadRequest(message % {"seconds": spent.seconds}, 429, "RATE_LIMITED")


def headers(response: HttpResponseBase, spent: Usage) -> None:
    """What is left of the minute, by the IETF's draft (draft-ietf-httpapi-ratelimit-headers)."""
    response["RateLimit-Policy"] = (
        f'"requests";q={spent.requests_limit};w={MINUTE}, "cost";q={spent.cost_limit};w={MINUTE}'
    )
    response["RateLimit"] = (
        f'"requests";r={spent.requests_left};t={spent.seconds}, "cost";r={spent.cost_left};t={spent.seconds}'
    )
    if response.status_code == 429:
        response["Retry-After"] = str(spent.seconds)


def _size_cost(request: HttpRequest) -> int:
    """Cost by the announced size; without a valid `Content-Length`, that of the largest file."""
    if request.method != "POST":
        return 0
    announced = request.headers.get("Content-Length") or ""
    is_said = announced.isascii() and announced.isdecimal() and len(announced) < LONGEST_NUMBER
    return -(-(int(announced) if is_said else settings.ATTACHMENT_MAX_BYTES) // BYTES)


def _does(text: str, fields: frozenset[str]) -> bool:
    """Whether the document has one of these root fields."""
    document = documents.get(text).document
    operations = [node for node in document.definitions if isinstance(node, OperationDefinitionNode)]
    return any(root_fields(document, operation) & fields for operation in operations)


def _cost(text: str, variables: dict[str, Any]) -> int:
    """What it costs, as the limits count; one root field for what is refused anyway."""
    try:
        return documents.get(text).require_within(graph(schema), variables)
    except (GraphQLError, RecursionError):
        return ROOT
