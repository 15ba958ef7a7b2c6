"""Public view of a case: its progress, without names."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.core import signing
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from prometheus_client import Counter

from backend.complaints.actions import citizens
from backend.complaints.actions.ending import same_citizen
from backend.complaints.actions.notices import lira_text
from backend.complaints.choices import NoticeKind, NoticeStatus, Status
from backend.complaints.law.refusals import remedy_now
from backend.complaints.law.remedies import Remedy
from backend.complaints.models import (
    SENT_REPLY,
    Attachment,
    Complaint,
    Extension,
    FeeNotice,
    Forwarding,
    Notice,
    NoticeFile,
)
from backend.complaints.replies import enclosures
from backend.complaints.story import EventType
from backend.configuration.office import configured
from backend.core.session import system
from backend.organization.models import User
from backend.outbox.holding import HELD, LEFT

WRONG_CODES = Counter("wrong_tracking_codes", "Tracking codes asked for without a token that no case has.")
log = logging.getLogger(__name__)

# -- the citizen's own view of a case ------------------------------------------------------------------------
SENT_FILE, HANDED_OUT = "complaints.sent_file", dt.timedelta(hours=1)
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{12}")
MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


class PublicStatus(models.TextChoices):
    """Where a case stands in the citizen's words, without internal details."""

    RECEIVED = "RECEIVED", _("Received")
    WORKED_ON = "WORKED_ON", _("Being worked on")
    ON_HOLD = "ON_HOLD", _("On hold")
    REPLY_PREPARED = "REPLY_PREPARED", _("The reply is being prepared")
    REPLIED = "REPLIED", _("Replied")
    FORWARDED = "FORWARDED", _("Forwarded to the responsible body")
    CLOSED = "CLOSED", _("Closed")
    WITHDRAWN = "WITHDRAWN", _("Closed: withdrawn")
    DUPLICATE = "DUPLICATE", _("Closed: handled together with an earlier application")
    NOT_EXAMINABLE = "NOT_EXAMINABLE", _("Closed: cannot be examined (Law 3071, article 6)")
    REJECTED = "REJECTED", _("Closed: the request could not be met")


class PublicStep(models.TextChoices):
    """What happened to a case in the citizen's words."""

    RECEIVED = "RECEIVED", _("Received")
    ROUTED = "ROUTED", _("Sent to the unit concerned")
    STARTED = "STARTED", _("Work has begun")
    PROGRESS_NOTIFIED = "PROGRESS_NOTIFIED", _("You were notified of the progress")
    EXTENDED = "EXTENDED", _("The time limit was extended")
    FORWARDED = "FORWARDED", _("Forwarded to the responsible body")
    FORWARDING_TOLD = "FORWARDING_TOLD", _("You were notified of the forwarding")
    FEE_ASKED = "FEE_ASKED", _("A fee was asked for")
    FEE_RECORDED = "FEE_RECORDED", _("Your payment was recorded")
    FEE_LAPSED = "FEE_LAPSED", _("The fee was not paid in time")
    REPLIED = "REPLIED", _("Replied")
    CLOSED = "CLOSED", _("Closed")
    REOPENED = "REOPENED", _("Reopened")
    CITIZEN_ADDED = "CITIZEN_ADDED", _("You added information")
    CITIZEN_RATED = "CITIZEN_RATED", _("You rated the answer")
    MESSAGED = "MESSAGED", _("The municipality wrote to you")


STANDING: dict[str, PublicStatus] = {
    Status.NEW: PublicStatus.RECEIVED,
    Status.TRIAGED: PublicStatus.RECEIVED,
    Status.RETURNED: PublicStatus.RECEIVED,
    Status.ASSIGNED: PublicStatus.WORKED_ON,
    Status.ACCEPTED: PublicStatus.WORKED_ON,
    Status.IN_PROGRESS: PublicStatus.WORKED_ON,
    Status.WAITING: PublicStatus.ON_HOLD,
    Status.ANSWERED: PublicStatus.REPLY_PREPARED,
    Status.APPROVED: PublicStatus.REPLY_PREPARED,
    Status.REPLIED: PublicStatus.REPLIED,
    Status.FORWARDED: PublicStatus.FORWARDED,
    Status.CLOSED: PublicStatus.CLOSED,
    Status.WITHDRAWN: PublicStatus.WITHDRAWN,
    Status.DUPLICATE: PublicStatus.DUPLICATE,
    Status.NOT_EXAMINABLE: PublicStatus.NOT_EXAMINABLE,
    Status.REJECTED: PublicStatus.REJECTED,
}

