"""Reading the whole file into the register, piece by piece: run again after an interruption it adds nothing twice."""

from __future__ import annotations

import csv
import lzma
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import batched
from pathlib import Path

from backend.complaints.importing import import_file
from backend.complaints.importing.report import Outcome
from backend.core.session import system
from backend.organization.models import Category, Department
from benchmarks.trial.profile import KINDS, SOURCE, Tally, as_table, records

PIECE = 10_000
"""Rows of one transaction."""


@dataclass
class Loaded:
    """What became of the file. `outcomes`: of the rows that the importer was handed."""

    tally: Tally = field(default_factory=Tally)
    outcomes: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def rows_of(path: Path) -> Iterable[Mapping[str, str]]:
    """The rows of the file, packed or not."""
    with (lzma.open if path.suffix == ".xz" else open)(path, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def load(
    rows: Iterable[Mapping[str, str]],
    *,
    piece: int = PIECE,
    progress: Callable[[int], object] = lambda count: None,
) -> Loaded:
    """Import all rows; each piece is one transaction, so that an interruption loses no more than a piece."""
    began, loaded = time.monotonic(), Loaded()
    units = units_by_category()
    for part in batched(records(rows, loaded.tally), piece):
        with system():
            report = import_file(as_table(part), source=SOURCE, by=None, skip_invalid=True, units=units)
        loaded.outcomes.update({str(name): count for name, count in report.counts.items()})
        loaded.reasons.update(
            message for row in report.rows if row.outcome == Outcome.REFUSED for message in row.messages
        )
        progress(len(part))
    loaded.seconds = time.monotonic() - began
    return loaded


def units_by_category() -> dict[int, int]:
    """Category -> the department that had what has ended of it, as the profile's table says."""
    codes = dict(KINDS.values())
    with system():
        categories = dict(Category.objects.filter(code__in=codes).values_list("code", "pk"))
        units = dict(Department.objects.filter(code__in=codes.values()).values_list("code", "pk"))
    return {
        categories[code]: units[unit] for code, unit in codes.items() if code in categories and unit in units
    }
