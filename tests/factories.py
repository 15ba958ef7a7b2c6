"""Rows for tests, made as the product makes them: a complaint is registered and routed by actions.

Every function writes as the house (`session.system`), so a test may call it whoever asks at that moment.
"""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from backend.appointments import actions as appointments
from backend.appointments.models import AppointmentRequest, PublicDaySession
from backend.complaints import actions
from backend.complaints.choices import Channel, Kind, RoutingRole
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.localtime import ISTANBUL
from backend.core.session import elevated, system
from backend.organization.models import Category, Department, Neighbourhood, OutsideBody, User
from backend.programme import actions as programme
from backend.programme.choices import Kind as EntryKind
from backend.programme.choices import Office
from backend.programme.models import Entry, Principal
from permissions import scope

PASSWORD = "bir iki üç dört"
LONG_AGO = dt.date(2020, 1, 1)
_serial = itertools.count(1)


def make_user(username: str, first_name: str = "Deniz", last_name: str = "Kaya", **fields: Any) -> User:
    """A member of staff who can sign in with `PASSWORD`, and may do nothing yet."""
    with system():
        return User.objects.create_user(
            username,
            password=PASSWORD,
            first_name=first_name,
            last_name=last_name,
            **({"is_staff": True} | fields),
        )


def make_department(code: str, name: str = "", **fields: Any) -> Department:
    """A department that has existed for long; code and name may be those of the shipped data."""
    name = name or f"{code} Müdürlüğü"
    short = name.removesuffix(" Müdürlüğü")
    with system():
        return Department.objects.create(
            **({"code": code, "name": name, "short_name": short, "valid_from": LONG_AGO} | fields)
        )


def make_neighbourhood(code: str = "abdurrahmangazi", name: str = "Abdurrahmangazi") -> Neighbourhood:
    with system():
        return Neighbourhood.objects.get_or_create(code=code, defaults={"name": name})[0]


def make_category(code: str = "cukur", name: str = "Çukur", **fields: Any) -> Category:
    with system():
        return Category.objects.get_or_create(code=code, defaults={"name": name, **fields})[0]


def make_body(
    code: str = "iski", name: str = "İSKİ Genel Müdürlüğü", short_name: str = "İSKİ", **fields: Any
) -> OutsideBody:
    with system():
        defaults = {"name": name, "short_name": short_name, "is_public": True, **fields}
        return OutsideBody.objects.get_or_create(code=code, defaults=defaults)[0]


def make_citizen(first_name: str = "Ayşe", last_name: str = "Işık", **fields: Any) -> Citizen:
    """A citizen with a phone number of their own, an e-mail address and an address."""
    number = next(_serial)
    defaults = {
        "phone": f"+90555{number:07d}",
        "email": f"yurttas{number}@example.org",
        "address": "Barış Sokak 5",
    }
    with system():
        return Citizen.objects.create(first_name=first_name, last_name=last_name, **(defaults | fields))


def make_complaint(
    subject: str = "Işıklar yanmıyor",
    *,
    to: Department | None = None,
    accepted_by: User | None = None,
    collaborators: tuple[Department, ...] = (),
    by: User | None = None,
    **fields: Any,
) -> Complaint:
    """A registered case; with `to` routed there, with `accepted_by` accepted. Other fields as in `register`.

    `applicant` is a new citizen unless given (None for nobody).
    """
    applicant = fields.pop("applicant") if "applicant" in fields else make_citizen()
    defaults = {
        "kind": Kind.COMPLAINT,
        "channel": Channel.PHONE,
        "body": "Üç gündür karanlık.",
        "receipt": False,
    }
    with system():
        complaint = actions.register(subject=subject, applicant=applicant, by=by, **(defaults | fields))
        if to is not None:
            actions.route(complaint, to=to, by=by)
        if accepted_by is not None:
            actions.accept(complaint, by=accepted_by)
        for department in collaborators:
            actions.add_collaborator(complaint, department=department, by=by)
        return Complaint.objects.get(pk=complaint.pk)


WORKING_WEEK = [(day, dt.time(8, 30), dt.time(17)) for day in range(5)]


def make_principal(
    name: str = "Belediye Başkanı", person: User | None = None, office: str = Office.MAYOR, **facts: Any
) -> Principal:
    """A programme with the office's hours (08:30–17:00, Monday to Friday) that nobody keeps yet."""
    with system():
        principal = programme.establish(by=None, office=office, name=name, person=person, **facts)
        programme.set_working_hours(principal, by=None, hours=WORKING_WEEK)
        return principal


def at(day: str, clock: str = "10:00") -> dt.datetime:
    """A local moment: `at("2027-01-12", "14:30")`."""
    return dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=ISTANBUL)


def make_entry(
    principal: Principal,
    title: str = "Toplantı",
    starts_at: dt.datetime | None = None,
    minutes: int = 30,
    *,
    by: User | None = None,
    readers: tuple[User, ...] = (),
    **fields: Any,
) -> Entry:
    """An entry of a programme; with `readers` a confidential one, which `by` enters. Other fields as in `plan`.

    Without a time it is the next free half hour of the second week of January 2027.
    """
    if starts_at is None:
        number = next(_serial) % 70
        starts_at = at("2027-01-11", "09:00") + dt.timedelta(days=number // 14, minutes=30 * (number % 14))
    given = {
        "kind": EntryKind.MEETING,
        "title": title,
        "starts_at": starts_at,
        "ends_at": starts_at + dt.timedelta(minutes=minutes),
        "accept_unusual": True,
        **({"is_confidential": True, "readers": readers} if readers else {}),
    }
    with scope.session(by), elevated() if by else system():
        return programme.plan(principal, by=by, **(given | fields))


def make_request(
    principal: Principal,
    subject: str = "Okul bahçesi",
    *,
    applicant: Citizen | None = None,
    by: User | None = None,
    **facts: Any,
) -> AppointmentRequest:
    """A request by telephone of a new citizen, unless given; the receipt is not sent."""
    given = {"channel": "PHONE", "kind": "REQUEST", "receipt": False} | facts
    with system():
        return appointments.receive(
            principal, by=by, subject=subject, applicant=applicant or make_citizen(), **given
        )


THURSDAYS = {"weekday": 3, "starts": dt.time(10, 30), "ends": dt.time(12), "slot_minutes": 10, "capacity": 12}


def make_public_day(principal: Principal, day: str = "2027-01-14", **rule: Any) -> PublicDaySession:
    """A halk günü of Thursdays 10:30–12:00 in nine slots for twelve people, on one day."""
    wanted = dt.date.fromisoformat(day)
    with system():
        programme.set_public_day(
            principal,
            by=None,
            valid_from=dt.date(2026, 1, 1),
            **(THURSDAYS | {"weekday": wanted.weekday()} | rule),
        )
        return appointments.generate_public_days(principal, by=None, from_=wanted, until=wanted).sessions[0]


def collaborating_departments(complaint: Complaint) -> list[Department]:
    with system():
        live = complaint.routings.live().filter(role=RoutingRole.COLLABORATING)  # type: ignore[attr-defined]
        return [routing.department for routing in live.select_related("department")]


def reread(row: Any) -> Any:
    """The row as it stands in the database now, whoever asks."""
    with system():
        return type(row)._default_manager.get(pk=row.pk)
