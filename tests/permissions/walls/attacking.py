"""Runs forgeries on a connection of the application's role, and says what they brought to light or changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import connections

from backend.core.tickets import sign
from permissions.policies import EVERYTHING, OPEN_TO_APP, SECURED

MARK = "kimsegörmez"
FIRST = 7_700_000_001
"""The number of the hidden rows begins here, so that it is known wherever it appears."""
HERE = 41.0
"""The degree, of both, at which a hidden case lies."""
TRACES = (MARK, str(FIRST)[:8])
CALLABLE = """
    SELECT p.oid::regprocedure::text, p.proname, array(SELECT format_type(kind, NULL) FROM unnest(p.proargtypes) kind)
      FROM pg_proc p WHERE p.pronamespace = 'app'::regnamespace AND p.prorettype <> 'trigger'::regtype ORDER BY 1
"""
INVENTED = {
    "bigint": "{case}",
    "integer": "1",
    "text": "'kimse:*'",
    "bigint[]": "'{{{case},1,2,3}}'",
    "text[]": "'{{kimse}}'",
    "jsonb": """'[{{"user_id": {user}, "kind": "x", "text": "x", "facts": {{}}, "is_urgent": true}}]'""",
    "timestamp with time zone": "now()",
    "uuid": "gen_random_uuid()",
    "boolean": "true",
    "double precision": str(HERE),
}


def calls() -> dict[str, list[str]]:
    """Every function that the application may call, with arguments that somebody would like."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(CALLABLE)
        return {
            f"a call of {signature}": [
                f"SELECT * FROM app.{name}({', '.join(INVENTED[kind] for kind in kinds)})"
            ]
            for signature, name, kinds in cursor.fetchall()
        }


def attack(connection: psycopg.Connection[Any], statements: list[str]) -> list[str]:
    """What the statements answer, errors and notices included; each is taken back by itself if it fails."""
    heard: list[str] = []
    connection.add_notice_handler(notice := lambda diagnostic: heard.append(str(diagnostic.message_primary)))
    for statement in statements:
        try:
            connection.execute("SAVEPOINT before")
            heard += _answers(connection, statement)
        except psycopg.Error as error:
            told = ("message_primary", "message_detail", "message_hint", "context", "internal_query")
            heard += [str(getattr(error.diag, name)) for name in told]
            try:
                connection.execute("ROLLBACK TO SAVEPOINT before")
            except psycopg.Error:
                connection.rollback()
    connection.remove_notice_handler(notice)
    return heard


def _answers(connection: psycopg.Connection[Any], statement: str) -> Iterator[str]:
    with connection.cursor() as cursor:
        if statement.startswith("COPY"):
            with cursor.copy(statement.encode()) as copy:
                yield from (bytes(row).decode() for row in copy)
            return
        cursor.execute(statement.encode())
        while True:
            if cursor.description:
                yield from (str(row) for row in cursor.fetchall())
            if not cursor.nextset():
                return


LOOKED_AT = (
    "complaints_complaint",
    "complaints_complaintevent",
    "complaints_complaintline",
    "complaints_routing",
    "contacts_citizen",
    "journal_auditlog",
    "outbox_message",
    "permissions_departmentgrant",
    "programme_entry",
)
SEEN = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM public.{table}" for table in LOOKED_AT)
BY_RIGHT = {"journal_accesslog", "portals_idempotentresponse"}
"""Where an asker leaves lines of their own."""
WRITTEN = " UNION ALL ".join(
    f"SELECT '{table}', count(*), sum(hashtextextended(t::text, 0)) FROM {table} t"
    for table in sorted({*SECURED, *OPEN_TO_APP} - BY_RIGHT)
    if OPEN_TO_APP.get(table) != EVERYTHING
)


def seen(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows of secured tables are seen now."""
    try:
        connection.execute("SAVEPOINT looking")
        return {table: count for table, count in connection.execute(SEEN).fetchall() if count}
    except psycopg.Error:  # row security is off, or the path leads elsewhere: refused
        connection.execute("ROLLBACK TO SAVEPOINT looking")
        return {}


def written() -> dict[str, Any]:
    """The state of every table that the application does not write by right."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(WRITTEN)
        return {table: state for table, *state in cursor.fetchall()}


def tampered(ticket: str, payload: str) -> str:
    issued, mac, _payload = ticket.split(".", 2)
    return f"{issued}.{mac}.{payload}"


def tickets(user: int, standing: tuple[str, str], stale: str) -> dict[str, str]:
    """Tickets that must not be believed in any other transaction than the one of `standing`."""
    transaction, seal = standing
    return {
        "stale": stale,
        "forged": f"{sign('enter', str(user)).split('.', 1)[0]}.{'0' * 64}.{user}",
        "altered": tampered(sign("enter", ""), str(user)),
        "crossed": sign("check", str(user)),
        "elsewhere": sign("assume", f"{transaction} {seal}"),
    }
