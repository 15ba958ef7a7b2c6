"""What an import tells: for every row what became of it, and what to do where it was refused."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TextIO

from django.utils.translation import gettext as _

from backend.documents.table_writer import defused


class Outcome(StrEnum):
    """What became of a row."""

    ADDED = "ADDED"
    ALREADY_THERE = "ALREADY_THERE"
    REFUSED = "REFUSED"


@dataclass
class RowResult:
    """One row of the file: `messages` say what was wrong, or what was left out although the row was taken."""

    row: int
    outcome: Outcome
    messages: list[str] = field(default_factory=list)
    reference: str = ""


@dataclass
class Report:
    """The whole import. `written` is False in a dry run and when a refused row kept the file out."""

    source: str
    dry_run: bool
    columns: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    rows: list[RowResult] = field(default_factory=list)
    written: bool = False

    @property
    def counts(self) -> Counter[Outcome]:
        return Counter(row.outcome for row in self.rows)

    @property
    def refused(self) -> list[RowResult]:
        return [row for row in self.rows if row.outcome is Outcome.REFUSED]

    @property
    def noted(self) -> list[RowResult]:
        """Rows that were taken, but not with everything the file says."""
        return [row for row in self.rows if row.messages and row.outcome is Outcome.ADDED]

    def lines(self, limit: int = 40) -> Iterator[str]:
        """The report as a person reads it; of refused rows at most `limit`; notes are counted."""
        for name, header in self.columns.items():
            yield f"  {header} → {name}"
        if self.unused:
            yield _("Columns not used: %s") % ", ".join(self.unused)
        for row in self.refused[:limit]:
            yield _("Row %(row)s: %(message)s") % {"row": row.row, "message": " ".join(row.messages)}
        if len(self.refused) > limit:
            more = len(self.refused) - limit
            yield _("… and %(count)s more; --report FILE holds all.") % {"count": more}
        for message, count in Counter(m for row in self.noted for m in row.messages).most_common(limit):
            yield f"{message} ({count})"
        yield self.summary()

    def summary(self) -> str:
        counts = self.counts
        numbers = {
            "added": counts[Outcome.ADDED],
            "there": counts[Outcome.ALREADY_THERE],
            "refused": counts[Outcome.REFUSED],
        }
        if self.written:
            return _("%(added)s added, %(there)s already there, %(refused)s refused.") % numbers
        if self.dry_run:
            return (
                _("Dry run, nothing written: %(added)s new, %(there)s already there, %(refused)s refused.")
                % numbers
            )
        if self.refused:
            return (
                _(
                    "Nothing was imported: %(refused)s rows are refused. Correct them, or leave them out with"
                    " --skip-invalid."
                )
                % numbers
            )
        return _("Nothing to add: %(there)s rows are already there.") % numbers

    def write_csv(self, file: TextIO) -> None:
        """Every row with its outcome, as Turkish Excel opens it: the file is utf-8-sig with newline=""."""
        labels = {
            Outcome.ADDED: _("added") if self.written else _("would be added"),
            Outcome.ALREADY_THERE: _("already there"),
            Outcome.REFUSED: _("refused"),
        }
        writer = csv.writer(file, delimiter=";")
        writer.writerow([_("Row"), _("Outcome"), _("Number"), _("What and remedy")])
        for row in self.rows:
            message = " ".join(row.messages)
            writer.writerow([row.row, labels[row.outcome], defused(row.reference), defused(message)])
