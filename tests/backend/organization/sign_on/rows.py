"""Rows of the directory's tables, without a directory."""

from __future__ import annotations

from django.utils import timezone

from backend.core.session import system
from backend.organization.models import Department, DirectoryPerson, DirectoryReading, DirectoryRule, User
from backend.organization.sign_on import actions
from permissions.core.viewer import WORK


def make_rule(department: Department, group: str) -> DirectoryRule:
    with system():
        return actions.save_rule(by=None, group=group, department=department, permission=WORK)


def make_person(
    subject: str, *groups: str, user: User | None = None, username: str = "", name: str = "Ayşe"
) -> DirectoryPerson:
    with system():
        return DirectoryPerson.objects.create(
            source="ldap",
            subject=subject,
            user=user,
            username=username or (user.username if user else subject),
            first_name=name,
            last_name="Ilgaz",
            groups=list(groups),
            seen_at=timezone.now(),
        )


def make_reading() -> DirectoryReading:
    with system():
        row = actions.reading()
        row.tried_at = row.read_at = timezone.now()
        row.save()
        return row
