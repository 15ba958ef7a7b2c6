"""Places of a halk günü that citizens take themselves: the office says how many, and a contact has one at a time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.appointments.actions.public_days import assign_to_public_day
from backend.appointments.choices import SessionStatus, VisitStatus
from backend.appointments.models import AppointmentRequest, PublicDaySession, Visit
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.words.text import search_form
from backend.journal.actions import record
from backend.organization.models import User

CLOSES = dt.timedelta(hours=2)
"""So long before it begins no place is taken any more."""


def free_times(session: PublicDaySession, visits: list[Visit], now: dt.datetime) -> list[dt.datetime]:
    """The moments at which a citizen may still take a place; none where the office offers none.

    `visits`: all of this day. As many at most as are offered and not yet taken on the site.
    """
    is_open = session.status == SessionStatus.PLANNED and session.starts_at - CLOSES > now
    left = left_online(session, visits)
    if not is_open or not left:
        return []
    taken = Counter(visit.at for visit in visits)
    return [slot for slot in session.slots() if taken[slot] < session.visits_a_slot]


def left_online(session: PublicDaySession, visits: list[Visit]) -> int:
    """How many places of a day citizens may still take themselves."""
    booked = sum(visit.is_booked for visit in visits)
    return max(0, min(session.places_online - booked, session.capacity - len(visits)))


@transaction.atomic
def offer_places(session: PublicDaySession, *, by: User | None, places: int) -> int:
    """Say how many places citizens may take themselves on the web site; 0: none. Returns how many did already.

    What is taken already stays. WRONG_STATE for a day that is over or cancelled, INVALID.
    """
    locked = _locked(session)
    if locked.status != SessionStatus.PLANNED or locked.day < today():
        raise DomainError(ErrorCode.WRONG_STATE, _("This public day is over or cancelled."), "id")
    if not 0 <= places <= locked.capacity:
        message = _("Between none and %(capacity)s places can be offered.") % {"capacity": locked.capacity}
        raise DomainError(ErrorCode.INVALID, message, "places")
    before = locked.places_online
    PublicDaySession.objects.filter(pk=locked.pk).update(places_online=places)
    record(
        verb="public_day_offered", about=locked, by=by, label=f"{locked.day:%d.%m.%Y}: {before} → {places}"
    )
    return locked.visits.filter(is_booked=True).count()


@transaction.atomic
def book(
    session: PublicDaySession,
    *,
    by: User,
    at: dt.datetime,
    now: dt.datetime,
    contact: tuple[str, str],
    name: str,
    receive: Callable[[], AppointmentRequest],
) -> AppointmentRequest:
    """Take a place of a day that is offered, at one of its free times.

    `receive` makes the request once it is sure that there is a place; `contact` is the (e-mail, telephone) of who
    comes. The same name and contact has one place at a time. WRONG_STATE where none is offered, or no longer;
    OVER_LIMIT where another was faster; DUPLICATE.
    """
    locked = _locked(session)
    visits = list(locked.visits.all())
    if locked.status != SessionStatus.PLANNED or locked.starts_at - CLOSES <= now or not locked.places_online:
        message = _("This public day offers no places on the web site, or no longer.")
        raise DomainError(ErrorCode.WRONG_STATE, message, "public_day")
    if not left_online(locked, visits):
        message = _("All places of this public day are taken. Choose another day, or ask for an appointment.")
        raise DomainError(ErrorCode.OVER_LIMIT, message, "public_day")
    if at not in free_times(locked, visits, now):
        raise DomainError(ErrorCode.OVER_LIMIT, _("This time is taken. Choose another time."), "starts_at")
    if there := _of_contact(locked, *contact, name):
        message = _(
            "You have a place on a public day already: %(day)s. Cancel it first, to take another one."
        )
        day = f"{there.session.day:%d.%m.%Y}"
        raise DomainError(ErrorCode.DUPLICATE, message % {"day": day}, "public_day")
    request = receive()
    request = assign_to_public_day(request, by=by, session=locked, at=at)
    Visit.objects.filter(request=request).update(is_booked=True)
    # They chose the time themselves: no call has to ask whether they come.
    AppointmentRequest.objects.filter(pk=request.pk).update(coming_confirmed_at=now)
    request.coming_confirmed_at = now
    return request


def _locked(session: PublicDaySession) -> PublicDaySession:
    """The session: two who take a place at once take turns."""
    return PublicDaySession.objects.select_for_update(of=("self",)).get(pk=session.pk)


def _of_contact(session: PublicDaySession, email: str, phone: str, name: str) -> Visit | None:
    """A place to come that this name and contact took themselves, of the same principal."""
    by_contact = (Q(request__applicant__email__iexact=email) if email else Q()) | (
        Q(request__applicant__phone=phone) if phone else Q()
    )
    rows = Visit.objects.filter(
        by_contact,
        is_booked=True,
        status=VisitStatus.EXPECTED,
        session__principal=session.principal_id,
        session__day__gte=today(),
    )
    for visit in rows.select_related("request__applicant", "session"):
        person: Citizen | None = visit.request.applicant
        if person is not None and search_form(person.full_name) == search_form(name):
            return visit
    return None
