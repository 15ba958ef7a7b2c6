"""Rows of a room, as entered: validated before a hall or a plan stores them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, required
from backend.seating.choices import LineKind
from backend.seating.models import Row

MOST_ROWS, MOST_SEATS = 200, 200


@dataclass(frozen=True)
class RowSpec:
    """A row or a table as it is to be, from the front."""

    label: str
    seats: int
    kind: str = LineKind.ROW
    gaps: Sequence[int] = field(default_factory=tuple)
    aisles: Sequence[int] = field(default_factory=tuple)
    is_front: bool = False


def checked(specs: Iterable[RowSpec]) -> list[dict[str, Any]]:
    """The rows as facts of a model, in order. REQUIRED for none, INVALID and DUPLICATE at `rows`."""
    items: list[dict[str, Any]] = []
    for position, spec in enumerate(specs, start=1):
        label = required(spec.label, "rows", _("Every row has a name."), 20)
        if not 1 <= spec.seats <= MOST_SEATS:
            message = _("A row has between 1 and 200 seats (%(row)s).") % {"row": label}
            raise DomainError(ErrorCode.INVALID, message, "rows")
        inside = {"gaps": sorted(set(spec.gaps)), "aisles": sorted(set(spec.aisles))}
        if any(not 1 <= number <= spec.seats for numbers in inside.values() for number in numbers):
            message = _("There is no such seat in row %(row)s.") % {"row": label}
            raise DomainError(ErrorCode.INVALID, message, "rows")
        if label in {row["label"] for row in items}:
            message = _("Two rows have the name “%(row)s”.") % {"row": label}
            raise DomainError(ErrorCode.DUPLICATE, message, "rows")
        items.append(
            {
                "position": position,
                "label": label,
                "kind": choice(LineKind, spec.kind, "rows"),
                "seats": spec.seats,
                "is_front": spec.is_front,
                **inside,
            }
        )
    if not items:
        raise DomainError(ErrorCode.REQUIRED, _("A room needs at least one row."), "rows")
    if len(items) > MOST_ROWS:
        raise DomainError(ErrorCode.OVER_LIMIT, _("A room has at most 200 rows."), "rows")
    return items


def specs_of(rows: Iterable[Row]) -> list[RowSpec]:
    return [RowSpec(r.label, r.seats, r.kind, tuple(r.gaps), tuple(r.aisles), r.is_front) for r in rows]
