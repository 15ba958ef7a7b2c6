"""Retention rules, legal holds and destruction runs: what is due, who approves, what is looked at again, what stays."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from backend.appointments.models import Promise
from backend.complaints.models import Complaint, Notice
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.localtime import today
from backend.core.session import system
from backend.events.models import Event, Guest
from backend.journal.models import AccessLog
from backend.mailboxes.models import InboundFile, InboundMessage, WrittenFile, WrittenMessage
from backend.organization import reference
from backend.organization.reference import load
from backend.outbox.models import Message
from backend.retention import actions, anonymising, due, jobs
from backend.retention.anonymising import forget
from backend.retention.choices import METHODS, Kind
from backend.retention.models import DestructionItem, DestructionRun, RetentionRule
from backend.retention.places import GONE
from tests.backend.mailboxes.rows import make_mail, make_mailbox, make_written
from tests.cast import Cast
from tests.factories import (
    make_citizen,
    make_complaint,
    make_event,
    make_guest,
    make_instruction,
    make_letter,
    make_organisation,
    make_request,
    refetch,
)

YEARS = 5
LONG_AGO = dt.timedelta(days=366 * YEARS)


@pytest.fixture
def rules(cast: Cast) -> dict[str, RetentionRule]:
    with system():
        return {
            kind: RetentionRule.objects.create(
                code=kind.lower(), kind=kind, years=YEARS, method=METHODS[Kind(kind)][0], source="KVKK m.7"
            )
            for kind in Kind.values
        }


def closed(days: int = LONG_AGO.days, **fields: Any) -> Complaint:
    case = make_complaint(**fields)
    with system():
        at = timezone.now() - dt.timedelta(days=days)
        Complaint.objects.filter(pk=case.pk).update(status="CLOSED", closed_at=at, registered_at=at)
    return refetch(case)


def prepared(by: Any) -> DestructionRun:
    with system():
        return actions.prepare(by=by)


def carried_out(cast: Cast, run: DestructionRun) -> DestructionRun:
    with system():
        run = refetch(run)
        actions.approve(run, by=cast.office_head)
        actions.start(run, by=cast.secretary)
    jobs.carry_out(str(run.key), run.run)
    return refetch(run)


def items(run: DestructionRun) -> list[tuple[str, str, str]]:
    with system():
        return list(run.list.order_by("pk").values_list("kind", "status", "skipped"))


def test_what_is_due_follows_the_rule_of_its_regime_and_of_its_kind(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    old, young = closed(), closed(days=100)
    asked = closed(kind="INFORMATION_REQUEST")
    still_open = make_complaint()
    with system():
        RetentionRule.objects.create(
            code="be", kind="CASE", regime="INFORMATION_4982", years=9, method="ANONYMISE", source="4982"
        )
        found = set(due.due(rules["CASE"]).values_list("pk", flat=True))
    assert old.pk in found
    assert not {young.pk, asked.pk, still_open.pk} & found


def test_the_day_on_which_it_becomes_due_is_the_local_one(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    last = due.last_day(YEARS)
    case = make_complaint()
    midnight = dt.datetime.combine(last, dt.time(), dt.timezone(dt.timedelta(hours=3)))
    for at, is_due in (
        (midnight + dt.timedelta(hours=23, minutes=59), True),
        (midnight + dt.timedelta(days=1), False),
    ):
        with system():
            Complaint.objects.filter(pk=case.pk).update(status="CLOSED", closed_at=at)
            assert due.due(rules["CASE"]).filter(pk=case.pk).exists() is is_due
    assert due.last_day(1, dt.date(2028, 2, 29)) == dt.date(2027, 2, 28)


def test_a_run_is_prepared_approved_by_another_and_carried_out(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    case = closed(subject="Kimin olduğu belli")
    run = prepared(cast.secretary)
    assert (run.status, run.items, run.reference) == ("PREPARED", 1, f"İMHA-{today().year}/1")
    with system():
        (item,) = run.list.all()
        assert (item.subject, item.subject_key, item.label) == (case.pk, case.key, case.reference)
        assert (item.ground, item.due_on <= today()) == ("KVKK m.7", True)
        with pytest.raises(DomainError) as refusal:
            actions.approve(refetch(run), by=cast.secretary)
        assert refusal.value.code == "FORBIDDEN"
        with pytest.raises(DomainError):
            actions.start(refetch(run), by=cast.secretary)  # not approved yet
    done = carried_out(cast, run)
    assert (done.status, done.settled, done.approved_by) == ("DONE", 1, cast.office_head)
    assert items(done) == [("CASE", "DONE", "")]
    row = refetch(case)
    assert (row.subject, row.applicant_id, row.reference) == ("Anonimleştirildi", None, case.reference)
    with system():
        assert [line.verb for line in done.lines.order_by("pk")] == [
            "prepared",
            "approved",
            "started",
            "finished",
        ]
        assert not due.due(rules["CASE"]).exists()  # once


def test_each_line_is_looked_at_again_when_its_turn_comes(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    held, reopened, of_held_person, gone_on = closed(), closed(), closed(), closed()
    run = prepared(cast.secretary)
    with system():
        actions.place_hold(by=cast.secretary, kind="CASE", on=held, reason="Dava")
        actions.place_hold(
            by=cast.secretary,
            kind="CITIZEN",
            on=Citizen.objects.get(pk=of_held_person.applicant_id),
            reason="İtiraz",
        )
        Complaint.objects.filter(pk=reopened.pk).update(status="NEW", closed_at=None)
    done = carried_out(cast, run)
    assert sorted(items(done)) == sorted(
        [
            ("CASE", "SKIPPED", "HELD"),
            ("CASE", "SKIPPED", "HELD"),
            ("CASE", "SKIPPED", "NOT_DUE"),
            ("CASE", "DONE", ""),
        ]
    )
    assert refetch(held).subject == held.subject
    assert refetch(gone_on).anonymised_at is not None


def test_a_changed_rule_leaves_out_what_was_listed_under_the_old_one(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    case = closed()
    run = prepared(cast.secretary)
    with system():
        actions.save_rule(refetch(rules["CASE"]), by=cast.office_head, years=4, source="Yeni plan")
    done = carried_out(cast, run)
    assert items(done) == [("CASE", "SKIPPED", "RULE_CHANGED")]
    assert refetch(case).anonymised_at is None


def test_it_can_be_stopped_and_goes_on_where_it_was(cast: Cast, rules: dict[str, RetentionRule]) -> None:
    for _case in range(3):
        closed()
    run = prepared(cast.secretary)
    with system():
        actions.approve(refetch(run), by=cast.office_head)
        run = actions.start(refetch(run), by=cast.secretary)
    key, first = str(run.key), run.run
    assert jobs.settle_next(key, first)
    with system():
        actions.stop(refetch(run), by=cast.secretary)
    assert not jobs.settle_next(key, first)
    assert [status for _kind, status, _why in items(run)] == ["DONE", "LISTED", "LISTED"]
    with system():
        again = actions.start(refetch(run), by=cast.secretary)
    jobs.carry_out(key, first)  # the worker that was stopped wakes up late: nothing happens
    assert refetch(run).settled == 1
    jobs.carry_out(key, again.run)
    assert (refetch(run).status, refetch(run).settled) == ("DONE", 3)


def test_one_run_at_a_time_and_a_second_click_is_refused(cast: Cast, rules: dict[str, RetentionRule]) -> None:
    closed()
    run = prepared(cast.secretary)
    with pytest.raises(DomainError) as refusal:
        prepared(cast.secretary)
    assert run.reference in str(refusal.value)
    with system():
        actions.reject(refetch(run), by=cast.office_head, reason="Liste eksik")
        stale = refetch(run)
    assert stale.status == "REJECTED"
    assert prepared(cast.secretary).status == "PREPARED"


def test_two_who_press_at_once_start_it_once(cast: Cast, rules: dict[str, RetentionRule]) -> None:
    closed()
    run = prepared(cast.secretary)
    with system():
        actions.approve(refetch(run), by=cast.office_head)
        one, other = refetch(run), refetch(run)
        actions.start(one, by=cast.secretary)
        with pytest.raises(DomainError) as refusal:
            actions.start(other, by=cast.secretary)
    assert refusal.value.code == "WRONG_STATE"


def test_the_record_of_a_destruction_cannot_be_deleted_or_changed(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    closed()
    done = carried_out(cast, prepared(cast.secretary))
    with system():
        for statement in (
            "DELETE FROM retention_destructionrun",
            "DELETE FROM retention_destructionitem",
            "UPDATE retention_destructionitem SET status = 'LISTED'",
            "UPDATE retention_destructionline SET note = 'x'",
        ):
            with pytest.raises(DatabaseError):
                said(statement)
        assert DestructionItem.objects.filter(destruction=done).count() == 1


def said(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_other_kinds_go_too(cast: Cast, rules: dict[str, RetentionRule]) -> None:
    """Requests, guests, messages, the read log, and people of whom nothing is left; a person with a case stays."""
    old = timezone.now() - LONG_AGO
    request, kept = make_request(cast.mayors), make_citizen()
    make_complaint(applicant=kept)
    alone = make_citizen("Kimsesiz", "Kişi")
    event = make_event(cast.mayors)
    guest = make_guest(event)
    with system():
        type(request).objects.filter(pk=request.pk).update(status="DECLINED", registered_at=old)
        Event.objects.filter(pk=event.pk).update(
            status="CLOSED", starts_at=old - dt.timedelta(hours=1), ends_at=old
        )
        Message.objects.all().delete()
        message = Message.objects.create(
            channel="EMAIL", address="a@example.org", body="Metin", purpose="x", status="SENT"
        )
        Message.objects.filter(pk=message.pk).update(created_at=old)
        AccessLog.objects.create(
            reader=cast.secretary, subject_kind="contacts.citizen", subject_ids=[1], purpose="x", at=old
        )
        AccessLog.objects.create(
            reader=cast.secretary, subject_kind="contacts.citizen", subject_ids=[1], purpose="y"
        )
        Citizen.objects.filter(pk__in=[alone.pk, kept.pk]).update(created_at=old)
    box = make_mailbox(cast.office)
    make_mail(box, "Eski ve bekliyor", received_at=old)
    make_mail(box, "Yeni reklam", status="SET_ASIDE", decided_at=timezone.now(), set_aside_reason="Reklam")
    mail = make_mail(box, "Eski reklam", status="SET_ASIDE", decided_at=old, set_aside_reason="Reklam")
    assert len(files_of(mail)) == 1
    done = carried_out(cast, prepared(cast.secretary))
    assert {kind for kind, status, _why in items(done) if status == "DONE"} == {
        "APPOINTMENT",
        "GUEST_LIST",
        "MESSAGE",
        "INBOUND",
        "READ_LOG",
        "CITIZEN",
    }
    with system():
        assert refetch(request).applicant_id is None
        assert not Guest.objects.filter(pk=guest.pk).exists()
        assert (refetch(message).address, refetch(message).body, refetch(message).status) == ("", "", "SENT")
        assert list(AccessLog.objects.values_list("purpose", flat=True)) == ["y"]
        emptied = refetch(mail)
        assert (str(emptied.file), emptied.subject, emptied.text, emptied.from_address) == ("", "", "", "")
        assert emptied.sha256 == mail.sha256, "not fetched a second time"
        assert files_of(mail) == []
        assert InboundMessage.objects.exclude(subject="").count() == 2
        assert not Citizen.objects.filter(pk=alone.pk).exists()
        assert Citizen.objects.filter(pk=kept.pk).exists()


def test_what_was_written_to_a_partner_goes_with_its_message(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    partner = make_organisation("Ilıca Yapı A.Ş.", "COMPANY")
    old, new = (make_written(partner, means="EMAIL", address="a@example.org") for _each in range(2))
    with system():
        for row, at in ((old, timezone.now() - LONG_AGO), (new, timezone.now())):
            message = Message.objects.create(
                channel="EMAIL",
                address="a@example.org",
                body="Metin",
                purpose="x",
                status="SENT",
                created_at=at,
            )
            WrittenMessage.objects.filter(pk=row.pk).update(message=message)
    carried_out(cast, prepared(cast.secretary))
    assert (refetch(old).body, refetch(old).address) == (GONE, "")
    assert (refetch(new).body, refetch(new).address) == (new.body, "a@example.org")
    with system():
        assert list(WrittenFile.objects.values_list("written", flat=True)) == [new.pk]


def test_a_note_on_a_letter_that_was_never_issued_goes_with_it(cast: Cast) -> None:
    case = make_complaint(applicant=make_citizen())
    draft = make_letter(cast.office, cast.mayor, by=cast.secretary, complaint=case)
    note = make_written(draft, "Ayşe Hanım aradı.")
    with system():
        forget("CASE", [case.pk])
    assert refetch(note).body == GONE


def files_of(mail: InboundMessage) -> list[InboundFile]:
    with system():
        return list(InboundFile.objects.filter(mail=mail))


def test_a_hold_on_a_person_keeps_the_mails_that_they_wrote(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    old, person = timezone.now() - LONG_AGO, make_citizen(email="Isil@Posta.example")
    facts: dict[str, Any] = {"status": "SET_ASIDE", "decided_at": old, "set_aside_reason": "Teşekkür"}
    mail = make_mail(make_mailbox(cast.office), from_address="isil@posta.example", **facts)
    with system():
        assert due.due(rules["INBOUND"]).get() == mail
        hold = actions.place_hold(by=None, kind="CITIZEN", on=refetch(person), reason="Dava")
        assert not due.due(rules["INBOUND"]).exists()
        actions.lift_hold(hold, by=None, reason="Bitti")
        actions.place_hold(by=None, kind="INBOUND", reason="Denetim")
        assert not due.due(rules["INBOUND"]).exists()


def test_a_hold_on_a_person_is_one_on_every_record_of_theirs(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    """Merged records are one person: the case of the other record, its messages, and who read of it stay too."""
    old = timezone.now() - LONG_AGO
    standing, merged = make_citizen("Bir", "Kişi"), make_citizen("Bir", "Kişi")
    case, other, nobodys = closed(applicant=merged), closed(applicant=standing), closed(applicant=None)
    of_request = make_request(cast.mayors, applicant=merged)
    with system():
        contacts.merge(refetch(merged), into=refetch(standing), by=None)
        type(of_request).objects.filter(pk=of_request.pk).update(status="DECLINED", registered_at=old)
        Message.objects.all().delete()
        told, free = (
            Message.objects.create(
                channel="EMAIL", address="a@example.org", body="M", purpose="x", status="SENT"
            )
            for _each in range(2)
        )
        Message.objects.update(created_at=old)
        Notice.objects.create(complaint=case, kind="RECEIPT", body="M", message=told)
        for ids in ([merged.pk, 5], [0]):
            AccessLog.objects.create(
                reader=None, subject_kind="contacts.citizen", subject_ids=ids, purpose=str(ids[0]), at=old
            )
    for held, its in ((standing, "CITIZEN"), (merged, "CITIZEN")):
        with system():
            hold = actions.place_hold(by=None, kind=its, on=refetch(held), reason="Dava")
            left = {kind: set(due.due(rules[kind])) for kind in Kind.values}
            assert left["CASE"] == {nobodys}
            assert left["APPOINTMENT"] == set()
            assert left["MESSAGE"] == {free}
            assert [one.subject_ids for one in left["READ_LOG"]] == [[0]]
            actions.lift_hold(hold, by=None, reason="Bitti")
    with system():
        assert set(due.due(rules["CASE"])) == {case, other, nobodys}
        assert due.due(rules["MESSAGE"]).count() == due.due(rules["READ_LOG"]).count() == 2


def test_nothing_is_due_while_a_promise_is_open_or_an_instruction_goes_on(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    case, request = closed(), make_request(cast.mayors)
    order = make_instruction(cast.mayors, cast.fen, by=cast.secretary, complaint=case)
    with system():
        rows = type(request).objects.filter(pk=request.pk)
        rows.update(status="SETTLED", registered_at=timezone.now() - LONG_AGO)
        promise = Promise.objects.create(request=request, text="Bakılacak", due_on=today())
        assert not due.due(rules["CASE"]).exists()
        assert not due.due(rules["APPOINTMENT"]).exists()
        type(order).objects.filter(pk=order.pk).update(status="WITHDRAWN", ended_at=timezone.now())
        Promise.objects.filter(pk=promise.pk).update(status="KEPT", ended_on=today())
        assert due.due(rules["CASE"]).get() == case
        assert due.due(rules["APPOINTMENT"]).get() == request


def test_a_rule_that_is_switched_off_moves_nothing_under_the_general_one(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    asked = closed(kind="INFORMATION_REQUEST")
    with system():
        assert due.due(rules["CASE"]).get() == asked
        RetentionRule.objects.create(
            code="be",
            kind="CASE",
            regime=asked.regime,
            years=9,
            method="ANONYMISE",
            source="4982",
            is_active=False,
        )
        assert not due.due(rules["CASE"]).exists()


def test_a_day_of_a_log_that_is_empty_by_now_is_gone_and_not_held(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    old = timezone.now() - LONG_AGO
    with system():
        for days, purpose in ((0, "gone"), (3, "held")):
            AccessLog.objects.create(
                reader=None,
                subject_kind="contacts.citizen",
                subject_ids=[1],
                purpose=purpose,
                at=old - dt.timedelta(days=days),
            )
    run = prepared(cast.secretary)
    with system():
        forget("READING", list(AccessLog.objects.filter(purpose="gone").values_list("pk", flat=True)))
        actions.place_hold(by=None, kind="READ_LOG", reason="Denetim")
    assert {why for kind, _status, why in items(carried_out(cast, run)) if kind == "READ_LOG"} == {
        "GONE",
        "HELD",
    }


def test_a_line_that_the_database_refuses_is_left_out_and_the_next_has_its_turn(
    cast: Cast, rules: dict[str, RetentionRule], monkeypatch: Any, caplog: Any
) -> None:
    bad, good = closed(), closed()
    run = prepared(cast.secretary)
    forgotten = anonymising.forget

    def forget_or_fail(kind: str, keys: Any) -> None:
        if bad.pk in keys:
            said("SELECT 'Gizli Kişi'::int")
        forgotten(kind, keys)

    monkeypatch.setattr(anonymising, "forget", forget_or_fail)
    done = carried_out(cast, run)
    assert (done.status, items(done)) == ("DONE", [("CASE", "SKIPPED", "FAILED"), ("CASE", "DONE", "")])
    assert (refetch(bad).anonymised_at, refetch(good).anonymised_at is None) == (None, False)
    assert "failed" in caplog.text
    assert "Gizli" not in caplog.text


def test_a_hold_on_a_whole_kind_stops_all_of_it_and_stands_once(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    closed()
    with system():
        hold = actions.place_hold(by=cast.secretary, kind="CASE", reason="Sayıştay denetimi")
        with pytest.raises(DomainError) as refusal:
            actions.place_hold(by=cast.secretary, kind="CASE", reason="Bir daha")
        assert refusal.value.code == "DUPLICATE"
        assert not due.due(rules["CASE"]).exists()
        with pytest.raises(DomainError):
            actions.prepare(by=cast.secretary)
        actions.lift_hold(hold, by=cast.secretary, reason="Bitti")
        with pytest.raises(DomainError):
            actions.lift_hold(refetch(hold), by=cast.secretary, reason="Bir daha")
        assert due.due(rules["CASE"]).exists()


def test_six_months_after_the_last_run_the_law_asks_for_another(
    cast: Cast, rules: dict[str, RetentionRule]
) -> None:
    with system():
        assert actions.is_overdue()
    closed()
    done = carried_out(cast, prepared(cast.secretary))
    with system():
        assert not actions.is_overdue()
        DestructionRun.objects.filter(pk=done.pk).update(ended_at=timezone.now() - dt.timedelta(days=190))
        assert actions.is_overdue()


def test_the_shipped_rules_are_loaded(cast: Cast, tmp_path: Any) -> None:
    file = reference.DEFAULT_DIRECTORY / "retention_rules.csv"
    (tmp_path / file.name).write_bytes(file.read_bytes())
    with system():
        assert not load(tmp_path).problems
        rows = list(RetentionRule.objects.all())
        assert {row.kind for row in rows} == set(Kind.values)
        assert all(row.method in METHODS[Kind(row.kind)] for row in rows)
        assert load(tmp_path).is_empty
