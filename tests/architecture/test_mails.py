"""The subject of a mail stands in lists, logs and on locked screens: it names numbers, days and our own events."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from django.conf import settings

from backend.core.localtime import ISTANBUL
from backend.notifications.kinds import NOTIFICATION_TYPES
from backend.notifications.staff import rendered

ROOT = Path(__file__).resolve().parents[2]
MAILS = sorted((ROOT / "backend").rglob("mail/*.txt"))
OPEN = {"reference", "number", "period", "count", "return_count", "municipality", "urgent", "words"}
"""What any subject may name; a person, an address and somebody else's occasion are none of these."""
DAYS = {"at", "day", "due_at"}
OURS = {
    "events/mail/invitation.txt": {"title"},
    "events/mail/answer_reminder.txt": {"title"},
    "news/mail/release.txt": {"title"},
    "mailboxes/mail/written.txt": {"subject"},
}
"""The title of an event that the municipality itself announces, the heading of news that it has published, and what a
person wrote as the subject of their own message, or answers under."""


@pytest.mark.parametrize("mail", MAILS, ids=lambda path: "/".join(path.parts[-3:]))
def test_a_subject_names_nobody(mail: Path) -> None:
    subject = mail.read_text(encoding="utf-8").partition("\n")[0]
    named = set(re.findall(r"\{\{\s*([\w.]+)", subject))
    allowed = OPEN | DAYS | OURS.get("/".join(mail.parts[-3:]), set()) | {"client.name"}
    counted = {name for name in named if re.search(rf"\{{\{{\s*{re.escape(name)}\|length", subject)}
    assert named - counted <= allowed


TO_DO = re.compile(r"rica olunur|gerek|beklenmektedir|hazırlayınız|kalmamıştır|edebilirsiniz")
MOMENT = dt.datetime(2027, 3, 1, 9, 30, tzinfo=ISTANBUL)


@pytest.mark.parametrize("text", sorted(NOTIFICATION_TYPES))
def test_a_mail_to_staff_says_what_to_do_and_where_to_ask(text: str) -> None:
    """Or that nothing is to be done."""
    context = {
        "due_on": dt.date(2027, 3, 1),
        "due_at": MOMENT,
        "at": MOMENT,
        "key": "k",
        "reference": "2027/1",
    }
    row = {"reference": "2027/1", "on": dt.date(2027, 3, 1), "due_at": MOMENT}
    _subject, body = rendered(text, [row], context)
    assert TO_DO.search(body), body
    assert settings.MUNICIPALITY_PHONE in body.splitlines()[-1]
