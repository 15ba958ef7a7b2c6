"""One subscription: who asks, what they follow, how far they are. Synchronous; a thread for a moment."""

from __future__ import annotations

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Hashable, Iterable, Set
from itertools import groupby
from typing import Any, NamedTuple

import orjson
from django.db import Error
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from graphql import GraphQLError
from graphql.type.definition import GraphQLResolveInfo
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from backend.core.errors import DomainError, ErrorCode
from backend.core.sealing import WrongKeyError, seal, unseal
from backend.core.session import is_passing, system, unavailable
from backend.journal import change_feed
from backend.journal.change_feed import Cursor, News
from permissions.complaints.subscriptions import Audience
from permissions.core.viewer import ANONYMOUS
from permissions.plans.standings import sight, standings
from schema.app import schema
from schema.core.documents import Answer, Context
from schema.http.authentication import Asker, asker_of, renewed_session, session
from schema.http.pipeline import note
from schema.http.responses import fault_of, payload_of
from schema.stream.subscriptions import Followed, SilentError

RESYNC_REQUIRED, TOO_SLOW = "RESYNC_REQUIRED", "TOO_SLOW"
COMPLETE = b"event: complete\ndata:\n\n"
HEARTBEAT = b":\n\n"
ABOUT = b"stream.place"
EVENTS_AT_ONCE, BYTES_AT_ONCE = 50, 1_000_000
"""Of one piece of work: who has missed more gives its hand back in between, so that others have their turn."""


class Mark(NamedTuple):
    """Delivery state of a subscriber. `stood`: the status that was last shown (`Followed.stood`)."""

    place: Cursor
    stood: str = ""


def sealed(mark: Mark) -> bytes:
    """The id of an event: what is in it, the counter of the database's transactions, concerns no one who follows."""
    return urlsafe_b64encode(seal(f"{mark.place} {mark.stood}", ABOUT))


def unsealed(text: str) -> Mark | None:
    """The mark of an id; None for anything else."""
    try:
        place, _space, stood = unseal(urlsafe_b64decode(text), ABOUT).partition(" ")
    except (ValueError, WrongKeyError):
        return None
    outcome = change_feed.parse_cursor(place)
    return Mark(outcome, stood) if outcome else None


def event(payload: dict[str, Any], mark: Mark | None = None) -> bytes:
    """Event `next` of graphql-sse. Reconnecting with its id (`Last-Event-ID`) resumes behind it."""
    line = b"id: " + sealed(mark) + b"\n" if mark else b""
    return line + b"event: next\ndata: " + orjson.dumps(payload, default=str) + b"\n\n"


def fault(code: str, message: str, mark: Mark | None = None) -> bytes:
    """An event that tells of no row but why something ends, or must be read anew."""
    return event({"errors": [{"message": message, "extensions": {"code": code}}]}, mark)


def too_slow() -> bytes:
    """The last event for a client that did not read."""
    return fault(TOO_SLOW, _("You read too slowly and were cut off. Come again with the last id.")) + COMPLETE


