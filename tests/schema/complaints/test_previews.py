"""A preview is the verb rehearsed: the whole text, as it is sent; refused where the verb is; nothing is done."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from backend.complaints import actions
from backend.complaints.choices import Kind
from backend.complaints.models import Complaint, ComplaintLine, FeeNotice, Notice
from backend.core.localtime import today
from backend.core.session import system
from backend.outbox.models import Message
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.factories import make_body, make_citizen, make_complaint, refetch
from tests.schema.client import Asking

PREVIEW = """query($of: ComplaintTellingInput!) {
  complaintMessagePreview(of: $of) { subject body errors { code field } } }"""
ADDRESS = "ayse@example.org"


def previewed(asking: Asking, verb: str, **input: Any) -> dict[str, Any]:
    found: dict[str, Any] = asking.data(PREVIEW, of={verb: input})["complaintMessagePreview"]
    return found


def made(verb: str, cast: Cast) -> Complaint:
    """A case in which the verb can be said."""
    citizen = make_citizen("Ayşe", "Işık", email=ADDRESS)
    if verb in {"extend", "askFee"}:
        return make_complaint(applicant=citizen, kind=Kind.INFORMATION_REQUEST)
    if verb == "notifyProgress":
        return make_complaint(applicant=citizen, kind=Kind.REQUEST, channel="PETITION", signature_given=True)
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk, applicant=citizen)
    if verb == "notifyForwarding":
        with system():
            actions.forward(case, by=cast.secretary, to=make_body(), number="E-17")
    if verb == "send":
        with system():
            actions.draft(case, by=cast.fen_clerk, body="Yapıldı.")
            actions.submit(refetch(case), by=cast.fen_clerk)
            actions.approve(refetch(case), by=cast.secretary)
    return refetch(case)


@pytest.mark.parametrize(
    ("verb", "input", "said"),
    [
        ("extend", {"reason": "Arşiv taraması sürüyor."}, ["tarihine kadar cevaplandırılacaktır"]),
        ("askFee", {"amount": "1250.50", "body": "Vezneye ödeyiniz."}, ["1.250,50 TL", "Son ödeme günü: "]),
        ("notifyProgress", {"body": "Keşif yapıldı."}, ["Keşif yapıldı."]),
        ("notifyForwarding", {}, ["E-17 sayılı yazıyla", f"{today():%d.%m.%Y} tarihli"]),
        ("message", {"body": "Yarın geleceğiz."}, ["Yarın geleceğiz."]),
        ("send", {}, ["Yapıldı."]),
        ("reject", {"reason": "Mevzuata uygun değil."}, ["Mevzuata uygun değil."]),
        ("markNotExaminable", {"reason": "FOR_THE_COURTS"}, ["yargı mercilerinin"]),
    ],
)
def test_what_is_previewed_is_sent_with_amount_and_dates(
    cast: Cast, verb: str, input: dict[str, Any], said: list[str]
) -> None:
    case = made(verb, cast)
    office = Asking(cast.secretary)
    given = {"id": global_id(case), "version": case.version} | input
    shown = previewed(office, verb, **given)
    assert shown["errors"] == []
    assert [words for words in said if words not in shown["body"]] == []
    with system():
        before = Message.objects.count()
    assert previewed(office, verb, **given) == shown, "nothing was done, so it can be done again"
    with system():
        assert Message.objects.count() == before
    assert office.does(f"complaint{verb[0].upper()}{verb[1:]}", **given)["errors"] == []
    with system():
        sent = Message.objects.filter(address=ADDRESS).latest("pk")
    assert (shown["subject"], shown["body"]) == (sent.subject, sent.body)


def test_a_rehearsal_leaves_nothing_behind(cast: Cast) -> None:
    case = made("askFee", cast)
    with system():
        lines = ComplaintLine.objects.filter(complaint=case).count()
    assert previewed(Asking(cast.secretary), "askFee", id=global_id(case), amount="10")["body"]
    with system():
        assert not FeeNotice.objects.exists()
        assert not Notice.objects.filter(complaint=case).exists()
        assert ComplaintLine.objects.filter(complaint=case).count() == lines
    assert refetch(case).version == case.version


def test_a_draft_is_shown_as_it_will_be_sent_one_day(cast: Cast) -> None:
    case = made("message", cast)
    shown = previewed(Asking(cast.fen_clerk), "draft", id=global_id(case), body="Lamba değiştirildi.")
    assert "Lamba değiştirildi." in shown["body"]
    with system():
        assert not Notice.objects.filter(complaint=case).exists()


def test_what_would_be_refused_is_refused_at_its_field(cast: Cast) -> None:
    fee, message = made("askFee", cast), made("message", cast)
    office = Asking(cast.secretary)
    late = str(today() + dt.timedelta(days=1))
    refused = [
        previewed(office, "message", id=global_id(message), body=" "),
        previewed(office, "message", id=global_id(message), body="x", notifiedOn=late),
        previewed(office, "message", id=global_id(message), body="x", version=999),
        previewed(office, "askFee", id=global_id(fee), amount="0"),
        previewed(office, "extend", id=global_id(message), reason="x"),
        previewed(office, "message", id="x", body="x"),
        previewed(Asking(cast.fen_clerk), "message", id=global_id(message), body="x"),
        previewed(Asking(cast.park_clerk), "message", id=global_id(message), body="x"),
    ]
    assert [answer["body"] for answer in refused] == [None] * len(refused)
    assert [(answer["errors"][0]["code"], answer["errors"][0]["field"]) for answer in refused] == [
        ("REQUIRED", "body"),
        ("INVALID", "notifiedOn"),
        ("CONFLICT", "version"),
        ("INVALID", "amount"),
        ("UNSUPPORTED", None),
        ("NOT_FOUND", "id"),
        ("FORBIDDEN", "id"),
        ("NOT_FOUND", "id"),
    ]


def test_one_verb_at_a_time(cast: Cast) -> None:
    case = global_id(made("message", cast))
    two = {"message": {"id": case, "body": "x"}, "reject": {"id": case, "reason": "x"}}
    for of in ({}, two, {"message": None}):
        assert Asking(cast.secretary).answer(PREVIEW, of=of)["errors"]


@pytest.mark.parametrize("hidden", [True, False])
def test_a_preview_does_not_tell_a_head_whether_somebody_hidden_can_be_reached(
    hidden: bool, ask: Any, cast: Cast
) -> None:
    """With an address or without one the answer is the same, refusals too; not so where one may know."""
    asked: list[dict[str, Any]] = [{"means": "EMAIL"}, {"means": "SMS"}, {}]
    answers = []
    for reached in (
        {"email": ADDRESS, "phone": "+905551234567"},
        {"email": "", "phone": ""},
    ):
        case = make_complaint(
            to=cast.fen,
            accepted_by=cast.fen_clerk,
            applicant=make_citizen("Ayşe", "Işık", **reached),
            identity_hidden=hidden,
            kind=Kind.INFORMATION_REQUEST,
        )
        told = [
            previewed(ask.fen_head, verb, id=global_id(case), **said, **means)
            for verb, said in (
                ("message", {"body": "Yarın geleceğiz."}),
                ("extend", {"reason": "Arşiv taraması sürüyor."}),
            )
            for means in asked
        ]
        answers.append(str(told).replace(case.reference, "…"))
    assert (answers[0] == answers[1]) is hidden
