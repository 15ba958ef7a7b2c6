"""Actions of citizens on their own case: add to it, withdraw it, rate the answer, reopen it.

They hold its tracking code; `permissions.complaints.portal` decides whose case it is. Repeating an action does
nothing; the same words may answer another question. `by`: the account of the portal; None on the citizen's own page.
"""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import IO

from django.db import transaction
from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints import moves
from backend.complaints.actions import ending
from backend.complaints.actions.staff import notify_department, notify_office
from backend.complaints.actions.step import hold, journal_line
from backend.complaints.actions.working import keep, resume
from backend.complaints.choices import (
    ANSWERED,
    HIGHEST_RATING,
    LOWEST_RATING,
    AwaitingParty,
    Priority,
    Status,
    WaitingFor,
)
from backend.complaints.models import Attachment, Complaint
from backend.complaints.moves import Verb
from backend.complaints.replies.enclosures import brought
from backend.complaints.story import EventType
from backend.configuration.office import configured
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, local_date, today
from backend.core.validation import required, short
from backend.documents.intake import accept as accept_file
from backend.journal import messages
from backend.organization.models import User

LONGEST, LONGEST_REMARK = 4000, 1000
MOST_FILES = 20
"""So many files a citizen may add to one case."""
MOST_WORDS = 50
"""So often a citizen may add something or rate, in one case."""
MOST_REOPENINGS = 3
MOST_FILES_HERE, MOST_BYTES_HERE, MOST_BYTES_A_DAY = 5, 20 * 1024**2, 2 * 1024**3
"""Upload limits of the citizen's own page, which needs no sign-in: files and bytes per case, and bytes per local
day in total."""
ONE_GO = dt.timedelta(minutes=10)


class CitizenAction(StrEnum):
    """What a citizen may do to their case."""

    ADD = "ADD"
    WITHDRAW = "WITHDRAW"
    RATE = "RATE"
    REOPEN = "REOPEN"


def allowed(complaint: Complaint) -> frozenset[CitizenAction]:
    """What the citizen may do to the case as it stands today."""
    status = Status(complaint.status)
    in_time = _is_in_time(complaint)
    may = {
        CitizenAction.ADD: moves.allows(Verb.ATTACH, status) and status is not Status.REPLIED,
        CitizenAction.WITHDRAW: moves.allows(Verb.WITHDRAW, status) and status is not Status.REPLIED,
        CitizenAction.RATE: status in ANSWERED and in_time,
        CitizenAction.REOPEN: moves.allows(Verb.REOPEN, status)
        and status is not Status.DUPLICATE
        and in_time
        and complaint.reopened < MOST_REOPENINGS,
    }
    return frozenset(deed for deed, is_allowed in may.items() if is_allowed)


@transaction.atomic
def add(complaint: Complaint, *, by: User | None, text: str) -> Complaint:
    """Add a remark of the citizen, or what they were asked for, which resumes a waiting case; notify the party
    whose turn it is. REQUIRED, INVALID (longer than 4,000 letters), WRONG_STATE once it was answered, OVER_LIMIT
    the fifty-first time."""
    message = required(text, "text", _("Write what you want to add."), LONGEST)
    _take(complaint, CitizenAction.ADD)
    last = complaint.lines.filter(verb=EventType.CITIZEN_ADDED).order_by("-at", "-id").first()
    if (
        last is not None
        and last.note == message
        and last.at > timezone.now() - ONE_GO
        and not is_awaited(complaint)
    ):
        return complaint
    _must_be_brief(complaint)
    line = journal_line(complaint, EventType.CITIZEN_ADDED, by=by, note=message)
    messages.announce(messages.Part.ADDED, line.pk, messages.MessageEvent.RECEIVED)
    _go_on(complaint, by)
    return complaint


@transaction.atomic
def wrote(complaint: Complaint, *, mail: str, asks: bool = True, by: User | None = None) -> None:
    """Note that the citizen wrote by e-mail, in any state. The mail, of which `mail` is the key, stands by itself.

    What they were asked for resumes a waiting case, as `add` does. With `asks=False` (it only says thanks) nothing
    follows. `by`: who joined it; None where it joined by itself.
    """
    hold(complaint, Verb.COMMENT)
    complaint.refresh_from_db()
    journal_line(complaint, EventType.CITIZEN_WROTE, by=by, details={"mail": mail, "asks": asks})
    if asks and is_awaited(complaint):
        resume(complaint, by=by)
    if asks and not _added_before(complaint, by):
        _notify_awaited(complaint, "citizen_wrote")


