"""What a member of staff recorded, also where the case is out of their sight: its number, its tracking code and
where it stands as the citizen reads it. Nothing that they could not read with the tracking code, which they hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, cast
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.complaints.models import Complaint, ComplaintQuerySet
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.core.validation import is_key
from backend.portals.models import Scope
from permissions.complaints import portal, public
from permissions.core import scope
from permissions.core.viewer import Viewer

PAGE = 50


def may_follow(viewer: Viewer) -> bool:
    """Whether the viewer reads as a member of staff who works in a department: a portal follows its own
    (`portal.brought_by`)."""
    is_staff = viewer.user is not None and viewer.user.is_staff
    return is_staff and bool(viewer.staffs) and viewer.may(Scope.READ)


def rows(number: str = "") -> ComplaintQuerySet:
    """The cases that the viewer recorded and whose tracking code they were shown then, or the one with this number, to
    be read under the role of the house. FORBIDDEN but for staff (`may_follow`)."""
    viewer = scope.require_viewer()
    if viewer.user is None or not may_follow(viewer):
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    mine = portal.brought_by(viewer.user).filter(recorder_has_code=True, anonymised_at=None)
    if not number:
        return mine
    named = mine.numbered(number)
    return mine.none() if named is None else named


def note_shown(cases: Iterable[Complaint]) -> None:
    scope.log_access([case.applicant_id for case in cases if case.applicant_id], "recorded by the viewer")


def status_of(row: Complaint) -> public.PublicStatus:
    """Where a row of `rows` stands, in the citizen's words."""
    return public.standing_of(row, cast(Any, row).is_held)


def answer_due_on(row: Complaint) -> dt.date | None:
    """By when a row of `rows` is to be answered, as the citizen reads it."""
    return public.answer_due_on(row, cast(Any, row).is_held)


def page(number: str = "", before: str = "") -> tuple[list[Complaint], bool]:
    """A page of them, the newest first, behind the row of the key `before` or with this number; and whether more
    follow."""
    mine = rows(number).order_by("-registered_at", "-pk")
    with system():
        if (last := mine.filter(key=before).first() if is_key(before) else None) is not None:
            earlier = Q(registered_at=last.registered_at, pk__lt=last.pk)
            mine = mine.filter(Q(registered_at__lt=last.registered_at) | earlier)
        found = list(mine[: PAGE + 1])
    note_shown(found[:PAGE])
    return found[:PAGE], len(found) > PAGE


def one(key: UUID) -> Complaint:
    """The case of this key, if the viewer recorded it. NOT_FOUND."""
    if not may_follow(scope.current_viewer()):
        raise scope.not_found()
    with system():
        row = rows().filter(key=key).first()
    if row is None:
        raise scope.not_found()
    note_shown([row])
    return row
