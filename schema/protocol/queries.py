"""Asking for offices and orders of precedence, and changing them."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import strawberry

from backend.core.localtime import today
from backend.protocol import models
from permissions.core import scope
from schema.core.connection import Connection, Keyset, Page, Search, connection_field, listed, paged
from schema.core.nodes import single_row
from schema.core.scalars import values
from schema.core.verbs import optional
from schema.protocol.types import (
    PrecedenceKind,
    PrecedenceList,
    ProtocolOffice,
)

BY_TITLE = Keyset("office", "title_sort", str)


NEWEST_ORDER = Keyset("precedence", "valid_from", dt.date, descending=True)


@strawberry.input(description="Which versions of orders.")
class PrecedenceFilter:
    kind: PrecedenceKind | None = optional("Of which level.")


@strawberry.type
class ProtocolQueries:
    @connection_field(description="The offices of the protocol (makam), by title.")
    def protocol_offices(
        self,
        info: strawberry.Info,
        page: Page,
        search: Search = None,
        include_unused: Annotated[
            bool, strawberry.argument(description="Also those that are no longer in use.")
        ] = False,
    ) -> Connection[ProtocolOffice]:
        rows = models.Office.objects.all() if include_unused else models.Office.objects.in_use()
        if search is not None:
            rows = rows.search(search)
        return paged(rows, BY_TITLE, page, info)

    @connection_field(description="The versions of the orders of precedence, the latest first.")
    def precedence_lists(
        self,
        info: strawberry.Info,
        page: Page,
        filter: Annotated[PrecedenceFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[PrecedenceList]:
        rows = models.PrecedenceList.objects.all()
        if kind := (values(filter) if filter else {}).get("kind"):
            rows = rows.filter(kind=kind)
        return listed(rows, NEWEST_ORDER, page, info)

    @strawberry.field(description="The order of precedence that holds on a day; null if there is none.")
    def precedence_in_force(
        self,
        info: strawberry.Info,
        kind: Annotated[PrecedenceKind, strawberry.argument(description="For ceremonies of which level.")],
        on: Annotated[dt.date | None, strawberry.argument(description="Which day; default today.")] = None,
    ) -> PrecedenceList | None:
        scope.require_viewer()
        rows = models.PrecedenceList.objects.filter(kind=kind, valid_from__lte=on or today())
        return single_row(rows.order_by("-valid_from")[:1], info)
