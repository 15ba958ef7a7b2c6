"""What happens by itself: warnings of deadlines, each once, and notices that did not arrive."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from freezegun import freeze_time
from pytest_django.fixtures import Settings

from backend.complaints import jobs
from backend.complaints.choices import DeliveryMethod, Escalation
from backend.complaints.models import ComplaintLine
from backend.core.session import system
from backend.notifications.kinds import Kind
from backend.notifications.models import Notification
from backend.organization import actions as organization
from backend.organization.models import Department, User
from backend.outbox.models import Message
from permissions.core import grants, scope
from permissions.core.viewer import HEAD
from tests.backend.stories import information_request, petition, replied, say, service_request
from tests.cast import Cast, as_viewer, make_cast
from tests.databases import CommittedDatabase
from tests.factories import LONG_AGO, make_complaint, refetch
from tests.harness.notifications import deliver_notifications

ISO = dt.date.fromisoformat
ADDRESSES = {
    "fen_head": "fen@bel.example",
    "park_head": "park@bel.example",
    "deputy_mayor": "yardimci@bel.example",
    "office_head": "ozelkalem@bel.example",
}


@pytest.fixture
def reachable(cast: Cast) -> Cast:
    with system():
        for name, address in ADDRESSES.items():
            User.objects.filter(pk=getattr(cast, name).pk).update(email=address)
    return cast


def on(day: str) -> Any:
    return freeze_time(f"{day}T05:15:00Z")


def warned(day: str) -> dict[str, list[str]]:
    """The job on that day: address -> the first lines of the new mails it was sent by the job, of any kind.

    What waits from the days before, such as the digest of what was routed, is sent first.
    """
    with on(day), system():
        deliver_notifications()
        before = set(Message.objects.values_list("pk", flat=True))
        jobs.escalate()
        deliver_notifications()
        found: dict[str, list[str]] = {}
        for mail in Message.objects.exclude(pk__in=before).order_by("created_at"):
            found.setdefault(mail.address, []).append(mail.body.splitlines()[0])
        return found


NEAR = "Aşağıdaki başvuruların hedef tarihi yaklaşmıştır."
PASSED = "Aşağıdaki başvuruların hedef tarihi geçmiştir."
LEGAL = "Aşağıdaki başvuruların kanuni süresinin sonu yaklaşmıştır."


def test_the_head_is_told_when_the_target_is_near_and_the_deputy_mayor_when_it_has_passed(
    reachable: Cast,
) -> None:
    with on("2026-11-24"):
        complaint = service_request(to=reachable.fen)
    assert complaint.target_on == ISO("2026-12-03")  # Thursday
    assert warned("2026-11-30") == {}
    assert warned("2026-12-01") == {ADDRESSES["fen_head"]: [NEAR]}
    assert warned("2026-12-02") == warned("2026-12-03") == {}
    assert warned("2026-12-04") == {ADDRESSES["fen_head"]: [PASSED], ADDRESSES["deputy_mayor"]: [PASSED]}
    assert warned("2026-12-07") == {}
    with system():
        levels = [
            line.details["level"] for line in ComplaintLine.objects.filter(verb="escalated").order_by("pk")
        ]
    assert levels == ["TARGET_NEAR", "TARGET_PASSED"]
    assert refetch(complaint).escalation == Escalation.TARGET_NEAR | Escalation.TARGET_PASSED


def test_the_private_office_is_told_when_the_date_of_the_law_is_near(reachable: Cast) -> None:
    with on("2026-12-02"):
        petition(to=reachable.fen)  # raw 1 January, legal 4 January, target 31 December
    assert warned("2026-12-28") == {}
    assert warned("2026-12-29") == {ADDRESSES["fen_head"]: [NEAR], ADDRESSES["office_head"]: [LEGAL]}
    assert warned("2026-12-30") == {}
    assert warned("2027-01-02") == {ADDRESSES["fen_head"]: [PASSED], ADDRESSES["deputy_mayor"]: [PASSED]}


def test_a_job_that_did_not_run_in_time_tells_the_present_state_only(reachable: Cast) -> None:
    with on("2026-11-24"):
        service_request(to=reachable.fen)
    assert warned("2026-12-10") == {ADDRESSES["fen_head"]: [PASSED], ADDRESSES["deputy_mayor"]: [PASSED]}


def test_one_mail_names_all_cases_of_an_address_and_nothing_personal(reachable: Cast) -> None:
    with on("2026-11-24"):
        cases = [make_complaint("Gizli konu", to=reachable.fen, place="Barış Sokak 5") for _each in range(3)]
        other = make_complaint(to=reachable.park)
    warned("2026-12-02")
    with system():
        warnings = Message.objects.filter(purpose="staff_escalation")
        mail = warnings.get(address=ADDRESSES["fen_head"])
        assert warnings.count() == 2
        bodies = "".join(one.subject + one.body for one in Message.objects.all())
    assert mail.subject == "Süre uyarısı: 3 başvuru"
    assert all(f"{case.reference}: 03.12.2026" in mail.body for case in cases)
    assert f"{other.reference}:" not in mail.body
    assert not any(word in bodies for word in ("Gizli", "Barış", "Işık", "IŞIK")), "nor in the digest"


def test_what_no_department_has_is_told_to_the_office(reachable: Cast) -> None:
    with on("2026-11-24"):
        service_request()
    assert warned("2026-12-04") == {ADDRESSES["office_head"]: [PASSED]}


def test_the_acting_head_is_warned_in_place_of_the_head(reachable: Cast) -> None:
    with system():
        organization.appoint_acting_head(
            reachable.fen,
            by=None,
            acting=reachable.park_head,
            from_=ISO("2026-12-01"),
            until=ISO("2026-12-31"),
        )
        grants.give(reachable.park_head, HEAD, reachable.fen, by=None, valid_from=LONG_AGO)
    with on("2026-11-24"):
        service_request(to=reachable.fen)
    assert warned("2026-12-01") == {ADDRESSES["park_head"]: [NEAR]}


def test_a_closed_departments_cases_are_warned_of_at_its_successor(reachable: Cast) -> None:
    with on("2026-11-24"):
        service_request(to=reachable.fen)
    with on("2026-11-28"), system():
        organization.close_into(reachable.fen, by=None, successor=reachable.park, last_day=ISO("2026-11-27"))
        grants.give(reachable.park_head, HEAD, reachable.fen, by=None, valid_from=LONG_AGO)  # by succession
    assert warned("2026-12-01") == {ADDRESSES["park_head"]: [NEAR]}


def test_a_replied_or_ended_case_and_one_that_waits_for_a_fee_are_left_in_peace(reachable: Cast) -> None:
    with on("2026-11-24"):
        replied(service_request(to=reachable.fen, accepted_by=reachable.fen_clerk), reachable)
        say(service_request(to=reachable.fen), "withdraw", by=None)
        paying = information_request(to=reachable.fen)
        say(paying, "ask_fee", by=None, amount=5, means=DeliveryMethod.POST, proof="RR 1")
    assert warned("2026-12-16") == {}


def test_a_later_target_takes_the_warning_back_and_another_department_is_warned_anew(reachable: Cast) -> None:
    with on("2026-11-24"):
        complaint = service_request(to=reachable.fen)
    assert warned("2026-12-02") == {ADDRESSES["fen_head"]: [NEAR]}
    with on("2026-12-02"):
        say(complaint, "route", by=None, to=reachable.park)
    assert warned("2026-12-03") == {ADDRESSES["park_head"]: [NEAR]}
    with on("2026-12-03"):
        say(complaint, "correct", by=None, regime="PETITION_3071")
    assert refetch(complaint).escalation == 0
    assert warned("2026-12-04") == {}


def test_where_nobody_has_an_address_it_stands_in_the_page_and_the_departments_own_will_do(
    cast: Cast,
) -> None:
    with system():
        Department.objects.filter(pk__in=[cast.fen.pk, cast.office.pk]).update(head=None)
    with on("2026-11-24"):
        complaint = service_request(to=cast.fen)
    assert warned("2026-12-01") == {}
    assert refetch(complaint).escalation == 0, "nobody was told: it is tried again"
    with system():
        Department.objects.filter(pk=cast.fen.pk).update(head=cast.fen_head, email="mudurluk@bel.example")
    assert warned("2026-12-02") == {"mudurluk@bel.example": [NEAR]}
    with as_viewer(cast.fen_head):
        warning = scope.visible(Notification.objects.unseen().filter(kind=Kind.DEADLINE)).get()
        assert warning.complaint_id == complaint.pk


def test_more_cases_than_one_chunk_are_all_warned_of(
    reachable: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "CHUNK", 2)
    with on("2026-11-24"):
        for _each in range(5):
            service_request(to=reachable.fen)
    with on("2026-12-02"):
        assert jobs.escalate() == 5
        assert jobs.escalate() == 0


def test_the_days_of_warning_are_a_setting(reachable: Cast, settings: Settings) -> None:
    settings.TARGET_WARNING_DAYS = 5
    with on("2026-11-24"):
        service_request(to=reachable.fen)
    assert warned("2026-11-25") == {}
    assert warned("2026-11-26") == {ADDRESSES["fen_head"]: [NEAR]}


def test_a_notice_that_could_not_be_delivered_comes_back_to_the_office_and_the_unit_once(
    reachable: Cast,
) -> None:
    complaint = replied(petition(to=reachable.fen, accepted_by=reachable.fen_clerk), reachable)
    assert jobs.report_undelivered() == 0
    with system():
        Message.objects.filter(purpose="complaint_result").update(status=Message.Status.FAILED)
    assert jobs.report_undelivered() == 1
    assert jobs.report_undelivered() == 0
    deliver_notifications()
    with system():
        line = ComplaintLine.objects.get(complaint=complaint, verb="not_delivered")
        mails = list(Message.objects.filter(purpose="staff_undelivered"))
    assert line.details["notice"] == "RESULT"
    assert {mail.address for mail in mails} == {ADDRESSES["office_head"], ADDRESSES["fen_head"]}
    assert all(complaint.reference in mail.subject for mail in mails)


def test_two_runs_at_once_warn_once(committed_db: CommittedDatabase) -> None:
    cast = make_cast()
    with system():
        User.objects.filter(pk=cast.fen_head.pk).update(email=ADDRESSES["fen_head"])
    for _each in range(20):
        service_request(to=cast.fen, registered_at=timezone.now() - dt.timedelta(days=60))
    barrier = Barrier(4)

    def run(_index: int) -> int:
        barrier.wait(30)
        try:
            return jobs.escalate()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 20
    with system():
        assert ComplaintLine.objects.filter(verb="escalated").count() == 20


def test_a_reply_that_was_written_long_before_it_left_comes_back_too(reachable: Cast) -> None:
    replied(petition(to=reachable.fen, accepted_by=reachable.fen_clerk), reachable)
    now, long_ago = timezone.now(), timezone.now() - dt.timedelta(days=30)
    with system():
        failed = Message.objects.filter(purpose="complaint_result")
        failed.update(status=Message.Status.FAILED, created_at=long_ago, sent_at=long_ago, failed_at=long_ago)
    assert jobs.report_undelivered() == 0, "that was long ago"
    with system():
        failed.update(sent_at=now, failed_at=now)
    assert jobs.report_undelivered() == 1