def propose_urgency(complaint: Complaint, danger: str) -> None:
    """Note the danger that the citizen's own words give away of an open case that is not urgent: a person decides, and
    the office is notified at any hour."""
    if not complaint.is_open or complaint.danger or complaint.priority == Priority.URGENT:
        return
    complaint.danger = danger
    complaint.save(update_fields=["danger"])
    notify_office("danger", complaint)


def wrote_elsewhere(complaint: Complaint, *, mail: str, by: User | None) -> None:
    """Note that a mail does not belong here after all. What followed from it stays: that is looked at by a person."""
    journal_line(complaint, EventType.MAIL_TAKEN_OUT, by=by, details={"was_mail": mail})


@transaction.atomic
def add_file(complaint: Complaint, *, by: User | None, file: IO[bytes], name: str = "") -> Attachment:
    """Add a file of the citizen, as `attach` does; a repeated file is the existing one, and counts as an answer.

    OVER_LIMIT for more than twenty, or beyond the limits of the anonymous page; WRONG_STATE once it was answered;
    TOO_LARGE, UNSUPPORTED, INVALID.
    """
    _take(complaint, CitizenAction.ADD)
    accepted, theirs = accept_file(file, name), files(complaint)
    if there := theirs.filter(sha256=accepted.sha256).first():
        if is_awaited(complaint):
            _go_on(complaint, by)
        return there
    if theirs.count() >= MOST_FILES:
        message = _("At most %(count)s files can be added.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"count": MOST_FILES}, "file")
    if by is None:
        _must_fit(theirs.filter(uploaded_by=None), len(accepted.content))
    result = keep(complaint, accepted, by=by)
    _go_on(complaint, by)
    return result


def is_awaited(complaint: Complaint) -> bool:
    """Whether the case waits for what the citizen is asked for."""
    return complaint.waiting_for == WaitingFor.CITIZEN


def files(complaint: Complaint) -> QuerySet[Attachment]:
    """What the citizen brought themselves."""
    return brought(complaint)


@transaction.atomic
def withdraw(complaint: Complaint, *, by: User | None, reason: str = "") -> Complaint:
    """Withdraw the case for the citizen, and notify its worker. WRONG_STATE once it was answered or has ended."""
    if complaint.status == Status.WITHDRAWN:
        return complaint
    _take(complaint, CitizenAction.WITHDRAW)
    ending.withdraw(complaint, by=by, note=short(reason, "reason", LONGEST_REMARK))
    _notify_awaited(complaint, "citizen_withdrew")
    return complaint


@transaction.atomic
def rate(complaint: Complaint, *, by: User | None, rating: int, remark: str = "") -> Complaint:
    """Say how content the citizen is with the answer, from 1 to 5; a second rating takes the place of the first.

    INVALID, WRONG_STATE without an answer, OUT_OF_TIME more than REOPEN_DAYS after it, OVER_LIMIT as `add`.
    """
    if not LOWEST_RATING <= rating <= HIGHEST_RATING:
        message = _("Choose from 1 (not content at all) to 5 (very content).")
        raise DomainError(ErrorCode.INVALID, message, "rating")
    text = short(remark, "remark", LONGEST_REMARK)
    _take(complaint, CitizenAction.RATE)
    if (complaint.rating, complaint.rating_remark) == (rating, text):
        return complaint
    _must_be_brief(complaint)
    complaint.rating, complaint.rating_remark, complaint.rated_at = rating, text, timezone.now()
    complaint.save(update_fields=["rating", "rating_remark", "rated_at"])
    journal_line(complaint, EventType.CITIZEN_RATED, by=by, note=text, details={"rating": rating})
    return complaint


@transaction.atomic
def reopen(complaint: Complaint, *, by: User | None, reason: str) -> Complaint:
    """Reopen on the citizen's behalf with a reason, as `ending.reopen` does, and notify the party whose turn it
    is. REQUIRED; OUT_OF_TIME more than REOPEN_DAYS after closure; WRONG_STATE while it is open; OVER_LIMIT at the
    fourth time, when staff has to talk to them."""
    text = required(reason, "reason", _("Say why it is taken up again."), LONGEST)
    last = complaint.lines.order_by("-at", "-id").first()
    if last is not None and (last.verb, last.note) == (EventType.REOPENED, text):
        return complaint
    _take(complaint, CitizenAction.REOPEN)
    ending.reopen(complaint, by=by, reason=text)
    _notify_awaited(complaint, "citizen_reopened")
    return complaint


def reopens_until(complaint: Complaint) -> dt.date | None:
    """The last local day on which the citizen may rate it or have it taken up again; None while it is worked on."""
    ended_at = complaint.closed_at or complaint.replied_at
    return local_date(ended_at) + dt.timedelta(days=configured.REOPEN_DAYS) if ended_at else None


def _is_in_time(complaint: Complaint) -> bool:
    last = reopens_until(complaint)
    return last is not None and today() <= last


def _take(complaint: Complaint, deed: CitizenAction) -> None:
    """Lock the row, and refuse what the citizen may not do to it now: in words that say what else they can do."""
    hold(complaint, Verb.COMMENT)
    complaint.refresh_from_db()
    if deed in allowed(complaint):
        return
    if (
        deed in (CitizenAction.RATE, CitizenAction.REOPEN)
        and reopens_until(complaint)
        and not _is_in_time(complaint)
    ):
        message = _("This was possible for %(days)s days after the end. Make a new application.")
        raise DomainError(ErrorCode.OUT_OF_TIME, message % {"days": configured.REOPEN_DAYS})
    if (
        deed is CitizenAction.REOPEN
        and moves.allows(Verb.REOPEN, complaint.status)
        and complaint.reopened >= MOST_REOPENINGS
    ):
        message = _("It was taken up again %(count)s times already. Call %(phone)s.")
        values = {"count": MOST_REOPENINGS, "phone": configured.MUNICIPALITY_PHONE}
        raise DomainError(ErrorCode.OVER_LIMIT, message % values)
    raise DomainError(ErrorCode.WRONG_STATE, _REFUSED[deed])


_REFUSED = {
    CitizenAction.ADD: _(
        "Nothing can be added any more: it was answered or has ended. Ask for it to be taken up again."
    ),
    CitizenAction.WITHDRAW: _("It was already answered or has ended; there is nothing to withdraw."),
    CitizenAction.RATE: _("There is no answer yet that could be rated."),
    CitizenAction.REOPEN: _("It is still being worked on. You may add to it instead."),
}


def _must_be_brief(complaint: Complaint) -> None:
    value = complaint.lines.filter(verb__in=[EventType.CITIZEN_ADDED, EventType.CITIZEN_RATED])
    if value.count() >= MOST_WORDS:
        message = _("You have written here %(count)s times. Call %(phone)s.")
        values = {"count": MOST_WORDS, "phone": configured.MUNICIPALITY_PHONE}
        raise DomainError(ErrorCode.OVER_LIMIT, message % values)


def _must_fit(theirs: QuerySet[Attachment], size: int) -> None:
    """OVER_LIMIT for a file of this size, after `theirs`, that anybody sends who knows a code."""
    there = theirs.aggregate(files=Count("pk"), bytes=Sum("size", default=0))
    if there["files"] >= MOST_FILES_HERE or there["bytes"] + size > MOST_BYTES_HERE:
        message = _(
            "At most %(count)s files, together %(size)s MB, can be sent on this page. Call %(phone)s."
        )
        values = {
            "count": MOST_FILES_HERE,
            "size": MOST_BYTES_HERE // 1024**2,
            "phone": configured.MUNICIPALITY_PHONE,
        }
        raise DomainError(ErrorCode.OVER_LIMIT, message % values, "file")
    today_began = dt.datetime.combine(today(), dt.time(), ISTANBUL)
    sent_today = Attachment.objects.filter(uploaded_by=None, uploaded_at__gte=today_began)
    if sent_today.aggregate(bytes=Sum("size", default=0))["bytes"] + size > MOST_BYTES_A_DAY:
        message = _("No more files can be taken on this page today. Send it tomorrow, or call %(phone)s.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"phone": configured.MUNICIPALITY_PHONE}, "file")


def _go_on(complaint: Complaint, by: User | None) -> None:
    """Resume a case that waited for the citizen. A new case needs no notification, and of several additions in a
    row the first is notified."""
    if is_awaited(complaint):
        resume(complaint, by=by)
    elif complaint.status == Status.NEW or _added_before(complaint, by):
        return
    _notify_awaited(complaint, "citizen_added")


def _added_before(complaint: Complaint, by: User | None) -> bool:
    """Whether something else was added a moment before what was added now; mere thanks count for nothing."""
    counts = Q(verb__in=[EventType.CITIZEN_ADDED, EventType.ATTACHED])
    counts |= Q(verb=EventType.CITIZEN_WROTE, details__asks=True)
    added = complaint.lines.filter(counts, actor=by, at__gt=timezone.now() - ONE_GO)
    return bool(added.count() > 1)


def _notify_awaited(complaint: Complaint, template: str) -> None:
    department = complaint.responsible_department
    if department is None or moves.awaiting_party(complaint.status) == AwaitingParty.OFFICE:
        notify_office(template, complaint)
    else:
        notify_department(department, template, complaint)
