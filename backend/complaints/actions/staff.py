"""Telling the house about cases, by their numbers and with nothing personal in title and text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from backend.complaints.models import Complaint
from backend.notifications import staff
from backend.notifications.staff import Recipient, heads, private_office, recipients
from backend.organization.models import Department

__all__ = ["heads", "notify_department", "notify_office", "post", "private_office", "recipients"]


def post(
    to: Iterable[Recipient], template: str, context: dict[str, Any], about: Complaint | None = None
) -> bool:
    """Notify each recipient; False without any."""
    return staff.post(to, f"complaints/{template}", context, about)


def notify_department(department: Department, template: str, about: Complaint) -> bool:
    """Notify the head of the department."""
    current = department.current() or department
    return post(heads(current), template, {"reference": about.reference}, about)


def notify_office(template: str, about: Complaint, **more: Any) -> bool:
    """The head of the private office."""
    return post(heads(private_office()), template, {"reference": about.reference, **more}, about)
