"""Bulk insert and update:

Columns of text in arrays, which PostgreSQL reads as rows of the table's types. COPY is refused on a table with
row-level security, whatever the policies allow, and the application may make no temporary table to copy into.
Constraints, triggers, generated columns and policies apply to every row as for a single one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import batched
from typing import Any

from django.db import connection, models
from psycopg import abc
from psycopg.adapt import PyFormat, Transformer

from backend.core.session import prepared

ROWS = 1000
"""Of a statement."""


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Insert `rows` (values in the order of `fields`; JSON as text) and return how many.

    Runs inside the caller's transaction, which must have the right to write.
    """
    columns, kinds = _columns(model, fields)
    values = ", ".join(f"v{number}::{kind}" for number, kind in enumerate(kinds))
    table = connection.ops.quote_name(model._meta.db_table)
    statement = f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {_items(len(columns))}"  # noqa: S608 - names of our own models
    return _run(statement, rows)


def update_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Update the rows with these primary keys (key, then values in the order of `fields`) and return how many.

    As `insert_rows`; a statement for a thousand rows. Nothing that `save` would work out is set.
    """
    key = model._meta.pk.name
    columns, kinds = _columns(model, [key, *fields])
    values = ", ".join(
        f"{column} = v{number}::{kind}"
        for number, (column, kind) in enumerate(zip(columns, kinds, strict=True))
        if number
    )
    table = connection.ops.quote_name(model._meta.db_table)
    statement = (
        f"UPDATE {table} SET {values} FROM {_items(len(columns))} WHERE {table}.{columns[0]} = v0::{kinds[0]}"  # noqa: S608 - names of our own models
    )
    return _run(statement, rows)


def _columns(model: type[models.Model], fields: Sequence[str]) -> tuple[list[str], list[str]]:
    """The columns of these fields, and their types without a length: a cast to it would cut what is too long, which the
    column refuses."""
    of_name = {field.name: field for field in model._meta.concrete_fields}
    chosen = [of_name[name] for name in fields]
    names = [connection.ops.quote_name(field.column or "") for field in chosen]
    return names, [re.sub(r"\([^)]*\)", "", _kind(field)) for field in chosen]


def _kind(field: models.Field[Any, Any]) -> str:
    """The type of a key without its sequence."""
    return (field.rel_db_type(connection) if field.primary_key else field.db_type(connection)) or ""


def _items(count: int) -> str:
    arrays = ", ".join(f"${number + 1}::text[]" for number in range(count))
    return f"unnest({arrays}) AS items ({', '.join(f'v{number}' for number in range(count))})"


def _run(statement: str, rows: Iterable[Sequence[object]]) -> int:
    count = 0
    for part in batched(rows, ROWS):
        texts = Transformer(connection.connection)
        columns = [[_text(texts, value) for value in column] for column in zip(*part, strict=True)]
        with prepared(statement, columns) as cursor:
            count += cursor.rowcount
    return count


def _text(texts: abc.Transformer, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    written = texts.get_dumper(value, PyFormat.TEXT).dump(value)
    return None if written is None else bytes(written).decode()


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """Reserve `count` new primary keys of the table, ascending."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]
