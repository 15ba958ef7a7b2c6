"""Anonymising as the worker's work: asked for once, all or nothing, done again after a death, told how far it is."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.operation import long_work
from backend.core.operation.long_work import MOST_RUNS
from backend.core.session import system
from backend.journal.models import AuditLog
from backend.organization.models import User
from backend.retention import actions, anonymising, erasure
from backend.retention.models import ErasureJob
from tests.cast import Cast
from tests.factories import make_citizen, make_complaint, make_subject_request, refetch

WHY = "Zümrüt Kılıçaslan'ın 26.11.2026 tarihli başvurusu"


def asked(citizen: Citizen, **said: Any) -> ErasureJob:
    with system():
        return erasure.ask(refetch(citizen), **({"by": None, "reason": WHY} | said))


def test_it_is_asked_for_once_and_done_by_the_worker(cast: Cast) -> None:
    citizen = make_citizen("Zümrüt", "Kılıçaslan")
    request = make_subject_request(citizen=citizen, rights=["ERASE"])
    row = asked(citizen, by=cast.office_head, request=request)
    assert asked(citizen) == row, "a second click"
    assert refetch(citizen).anonymised_at is None
    erasure.carry_out(str(row.key))
    done = refetch(row)
    assert (done.citizen_id, done.family) == (None, []), "it leads from nobody's record to the application"
    assert (done.status, done.run, done.asked_by, done.request_id) == (
        "DONE",
        1,
        cast.office_head,
        request.pk,
    )
    assert "Zümrüt" not in done.reason
    assert refetch(citizen).anonymised_at is not None
    erasure.carry_out(str(row.key))
    assert refetch(row).run == 1, "a job that comes twice does it once"
    with system(), pytest.raises(DomainError):
        erasure.ask(refetch(citizen), by=None, reason=WHY)
    with pytest.raises(DatabaseError), transaction.atomic(), system():
        ErasureJob.objects.filter(pk=row.pk).delete()


def test_what_stands_against_it_is_said_when_it_is_asked_and_again_when_it_is_done(cast: Cast) -> None:
    citizen = make_citizen("Zümrüt", "Kılıçaslan")
    row = asked(citizen)
    with system():
        hold = actions.place_hold(by=None, kind="CITIZEN", reason="Dava", on=refetch(citizen))
    erasure.carry_out(str(row.key))
    failed = refetch(row)
    assert (failed.status, refetch(citizen).anonymised_at) == ("FAILED", None)
    assert "hukuki bekletme" in failed.fault
    with system(), pytest.raises(DomainError, match="hukuki bekletme"):
        erasure.ask(refetch(citizen), by=None, reason=WHY)
    with system():
        actions.lift_hold(hold, by=None, reason="Bitti")
    assert asked(citizen) != row
    other = make_citizen()
    make_complaint(applicant=other)
    with system(), pytest.raises(DomainError):
        erasure.ask(refetch(other), by=None, reason=WHY)


def test_a_worker_that_dies_in_the_middle_has_done_nothing_and_the_next_one_does_it(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    citizen = make_citizen("Zümrüt", "Kılıçaslan")
    case = make_complaint(body="Zümrüt Kılıçaslan anlattı.")
    row = asked(citizen)

    class KilledError(BaseException):
        """As `kill -9` leaves the database: the transaction is gone, the row says RUNNING."""

    def die(patterns: Any) -> None:
        raise KilledError

    with monkeypatch.context() as patched:
        patched.setattr(anonymising, "_mentions", die)
        with pytest.raises(KilledError):
            erasure.carry_out(str(row.key))
    assert (refetch(row).status, refetch(row).run) == ("RUNNING", 1)
    assert (refetch(citizen).anonymised_at, "Zümrüt" in refetch(case).body) == (None, True)
    erasure.carry_out(str(row.key))
    assert (refetch(row).status, refetch(row).run) == ("DONE", 2)
    assert "Zümrüt" not in refetch(case).body


def test_after_three_deaths_it_has_failed(cast: Cast) -> None:
    row = asked(make_citizen("Zümrüt", "Kılıçaslan"))
    with system():
        ErasureJob.objects.filter(pk=row.pk).update(run=MOST_RUNS, status="RUNNING")
    erasure.carry_out(str(row.key))
    assert refetch(row).status == "FAILED"


def test_how_far_it_is_is_seen_by_others_while_it_goes_on(
    committed_cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work is one transaction; the bar moves all the same."""
    row = asked(make_citizen("Zümrüt", "Kılıçaslan"))
    monkeypatch.setattr(long_work, "TELL_SECONDS", 0.0)
    seen: list[tuple[str, int, int]] = []
    tell = erasure._write_progress

    def told(job: ErasureJob, searched: int, tables: int) -> None:
        tell(job, searched, tables)
        with system():
            now = ErasureJob.objects.get(pk=row.pk)
        seen.append((now.status, now.searched, now.tables))
        connection.close()

    monkeypatch.setattr(erasure, "_write_progress", told)
    erasure.carry_out(str(row.key))
    assert {status for status, _searched, _tables in seen} == {"RUNNING"}
    assert len({searched for _status, searched, _tables in seen}) > 10
    assert refetch(row).status == "DONE"


