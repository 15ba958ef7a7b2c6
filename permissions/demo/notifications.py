"""Sample notifications of the last days: deadlines of the departments' own cases, partly seen, and four custom
preferences."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.utils import timezone

from backend.complaints.choices import Escalation
from backend.complaints.models import Complaint
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.notifications import actions, staff
from backend.notifications.kinds import Channel, Kind, Mode
from backend.notifications.models import Notification, Preference
from backend.organization.models import Department, User
from permissions.core import scope

CASES_EACH = 9
DAYS, SEEN_AFTER = 6, 2
"""Range of the sample notifications in days, and the age from which they are seen."""
TOLD = (("fenmudur", "fen-isleri"), ("vekil", "temizlik-isleri"), ("vekil", "destek-hizmetleri"))
CHOICES: dict[str, dict[str, dict[str, str]]] = {
    "fenmudur": {
        Kind.INSTRUCTION_NEWS: {Channel.EMAIL: Mode.DIGEST},
        Kind.NOTE: {Channel.EMAIL: Mode.DIGEST},
    },
    "ozelkalem": {
        Kind.CASE_STUCK: {Channel.EMAIL: Mode.DIGEST},
        Kind.AGREEMENT: {Channel.EMAIL: Mode.DIGEST},
        Kind.EVENT_ARRIVAL: {Channel.EMAIL: Mode.OFF},
    },
    "baskanyrd": {kind: {Channel.EMAIL: Mode.DIGEST} for kind in (Kind.DEADLINE, Kind.INSTRUCTION_DUE)},
    "sekreter": {Kind.PROMISE: {Channel.EMAIL: Mode.OFF}},
}


def load_once() -> None:
    users = {user.username: user for user in User.objects.filter(username__in=[*CHOICES, "vekil"])}
    with scope.session(users["fenmudur"]):
        if scope.visible(Preference).exists():
            return
    for username, choices in CHOICES.items():
        with scope.session(users[username]), elevated():
            actions.choose(by=users[username], choices=choices)
    with system():
        for username, code in TOLD:
            _deadlines(users[username], Department.objects.get(code=code))
    for user in users.values():
        _some_days_ago(user)
    for user in User.objects.filter(is_active=True, is_staff=True, is_superuser=False):
        _as_time_went_by(user)


def _deadlines(head: User, department: Department) -> None:
    """Of the cases whose target is nearest, as the job of the morning says it."""
    cases = Complaint.objects.open().filter(responsible_department=department, target_on__isnull=False)
    for level, rows in (
        (Escalation.TARGET_NEAR, cases.filter(target_on__gte=today()).order_by("target_on", "pk")),
        (Escalation.TARGET_PASSED, cases.filter(target_on__lt=today()).order_by("-target_on", "pk")),
    ):
        lines = [
            {
                "reference": row.reference,
                "on": row.target_on,
                "department": department.short_name,
                "about": row,
            }
            for row in rows[:CASES_EACH]
        ]
        if lines:
            staff.post([head], "complaints/escalation", {"level": level.name, "rows": lines})


def _some_days_ago(user: User) -> None:
    """Spread over the last days, the older ones seen and mailed."""
    with scope.session(user):
        rows = list(scope.visible(Notification).filter(text="complaints/escalation").order_by("pk"))
        with elevated():
            for number, row in enumerate(rows):
                days = number % DAYS
                row.created_at = timezone.now() - dt.timedelta(days=days, minutes=7 * number)
                row.seen_at = row.created_at + dt.timedelta(hours=2) if days > SEEN_AFTER else None
                row.mailed_at = row.created_at + dt.timedelta(minutes=1)
                row.waits_for = []
                row.save(update_fields=["created_at", "seen_at", "mailed_at", "waits_for"])


def _as_time_went_by(user: User) -> None:
    """What came of the handovers while the office worked: mailed then, and seen but for the last days."""
    with scope.session(user), elevated():
        rows = Notification.objects.filter(user=user).exclude(text="complaints/escalation")
        rows.update(waits_for=[], mailed_at=F("created_at") + dt.timedelta(minutes=1))
        old = rows.filter(seen_at=None, created_at__lt=timezone.now() - dt.timedelta(days=SEEN_AFTER))
        old.update(seen_at=F("created_at") + dt.timedelta(hours=2))
