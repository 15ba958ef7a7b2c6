"""What stands in each house, in a table for operators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db import DEFAULT_DB_ALIAS, Error, connections
from django.db.migrations.executor import MigrationExecutor

from backend import houses
from backend.core.localtime import moment_text
from backend.core.operation.backup import last_backup
from backend.core.operation.release import release
from backend.houses import House

SIZE = "SELECT pg_size_pretty(pg_database_size(current_database()))"
HEADS = ("house", "migrations", "size", "last backup", "host")


def table(chosen: Sequence[House]) -> Iterator[str]:
    """Yield a line for each house under one of headings; a house whose database does not answer says so."""
    yield f"{len(chosen)} houses · version {release() or 'unknown'}"
    rows = [HEADS, *map(_row, chosen)]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADS))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _row(house: House) -> tuple[str, ...]:
    with houses.inside(house):
        try:
            with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
                cursor.execute(SIZE)
                (size,) = cursor.fetchone()
            executor = MigrationExecutor(connections[DEFAULT_DB_ALIAS])
            missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        except Error as error:
            size, migrations = "–", str(error.__cause__ or error).strip().splitlines()[0][:60]
        else:
            migrations = f"{missing} to come" if missing else "whole"
        finally:
            connections.close_all()
        saved = last_backup()
    return house.name, migrations, size, _moment(saved), ", ".join(house.hosts)


def _moment(moment: dt.datetime | None) -> str:
    return moment_text(moment) if moment else "never"
