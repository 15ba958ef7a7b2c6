"""What a member of staff recorded, also where the case is out of their sight: its number, its tracking code and
where it stands as the citizen reads it. Nothing that they could not read with the tracking code, which they hold."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.complaints.models import Complaint, ComplaintQuerySet
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.core.validation import is_key
from permissions.complaints import portal, public
from permissions.complaints.rules import may_register
from permissions.core import scope

PAGE = 50


def rows() -> ComplaintQuerySet:
    """The cases that the viewer recorded, to be read under the role of the house. FORBIDDEN but for staff: a portal
    follows its own (`portal.brought_by`)."""
    viewer = scope.require_viewer()
    if viewer.user is None or not viewer.user.is_staff or not may_register(viewer):
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    return portal.brought_by(viewer.user)


def note_shown(cases: Iterable[Complaint]) -> None:
    scope.log_access([case.applicant_id for case in cases if case.applicant_id], "recorded by the viewer")


def status_of(row: Complaint) -> public.PublicStatus:
    """Where a row of `rows` stands, in the citizen's words."""
    return public.standing_of(row, cast(Any, row).is_held)


def page(number: str = "", before: str = "") -> tuple[list[Complaint], bool]:
    """A page of them, the newest first, behind the row of the key `before` or with this number; and whether more
    follow."""
    mine = rows().order_by("-registered_at", "-pk")
    with system():
        if number:
            named = mine.numbered(number)
            mine = mine.none() if named is None else named
        if (last := mine.filter(key=before).first() if is_key(before) else None) is not None:
            earlier = Q(registered_at=last.registered_at, pk__lt=last.pk)
            mine = mine.filter(Q(registered_at__lt=last.registered_at) | earlier)
        found = list(mine[: PAGE + 1])
    note_shown(found[:PAGE])
    return found[:PAGE], len(found) > PAGE


def one(key: UUID) -> Complaint:
    """The case of this key, if the viewer recorded it. NOT_FOUND."""
    if not may_register(scope.current_viewer()):
        raise scope.not_found()
    with system():
        row = rows().filter(key=key).first()
    if row is None:
        raise scope.not_found()
    note_shown([row])
    return row