STEPS: dict[str, PublicStep] = {
    EventType.REGISTERED: PublicStep.RECEIVED,
    EventType.ROUTED: PublicStep.ROUTED,
    EventType.STARTED: PublicStep.STARTED,
    EventType.PROGRESS_NOTIFIED: PublicStep.PROGRESS_NOTIFIED,
    EventType.EXTENDED: PublicStep.EXTENDED,
    EventType.FORWARDED: PublicStep.FORWARDED,
    EventType.FORWARDING_TOLD: PublicStep.FORWARDING_TOLD,
    EventType.FEE_ASKED: PublicStep.FEE_ASKED,
    EventType.FEE_RECORDED: PublicStep.FEE_RECORDED,
    EventType.FEE_LAPSED: PublicStep.FEE_LAPSED,
    EventType.SENT: PublicStep.REPLIED,
    EventType.APPROVED_AND_SENT: PublicStep.REPLIED,
    EventType.CIMER_ENTERED: PublicStep.REPLIED,
    EventType.WITHDRAWN: PublicStep.CLOSED,
    EventType.MARKED_DUPLICATE: PublicStep.CLOSED,
    EventType.MARKED_NOT_EXAMINABLE: PublicStep.CLOSED,
    EventType.REJECTED: PublicStep.CLOSED,
    EventType.CLOSED: PublicStep.CLOSED,
    EventType.REOPENED: PublicStep.REOPENED,
    EventType.CITIZEN_ADDED: PublicStep.CITIZEN_ADDED,
    EventType.CITIZEN_WROTE: PublicStep.CITIZEN_ADDED,
    EventType.CITIZEN_RATED: PublicStep.CITIZEN_RATED,
}
"""The lines of the story that a citizen may read; the first of each kind counts."""


type Line = tuple[str, dt.datetime]
"""Verb and moment of a line of the story."""
SENDINGS = (EventType.SENT, EventType.APPROVED_AND_SENT)
TAKEN_BACK = {EventType.RECALLED: SENDINGS, EventType.UNDONE: (EventType.ROUTED, EventType.CLOSED)}
"""A line -> the lines of which it takes the last one back."""
UNDONE = models.Q(verb=EventType.UNDONE, details__step__in=TAKEN_BACK[EventType.UNDONE])
WAITS: Line = (EventType.RECALLED, dt.datetime.max.replace(tzinfo=dt.UTC))
AFTER_A_REPLY = frozenset({citizens.CitizenAction.RATE, citizens.CitizenAction.REOPEN})
IS_HELD = models.Exists(Notice.objects.filter(SENT_REPLY, HELD, complaint=models.OuterRef("pk")))
"""Whether the reply of a case was sent and still waits for its moment: to the citizen it is not there yet."""

SHOWN = (
    NoticeKind.RESULT,
    NoticeKind.PROGRESS,
    NoticeKind.EXTENSION,
    NoticeKind.FEE,
    NoticeKind.FORWARDING,
    NoticeKind.CLOSING,
)
"""Kinds of notices that the public view repeats; they contain no names."""


@dataclass(frozen=True)
class Step:
    at: dt.datetime
    kind: PublicStep

    @property
    def label(self) -> str | Promise:
        return self.kind.label


@dataclass(frozen=True)
class SentFile:
    """A file that went to the citizen with a notice; `url` gives it out for an hour, and names nothing."""

    name: str
    content_type: str
    size: int
    url: str


@dataclass(frozen=True)
class Reply:
    notified_at: dt.datetime
    kind: str
    body: str
    files: list[SentFile] = field(default_factory=list)

    @property
    def title(self) -> str | Promise:
        return NoticeKind(self.kind).label


@dataclass(frozen=True)
class Fee:
    """What is to be paid, until when; how, the fee notice among the replies says."""

    amount: Decimal
    due_on: dt.date
    paid_on: dt.date | None
    lapsed_on: dt.date | None

    @property
    def amount_text(self) -> str:
        return lira_text(self.amount)


@dataclass(frozen=True)
class Extended:
    """The longer limit (4982 m.11). `due_on` only while an answer is awaited by it."""

    notified_on: dt.date
    reason: str
    due_on: dt.date | None


