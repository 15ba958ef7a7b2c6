"""How values look: badges, dates with what is left of them, names. Text only; a colour never stands alone."""

from __future__ import annotations

import datetime as dt

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from phonenumber_field.phonenumber import to_python

from admin_ui.core.dates import day_text
from backend.complaints.choices import ENDS, Status
from backend.complaints.models import Complaint
from backend.core.localtime import local_date, today
from permissions.core.viewer import CONTACTS, HEAD, KEEP, MEMBERSHIPS, OVERSEE, PRESS, READ, WORK

_TONES: dict[str, str] = {
    Status.NEW: "blue",
    Status.TRIAGED: "blue",
    Status.RETURNED: "red",
    Status.ASSIGNED: "orange",
    Status.ACCEPTED: "blue",
    Status.IN_PROGRESS: "blue",
    Status.WAITING: "orange",
    Status.ANSWERED: "orange",
    Status.APPROVED: "green",
    Status.REPLIED: "green",
    Status.FORWARDED: "orange",
    Status.CLOSED: "grey",
    Status.WITHDRAWN: "grey",
    Status.DUPLICATE: "grey",
    Status.NOT_EXAMINABLE: "grey",
    Status.REJECTED: "grey",
}


PERMISSIONS: dict[str, str | Promise] = {
    WORK: gettext_lazy("Works in the department"),
    HEAD: gettext_lazy("Heads the department"),
    OVERSEE: gettext_lazy("Oversees the department"),
    CONTACTS: gettext_lazy("Sees who the citizen is"),
    MEMBERSHIPS: gettext_lazy("Sees memberships of associations, unions and parties"),
}


PROGRAMME_PERMISSIONS: dict[str, str | Promise] = {
    KEEP: gettext_lazy("Keeps the programme"),
    READ: gettext_lazy("Reads the programme"),
    PRESS: gettext_lazy("Sees what the programme shows to the press unit"),
}


def permission_name(codename: str) -> str | Promise:
    """A permission on a department or a programme in words; anything else as it is."""
    return {**PERMISSIONS, **PROGRAMME_PERMISSIONS}.get(codename, codename)


def badge(text: str | Promise | int, tone: str = "grey") -> SafeString:
    return format_html('<span class="ok-badge ok-{}">{}</span>', tone, text)


def status_badge(complaint: Complaint) -> SafeString:
    if complaint.is_to_be_entered:
        approved_at: dt.datetime | None = getattr(complaint, "approved_at", None)
        waits = [waiting_text(local_date(approved_at))] if approved_at else []
        return badge(" · ".join([_("To be entered in CİMER"), *waits]), "orange")
    if complaint.waiting_for and complaint.waiting_since:  # what it waits for says that it waits
        party = _("%(party)s awaited") % {"party": complaint.get_waiting_for_display()}
        return badge(f"{party} · {waiting_text(complaint.waiting_since)}", "orange")
    return badge(complaint.get_status_display(), _TONES.get(complaint.status, "grey"))


def waiting_text(since: dt.date) -> str:
    """How long something has been waiting, in words."""
    days = (today() - since).days
    return ngettext("for %(n)d day", "for %(n)d days", days) % {"n": days} if days > 0 else _("since today")


def is_running(complaint: Complaint) -> bool:
    """Whether anybody still waits for this case's target date."""
    return complaint.status not in ENDS and complaint.status != Status.REPLIED


def days_left(day: dt.date) -> tuple[str, str]:
    """(text, tone): how far a day is from today, in words."""
    left = (day - today()).days
    if left < 0:
        return ngettext("%(n)d day late", "%(n)d days late", -left) % {"n": -left}, "red"
    if left == 0:
        return _("today"), "orange"
    if left == 1:
        return _("tomorrow"), "orange"
    return ngettext("%(n)d day left", "%(n)d days left", left) % {
        "n": left
    }, "orange" if left <= 3 else "green"


def time_left(complaint: Complaint, day: dt.date) -> tuple[str, str]:
    """`days_left` of a case; of one whose clock stands still, that it does."""
    return (_("clock stands still"), "grey") if complaint.is_stopped else days_left(day)


def date_text(day: dt.date | None) -> str:
    return day_text(day) if day else "–"


def target(complaint: Complaint) -> SafeString:
    """The target date, and in words and colour what is left of it while the case is open."""
    if not is_running(complaint):
        return format_html('<span class="ok-date">{}</span>', date_text(complaint.target_on))
    text, tone = time_left(complaint, complaint.target_on)
    return format_html(
        '<span class="ok-target"><span class="ok-date">{}</span>'
        ' <span class="ok-left ok-{}">{}</span></span>',
        date_text(complaint.target_on),
        tone,
        text,
    )


def reference(complaint: Complaint) -> SafeString:
    return format_html('<span class="ok-reference">{}</span>', complaint.reference)


def yes_no(value: bool) -> str:
    return _("yes") if value else _("no")


def or_dash[V](value: V) -> V | str:
    return value if value not in (None, "") else "–"


def phone(text: str) -> str:
    """A number that a row keeps as text (`+902163111111`), as people write it; what the office wrote as it is."""
    return str(to_python(text)) if text.startswith("+") else text


_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("YaBrowser/", "Yandex"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac", "Linux")
"""In this order: each of the former also names one of the latter."""


def device(user_agent: str) -> str:
    """“Chrome, Windows”: what a person recognises in the long name a browser gives itself."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "")
    system = next((name for name in _SYSTEMS if name in user_agent), "")
    return ", ".join(filter(None, (browser, system))) or user_agent[:60] or "–"
