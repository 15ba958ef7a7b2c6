"""Signs of danger in what a citizen says: they propose that a case is urgent, and a person decides."""

from __future__ import annotations

from backend.complaints.suggestion import names_one
from backend.organization.models import DangerSign


def danger_in(text: str) -> str:
    """The danger that a text gives away, as a person reads it; "" for none.

    Words are compared as for a suggestion: by their beginnings, folded, with endings and up to two words between. Of
    several the first of the table counts.
    """
    for sign in DangerSign.objects.filter(is_active=True).order_by("id"):
        if names_one(text, sign.keywords, but_not=sign.exceptions):
            return sign.name
    return ""
