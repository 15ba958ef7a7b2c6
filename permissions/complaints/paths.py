"""The ways to what a viewer sees of the cases: each is in the order of a list along one index.

Three years of cases lie behind the fifty of a page. Each department's own first fifty are found by an index over
(department, order), the first fifty that it collaborates on by the copies of that order at their routings, and what is
shared one by one is few. That is for speed only: a way too few or too many shows nothing that the rule hides, since
the rule stands over what they find (`complaints.access.first_page`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, F, Func, Q, QuerySet

from backend.complaints.choices import RoutingRole
from backend.complaints.models import ComplaintQuerySet
from permissions.core.filters import EVERYTHING
from permissions.core.keyset import KeysetPosition
from permissions.core.viewer import Viewer
from permissions.models import ComplaintGrant


@dataclass(frozen=True)
class Path:
    """Some of the cases, and the columns by which one index has them in order, where those are not the case's own."""

    where: Q
    copies: Mapping[str, str] = field(default_factory=dict)
    open_where: Q = EVERYTHING
    """What says of the copies that the case is open."""

    def column(self, name: str) -> str:
        return self.copies.get(name, name)

    def along(self, rows: ComplaintQuerySet, beyond: KeysetPosition | None = None) -> ComplaintQuerySet:
        conditions: list[Any] = [self.where]
        if rows.is_open:
            conditions.append(self.open_where)
        if beyond is not None:
            conditions.append(beyond.over(self.column))
        # One call: conditions on the same routing, not on any.
        matches: ComplaintQuerySet = rows.filter(*conditions)
        return matches

    def order(self, order: list[str]) -> list[str]:
        signs = [(name.removeprefix("-"), name.startswith("-")) for name in order]
        return [f"{'-' if descends else ''}{self.column(name)}" for name, descends in signs]


def among(column: str, keys: QuerySet[Any, Any]) -> Q:
    """The rows whose `column` is one of these keys, which are looked up first: IN leaves that to a guess."""
    return Q(
        Func(
            F(column),
            ArraySubquery(keys),
            template="%(expressions)s)",
            arg_joiner=" = ANY(",
            output_field=BooleanField(),
        )
    )


ALL_ROWS = Path(EVERYTHING)


def own(department: int) -> Path:
    """What lies with a department."""
    return Path(Q(responsible_department=department))


def collaborating(department: int) -> Path:
    """What a department collaborates on."""
    return Path(
        Q(
            routings__department=department,
            routings__role=RoutingRole.COLLABORATING,
            routings__ended_at__isnull=True,
        ),
        {
            "target_on": "routings__case_target_on",
            "rises_on": "routings__case_rises_on",
            "registered_at": "routings__case_registered_at",
            "pk": "routings__complaint_id",
            "id": "routings__complaint_id",
        },
        Q(routings__case_is_open=True),
    )


def shares(viewer: Viewer) -> QuerySet[ComplaintGrant]:
    """What was shared with the viewer, and still is."""
    return ComplaintGrant.dated.live().filter(user=viewer.user_id)


def shared(viewer: Viewer) -> Path:
    """Cases shared one by one with the viewer."""
    return Path(among("pk", shares(viewer).values("content_object")))
