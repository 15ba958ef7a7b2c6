"""Report on a person (KVKK m.11): all data of all services, and which staff read it.

For `Action.REPORT`: the head of the office, in a browser. Collected when asked, each part through its own rule;
beyond the reader's rights (confidential entries, memberships) records are counted by kind, so that the answer shows
what is missing. The report itself is written to the read log.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import Model, Q
from pghistory.models import Event

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.contacts.models import Bereavement, Citizen
from backend.core.localtime import local_date
from backend.events.models import Guest
from backend.greetings.models import KeptDay, Preference, Recipient
from backend.journal.models import AccessLog
from backend.letters.models import Addressee, Letter
from backend.mailboxes.models import WrittenMessage
from backend.partners.models import Role
from backend.protocol.models import Holding
from backend.retention.choices import Part
from backend.retention.models import LegalHold, SubjectRequest
from backend.submissions.models import AffectedPerson
from backend.submissions.proofs import Holder
from permissions.core import scope
from permissions.core.filters import Action
from permissions.core.registry import RULES

PURPOSE = "subject report"
SAID = ("companion_names", "representative", "plate", "diet", "note")
MOST = 1000
"""Rows of each part, and of the readings, the newest first: more than anybody ever had."""


@dataclass(frozen=True)
class DisclosedFact:
    """Stored fact about the person: `on` the local day, `reference` the internal number, `text` the subject."""

    part: Part
    on: dt.date | None
    reference: str
    text: str
    notice: str = ""


@dataclass(frozen=True)
class Looked:
    """Access to the person's data: reader, time and page."""

    at: dt.datetime
    reader: Any
    purpose: str


@dataclass(frozen=True)
class Named:
    """A kind of record that names the person: how many there are, and how many of them the reader does not see."""

    kind: Any
    count: int
    withheld: int


@dataclass
class Report:
    """All that is held. `records`: the person's records, those merged with it too; `named`: where they are named in the
    whole database, so that the answer is complete also where the reader's own sight ends."""

    citizen: Citizen
    records: list[Citizen]
    facts: list[DisclosedFact] = field(default_factory=list)
    looked: list[Looked] = field(default_factory=list)
    named: list[Named] = field(default_factory=list)


def report(key: UUID | str) -> Report:
    """Collect it. NOT_FOUND for a hidden person, FORBIDDEN for who may not report."""
    citizen = scope.get(Citizen, key, action=Action.REPORT)
    family = sorted(contacts.family(citizen))
    scope.log_access(family, PURPOSE)
    records = list(
        scope.visible(Citizen).filter(pk__in=family).select_related("neighbourhood").order_by("pk")
    )
    result = Report(citizen, records)
    for collect in _COLLECTORS:
        result.facts += collect(family)
    result.named = _named(key, family)
    rows = scope.visible(AccessLog).filter(subject_kind=contacts.READING, subject_ids__overlap=family)
    newest = rows.select_related("reader").order_by("-at", "-pk")[:MOST]
    result.looked = [Looked(row.at, row.reader, row.purpose) for row in newest]
    return result


