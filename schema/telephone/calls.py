"""The calls of this moment, for who is called."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry

from backend.telephone import calls, models
from permissions.core import scope
from permissions.core.scope import Action
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.fields import column
from schema.core.nodes import Node, Scoped, key_of, node_type, refetched_row
from schema.core.results import Payload, run_mutation

NEWEST = Keyset("call", "rang_at", dt.datetime, descending=True)


@node_type(models.Call, "Call")
class Call(Node, Scoped):
    """A call that rings or is spoken in at the viewer's extension (gelen arama). It is forgotten when it ends."""

    number: str = column("The caller's number; empty where it is withheld.")
    rang_at: dt.datetime = column("When it began to ring.")
    answered_at: dt.datetime | None = column("When it was answered; null while it rings.")


@strawberry.input(description="A call to take from the viewer's screen.")
class CallPutAwayInput:
    id: strawberry.ID = strawberry.field(description="The call.")


@strawberry.type(description="The call.")
class CallPayload(Payload):
    call: Call | None = refetched_row(
        models.Call, "The call, which is spoken in all the same; null if it ended."
    )


def _put_away(input: CallPutAwayInput) -> dict[str, Any]:
    with scope.authorized(Action.CHANGE, models.Call, key_of(models.Call, input.id)) as row:
        calls.put_away(row)
    return {"key": row.key}


@strawberry.type
class CallQueries:
    @connection_field(
        description="The calls at the viewer's extension at this moment, as the telephone exchange announces them, the"
        " newest first. Empty for a program's token."
    )
    def calls(self, info: strawberry.Info, page: Page) -> Connection[Call]:
        rows = models.Call.objects.filter(is_closed=False)
        return listed(rows, NEWEST, page, info)


@strawberry.type
class CallMutations:
    @strawberry.mutation(
        description="Take a call of one's own from the screen; it is spoken in all the same."
    )
    def call_put_away(self, input: CallPutAwayInput) -> CallPayload:
        return run_mutation(CallPayload, lambda: _put_away(input))
