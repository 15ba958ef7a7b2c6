"""How well likeness finds the original of a known duplicate: the product's own statement over the cases of a file.

The cases are put into a temporary table that has the indexes of the real one, the statement is written for it, and all
is rolled back. For each duplicate the cases that came before it are ranked. A case that is known to be a duplicate
speaks for its original, as it does in the product; `is_single` leaves that out.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction

from backend.similarity.pairs import Case
from backend.similarity.statement import (
    ADDRESS,
    COLUMNS,
    IS_PLACED,
    LIFE,
    LINE,
    PARAMETERS,
    PIECES,
    POINT,
    REACH,
    Source,
    function,
)

TABLE, FUNCTION = "similarity_cases", "pg_temp.similar_cases"
COLUMNS_OF_TABLE = {
    "id": "bigint PRIMARY KEY",
    "registered_at": "timestamptz",
    "closed_at": "timestamptz",
    "category_id": "bigint",
    "latitude": "float8",
    "longitude": "float8",
    "place": "text",
    "subject": "text",
    "body": "text",
    "duplicate_of_id": "bigint",
    "linked_to_id": "bigint",
    "neighbourhood_id": "bigint",
    "sticker_id": "bigint",
    "apart_from": "bigint[]",
}
"""What the statement reads of a case."""
MOST, FIRST = 100, (1, 3, 5, 10)
_TABLE = ", ".join(f"{name} {kind}" for name, kind in COLUMNS_OF_TABLE.items())
_INDEXES = (
    f"CREATE INDEX ON {TABLE} USING gist (({POINT.format(TABLE)}), ({LIFE.format(TABLE)}))"
    f" WHERE {IS_PLACED.format(TABLE)}",
    *(
        f"CREATE INDEX ON {TABLE} USING gin (({part.format(TABLE)}) gin_trgm_ops) WHERE closed_at IS NULL"
        for part in (ADDRESS, LINE)
    ),
    f"CREATE INDEX ON {TABLE} (category_id, registered_at, id) WHERE closed_at IS NULL",
)
_ASKED = ", ".join(f"%({name})s::{kind}" for name, kind in PARAMETERS)
_NAMES = [name for name, _kind in COLUMNS]


@dataclass(frozen=True)
class Score:
    """What came out: of `pairs`, how many originals were among the first so many, and how fast."""

    cases: int
    pairs: int
    without_case: int
    """Duplicates whose original is not in the file."""
    first: dict[int, int]
    silent: int
    """The original was not proposed at all."""
    median_rank: float | None
    by_reason: dict[str, int]
    """Of the proposed originals: found by distance only, by pieces of three letters only, or by both."""
    median_ms: float
    slow_ms: float
    """What nineteen of twenty do not exceed."""

    @property
    def shares(self) -> dict[int, float]:
        return {most: count / self.pairs if self.pairs else 0.0 for most, count in self.first.items()}


def evaluate(
    cases: Sequence[Case],
    radius: float,
    *,
    is_single: bool = False,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> Score:
    """Rank the earlier cases of each duplicate. Runs as the owner of the tables; nothing is kept."""
    numbers = {case.key: number for number, case in enumerate(cases)}
    asked, without = _asked(cases, numbers)
    matters = _matters(len(cases), asked) if not is_single else list(range(len(cases)))
    ranks: list[int | None] = []
    reasons: dict[str, int] = {"distance": 0, "trigrams": 0, "both": 0}
    times = []
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        _load(cursor, cases, matters)
        for done, (later, earlier) in enumerate(asked):
            began = time.perf_counter()
            found = _similar(cursor, cases[later], later, radius)
            times.append((time.perf_counter() - began) * 1000)
            rank = next((i for i, row in enumerate(found, 1) if row["matter"] == matters[earlier]), None)
            ranks.append(rank)
            if rank is not None and (reason := _reason(found[rank - 1])):
                reasons[reason] += 1
            progress(done + 1, len(asked))
        transaction.set_rollback(True, using="owner")
    known = [rank for rank in ranks if rank is not None]
    return Score(
        cases=len(cases),
        pairs=len(asked),
        without_case=without,
        first={most: sum(rank <= most for rank in known) for most in FIRST},
        silent=len(ranks) - len(known),
        median_rank=statistics.median(known) if known else None,
        by_reason=reasons,
        median_ms=statistics.median(times) if times else 0.0,
        slow_ms=statistics.quantiles(times, n=20)[-1] if len(times) > 1 else sum(times),
    )


def _asked(cases: Sequence[Case], numbers: dict[str, int]) -> tuple[list[tuple[int, int]], int]:
    """Of each known pair the later case, and the earlier one that is looked for; how many originals are missing."""
    found, without = [], 0
    for number, case in enumerate(cases):
        if not case.original or case.original == case.key:
            continue
        original = numbers.get(case.original)
        if original is None:
            without += 1
        else:
            found.append((max(number, original), min(number, original)))
    return found, without


def _matters(count: int, pairs: Sequence[tuple[int, int]]) -> list[int]:
    """Of each case the first one of its matter."""
    leader = list(range(count))

    def of(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = leader[number]
        return number

    for later, earlier in pairs:
        one, other = sorted((of(later), of(earlier)))
        leader[other] = one
    return [of(number) for number in range(count)]


def _load(cursor: Any, cases: Sequence[Case], matters: Sequence[int]) -> None:
    cursor.execute(f"CREATE TEMP TABLE {TABLE} ({_TABLE}) ON COMMIT DROP")
    categories: dict[str, int] = {}
    with cursor.copy(f"COPY {TABLE} ({', '.join(COLUMNS_OF_TABLE)}) FROM STDIN") as copy:
        for number, case in enumerate(cases):
            category = categories.setdefault(case.category, len(categories)) if case.category else None
            leader = matters[number] if matters[number] != number else None
            point = case.latitude, case.longitude
            texts = (text.replace("\0", "") for text in (case.place, case.subject, case.text))
            closed = case.closed if case.closed is None or case.closed > case.at else None
            copy.write_row((number, case.at, closed, category, *point, *texts, leader, None, None, None, []))
    for statement in (*_INDEXES, f"ANALYZE {TABLE}", function(FUNCTION, Source(TABLE))):
        cursor.execute(statement)


def _similar(cursor: Any, case: Case, number: int, radius: float) -> list[dict[str, Any]]:
    asked: dict[str, Any] = {
        "self": number,
        "own": None,
        "apart": [],
        "since": case.at,
        "until": case.at,
        "latitude": case.latitude,
        "longitude": case.longitude,
        "radius": radius,
        "neighbourhood": None,
        "sticker": None,
        "subject": case.subject,
        "body": case.text,
        "place": case.place,
        "joinable": False,
        "most": MOST,
    }
    category = f"(SELECT category_id FROM {TABLE} WHERE id = {number})"  # noqa: S608 - a number
    statement = f"SELECT * FROM {FUNCTION}({_ASKED.replace('%(category)s', category)})"  # noqa: S608 - numbers and constants
    cursor.execute(statement, asked)
    return [dict(zip(_NAMES, row, strict=True)) for row in cursor.fetchall()]


def _reason(row: dict[str, Any]) -> str:
    """What speaks for it: that it is in reach, that pieces of three letters are the same, or both."""
    near = row["metres"] is not None and row["metres"] <= REACH
    alike = max(row["place_alike"] or 0, row["words_alike"] or 0) >= PIECES
    return ("both" if alike else "distance") if near else "trigrams" if alike else ""
