"""Connections: pages by keyset, so that no row is shown twice and a deep page costs what the first does.

The place in a list is the pair (order column, primary key), compared as a row: `(a, id) < (x, y)`. A chain
of ORs says the same and is two hundred times slower at three million rows.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Annotated, Any, Generic, TypeVar

import strawberry
from django.db.models import (
    BigIntegerField,
    DateField,
    DateTimeField,
    F,
    Field,
    Func,
    Model,
    QuerySet,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _
from graphql import get_named_type
from strawberry_django.optimizer import OptimizerStore, optimize

from backend.core.errors import DomainError, ErrorCode
from backend.core.symbolic import symbolic
from backend.core.words.text import clean
from permissions.core import scope
from permissions.core.keyset import KeysetPosition
from permissions.plans import querysets as plans
from permissions.plans.querysets import Writing
from schema.core.fields import selected
from schema.core.graphql_adapter import narrowed, raw_info

T = TypeVar("T")  # Strawberry looks a generic up among the names of the module
DEFAULT, MOST = 50, 100
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MAX_CURSOR = 800
MOST_COUNTED = 2**31 - 1  # GraphQL's Int
STORED: dict[type, type[Field[Any, Any]]] = {
    dt.date: DateField,
    dt.datetime: DateTimeField,
    int: BigIntegerField,
    str: TextField,
}
Narrow = Callable[[QuerySet[Any], list[str], int, KeysetPosition | None], QuerySet[Any]]
Total = Callable[[Writing], str]
"""Writes the number of all rows of a list, as a statement in brackets: where it is known without counting them."""


@dataclass(frozen=True)
class Keyset:
    """An order of a list: a column that is never null, with the primary key behind it."""

    code: str  # in the cursor, so that a cursor of another order is recognised
    field: str
    kind: type  # one of STORED
    descending: bool = False

    @property
    def columns(self) -> list[str]:
        sign = "-" if self.descending else ""
        return [f"{sign}{self.field}", f"{sign}pk"]

    def cursor(self, row: Model) -> str:
        value = getattr(row, self.field)
        text = (
            str((value - EPOCH) // dt.timedelta(microseconds=1)) if self.kind is dt.datetime else str(value)
        )
        return base64.b64encode(f"{self.code}:{row.pk}:{text}".encode()).decode()

    def place_text(self) -> Func:
        """What a cursor says, before it is encoded, made by the database."""
        value: Any = F(self.field)
        if self.kind is dt.datetime:
            value = Func(value, template="(extract(epoch FROM %(expressions)s) * 1000000)::bigint::text")
        elif self.kind in (dt.date, int):
            value = Cast(value, TextField())
        parts = (Value(f"{self.code}:"), Cast("pk", TextField()), Value(":"), value)
        return Func(*parts, template="%(expressions)s", arg_joiner=" || ", output_field=TextField())

    def place(self, cursor: str, argument: str) -> tuple[Any, int]:
        """The place a cursor names. INVALID for what is none, or belongs to a list in another order."""
        return _place(self, cursor, argument)

    def read(self, cursor: str, argument: str) -> tuple[Any, int]:
        try:
            if len(cursor) > MAX_CURSOR:
                raise ValueError
            code, pk, text = base64.b64decode(cursor, validate=True).decode().split(":", 2)
            if code != self.code or not pk.isascii() or not pk.isdigit() or len(pk) > 18:
                raise ValueError
            return self._value(text), int(pk)
        except (ValueError, OverflowError, binascii.Error):
            message = _("This cursor is not one of this list. Begin again without it.")
            raise DomainError(ErrorCode.INVALID, message, argument) from None

    def _value(self, text: str) -> Any:
        if self.kind is dt.datetime:
            return EPOCH + dt.timedelta(microseconds=int(text))
        if self.kind is int:
            if not text.isascii() or not text.isdigit() or len(text) > 18:
                raise ValueError
            return int(text)
        return dt.date.fromisoformat(text) if self.kind is dt.date else clean(text)


@symbolic(dt.date, dt.datetime, str, int)
def _place(keyset: Keyset, cursor: str, argument: str) -> tuple[Any, int]:
    return keyset.read(cursor, argument)


def _beyond(
    keyset: Keyset, cursor: str, argument: str, *, forwards: bool, model: type[Model]
) -> KeysetPosition:
    """The rows behind a place, in the direction of the list or against it."""
    return KeysetPosition(
        keyset.field,
        keyset.place(cursor, argument),
        STORED[keyset.kind](),
        model._meta.pk,
        descends=keyset.descending is forwards,
    )


AtMost = Annotated[
    int | None,
    strawberry.argument(
        description="Count no further than this: the answer at most, which then means “so many or more”. "
        "What a list costs to count grows with it; what is counted up to a thousand does not."
    ),
]


def counted(rows: QuerySet[Any], at_most: int | None) -> QuerySet[Any]:
    """The rows that are counted, in no order."""
    if at_most is None:
        return rows.order_by()
    if at_most < 1:
        raise DomainError(ErrorCode.INVALID, _("Count up to at least 1."), "at_most")
    return rows.order_by()[: min(at_most, MOST_COUNTED)]


@strawberry.type(description="Where a page stands in its list.")
class PageInfo:
    has_next_page: bool = strawberry.field(description="Whether there is more behind this page.")
    has_previous_page: bool = strawberry.field(description="Whether there is something before this page.")
    start_cursor: str | None = strawberry.field(description="The cursor of the first row, for `before`.")
    end_cursor: str | None = strawberry.field(description="The cursor of the last row, for `after`.")


@strawberry.type(description="A row in its place in the list.")
class Edge(Generic[T]):  # noqa: UP046
    cursor: str = strawberry.field(description="The place of this row, for `after` or `before`.")
    node: T = strawberry.field(description="The row.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[T]):  # noqa: UP046
    all_rows: strawberry.Private[QuerySet[Any]]
    total: strawberry.Private[Total | None] = None
    edges: list[Edge[T]] = strawberry.field(description="The rows with their cursors.")
    nodes: list[T] = strawberry.field(description="The rows without cursors.")
    page_info: PageInfo = strawberry.field(description="Where the page stands.")

    @strawberry.field(description="How many rows the whole list has. Counted only when asked for.")
    def total_count(self, at_most: AtMost = None) -> int:
        if at_most is None and self.total is not None:
            return int(plans.fetch_once(self.total)[0][0])
        return counted(self.all_rows, at_most).count()


@dataclass(frozen=True)
class Page:
    """What was asked for: how many rows, from which place, in which direction."""

    count: int
    cursor: str | None
    forwards: bool

    @classmethod
    def of(cls, first: int | None, after: str | None, last: int | None, before: str | None) -> Page:
        if last is not None and (first is not None or after is not None):
            raise DomainError(
                ErrorCode.INVALID, _("Give either first and after, or last and before."), "last"
            )
        if before is not None and last is None:
            raise DomainError(
                ErrorCode.INVALID, _("Give either first and after, or last and before."), "before"
            )
        forwards = last is None
        count = (DEFAULT if first is None else first) if forwards else last
        if count is None or not 0 <= count <= MOST:
            field = "first" if forwards else "last"
            raise DomainError(ErrorCode.OVER_LIMIT, _("Between 0 and 100 rows at a time."), field)
        return cls(count, after if forwards else before, forwards)


@dataclass(frozen=True)
class Listing:
    """How the rows of a page are found: the interpreted path reads them, the compiler makes SQL of them."""

    queryset: QuerySet[Any]
    keyset: Keyset
    page: Page
    narrow: Narrow
    all_rows: QuerySet[Any]
    total: Total | None = None

    def counted(self, at_most: int | None) -> QuerySet[Any]:
        """What `totalCount` counts."""
        return counted(self.all_rows, at_most)

    def page_rows(self) -> QuerySet[Any]:
        """The rows of the page in the direction of the request, and one more if there is one."""
        rows, keyset, page, beyond = self.queryset, self.keyset, self.page, None
        if page.cursor is not None:
            argument = "after" if page.forwards else "before"
            beyond = _beyond(keyset, page.cursor, argument, forwards=page.forwards, model=rows.model)
        columns = keyset.columns if page.forwards else [_turned(column) for column in keyset.columns]
        return self.narrow(rows, columns, page.count + 1, beyond)


def connect(
    queryset: QuerySet[Any],
    keyset: Keyset,
    page: Page,
    info: strawberry.Info,
    *,
    narrow: Narrow,
    all_rows: QuerySet[Any],
    total: Total | None = None,
) -> Any:
    """The page as a connection. `narrow` gives the viewer's first rows, `all_rows` is what is counted, unless `total`
    knows better."""
    listing = Listing(queryset, keyset, page, narrow, all_rows, total)
    if info.context.compiling:
        return listing
    edges, nodes, more = _rows(listing, info)
    behind = page.cursor is not None
    cursors = [keyset.cursor(row) for row in edges]
    return Connection(
        all_rows=all_rows,
        total=total,
        edges=[Edge(cursor=cursor, node=row) for cursor, row in zip(cursors, edges, strict=True)],
        nodes=nodes,
        page_info=PageInfo(
            has_next_page=more if page.forwards else behind,
            has_previous_page=behind if page.forwards else more,
            start_cursor=cursors[0] if cursors else None,
            end_cursor=cursors[-1] if cursors else None,
        ),
    )


def _rows(listing: Listing, info: strawberry.Info) -> tuple[list[Any], list[Any], bool]:
    """The rows for `edges` and for `nodes`, and whether there are more.

    Where both are asked for they are read twice: an inner list may have other arguments in each.
    """
    raw: Any = raw_info(info)
    edges, nodes = (selected(raw, raw.field_nodes, name) for name in ("edges", "nodes"))
    if not (edges or nodes or selected(raw, raw.field_nodes, "pageInfo")):
        return [], [], False
    inside = selected(raw, edges, "node")
    first = _read(listing, raw, inside or nodes)
    second = _read(listing, raw, nodes) if inside and nodes else first
    count, step = listing.page.count, 1 if listing.page.forwards else -1
    return first[:count][::step], second[:count][::step], len(first) > count


def _read(listing: Listing, raw: Any, wanted: list[Any]) -> list[Any]:
    rows = listing.page_rows()
    node_type = get_named_type(get_named_type(raw.return_type).fields["nodes"].type)
    stored, key = {field.name for field in rows.model._meta.fields}, listing.keyset.field
    store = OptimizerStore.with_hints(only=[key] if key in stored else None)
    return list(optimize(rows, narrowed(raw, wanted, node_type), store=store))


def _turned(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"


def sliced(visible: Callable[[QuerySet[Any]], QuerySet[Any]]) -> Narrow:
    """The plain way: filter, order, cut. For lists whose order column has one index for everybody."""

    def narrow(
        queryset: QuerySet[Any], columns: Sequence[str], count: int, beyond: KeysetPosition | None
    ) -> QuerySet[Any]:
        rows = queryset if beyond is None else queryset.filter(beyond.over())
        return visible(rows).order_by(*columns)[:count]

    return narrow


AS_THEY_ARE = sliced(lambda found: found)
"""Where the rows are all that the viewer sees already."""


def paged(rows: QuerySet[Any], keyset: Keyset, page: Page, info: strawberry.Info) -> Any:
    """A page of rows that are all that the viewer sees, as a connection: ordered and cut."""
    return connect(rows, keyset, page, info, narrow=AS_THEY_ARE, all_rows=rows)


First = Annotated[
    int | None, strawberry.argument(description="How many from the beginning (up to 100, default 50).")
]


After = Annotated[str | None, strawberry.argument(description="Only what comes behind this cursor.")]


Last = Annotated[int | None, strawberry.argument(description="How many from the end (up to 100).")]


Before = Annotated[str | None, strawberry.argument(description="Only what comes before this cursor.")]


Search = Annotated[
    str | None,
    strawberry.argument(
        description="Turkish search by the beginnings of words; a number of up to four digits among them is whole."
    ),
]


_PAGING = {"first": First, "after": After, "last": Last, "before": Before}


def connection_field(description: str, *, public: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Declare a list: the parameter `page` of its resolver is asked for by `first`, `after`, `last` and `before`.

    Only for a signed-in viewer, unless `public`: then the resolver itself says who may ask.
    """

    def declare(resolve: Callable[..., Any]) -> Any:
        @wraps(resolve)
        def with_page(*arguments: Any, **named: Any) -> Any:
            if not public:
                scope.require_viewer()
            asked = {name: named.pop(name, None) for name in _PAGING}
            return resolve(*arguments, page=Page.of(**asked), **named)

        declared = inspect.signature(resolve)
        parameters: list[inspect.Parameter] = []
        for asked in declared.parameters.values():
            if asked.name == "page":
                parameters += [
                    asked.replace(name=name, annotation=of, default=None) for name, of in _PAGING.items()
                ]
            else:
                parameters.append(asked)
        vars(with_page)["__signature__"] = declared.replace(parameters=parameters)
        return strawberry.field(description=description)(with_page)

    return declare


def listed(rows: QuerySet[Any], keyset: Keyset, page: Page, info: strawberry.Info) -> Any:
    """The visible ones of these rows, as a page."""
    seen = scope.visible(rows)
    return paged(seen, keyset, page, info)
