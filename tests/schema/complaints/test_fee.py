"""A fee that was paid in time and told late (4982 m.11), as a program records it."""

from __future__ import annotations

from freezegun import freeze_time

from backend.complaints.jobs import lapse_fees
from tests.schema.complaints.test_cases import at, register

FEE = "complaint { status legalDueOn viewerCan feeNotices { paidOn lapsedOn } }"


def test_a_payment_in_time_undoes_the_lapse_and_a_late_one_is_refused(ask):
    with at("2026-10-12"):
        made = register(ask.secretary, kind="INFORMATION_REQUEST", channel="WEB")
    with at("2026-10-19"):
        assert ask.secretary.does("complaintAskFee", FEE, id=made["id"], amount="37.50")["errors"] == []
    with freeze_time("2026-11-13T00:10:00+03:00"):
        assert lapse_fees() == 1
    with at("2026-11-17"):
        asking = ask.secretary
        late = asking.does("complaintRecordFee", FEE, id=made["id"], paidOn="2026-11-11")
        assert [(error["code"], error["field"]) for error in late["errors"]] == [("OUT_OF_TIME", "paidOn")]
        done = asking.does("complaintRecordFee", FEE, id=made["id"], paidOn="2026-11-10")
    assert done["errors"] == []
    complaint = done["complaint"]
    assert "RECORD_FEE" not in complaint.pop("viewerCan")
    assert complaint == {
        "status": "TRIAGED",
        "legalDueOn": "2026-12-01",
        "feeNotices": [{"paidOn": "2026-11-10", "lapsedOn": None}],
    }
