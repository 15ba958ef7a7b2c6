"""Bulk insert:

COPY into a temporary table, then INSERT … SELECT into the real one. PostgreSQL refuses COPY FROM on a table with
row-level security, whatever the policies allow; a temporary table has none. Constraints, triggers, generated columns
and policies apply to every row as for a single one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import connection, models


def insert_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    """Insert `rows` (values in the order of `fields`; JSON as text) and return how many.

    Runs inside the caller's transaction and under the caller's role, which must be the office's.
    """
    table = model._meta.db_table
    of_name = {field.name: field.column or "" for field in model._meta.concrete_fields}
    columns = ", ".join(connection.ops.quote_name(of_name[name]) for name in fields)
    passing = f"copied_{zlib.crc32((table + columns).encode()):08x}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role')")
        (role,) = cursor.fetchone()
        # The office's role may not make temporary tables; the one that logged in may.
        cursor.execute("SET LOCAL ROLE NONE")
        cursor.execute(
            f"CREATE TEMP TABLE IF NOT EXISTS {passing} ON COMMIT DROP AS"  # noqa: S608 - names of our own models
            f" SELECT {columns} FROM {table} WITH NO DATA"
        )
        cursor.execute(f"GRANT SELECT, INSERT, TRUNCATE ON {passing} TO {settings.OFFICE_ROLE}")
        cursor.execute("SELECT set_config('role', %s, true)", [role])
        with cursor.copy(f"COPY {passing} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {passing}")  # noqa: S608
        count = cursor.rowcount
        cursor.execute(f"TRUNCATE {passing}")
    return count


def take_ids(model: type[models.Model], count: int) -> list[int]:
    """Reserve `count` new primary keys of the table, ascending."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [number for (number,) in cursor.fetchall()]