@dataclass(frozen=True)
class SentOn:
    """The body that the case was sent on to."""

    body: str
    sent_on: dt.date
    number: str
    short_code: str


@dataclass(frozen=True)
class File:
    """A file that the citizen added themselves."""

    name: str
    content_type: str
    size: int
    uploaded_at: dt.datetime


@dataclass(frozen=True)
class Tracked:
    """What the law and good manners tell a citizen about their case, whom to ask, and what they may do themselves.

    `about` is the name of its category. `questions` are what the office wrote to them; `is_awaited`: the case waits
    for their answer. `remedy`: where they may turn against the decision, or against silence, and until when (Anayasa
    m.40/2).
    """

    reference: str
    kind: str
    about: str
    registered_on: dt.date
    answer_due_on: dt.date | None
    status: PublicStatus
    result_owed: bool
    remedy: Remedy | None
    fee: Fee | None
    extension: Extended | None
    forwardings: list[SentOn]
    goes_on_as: str
    steps: list[Step]
    replies: list[Reply]
    questions: list[Reply]
    is_awaited: bool
    files: list[File]
    rating: int | None
    rating_remark: str
    may: frozenset[citizens.CitizenAction]
    open_until: dt.date | None
    municipality: str
    phone: str

    @property
    def unread_remedy(self) -> str:
        """The remedy if no notice shown here names it, as when none could be sent."""
        is_named = any(self.remedy and self.remedy.text in reply.body for reply in self.replies)
        return self.remedy.text if self.remedy and not is_named else ""


def plain_code(text: str) -> str | None:
    """The tracking code that a text is, as it is stored, however it was copied or heard; None if it is none."""
    plain = re.sub(r"[\s\-]", "", text).upper().translate(MISREAD)
    return "-".join((plain[:4], plain[4:8], plain[8:])) if CODE.fullmatch(plain) else None


def tracked(code: str) -> Tracked | None:
    """Public view of the case with this tracking code; None for a wrong code or none.

    Case, blanks and dashes are ignored, and O counts as 0, I and L as 1. No names, internal notes or departments; of
    the notices only those required by law or ending the case, once sent.
    """
    plain = plain_code(code)
    if plain is None:
        note_wrong_code()
        return None
    with system():
        complaint = Complaint.objects.filter(tracking_code=plain).first()
        if complaint is None:
            note_wrong_code()
            return None
        return shown(complaint)


def note_wrong_code() -> None:
    """Count and log a wrong tracking code, without the code itself, so that guessing is noticed."""
    WRONG_CODES.inc()
    log.info("wrong_tracking_code")


def shown(complaint: Complaint, *, by: User | None = None) -> Tracked:
    """The citizen's view of a case that they may see; under the role of the house. `by`: the account of the portal that
    shows it to them, None on their own page."""
    is_held = complaint.notices.filter(SENT_REPLY, HELD).exists()
    return Tracked(
        reference=complaint.reference,
        kind=complaint.kind,
        about=complaint.category.name if complaint.category else "",
        registered_on=complaint.registered_on,
        answer_due_on=answer_due_on(complaint, is_held),
        status=standing_of(complaint, is_held),
        result_owed=complaint.result_owed and complaint.is_open,
        remedy=remedy_now(complaint),
        fee=_fee(complaint),
        extension=_extension(complaint),
        forwardings=_forwardings(complaint),
        goes_on_as=_own_original(complaint, by),
        steps=_steps(complaint, is_held),
        replies=_told(complaint, SHOWN),
        questions=_told(complaint, (NoticeKind.MESSAGE,)),
        is_awaited=citizens.is_awaited(complaint),
        files=[
            File(row.name, row.content_type, row.size, row.uploaded_at) for row in citizens.files(complaint)
        ],
        rating=complaint.rating,
        rating_remark=complaint.rating_remark,
        may=citizens.allowed(complaint) - (AFTER_A_REPLY if is_held else frozenset()),
        open_until=citizens.reopens_until(complaint),
        municipality=configured.MUNICIPALITY_NAME,
        phone=configured.MUNICIPALITY_PHONE,
    )


def standing_of(complaint: Complaint, is_held: bool) -> PublicStatus:
    """Where the case stands for the citizen: a reply that still waits (`IS_HELD`) is being prepared."""
    waits = is_held and complaint.status == Status.REPLIED
    return STANDING[Status.APPROVED if waits else complaint.status]


