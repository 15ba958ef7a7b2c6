"""Mails to the house itself. They name numbers of cases and nothing personal, in subject and text."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from backend.organization.models import Department, User
from backend.outbox import actions as outbox
from backend.outbox.models import Message


def private_office() -> Department | None:
    return Department.objects.open().filter(is_private_office=True).first()


def addresses(department: Department | None, *people: User | None) -> list[str]:
    """Where these people are reached, each address once; without any, the department's own address."""
    found = dict.fromkeys(person.email for person in people if person and person.is_active and person.email)
    if not found and department is not None and department.email:
        found[department.email] = None
    return list(found)


def heads_addresses(department: Department | None) -> list[str]:
    """Where whoever leads the department today is reached."""
    return addresses(department, department.head_on() if department else None)


def post(to: list[str], template: str, context: dict[str, Any]) -> bool:
    """Write one mail to each address, from a template such as `complaints/urgent`; False if there is none."""
    app, _slash, name = template.partition("/")
    context = {"admin_url": f"{settings.PUBLIC_URL.rstrip('/')}/admin/", **context}
    for address in to:
        subject, body = outbox.render(f"{app}/mail/{name}.txt", context)
        outbox.post(
            channel=Message.Channel.EMAIL,
            address=address,
            subject=subject,
            body=body,
            purpose=f"staff_{name}",
        )
    return bool(to)
