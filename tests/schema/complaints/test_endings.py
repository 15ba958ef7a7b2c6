"""Every end is told, or it is recorded why nobody could be told; what is told elsewhere needs its proof."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from freezegun import freeze_time

from backend.complaints.jobs import lapse_fees
from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.core.localtime import local_date, today
from backend.core.session import system
from backend.outbox.models import Message
from schema.core.nodes import global_id
from tests.factories import make_body, make_citizen, make_complaint
from tests.harness.notifications import deliver_notifications as told_to_the_house
from tests.schema.client import Asking

ENDED = (
    "complaint { status outcome resultOwed lines(first: 2) { verb note } "
    "notices { kind body means proof notifiedAt } }"
)
TOLD = {"means": "PHONE", "proof": "Ayşe Hanım'a söylendi"}
NOBODY = {"notNotifiedReason": "Adı ve numarası alınamadı."}


def petition(**fields: Any) -> Complaint:
    return make_complaint(**({"channel": "PETITION", "kind": "REQUEST", "signature_given": True} | fields))


def says(asking: Asking, mutation: str, complaint: Complaint, **fields: Any) -> dict[str, Any]:
    return asking.does(mutation, ENDED, id=global_id(complaint), **fields)


def refused(payload: dict[str, Any]) -> tuple[str, str]:
    assert payload["complaint"] is None
    return payload["errors"][0]["code"], payload["errors"][0]["field"]


def only_mail() -> Message:
    with system():
        return Message.objects.get()


def no_mail() -> bool:
    with system():
        return not Message.objects.exists()


ENDS: list[tuple[str, dict[str, Any]]] = [
    ("complaintReject", {"reason": "Yol özel mülktedir."}),
    ("complaintMarkNotExaminable", {"reason": "FOR_THE_COURTS"}),
    ("complaintMarkDuplicate", {}),
]


def with_original(mutation: str, fields: dict[str, Any]) -> dict[str, Any]:
    return fields | ({"of": global_id(make_complaint())} if mutation == "complaintMarkDuplicate" else {})


@pytest.mark.parametrize(("mutation", "fields"), ENDS)
def test_an_end_leaves_by_e_mail_where_there_is_an_address(ask, mutation, fields):
    ended = says(ask.secretary, mutation, make_complaint(), **with_original(mutation, fields))
    assert ended["errors"] == []
    assert [notice["means"] for notice in ended["complaint"]["notices"]] == ["EMAIL"]
    assert ended["complaint"]["notices"][0]["body"] in only_mail().body


@pytest.mark.parametrize(("mutation", "fields"), ENDS)
@pytest.mark.parametrize("means", ["PHONE", "IN_PERSON", "POST"])
def test_an_end_told_another_way_needs_its_proof_even_of_a_call(ask, mutation, fields, means):
    called = make_complaint(applicant=make_citizen(email=""))
    fields = with_original(mutation, fields)
    assert refused(says(ask.secretary, mutation, called, **fields)) == ("REQUIRED", "means")
    assert refused(says(ask.secretary, mutation, called, means=means, **fields)) == ("REQUIRED", "proof")
    told = says(ask.secretary, mutation, called, **(TOLD | {"means": means}), **fields)
    notice = told["complaint"]["notices"][0]
    assert (notice["means"], notice["proof"]) == (means, TOLD["proof"])
    assert local_date(dt.datetime.fromisoformat(notice["notifiedAt"])) == today()
    assert no_mail()


@pytest.mark.parametrize(("mutation", "fields"), ENDS)
def test_where_nobody_can_be_told_the_reason_is_kept_and_shown_in_the_story(ask, mutation, fields):
    anonymous = make_complaint(applicant=None)
    fields = with_original(mutation, fields)
    assert refused(says(ask.secretary, mutation, anonymous, notNotifiedReason=" ", **fields)) == (
        "REQUIRED",
        "means",
    )
    ended = says(ask.secretary, mutation, anonymous, **NOBODY, **fields)["complaint"]
    assert ended["notices"] == []
    assert {"verb": "NOT_TOLD", "note": NOBODY["notNotifiedReason"]} in ended["lines"]


@pytest.mark.parametrize(
    ("reach", "accepted"),
    [
        ({"email": "", "phone": "", "address": ""}, True),
        ({"email": "", "address": ""}, True),
        ({"email": ""}, False),
        ({}, False),
    ],
    ids=["nothing", "only a telephone", "an address", "everything"],
)
def test_under_a_law_whoever_can_be_written_to_is_told(ask, reach, accepted):
    mine = petition(kind="INFORMATION_REQUEST", applicant=make_citizen(**reach))
    answer = says(ask.secretary, "complaintReject", mine, reason="Ticari sır.", **NOBODY)
    if accepted:
        assert answer["complaint"]["status"] == "REJECTED"
    else:
        assert refused(answer) == ("INVALID", "notNotifiedReason")


def test_a_way_and_a_reason_for_not_telling_exclude_each_other(ask):
    called = make_complaint(applicant=make_citizen(email=""))
    answer = says(ask.secretary, "complaintReject", called, reason="Olmaz.", **TOLD, **NOBODY)
    assert refused(answer) == ("INVALID", "notNotifiedReason")


@pytest.mark.parametrize(
    ("notified_on", "error"),
    [("2026-11-20", None), ("2026-11-26", "INVALID"), ("2026-11-17", "INVALID")],
    ids=["earlier", "tomorrow", "before it came"],
)
def test_a_rejection_told_earlier_bears_the_day_on_which_it_was_told(ask, notified_on, error):
    with freeze_time("2026-11-25T09:00:00Z"):
        came = dt.datetime(2026, 11, 18, 9, tzinfo=dt.UTC)
        called = make_complaint(applicant=make_citizen(email=""), registered_at=came)
        answer = says(
            ask.secretary, "complaintReject", called, reason="Olmaz.", notifiedOn=notified_on, **TOLD
        )
    if error:
        assert refused(answer) == (error, "notifiedOn")
    else:
        assert answer["complaint"]["notices"][0]["notifiedAt"].startswith(notified_on)


# -- forwarding: two acts, the second with its proof (handbook 1.1, 3071 m.5) -----------------------------------
@pytest.mark.parametrize("channel", ["PHONE", "WHATSAPP", "PETITION"])
@pytest.mark.parametrize("means", ["PHONE", "IN_PERSON", "POST"])
def test_telling_of_a_forwarding_another_way_needs_its_proof_under_any_regime(ask, channel, means):
    forwarded = make_complaint(channel=channel, signature_given=True, applicant=make_citizen(email=""))
    asking = ask.secretary
    says(asking, "complaintForward", forwarded, to=global_id(make_body()), number="E-1")
    assert refused(says(asking, "complaintNotifyForwarding", forwarded)) == ("REQUIRED", "means")
    assert refused(says(asking, "complaintNotifyForwarding", forwarded, means=means)) == ("REQUIRED", "proof")
    assert refused(says(asking, "complaintClose", forwarded))[0] == "WRONG_STATE"
    told = says(asking, "complaintNotifyForwarding", forwarded, **(TOLD | {"means": means}))
    assert told["complaint"]["notices"][0]["proof"] == TOLD["proof"]
    assert says(asking, "complaintClose", forwarded)["complaint"]["outcome"] == "FORWARDED"


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "INFORMATION_REQUEST"},
        {"channel": "CIMER", "sourceNumber": "2600123456", "cimerDueOn": "2026-12-17"},
    ],
    ids=["4982", "CİMER"],
)
def test_a_request_for_information_is_forwarded_where_it_is_kept_and_told_in_writing(ask, asked):
    """4982 m.7/3: not 3071 m.5, and not by telephone."""
    given = {"kind": "INFORMATION_REQUEST"} | {
        {"sourceNumber": "source_number", "cimerDueOn": "cimer_due_on"}.get(name, name): value
        for name, value in asked.items()
    }
    if "cimer_due_on" in given:
        given["cimer_due_on"] = dt.date.fromisoformat(given["cimer_due_on"])
    mine, asking = petition(**given), ask.secretary
    says(asking, "complaintForward", mine, to=global_id(make_body()), number="E-1-622-7")
    early = says(asking, "complaintClose", mine)
    assert "4982 sayılı Kanun m. 7/3" in early["errors"][0]["message"]
    assert refused(says(asking, "complaintNotifyForwarding", mine, **TOLD)) == ("INVALID", "means")
    told = says(asking, "complaintNotifyForwarding", mine, means="POST", proof="RR 1 TR")
    assert told["errors"] == []
    body = told["complaint"]["notices"][0]["body"]
    assert "4982 sayılı Bilgi Edinme Hakkı Kanununun 7 nci maddesinin üçüncü fıkrası uyarınca" in body
    assert "cevap süresi, başvurunuzun kuruma ulaştığı tarihten başlar" in body
    assert "3071" not in body
    with system():
        details = Complaint.objects.get(pk=mine.pk).lines.get(verb="forwarded").details
    assert details["article"] == "4982 m.7/3"
    assert says(asking, "complaintClose", mine)["complaint"]["outcome"] == "FORWARDED"


@pytest.mark.parametrize(
    ("mutation", "fields"),
    [
        ("complaintNotifyProgress", {"body": "Keşif yapıldı."}),
        ("complaintExtend", {"reason": "Arşiv taraması sürüyor."}),
        ("complaintAskFee", {"amount": "12.50"}),
    ],
)
@pytest.mark.parametrize("means", ["IN_PERSON", "POST", "CIMER", "KEP"])
def test_progress_extension_and_fee_told_another_way_need_their_proof(ask, mutation, fields, means):
    kind = "REQUEST" if mutation == "complaintNotifyProgress" else "INFORMATION_REQUEST"
    mine = petition(kind=kind)
    assert refused(says(ask.secretary, mutation, mine, means=means, **fields)) == ("REQUIRED", "proof")
    told = says(ask.secretary, mutation, mine, **(TOLD | {"means": means}), **fields)
    assert told["complaint"]["notices"][0]["proof"] == TOLD["proof"]


# -- what the citizen reads ------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("reason", "channel", "words", "absent"),
    [
        ("NO_DEFINITE_SUBJECT", "PETITION", "6 ncı maddesinin (a) bendi", "(b) bendi"),
        ("FOR_THE_COURTS", "WEB", "6 ncı maddesinin (b) bendi", "(a) bendi"),
        ("MISSING_ELEMENTS", "PETITION", "6 ncı maddesinin (c) bendi", "(a) bendi"),
        ("NO_DEFINITE_SUBJECT", "PHONE", "belli bir konuyu içermediğinden", "3071"),
    ],
)
def test_not_examinable_is_told_with_its_reason_and_a_petition_with_the_article(
    ask, reason, channel, words, absent
):
    signed = reason != "MISSING_ELEMENTS"
    mine = make_complaint(channel=channel, kind="REQUEST", signature_given=signed)
    asking = ask.secretary
    ended = says(asking, "complaintMarkNotExaminable", mine, reason=reason, note="iç not", body="Bilginize.")
    assert ended["errors"] == []
    mail = only_mail()
    assert words in mail.body
    assert absent not in mail.body
    assert "Bilginize." in mail.body
    assert "iç not" not in mail.body
    assert mine.reference in mail.body


def test_a_notice_of_the_end_settles_a_result_that_was_owed(ask):
    mine = petition()
    says(ask.secretary, "complaintNotifyProgress", mine, body="Bakılıyor.")
    ended = says(ask.secretary, "complaintMarkNotExaminable", mine, reason="FOR_THE_COURTS")
    assert ended["complaint"]["resultOwed"] is False


def test_a_duplicate_is_told_under_which_of_their_reference_numbers_it_goes_on(ask, cast):
    ayse = make_citizen()
    first = make_complaint(applicant=ayse)
    again = make_complaint(applicant=ayse, to=cast.fen)
    ended = says(ask.secretary, "complaintMarkDuplicate", again, of=global_id(first))
    assert f"{first.reference} sayılı başvurunuzla birleştirilmiştir" in only_mail().body
    assert first.reference not in str(ended["complaint"]["notices"])
    # Whoever sees the one case and not the other reads nothing of it in the notice.
    query = "query($i: ID!) { node(id: $i) { ... on Complaint { notices { body } duplicateOf { id } } } }"
    seen = ask.fen_clerk.data(query, i=global_id(again))["node"]
    assert seen["duplicateOf"] is None
    assert seen["notices"]
    assert first.reference not in str(seen)


def test_a_duplicate_of_a_merged_record_is_still_their_own(ask):
    old, new = make_citizen(), make_citizen()
    first, again = make_complaint(applicant=old), make_complaint(applicant=new)
    with system():
        contacts.merge(old, into=new, by=None)
    says(ask.secretary, "complaintMarkDuplicate", again, of=global_id(first))
    assert first.reference in only_mail().body


@pytest.mark.parametrize("theirs", ["another citizen", "nobody"])
def test_a_duplicate_of_somebody_elses_case_says_nothing_of_it(ask, theirs):
    other = make_complaint("Gizli konu", applicant=make_citizen("Veli") if theirs != "nobody" else None)
    mine = make_complaint()
    says(ask.secretary, "complaintMarkDuplicate", mine, of=global_id(other))
    body = only_mail().body
    assert "mükerrer olarak sonuçlandırılmıştır" in body
    assert other.reference not in body.replace(mine.reference, "")
    assert "Gizli konu" not in body
    assert "Veli" not in body


# -- an unpaid fee (4982 m.11) -----------------------------------------------------------------------------------
@pytest.mark.parametrize(("amount", "written"), [("12.5", "12,50"), ("1250.50", "1.250,50")])
def test_a_lapsed_fee_is_told_with_amount_day_and_article(ask, amount, written):
    with freeze_time("2026-10-12T09:00:00Z"):
        mine = petition(kind="INFORMATION_REQUEST")
    with freeze_time("2026-10-19T09:00:00Z"):
        says(ask.secretary, "complaintAskFee", mine, amount=amount, **(TOLD | {"means": "POST"}))
    with freeze_time("2026-11-13T09:00:00Z"):  # two working days after the last one
        assert lapse_fees() == 1
    mail = only_mail()
    assert "10.11.2026 tarihine kadar" in mail.body
    assert f"{written} TL" in mail.body
    assert "4982 sayılı Bilgi Edinme Hakkı Kanununun 11 inci maddesi" in mail.body


def test_a_lapse_that_cannot_leave_by_itself_is_given_to_the_office_which_records_the_telling(ask, cast):
    with system():
        type(cast.office_head).objects.filter(pk=cast.office_head.pk).update(email="mudur@example.org")
    with freeze_time("2026-10-12T09:00:00Z"):
        mine = petition(kind="INFORMATION_REQUEST", applicant=make_citizen(email=""))
    with freeze_time("2026-10-19T09:00:00Z"):
        says(ask.secretary, "complaintAskFee", mine, amount="20", **(TOLD | {"means": "POST"}))
    with freeze_time("2026-11-13T09:00:00Z"):
        assert lapse_fees() == 1
        told_to_the_house()
        mail = only_mail()
        assert (mail.address, mine.reference in mail.body) == ("mudur@example.org", True)
        told = says(
            ask.secretary,
            "complaintMessage",
            mine,
            body="Vazgeçmiş sayıldınız.",
            means="POST",
            proof="RR 1 TR",
            notifiedOn="2026-11-11",
        )
    assert told["errors"] == []
    assert told["complaint"]["status"] == "WITHDRAWN"
    assert told["complaint"]["lines"][0]["verb"] == "MESSAGED"
