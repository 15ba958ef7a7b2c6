"""Applications under KVKK m.11: dates, answers, what is refused, warnings, and what becomes of the register itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.session import system
from backend.notifications.models import Notification
from backend.organization.models import AdministrativeLeave
from backend.retention import due, jobs, warnings
from backend.retention.actions import approve, prepare, start
from backend.retention.anonymising import anonymise
from backend.retention.choices import Kind, Method
from backend.retention.models import LegalHold, RetentionRule, SubjectRequest
from backend.retention.subject_requests import actions
from permissions.core import scope
from tests.cast import Cast
from tests.factories import make_citizen, make_complaint, make_subject_request, refetch

ANSWER = {"outcome": "GRANTED", "answer": "Kayıtlarınızın dökümü ektedir.", "answer_channel": "POST"}


def code(act: Any, *args: Any, **said: Any) -> tuple[str, str | None]:
    with system(), pytest.raises(DomainError) as refused:
        act(*args, **({"by": None} | said))
    return refused.value.code.value, refused.value.field


def test_the_thirty_days_are_counted_as_the_law_does(db: None) -> None:
    """The handbook's examples: the day of receipt is not counted; the target is the last working day until then."""
    told = {"2026-11-24": ("2026-12-24", "2026-12-24"), "2026-12-02": ("2027-01-01", "2026-12-31")}
    for received, (last, target) in told.items():
        found = actions.dates(dt.date.fromisoformat(received))
        assert {name: str(day) for name, day in found.items()} == {"due_on": last, "target_on": target}


def test_an_application_is_recorded_identified_and_answered(cast: Cast) -> None:
    citizen = make_citizen("İpek", "Iğdır", address="", email="ipek@example.org")
    row = make_subject_request("", citizen=citizen, rights=["ERASE", "KNOW", "KNOW"], by=cast.secretary)
    assert (row.requester, row.contact, row.rights) == ("İpek IĞDIR", "ipek@example.org", ["KNOW", "ERASE"])
    assert row.reference == f"KVKK-{today().year}/1"
    assert row.due_on == today() + dt.timedelta(days=30)
    assert code(actions.answer, refetch(row), **ANSWER) == ("WRONG_STATE", "outcome"), "nobody was identified"
    with system():
        actions.identify(refetch(row), by=cast.secretary, identity="DOCUMENT", note="Danışmada bakıldı.")
        actions.answer(refetch(row), by=cast.office_head, **ANSWER)
    assert code(actions.answer, refetch(row), **ANSWER)[0] == "WRONG_STATE", "a second click"
    found = refetch(row)
    assert (found.status, found.answered_on, found.answered_by) == ("ANSWERED", today(), cast.office_head)
    with system():
        assert [line.verb for line in row.lines.order_by("pk")] == ["registered", "identified", "answered"]


def test_a_refusal_has_its_ground_and_its_reasons(cast: Cast) -> None:
    row = make_subject_request()
    refused = {"outcome": "REFUSED", "answer": "Saklama süresi dolmadı.", "answer_channel": "POST"}
    assert code(actions.answer, row, **refused) == ("REQUIRED", "ground")
    assert code(actions.answer, row, **refused | {"answer": " ", "ground": "LAW"}) == ("REQUIRED", "answer")
    ahead = refused | {"ground": "IDENTITY", "answered_on": today() + dt.timedelta(days=1)}
    assert code(actions.answer, row, **ahead) == ("INVALID", "answered_on")
    for ground in ("LAW", "NO_DATA", "OTHER"):
        told = code(actions.answer, refetch(row), **refused, ground=ground)
        assert told == ("WRONG_STATE", "ground"), "a stranger is told nothing of the data"
    partly = refused | {"outcome": "PARTLY", "ground": "IDENTITY"}
    assert code(actions.answer, refetch(row), **partly) == ("WRONG_STATE", "outcome")
    with system():
        actions.answer(refetch(row), by=cast.office_head, **refused, ground="IDENTITY")
        known = make_subject_request(identity="DOCUMENT")
        actions.answer(known, by=cast.office_head, **refused, ground="LAW")
    assert (refetch(row).ground, refetch(known).ground) == ("IDENTITY", "LAW")


