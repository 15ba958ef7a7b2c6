"""Notify staff: people by notification, shared mailboxes of departments by mail.

Title and text contain numbers and days and nothing personal. Whether a person gets one is decided when it is sent,
with that person's rights (`permissions.notifications.sending`).
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Model
from django.utils import timezone, translation

from backend.notifications import words
from backend.notifications.facts import packed
from backend.notifications.kinds import ASKS, NOTIFICATION_TYPES
from backend.notifications.models import ABOUT, Notification
from backend.organization.models import Department, User
from backend.outbox import actions as outbox
from backend.outbox.models import Message

WORKS, LEADS = "work_department", "head_department"
"""The grants of who works in a unit, and of who leads it."""
QUIET_MAIL = "notifications/mail/secret.txt"
Recipient = User | str
"""A person, or the address of a mailbox that a department shares."""
_members: ContextVar[dict[tuple[tuple[int, ...], tuple[str, ...]], list[User]] | None] = ContextVar(
    "members", default=None
)
Mails = dict[Recipient, list[dict[str, Any]]]
"""Whom -> the rows of a text that names several."""


def private_office() -> Department | None:
    return Department.objects.open().filter(is_private_office=True).first()


def recipients(department: Department | None, *people: User | None) -> list[Recipient]:
    """These people, each once; where none of them has an e-mail address, the department's own mailbox too."""
    result: dict[Recipient, None] = dict.fromkeys(person for person in people if person and person.is_active)
    by_mail = any(isinstance(person, User) and person.email for person in result)
    if not by_mail and department is not None and department.email:
        result[department.email] = None
    return list(result)


def heads(department: Department | None) -> list[Recipient]:
    """Head of the department today (vekâlet counts), or its mailbox."""
    return recipients(department, department.head_on() if department else None)


def unit(*departments: Department | None) -> list[Recipient]:
    """The people who work in these units today and who leads them (vekâlet counts), each once; the mailbox of a unit
    without any."""
    result: dict[Recipient, None] = {}
    for department in departments:
        if department is None:
            continue
        current = department.current() or department
        head = current.head_on()
        leads = [head] if head is not None and head.is_active else members(department.pk, by=(LEADS,))
        people = [*leads, *members(department.pk, by=(WORKS,))]
        result |= dict.fromkeys(people)
        if not people and current.email:
            result[current.email] = None
    return list(result)


@contextmanager
def members_once() -> Iterator[None]:
    """In the block the members of a unit are asked for once: for a deed to many rows, none of which changes them."""
    token = _members.set({})
    try:
        yield
    finally:
        _members.reset(token)


def members(*departments: int, by: tuple[str, ...] = (WORKS, LEADS)) -> list[User]:
    """The accounts of the people who work in these units today or lead them (`by` these grants), by name."""
    known, asked = _members.get(), (departments, by)
    if known is None:
        return _asked_members(departments, by)
    if asked not in known:
        known[asked] = _asked_members(departments, by)
    return list(known[asked])


def _asked_members(departments: tuple[int, ...], by: tuple[str, ...]) -> list[User]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.members_of(%s, %s)", [list(departments), list(by)])
        keys = [key for (key,) in cursor.fetchall()]
    return list(User.objects.filter(pk__in=keys).order_by("first_name", "last_name", "pk"))


def hand_over(to: Iterable[Recipient], text: str, about: Model, by: User | None) -> None:
    """Notify those into whose hands a row has passed, but not who passed it on. A mail for many is one."""
    row = {
        "about": about,
        "reference": words.SUBJECTS[_column(about)].number(about),
        "page": words.page_of(_column(about), about),
    }
    others = [one for one in to if one != by]
    post(others, text, {"rows": [row]})


def settle(about: Model) -> None:
    """Mark as seen, for everybody, what asked for a deed on this row: somebody has done it."""
    _settle(about, ASKS, None)


