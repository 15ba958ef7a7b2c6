"""What came through CİMER bears CİMER's number, once, and CİMER's own date, by every door (handbook 1.1)."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from freezegun import freeze_time

from backend.complaints import importing
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.outbox.models import Message
from schema.core.nodes import global_id
from tests.cast import signed_in
from tests.factories import make_citizen, make_complaint
from tests.schema.client import Asking

CIMER = {"kind": "COMPLAINT", "channel": "CIMER", "subject": "Gürültü"}
FULL = CIMER | {"sourceNumber": "2600123456", "cimerDueOn": "2026-12-24"}
MADE = "complaint { id regime sourceNumber rawDueOn legalDueOn targetOn cimerDueOn }"


def register(asking: Asking, **fields: Any) -> dict[str, Any]:
    return asking.does("complaintRegister", MADE, **fields)


def error_of(payload: dict[str, Any]) -> tuple[str, str]:
    return payload["errors"][0]["code"], payload["errors"][0]["field"]


def imported(*rows: str, source: str = "cimer") -> Any:
    text = "CİMER Başvuru No;Başvuru Tarihi;Başvuru Metni;Son Cevap Tarihi\n" + "\n".join(rows)
    with system():
        return importing.import_file(io.BytesIO(text.encode()), source=source, by=None)


@pytest.mark.parametrize(
    ("given", "lacking"),
    [
        (CIMER, "sourceNumber"),
        (CIMER | {"cimerDueOn": "2026-12-24"}, "sourceNumber"),
        (CIMER | {"sourceNumber": "2600123456"}, "cimerDueOn"),
        ({"kind": "REQUEST", "channel": "EMAIL", "subject": "x", "regime": "CIMER"}, "sourceNumber"),
        (CIMER | {"regime": "INFORMATION_4982"}, "sourceNumber"),
    ],
)
def test_number_and_date_are_asked_for_by_channel_and_by_regime(ask, given, lacking):
    assert error_of(register(ask.portal, **given)) == ("REQUIRED", lacking)
    with system():
        assert not Complaint.objects.exists()


@pytest.mark.parametrize(
    ("shown", "target"),
    [("2026-12-24", "2026-12-24"), ("2026-12-26", "2026-12-25"), ("2027-01-01", "2026-12-31")],
)
@pytest.mark.parametrize("kind", ["COMPLAINT", "INFORMATION_REQUEST", "TIP_OFF"])
def test_the_date_is_cimers_whatever_the_kind(ask, shown, target, kind):
    with freeze_time("2026-11-25T09:00:00Z"):
        made = register(ask.secretary, **(FULL | {"kind": kind, "cimerDueOn": shown}))["complaint"]
    assert (made["rawDueOn"], made["legalDueOn"], made["cimerDueOn"]) == (shown, shown, shown)
    assert made["targetOn"] == target


def test_leave_and_corrections_leave_the_date_of_cimer_as_it_is(ask, settings):
    settings.LEAVE_MOVES_STATUTORY_DATES = True
    with freeze_time("2026-11-25T09:00:00Z"):
        asking = ask.secretary
        made = register(asking, **FULL)["complaint"]
        asking.does("administrativeLeaveSet", "recomputed", day="2026-12-23", reason="Kar")
        corrected = asking.does("complaintCorrect", MADE, id=made["id"], subject="Gürültü ve koku")
        assert corrected["complaint"]["legalDueOn"] == "2026-12-24"
        moved = asking.does("complaintCorrect", MADE, id=made["id"], cimerDueOn="2026-12-30")
    assert moved["complaint"]["legalDueOn"] == "2026-12-30"


@pytest.mark.parametrize("field", ["sourceNumber", "cimerDueOn"])
def test_neither_is_taken_away_again(ask, field):
    asking = ask.secretary
    made = register(asking, **FULL)["complaint"]
    empty = "" if field == "sourceNumber" else None
    assert error_of(asking.does("complaintCorrect", MADE, id=made["id"], **{field: empty})) == (
        "REQUIRED",
        field,
    )


def test_what_turns_out_to_be_cimers_needs_them_too(ask):
    asking, called = ask.secretary, global_id(make_complaint())
    assert error_of(asking.does("complaintTriage", MADE, id=called, regime="CIMER")) == (
        "REQUIRED",
        "sourceNumber",
    )
    fields = {"channel": "CIMER", "regime": "CIMER", "sourceNumber": "77", "cimerDueOn": "2027-01-04"}
    done = asking.does("complaintCorrect", MADE, id=called, **fields)
    assert (done["complaint"]["regime"], done["complaint"]["legalDueOn"]) == ("CIMER", "2027-01-04")
    again = register(asking, **(FULL | {"sourceNumber": "77"}))
    assert error_of(again) == ("DUPLICATE", "sourceNumber")


@pytest.mark.parametrize("named", [{}, {"source": "cimer"}, {"source": "CİMER"}, {"source": "Cimer"}])
def test_a_number_of_cimer_is_taken_once_by_hand_and_by_file(ask, named):
    assert register(ask.secretary, **(FULL | named))["errors"] == []
    assert error_of(register(ask.office_head, **FULL)) == ("DUPLICATE", "sourceNumber")
    report = imported("2600123456;12.10.2026;Gürültü;24.12.2026", "2600123457;12.10.2026;Koku;24.12.2026")
    assert report.written
    with system():
        numbers = sorted(Complaint.objects.values_list("source", "source_number"))
    assert numbers == [("cimer", "2600123456"), ("cimer", "2600123457")]


def test_what_a_file_brought_is_not_registered_by_hand_again(ask):
    assert imported("2600123456;12.10.2026;Gürültü;24.12.2026", source="CİMER").written
    assert error_of(register(ask.secretary, **FULL)) == ("DUPLICATE", "sourceNumber")


def test_a_row_without_the_date_that_cimer_shows_keeps_the_file_out(ask):
    report = imported("1;12.10.2026;Gürültü;", "2;12.10.2026;Koku;24.12.2026")
    assert not report.written
    (row,) = report.refused
    assert "Son Cevap Tarihi" in " ".join(row.messages)
    with system():
        assert not Complaint.objects.exists()


def test_after_reopening_a_new_date_of_cimer_counts_and_a_passed_one_does_not(ask):
    asking = ask.secretary
    with freeze_time("2026-11-02T09:00:00Z"):
        made = register(asking, **(FULL | {"cimerDueOn": "2026-11-20"}))["complaint"]["id"]
        for mutation, fields in [
            ("complaintDraft", {"body": "Yapıldı.", "means": "CIMER"}),
            ("complaintSubmit", {}),
            ("complaintApprove", {}),
            ("complaintRecordCimerEntry", {"proof": "CİMER ekranı"}),
        ]:
            assert asking.does(mutation, "complaint { id }", id=made, **fields)["errors"] == []
    with freeze_time("2026-11-25T09:00:00Z"):
        asking = ask.secretary
        opened = asking.does("complaintReopen", MADE, id=made, reason="İtiraz")["complaint"]
        assert opened["legalDueOn"] == "2026-12-25"
        shown = asking.does("complaintCorrect", MADE, id=made, cimerDueOn="2026-12-10")["complaint"]
    assert shown["legalDueOn"] == "2026-12-10"


# -- one number ------------------------------------------------------------------------------------------------
SPELLINGS = [
    "2600 123456",
    "2600-123456",
    "２６００１２３４５６",
    "٢٦٠٠١٢٣٤٥٦",
    "2600.123.456",
    " 2600\u2007123456",
]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_number_in_another_spelling_finds_the_case_and_says_so(ask, spelling):
    office = ask.secretary
    known = office.does("complaintRegister", "complaint { reference }", **FULL)["complaint"]["reference"]
    (error,) = register(office, **(FULL | {"sourceNumber": spelling}))["errors"]
    assert (error["code"], error["field"]) == ("DUPLICATE", "sourceNumber")
    assert known in error["message"]
    query = "query($n: String) { complaints(filter: {cimerNumber: $n}) { nodes { reference sourceNumber } } }"
    assert office.data(query, n=spelling)["complaints"]["nodes"] == [
        {"reference": known, "sourceNumber": "2600123456"}
    ]
    assert ask.park_clerk.data(query, n=spelling)["complaints"]["nodes"] == []


def test_who_sees_the_case_is_told_of_it_and_who_does_not_learns_nothing(ask, cast):
    make_complaint(
        to=cast.fen, channel="CIMER", source_number="2600123456", cimer_due_on=dt.date(2026, 12, 24)
    )
    (error,) = register(ask.fen_clerk, **FULL)["errors"]
    assert error["code"] == "DUPLICATE"
    fields = "receipt { reference } " + MADE
    known = ask.park_clerk.does("complaintRegister", fields, **FULL)
    new = ask.park_clerk.does("complaintRegister", fields, **(FULL | {"sourceNumber": "2600999999"}))
    assert (known["errors"], bool(known["receipt"])) == (new["errors"], bool(new["receipt"])) == ([], True)


def test_the_office_is_led_from_one_case_to_the_other_with_its_number(ask, cast):
    asking = ask.secretary
    known = register(asking, **FULL)["complaint"]["id"]
    with system():
        key = Complaint.objects.get().key
    second = ask.park_clerk.does("complaintRegister", "receipt { reference }", **FULL)["receipt"]["reference"]
    page = signed_in(cast.secretary).get(f"/admin/complaints/complaint/{key}/change/")
    assert f">{second}</a>" in page.content.decode()
    corrected = asking.does("complaintCorrect", MADE, id=known, cimerDueOn="2026-12-30")
    assert corrected["errors"] == [], "the number of both is no reason to refuse another fact"


def test_the_database_keeps_one_spelling_and_one_case_a_number(cast):
    known = make_complaint(channel="CIMER", source_number="26-1", cimer_due_on=dt.date(2026, 12, 24))
    other = make_complaint(channel="CIMER", source_number="26-2", cimer_due_on=dt.date(2026, 12, 24))
    assert (known.source_number, other.source_number) == ("261", "262")
    for number, name in [("261", "a_cimer_number_once"), ("26-3", "a_cimer_number_is_normalised")]:
        with pytest.raises(IntegrityError, match=name), system(), transaction.atomic():
            Complaint.objects.filter(pk=other.pk).update(source="elsewhere", source_number=number)


# -- the reply is entered in CİMER -----------------------------------------------------------------------------
DONE = "complaint { status repliedAt viewerCan notices { means proof notifiedAt } lines { verb note } }"


def approved(ask: Any, **facts: Any) -> str:
    """A case of CİMER whose applicant has an e-mail address, with its approved reply."""
    case = make_complaint(
        **{"channel": "CIMER", "source_number": "2600-123456", "cimer_due_on": dt.date(2027, 1, 4)} | facts
    )
    asking = ask.secretary
    for mutation, fields in [
        ("complaintDraft", {"body": "Kaldırım onarıldı."}),
        ("complaintSubmit", {}),
        ("complaintApprove", {}),
    ]:
        assert asking.does(mutation, id=global_id(case), **fields)["errors"] == []
    return global_id(case)


def test_what_came_through_cimer_waits_to_be_entered_and_no_mail_leaves(ask):
    called, asking = approved(ask), ask.secretary
    (error,) = asking.does("complaintSend", id=called)["errors"]
    assert error["code"] == "WRONG_STATE"
    assert "CİMER" in error["message"]
    query = """query($f: ComplaintFilter) {
      complaints(filter: $f) { nodes { id viewerCan } } complaintFigures { toEnterInCimer } }"""
    found = asking.data(query, f={"condition": ["TO_ENTER_IN_CIMER"]})
    (node,) = found["complaints"]["nodes"]
    assert node["id"] == called
    assert "RECORD_CIMER_ENTRY" in node["viewerCan"]
    assert "SEND" not in node["viewerCan"]
    assert found["complaintFigures"] == {"toEnterInCimer": 1}
    done = asking.does("complaintRecordCimerEntry", DONE, id=called, proof="CİMER onayı 4711")["complaint"]
    assert done["status"] == "REPLIED"
    assert done["repliedAt"]
    assert [(notice["means"], notice["proof"]) for notice in done["notices"]] == [
        ("CIMER", "CİMER onayı 4711")
    ]
    assert done["lines"][0]["verb"] == "CIMER_ENTERED"
    with system():
        assert not Message.objects.exists()
    assert asking.data(query, f={"condition": ["TO_ENTER_IN_CIMER"]})["complaints"]["nodes"] == []


def test_other_replies_are_sent_and_not_entered(ask):
    case = make_complaint()
    asking = ask.secretary
    for mutation, fields in [
        ("complaintDraft", {"body": "Yapıldı."}),
        ("complaintSubmit", {}),
        ("complaintApprove", {}),
    ]:
        asking.does(mutation, id=global_id(case), **fields)
    done = asking.does("complaintRecordCimerEntry", DONE, id=global_id(case), proof="x")
    assert done["errors"][0]["code"] == "WRONG_STATE"
    assert (
        "RECORD_CIMER_ENTRY"
        not in asking.does("complaintTag", DONE, id=global_id(case), add=["a"])["complaint"]["viewerCan"]
    )


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"proof": "  "}, "REQUIRED", "proof"),
        ({"proof": "x", "enteredOn": "2026-11-28"}, "INVALID", "enteredOn"),
        ({"proof": "x", "enteredOn": "2026-11-23"}, "INVALID", "enteredOn"),
    ],
)
def test_an_entry_has_its_proof_and_a_day_between_approval_and_today(ask, given, code, field):
    with freeze_time("2026-11-24T09:00:00Z"):
        called = approved(ask)
    with freeze_time("2026-11-27T09:00:00Z"):
        asking = ask.secretary
        (error,) = asking.does("complaintRecordCimerEntry", id=called, **given)["errors"]
        assert (error["code"], error["field"]) == (code, field)
        query = "query($i: ID!) { node(id: $i) { ... on Complaint { status repliedAt } } }"
        assert asking.data(query, i=called)["node"] == {"status": "APPROVED", "repliedAt": None}


def test_the_clock_ends_on_the_day_of_the_entry(ask):
    with freeze_time("2026-11-24T09:00:00Z"):
        called = approved(ask)
    with freeze_time("2026-11-27T09:00:00Z"):
        done = ask.secretary.does(
            "complaintRecordCimerEntry", DONE, id=called, proof="4711", enteredOn="2026-11-25"
        )["complaint"]
    assert done["repliedAt"].startswith("2026-11-25")
    assert done["notices"][0]["notifiedAt"] == done["repliedAt"]


def test_another_means_is_refused_for_every_answer_to_cimer(ask):
    case = make_complaint(channel="CIMER", source_number="1", cimer_due_on=dt.date(2027, 1, 4))
    asking, called = ask.secretary, global_id(case)
    for mutation, fields in [
        ("complaintDraft", {"body": "Yapıldı."}),
        ("complaintReject", {"reason": "Yetkimizde değildir."}),
        ("complaintMarkNotExaminable", {"reason": "NO_DEFINITE_SUBJECT"}),
    ]:
        assert error_of(asking.does(mutation, id=called, means="EMAIL", **fields)) == ("INVALID", "means")
    assert error_of(asking.does("complaintReject", id=called, reason="Yetkimizde değildir.")) == (
        "REQUIRED",
        "proof",
    )
    ended = asking.does(
        "complaintReject", DONE, id=called, reason="Yetkimizde değildir.", proof="CİMER ekranı"
    )
    assert [notice["means"] for notice in ended["complaint"]["notices"]] == ["CIMER"]
    with system():
        assert not Message.objects.exists()


def test_cimer_has_issued_the_receipt(ask, cast):
    applicant = global_id(make_citizen())
    assert register(ask.secretary, **FULL, applicant=applicant)["errors"] == []
    with system():
        assert not Message.objects.exists()


# -- the intake page -------------------------------------------------------------------------------------------
INTAKE = "/admin/intake/"


def test_the_intake_page_asks_for_both_where_the_channel_is_cimer(cast):
    client = signed_in(cast.secretary)
    page = client.get(INTAKE).content.decode()
    assert page.count('data-when="channel=CIMER regime=CIMER"') == 2
    given = {"once": str(uuid.uuid4()), "kind": "COMPLAINT", "channel": "CIMER", "subject": "Gürültü"}
    refused = client.post(INTAKE, given)
    assert refused.status_code == 200
    assert "CİMER’in verdiği" in refused.content.decode().replace("&#x27;", "’").replace("'", "’")
    assert client.post(INTAKE, given | {"source_number": "9"}).status_code == 200
    saved = client.post(INTAKE, given | {"source_number": "9", "cimer_due_on": "2027-01-04"})
    assert saved.status_code == 302
    with system():
        made = Complaint.objects.get()
    assert (made.source, made.source_number) == ("cimer", "9")
    assert made.legal_due_on == dt.date(2027, 1, 4)


def test_a_second_intake_leads_to_the_case_only_who_may_see_it(cast):
    known = make_complaint(channel="CIMER", source_number="9", cimer_due_on=dt.date(2027, 1, 4))
    given = {"once": str(uuid.uuid4()), "kind": "COMPLAINT", "channel": "CIMER", "subject": "Gürültü"}
    given |= {"source_number": " 9 ", "cimer_due_on": "2027-01-04"}
    page = signed_in(cast.secretary).post(INTAKE, given)
    assert page.status_code == 200
    assert f'href="/admin/complaints/complaint/{known.key}/change/"' in page.content.decode()
    assert signed_in(cast.park_clerk).post(INTAKE, given | {"once": str(uuid.uuid4())}).status_code == 302
