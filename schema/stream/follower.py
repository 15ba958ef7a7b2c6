"""One subscription: who asks, what they follow, how far they were told. Synchronous; a thread for a moment."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from itertools import groupby
from typing import Any

import orjson
from django.db import DatabaseError
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from graphql import GraphQLError
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types.graphql import OperationType

from backend.core.errors import DomainError, ErrorCode
from backend.core.sealing import WrongKeyError, seal, unseal
from backend.core.session import system
from backend.journal import happenings
from backend.journal.happenings import News, Place
from schema.app import schema
from schema.authentication import again, session
from schema.documents import Context
from schema.subscriptions import Followed, SilentError
from schema.view import fault_of, note, payload_of

READ_ANEW, TOO_SLOW = "READ_ANEW", "TOO_SLOW"
COMPLETE = b"event: complete\ndata:\n\n"
HEARTBEAT = b":\n\n"
ABOUT = b"stream.place"


def sealed(place: Place) -> bytes:
    """The id of an event: what is in it, the counter of the database's transactions, concerns nobody who follows."""
    return urlsafe_b64encode(seal(str(place), ABOUT))


def unsealed(text: str) -> Place | None:
    """The place of an id; None for anything else."""
    try:
        return happenings.place_of(unseal(urlsafe_b64decode(text), ABOUT))
    except (ValueError, WrongKeyError):
        return None


def event(payload: dict[str, Any], place: Place | None = None) -> bytes:
    """An event `next` of graphql-sse. Whoever comes again with its id (`Last-Event-ID`) is told what came after."""
    line = b"id: " + sealed(place) + b"\n" if place else b""
    return line + b"event: next\ndata: " + orjson.dumps(payload, default=str) + b"\n\n"


def fault(code: str, message: str, place: Place | None = None) -> bytes:
    """An event that tells of no row but why something ends, or must be read anew."""
    return event({"errors": [{"message": message, "extensions": {"code": code}}]}, place)


def too_slow() -> bytes:
    """The last event for a client that did not read."""
    return fault(TOO_SLOW, _("You read too slowly and were cut off. Come again with the last id.")) + COMPLETE


class Follower:
    """`place`: all until there was told. `account`: whose connection it is, for the limit of connections."""

    def __init__(self, request: HttpRequest, operation: dict[str, Any]) -> None:
        self.request, self.operation = request, operation
        self.language = translation.get_language() or "tr"
        self.followed = Followed()
        self.place = Place(0, "")
        self.account: int | None = None
        self.is_broken = False

    @property
    def is_over(self) -> bool:
        return self.followed.is_over or self.is_broken

    def follows(self, kind: str, subject: int) -> bool:
        """Whether it is worth a look when something happened to this row."""
        return self.followed.kind == kind and self.followed.subject in (None, subject)

    def begin(self) -> bytes:
        """The first events: how it stands now; for whoever was there before, what they missed.

        Raises what `authentication.session` raises. Every other refusal is an event, as the protocol wants it.
        """
        with system():
            here = happenings.here()
        last = self.request.headers.get("Last-Event-ID", "")
        before = unsealed(last)
        with session(self.request) as viewer:
            self.account = viewer.user_id
            first = self._tell([], here)
        if self.followed.kind == "":
            self.followed.is_over = True
            return first
        self.place = before or here
        if not last:
            return first
        with system():
            found = before and happenings.since(before, self.followed.kind, self.followed.subject)
        if found is None:
            self.place = here
            return _read_anew() + first
        return b""

    def go_on(self) -> bytes:
        """The events since the last time; empty if there are none. An end is told by a last one."""
        with translation.override(self.language):
            try:
                return self._go_on()
            except DomainError as error:
                self.followed.is_over = True
                return fault(str(error.code), str(error.message))
            except DatabaseError:
                self.is_broken = (
                    True  # without `complete`: the client comes again with its last id, and is told then
                )
                return fault(
                    str(ErrorCode.INTERNAL), _("Something went wrong on our side. It has been recorded.")
                )

    def _go_on(self) -> bytes:
        told = b""
        while not self.followed.is_over:
            is_rest = bool(self.place.then)
            told += self._reading()
            if not is_rest:
                break
        return told

    def _reading(self) -> bytes:
        with system():
            found = happenings.since(self.place, self.followed.kind, self.followed.subject)
            here = happenings.here() if found is None else found[1]
        with again(self.request):
            told = _read_anew(here) if found is None else b"".join(self._each(found[0], here))
        self.place = here
        return told

    def _each(self, news: list[News], now: Place) -> Iterator[bytes]:
        rows = [list(group) for _row, group in groupby(news, lambda one: one.subject_id)]
        for group in rows:
            yield self._tell(group, now if group is rows[-1] else self.place.amid(now, group[-1]))
            if self.followed.is_over:
                return

    def _tell(self, news: list[News], place: Place) -> bytes:
        """Run the operation as the viewer of this transaction, for what happened to one row."""
        self.followed.news = news
        context = Context(self.operation.get("operationName") or None, self.operation["query"])
        context.followed = self.followed
        try:
            result = schema.execute_sync(
                self.operation["query"],
                variable_values=self.operation.get("variables"),
                context_value=context,
                operation_name=context.operation_name,
                allowed_operation_types=(OperationType.SUBSCRIPTION,),
            )
        except CannotGetOperationTypeError as error:
            return fault("BAD_REQUEST", error.as_http_error_reason())
        except InvalidOperationTypeError:
            return fault(
                "BAD_REQUEST", _("Here only subscriptions are taken; ask queries and mutations at /graphql/.")
            )
        for cause in map(fault_of, result.errors or []):
            if isinstance(cause, DatabaseError):
                raise cause
        if any(_is_silent(error) for error in result.errors or []):
            return b""
        note(context.shown)
        return event(payload_of(result, context.texts), place)


def _is_silent(error: GraphQLError) -> bool:
    found: BaseException | None = error
    while isinstance(found, GraphQLError):
        if isinstance(found, SilentError):
            return True
        found = found.original_error
    return False


def _read_anew(place: Place | None = None) -> bytes:
    return fault(
        READ_ANEW, _("Too much has happened since. Read anew what you show; you go on from here."), place
    )