def withdraw(about: Model, text: str, since: dt.datetime) -> None:
    """Mark as seen, for everybody, what this text said of the row since then: it is not so any more."""
    _settle(about, [text], since)


def _settle(about: Model, texts: Iterable[str], since: dt.datetime | None) -> None:
    values = [_column(about), about.pk, list(texts), since]
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.settle_notifications(%s, %s, %s, %s)", values)


def post(to: Iterable[Recipient], text: str, context: dict[str, Any], about: Model | None = None) -> bool:
    """Notify recipients with a text such as `complaints/urgent`; False without any.

    `about`: the row it is about. A text on several rows takes them from `context["rows"]`, each with its own "about".
    "urgent" and "keeps_quiet" of the context say whether it comes in quiet hours too, whatever the text.
    """
    to = list(to)
    people = [one for one in to if isinstance(one, User)]
    rows = context.get("rows", [{"about": about}])
    common = {name: value for name, value in context.items() if name != "rows"}
    _record(people, text, rows, common)
    secret = {url for row in rows if (url := _secret_list(row.get("about")))}
    lines = [row for row in rows if not _secret_list(row.get("about"))]
    for address in to:
        if isinstance(address, str):
            if lines:
                _mail(address, *rendered(text, lines, common), purpose_of(text))
            if secret:
                _mail(address, *outbox.render(QUIET_MAIL, {"urls": sorted(secret)}), "staff_notification")
    return bool(to)


def _mail(address: str, subject: str, body: str, purpose: str) -> None:
    outbox.post(channel=Message.Channel.EMAIL, address=address, subject=subject, body=body, purpose=purpose)


def _secret_list(about: Model | None) -> str | None:
    """The list of a row whose number must be withheld from shared mailboxes; None for other rows."""
    if about is None or (page := words.list_of_secret(_column(about), about)) is None:
        return None
    return admin_url() + page


def purpose_of(text: str) -> str:
    """What the outbox calls a mail with this text."""
    return f"staff_{text.rpartition('/')[2]}"


def rendered(text: str, rows: list[dict[str, Any]], common: dict[str, Any]) -> tuple[str, str]:
    """Return (subject, body) of a text: the common part, one part per row, and where one asks."""
    domain, _slash, name = text.partition("/")
    declared = NOTIFICATION_TYPES[text]
    with translation.override("tr"):  # what leaves the house is Turkish for everybody
        spoken = str(declared.words)
    context = {"admin_url": admin_url(), "rows": rows, "words": spoken, "asks": declared.asks, **common}
    subject, core = outbox.render(declared.template or f"{domain}/mail/{name}.txt", context)
    _subject, whole = outbox.render("notifications/mail/letter.txt", {"core": core.strip()})
    return subject, whole


def admin_url() -> str:
    return f"{settings.PUBLIC_URL.rstrip('/')}/admin/"


def _record(people: Iterable[User], text: str, rows: list[dict[str, Any]], common: dict[str, Any]) -> None:
    """Insert one notification per person and row, through the database, since rows of others are not writable."""
    telling = NOTIFICATION_TYPES[text]
    written = [
        {
            "user_id": person.pk,
            "kind": telling.kind,
            "text": text,
            "is_urgent": (telling.urgent or bool(common.get("urgent"))) and not common.get("keeps_quiet"),
            "facts": packed({"row": {name: row[name] for name in row if name != "about"}, "common": common}),
            **_reference(row["about"]),
        }
        for person in people
        for row in rows
    ]
    if written:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app.notify(%s::jsonb, %s)", [json.dumps(written), timezone.now()])


def _reference(about: Model | None) -> dict[str, int]:
    """The column of the row that it is about, and its number."""
    if about is None:
        return {}
    return {f"{_column(about)}_id": about.pk}


def _column(about: Model) -> str:
    """The column of a notification for such a row."""
    return next(name for name in ABOUT if Notification._meta.get_field(name).related_model is type(about))
