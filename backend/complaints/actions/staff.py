"""Telling the house about cases, by their numbers and with nothing personal in title and text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backend.complaints.models import Complaint
from backend.notifications import house
from backend.notifications.house import Recipient, heads, private_office, recipients
from backend.organization.models import Department

__all__ = ["heads", "post", "private_office", "recipients", "tell_department", "tell_office"]


def post(
    to: Iterable[Recipient], template: str, context: dict[str, Any], about: Complaint | None = None
) -> bool:
    """Tell each of them; False if there is nobody."""
    return house.post(to, f"complaints/{template}", context, about)


def tell_department(department: Department, template: str, about: Complaint) -> bool:
    """Whoever leads the department today."""
    current = department.current() or department
    return post(heads(current), template, {"reference": about.reference}, about)


def tell_office(template: str, about: Complaint, **more: Any) -> bool:
    """The head of the private office."""
    return post(heads(private_office()), template, {"reference": about.reference, **more}, about)
