"""Places of a halk günü that citizens take themselves: as many as are offered, one for a contact, while it is early."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from backend.appointments import actions
from backend.appointments.actions.booking import MOST_A_DAY
from backend.appointments.models import AppointmentRequest, PublicDaySession, Visit
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.journal.models import AuditLog
from tests.cast import Cast, make_cast
from tests.days import day
from tests.factories import at, make_citizen, make_public_day, make_request, refetch


def offered(cast: Cast, places: int = 2, **rule: Any) -> PublicDaySession:
    session = make_public_day(cast.mayors, **rule)
    with system():
        actions.offer_places(session, by=cast.secretary, places=places)
    return refetch(session)


def booked(session: PublicDaySession, cast: Cast, name: str = "Işıl", **facts: Any) -> AppointmentRequest:
    email = facts.pop("email", f"{name}@ornek.example".lower())

    def receive() -> AppointmentRequest:
        return actions.receive(
            session.principal,
            by=cast.secretary,
            channel="PORTAL",
            kind="REQUEST",
            subject="Kaldırım",
            applicant=make_citizen(name, "İnce", email=email),
            receipt=False,
        )

    given = {"at": session.slots()[0], "now": timezone.now(), "contact": (email, "")} | facts
    with system():
        return actions.book(session, by=cast.secretary, name=f"{name} İnce", receive=receive, **given)


def refused(call: Callable[[], object]) -> tuple[ErrorCode, str | None]:
    with pytest.raises(DomainError) as error:
        call()
    return error.value.code, error.value.field


def test_a_place_is_taken_and_is_an_appointment_at_once(cast: Cast) -> None:
    session = offered(cast)
    request = booked(session, cast)
    with system():
        visit = Visit.objects.get(request=request)
        notices = list(request.notices.values_list("kind", flat=True))
    assert (request.status, visit.is_booked, visit.at) == ("ON_PUBLIC_DAY", True, session.slots()[0])
    assert request.coming_confirmed_at is not None
    assert notices == ["PUBLIC_DAY"]


def test_no_more_than_are_offered_and_only_free_times(cast: Cast) -> None:
    session = offered(cast, places=3)
    first = session.slots()[0]
    booked(session, cast, "Ali")
    booked(session, cast, "Veli")  # two are called at one moment: nine slots for twelve people
    assert refused(lambda: booked(session, cast, "Can")) == (ErrorCode.OVER_LIMIT, "starts_at")
    odd = first + dt.timedelta(minutes=3)
    assert refused(lambda: booked(session, cast, "Can", at=odd)) == (ErrorCode.OVER_LIMIT, "starts_at")
    booked(session, cast, "Can", at=session.slots()[1])
    last = session.slots()[2]
    assert refused(lambda: booked(session, cast, "Ece", at=last)) == (ErrorCode.OVER_LIMIT, "public_day")
    with system():
        visits = list(session.visits.all())
        assert actions.free_times(session, visits, timezone.now()) == []


def test_what_the_office_gives_away_counts(cast: Cast) -> None:
    session = offered(cast, places=12)
    with system():
        for _each in range(11):
            actions.assign_to_public_day(make_request(cast.mayors), by=None, session=session, means="UNTOLD")
        visits = list(session.visits.all())
    assert actions.left_online(session, visits) == 1
    free = actions.free_times(session, visits, timezone.now())
    booked(session, cast, at=free[0])
    assert refused(lambda: booked(session, cast, "Ali", at=free[-1]))[0] == ErrorCode.OVER_LIMIT


def test_one_name_and_contact_has_one_place_until_it_is_given_back(cast: Cast) -> None:
    session = offered(cast, places=6)
    request = booked(session, cast, email="aile@ornek.example")
    again = {"email": "AILE@ornek.example", "at": session.slots()[2]}
    assert refused(lambda: booked(session, cast, **again)) == (ErrorCode.DUPLICATE, "public_day")
    booked(session, cast, "Umut", **again)  # another one of the family
    with system():
        actions.withdraw(refetch(request), by=None)
    booked(session, cast, **(again | {"at": session.slots()[3]}))


def test_a_contact_has_two_places_under_whatever_names(cast: Cast) -> None:
    session = offered(cast, places=6)
    free = session.slots()
    for number, name in enumerate(("Ece", "Umut")):
        booked(session, cast, name, email="aile@ornek.example", at=free[number])
    third = {"email": "Aile@ornek.example", "at": free[2]}
    assert refused(lambda: booked(session, cast, "Kaan", **third)) == (ErrorCode.DUPLICATE, "public_day")
    booked(session, cast, "Kaan", at=free[2])


def test_what_is_given_back_counts_for_a_day(cast: Cast) -> None:
    session = offered(cast, places=6)
    for _each in range(MOST_A_DAY):
        request = booked(session, cast)
        with system():
            actions.withdraw(refetch(request), by=None)
    assert refused(lambda: booked(session, cast)) == (ErrorCode.OVER_LIMIT, "public_day")
    with system():
        AppointmentRequest.objects.filter(pk=request.pk).update(
            registered_at=timezone.now() - dt.timedelta(hours=25)
        )
    booked(session, cast)


@pytest.mark.parametrize("why", ["not offered", "cancelled", "too late"])
def test_none_is_taken_where_none_is_given(cast: Cast, why: str) -> None:
    session = offered(cast, places=0 if why == "not offered" else 2)
    facts = {"now": session.starts_at - dt.timedelta(minutes=119)} if why == "too late" else {}
    if why == "cancelled":
        with system():
            actions.cancel_public_day(session, by=None, reason="Hastalık")
    assert refused(lambda: booked(session, cast, **facts)) == (ErrorCode.WRONG_STATE, "public_day")
    with system():
        assert not AppointmentRequest.objects.exists()


def test_the_office_says_how_many_and_what_is_taken_stays(cast: Cast) -> None:
    session = offered(cast)
    booked(session, cast)
    with system():
        assert actions.offer_places(session, by=cast.secretary, places=0) == 1
        assert session.visits.count() == 1
        label = AuditLog.objects.filter(verb="public_day_offered").latest("pk").subject_label
    assert label.endswith("2 → 0")
    for places in (-1, 13):
        with system():
            assert refused(lambda: actions.offer_places(session, by=None, places=places)) == (  # noqa: B023
                ErrorCode.INVALID,
                "places",
            )
    with system():
        actions.cancel_public_day(session, by=None, reason="Hastalık")
        assert refused(lambda: actions.offer_places(session, by=None, places=1))[0] == ErrorCode.WRONG_STATE


@pytest.mark.parametrize("way", ["taken off", "cancelled", "another time"])
def test_that_they_come_is_said_of_this_place_alone(cast: Cast, way: str) -> None:
    session = offered(cast)
    request = booked(session, cast)
    with system():
        if way == "cancelled":
            actions.cancel_public_day(session, by=None, reason="Hastalık")
        elif way == "taken off":
            actions.remove_from_public_day(refetch(request), by=None)
        else:
            actions.withdraw(refetch(request), by=None)
            actions.reopen(refetch(request), by=None)
            actions.approve(refetch(request), by=None, starts_at=at(day(3), "10:00"), means="UNTOLD")
    assert refetch(request).coming_confirmed_at is None


def test_of_many_who_take_the_last_place_at_once_one_has_it(committed_db: Any) -> None:
    cast = make_cast()
    session = offered(cast, places=1)
    outcomes: list[str] = []

    def take(name: str) -> None:
        try:
            booked(session, cast, name)
            outcomes.append("placed")
        except DomainError as error:
            outcomes.append(str(error.code))
        finally:
            connections.close_all()

    threads = [Thread(target=take, args=(f"Kişi{letter}",)) for letter in "abcdef"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["OVER_LIMIT"] * 5 + ["placed"]
    with system():
        assert Visit.objects.filter(session=session).count() == 1
        assert AppointmentRequest.objects.count() == 1


def test_of_two_days_at_once_a_name_and_contact_has_one(committed_db: Any) -> None:
    """Each request locks a day of its own; that the contact is the same has to hold them up too."""
    cast = make_cast()
    days = [offered(cast), offered(cast, on=day(3))]
    outcomes: list[str] = []
    meet = Barrier(len(days))

    def take(session: PublicDaySession) -> None:
        meet.wait()
        try:
            booked(session, cast, at=session.slots()[0])
            outcomes.append("placed")
        except DomainError as error:
            outcomes.append(str(error.code))
        finally:
            connections.close_all()

    threads = [Thread(target=take, args=(session,)) for session in days]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["DUPLICATE", "placed"]
