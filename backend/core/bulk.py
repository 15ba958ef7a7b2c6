"""Bulk insert:

Columns of text in arrays, which PostgreSQL reads as rows of the table's types. COPY is refused on a table with
row-level security, whatever the policies allow, and the application may make no temporary table to copy into.
Constraints, triggers, generated columns and policies apply to every row as for a single one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import batched

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
    statement = _statement(model, fields)
    count = 0
    for part in batched(rows, ROWS):
        texts = Transformer(connection.connection)
        columns = [[_text(texts, value) for value in column] for column in zip(*part, strict=True)]
        with prepared(statement, columns) as cursor:
            count += cursor.rowcount
    return count


def _statement(model: type[models.Model], fields: Sequence[str]) -> str:
    of_name = {field.name: field for field in model._meta.concrete_fields}
    chosen = [of_name[name] for name in fields]
    names = ", ".join(connection.ops.quote_name(field.column or "") for field in chosen)
    # Without its length: a cast would cut a text that is too long, which the column refuses.
    types = [re.sub(r"\([^)]*\)", "", field.db_type(connection) or "") for field in chosen]
    values = ", ".join(f"v{number}::{kind}" for number, kind in enumerate(types))
    arrays = ", ".join(f"${number + 1}::text[]" for number in range(len(chosen)))
    items = ", ".join(f"v{number}" for number in range(len(chosen)))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({names}) SELECT {values} FROM unnest({arrays}) AS items ({items})"  # noqa: S608 - names of our own models


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