def test_two_workers_at_once_do_it_once(committed_cast: Cast) -> None:
    citizen = make_citizen("Zümrüt", "Kılıçaslan")
    row = asked(citizen)

    def work() -> None:
        try:
            erasure.carry_out(str(row.key))
        finally:
            connection.close()

    workers = [Thread(target=work) for _each in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert refetch(citizen).anonymised_at is not None
    assert refetch(row).status == "DONE"


def test_nothing_leads_from_the_emptied_record_to_the_application_that_names_the_person(cast: Cast) -> None:
    citizen = make_citizen("Zümrüt", "Kılıçaslan")
    request = make_subject_request(citizen=citizen, rights=["ERASE"])
    with system():
        first = erasure.ask(refetch(citizen), by=None, reason=request.reference, request=request)
        ErasureJob.objects.filter(pk=first.pk).update(status="FAILED")
    row = asked(citizen, reason=f"{request.reference}, 26.11.2026", request=request)
    erasure.carry_out(str(row.key))
    assert refetch(row).status == "DONE"
    with system():
        assert ErasureJob.objects.filter(citizen=None, request=request).count() == 2
        told = AuditLog.objects.get(verb="citizen_anonymised")
    assert (told.subject_id, told.note) == (citizen.pk, "***, 26.11.2026")


@pytest.mark.parametrize("is_parted", [False, True])
def test_a_record_that_was_merged_or_parted_meanwhile_is_not_anonymised_with_it(
    cast: Cast, is_parted: bool
) -> None:
    citizen, other = make_citizen("Zümrüt", "Kılıçaslan"), make_citizen("Ayten", "Yılmazer")
    if is_parted:
        with system():
            contacts.merge(refetch(other), into=refetch(citizen), by=None)
    row = asked(citizen)
    with system():
        if is_parted:
            contacts.undo_merge(refetch(other), by=None)
        else:
            contacts.merge(refetch(other), into=refetch(citizen), by=None)
    erasure.carry_out(str(row.key))
    failed = refetch(row)
    assert (failed.status, refetch(citizen).anonymised_at, refetch(other).first_name) == (
        "FAILED",
        None,
        "Ayten",
    )
    assert "birleştirildi" in failed.fault
    again = asked(citizen)
    erasure.carry_out(str(again.key))
    assert refetch(again).status == "DONE"


def test_whoever_asked_and_may_no_more_has_asked_for_nothing(cast: Cast) -> None:
    citizen = make_citizen("Zümrüt", "Kılıçaslan")
    row = asked(citizen, by=cast.secretary)
    erasure.carry_out(str(row.key))
    assert (refetch(row).status, refetch(citizen).anonymised_at) == ("FAILED", None)
    assert "yetkisi" in refetch(row).fault
    closed = asked(citizen, by=cast.office_head)
    with system():
        User.objects.filter(pk=cast.office_head.pk).update(is_active=False)
    erasure.carry_out(str(closed.key))
    assert (refetch(closed).status, refetch(citizen).anonymised_at) == ("FAILED", None)
