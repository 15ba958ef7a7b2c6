"""All faults of an input are told at once, each at its field and in a fixed order, and nothing is written."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode, InputFaultsError
from backend.core.session import system
from backend.core.validation import below, collecting, noting, refuse, required, short
from permissions.complaints import portal as public_cases
from tests.cast import Cast
from tests.factories import make_principal
from tests.schema.client import Asking
from tests.schema.portal_client import make_notices, make_portal, portal

CONTACT = {"firstName": "İlkay", "lastName": "x" * 81, "phone": "12345678", "email": "ilkay"}
AT_CONTACT = [
    ("INVALID", "contact.lastName"),
    ("INVALID", "contact.phone"),
    ("INVALID", "contact.email"),
]


def faults(payload: dict[str, Any]) -> list[tuple[str, str]]:
    return [(error["code"], error["field"]) for error in payload["errors"]]


def rows() -> tuple[int, int, int]:
    with system():
        return Complaint.objects.count(), AppointmentRequest.objects.count(), Citizen.objects.count()


@pytest.fixture
def mine(cast: Cast) -> Asking:
    make_notices()
    return portal()


def test_a_portal_hears_of_everything_that_is_wrong_with_a_case(mine: Asking) -> None:
    before = rows()
    wrong = {
        "kind": "COMPLAINT",
        "channel": "KEP",
        "subject": " ",
        "text": "x" * 10_001,
        "category": "yok",
        "neighbourhood": "yok",
        "latitude": 10.0,
        "longitude": 29.2,
        "contact": CONTACT | {"neighbourhood": "yok", "nationalId": "1"},
    }
    expected = [
        ("INVALID", "channel"),
        ("REQUIRED", "subject"),
        ("INVALID", "text"),
        ("INVALID", "latitude"),
        ("INVALID", "category"),
        ("INVALID", "neighbourhood"),
        *AT_CONTACT,
        ("INVALID", "contact.neighbourhood"),
        ("INVALID", "contact.nationalId"),
        ("REQUIRED", "privacyNotice"),
    ]
    for _again in range(2):
        assert faults(mine.does("portalComplaintSubmit", **wrong)) == expected
    assert rows() == before


def test_and_with_a_request_for_an_appointment_and_a_suggestion(mine: Asking) -> None:
    make_principal()
    before = rows()
    principal, *_others = mine.data("{ publicPrincipals { id } }")["publicPrincipals"]
    wrong = {"kind": "REQUEST", "subject": "", "wish": "x" * 201, "partySize": 0, "contact": CONTACT}
    wrong |= {"principal": principal["id"], "privacyNotice": "yok"}
    wrong |= {"wishedFrom": "2030-01-02", "wishedUntil": "2030-01-01"}
    assert faults(mine.does("portalAppointmentSubmit", **wrong)) == [
        ("REQUIRED", "subject"),
        ("INVALID", "wish"),
        ("INVALID", "partySize"),
        ("INVALID", "wishedUntil"),
        *AT_CONTACT,
        ("INVALID", "privacyNotice"),
    ]
    told = mine.does("portalEventSuggest", text=" ", contact=CONTACT, privacyNotice="suggestion-tr-1")
    assert faults(told) == [*AT_CONTACT, ("REQUIRED", "text")]
    assert rows() == before


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [
        (10.0, 29.2, "latitude"),
        (41.0, 2.0, "longitude"),
        (91.0, 29.2, "latitude"),
        (41.0, 181.0, "longitude"),
    ],
)
def test_a_point_lies_in_turkiye(mine: Asking, latitude: float, longitude: float, field: str) -> None:
    given = {"kind": "COMPLAINT", "subject": "Çukur", "latitude": latitude, "longitude": longitude}
    told = mine.does("portalComplaintSubmit", **given)
    assert faults(told) == [("INVALID", field)]
    assert told["errors"][0]["message"].startswith("Bu nokta Türkiye")
    assert faults(mine.does("portalComplaintSubmit", **given | {"latitude": 38.5, "longitude": 43.4})) == []


def test_the_office_hears_of_all_rows_that_are_not_there(ask: Any) -> None:
    """What is loaded by its id is looked for before anything is done; each that is missing is named."""
    told = ask.secretary.does(
        "complaintRegister",
        kind="COMPLAINT",
        channel="PHONE",
        subject="x" * 201,
        category="x",
        neighbourhood="x",
    )
    assert faults(told) == [
        ("NOT_FOUND", "category"),
        ("NOT_FOUND", "neighbourhood"),
        ("INVALID", "subject"),
    ]


def test_outside_of_graphql_the_first_fault_ends_it(cast: Cast) -> None:
    account, _token = make_portal()
    with pytest.raises(DomainError) as refused:
        public_cases.submit(by=account, kind="COMPLAINT", subject="", text="x" * 10_001, channel="KEP")
    assert (refused.value.field, len(refused.value.errors)) == ("channel", 1)


def _fail(code: ErrorCode, field: str | None = None) -> None:
    raise DomainError(code, "Refused.", field)


def _collected(act: Any) -> list[tuple[str, str | None]]:
    with pytest.raises(InputFaultsError) as refused, collecting():
        act()
    return [(str(error.code), error.field) for error in refused.value.errors]


def test_nothing_is_written_behind_a_fault(db: None) -> None:
    def act() -> None:
        assert required("", "one", "Write it.") == ""
        Complaint.objects.filter(pk=0).update(subject="x")
        raise AssertionError

    assert _collected(act) == [("REQUIRED", "one")]


def test_what_goes_astray_behind_a_fault_is_told_as_the_fault(db: None) -> None:
    def act() -> None:
        short("xyz", "one", 2)
        raise IntegrityError

    assert _collected(act) == [("INVALID", "one")]
    with pytest.raises(IntegrityError), collecting():
        raise IntegrityError


def test_each_field_is_named_once_and_by_its_whole_name(db: None) -> None:
    def act() -> None:
        refuse(ErrorCode.REQUIRED, "Write it.", "one")
        refuse(ErrorCode.INVALID, "Too long.", "one")
        with below("list.0"), below("part"):
            refuse(ErrorCode.INVALID, "Wrong.", "two")
            with noting():
                _fail(ErrorCode.OVER_LIMIT)
        with below("part"):
            _fail(ErrorCode.CONFLICT, "three")

    assert _collected(act) == [
        ("REQUIRED", "one"),
        ("INVALID", "list.0.part.two"),
        ("OVER_LIMIT", "list.0.part"),
        ("CONFLICT", "part.three"),
    ]


def test_who_takes_a_refusal_for_itself_keeps_it_to_itself(db: None) -> None:
    """A row of many that is refused does not refuse the others, if it has a collection of its own."""
    seen, before = [], [*connection.execute_wrappers]
    with collecting():
        for text in ("", "right"):
            try:
                with transaction.atomic(), collecting():
                    required(text, "one", "Write it.")
            except DomainError as error:
                seen.append(error.field)
        with system():
            Complaint.objects.filter(pk=0).update(subject="x")
    assert seen == ["one"]
    assert connection.execute_wrappers == before


def test_who_swallows_a_refusal_writes_nothing_behind_it(db: None) -> None:
    def act() -> None:
        for _twice in range(2):
            with suppress(DomainError), transaction.atomic():
                required("", "one", "Write it.")
                Complaint.objects.filter(pk=0).update(subject="x")
                raise AssertionError

    assert _collected(act) == [("REQUIRED", "one")]
