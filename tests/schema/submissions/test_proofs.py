"""A contact is proved by a code; its session shows what the holder has running, and nothing of others."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.outbox.models import Message
from backend.submissions import jobs
from backend.submissions.models import ContactProof
from backend.submissions.proofs import MOST_OF_CONTACT, MOST_OF_SENDER, MOST_TRIES
from permissions.core import scope
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.schema.client import Asking, errors_of
from tests.schema.portal_client import make_notices, portal

MAIL = "isil@example.org"
WHO = {"firstName": "Işıl", "lastName": "İnce", "email": MAIL}
MATTERS = """query($s: String!, $c: [String!]) { portalMatters(session: $s, codes: $c) { endsAt
  cases { reference trackingCode about status isAwaited canRate answerDueOn }
  appointments { request { reference status } page } } }"""


@pytest.fixture(autouse=True)
def notices(cast: Cast) -> None:
    make_notices()


@pytest.fixture
def mine(cast: Cast) -> Asking:
    return portal()


def asked(asking: Asking, **said: Any) -> dict[str, Any]:
    return asking.does("portalContactCode", "proof way endsAt", **(WHO | said))


def code_in_the_mail() -> str:
    with system():
        body = Message.objects.filter(purpose="contact_code").latest("created_at").body
    match = re.search(r"\d{3} \d{3}", body)
    assert match
    return match[0]


def proved(asking: Asking, proof: str, code: str) -> dict[str, Any]:
    return asking.does("portalContactProve", "session endsAt", proof=proof, code=code)


def opened(asking: Asking, **said: Any) -> str:
    """The session of a contact, by its code."""
    answer = asked(asking, **said)
    assert answer["errors"] == [], answer
    session = proved(asking, answer["proof"], code_in_the_mail())
    assert session["errors"] == [], session
    return str(session["session"])


def listed(asking: Asking, session: str, *codes: str) -> list[str]:
    found = asking.data(MATTERS, s=session, c=list(codes))["portalMatters"]
    return [case["reference"] for case in found["cases"]]


def brought(asking: Asking, **contact: Any) -> dict[str, Any]:
    said = {"kind": "COMPLAINT", "subject": "Kaldırım çökmüş", "privacyNotice": "case-tr-1"}
    taken = asking.does("portalComplaintSubmit", "reference trackingCode", contact=WHO | contact, **said)
    assert taken["errors"] == [], taken
    return taken


def codes(answer: dict[str, Any]) -> list[str]:
    return [error["code"] for error in answer["errors"]]


def test_a_code_opens_a_session_and_only_digests_are_kept(mine: Asking) -> None:
    answer = asked(mine)
    assert (answer["errors"], answer["way"]) == ([], "EMAIL")
    code = code_in_the_mail()
    session = proved(mine, answer["proof"], code)
    assert session["errors"] == []
    with system():
        row = ContactProof.objects.values().get()
    kept = " ".join(str(value) for value in row.values())
    for secret in (MAIL, "Işıl", code.replace(" ", ""), session["session"], answer["proof"]):
        assert secret not in kept
    assert MAIL not in answer["proof"] + session["session"]
    assert listed(mine, session["session"]) == []
    again = proved(mine, answer["proof"], code)
    assert (codes(again), again["session"]) == (["WRONG_STATE"], None)  # a code is used once


def test_a_wrong_code_is_counted_although_it_is_refused(mine: Asking) -> None:
    proof, code = asked(mine)["proof"], code_in_the_mail()
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"
    refusals = [codes(proved(mine, proof, wrong)) for _each in range(MOST_TRIES)]
    assert refusals == [["INVALID"]] * (MOST_TRIES - 1) + [["WRONG_STATE"]]
    assert codes(proved(mine, proof, code)) == ["WRONG_STATE"]


def test_a_code_and_a_session_end(mine: Asking) -> None:
    proof, code = asked(mine)["proof"], code_in_the_mail()
    with system():
        ContactProof.objects.update(asked_at=timezone.now() - dt.timedelta(minutes=16))
    assert codes(proved(mine, proof, code)) == ["WRONG_STATE"]
    session = opened(mine)
    mine.does("portalContactEnd", session=session)
    assert mine.answer(MATTERS, s=session)["errors"][0]["extensions"]["code"] == "WRONG_STATE"
    session = opened(mine)
    with system():
        ContactProof.objects.filter(session_digest__gt="").update(
            proved_at=timezone.now() - dt.timedelta(minutes=61)
        )
    assert mine.answer(MATTERS, s=session)["errors"][0]["extensions"]["code"] == "WRONG_STATE"


def test_a_session_works_for_its_portal_alone_and_an_invented_one_for_nobody(mine: Asking) -> None:
    other = portal("portal.baska")
    session = opened(mine)
    proof = asked(mine)["proof"]
    for asking, text in ((other, session), (mine, proof), (mine, "x"), (mine, "")):
        assert asking.answer(MATTERS, s=text)["errors"][0]["extensions"]["code"] == "WRONG_STATE"
    assert codes(proved(other, proof, code_in_the_mail())) == ["WRONG_STATE"]
    without = portal("portal.gonderir", ["SUBMIT"])
    assert codes(asked(without)) == ["FORBIDDEN"]


def test_the_answer_says_nothing_of_whether_the_contact_is_known(mine: Asking) -> None:
    brought(mine)
    known, unknown = asked(mine), asked(mine, email="kimse@example.org")
    assert (known["errors"], known["way"]) == (unknown["errors"], unknown["way"])
    assert len(known["proof"]) - len(unknown["proof"]) < 40


def test_codes_are_bounded_by_contact_and_by_line(mine: Asking) -> None:
    here = {"address": "198.51.100.7"}
    for _each in range(MOST_OF_CONTACT):
        assert codes(asked(mine, **here)) == []
    assert codes(asked(mine, **here)) == ["OVER_LIMIT"]
    assert codes(asked(mine, email=MAIL.upper(), **here)) == ["OVER_LIMIT"]
    for number in range(MOST_OF_SENDER - MOST_OF_CONTACT):
        assert codes(asked(mine, email=f"baska{number}@example.org", **here)) == []
    assert codes(asked(mine, email="son@example.org", **here)) == ["OVER_LIMIT"]
    assert codes(asked(mine, email="son@example.org", address="203.0.113.9")) == []
    assert codes(asked(mine, email="son@example.org", address="burada")) == ["INVALID"]


def test_a_telephone_that_no_message_reaches_is_refused_before_a_code_is_made(mine: Asking) -> None:
    assert codes(asked(mine, email=None, phone="0532 111 22 33")) == ["UNSUPPORTED"]  # no gateway here
    assert codes(asked(mine, email=None)) == ["REQUIRED"]
    assert codes(asked(mine, email="yok")) == ["INVALID"]
    with system():
        assert not ContactProof.objects.exists()


# -- what is listed --------------------------------------------------------------------------------------------
def test_all_that_the_holder_has_running_is_listed_whichever_way_it_came(mine: Asking, cast: Cast) -> None:
    case = brought(mine)
    other = brought(portal("portal.baska"), firstName="IŞIL", lastName="ince", email=MAIL.upper())
    brought(mine, email="kimse@example.org")
    taken = mine.does(
        "portalAppointmentSubmit",
        "appointment { reference }",
        principal=global_id(cast.mayors),
        kind="REQUEST",
        subject="Okul bahçesi",
        contact=WHO,
        privacyNotice="appointment-tr-1",
        session=opened(mine),
    )
    assert taken["errors"] == [], taken
    found = mine.data(MATTERS, s=opened(mine))["portalMatters"]
    assert [row["reference"] for row in found["cases"]] == [other["reference"], case["reference"]]
    assert found["cases"][1]["trackingCode"] == case["trackingCode"]
    assert found["cases"][1]["status"] == "Alındı"
    assert found["appointments"] == [
        {"request": {"reference": taken["appointment"]["reference"], "status": "Alındı"}, "page": None}
    ]


def test_a_shared_contact_shows_nothing_without_a_code_of_ones_own(mine: Asking) -> None:
    hers = brought(mine)
    his = brought(mine, firstName="Umut")
    for name in ("Işıl", "Umut", "Deniz"):
        assert listed(mine, opened(mine, firstName=name)) == []
    session = opened(mine)
    assert listed(mine, session, hers["trackingCode"]) == [hers["reference"]]
    assert listed(mine, session, his["trackingCode"]) == []
    assert listed(mine, session, "7G2K-0QXM-4TBN", "saçma") == []


def test_another_name_lists_nothing_and_so_does_a_hidden_identity(mine: Asking) -> None:
    case = brought(mine)
    assert listed(mine, opened(mine, firstName="Deniz")) == []
    assert listed(mine, opened(mine)) == [case["reference"]]
    with system():
        Complaint.objects.filter(reference=case["reference"]).update(identity_hidden=True)
    assert listed(mine, opened(mine)) == []


def test_a_record_that_was_merged_is_still_its_persons(mine: Asking, cast: Cast) -> None:
    first, second = brought(mine), brought(mine, firstName="Isil", lastName="Ince")
    with system():
        one, other = Citizen.objects.filter(email=MAIL).order_by("pk")
        contacts.merge(other, into=one, by=cast.secretary, reason="aynı kişi")
    assert listed(mine, opened(mine)) == [second["reference"], first["reference"]]


def test_an_appointment_is_asked_for_with_the_proved_contact_alone(mine: Asking, cast: Cast) -> None:
    session = opened(mine)
    said = {
        "principal": global_id(cast.mayors),
        "kind": "REQUEST",
        "subject": "Okul bahçesi",
        "privacyNotice": "appointment-tr-1",
    }
    other = mine.does(
        "portalAppointmentSubmit", contact=WHO | {"email": "b@example.org"}, session=session, **said
    )
    assert [(error["code"], error["field"]) for error in other["errors"]] == [("INVALID", "contact.email")]
    ended = mine.does("portalAppointmentSubmit", contact=WHO, session="x", **said)
    assert [(error["code"], error["field"]) for error in ended["errors"]] == [("WRONG_STATE", "session")]


def test_the_list_costs_the_same_however_long_it_is(mine: Asking) -> None:
    counts = []
    for _round in range(2):
        for _each in range(3):
            brought(mine)
        session = opened(mine)
        listed(mine, session)  # what is remembered in the process is asked once
        with CaptureQueriesContext(connection) as asked_for:
            listed(mine, session)
        counts.append(len(asked_for))
    assert counts[0] == counts[1]


def test_proofs_are_erased_after_a_day_and_no_viewer_reads_them_but_the_office(
    mine: Asking, cast: Cast
) -> None:
    asked(mine)
    with scope.session(cast.fen_clerk):
        assert not scope.visible(ContactProof).exists()
    assert jobs.erase_proofs() == 0
    with system():
        ContactProof.objects.update(asked_at=timezone.now() - dt.timedelta(hours=25))
    assert jobs.erase_proofs() == 1


def test_nothing_keeps_the_answer_with_a_session(mine: Asking) -> None:
    """An Idempotency-Key would store it."""
    query = "mutation($i: PortalContactCodeInput!) { portalContactCode(input: $i) { proof } }"
    response = mine.post(query, {"i": WHO}, **{"idempotency-key": "bir"})
    assert errors_of(response.json()) == ["UNSUPPORTED"]
    with system():
        assert not ContactProof.objects.exists()
