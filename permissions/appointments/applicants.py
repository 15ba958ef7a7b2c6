"""Applicants of appointment requests, and previews of their messages.

A citizen may be known from one request and hidden in another, so a visible citizen does not imply that the request is
theirs.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from phonenumber_field.phonenumber import PhoneNumber

from backend.appointments import actions as appointments
from backend.appointments.actions import notices
from backend.appointments.actions.reminding import Reminder
from backend.appointments.choices import DeliveryMethod, NoticeKind, VisitStatus
from backend.appointments.models import AppointmentRequest, PublicDaySession, RequestNotice
from backend.appointments.moves import Verb
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.session import dry_run
from backend.organization.models import User
from permissions.appointments.rules import known_applicants, knows_applicant
from permissions.core import scope
from permissions.core.filters import EVERYTHING, NOTHING, Action, both

_LINK = re.compile(r"/randevu/[^\s/]+/")
HIDDEN_LINK = "/randevu/••••/"
_NUMBER = re.compile(r"[\d\s()+-]{7,}")


def asked_by(citizens: Iterable[Citizen | int]) -> QuerySet[AppointmentRequest]:
    """The visible requests of these citizens, as far as the viewer may know whose they are."""
    rows = AppointmentRequest.objects.select_related("entry", "principal")
    rule = known_applicants(scope.current_viewer())
    if rule == NOTHING:
        return rows.none()
    theirs = scope.visible(rows).filter(applicant__in=list(citizens))
    return theirs if rule == EVERYTHING else theirs.filter(rule)


def applicant_of(request: AppointmentRequest) -> Citizen | None:
    """The applicant, if the viewer may know them from this request."""
    if request.applicant_id is None or not knows_applicant(scope.current_viewer(), request):
        return None
    rows = scope.visible(Citizen).select_related("neighbourhood")
    return rows.filter(pk=request.applicant_id).first()


def who_asks(request: AppointmentRequest) -> str:
    """Who wishes to come, as far as the viewer may know: the organisation, the member of staff, else the citizen.

    For lists: `applicant` and `requested_by` were selected along."""
    if request.organisation:
        return request.organisation
    if request.requested_by is not None:
        return str(request.requested_by)
    if not knows_applicant(scope.current_viewer(), request):
        return ""
    return request.visible_applicant.full_name if request.visible_applicant else ""


def phone_of(request: AppointmentRequest) -> str:
    """Telephone number of the applicant, if the viewer may know them; may be ""."""
    if request.requested_by is None and not knows_applicant(scope.current_viewer(), request):
        return ""
    number = notices.reachable(request, DeliveryMethod.PHONE)
    return str(PhoneNumber.from_string(number)) if number else ""


def rehearsed_letter(
    verb: Verb,
    key: UUID | str,
    run: Callable[[AppointmentRequest], object],
    *,
    version: int | None = None,
    named: Iterable[object] = (),
) -> tuple[str, str] | None:
    """(subject, text) of the message that `run` would send to the applicant, or None; a dry run.

    Without the right to know the applicant the text has no salutation, and the applicant's link is always left out.
    """
    with dry_run(), scope.authorized(verb, AppointmentRequest, key, version=version, named=named) as row:
        before = RequestNotice.objects.filter(request=row).count()
        run(row)
        notices = RequestNotice.objects.filter(request=row).select_related("message").order_by("pk")
        notice = notices[before:].first()
        return None if notice is None else _readable(notice, row)


@dataclass(frozen=True)
class Cancelled:
    """What the cancelling of a halk günü would tell, and who has to be called."""

    letters: list[tuple[AppointmentRequest, str, str]]
    """(request, subject, text) of each who would be sent something."""
    to_call: list[AppointmentRequest]


def rehearsed_cancelling(key: UUID | str, *, by: User, reason: str) -> Cancelled:
    """What `cancel_public_day` would do to those who are to come; nothing of it is done. Texts as above."""
    with dry_run(), scope.authorized_to_create(Action.PLAN, PublicDaySession, key, field="id") as session:
        rows = list(
            AppointmentRequest.objects.filter(visit__session=session, visit__status=VisitStatus.EXPECTED)
            .select_related("principal", "requested_by", "applicant")
            .order_by("visit__at", "visit__position")
        )
        result = RequestNotice.objects.filter(request__in=rows)
        before = set(result.values_list("pk", flat=True))
        appointments.cancel_public_day(session, by=by, reason=reason)
        new = {one.request_id: one for one in result.select_related("message") if one.pk not in before}
        letters = [(row, *_readable(new[row.pk], row)) for row in rows if row.pk in new]
        return Cancelled(letters, [row for row in rows if row.pk not in new])


def _readable(notice: RequestNotice, request: AppointmentRequest) -> tuple[str, str]:
    """(subject, text) of the message, as far as the viewer may read it."""
    if notice.message is None or not knows_applicant(scope.current_viewer(), request):
        return str(notice), notice.body
    return notice.message.subject, _LINK.sub(HIDDEN_LINK, notice.message.body)


def message_preview(
    request: AppointmentRequest,
    kind: str,
    body: str,
    *,
    means: str,
    at: dt.datetime | None = None,
    until: dt.datetime | None = None,
    ground: str = "",
) -> tuple[str, str]:
    """(subject, text) of a message about a visible request, as the viewer may read it; the link as above."""
    named = knows_applicant(scope.current_viewer(), request)
    stated = {"ground": ground} if ground else {}
    subject, text = notices.message_preview(
        request, kind, body, means=means, named=named, at=at, until=until, **stated
    )
    return subject, _LINK.sub(HIDDEN_LINK, text)


@dataclass(frozen=True)
class Announced:
    """A reminder that is still to come, as it would be sent now; the link as above."""

    reminder: Reminder
    subject: str
    body: str


def reminders_of(request: AppointmentRequest) -> list[Announced]:
    """What the applicant of a visible request will be reminded of, for who may know them: it tells how they are
    reached."""
    if not knows_applicant(scope.current_viewer(), request):
        return []
    return [
        Announced(one, *message_preview(request, NoticeKind.REMINDER, "", means=one.means))
        for one in appointments.reminders_of(request)
    ]


def find(rows: QuerySet[AppointmentRequest], text: str) -> QuerySet[AppointmentRequest]:
    """Those of visible `rows` that `text` names: by number, by words of subject and institution, by the telephone or
    the name of an applicant whom the viewer may know."""
    words = AppointmentRequest.objects.search(text).values("pk")
    return rows.filter(Q(pk__in=words) | asked_by_named(text))


def asked_by_named(text: str) -> Q:
    """The requests of whom `text` names by telephone or name, as far as the viewer may know whose they are."""
    rule = known_applicants(scope.current_viewer())
    if rule == NOTHING:
        return NOTHING
    return both(Q(applicant__in=scope.visible(_named(text)).values("pk")), rule)


def _named(text: str) -> QuerySet[Citizen]:
    if _NUMBER.fullmatch(text.strip()):
        try:
            keys = {key for citizen in contacts.find_by_phone(text)[:20] for key in contacts.family(citizen)}
        except DomainError:
            return Citizen.objects.none()
        return Citizen.objects.filter(pk__in=keys)
    return Citizen.objects.search(text)
