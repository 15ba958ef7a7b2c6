"""What the reference files hold: one description a file, from which reading, checking and comparing are made.

Codes are what other rows and the code refer to; names may be changed freely.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.words.text import clean
from backend.organization.models import (
    BodyMatter,
    Category,
    DangerSign,
    Department,
    FilePlanCode,
    MainArtery,
    Neighbourhood,
    OutsideBody,
    Section,
)


class CellError(ValueError):
    """A cell that cannot be read; the text says what to write there."""


def _flag(text: str) -> bool:
    words = {"yes": True, "evet": True, "no": False, "hayır": False, "": False}
    if text.lower() not in words:
        raise CellError(_("Write yes or no."))
    return words[text.lower()]


def day(text: str) -> dt.date | None:
    if not text:
        return None
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    raise CellError(_("Write the date as 2026-03-01 or 01.03.2026."))


def _whole(text: str) -> int | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise CellError(_("Write a whole number, or leave it empty."))
    return int(text)


def whole_or_usual(text: str) -> int:
    """A place in an order; empty: the usual one, in the middle."""
    return _whole(text) or 100


def _metres(text: str) -> int:
    """How far two cases of one place may lie apart; empty: sixty metres."""
    value = _whole(text) or 60
    if value > 1000:
        raise CellError(_("Write at most 1000 metres, or leave it empty."))
    return value


def _degrees(text: str) -> float | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = 999.0
    if not -180 <= value <= 180:
        raise CellError(_("Write degrees as 41.0105, or leave it empty."))
    return value


def words(text: str) -> list[str]:
    """The parts between semicolons, in order, each once."""
    return list(dict.fromkeys(part for part in map(clean, text.split(";")) if part))


@dataclass(frozen=True)
class Column:
    """One column: how a cell becomes the value of the model field of the same name.

    `refers_to` names the file whose codes the cell holds (`many`: several, with semicolons between them).
    """

    name: str
    read: Callable[[str], Any] = clean
    required: bool = False
    refers_to: str = ""
    many: bool = False


@dataclass(frozen=True)
class Sheet:
    """One file. Its rows are known by `code`; what it does not hold of a row is left as it is."""

    file: str
    model: type[models.Model]
    columns: tuple[Column, ...]

    @property
    def own(self) -> tuple[Column, ...]:
        """Columns that are fields of the row and refer to nothing inside the same file."""
        return tuple(c for c in self.columns if not c.many and c.refers_to != self.file)

    @property
    def inward(self) -> tuple[Column, ...]:
        """Columns that refer to another row of the same file."""
        return tuple(c for c in self.columns if not c.many and c.refers_to == self.file)


CODE = Column("code", required=True)
_NAME = Column("name", required=True)
SOURCED = (Column("source", required=True), Column("checked_on", day))
"""Where a row comes from, and the day of the last comparison with that; empty: DOĞRULANMADI."""

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "departments.csv",
        Department,
        (
            CODE,
            _NAME,
            Column("short_name", required=True),
            Column("kind", required=True),
            Column("is_private_office", _flag),
            Column("valid_from", day, required=True),
            Column("valid_to", day),
            Column("successor", refers_to="departments.csv"),
        ),
    ),
    Sheet(
        "sections.csv",
        Section,
        (CODE, Column("department", required=True, refers_to="departments.csv"), _NAME),
    ),
    Sheet(
        "neighbourhoods.csv",
        Neighbourhood,
        (CODE, _NAME, Column("latitude", _degrees), Column("longitude", _degrees)),
    ),
    Sheet(
        "bodies.csv",
        OutsideBody,
        (
            CODE,
            _NAME,
            Column("short_name", required=True),
            Column("short_code"),
            Column("is_public", _flag, required=True),
            Column("serves_here", _flag, required=True),
            Column("is_superior", _flag),
            Column("protocol_rank", whole_or_usual),
            Column("liaison", refers_to="departments.csv"),
            *SOURCED,
        ),
    ),
    Sheet(
        "body_matters.csv",
        BodyMatter,
        (
            CODE,
            Column("body", required=True, refers_to="bodies.csv"),
            _NAME,
            Column("keywords", words),
            Column("only_on_main_arteries", _flag),
            Column("say_at_once"),
        ),
    ),
    Sheet(
        "file_plan_codes.csv",
        FilePlanCode,
        (CODE, _NAME, Column("valid_from", day, required=True), Column("valid_to", day), *SOURCED),
    ),
    Sheet(
        "danger_signs.csv",
        DangerSign,
        (CODE, _NAME, Column("keywords", words, required=True), Column("exceptions", words), *SOURCED),
    ),
    Sheet("main_arteries.csv", MainArtery, (CODE, _NAME)),
    Sheet(
        "categories.csv",
        Category,
        (
            CODE,
            _NAME,
            Column("parent", refers_to="categories.csv"),
            Column("candidates", refers_to="departments.csv", many=True),
            Column("is_ambiguous", _flag),
            Column("others_may_join", _flag),
            Column("body", refers_to="bodies.csv"),
            Column("keywords", words),
            Column("target_days", _whole),
            Column("radius", _metres),
            *SOURCED,
        ),
    ),
)
