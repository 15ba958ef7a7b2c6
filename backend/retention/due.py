"""Due rows: rows of a kind whose retention period has ended, and legal holds on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    Exists,
    F,
    Func,
    Model,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Coalesce, Lower, TruncDate

from backend.appointments.choices import OPEN
from backend.appointments.models import AppointmentRequest, Promise, RequestNotice
from backend.complaints.models import Complaint, Notice
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.localtime import ISTANBUL, today
from backend.events.choices import UPCOMING
from backend.events.models import Event, Guest
from backend.greetings.models import Batch, Recipient
from backend.instructions.models import Instruction
from backend.journal.models import AccessLog
from backend.mailboxes.choices import Kind as MailKind
from backend.mailboxes.choices import Status as MailStatus
from backend.mailboxes.models import InboundMessage, WrittenMessage
from backend.outbox.models import Message
from backend.retention.choices import BY_DAY, Kind
from backend.retention.models import LegalHold, RetentionRule, SubjectRequest


def last_day(years: int, on: dt.date | None = None) -> dt.date:
    """The last local day of an event whose `years` are over on a day (default today): 29 February counts as 28."""
    on = on or today()
    try:
        return on.replace(year=on.year - years)
    except ValueError:
        return on.replace(year=on.year - years, day=28)


def _end_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), ISTANBUL)


@dataclass(frozen=True)
class Source:
    """A kind of record: its table, the moment from which it is counted, and which of its rows it is about."""

    model: type[Model]
    moment: Any
    rows: Callable[[RetentionRule, dt.datetime], Q]
    label: str = ""


def _cases(rule: RetentionRule, before: dt.datetime) -> Q:
    # A regime whose rule is switched off is due under no rule: the general one may be shorter.
    rest = RetentionRule.objects.filter(kind=Kind.CASE).exclude(regime="").values("regime")
    of_regime = Q(regime=rule.regime) if rule.regime else ~Q(regime__in=rest)
    ordered = Exists(Instruction.objects.open().filter(complaint=OuterRef("pk")))
    return of_regime & Q(closed_at__lt=before, anonymised_at__isnull=True) & ~Q(ordered)


def _requests(rule: RetentionRule, before: dt.datetime) -> Q:
    moment = Q(moment__lt=before)
    ended = Q(anonymised_at__isnull=True, requested_by__isnull=True) & ~Q(status__in=OPEN)
    row, entry = OuterRef("pk"), OuterRef("entry")
    promised = Promise.objects.open().filter(Q(request=row) | Q(entry=entry))
    ordered = Instruction.objects.open().filter(
        Q(request=row) | Q(promise__request=row) | Q(promise__entry=entry)
    )
    return moment & ended & ~Q(Exists(promised)) & ~Q(Exists(ordered))


def _guest_lists(rule: RetentionRule, before: dt.datetime) -> Q:
    guests = Exists(Guest.objects.filter(event=OuterRef("pk")))
    return Q(guests, ends_at__lt=before) & ~Q(status__in=UPCOMING)


def _greetings(rule: RetentionRule, before: dt.datetime) -> Q:
    people = Exists(Recipient.objects.filter(batch=OuterRef("pk"), citizen__isnull=False))
    return Q(people, ended_at__lt=before)


def _messages(rule: RetentionRule, before: dt.datetime) -> Q:
    return Q(created_at__lt=before) & ~Q(body="") & ~Q(status=Message.Status.WAITING)


def _inbound_messages(rule: RetentionRule, before: dt.datetime) -> Q:
    # One that waits may be a petition: it is kept until it is decided. What is part of a matter goes with that.
    # A partner's has no end, so that it goes as these do. Of what refuses messages the number is what has to be kept:
    # it holds until its person is forgotten.
    ended = Q(status=MailStatus.SET_ASIDE) & ~Q(kind=MailKind.REFUSAL) | Q(organisation__isnull=False)
    return ended & Q(decided_at__lt=before) & ~Q(file="")


def _readings(rule: RetentionRule, before: dt.datetime) -> Q:
    return Q(at__lt=before)


def _subject_requests(rule: RetentionRule, before: dt.datetime) -> Q:
    return Q(ended_at__lt=before, anonymised_at__isnull=True)


def _alone(rule: RetentionRule, before: dt.datetime) -> Q:
    return Q(pk__in=RawSQL("SELECT app.citizens_alone(%s)", [before]))


SOURCES: dict[str, Source] = {
    Kind.CASE: Source(Complaint, F("closed_at"), _cases, "reference"),
    Kind.APPOINTMENT: Source(
        AppointmentRequest, Coalesce("entry__ends_at", "registered_at"), _requests, "reference"
    ),
    Kind.GUEST_LIST: Source(Event, F("ends_at"), _guest_lists, "reference"),
    Kind.GREETING: Source(Batch, F("ended_at"), _greetings),
    Kind.MESSAGE: Source(Message, F("created_at"), _messages),
    Kind.INBOUND: Source(InboundMessage, F("decided_at"), _inbound_messages),
    Kind.READ_LOG: Source(AccessLog, F("at"), _readings),
    Kind.CITIZEN: Source(Citizen, F("created_at"), _alone),
    Kind.SUBJECT: Source(SubjectRequest, F("ended_at"), _subject_requests, "reference"),
}


def due(rule: RetentionRule) -> QuerySet[Any]:
    """The rows that a rule says are due today and that nothing holds, with `event_day`, their local day."""
    return by_rule(rule).exclude(held(rule.kind))


def by_rule(rule: RetentionRule) -> QuerySet[Any]:
    """The rows that a rule says are due today, held or not, with `event_day`, their local day."""
    source = SOURCES[rule.kind]
    before = _end_of(last_day(rule.years))
    rows = source.model._default_manager.annotate(moment=source.moment).filter(source.rows(rule, before))
    day = TruncDate("moment", tzinfo=ISTANBUL)
    return rows.annotate(event_day=day)


def lines(rule: RetentionRule) -> QuerySet[Any]:
    """The lines of a list: (subject, subject_key, label, day, due_on), a row each, of a log a day each."""
    rows, source = due(rule), SOURCES[rule.kind]
    due_on: Any = Func(
        F("event_day"),
        template=f"((%(expressions)s) + make_interval(years => {int(rule.years)}))::date",
        output_field=DateField(),
    )
    if rule.kind in BY_DAY:
        return (
            rows.values("event_day")
            .annotate(ripe_on=due_on)
            .order_by("event_day")
            .values_list("event_day", "ripe_on")
            .distinct()
        )
    label: Any = Cast(source.label, CharField()) if source.label else Value("")
    return (
        rows.annotate(ripe_on=due_on, shown_label=label)
        .order_by("event_day", "pk")
        .values_list("pk", "key", "shown_label", "ripe_on")
    )


def of_day(rule: RetentionRule, day: dt.date) -> QuerySet[Any]:
    """The rows of a log on one local day that are due and not held."""
    return due(rule).filter(event_day=day)


# -- holds ----------------------------------------------------------------------------------------------------
def _standing(**on: Any) -> Exists:
    return Exists(LegalHold.objects.standing().filter(**on))


def held(kind: str) -> Q:
    """The rows of this kind under a hold: on themselves, on their person (under any merged record), or on the
    whole kind. Needs the office's role."""
    whole = Q(
        _standing(
            kind=kind, complaint__isnull=True, request__isnull=True, event__isnull=True, citizen__isnull=True
        )
    )
    row, people = OuterRef("pk"), RawSQL("SELECT app.held_citizens()", [])
    if kind == Kind.CASE:
        of_requests = LegalHold.objects.standing().filter(request__complaint=OuterRef("pk"))
        return (
            whole
            | Q(_standing(complaint=row))
            | Q(applicant__in=people)
            | Q(on_behalf_of__in=people)
            | Q(Exists(of_requests))
        )
    if kind == Kind.APPOINTMENT:
        return whole | Q(_standing(request=row)) | Q(applicant__in=people)
    if kind == Kind.GUEST_LIST:
        guests = Guest.objects.filter(event=OuterRef("pk"), person__in=people)
        return whole | Q(_standing(event=row)) | Q(Exists(guests))
    if kind == Kind.GREETING:
        named = Recipient.objects.filter(batch=OuterRef("pk"), citizen__in=people)
        return whole | Q(Exists(named))
    if kind == Kind.CITIZEN:
        return whole | Q(pk__in=people)
    if kind == Kind.SUBJECT:
        return whole | Q(citizen__in=people) | Q(_standing(complaint=OuterRef("complaint")))
    if kind == Kind.MESSAGE:
        return whole | _held_notices(people)
    if kind == Kind.INBOUND:
        written = Citizen.objects.filter(pk__in=people).exclude(email="")
        return whole | Q(from_address__in=written.values_list(Lower("email"), flat=True))
    shown: Any = RawSQL("array(SELECT app.held_citizens())", [], output_field=ArrayField(BigIntegerField()))
    return whole | Q(subject_kind=contacts.READING, subject_ids__overlap=shown)