def test_the_thirty_days_are_proven_by_the_sending(cast: Cast) -> None:
    """Day, way and number; wrong ones are set right and both stay in the story."""
    row = make_subject_request(identity="DOCUMENT", received_on=today() - dt.timedelta(days=32))
    sent = {"way": "KEP", "number": "KEP-118402"}
    assert code(actions.send, row, **sent)[0] == "WRONG_STATE", "there is no answer yet"
    with system():
        actions.answer(refetch(row), by=None, **ANSWER, answered_on=today() - dt.timedelta(days=3))
        assert SubjectRequest.objects.unsent().exists()
    for said, found in (
        ({"way": "PIGEON"}, ("INVALID", "way")),
        ({"way": "KEP", "number": " "}, ("REQUIRED", "number")),
        ({"way": "POST"}, ("REQUIRED", "number")),
        ({"way": "KEP", "number": "1" * 61}, ("INVALID", "number")),
        (sent | {"sent_on": today() + dt.timedelta(days=1)}, ("INVALID", "sent_on")),
        (sent | {"sent_on": today() - dt.timedelta(days=4)}, ("INVALID", "sent_on")),
    ):
        assert code(actions.send, refetch(row), **said) == found
    with system():
        actions.send(refetch(row), by=cast.secretary, **sent)
    assert code(actions.send, refetch(row), **sent) == ("DUPLICATE", "sent_on"), "a second click"
    assert refetch(row).days_late == 2
    with system():
        actions.send(refetch(row), by=cast.secretary, way="BY_HAND", sent_on=today() - dt.timedelta(days=2))
        assert [line.details["way"] for line in row.lines.filter(verb="sent").order_by("pk")] == [
            "KEP",
            "BY_HAND",
        ]
        assert not SubjectRequest.objects.unsent().exists()
    found = refetch(row)
    assert (found.sent_way, found.sent_number, found.days_late) == ("BY_HAND", "", 0)


def test_an_answer_that_is_not_recorded_as_sent_is_told_of_once_near_the_last_day(cast: Cast) -> None:
    def answered(days: int) -> SubjectRequest:
        row = make_subject_request(identity="DOCUMENT", received_on=today() - dt.timedelta(days=days))
        with system():
            actions.answer(refetch(row), by=None, **ANSWER, answered_on=row.received_on)
        return row

    answered(5), answered(300)
    told, gone = answered(28), answered(40)
    with system():
        actions.send(refetch(gone), by=None, way="EMAIL")
    assert warnings.warn_of_requests() == 1
    assert warnings.warn_of_requests() == 0
    with scope.session(cast.office_head):
        assert scope.visible(Notification).get().subject_request_id == told.pk


def test_what_is_wrong_is_named_at_its_field(cast: Cast) -> None:
    said: dict[str, Any] = {"requester": "Gül", "channel": "POST", "rights": ["KNOW"], "text": "?"}
    for field, value, found in (
        ("requester", "", "REQUIRED"),
        ("rights", [], "REQUIRED"),
        ("rights", ["X"], "INVALID"),
        ("channel", "X", "INVALID"),
        ("text", " ", "REQUIRED"),
        ("received_on", today() + dt.timedelta(days=1), "INVALID"),
        ("contact", "x" * 301, "INVALID"),
    ):
        assert code(actions.register, **said | {field: value}) == (found, field)
    case = make_complaint()
    make_subject_request(complaint=case)
    assert code(actions.register, **said, complaint=case) == ("DUPLICATE", "complaint")


def test_another_day_of_receipt_gives_other_dates_and_the_story_keeps_the_old(cast: Cast) -> None:
    row = make_subject_request()
    earlier = today() - dt.timedelta(days=3)
    with system():
        actions.correct(refetch(row), by=None, received_on=earlier)
        line = row.lines.latest("pk")
    assert refetch(row).due_on == earlier + dt.timedelta(days=30)
    assert line.details["before"]["received_on"] == str(today())
    assert code(actions.correct, refetch(row), text=row.text)[0] == "INVALID"


