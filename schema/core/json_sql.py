"""Expressions that write JSON, each exactly as the interpreted path would serialise the value."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Expression, Func, Subquery, TextField

MOST_PAIRS = 50  # json_build_object takes a hundred arguments
NOTED = "#"
"""The key under which an object tells whose data it shows. No field and no alias can be called that."""
PERSONS = "persons"
"""Of a field's metadata: SQL for whose data its value shows."""


class Json(TextField):
    """A value that is JSON already."""


class Fixed(Expression):
    """SQL text of ours, without parameters."""

    def __init__(self, text: str, output_field: Any = None) -> None:
        super().__init__(output_field=output_field or Json())
        self.text = text

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return self.text.replace("%", "%%"), []


def quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def name(text: str) -> str:
    return f'"{text}"'


def names(keys: Sequence[str]) -> str:
    return ", ".join(name(key) for key in keys)


class _Rows(Subquery):
    """A subquery whose columns become the keys of JSON objects."""

    empty: str
    output_field = Json()

    def __init__(self, queryset: Any, keys: Sequence[str]) -> None:
        self.keys = tuple(keys)
        super().__init__(queryset, names=names(keys))

    def as_sql(self, compiler: Any, connection: Any, *arguments: Any, **extra: Any) -> tuple[str, Any]:
        try:
            return super().as_sql(compiler, connection, *arguments, **extra)
        except EmptyResultSet:
            return self.empty, []


class Record(_Rows):
    """The one row of a subquery as an object, or null."""

    template = "(SELECT row_to_json(r$) FROM (%(subquery)s) AS r$(%(names)s))"
    empty = "NULL::json"


class Records(_Rows):
    """The rows of a subquery, in its order, as a list of objects."""

    template = "(SELECT coalesce(json_agg(r$), '[]'::json) FROM (%(subquery)s) AS r$(%(names)s))"
    empty = "'[]'::json"


class Object(Func):
    """An object of expressions over the same row."""

    function = "json_build_object"
    output_field = Json()

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(*(part for key, value in pairs for part in (Fixed(quoted(key)), value)))


class Moment(Func):
    """A moment with its offset, as Python writes one in UTC: microseconds only where there are any."""

    pattern = 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'
    template = f"replace(to_char(timezone('UTC', %(expressions)s), '{pattern}'), '.000000', '')"
    output_field = TextField()


class Encoded(Func):
    """Base64 without line breaks."""

    template = "translate(encode(convert_to(%(expressions)s, 'UTF8'), 'base64'), E'\\n', '')"
    output_field = TextField()


def _published(value: str, published: dict[str, str]) -> str:
    """The published name of a stored value. One function with a constant: PostgreSQL prepares each branch of a CASE
    whenever the statement is run, and there are sixty verbs."""
    constant = quoted(json.dumps(published, ensure_ascii=False)).replace("%", "%%")
    return f"({constant}::jsonb ->> ({value})::text)"


class Named(Func):
    """A stored choice under its published name."""

    output_field = TextField()

    def __init__(self, value: Any, published: dict[str, str]) -> None:
        super().__init__(value, template=_published("%(expressions)s", published))


class NamedEach(Func):
    """The same for every element of an array."""

    output_field = Json()

    def __init__(self, value: Any, published: dict[str, str]) -> None:
        super().__init__(
            value,
            template=(
                f"(SELECT coalesce(json_agg({_published('e.v', published)} ORDER BY e.n), '[]'::json)"
                " FROM unnest(%(expressions)s) WITH ORDINALITY AS e(v, n))"
            ),
        )


class AsJson(Func):
    """Text that is JSON already."""

    template = "(%(expressions)s)::json"
    output_field = Json()
