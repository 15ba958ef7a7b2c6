"""Mails to the house about cases. They name numbers of cases and nothing personal, in subject and text."""

from __future__ import annotations

from typing import Any

from backend.organization.models import Department
from backend.outbox import house
from backend.outbox.house import addresses, heads_addresses, private_office

__all__ = ["addresses", "heads_addresses", "post", "private_office", "tell_department", "tell_office"]


def post(to: list[str], template: str, context: dict[str, Any]) -> bool:
    """Write one mail to each address; False if there is none."""
    return house.post(to, f"complaints/{template}", context)


def tell_department(department: Department, template: str, context: dict[str, Any]) -> bool:
    """To whoever leads the department today."""
    current = department.current() or department
    return post(heads_addresses(current), template, context)


def tell_office(template: str, context: dict[str, Any]) -> bool:
    """To the head of the private office."""
    return post(heads_addresses(private_office()), template, context)