def test_whoever_leads_the_office_is_warned_once_before_and_once_behind_the_last_day(cast: Cast) -> None:
    make_subject_request("Yeni")
    near = make_subject_request("Yakın", received_on=today() - dt.timedelta(days=27))
    late = make_subject_request("Geç", received_on=today() - dt.timedelta(days=40))
    assert warnings.warn_of_requests() == 2
    assert warnings.warn_of_requests() == 0
    with scope.session(cast.office_head):
        told = list(scope.visible(Notification).values_list("text", "subject_request"))
    assert sorted(told) == [("retention/request_due", near.pk), ("retention/request_due", late.pk)]
    with scope.session(cast.fen_head):
        assert not scope.visible(Notification).exists()


def test_leave_that_is_announced_later_moves_the_target(cast: Cast) -> None:
    row = make_subject_request()
    day = row.target_on
    with system():
        AdministrativeLeave.objects.create(day=day, reason="İdari izin")
    assert warnings.keep_dates() == 1
    assert refetch(row).target_on < day
    assert refetch(row).due_on == row.due_on
    assert warnings.keep_dates() == 0


@pytest.mark.parametrize(("weekday", "is_due", "told"), [(0, True, 1), (1, True, 0), (0, False, 0)])
def test_the_periodic_destruction_is_called_for_on_mondays_while_something_is_due(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, weekday: int, is_due: bool, told: int
) -> None:
    monday = today() - dt.timedelta(days=today().weekday())
    monkeypatch.setattr(warnings, "today", lambda: monday + dt.timedelta(days=weekday))
    with system():
        RetentionRule.objects.create(
            code="kvkk", kind=Kind.SUBJECT, years=3, method=Method.ANONYMISE, source="Plan"
        )
    if is_due:
        _ended_long_ago(make_subject_request())
    assert warnings.warn_of_destruction() == told
    with scope.session(cast.office_head):
        assert scope.visible(Notification).filter(text="retention/destruction_due").count() == told


def _ended_long_ago(row: SubjectRequest) -> None:
    with system():
        actions.withdraw(refetch(row), by=None, reason="Telefonla vazgeçti: Gül Tekin.")
        SubjectRequest.objects.filter(pk=row.pk).update(ended_at=timezone.now() - dt.timedelta(days=4 * 366))


def test_the_register_outlives_the_person_and_ends_by_its_own_rule(cast: Cast) -> None:
    """It is the proof of the answer; three years later the periodic destruction takes name, texts and notes out."""
    citizen = make_citizen("Zümrüt", "Kılıç")
    row = make_subject_request(
        "", citizen=citizen, rights=["ERASE"], text="Kaydım silinsin.", identity="DOCUMENT"
    )
    with system():
        anonymise(Citizen.objects.get(pk=citizen.pk), by=cast.office_head, reason=row.reference)
    kept = refetch(row)
    assert (kept.requester, kept.citizen_id, kept.text) == ("Zümrüt KILIÇ", None, "Kaydım silinsin.")
    _ended_long_ago(row)
    with system():
        rule = RetentionRule.objects.create(
            code="kvkk", kind=Kind.SUBJECT, years=3, method=Method.ANONYMISE, source="Plan"
        )
        hold = LegalHold.objects.create(kind=Kind.SUBJECT, reason="Kurul incelemesi")
        assert not due.due(rule).exists()
        LegalHold.objects.filter(pk=hold.pk).update(lifted_at=timezone.now(), lift_reason="Bitti")
        run = prepare(by=cast.secretary)
        approve(run, by=cast.office_head)
        start(run, by=cast.secretary)
    jobs.carry_out(str(run.key), 1)
    gone = refetch(row)
    assert (gone.requester, gone.text, gone.contact) == ("Anonimleştirildi", "", "")
    assert gone.anonymised_at is not None
    with system():
        assert not any(line.note for line in row.lines.all())
        assert not due.due(rule).exists()
