"""What a citizen reads of their own case by its tracking code: all that was told them, nothing from inside."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils.formats import date_format
from freezegun import freeze_time

from backend.complaints.jobs import lapse_fees
from backend.complaints.models import Complaint
from schema.core.nodes import global_id
from tests import tracking
from tests.factories import make_body, make_citizen, make_complaint
from tests.schema.client import Asking

FACTS = """query($c: String!) { complaintTracking(code: $c) { status resultOwed goesOnAs municipality phone
  fee { amount dueOn paidOn lapsedOn } extension { notifiedOn reason dueOn }
  forwardings { body sentOn number shortCode } steps { label } replies { kind body } } }"""
CASE = "complaint { id }"


def tracked(complaint: Complaint) -> dict[str, Any]:
    return Asking().data(FACTS, c=complaint.tracking_code)["complaintTracking"]


def page_of(complaint: Complaint) -> str:
    return tracking.tracked(complaint.tracking_code)


def says(asking: Asking, mutation: str, complaint: Complaint, **fields: Any) -> None:
    assert asking.does(mutation, CASE, id=global_id(complaint), **fields)["errors"] == []


def information_request(**fields: Any) -> Complaint:
    given = {"channel": "WEB", "kind": "INFORMATION_REQUEST", "signature_given": True}
    return make_complaint(**(given | fields))


@pytest.mark.parametrize(("amount", "written"), [("45.5", "45,50 TL"), ("1250", "1.250,00 TL")])
def test_a_fee_is_shown_with_amount_last_day_and_how_to_pay_until_it_is_paid(ask, amount, written):
    with freeze_time("2026-10-12T09:00:00Z"):
        mine = information_request()
    with freeze_time("2026-10-19T09:00:00Z"):
        how = "Belediye veznesine veya TR00 0000 numaralı hesaba yatırınız."
        says(ask.secretary, "complaintAskFee", mine, amount=amount, body=how)
        fee = tracked(mine)["fee"]
        assert (fee["dueOn"], fee["paidOn"], fee["lapsedOn"]) == ("2026-11-10", None, None)
        page = page_of(mine)
        assert written in page
        assert "10 Kasım 2026" in page
        assert how in page
    with freeze_time("2026-10-21T09:00:00Z"):
        says(ask.secretary, "complaintRecordFee", mine, paidOn="2026-10-20")
        assert tracked(mine)["fee"]["paidOn"] == "2026-10-20"
        assert "20 Ekim 2026 tarihinde ödendi" in page_of(mine)


def test_a_lapsed_fee_says_what_became_of_the_request(ask):
    with freeze_time("2026-10-12T09:00:00Z"):
        mine = information_request()
        says(ask.secretary, "complaintAskFee", mine, amount="20")
    with freeze_time("2026-11-20T09:00:00Z"):
        assert lapse_fees() == 1
        told = tracked(mine)
        assert told["fee"]["lapsedOn"] == "2026-11-20"
        assert [reply["kind"] for reply in told["replies"]] == ["FEE", "CLOSING"]
        assert "vazgeçmiş sayıldınız" in page_of(mine)


@pytest.mark.parametrize(("registered", "due"), [("2026-10-12", "2026-11-24"), ("2026-11-24", "2027-01-06")])
def test_an_extension_is_shown_with_its_reason_and_the_new_day(ask, registered, due):
    with freeze_time(f"{registered}T09:00:00Z"):
        mine = information_request()
        says(ask.secretary, "complaintExtend", mine, reason="Bilgi arşivden çıkarılıyor.")
        told = tracked(mine)["extension"]
        assert told == {"notifiedOn": registered, "reason": "Bilgi arşivden çıkarılıyor.", "dueOn": due}
        page = page_of(mine)
        assert "Bilgi arşivden çıkarılıyor." in page
        assert date_format(dt.date.fromisoformat(due), "j F Y") in page


def test_where_a_case_went_and_when_is_shown(ask):
    mine = make_complaint("Su borusu patladı")
    body = make_body(short_code="185")
    says(ask.secretary, "complaintForward", mine, to=global_id(body), number="E-1-622.03-5")
    (sent,) = tracked(mine)["forwardings"]
    assert (sent["body"], sent["number"], sent["shortCode"]) == (body.name, "E-1-622.03-5", "185")
    page = page_of(mine)
    assert date_format(dt.date.fromisoformat(sent["sentOn"]), "j F Y") in page
    assert "185" in page


def test_after_a_progress_notice_the_result_is_announced_until_it_is_told(ask):
    mine = make_complaint(channel="PETITION", kind="REQUEST", signature_given=True)
    says(ask.secretary, "complaintNotifyProgress", mine, body="Keşif yapıldı.")
    assert tracked(mine)["resultOwed"] is True
    assert "sonuç size ayrıca bildirilecektir" in page_of(mine)
    for mutation, fields in [
        ("complaintDraft", {"body": "Yapıldı."}),
        ("complaintSubmit", {}),
        ("complaintApprove", {}),
        ("complaintSend", {}),
    ]:
        says(ask.secretary, mutation, mine, **fields)
    assert tracked(mine)["resultOwed"] is False


@pytest.mark.parametrize(
    ("mutation", "fields", "words"),
    [
        ("complaintReject", {"reason": "Yol özel mülktedir."}, "Yol özel mülktedir."),
        ("complaintMarkNotExaminable", {"reason": "FOR_THE_COURTS"}, "6 ncı maddesinin (b) bendi"),
    ],
)
def test_an_end_and_its_reason_are_read_here_too(ask, mutation, fields, words):
    mine = make_complaint(channel="PETITION", kind="REQUEST", signature_given=True)
    says(ask.secretary, mutation, mine, **fields)
    assert words in page_of(mine)


@pytest.mark.parametrize("hidden", [(False, False), (True, False), (False, True)])
def test_a_duplicate_names_only_their_own_case_that_hides_nobody(ask, hidden):
    ayse = make_citizen()
    first = make_complaint(applicant=ayse, identity_hidden=hidden[0])
    again = make_complaint(applicant=ayse, identity_hidden=hidden[1])
    other = make_complaint(applicant=make_citizen("Veli"))
    for mine in (again, other):
        says(ask.secretary, "complaintMarkDuplicate", mine, of=global_id(first))
    assert tracked(again)["goesOnAs"] == (None if any(hidden) else first.reference)
    assert tracked(other)["goesOnAs"] is None
    assert first.reference not in page_of(other).replace(other.reference, "")


def test_the_page_says_who_answers_and_where_to_ask(ask, settings):
    settings.MUNICIPALITY_NAME, settings.MUNICIPALITY_PHONE = "Deneme Belediyesi", "0216 000 00 00"
    for page in (tracking.tracked("yok"), page_of(make_complaint())):
        assert "Deneme Belediyesi" in page
        assert "0216 000 00 00" in page


@pytest.mark.parametrize("hidden", [False, True])
def test_nobody_is_named_and_nothing_internal_is_told(ask, cast, hidden):
    mine = make_complaint(
        "Gizli konu",
        to=cast.fen,
        accepted_by=cast.fen_clerk,
        identity_hidden=hidden,
        channel="PETITION",
        signature_given=True,
    )
    says(ask.fen_clerk, "complaintComment", mine, body="İçeride kalsın")
    says(ask.secretary, "complaintNotifyProgress", mine, body="Keşif yapıldı.", means="POST", proof="RR 9 TR")
    told = page_of(mine) + str(tracked(mine))
    for inside in (
        "İçeride",
        "Fen İşleri",
        "Murat",
        "Zeynep",
        "Ayşe",
        "IŞIK",
        "Gizli konu",
        "RR 9",
        "ozelkalem",
    ):
        assert inside not in told.replace("ozelkalem.css", "")
