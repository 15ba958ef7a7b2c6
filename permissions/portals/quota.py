"""What the program of a third party may ask for: counted in the database, which all processes share.

A door before any session, that shows no row of anybody. It counts in a short transaction of its own, before the one
that answers: what is rolled back is counted too, and two requests of a client do not wait for each other's answers.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Max, Q

from backend.core.session import prepared, system
from backend.core.standby import on_primary
from backend.portals.models import Client, TrustedDocument, token_digest

MINUTE = 60
moment: dt.datetime | None = None
"""The clock; None: the database's own, the same for all processes. A test puts its own."""


@dataclass(frozen=True)
class Usage:
    """What a client has left of this minute. `is_taken`: within its limits, and counted."""

    client: int
    minute: dt.datetime
    is_taken: bool
    is_trusted: bool
    documents_only: bool
    cost_per_document: int
    requests_limit: int
    requests_left: int
    cost_limit: int
    cost_left: int
    seconds: int
    """Until the minute ends: from then on it may ask again."""


def consume_quota(secret: str, cost: int, document: str | None = None) -> Usage | None:
    """Count a request of the client whose token this is; None for a token that is none's, or not valid.

    `document`: the SHA-256 of the text, in hexadecimal, for what is one.
    """
    sql = "SELECT * FROM app.spend($1, $2, $3, $4::timestamptz)"
    with on_primary(), prepared(sql, [token_digest(secret), cost, document, moment]) as cursor:
        row = cursor.fetchone()
    return None if row is None else Usage(*row)


def failed(spent: Usage) -> None:
    """What was counted ended with an error."""
    with on_primary(), prepared("SELECT app.note_failure($1, $2)", [spent.client, spent.minute]):
        pass


def may_open311(client: int) -> bool:
    """Whether a client that is limited to its documents may use Open311 besides them."""
    with system():
        return Client.objects.filter(pk=client, open311=True).exists()


def texts_with(client: int, words: Iterable[str]) -> list[str]:
    """The texts of a client's trusted documents in which one of these words stands, wherever."""
    named = reduce(or_, (Q(text__contains=word) for word in words))
    with system():
        rows = TrustedDocument.objects.live().filter(named, client=client)
        return list(rows.values_list("text", flat=True))


def trusted_texts(most: int) -> list[tuple[str, str]]:
    """SHA-256 and text of the trusted documents of open clients, each once, the newest first."""
    with system():
        rows = TrustedDocument.objects.live().filter(client__closed_at=None)
        newest = (
            rows.values_list("sha256", "text").annotate(at=Max("registered_at")).order_by("-at", "sha256")
        )
        return [(sha256, text) for sha256, text, _at in newest[:most]]


def trusted_text(sha256: str) -> str | None:
    """The text of a trusted document of an open client."""
    with prepared("SELECT app.trusted_text($1)", [sha256]) as cursor:
        result: tuple[str | None] = cursor.fetchone()  # type: ignore[assignment]
    return result[0]
