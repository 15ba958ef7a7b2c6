"""A part of THE TABLE: who has a case open is seen by who sees the case, and recorded for who works it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, Model, OuterRef, Q

from backend.complaints.models import Complaint
from backend.presence.models import Presence
from permissions.complaints.rules import complaint_filter
from permissions.core.filters import EVERYTHING, NOTHING, Action, all_if
from permissions.core.viewer import Viewer


def _of_seen_case(viewer: Viewer) -> Q:
    if (rule := complaint_filter(viewer)) in (EVERYTHING, NOTHING):
        return rule
    return Q(Exists(Complaint.objects.filter(rule, pk=OuterRef("complaint"))))


RULES: dict[type[Model], dict[str, Any]] = {
    Presence: {
        Action.VIEW: _of_seen_case,
        Action.REGISTER: lambda v: all_if(v.user is not None),
    }
}
