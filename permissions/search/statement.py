"""Statements of the global search.

Their text depends only on which of four kinds of text is searched, so PostgreSQL plans each once per connection. They
run as the viewer: row security holds in each table, and the functions of `permissions.core.lookups` check the same.
The results pass the rules before anything of them is shown (`searching`).
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from backend.timeline.branches import KNOWN_REQUEST
from permissions.core.lookups import FOUND, LOOKUPS, known_in_case
from permissions.search.case_search import ALIKE, EXACT, NAME, PERSON, SUBJECT, WORDS
from permissions.search.kinds import SOURCES, Kind, Source

CANDIDATES = FOUND
"""The newest matches of a kind that are ranked."""
LINE = "kind, pk, fit, near, moment"
PERSONS = "persons"


class Mode(StrEnum):
    """What a text is taken for."""

    WORDS = "WORDS"  # $1: what `prefix_query` makes
    NUMBER = "NUMBER"  # $1: the same, $3: numbers that it may mean
    PHONE = (
        "PHONE"  # $1: the number in E.164, $3: records with it, $4: organisations with a contact who has it
    )
    ALIKE = "ALIKE"  # $1: the text in search form


STANDING = f"""
WITH RECURSIVE up AS (
  SELECT c.id, c.merged_into_id FROM contacts_citizen c JOIN {PERSONS} p ON p.id = c.id
   WHERE c.merged_into_id IS NOT NULL
   UNION
  SELECT c.id, c.merged_into_id FROM up JOIN contacts_citizen c ON c.id = up.merged_into_id)
SELECT up.id FROM up WHERE up.merged_into_id IS NULL
"""
"""Who stands today for the merged records that bear the name."""

TYPES = {Mode.NUMBER: ("text[]",), Mode.PHONE: ("bigint[]", "bigint[]")}
"""Of the parameters from $3 on."""


CASES = f"""
SELECT 'COMPLAINT' AS kind, t.id AS pk,
       CASE WHEN t.id = ANY ($2::bigint[]) THEN {EXACT} WHEN t.id = ANY ($3::bigint[]) THEN {PERSON}
            WHEN to_tsvector('simple', tr_tokens(t.subject)) @@ to_tsquery('simple', $1) THEN {SUBJECT}
            ELSE {WORDS} END AS fit,
       0::float8 AS near, t.registered_at AS moment
  FROM complaints_complaint t WHERE t.id = ANY ($2::bigint[] || $3::bigint[] || $4::bigint[])
 ORDER BY fit, moment DESC, pk DESC LIMIT $5
"""
"""How well cases fit that are found by their number ($2), by who is behind them ($3) or by their words ($4)."""


@cache
def statement(mode: Mode, kinds: tuple[Kind, ...], with_persons: bool, with_cases: bool = False) -> str:
    """The best finds of each kind, `$2` of each at most. `with_persons`: persons are looked for by their names;
    `with_cases`: and the cases behind which a department may know them, so that names and cases are joined once.

    Every parameter is named with its type, since some kinds ask for none of them.
    """
    parts = [part for kind in kinds for part in _parts(kind, mode, with_persons)]
    if with_cases:
        known = f"t.applicant_id = ANY (ARRAY(SELECT id FROM {PERSONS})) AND {known_in_case('t')}"
        parts.append(_part(Kind.COMPLAINT, SOURCES[Kind.COMPLAINT], known, str(PERSON)))
    if not parts:
        return ""
    typed = ", ".join(f"${i}::{of}" for i, of in enumerate(("text", "bigint", *TYPES.get(mode, ())), start=1))
    named = f", {PERSONS} AS MATERIALIZED (SELECT app.matching_citizens($1) AS id)" if with_persons else ""
    return (
        f"WITH parameters AS (SELECT {typed}){named} SELECT {LINE} FROM ({' UNION ALL '.join(parts)}) found"
    )


def _parts(kind: Kind, mode: Mode, with_persons: bool) -> list[str]:
    source = SOURCES[kind]
    if mode == Mode.ALIKE:
        return [_alike(kind, source)]
    if kind == Kind.COMPLAINT:
        return [_of_words(kind, source)] if mode == Mode.WORDS else []  # `finding` knows more ways to a case
    if mode == Mode.PHONE:
        return _of_phone(kind, source)
    items = []
    if with_persons and kind == Kind.CITIZEN:
        items.append(_part(kind, source, f"t.id = ANY ({_newest(f'SELECT id FROM {PERSONS}')})", str(NAME)))
        items.append(_part(kind, source, f"t.id = ANY (ARRAY({STANDING}))", str(PERSON)))
    if with_persons and kind == Kind.REQUEST:
        items.append(
            _part(kind, source, f"r.applicant_id = ANY (ARRAY(SELECT id FROM {PERSONS}))", str(PERSON))
        )
    if mode == Mode.NUMBER and source.numbers:
        items.append(_part(kind, source, "t.reference = ANY ($3::text[])", str(EXACT)))
    if kind != Kind.CITIZEN and (mode == Mode.WORDS or kind == Kind.LETTER or not source.numbers):
        items.append(_of_words(kind, source))
    return items


def _newest(rows: str) -> str:
    return f"ARRAY(SELECT f.id FROM ({rows}) f ORDER BY f.id DESC LIMIT {CANDIDATES})"


def _function(way: str, source: Source) -> str:
    return f"SELECT app.{way}_{LOOKUPS[source.table].name}($1) AS id"


def _of_words(kind: Kind, source: Source) -> str:
    heading = NAME if kind == Kind.ORGANISATION else SUBJECT
    words = f"to_tsvector('simple', tr_tokens(t.{source.title})) @@ to_tsquery('simple', $1)"
    fit = f"CASE WHEN {words} THEN {heading} ELSE {WORDS} END"
    result = (
        "ARRAY(SELECT app.newest_complaints($1))"
        if kind == Kind.COMPLAINT
        else _newest(_function("matching", source))
    )
    return _part(kind, source, f"t.id = ANY ({result})", fit)


def _alike(kind: Kind, source: Source) -> str:
    near = f"word_similarity($1, {LOOKUPS[source.table].fold})::float8"
    return _part(kind, source, f"t.id = ANY ({_newest(_function('alike', source))})", str(ALIKE), near)


def _of_phone(kind: Kind, source: Source) -> list[str]:
    if kind == Kind.CITIZEN:
        return [_part(kind, source, "t.id = ANY ($3::bigint[])", str(EXACT))]
    if kind == Kind.REQUEST:
        return [_part(kind, source, "r.applicant_id = ANY ($3::bigint[])", str(PERSON))]
    if kind == Kind.ORGANISATION:
        return [_part(kind, source, "(t.phone = $1 OR t.id = ANY ($4::bigint[]))", str(EXACT))]
    return [_part(kind, source, "t.phone = $1", str(EXACT))] if source.has_phone else []


def _part(kind: Kind, source: Source, condition: str, fit: str, near: str = "0::float8") -> str:
    """The best of these rows of a kind. Who asks to be received is found where the asker may know that."""
    alias = "t"
    if "r.applicant_id" in condition:
        alias, condition = "r", f"{condition} AND {KNOWN_REQUEST}"
    standing = f" AND {alias}.merged_into_id IS NULL" if source.standing else ""
    return (
        f"(SELECT '{kind.value}'::text AS kind, {alias}.id AS pk, {fit} AS fit, {near} AS near,"
        f" {alias}.{source.at} AS moment FROM {source.table} {alias} WHERE {condition}{standing}"
        " ORDER BY fit, near DESC, moment DESC, pk DESC LIMIT $2)"
    )