def _held_notices(people: RawSQL) -> Q:
    """Messages that tell of something on which a hold stands."""
    message = OuterRef("pk")
    of_case = Notice.objects.filter(message=message, complaint__in=Complaint.objects.filter(held(Kind.CASE)))
    requests = AppointmentRequest.objects.filter(held(Kind.APPOINTMENT))
    of_request = RequestNotice.objects.filter(message=message, request__in=requests)
    events = Event.objects.filter(_standing(event=OuterRef("pk")))
    of_guest = Guest.objects.filter(Q(event__in=events) | Q(person__in=people), message=message)
    of_greeting = Recipient.objects.filter(message=message, citizen__in=people)
    of_written = WrittenMessage.objects.filter(message=message, role__person__in=people)
    found = (of_case, of_request, of_guest, of_greeting, of_written)
    return Q(*(Exists(rows) for rows in found), _connector=Q.OR)


LOCK = "hashtextextended('legal holds', 12)"


def keep_holds_off() -> None:
    """Until the end of this transaction no hold is placed: what is looked at now is still so when it is destroyed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock_shared({LOCK})")


def are_holds_off() -> bool:
    """Non-blocking `keep_holds_off`, for callers that already hold row locks; False while a hold is being placed."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_xact_lock_shared({LOCK})")
        return bool(cursor.fetchone()[0])


def hold_alone() -> None:
    """Wait until nothing is being destroyed, and let nothing be until the end of this transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
