"""The conversation of a matter as a portal shows it to whom it is about: what the other side has, or brought.

No internal note, no draft, and nothing that still waits to be taken back. Of what came by another way than this portal
only that it came: a tracking code opens no mail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from backend.appointments.choices import NoticeKind as AppointmentNotice
from backend.appointments.models import AppointmentRequest, RequestNotice
from backend.complaints.choices import NoticeKind, NoticeStatus
from backend.complaints.models import Complaint, ComplaintLine, Notice
from backend.complaints.story import EventType
from backend.core.session import system
from backend.journal.messages import Part, number
from backend.mailboxes.choices import Status
from backend.mailboxes.conversation import ConversationMessage, Direction, name_of
from backend.organization.models import User
from backend.outbox.holding import LEFT
from permissions.appointments import portal as appointments
from permissions.complaints import portal as cases
from permissions.complaints.public import SHOWN, SentFile, files_of_notices, note_wrong_code

Make = Callable[[ConversationMessage], "PortalMessage"]


@dataclass(frozen=True)
class PortalMessage:
    """A message as whom it is about sees it. `text` is None where it came by another way than this portal."""

    id: str
    at: dt.datetime
    direction: str
    channel: str
    means: str
    delivery: str
    text: str | None
    is_automatic: bool
    files: list[SentFile] = field(default_factory=list)


@dataclass(frozen=True)
class Conversation:
    """The messages of one matter, of which `make` makes what is shown; to be read under the role of the house."""

    rows: QuerySet[ConversationMessage]
    make: Make
    note: Callable[[list[Any]], None]
    matter: int
    key: UUID


def of_case(code: str, by: User | None) -> Conversation | None:
    """The conversation of a case that the account brought in (`by` None: of any case); None for any other code."""
    with system():
        case = cases.case_of(code, by)
        if case is None:
            if by is None:
                note_wrong_code()
            return None
        files = files_of_notices(case)
        added = _added_by(case, by) if by else frozenset()
    own_first = by is not None and case.registered_by_id == by.pk

    def make(row: ConversationMessage) -> PortalMessage:
        is_own = row.pk in added or (row.is_first and own_first)
        return _shown(row, case.key, is_own, files.get(row.notice_id or 0, []))

    return Conversation(
        shown_of_cases([case.pk]), make, lambda rows: cases.note_shown([case]), case.pk, case.key
    )


def shown_of_cases(cases: Iterable[int]) -> QuerySet[ConversationMessage]:
    """The messages of cases that their applicants have, or brought."""
    keys = list(cases)
    kinds = Q(kind__in=SHOWN) | Q(kind=NoticeKind.MESSAGE, on_tracking_page=True)
    notices = Notice.objects.filter(LEFT, kinds, complaint__in=keys, status=NoticeStatus.SENT)
    rows = ConversationMessage.objects.filter(complaint__in=keys, is_shown=True, post=None)
    return _without_origin(rows).filter(Q(notice=None) | Q(notice__in=notices))


def of_request(reference: str, by: User) -> Conversation | None:
    """The conversation of a request that the account brought in; None for any other number."""
    with system():
        request = appointments.brought_by(by).filter(reference=reference).first()
    if request is None:
        return None
    own = request

    def make(row: ConversationMessage) -> PortalMessage:
        return _shown(row, own.key, row.is_first, [])

    return Conversation(
        shown_of_request(own), make, lambda rows: appointments.note_shown([own]), own.pk, own.key
    )


def shown_of_request(request: AppointmentRequest) -> QuerySet[ConversationMessage]:
    """The messages of a request that its applicant has, or brought."""
    notices = RequestNotice.objects.filter(LEFT, request=request).exclude(kind=AppointmentNotice.REMINDER)
    rows = ConversationMessage.objects.filter(appointment_request=request, is_shown=True)
    return _without_origin(rows).filter(Q(request_notice=None) | Q(request_notice__in=notices))


def _without_origin(rows: QuerySet[ConversationMessage]) -> QuerySet[ConversationMessage]:
    """Without the mail that a matter was made of: it begins with its own words."""
    return rows.exclude(mail__status=Status.MADE)


def _added_by(case: Complaint, by: User) -> frozenset[int]:
    lines = ComplaintLine.objects.filter(complaint=case, verb=EventType.CITIZEN_ADDED, actor=by)
    return frozenset(number(Part.ADDED, pk) for pk in lines.values_list("pk", flat=True))


def _shown(row: ConversationMessage, matter: UUID, is_own: bool, files: list[SentFile]) -> PortalMessage:
    came = row.direction == Direction.IN
    return PortalMessage(
        id=name_of(matter, row.pk),
        at=row.at,
        direction=row.direction,
        channel=row.channel,
        means=row.means,
        delivery=row.delivery,
        text=row.text if is_own or not came else None,
        is_automatic=row.is_automatic,
        files=files,
    )