class Subscriber:
    """`place`: everything before it was delivered; `placed_at`: when it had been read, by the monotonic clock.
    `viewer`, `standing`: who they were at their last own look, and what they might. `is_behind`: more events are
    pending. `first`: the initial events, until they are taken."""

    def __init__(self, operation: dict[str, Any]) -> None:
        self.operation: dict[str, Any] = {
            name: operation.get(name) for name in ("query", "variables", "operationName")
        }
        self.language = translation.get_language() or "tr"
        self.followed = Followed()
        self.asker = Asker()
        self.place = Cursor(0, "")
        self.placed_at = 0.0
        self.viewer = ANONYMOUS
        self.sight: Hashable = None
        self.standing: str | None = None
        self._asked = orjson.dumps(self.operation, option=orjson.OPT_SORT_KEYS)
        self.first = b""
        self.is_behind = self.is_broken = False

    @property
    def is_over(self) -> bool:
        return self.followed.is_over or self.is_broken

    @property
    def account(self) -> int | None:
        """Whose connection it is, for the limit of connections."""
        return self.viewer.user_id

    def is_concerned(self, kind: str, rows: Set[int], reach: Audience | None) -> bool:
        """Whether events of these rows may concern this subscriber. A wrong no only costs time: the
        next own look is from the same cursor."""
        if self.followed.kind != kind:
            return False
        if self.followed.subject is not None:
            return self.followed.subject in rows
        return reach is None or reach.includes(self.viewer) or any(row in self.followed.held for row in rows)

    def begin(self, request: HttpRequest) -> None:
        """The `first` events: how it stands now; for who was there before, what they missed comes next.

        Raises what `authentication.session` raises. Every other refusal is an event, as the protocol wants it.
        """
        with system():
            here = change_feed.current_cursor()
        with session(request) as viewer:
            self.asker, self.viewer = asker_of(request), viewer
            self.first = self._tell([], here)
        self.place, self.placed_at = here, time.monotonic()
        if self.followed.kind == "":
            self.followed.is_over = True
        elif last := request.headers.get("Last-Event-ID", ""):
            self._come_again(unsealed(last))

    def _come_again(self, before: Mark | None) -> None:
        with system():
            outcome = before and change_feed.since(before.place, self.followed.kind, self.followed.subject)
        if before is None or outcome is None:
            self.first = _resync_required() + self.first
        else:
            self.place, self.followed.stood, self.first = before.place, before.stood, b""

    @property
    def alike(self) -> Hashable:
        """Equal for those who may be served from one reading."""
        return self.sight, self.language, self._asked, self.followed.kind, self.followed.subject

    @property
    def may_share(self) -> bool:
        """Whether what happens next may come from a reading for several."""
        return self.followed.is_shared and self.standing is not None and not (self.is_over or self.is_behind)

    def take(self, here: Cursor, rows: Iterable[int]) -> None:
        """Note that all up to `here` came from a reading for several, which showed these rows."""
        self.place = here
        if self.followed.subject is None:
            for row in rows:
                self.followed.hold(row)

    def go_on(self, upto: Cursor | None = None) -> bytes:
        """The events since the last time; empty if there are none. An end is a last one.

        `upto`: a later place of the change feed, beyond which nothing is sent yet.
        """
        with translation.override(self.language):
            try:
                return self._go_on(upto)
            except DomainError as error:
                self.followed.is_over = True
                return fault(str(error.code), str(error.message))
            except Error as error:
                self.is_broken = True  # without `complete`: the client reconnects with its last id
                if is_passing(error):
                    gone = unavailable()
                    return fault(str(gone.code), str(gone.message))
                return fault(
                    str(ErrorCode.INTERNAL), _("Something went wrong on our side. It has been recorded.")
                )

    def _go_on(self, upto: Cursor | None) -> bytes:
        is_rest = bool(self.place.then)  # what came after the rest of a reading is asked for next
        asker, followed, self.standing = self.asker, self.followed, None
        with system():
            # Before the rights are read: what changes in between makes this no longer true.
            [standing] = standings([asker.token], [asker.stored_session], [self.account or 0])
            outcome = change_feed.since(self.place, followed.kind, followed.subject, upto=upto)
            here = change_feed.current_cursor() if outcome is None else outcome[1]
        if upto is None or outcome is None:
            self.placed_at = time.monotonic()
        with renewed_session(asker) as self.viewer:
            result = (
                _resync_required(Mark(here, self.followed.stood))
                if outcome is None
                else self._each(outcome[0], here)
            )
            if outcome is None:
                self.place = here
        self.is_behind = not self.is_over and (is_rest or bool(self.place.then))
        self.sight, self.standing = sight(self.viewer), standing
        return result

    def _each(self, news: list[News], here: Cursor) -> bytes:
        """The events of one piece of work; the place moves to where it ends."""
        result, count = b"", 0
        if self.followed.sift and news:
            news = self.followed.sift(news, self.followed.held)
        rows = [list(group) for _row, group in groupby(news, lambda one: one.subject_id)] or self._unseen()
        for count, group in enumerate(rows, start=1):
            place = here if count == len(rows) else self.place.amid(here, group[-1])
            result += self._tell(group, place)
            if self.is_over or count == EVENTS_AT_ONCE or len(result) >= BYTES_AT_ONCE:
                break
        self.place = place if rows else here
        return result

    def _unseen(self) -> list[list[News]]:
        """That the row which is followed has left their sight although nothing happened to it: their right ended."""
        followed = self.followed
        if followed.visible_key is None or followed.subject is None or followed.visible_key() is not None:
            return []
        return [[News(0, followed.kind, followed.subject, "", frozenset(), timezone.now())]]

    def _tell(self, news: list[News], place: Cursor) -> bytes:
        """Run the operation as the viewer of this transaction, for what happened to one row."""
        self.followed.news = news
        try:
            result, context = self.run_operation(self.followed)
        except CannotGetOperationTypeError as error:
            return fault("BAD_REQUEST", error.as_http_error_reason())
        except InvalidOperationTypeError:
            return fault(
                "BAD_REQUEST", _("Here only subscriptions are taken; ask queries and mutations at /graphql/.")
            )
        for outcome in result.errors or []:
            cause = fault_of(outcome)
            if isinstance(cause, Error):
                raise cause
            if _is_silent(outcome):
                return b""
            if isinstance(cause, DomainError) and len(outcome.path or ()) == 1:
                self.followed.is_over = True  # what they follow is refused to them, not a part of it
        note(context.shown)
        return event(payload_of(result, context.texts), Mark(place, self.followed.stood))

    def run_operation(
        self,
        followed: Followed,
        refetch: Callable[[GraphQLResolveInfo, str, str], Answer | None] | None = None,
    ) -> tuple[ExecutionResult, Context]:
        """Run the operation for what `followed` says has happened, as the viewer of this transaction. `refetch` may
        answer its rows."""
        context = Context(self.operation["operationName"] or None, self.operation["query"])
        context.followed, context.refetch = followed, refetch
        result = schema.execute_sync(
            self.operation["query"],
            variable_values=self.operation["variables"],
            context_value=context,
            operation_name=context.operation_name,
            allowed_operation_types=(OperationType.SUBSCRIPTION,),
        )
        return result, context


def _is_silent(error: GraphQLError) -> bool:
    outcome: BaseException | None = error
    while isinstance(outcome, GraphQLError):
        if isinstance(outcome, SilentError):
            return True
        outcome = outcome.original_error
    return False


def _resync_required(mark: Mark | None = None) -> bytes:
    return fault(
        RESYNC_REQUIRED, _("Too much has happened since. Read anew what you show; you go on from here."), mark
    )
