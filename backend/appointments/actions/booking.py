"""Places of a halk günü that citizens take themselves: the office says how many, and a contact has few at a time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.appointments.actions.public_days import assign_to_public_day
from backend.appointments.choices import Channel, NoticeKind, SessionStatus, VisitStatus
from backend.appointments.models import AppointmentRequest, PublicDaySession, Visit
from backend.configuration.office import configured
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.words.text import search_form
from backend.journal.actions import record
from backend.organization.models import User

CLOSES = dt.timedelta(hours=2)
"""So long before it begins no place is taken any more."""
MOST_OF_CONTACT, MOST_A_DAY, DAY = 2, 5, dt.timedelta(days=1)
"""So many places a contact has at a time, under whatever names, and so many it takes in a day, those that it gave back
included."""


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
    comes. The same name and contact has one place at a time, a contact two. WRONG_STATE where none is offered, or no
    longer; OVER_LIMIT where another was faster, and above five a day; DUPLICATE.
    """
    _one_after_the_other(contact)
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
    _require_share(locked, contact, now)
    if there := _duplicate(locked, contact, name):
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


def _one_after_the_other(contact: tuple[str, str]) -> None:
    """Those who come with the same e-mail address or telephone take turns, on whatever days."""
    with connection.cursor() as cursor:
        email, phone = contact
        number = "".join(letter for letter in phone if letter.isdecimal())[-10:]  # however it was written
        for one in sorted(part for part in (search_form(email), number) if part):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 13))", [f"place {one}"])


def _by(contact: tuple[str, str], applicant: str) -> Q:
    email, phone = contact
    if not (email or phone):
        return Q(pk__in=[])
    by_email = Q(**{f"{applicant}__email__iexact": email}) if email else Q()
    return by_email | (Q(**{f"{applicant}__phone": phone}) if phone else Q())


def _require_share(session: PublicDaySession, contact: tuple[str, str], now: dt.datetime) -> None:
    """OVER_LIMIT for a contact that took too many within a day: each costs a number and a message."""
    rows = AppointmentRequest.objects.filter(
        _by(contact, "applicant"),
        channel=Channel.PORTAL,
        principal=session.principal_id,
        registered_at__gt=now - DAY,
        notices__kind=NoticeKind.PUBLIC_DAY,
    )
    if rows.distinct().count() >= MOST_A_DAY:
        message = _("Too many places were taken within a day. Try again tomorrow, or call %(phone)s.")
        values = {"phone": configured.MUNICIPALITY_PHONE}
        raise DomainError(ErrorCode.OVER_LIMIT, message % values, "public_day")


def _duplicate(session: PublicDaySession, contact: tuple[str, str], name: str) -> Visit | None:
    """A place to come that is in the way: of this name and contact, or the last of as many as a contact has."""
    rows = Visit.objects.filter(
        _by(contact, "request__applicant"),
        is_booked=True,
        status=VisitStatus.EXPECTED,
        session__principal=session.principal_id,
        session__day__gte=today(),
    )
    theirs = list(rows.select_related("request__applicant", "session").order_by("at", "pk"))
    for visit in theirs:
        person: Citizen | None = visit.request.applicant
        if person is not None and search_form(person.full_name) == search_form(name):
            return visit
    return theirs[-1] if len(theirs) >= MOST_OF_CONTACT else None
