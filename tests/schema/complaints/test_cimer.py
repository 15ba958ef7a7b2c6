"""What came through CİMER bears CİMER's number, once, and CİMER's own date, by every door (handbook 1.1)."""

from __future__ import annotations

import datetime as dt
import io
import uuid
from typing import Any

import pytest
from freezegun import freeze_time

from backend.complaints import importing
from backend.complaints.models import Complaint
from backend.core.session import system
from schema.core.nodes import global_id
from tests.cast import signed_in
from tests.factories import make_complaint
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
            ("complaintSend", {"proof": "CİMER ekranı"}),
        ]:
            assert asking.does(mutation, "complaint { id }", id=made, **fields)["errors"] == []
    with freeze_time("2026-11-25T09:00:00Z"):
        asking = ask.secretary
        opened = asking.does("complaintReopen", MADE, id=made, reason="İtiraz")["complaint"]
        assert opened["legalDueOn"] == "2026-12-25"
        shown = asking.does("complaintCorrect", MADE, id=made, cimerDueOn="2026-12-10")["complaint"]
    assert shown["legalDueOn"] == "2026-12-10"


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
