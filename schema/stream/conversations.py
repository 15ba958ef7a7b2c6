"""Following a conversation: which messages are new or fared otherwise since the last event, and which are gone.

A happening only says that something happened to a matter. What stands in its conversation is read again as the viewer
sees it, and compared with what was shown: what is hidden from them never moves anything.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry
from django.db.models import QuerySet
from strawberry_django.optimizer import optimize

from backend.mailboxes import conversation as stored
from backend.mailboxes.models import EDGES
from permissions.core import scope
from schema.core.nodes import MODELS, decode
from schema.mailboxes.conversation import ConversationMessage
from schema.mailboxes.portal import PortalMessage

MOST_SENT, MOST_COMPARED = 50, 500
"""So many of the newest messages are sent one by one; of so many it is known whether there is more to read."""
HAS_MORE = (
    "Whether there is more than is sent here, or older messages came, fared otherwise or are gone: ask the query of the"
    " conversation, page by page."
)
GONE = "The ids of those that were taken back since, or taken out: they are no part of it."
_BY_NAME = {MODELS[model]: model for model in EDGES}


@dataclass(frozen=True)
class Compared:
    """What is new against what was shown; `has_more`: something changed beyond what is sent; `stands` is what is shown
    now."""

    changed: list[int]
    gone: list[int]
    has_more: bool
    stands: str

    @property
    def is_nothing(self) -> bool:
        return not (self.changed or self.gone or self.has_more)


def compared(rows: QuerySet[Any], stood: str) -> Compared:
    """Compare the newest of these messages with what was shown before: each that was sent or is to be sent, and of the
    others only whether they are the same."""
    now = dict(rows.order_by("-at", "-pk")[:MOST_COMPARED].values_list("pk", "delivery"))
    mark, *entries = stood.split() or [_mark({})]
    before = {int(pk): delivery for pk, _colon, delivery in (each.partition(":") for each in entries)}
    newest = list(now)[:MOST_SENT]
    if mark != _mark({}):  # what follows the last that was sent stood there before, or came in late
        last = max((place for place, pk in enumerate(now) if pk in before), default=MOST_SENT)
        newest = newest[: last + 1]
    sent = {pk: delivery for pk, delivery in now.items() if pk in before or pk in newest}
    others = {pk: delivery for pk, delivery in now.items() if pk not in sent}
    gone = [] if len(now) == MOST_COMPARED else [pk for pk in before if pk not in now]
    changed = [pk for pk, delivery in sent.items() if before.get(pk) != delivery]
    older = {pk: delivery for pk, delivery in now.items() if pk not in newest}
    stands = " ".join([_mark(older), *(f"{pk}:{now[pk]}" for pk in newest)])
    return Compared(changed, gone, _mark(others) != mark, stands)


def _mark(messages: dict[int, str]) -> str:
    """What is the same as long as these messages and how they fared are."""
    return hashlib.sha256(repr(messages).encode()).hexdigest()[:16]


def matter_of(id: str) -> type[Any] | None:
    """The kind of matter that an id names; None of what has no conversation."""
    found = decode(id)
    return _BY_NAME.get(found[0]) if found else None


def names(matter: UUID, messages: list[int]) -> list[strawberry.ID]:
    return [strawberry.ID(stored.name_of(matter, each)) for each in messages]


@strawberry.type(description="Messages of a conversation are new, or fared otherwise.")
class ConversationChange:
    rows: strawberry.Private[QuerySet[Any] | None] = None
    gone: list[strawberry.ID] = strawberry.field(description=GONE, default_factory=list)
    has_more: bool = strawberry.field(description=HAS_MORE, default=False)

    @strawberry.field(
        description="These messages, the oldest first: at the beginning the newest fifty. Null: the matter has left the"
        " viewer's sight, and this is the last event."
    )
    def messages(self, info: strawberry.Info) -> list[ConversationMessage] | None:
        if self.rows is None:
            return None
        found: Any = list(optimize(scope.visible(self.rows).order_by("at", "pk"), info))
        return found


@strawberry.type(description="Messages of a case are new for its citizen, or fared otherwise.")
class PortalConversationChange:
    messages: list[PortalMessage] = strawberry.field(
        description="These messages, the oldest first: at the beginning the newest fifty."
    )
    gone: list[strawberry.ID] = strawberry.field(description=GONE)
    has_more: bool = strawberry.field(description=HAS_MORE)
