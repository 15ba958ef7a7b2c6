"""Incumbent of an office on a day: its holder, an acting one, or None (vacant)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from backend.protocol.choices import Capacity
from backend.protocol.models import Holding, HoldingQuerySet, Office


@dataclass(frozen=True)
class Incumbency:
    """An office on a day. Of an office that several hold at a time there are several holders."""

    holders: tuple[Holding, ...] = ()
    acting: Holding | None = None

    @property
    def speaks(self) -> Holding | None:
        """Who stands for the office that day: who acts, otherwise its one holder."""
        return self.acting or (self.holders[0] if len(self.holders) == 1 else None)

    @property
    def is_vacant(self) -> bool:
        return not self.holders and self.acting is None


VACANT = Incumbency()
MAYOR = "belediye-baskani"
"""Code of the municipality's own mayor in the lists that ship."""


def incumbents(
    offices: Iterable[Office], on: dt.date | None = None, rows: HoldingQuerySet | None = None
) -> dict[int, Incumbency]:
    """Incumbents of these offices on a day (default: today), in one query.

    Vacant ones are included. `rows`: the holdings visible to the asker (default all).
    """
    wanted = [office.pk for office in offices]
    values: dict[int, list[Holding]] = {pk: [] for pk in wanted}
    known = Holding.objects.all() if rows is None else rows
    for row in known.on(on).filter(office__in=wanted).order_by("valid_from", "pk"):
        values[row.office_id].append(row)
    return {pk: _of(rows) for pk, rows in values.items()}


def _of(rows: list[Holding]) -> Incumbency:
    acting = next((row for row in rows if row.capacity == Capacity.ACTING), None)
    return Incumbency(tuple(row for row in rows if row.capacity == Capacity.SUBSTANTIVE), acting)
