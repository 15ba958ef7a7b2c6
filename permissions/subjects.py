"""Everything about a person (KVKK m.11): what all services hold of them, and who of the house looked at it.

For who may report (`Action.REPORT`: the head of the office, in a browser). Collected at the moment of asking, each part
through its own rule; whoever asks stands in the read log like every reader.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.contacts.models import Bereavement, Citizen
from backend.core.localtime import local_date
from backend.events.models import Guest
from backend.greetings.models import KeptDay, Preference, Recipient
from backend.journal.models import Reading
from backend.letters.models import Addressee, Letter
from backend.partners.models import Role
from backend.protocol.models import Holding
from backend.retention.choices import Part
from backend.retention.models import LegalHold, SubjectRequest
from permissions import scope
from permissions.rules import Action

PURPOSE = "subject report"
SAID = ("companion_names", "representative", "plate", "diet", "note")
MOST = 1000
"""Rows of each part, and of the readings, the newest first: more than anybody ever had."""


@dataclass(frozen=True)
class Told:
    """One thing that is kept: `on` the local day, `reference` what the house calls it, `text` what it is about."""

    part: Part
    on: dt.date | None
    reference: str
    text: str
    notice: str = ""


@dataclass(frozen=True)
class Looked:
    """Somebody was shown the person's data: who, when, on which page."""

    at: dt.datetime
    reader: Any
    purpose: str


@dataclass
class Report:
    """All that is held. `records`: the person's records, those merged with it too."""

    citizen: Citizen
    records: list[Citizen]
    told: list[Told] = field(default_factory=list)
    looked: list[Looked] = field(default_factory=list)


def report(key: UUID | str) -> Report:
    """Collect it. NOT_FOUND for a hidden person, FORBIDDEN for who may not report."""
    citizen = scope.get(Citizen, key, action=Action.REPORT)
    family = sorted(contacts.family(citizen))
    scope.note_reading(family, PURPOSE)
    records = list(
        scope.visible(Citizen).filter(pk__in=family).select_related("neighbourhood").order_by("pk")
    )
    found = Report(citizen, records)
    for collect in _COLLECTORS:
        found.told += collect(family)
    rows = scope.visible(Reading).filter(subject_kind=contacts.READING, subject_ids__overlap=family)
    newest = rows.select_related("reader").order_by("-at", "-pk")[:MOST]
    found.looked = [Looked(row.at, row.reader, row.purpose) for row in newest]
    return found


def _day(moment: dt.datetime | None) -> dt.date | None:
    return local_date(moment) if moment else None


def _rows(model: type[Model], which: Q, *order: str, also: Iterable[str] = ()) -> Any:
    rows = scope.visible(model).filter(which)
    return (rows.select_related(*also) if also else rows).order_by(*order)[:MOST]


def _cases(family: list[int]) -> list[Told]:
    theirs = Q(applicant__in=family) | Q(on_behalf_of__in=family)
    rows = _rows(Complaint, theirs, "-registered_at", "-pk", also=("privacy_notice",))
    return [
        Told(Part.CASE, row.registered_on, row.reference, f"{row.subject}\n{row.body}".strip(), _notice(row))
        for row in rows
    ]


def _requests(family: list[int]) -> list[Told]:
    rows = _rows(
        AppointmentRequest, Q(applicant__in=family), "-registered_at", "-pk", also=("privacy_notice",)
    )
    return [
        Told(
            Part.APPOINTMENT,
            _day(row.registered_at),
            row.reference,
            "\n".join(filter(None, (row.subject, row.body, row.organisation, row.plate))),
            _notice(row),
        )
        for row in rows
    ]


def _notice(row: Any) -> str:
    return row.privacy_notice.code if row.privacy_notice else ""


def _guests(family: list[int]) -> list[Told]:
    rows = _rows(Guest, Q(person__in=family), "-added_at", "-pk", also=("event", "privacy_notice"))
    return [
        Told(
            Part.GUEST,
            _day(row.event.starts_at),
            row.event.reference,
            "\n".join(
                filter(
                    None,
                    (
                        row.event.title,
                        row.get_answer_display(),
                        row.companion_names,
                        row.plate,
                        row.diet,
                        row.note,
                    ),
                )
            ),
            _notice(row),
        )
        for row in rows
    ]


def _letters(family: list[int]) -> list[Told]:
    theirs = Addressee.objects.filter(citizen__in=family).values("letter")
    rows = _rows(Letter, Q(pk__in=theirs), "-drafted_at", "-pk")
    return [Told(Part.LETTER, _day(row.drafted_at), str(row.reference or ""), row.subject) for row in rows]


def _greetings(family: list[int]) -> list[Told]:
    rows = _rows(Recipient, Q(citizen__in=family), "-pk", also=("occasion",))
    return [
        Told(Part.GREETING, _day(row.settled_at), "", f"{row.occasion.name}\n{row.address}".strip())
        for row in rows
    ]


def _roles(family: list[int]) -> list[Told]:
    rows = _rows(Role, Q(person__in=family), "-pk", also=("organisation",))
    return [Told(Part.ROLE, row.valid_from, "", f"{row.organisation.name}: {row.title}") for row in rows]


def _holdings(family: list[int]) -> list[Told]:
    rows = _rows(Holding, Q(person__in=family), "-pk", also=("office",))
    return [Told(Part.HOLDING, row.valid_from, "", row.office.title) for row in rows]


def _kept(family: list[int]) -> list[Told]:
    days = [
        Told(Part.KEPT, _day(None), "", f"{row.get_kind_display()} {row.day:02}.{row.month:02}")
        for row in _rows(KeptDay, Q(citizen__in=family), "-pk")
    ]
    wishes = [
        Told(Part.KEPT, None, "", str(row.get_wish_display()))
        for row in _rows(Preference, Q(citizen__in=family), "-pk")
    ]
    losses = [
        Told(Part.KEPT, row.on, "", str(Bereavement._meta.verbose_name))
        for row in _rows(Bereavement, Q(citizen__in=family), "-pk")
    ]
    return days + wishes + losses


def _holds(family: list[int]) -> list[Told]:
    rows = _rows(LegalHold, Q(citizen__in=family), "-pk")
    return [Told(Part.HOLD, _day(row.placed_at), "", row.reason) for row in rows]


def _requests_about_data(family: list[int]) -> list[Told]:
    rows = _rows(SubjectRequest, Q(citizen__in=family), "-received_on", "-pk")
    return [Told(Part.REQUEST, row.received_on, row.reference, row.text) for row in rows]


_COLLECTORS: tuple[Callable[[list[int]], list[Told]], ...] = (
    _cases,
    _requests,
    _guests,
    _letters,
    _greetings,
    _roles,
    _holdings,
    _kept,
    _holds,
    _requests_about_data,
)
