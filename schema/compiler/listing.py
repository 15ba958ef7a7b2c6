"""Connections: the page that the resolver described, written as one subquery with all that is asked of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from graphql import GraphQLObjectType, get_named_type

from permissions.plans.reasons import NotCompilableError
from permissions.plans.statement import Writer
from schema.compiler.operation import Operation
from schema.compiler.projection import Projection, narrowed
from schema.core.graphql_adapter import Nodes
from schema.core.json_sql import name, names, quoted

PLACE = "place"


def compiled(queryset: QuerySet[Any]) -> tuple[str, Any] | None:
    """SQL and parameters as Django makes them; None if it is known to be empty."""
    try:
        return queryset.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None


@dataclass
class Page:
    """The columns of the rows of a page, by the selection that needs them."""

    projection: Projection
    columns: list[Any] = field(default_factory=list)

    def record(self, on: GraphQLObjectType, model: Any, nodes: Nodes) -> tuple[list[str], list[int]]:
        """The keys of a selection and the numbers of its columns."""
        result = self.projection.columns(on, model, nodes)
        first = len(self.columns)
        self.columns += result
        return [key for key, _value in result], list(range(first, len(self.columns)))


class ListingWriter:
    """Writer of one connection. `listing` is the argument of `schema.core.connection.connect`."""

    def __init__(self, operation: Operation, writer: Writer, listing: Any, on: GraphQLObjectType) -> None:
        self.operation, self.writer, self.listing, self.on = operation, writer, listing, on
        self.page = Page(Projection(operation))
        self.laterals: list[str] = []
        self.node_type: GraphQLObjectType = get_named_type(on.fields["nodes"].type)
        self.needs_place = False
        self.first = listing.page.count
        # Always explicit: another ordered aggregate would otherwise decide the order of all.
        self.order = " ORDER BY p.i" if listing.page.forwards else " ORDER BY p.i DESC"

    def write(self, nodes: Nodes) -> str:
        """The connection as a scalar subquery that gives an object."""
        parts: list[tuple[str, str]] = []
        for key, below in self.operation.below(self.on, nodes).items():
            part = {
                "__typename": self._typename,
                "nodes": self._nodes,
                "edges": self._edges,
                "pageInfo": self._page_info,
                "totalCount": self._total_count,
            }.get(below[0].name.value)
            if part is None:
                raise NotCompilableError("connection", below[0].name.value)
            parts.append((key, part(below)))
        select = ", ".join(f"{text} AS {name(key)}" for key, text in parts)
        return f"(SELECT row_to_json(o$) FROM (SELECT {select}{self._rows()}) AS o$)"

    def _rows(self) -> str:
        if not (self.page.columns or self.needs_place):
            return ""
        columns = list(self.page.columns)
        if self.needs_place:
            columns.append((PLACE, self.listing.keyset.place_text()))
        aliases = [f"c{i}" for i in range(len(columns))]
        if self.needs_place:
            aliases[-1] = PLACE
        result = compiled(narrowed(self.listing.page_rows(), columns))
        if result is None:
            nulls = ", ".join(f"NULL::text AS {alias}" for alias in aliases) or "NULL"
            rows = f"(SELECT 1::bigint AS i, {nulls} WHERE false) AS p"
        else:
            text = self.writer.write(*result)
            rows = f"(SELECT row_number() OVER () AS i, q.* FROM ({text}) AS q({', '.join(aliases)})) AS p"
        # One row, whatever is selected: `pageInfo { hasPreviousPage }` alone is no aggregate.
        return f" FROM {rows}{''.join(self.laterals)} GROUP BY ()"

    def _lateral(self, nodes: Nodes) -> str:
        """An alias under which a row of the page has the columns of a selection, named as in the answer."""
        keys, numbers = self.page.record(self.node_type, self.listing.queryset.model, nodes)
        alias = f"r{len(self.laterals)}$"
        columns = ", ".join(f"p.c{number}" for number in numbers)
        self.laterals.append(f" CROSS JOIN LATERAL (SELECT {columns}) AS {alias}({names(keys)})")
        return alias

    def _listed(self, item: str) -> str:
        return f"coalesce(json_agg({item}{self.order}) FILTER (WHERE p.i <= {self.first}), '[]'::json)"

    def _nodes(self, nodes: Nodes) -> str:
        return self._listed(self._lateral(nodes))

    def _edges(self, nodes: Nodes) -> str:
        edge: GraphQLObjectType = get_named_type(self.on.fields["edges"].type)
        pairs = []
        for key, below in self.operation.below(edge, nodes).items():
            wanted = below[0].name.value
            if wanted == "node":
                value = self._lateral(below)
            elif wanted == "cursor":
                value = self._cursor(f"p.{PLACE}")
            else:
                value = quoted(edge.name)
            pairs.append(f"{quoted(key)}, {value}")
        if not pairs:
            raise NotCompilableError("connection", "empty edge")
        self.needs_place = True
        return self._listed(f"json_build_object({', '.join(pairs)})")

    def _cursor(self, place: str) -> str:
        self.needs_place = True
        return f"translate(encode(convert_to({place}, 'UTF8'), 'base64'), E'\\n', '')"

    def _page_info(self, nodes: Nodes) -> str:
        info: GraphQLObjectType = get_named_type(self.on.fields["pageInfo"].type)
        self.needs_place = True
        forwards, behind = (
            self.listing.page.forwards,
            "true" if self.listing.page.cursor is not None else "false",
        )
        more = f"count(*) > {self.first}"
        places, last = (
            f"array_agg(p.{PLACE}{self.order}) FILTER (WHERE p.i <= {self.first})",
            f"least(count(*), {self.first})",
        )
        ends = [self._cursor(f"({places})[{index}]") for index in ("1", last)]
        values = {
            "__typename": quoted(info.name),
            "hasNextPage": more if forwards else behind,
            "hasPreviousPage": behind if forwards else more,
            "startCursor": ends[0],
            "endCursor": ends[1],
        }
        pairs = [
            f"{quoted(key)}, {values[below[0].name.value]}"
            for key, below in self.operation.below(info, nodes).items()
        ]
        return f"json_build_object({', '.join(pairs)})"

    def _total_count(self, nodes: Nodes) -> str:
        graphql_field, _written = self.operation.definition(self.on, "totalCount")
        info = self.operation.info(self.on, graphql_field, nodes)
        _args, arguments = self.operation.arguments(graphql_field, nodes, info)
        at_most = arguments.get("at_most")
        if at_most is None and self.listing.total is not None:
            return str(self.listing.total(self.writer))
        result = compiled(self.listing.counted(at_most).values("pk"))
        return "0" if result is None else f"(SELECT count(*) FROM ({self.writer.write(*result)}) AS t)"

    def _typename(self, _nodes: Nodes) -> str:
        return quoted(self.on.name) + "::text"
