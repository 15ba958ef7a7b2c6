"""From 30,000 invented complaints to any multiple of it, inside PostgreSQL.

`load_demo` makes about a thousand cases a second, with words and people of their own; copying them with other keys,
numbers, places, telephone numbers and moments takes a hundredth of that and leaves the same shares: of departments, of
what is open, of frequent and rare words. The copies of a case are spread over the week before it: else the newest
thousands of cases would be copies of twenty, and a list's beginning would be as those happen to be. What came on one
day lies together on the disk, as it does where cases are registered one by one. A copy has the text of another case of
its category: else a hundred cases would have a word, or none of them.

One transaction: an interruption leaves nothing behind, and the next run begins again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import psycopg
from tqdm import tqdm

ROWS_A_STATEMENT = 100_000
EARLIER = "k * interval '7 days' / {times}"  # how much older than its original the copy k is
TEXTS = """
    CREATE TEMP TABLE texts ON COMMIT DROP AS
    SELECT id, coalesce(category_id, 0) AS category, subject, body, place, count(*) OVER w AS many,
           row_number() OVER (w ORDER BY id) - 1 AS nth
      FROM complaints_complaint WINDOW w AS (PARTITION BY category_id)
"""
WITH_TEXT = (
    "JOIN texts own ON own.id = t.id"
    " JOIN texts other ON other.category = own.category AND other.nth = mod(own.nth + k * 31, own.many)"
)
PLACE = r"regexp_replace(other.place, 'No: \d+', 'No: ' || 1 + mod(t.id * 7 + k * 13, 140))"
NUMBER = "(SELECT top FROM numbers n WHERE n.year = t.year) + (t.number - 1) * {copies} + k"
SPREAD = "{column} + (mod((t.id + k) * {prime}, 2003) - 1001) * 0.00001"  # within a kilometre of the original
CODE = "lpad(upper(to_hex(mod(({id}) * 2654435761, 281474976710656))), 12, '0')"


@dataclass(frozen=True)
class Table:
    """A table whose rows are copied: the columns that name rows of other copied tables, those made anew, what is
    joined for these, and the order in which the rows come to lie on the disk."""

    name: str
    points_to: dict[str, str] = field(default_factory=dict)
    anew: dict[str, str] = field(default_factory=dict)
    joined: str = ""
    order: str = "t.id, k"


OF_COMPLAINT = {"complaint_id": "complaints_complaint"}
OF_NOTICE = {**OF_COMPLAINT, "notice_id": "complaints_notice"}
TABLES = (
    Table(
        "contacts_citizen",
        {"merged_into_id": "contacts_citizen"},
        {
            "phone": "CASE WHEN t.phone = '' THEN '' ELSE left(t.phone, 6) ||"
            " lpad(mod(right(t.phone, 7)::bigint + k * 101009, 10000000)::text, 7, '0') END",
            "national_id_sealed": "NULL",
            "national_id_index": "''",
            "national_id_tail": "''",
        },
    ),
    Table(
        "complaints_complaint",
        {
            "applicant_id": "contacts_citizen",
            "on_behalf_of_id": "contacts_citizen",
            "duplicate_of_id": "complaints_complaint",
            "split_from_id": "complaints_complaint",
        },
        {
            "number": NUMBER,
            "reference": f"t.year || '/' || ({NUMBER})",
            "tracking_code": f"overlay(overlay({CODE} placing '-' from 5 for 0) placing '-' from 10 for 0)",
            "source_number": "CASE WHEN t.source_number = '' THEN '' ELSE t.source_number || 'K' || k END",
            "subject": "other.subject",
            "body": "other.body",
            "place": PLACE,
            "longitude": SPREAD.format(column="t.longitude", prime=7919),
            "latitude": SPREAD.format(column="t.latitude", prime=5099),
        },
        WITH_TEXT,
        f"t.registered_at - {EARLIER}",
    ),
    Table("complaints_routing", OF_COMPLAINT),
    Table("complaints_complaintline", OF_COMPLAINT),
    Table("complaints_comment", OF_COMPLAINT),
    Table("complaints_notice", OF_COMPLAINT, {"message_id": "NULL"}),
    Table("complaints_extension", OF_NOTICE),
    Table("complaints_forwarding", OF_NOTICE),
)
SEQUENCE = "complaint"


def multiply(address: str, times: int, tables: Sequence[Table] = TABLES) -> None:
    """Bring every case to `times` cases, with their rows in these tables. `address` is that of a superuser: foreign
    keys, which hold for every copy because they hold for its original, are not checked again, and the second wall is
    passed."""
    with psycopg.connect(address) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute(
            "CREATE TEMP TABLE numbers ON COMMIT DROP AS"
            " SELECT year, max(number) AS top FROM complaints_complaint GROUP BY year"
        )
        connection.execute(TEXTS)
        connection.execute("ANALYZE texts")
        indexes = _drop_indexes(connection, tables)
        _copy(connection, times - 1, tables)
        for definition in tqdm(indexes, unit=" indexes"):
            connection.execute(definition)
        _advance(connection, tables)
    vacuum(address)


def vacuum(address: str) -> None:
    """Do at once what autovacuum would do after so many new rows."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _drop_indexes(connection: psycopg.Connection, tables: Sequence[Table]) -> list[str]:
    """Drop the indexes that are no constraint's; returns the statements that make them again."""
    found = connection.execute(
        "SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i"
        " WHERE i.indrelid::regclass::text = ANY (%s)"
        " AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1",
        [[table.name for table in tables]],
    ).fetchall()
    for name, _definition in found:
        connection.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


