"""Another person's application is not closed as a repetition: it is linked, stays open, and is answered (3071 m.7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.outbox.models import Message
from schema.core.nodes import global_id
from tests.cast import signed_in
from tests.factories import make_citizen, make_complaint, refetch
from tests.schema.client import Asking

CASE = "complaint { reference status outcome linkedTo { reference } linked { reference } duplicateOf { reference } }"
NODE = """query($i: ID!) { node(id: $i) { ... on Complaint { status outcome linkedTo { reference }
  linked { reference } viewerCan notices { kind status body isRefusal means } lines { verb } } } }"""
PROVEN = {"means": "POST", "proof": "RR 123 456 789 TR"}


def petition(name: str = "Veli", **fields: Any) -> Complaint:
    defaults: dict[str, Any] = {"channel": "PETITION", "kind": "REQUEST", "signature_given": True}
    applicant = fields.pop("applicant", None) or make_citizen(name)
    return make_complaint(**defaults | {"applicant": applicant} | fields)


def says(asking: Asking, mutation: str, case: Complaint, **fields: Any) -> dict[str, Any]:
    return asking.does(mutation, CASE, id=global_id(case), **fields)


def done(asking: Asking, mutation: str, case: Complaint, **fields: Any) -> dict[str, Any]:
    result = says(asking, mutation, case, **fields)
    assert result["errors"] == [], mutation
    return result["complaint"]


def seen(asking: Asking, case: Complaint) -> dict[str, Any]:
    return asking.data(NODE, i=global_id(case))["node"]


def reply(
    asking: Asking, case: Complaint, body: str = "Park yenilenecektir.", *, is_refusal: bool = False
) -> None:
    done(asking, "complaintDraft", case, body=body, isRefusal=is_refusal)
    for mutation in ("complaintSubmit", "complaintApprove", "complaintSend"):
        done(asking, mutation, case)


def mailed_to(address: str) -> list[str]:
    with system():
        return list(Message.objects.filter(address=address).values_list("body", flat=True))


def test_another_persons_petition_is_not_closed_as_a_duplicate_and_the_refusal_says_what_to_do(ask) -> None:
    first, other = petition("Ayşe"), petition("Veli")
    refused = says(ask.secretary, "complaintMarkDuplicate", other, of=global_id(first))
    (error,) = refused["errors"]
    assert (error["code"], error["field"]) == ("INVALID", "of")
    assert "3071 m. 7" in error["message"]
    assert "bağlayınız" in error["message"]
    assert refetch(other).status == "NEW"
    with system():
        assert not Message.objects.exists()


def test_the_same_persons_petition_and_anybodys_request_for_service_are(ask) -> None:
    ayse = make_citizen()
    own, again = petition(applicant=ayse), petition(applicant=ayse)
    assert done(ask.secretary, "complaintMarkDuplicate", again, of=global_id(own))["status"] == "DUPLICATE"
    pothole, same = make_complaint(), make_complaint()
    assert done(ask.secretary, "complaintMarkDuplicate", same, of=global_id(pothole))["status"] == "DUPLICATE"


def test_what_is_linked_to_a_duplicate_is_linked_to_the_case_that_goes_on(ask) -> None:
    """3071 m.7: also where that one was itself linked to the duplicate."""
    ayse = make_citizen()
    leader, on, third = petition(applicant=ayse), petition(applicant=ayse), petition("Veli")
    for case in (on, third):
        done(ask.secretary, "complaintLink", case, of=global_id(leader))
    done(ask.secretary, "complaintMarkDuplicate", leader, of=global_id(on))
    assert refetch(on).linked_to_id is None
    assert refetch(third).linked_to_id == on.pk


def test_every_other_law_owes_its_applicants_an_answer_too(ask) -> None:
    first = petition("Ayşe")
    laws: list[dict[str, Any]] = [
        {"kind": "INFORMATION_REQUEST"},
        {"regime": "KVKK_REQUEST"},
        {"channel": "CIMER", "source_number": "2600123456", "cimer_due_on": dt.date(2099, 1, 4)},
    ]
    for law in laws:
        refused = says(ask.secretary, "complaintMarkDuplicate", petition(**law), of=global_id(first))
        assert [error["code"] for error in refused["errors"]] == ["INVALID"], law


def test_linked_applications_stay_open_and_both_show_it(ask, cast) -> None:
    first, other = petition("Ayşe", to=cast.park), petition("Veli", to=cast.fen)
    linked = done(ask.secretary, "complaintLink", other, of=global_id(first))
    assert (linked["status"], linked["linkedTo"]) == ("ASSIGNED", {"reference": first.reference})
    assert seen(ask.secretary, first)["linked"] == [{"reference": other.reference}]
    # Who sees the one and not the other reads nothing of it.
    assert seen(Asking(cast.fen_clerk), other)["linkedTo"] is None
    assert seen(Asking(cast.park_clerk), first)["linked"] == []
    office = signed_in(cast.secretary)
    for one, another in ((first, other), (other, first)):
        page = office.get(f"/admin/complaints/complaint/{one.key}/change/").content.decode()
        assert another.reference in page
    done(ask.secretary, "complaintUnlink", other)
    assert seen(ask.secretary, first)["linked"] == []


def test_all_of_a_link_lead_to_one_case(ask) -> None:
    first, second, third, fourth = (petition(name) for name in ("Ayşe", "Veli", "Can", "Su"))
    office = ask.secretary
    done(office, "complaintLink", second, of=global_id(first))
    done(office, "complaintLink", third, of=global_id(second))
    assert seen(office, third)["linkedTo"] == {"reference": first.reference}
    done(office, "complaintLink", first, of=global_id(fourth))
    led = [row["reference"] for row in seen(office, fourth)["linked"]]
    assert led == [one.reference for one in (first, second, third)]
    for one, of in ((fourth, first), (fourth, fourth), (first, second)):
        refused = says(office, "complaintLink", one, of=global_id(of))
        assert [(error["code"], error["field"]) for error in refused["errors"]] == [("INVALID", "of")]


def test_one_answer_is_sent_to_all_of_a_link_each_as_their_own(ask, cast) -> None:
    """3071 m.7: two by e-mail at once, one on paper with its proof; who cannot be answered stays open."""
    office = ask.secretary
    first = petition("Ayşe", to=cast.park)
    mailed = petition("Veli", applicant=make_citizen("Veli", email="veli@example.org"), to=cast.park)
    posted = petition("Can", applicant=make_citizen("Can", email=""))
    unsigned = petition("Su", signature_given=False)
    asked = petition(
        "Ela", applicant=make_citizen("Ela", email="ela@example.org"), kind="INFORMATION_REQUEST"
    )
    for one in (mailed, posted, unsigned, asked):
        done(office, "complaintLink", one, of=global_id(first))
    assert "ANSWER_LINKED" not in seen(office, first)["viewerCan"]
    done(Asking(cast.park_clerk), "complaintAccept", first)
    reply(office, first, "Park bu yıl yenilenemeyecektir.", is_refusal=True)
    assert "ANSWER_LINKED" in seen(office, first)["viewerCan"]
    done(office, "complaintAnswerLinked", first)

    states = {one: seen(office, one) for one in (first, mailed, posted, unsigned, asked)}
    assert [states[one]["status"] for one in (first, mailed, posted, unsigned, asked)] == [
        *("REPLIED", "REPLIED", "APPROVED", "NEW", "REPLIED"),
    ]
    (letter,) = mailed_to("veli@example.org")

    assert letter.startswith("Sayın Veli")
    assert "Park bu yıl yenilenemeyecektir." in letter
    assert letter.count("yetkili idare mahkemesinde") == 1
    # Each names the remedy of its own law.
    (other,) = mailed_to("ela@example.org")
    assert other.count("Bilgi Edinme Değerlendirme Kuruluna") == 1
    assert "Dava açmadan önce" not in other
    sent = done(office, "complaintSend", posted, **PROVEN)
    assert sent["status"] == "REPLIED"
    notice = seen(office, posted)["notices"][0]
    assert (notice["kind"], notice["means"], notice["isRefusal"]) == ("RESULT", "POST", True)
    assert notice["body"].count("yetkili idare mahkemesinde") == 1
    # Each ends by itself.
    assert done(office, "complaintClose", mailed, outcome="NOT_POSSIBLE")["outcome"] == "NOT_POSSIBLE"
    assert refetch(first).status == "REPLIED"
    again = says(office, "complaintAnswerLinked", first)
    assert [error["code"] for error in again["errors"]] == ["WRONG_STATE"]


def test_what_came_through_cimer_waits_to_be_answered_there(ask) -> None:
    office, first = ask.secretary, petition("Ayşe")
    cimer = petition("Veli", channel="CIMER", source_number="2600123456", cimer_due_on=dt.date(2099, 1, 4))
    done(office, "complaintLink", cimer, of=global_id(first))
    reply(office, first)
    done(office, "complaintAnswerLinked", first)
    assert refetch(cimer).status == "APPROVED"


def test_a_reply_can_be_taken_over_by_what_is_linked_later(ask) -> None:
    office, first, late = ask.secretary, petition("Ayşe"), petition("Veli")
    assert says(office, "complaintAdoptReply", late)["errors"][0]["code"] == "WRONG_STATE"
    reply(office, first)
    done(office, "complaintClose", first, outcome="SOLVED")
    done(office, "complaintLink", late, of=global_id(first))
    done(office, "complaintAdoptReply", late)
    found = seen(office, late)
    assert (found["status"], found["notices"][0]["body"]) == ("APPROVED", "Park yenilenecektir.")


def test_a_link_is_made_on_the_page_after_both_were_compared(cast) -> None:
    first, other = petition("Ayşe"), petition("Veli")
    office, page = signed_in(cast.secretary), f"/admin/complaints/complaint/{other.key}/link/"
    data = {"version": other.version, "of": first.reference}
    shown = office.post(page, data).content.decode()
    assert "Aynı konu mu?" in shown
    assert office.post(page, data | {"confirmed": str(first.key)}).status_code == 302
    assert refetch(other).linked_to_id == first.pk
