"""Open cases at the place of a new one: it may be the same matter, brought by another person."""

from __future__ import annotations

from django.db.models import Q

from backend.complaints.models import Complaint
from backend.core.words import places
from permissions.complaints import access

LOOKED_AT, MOST = 50, 5


def open_at(place: str, *, category: str = "", neighbourhood: str = "") -> list[Complaint]:
    """Return the newest visible open cases with this street and number, at most five.

    A category (its code) and a neighbourhood narrow them down; a case without a neighbourhood may be there too. One
    statement, looked up by the words of the place; without a street and a number nothing is found.
    """
    words = places.distinctive(place)
    if not words:
        return []
    rows = Complaint.objects.open()
    if category:
        rows = rows.filter(category__code=category)
    if neighbourhood:
        rows = rows.filter(Q(neighbourhood=None) | Q(neighbourhood__code=neighbourhood))
    order = ("-registered_at", "-pk")
    matches = access.first_page(access.search(rows, words), order, LOOKED_AT)
    here = places.same_place(place)
    return [row for row in matches.select_related("category") if places.same_place(row.place) == here][:MOST]