def _copy(connection: psycopg.Connection, copies: int, tables: Sequence[Table]) -> None:
    last = {table.name: _last(connection, table.name) for table in tables}
    with tqdm(total=sum(last.values()) * copies, unit=" rows", unit_scale=True) as bar:
        for table in tables:
            statement = _statement(connection, table, copies, last)
            for low, high in _slices(last[table.name], copies):
                bar.update(connection.execute(statement, [low, high]).rowcount)


def _last(connection: psycopg.Connection, table: str) -> int:
    row = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
    return row[0] if row else 0


def _slices(last: int, copies: int) -> Iterator[tuple[int, int]]:
    step = max(ROWS_A_STATEMENT // copies, 1)
    for low in range(0, last, step):
        yield low, min(low + step, last)


def _statement(connection: psycopg.Connection, table: Table, copies: int, last: dict[str, int]) -> str:
    """INSERT … SELECT of a slice of a table, every row so many times."""
    columns = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
        [table.name],
    ).fetchall()

    def copied(column: str, of: str) -> str:
        return f"{last[of]} + (t.{column} - 1) * {copies} + k"

    def value(column: str, kind: str) -> str:
        if column in table.anew:
            return table.anew[column].format(copies=copies, id=copied("id", table.name))
        if column == "id" or column in table.points_to:
            return copied(column, table.points_to.get(column, table.name))
        if kind == "uuid":
            return "gen_random_uuid()"
        if kind == "timestamp with time zone":
            return f"t.{column} - {EARLIER.format(times=copies + 1)}"
        return f"t.{column}"

    names = ", ".join(f'"{column}"' for column, _kind in columns)
    values = ", ".join(value(column, kind) for column, kind in columns)
    return (
        f"INSERT INTO {table.name} ({names}) SELECT {values} FROM {table.name} t"
        f" CROSS JOIN generate_series(1, {copies}) k {table.joined} WHERE t.id > %s AND t.id <= %s"
        f" ORDER BY {table.order.format(times=copies + 1)}"
    )


def _advance(connection: psycopg.Connection, tables: Sequence[Table]) -> None:
    """What is registered next gets the next key and the next number."""
    for table in tables:
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}"
        )
    connection.execute(
        "UPDATE core_numbersequence s SET last = top FROM"
        " (SELECT year, max(number) AS top FROM complaints_complaint GROUP BY year) n"
        " WHERE n.year = s.year AND s.name = %s",
        [SEQUENCE],
    )