def _named(key: UUID | str, family: list[int]) -> list[Named]:
    """Count references in the whole database, and those visible to the viewer."""
    with (
        scope.authorized_to_create(Action.REPORT, Citizen, key, field="citizen"),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT * FROM app.named_in(%s)", [family])
        counts = dict(cursor.fetchall())
    items = []
    for model in apps.get_models():
        if model in RULES and model._meta.db_table in counts and not issubclass(model, Event):
            count = counts[model._meta.db_table]
            items.append(Named(model._meta.verbose_name_plural, count, count - _seen(model, family)))
    return items


def _seen(model: type[Model], family: list[int]) -> int:
    """How many rows of a table that name the person the viewer sees."""
    names = [one.name for one in model._meta.local_fields if one.is_relation and one.related_model is Citizen]
    condition = Q(*((f"{name}__in", family) for name in names), _connector=Q.OR)
    return int(scope.visible(model).filter(condition).count())


def _day(moment: dt.datetime | None) -> dt.date | None:
    return local_date(moment) if moment else None


def _rows(model: type[Model], which: Q, *order: str, also: Iterable[str] = ()) -> Any:
    rows = scope.visible(model).filter(which)
    return (rows.select_related(*also) if also else rows).order_by(*order)[:MOST]


def _cases(family: list[int]) -> list[DisclosedFact]:
    theirs = Q(applicant__in=family) | Q(on_behalf_of__in=family)
    rows = _rows(Complaint, theirs, "-registered_at", "-pk", also=("privacy_notice",))
    return [
        DisclosedFact(
            Part.CASE, row.registered_on, row.reference, f"{row.subject}\n{row.body}".strip(), _notice(row)
        )
        for row in rows
    ]


def _requests(family: list[int]) -> list[DisclosedFact]:
    rows = _rows(
        AppointmentRequest, Q(applicant__in=family), "-registered_at", "-pk", also=("privacy_notice",)
    )
    return [
        DisclosedFact(
            Part.APPOINTMENT,
            _day(row.registered_at),
            row.reference,
            "\n".join(
                filter(None, (row.subject, row.body, row.organisation, row.companion_names, row.plate))
            ),
            _notice(row),
        )
        for row in rows
    ]


def _notice(row: Any) -> str:
    return row.privacy_notice.code if row.privacy_notice else ""


def _affected(family: list[int]) -> list[DisclosedFact]:
    """Known by the contact and a digest of the name: what another of their household joined is none of theirs."""
    records = list(scope.visible(Citizen).filter(pk__in=family))
    emails = {row.email.lower() for row in records if row.email}
    phones = {row.phone.as_e164 for row in records if row.phone}
    people = {Holder(row.first_name, row.last_name, "", "").person for row in records}
    rows = _rows(
        AffectedPerson,
        (Q(email__in=emails) | Q(phone__in=phones)) & Q(person__in=people),
        "-joined_at",
        "-pk",
        also=("complaint__category", "privacy_notice"),
    )
    return [
        DisclosedFact(
            Part.AFFECTED,
            _day(row.joined_at),
            "",
            row.complaint.category.name if row.complaint.category else "",
            _notice(row),
        )
        for row in rows
    ]


def _guests(family: list[int]) -> list[DisclosedFact]:
    rows = _rows(Guest, Q(person__in=family), "-added_at", "-pk", also=("event", "privacy_notice"))
    return [
        DisclosedFact(
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


def _letters(family: list[int]) -> list[DisclosedFact]:
    theirs = Addressee.objects.filter(citizen__in=family).values("letter")
    rows = _rows(Letter, Q(pk__in=theirs), "-drafted_at", "-pk")
    return [
        DisclosedFact(Part.LETTER, _day(row.drafted_at), str(row.reference or ""), row.subject)
        for row in rows
    ]


def _greetings(family: list[int]) -> list[DisclosedFact]:
    rows = _rows(Recipient, Q(citizen__in=family), "-pk", also=("occasion",))
    return [
        DisclosedFact(Part.GREETING, _day(row.settled_at), "", f"{row.occasion.name}\n{row.address}".strip())
        for row in rows
    ]


def _roles(family: list[int]) -> list[DisclosedFact]:
    rows = _rows(Role, Q(person__in=family), "-pk", also=("organisation",))
    return [
        DisclosedFact(Part.ROLE, row.valid_from, "", f"{row.organisation.name}: {row.title}") for row in rows
    ]


def _written(family: list[int]) -> list[DisclosedFact]:
    rows = _rows(WrittenMessage, Q(role__person__in=family), "-at", "-pk")
    return [
        DisclosedFact(Part.WRITTEN, _day(row.at), "", f"{row.subject}\n{row.body}".strip()) for row in rows
    ]


def _holdings(family: list[int]) -> list[DisclosedFact]:
    rows = _rows(Holding, Q(person__in=family), "-pk", also=("office",))
    return [DisclosedFact(Part.HOLDING, row.valid_from, "", row.office.title) for row in rows]


def _kept(family: list[int]) -> list[DisclosedFact]:
    days = [
        DisclosedFact(Part.KEPT, _day(None), "", f"{row.get_kind_display()} {row.day:02}.{row.month:02}")
        for row in _rows(KeptDay, Q(citizen__in=family), "-pk")
    ]
    wishes = [
        DisclosedFact(Part.KEPT, None, "", str(row.get_wish_display()))
        for row in _rows(Preference, Q(citizen__in=family), "-pk")
    ]
    losses = [
        DisclosedFact(Part.KEPT, row.on, "", str(Bereavement._meta.verbose_name))
        for row in _rows(Bereavement, Q(citizen__in=family), "-pk")
    ]
    return days + wishes + losses


def _holds(family: list[int]) -> list[DisclosedFact]:
    rows = _rows(LegalHold, Q(citizen__in=family), "-pk")
    return [DisclosedFact(Part.HOLD, _day(row.placed_at), "", row.reason) for row in rows]


def _requests_about_data(family: list[int]) -> list[DisclosedFact]:
    rows = _rows(SubjectRequest, Q(citizen__in=family), "-received_on", "-pk")
    return [DisclosedFact(Part.REQUEST, row.received_on, row.reference, row.text) for row in rows]


_COLLECTORS: tuple[Callable[[list[int]], list[DisclosedFact]], ...] = (
    _cases,
    _requests,
    _affected,
    _guests,
    _letters,
    _greetings,
    _roles,
    _written,
    _holdings,
    _kept,
    _holds,
    _requests_about_data,
)
