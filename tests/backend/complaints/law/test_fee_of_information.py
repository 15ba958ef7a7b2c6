"""The fee of an information request (4982 m.10, m.11): the day of the payment decides, and after a reopening the clock
is whole again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from freezegun import freeze_time

from backend.complaints import actions
from backend.complaints.choices import DeliveryMethod, Escalation, NoticeKind, Outcome, Status
from backend.complaints.jobs import escalate, keep_clocks, lapse_fees
from backend.complaints.models import Complaint, Extension, FeeNotice, Notice
from backend.core.errors import ErrorCode
from backend.core.session import system
from backend.outbox.models import Message
from tests.backend.stories import TOLD, information_request, refusal, replied, say
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, refetch

ISO = dt.date.fromisoformat
ASKED, LAST, LAPSES = "2026-10-19", "2026-11-10", "2026-11-13"
"""Notified on a Monday; fifteen working days with 29 October between; two working days of grace after it."""


def on(day: str) -> Any:
    return freeze_time(f"{day}T09:00:00Z")


def asked(cast: Cast, **fields: Any) -> Complaint:
    """An information request of 12 October for which a fee was asked a week later."""
    with on("2026-10-12"), system():
        complaint = information_request(**{"applicant": make_citizen()} | fields)
    with on(ASKED):
        say(complaint, "ask_fee", by=cast.secretary, amount="37.5", means=DeliveryMethod.EMAIL)
    return refetch(complaint)


def lapsed(cast: Cast, **fields: Any) -> Complaint:
    complaint = asked(cast, **fields)
    with on(LAPSES):
        assert lapse_fees() == 1
    return refetch(complaint)


def mails() -> list[str]:
    with system():
        return list(Message.objects.order_by("created_at", "pk").values_list("body", flat=True))


def test_the_lapse_waits_two_working_days_for_the_bank(cast: Cast) -> None:
    complaint = asked(cast)
    for day in (LAST, "2026-11-11", "2026-11-12"):
        with on(day):
            assert lapse_fees() == 0
            assert len(mails()) == 1
    with on("2026-11-12"):
        say(complaint, "record_fee", by=cast.secretary, paid_on=ISO(LAST))
    after = refetch(complaint)
    assert (after.status, after.legal_due_on) == (Status.NEW, ISO("2026-12-01"))
    with on(LAPSES):
        assert lapse_fees() == 0


def test_a_payment_in_time_that_is_told_after_the_lapse_undoes_it(cast: Cast) -> None:
    """4982 m.11: within fifteen working days of the notice; the day of the payment counts."""
    complaint = lapsed(cast, to=cast.fen)
    assert (complaint.status, complaint.outcome) == (Status.WITHDRAWN, Outcome.WITHDRAWN)
    with on("2026-11-17"):
        say(complaint, "record_fee", by=cast.secretary, paid_on=ISO(LAST))
    after = refetch(complaint)
    assert (after.status, after.outcome, after.closed_at) == (Status.ASSIGNED, "", None)
    assert (after.raw_due_on, after.legal_due_on, after.target_on) == (ISO("2026-12-01"),) * 3
    with system():
        fee = FeeNotice.objects.get()
        told = Notice.objects.filter(kind=NoticeKind.FEE).order_by("-pk")[0]
        line = after.lines.latest("pk")
    assert (fee.paid_on, fee.lapsed_on) == (ISO(LAST), None)
    assert "10.11.2026" in told.body
    assert "01.12.2026" in mails()[-1]
    assert (line.verb, line.details["lapsed_on"]) == ("fee_recorded", LAPSES)
    with on("2026-11-24"):  # and what the law knows is possible again
        say(complaint, "extend", by=cast.secretary, reason="Arşiv taraması sürüyor.", **TOLD)
    assert refetch(complaint).legal_due_on == ISO("2026-12-22")


@pytest.mark.parametrize(
    ("paid_on", "code", "words"),
    [
        ("2026-11-18", ErrorCode.INVALID, "gelecekte"),
        ("2026-10-16", ErrorCode.INVALID, "ücret bildiriminden önce"),
        ("2026-11-11", ErrorCode.OUT_OF_TIME, "10.11.2026"),
    ],
)
def test_a_payment_on_an_impossible_day_gets_a_sentence_and_changes_nothing(
    paid_on: str, code: ErrorCode, words: str, cast: Cast
) -> None:
    complaint = lapsed(cast)
    with on("2026-11-17"):
        found = refusal(
            lambda: actions.record_fee(refetch(complaint), by=cast.secretary, paid_on=ISO(paid_on))
        )
    assert (found.code, found.field) == (code, "paid_on")
    assert words in str(found.message)
    after = refetch(complaint)
    assert (after.status, after.version) == (complaint.status, complaint.version)
    with system():
        assert FeeNotice.objects.get().paid_on is None
        assert Notice.objects.count() == 2


def test_the_same_on_the_page_of_the_case(cast: Cast) -> None:
    complaint = lapsed(cast)
    page = f"/admin/complaints/complaint/{complaint.key}/"
    signed_in(cast.secretary).get(f"{page}change/")  # all modules are loaded before the clock stands
    with on("2026-11-17"):
        client = signed_in(cast.secretary)
        assert "Ödemenin yapıldığı gün" in client.get(f"{page}change/?do=record_fee").content.decode()
        values = {"version": complaint.version, "paid_on": "2026-11-11"}
        assert "Son ödeme günü 10.11.2026" in client.post(f"{page}record_fee/", values).content.decode()
        assert client.post(f"{page}record_fee/", values | {"paid_on": "2026-11-10"}).status_code == 302
    assert refetch(complaint).status == Status.TRIAGED


def test_who_withdrew_is_not_brought_back_by_a_payment(cast: Cast) -> None:
    complaint = asked(cast)
    with on("2026-10-26"):
        say(complaint, "withdraw", by=None)
    with on(LAPSES):
        assert lapse_fees() == 0
        found = refusal(lambda: actions.record_fee(refetch(complaint), by=None, paid_on=ISO("2026-10-23")))
    assert found.code is ErrorCode.WRONG_STATE
    assert refetch(complaint).status == Status.WITHDRAWN


def test_a_request_that_lapsed_and_is_reopened_has_a_whole_clock(cast: Cast) -> None:
    """Raw and legal date, target, warnings, fee and extension, each counted from the day of reopening."""
    complaint = lapsed(cast, to=cast.fen)
    with system():
        Complaint.objects.filter(pk=complaint.pk).update(escalation=Escalation.TARGET_PASSED)
    with on("2026-11-16"):
        say(complaint, "reopen", by=cast.secretary, reason="Ücret vezneye yatırıldı.")
    running = refetch(complaint)
    assert (running.raw_due_on, running.legal_due_on, running.target_on) == (ISO("2026-12-07"),) * 3
    assert running.escalation == 0
    with on("2026-12-04"):
        assert keep_clocks() == 0
        assert escalate(Complaint.objects.filter(pk=complaint.pk)) == 2  # target and legal date are near
    with on("2026-11-17"):
        say(complaint, "ask_fee", by=cast.secretary, amount=5, **TOLD)
    assert refetch(complaint).target_on == ISO("2026-12-08")
    with on("2026-11-18"):
        say(complaint, "record_fee", by=cast.secretary)
        say(complaint, "extend", by=cast.secretary, reason="Arşiv taraması sürüyor.", **TOLD)
    assert refetch(complaint).legal_due_on == ISO("2026-12-30")


def test_a_payment_in_time_counts_from_its_day_though_the_request_was_reopened_meanwhile(cast: Cast) -> None:
    complaint = lapsed(cast)
    with on("2026-11-16"):
        say(complaint, "reopen", by=cast.secretary, reason="Ödediğini söylüyor.")
    with on("2026-11-18"):
        say(complaint, "record_fee", by=cast.secretary, paid_on=ISO("2026-11-09"))
    assert refetch(complaint).legal_due_on == ISO("2026-11-30")


def test_after_a_reply_and_after_a_refusal_a_reopened_request_may_be_extended_again(cast: Cast) -> None:
    for end in ("reply", "refusal"):
        with on("2026-10-12"), system():
            complaint = information_request(applicant=make_citizen(), to=cast.fen, accepted_by=cast.fen_clerk)
        with on("2026-10-30"):
            say(complaint, "extend", by=cast.secretary, reason="Arşiv.", **TOLD)
        with on("2026-11-20"):
            if end == "reply":
                replied(complaint, cast)
            else:
                say(complaint, "reject", by=cast.secretary, reason="Gizlidir.", means=DeliveryMethod.EMAIL)
        with on("2026-11-30"):
            say(complaint, "reopen", by=cast.secretary, reason="İtiraz kabul edildi.")
        assert refetch(complaint).legal_due_on == ISO("2026-12-21")
        with on("2026-12-14"):
            say(complaint, "extend", by=cast.secretary, reason="Arşiv yeniden taranıyor.", **TOLD)
        assert refetch(complaint).legal_due_on == ISO("2027-01-12")
        with system():
            assert Extension.objects.get(complaint=complaint).reason == "Arşiv yeniden taranıyor."


def test_who_withdrew_before_paying_is_reopened_with_a_running_clock(cast: Cast) -> None:
    """The fee's last day is over by then: the request must not lapse the night after it was taken up again."""
    complaint = asked(cast)
    with on("2026-11-05"):
        say(complaint, "withdraw", by=None)
    with on("2026-11-20"):
        say(complaint, "reopen", by=cast.secretary, reason="Vazgeçmediğini bildirdi.")
        assert lapse_fees() == 0
    assert refetch(complaint).legal_due_on == ISO("2026-12-11")
