"""Which letters wait for a viewer: to be signed, to be answered, to be sent anew."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from backend.letters.choices import Status
from backend.letters.models import Addressee, Letter
from backend.letters.moves import Verb
from permissions.core import scope
from permissions.core.viewer import Viewer

Rows = QuerySet[Any]


def turn(viewer: Viewer) -> Rows | None:
    mine = scope.visible(Letter, action=Verb.SIGN).filter(turn_of__isnull=False)
    return mine.exclude(status=Status.APPROVAL)


def olur(viewer: Viewer) -> Rows | None:
    mine = scope.visible(Letter, action=Verb.SIGN)
    return mine.filter(turn_of__isnull=False, status=Status.APPROVAL)


def to_answer(viewer: Viewer) -> Rows | None:
    return scope.visible(Letter.objects.awaiting_answer()) if viewer.staffs else None


def undelivered(viewer: Viewer) -> Rows | None:
    """Letters of the viewer's own units whose e-mail came back: they are to be sent anew."""
    if not viewer.staffs:
        return None
    failed = Addressee.objects.filter(letter=OuterRef("pk"), sent_at=None, failed_at__isnull=False)
    rows = scope.visible(Letter).filter(
        Exists(failed), status=Status.REGISTERED, department__in=viewer.staffs
    )
    return rows.annotate(failed_at=Subquery(failed.order_by("failed_at").values("failed_at")[:1]))
