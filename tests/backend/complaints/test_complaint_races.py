"""Many at once, on real connections: one wins, numbers have no gaps, notes are not lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connections

from backend.complaints import actions
from backend.complaints.choices import Channel, DeliveryMethod, Kind, Status
from backend.complaints.models import Complaint, Extension
from backend.contacts import actions as contacts
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from tests.backend.stories import information_request, say
from tests.cast import make_cast
from tests.databases import CommittedDatabase
from tests.factories import make_citizen, make_complaint, refetch


def all_at_once(count: int, act: Callable[[int], Any]) -> list[Any]:
    """What each of `count` threads got: the result, or the code of the refusal."""
    barrier = Barrier(count)

    def run(index: int) -> Any:
        try:
            with system():
                barrier.wait(30)
                return act(index)
        except DomainError as error:
            return error.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_of_thirty_two_who_accept_one_wins(committed_db: CommittedDatabase) -> None:
    cast = make_cast()
    complaint = make_complaint(to=cast.fen)
    found = all_at_once(
        32, lambda _i: actions.accept(Complaint.objects.get(pk=complaint.pk), by=cast.fen_clerk).status
    )
    assert found.count(Status.ACCEPTED) == 1
    assert found.count(ErrorCode.WRONG_STATE) == 31
    with system():
        assert complaint.lines.filter(verb="accepted").count() == 1


def test_of_many_who_route_to_different_departments_one_wins_and_one_routing_is_live(
    committed_db: CommittedDatabase,
) -> None:
    cast = make_cast()
    complaint = make_complaint()
    places = [cast.fen, cast.park, cast.cleaning, cast.relations]

    def act(index: int) -> str:
        row = Complaint.objects.get(pk=complaint.pk)
        return str(actions.route(row, by=cast.secretary, to=places[index % 4]).status)

    found = all_at_once(8, act)
    wins = found.count(Status.ASSIGNED)
    with system():
        assert complaint.routings.live().count() == 1
        assert complaint.lines.filter(verb="routed").count() == wins >= 1
        live = complaint.routings.live().get().department_id
    assert refetch(complaint).responsible_department_id == live


def test_of_two_who_extend_one_wins_and_one_citizen_is_told_once(committed_db: CommittedDatabase) -> None:
    cast = make_cast()
    complaint = information_request()

    def act(_index: int) -> str:
        row = Complaint.objects.get(pk=complaint.pk)
        return actions.extend(
            row, by=cast.secretary, reason="Bilgi beklenecek", means=DeliveryMethod.EMAIL
        ).reference

    found = all_at_once(6, act)
    assert found.count(complaint.reference) == 1
    assert found.count(ErrorCode.WRONG_STATE) == 5
    with system():
        assert Extension.objects.count() == 1
        assert complaint.notices.count() == 1


def test_numbers_have_no_gap_under_eight_threads_some_of_which_fail(committed_db: CommittedDatabase) -> None:
    def act(index: int) -> list[int]:
        taken = []
        for turn in range(5):
            try:
                with system():
                    row = actions.register(
                        kind=Kind.COMPLAINT,
                        channel=Channel.PHONE,
                        subject=f"{index} {turn}",
                        applicant=None,
                        by=None,
                    )
                    if (index + turn) % 4 == 0:
                        raise LookupError
            except LookupError:
                continue
            taken.append(row.number)
        return taken

    numbers = [number for taken in _threads_of_their_own(8, act) for number in taken]
    assert sorted(numbers) == list(range(1, 31))


def _threads_of_their_own(count: int, act: Callable[[int], Any]) -> list[Any]:
    """As `all_at_once`, with transactions made by the act itself."""
    barrier = Barrier(count)

    def run(index: int) -> Any:
        barrier.wait(30)
        try:
            return act(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def test_notes_and_tags_of_many_at_once_are_all_kept(committed_db: CommittedDatabase) -> None:
    cast = make_cast()
    complaint = make_complaint(to=cast.fen)
    stale = refetch(complaint)
    say(complaint, "accept", by=cast.fen_clerk)

    def act(index: int) -> None:
        actions.comment(stale, by=cast.fen_clerk, body=f"Not {index}")
        actions.tag(Complaint.objects.get(pk=complaint.pk), by=None, add=[f"etiket {index}"])

    assert all_at_once(8, act) == [None] * 8
    with system():
        assert complaint.comments.count() == 8
    assert sorted(refetch(complaint).tags) == [f"etiket {index}" for index in range(8)]


def test_of_many_who_keep_the_same_national_id_one_wins(committed_db: CommittedDatabase) -> None:
    people = [make_citizen() for _each in range(6)]
    found = all_at_once(
        6, lambda i: contacts.set_national_id(people[i], by=None, number="10000000146").national_id_tail
    )
    assert found.count("46") == 1
    assert found.count(ErrorCode.DUPLICATE) == 5


def test_two_records_merged_into_each_other_at_once_do_not_become_a_circle(
    committed_db: CommittedDatabase,
) -> None:
    first, second = make_citizen(), make_citizen()
    pairs = [(first, second), (second, first)]
    found = all_at_once(2, lambda i: contacts.merge(pairs[i][0], into=pairs[i][1], by=None).pk)
    assert found.count(ErrorCode.WRONG_STATE) == 1
    assert [refetch(first).merged_into_id, refetch(second).merged_into_id].count(None) == 1
