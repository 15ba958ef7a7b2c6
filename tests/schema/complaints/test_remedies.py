"""Every end against the citizen names the court or board and its term, in what leaves the house and on the tracking
page (Anayasa m.40/2; 2577 m.7, m.10, m.11; 4982 m.13; 6698 m.14); no other end does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from freezegun import freeze_time

from backend.complaints.choices import REFUSALS, Outcome
from backend.complaints.jobs import lapse_fees
from backend.complaints.law import remedies
from backend.complaints.law.deadlines import RULES, Matter, Regime
from backend.complaints.law.remedies import AGAINST_REFUSAL, AGAINST_SILENCE, CHECKED_ON, Remedy, in_force
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.outbox.models import Message
from schema.core.nodes import global_id
from tests.cast import signed_in
from tests.factories import make_body, make_complaint
from tests.schema.client import Asking
from tests.tracking import tracked

CASE = "complaint { status outcome notices(first: 3) { kind status isRefusal body } }"
TRACKED = """query($c: String!) { complaintTracking(code: $c) {
  status remedy { article text } replies { kind body } } }"""
PROVEN = {"means": "POST", "proof": "RR 123 456 789 TR"}

COURT = ("altmış gün", "yetkili idare mahkemesinde", "2577", "durdurur", "otuz gün")
BOARD = ("on beş gün", "Bilgi Edinme Değerlendirme Kuruluna", "durdurur", "altmış gün", "idare mahkemesinde")
DATA = ("otuz ve her hâlde başvuru tarihinizden itibaren altmış gün", "Kişisel Verileri Koruma Kuruluna")
NAMED: dict[tuple[str, str], tuple[str, ...]] = {
    ("PETITION_3071", "GENERAL"): COURT,
    ("INFORMATION_4982", "GENERAL"): BOARD,
    ("KVKK_REQUEST", "GENERAL"): DATA,
    ("CIMER", "GENERAL"): COURT,
    ("CIMER", "INFORMATION"): BOARD,
    ("SERVICE_REQUEST", "GENERAL"): COURT,
    # Between public bodies nobody's right is decided upon.
    ("KDK_6328", "GENERAL"): (),
    ("OFFICIAL_REQUEST", "DOCUMENT"): (),
    ("OFFICIAL_REQUEST", "OPINION"): (),
}
"""What the remedy of each regime and matter must say; written by hand from the articles."""
ANY_REMEDY = ("mahkeme", "Kuruluna", "dava aç")


def case_under(regime: str, matter: str, **fields: Any) -> Complaint:
    given: dict[str, Any] = {
        "channel": "PETITION",
        "signature_given": True,
        "regime": regime,
        "matter": matter,
    }
    if regime == "CIMER":
        given |= {"channel": "CIMER", "source_number": "2600123456", "cimer_due_on": dt.date(2099, 1, 4)}
    return make_complaint(**given | fields)


def says(asking: Asking, mutation: str, case: Complaint, **fields: Any) -> dict[str, Any]:
    return asking.does(mutation, CASE, id=global_id(case), **fields)


def done(asking: Asking, mutation: str, case: Complaint, **fields: Any) -> dict[str, Any]:
    result = says(asking, mutation, case, **fields)
    assert result["errors"] == [], mutation
    return result["complaint"]


def replied(asking: Asking, case: Complaint, *, is_refusal: bool) -> None:
    done(asking, "complaintDraft", case, body="Cevabın metni.", isRefusal=is_refusal)
    for mutation in ("complaintSubmit", "complaintApprove"):
        done(asking, mutation, case)
    if case.regime == "CIMER":
        done(asking, "complaintRecordCimerEntry", case, proof="CİMER onayı 7")
    else:
        done(asking, "complaintSend", case, means="EMAIL")


def means_of(case: Complaint) -> dict[str, Any]:
    return {"means": "CIMER", "proof": "CİMER'e girildi"} if case.regime == "CIMER" else {"means": "EMAIL"}


# -- the ends, each by its outcome ---------------------------------------------------------------------------------
def reject(asking: Asking, case: Complaint) -> None:
    done(asking, "complaintReject", case, reason="Mevzuata uygun değildir.", **means_of(case))


def leave_unexamined(asking: Asking, case: Complaint) -> None:
    done(asking, "complaintMarkNotExaminable", case, reason="FOR_THE_COURTS", **means_of(case))


def refuse_by_reply(asking: Asking, case: Complaint) -> None:
    replied(asking, case, is_refusal=True)
    done(asking, "complaintClose", case, outcome="NOT_POSSIBLE")


def grant_in_part(asking: Asking, case: Complaint) -> None:
    replied(asking, case, is_refusal=True)
    done(asking, "complaintClose", case, outcome="INFORMED")


def solve(asking: Asking, case: Complaint) -> None:
    replied(asking, case, is_refusal=False)
    done(asking, "complaintClose", case, outcome="SOLVED")


def inform(asking: Asking, case: Complaint) -> None:
    replied(asking, case, is_refusal=False)
    done(asking, "complaintClose", case, outcome="INFORMED")


def forward(asking: Asking, case: Complaint) -> None:
    done(asking, "complaintForward", case, to=global_id(make_body()), number="E-1")
    done(asking, "complaintNotifyForwarding", case, **means_of(case))
    done(asking, "complaintClose", case)


def withdraw(asking: Asking, case: Complaint) -> None:
    done(asking, "complaintWithdraw", case)


def repeat(asking: Asking, case: Complaint) -> None:
    with system():
        applicant = Complaint.objects.select_related("applicant").get(pk=case.pk).applicant
    done(
        asking,
        "complaintMarkDuplicate",
        case,
        of=global_id(make_complaint(applicant=applicant)),
        **means_of(case),
    )


End = Callable[[Asking, Complaint], None]
AGAINST: dict[End, Outcome] = {
    reject: Outcome.REJECTED,
    leave_unexamined: Outcome.NOT_EXAMINABLE,
    refuse_by_reply: Outcome.NOT_POSSIBLE,
    grant_in_part: Outcome.INFORMED,
}
OTHERS: dict[End, Outcome] = {
    solve: Outcome.SOLVED,
    inform: Outcome.INFORMED,
    forward: Outcome.FORWARDED,
    withdraw: Outcome.WITHDRAWN,
    repeat: Outcome.DUPLICATE,
}


def test_the_ends_below_are_all_there_are_and_every_regime_is_named() -> None:
    assert {*AGAINST.values(), *OTHERS.values()} == set(Outcome)
    assert set(AGAINST.values()) - {Outcome.INFORMED} == set(REFUSALS)
    everything = {*RULES, (Regime.SERVICE_REQUEST, Matter.GENERAL)}
    assert set(AGAINST_REFUSAL) == everything == {(Regime(one), Matter(two)) for one, two in NAMED}


def mails() -> list[str]:
    with system():
        return list(Message.objects.order_by("created_at", "pk").values_list("body", flat=True))


@pytest.mark.parametrize("end", AGAINST, ids=lambda end: end.__name__)
@pytest.mark.parametrize("under", NAMED, ids="-".join)
def test_an_end_against_the_citizen_names_the_remedy_wherever_they_read_it(ask, end: End, under) -> None:
    case = case_under(*under)
    end(ask.secretary, case)
    ended = ask.secretary.data(
        "query($i: ID!) { node(id: $i) { ... on Complaint { outcome notices { kind body } } } }",
        i=global_id(case),
    )["node"]
    assert ended["outcome"] == AGAINST[end]
    told = [notice["body"] for notice in ended["notices"] if notice["kind"] in ("RESULT", "CLOSING")]
    leaving = told if under[0] == "CIMER" else [*told, *mails()]
    shown = Asking().data(TRACKED, c=case.tracking_code)["complaintTracking"]
    page = tracked(case.tracking_code)
    assert leaving
    for text in [*leaving, page]:
        if NAMED[under]:
            assert [words for words in NAMED[under] if words not in text] == []
        else:
            assert [words for words in ANY_REMEDY if words in text] == []
    if NAMED[under]:
        assert shown["remedy"]["text"] in told[-1]
        assert page.count(shown["remedy"]["text"]) == 1
    else:
        assert shown["remedy"] is None


@pytest.mark.parametrize("end", OTHERS, ids=lambda end: end.__name__)
@pytest.mark.parametrize("under", NAMED, ids="-".join)
def test_no_other_end_speaks_of_a_remedy(ask, end: End, under) -> None:
    case = case_under(*under)
    end(ask.secretary, case)
    shown = Asking().data(TRACKED, c=case.tracking_code)["complaintTracking"]
    page = tracked(case.tracking_code)
    assert shown["remedy"] is None
    for text in [*mails(), *(reply["body"] for reply in shown["replies"]), page]:
        assert [words for words in ANY_REMEDY if words in text] == []


def test_a_fee_that_was_not_paid_leaves_the_court(ask) -> None:
    """4982 m.11 takes the request for withdrawn: that is no refusal, but an act all the same."""
    with freeze_time("2026-10-12T09:00:00Z"):
        case = case_under("INFORMATION_4982", "GENERAL")
        done(ask.secretary, "complaintAskFee", case, amount="20")
    with freeze_time("2026-11-20T09:00:00Z"):
        assert lapse_fees() == 1
        shown = Asking().data(TRACKED, c=case.tracking_code)["complaintTracking"]
    assert shown["remedy"]["article"] == "2577 m.7, m.11"
    assert shown["remedy"]["text"] in mails()[-1]


def test_where_nobody_could_be_told_the_tracking_page_names_it(ask) -> None:
    case = make_complaint(applicant=None)
    done(ask.secretary, "complaintReject", case, reason="Olmaz.", notNotifiedReason="Adı bilinmiyor.")
    page = tracked(case.tracking_code)
    assert "yetkili idare mahkemesinde" in page
    assert "Başvurabileceğiniz merciler ve süreleri" in page


@pytest.mark.parametrize("said", [{"outcome": "NOT_POSSIBLE"}, {"isPartial": True, "grounds": ["PRIVACY"]}])
def test_what_was_answered_without_a_remedy_does_not_end_as_refused(ask, said) -> None:
    case = case_under("INFORMATION_4982", "GENERAL")
    replied(ask.secretary, case, is_refusal=False)
    answer = says(ask.secretary, "complaintClose", case, **{"outcome": "INFORMED"} | said)
    assert [(error["code"], error["field"]) for error in answer["errors"]] == [("WRONG_STATE", "outcome")]
    assert "Anayasa m. 40/2" in answer["errors"][0]["message"]
    done(ask.secretary, "complaintReopen", case, reason="Başvuru yolu gösterilmemiş.")
    replied(ask.secretary, case, is_refusal=True)
    assert done(ask.secretary, "complaintClose", case, **{"outcome": "INFORMED"} | said)["status"] == "CLOSED"


def test_the_preview_and_the_page_show_the_remedy_before_it_leaves(ask, cast) -> None:
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    clerk, office = signed_in(cast.fen_clerk), signed_in(cast.secretary)
    page = f"/admin/complaints/complaint/{case.key}/"

    def act(client: Client, verb: str, **data: Any) -> Any:
        with system():
            version = Complaint.objects.get(pk=case.pk).version
        return client.post(f"{page}{verb}/", {"version": version, **data})

    form = clerk.get(f"{page}change/?do=draft").content.decode()
    assert "Cevap, talebi kısmen veya tamamen reddediyor" in form
    assert act(clerk, "draft", body="Yapılamamaktadır.", is_refusal="on").status_code == 302
    assert act(clerk, "submit").status_code == 302
    assert act(office, "approve").status_code == 302
    assert "yetkili idare mahkemesinde" in office.get(f"{page}change/?do=send").content.decode()
    assert act(office, "send", means="EMAIL").status_code == 302
    assert "yetkili idare mahkemesinde" in mails()[-1]
    form = office.get(f"{page}change/?do=close").content.decode()
    assert '<option value="NOT_POSSIBLE" selected>' in form


@pytest.mark.parametrize("is_sent", [False, True], ids=["draft", "rejected"])
def test_the_letter_of_a_refusal_names_the_remedy_too(ask, is_sent: bool) -> None:
    case = case_under("PETITION_3071", "GENERAL")
    if is_sent:
        reject(ask.secretary, case)
    else:
        done(ask.secretary, "complaintDraft", case, body="Yapılamamaktadır.", isRefusal=True)
    make = "mutation($i: LetterMakeInput!) { letterMake(input: $i) { errors { code } letter { body } } }"
    made = ask.secretary.data(make, i={"complaint": global_id(case)})["letterMake"]
    assert made["errors"] == []
    assert [words for words in COURT if words not in made["letter"]["body"]] == []


# -- silence -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("under", "words"),
    [
        (("PETITION_3071", "GENERAL"), ("otuz günün", "altmış gün", "idare mahkemesinde", "m. 10")),
        (("INFORMATION_4982", "GENERAL"), ("on beş gün", "Bilgi Edinme Değerlendirme Kuruluna", "m. 10")),
        (("KVKK_REQUEST", "GENERAL"), ("altmış gün", "Kişisel Verileri Koruma Kuruluna")),
        (("SERVICE_REQUEST", "GENERAL"), ()),
        (("KDK_6328", "GENERAL"), ()),
    ],
    ids=lambda value: "-".join(value)[:20],
)
def test_whoever_was_not_answered_in_time_reads_what_follows_from_silence(ask, under, words) -> None:
    """2577 m.10: thirty days of silence refuse; they end on 11 November."""
    with freeze_time("2026-10-12T09:00:00Z"):
        case = case_under(*under)
    for day, is_over in (("2026-11-11", False), ("2026-11-12", True)):
        with freeze_time(f"{day}T09:00:00Z"):
            remedy = Asking().data(TRACKED, c=case.tracking_code)["complaintTracking"]["remedy"]
        assert (remedy is not None) == (is_over and bool(words))
    if words:
        assert [one for one in words if one not in remedy["text"]] == []


def test_whoever_was_told_of_progress_or_of_a_forwarding_awaits_the_answer(ask) -> None:
    with freeze_time("2026-10-12T09:00:00Z"):
        case, other = case_under("PETITION_3071", "GENERAL"), case_under("PETITION_3071", "GENERAL")
        done(ask.secretary, "complaintNotifyProgress", case, body="Keşif yapıldı.")
        done(ask.secretary, "complaintForward", other, to=global_id(make_body()), number="1")
    with freeze_time("2026-11-20T09:00:00Z"):
        for one in (case, other):
            assert Asking().data(TRACKED, c=one.tracking_code)["complaintTracking"]["remedy"] is None


# -- the table -----------------------------------------------------------------------------------------------------
def test_every_remedy_has_its_article_source_and_day() -> None:
    rows = [
        one for table in (AGAINST_REFUSAL, AGAINST_SILENCE) for versions in table.values() for one in versions
    ]
    assert rows
    for one in rows:
        assert one.article
        assert one.source
        assert one.valid_from <= CHECKED_ON
        assert "gün" in one.text


def test_the_version_of_the_day_is_taken() -> None:
    old = Remedy("x", dt.date(2021, 7, 14), "RG", "eski")
    new = Remedy("x", dt.date(2030, 1, 1), "RG", "yeni")
    for day, text in (("2020-01-01", "eski"), ("2029-12-31", "eski"), ("2030-01-01", "yeni")):
        found = in_force((old, new), dt.date.fromisoformat(day))
        assert found is not None
        assert found.text == text
    assert in_force(remedies.NONE, CHECKED_ON) is None