def answer_due_on(complaint: Complaint, is_held: bool) -> dt.date | None:
    """By when the citizen may await the answer, while none has gone out (`IS_HELD`: it waits)."""
    waits = complaint.is_open and (is_held or complaint.replied_at is None)
    return complaint.target_on if waits else None


def _fee(complaint: Complaint) -> Fee | None:
    row = FeeNotice.objects.filter(complaint=complaint).order_by("-id").first()
    return Fee(row.amount, row.due_on, row.paid_on, row.lapsed_on) if row else None


def _extension(complaint: Complaint) -> Extended | None:
    row = Extension.objects.filter(complaint=complaint).first()
    if row is None:
        return None
    counts = "extension" in complaint.deadline_inputs  # not one of the time before a reopening
    awaited = counts and complaint.is_open and complaint.replied_at is None and bool(complaint.raw_due_on)
    return Extended(row.granted_on, row.reason, complaint.target_on if awaited else None)


def _forwardings(complaint: Complaint) -> list[SentOn]:
    rows = Forwarding.objects.filter(complaint=complaint).select_related("body").order_by("id")
    return [SentOn(row.body.name, row.forwarded_on, row.number, row.body.short_code) for row in rows]


def _own_original(complaint: Complaint, by: User | None) -> str:
    """The number of the original case, if it is the citizen's own and its identity is not hidden; else "".

    A portal gets only numbers of cases it brought in itself.
    """
    of = complaint.duplicate_of
    if of is None or of.identity_hidden or complaint.identity_hidden:
        return ""
    if by is not None and of.registered_by_id != by.pk:
        return ""
    return of.reference if same_citizen(complaint, of) else ""


def _steps(complaint: Complaint, is_held: bool) -> list[Step]:
    """What happened, each kind once. What was taken back did not happen, a sending that waits not yet."""
    known = models.Q(verb__in=[*STEPS, EventType.RECALLED]) | UNDONE
    rows = complaint.lines.filter(known).order_by("at", "id")
    first: dict[str, dt.datetime] = {}
    for verb, at in happened(rows.values_list("verb", "at"), is_held):
        first.setdefault(verb, at)
    return [Step(at, STEPS[verb]) for verb, at in first.items()]


def happened(lines: Iterable[Line], is_held: bool) -> list[Line]:
    """These lines without what was taken back, and without a sending that still waits."""
    result: list[Line] = []
    for line in [*lines, *([WAITS] if is_held else [])]:
        if line[0] not in TAKEN_BACK:
            result.append(line)
        elif done := [one for one in result if one[0] in TAKEN_BACK[EventType(line[0])]]:
            result.remove(done[-1])
    return result


def _told(complaint: Complaint, kinds: tuple[NoticeKind, ...]) -> list[Reply]:
    sent = Notice.objects.filter(LEFT, complaint=complaint, status=NoticeStatus.SENT, kind__in=kinds)
    result = sent.order_by("notified_at", "id")
    if NoticeKind.MESSAGE in kinds:
        result = result.filter(on_tracking_page=True)
    files = files_of_notices(complaint)
    return [
        Reply(notified_at, kind, body, files[pk])
        for pk, notified_at, kind, body in result.values_list("pk", "notified_at", "kind", "body")
        if notified_at
    ]


def files_of_notices(complaint: Complaint) -> dict[int, list[SentFile]]:
    """Notice -> the files that went to the citizen with it."""
    files: dict[int, list[SentFile]] = defaultdict(list)
    for row in enclosures.sent_files(complaint):
        file = row.attachment
        url = f"/files/reply/{signing.dumps(row.pk, salt=SENT_FILE)}"
        files[row.notice_id].append(SentFile(file.name, file.content_type, file.size, url))
    return files


def sent_file(ticket: str) -> Attachment | None:
    """The file of a sent notice that a ticket of `Reply.files` speaks of, within an hour; under the role of the
    house."""
    try:
        pk = signing.loads(ticket, salt=SENT_FILE, max_age=HANDED_OUT)
    except signing.BadSignature:
        return None
    rows = NoticeFile.objects.current().filter(pk=pk, notice__status=NoticeStatus.SENT)
    row = rows.select_related("attachment").first()
    return row.attachment if row else None
