"""Two at once: a case is routed away while a clerk acts on it. Real threads, connections and commits."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from backend.complaints import actions
from backend.complaints.models import Comment, Complaint, ComplaintLine
from backend.complaints.moves import Verb
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.organization.models import User
from permissions.complaints import persons
from permissions.complaints.access import authorized_to_register
from permissions.core import grants, scope
from permissions.core.viewer import WORK
from tests.cast import Cast, as_viewer, make_cast
from tests.databases import CommittedDatabase
from tests.factories import make_complaint

WAIT = 20


@pytest.fixture
def house(committed_db: CommittedDatabase) -> Cast:
    return make_cast()


def _in_thread(work: Callable[[], str]) -> Callable[[], str]:
    def run() -> str:
        try:
            return work()
        except DomainError as error:
            return error.code
        finally:
            connection.close()

    return run


def _says(user: User, verb: Verb, complaint: Complaint, action: Callable[[Complaint], object]) -> str:
    with as_viewer(user), scope.authorized(verb, Complaint, complaint.key) as row:
        action(row)
    return "done"


def _words(complaint: Complaint) -> list[str]:
    with system():
        return list(
            ComplaintLine.objects.filter(complaint=complaint).order_by("pk").values_list("verb", flat=True)
        )


def test_a_case_routed_away_while_a_clerk_waits_for_it_is_gone_for_the_clerk(house: Cast) -> None:
    complaint = make_complaint(to=house.park)
    before = _words(complaint)
    routed, waiting = threading.Event(), threading.Event()

    def route_away() -> str:
        with as_viewer(house.secretary), scope.authorized(Verb.ROUTE, Complaint, complaint.key) as row:
            actions.route(row, to=house.fen, by=house.secretary)
            routed.set()
            assert waiting.wait(WAIT)
            _until_somebody_waits()
        return "done"

    def comment() -> str:
        assert routed.wait(WAIT)
        waiting.set()
        return _says(
            house.park_clerk,
            Verb.COMMENT,
            complaint,
            lambda row: actions.comment(row, body="Gidiyoruz.", by=house.park_clerk),
        )

    with ThreadPoolExecutor(2) as pool:
        office, clerk = pool.submit(_in_thread(route_away)), pool.submit(_in_thread(comment))
    assert (office.result(), clerk.result()) == ("done", ErrorCode.NOT_FOUND)
    with system():
        assert not Comment.objects.exists()
    assert _words(complaint) == [*before, "routed"]


def test_a_record_that_is_being_anonymised_is_not_taken_again_for_a_call(house: Cast) -> None:
    """Anonymising holds the record for minutes: nobody waits for it, and no case gets a person without a name."""
    who = {"first_name": "Hatice", "last_name": "Işık", "phone": "0509 000 99 77"}

    def call() -> str:
        with as_viewer(house.fen_clerk), authorized_to_register() as viewer:
            person = persons.applicant(by=viewer.user, **who)
            actions.register(
                subject="Lamba", kind="COMPLAINT", channel="PHONE", applicant=person, by=viewer.user
            )
            return str(person.pk)

    def in_thread() -> str:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(_in_thread(call)).result(WAIT)

    first = in_thread()
    assert in_thread() == first
    with system(), transaction.atomic():
        Citizen.objects.select_for_update(of=("self",)).get(pk=first)
        assert in_thread() != first


def _until_somebody_waits() -> None:
    """Return when another connection waits for a lock of this transaction."""
    for _ in range(400):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND %s = ANY (pg_blocking_pids(pid))",
                [connection.connection.info.backend_pid],
            )
            if cursor.fetchone()[0]:
                return
        threading.Event().wait(0.02)
    raise TimeoutError("nobody came to wait")


def test_of_many_who_act_at_once_on_a_case_that_leaves_nobody_leaves_half_a_trace(house: Cast) -> None:
    cases = [make_complaint(to=house.park) for _ in range(6)]
    barrier = threading.Barrier(12)

    def start(work: Callable[[], str]) -> Callable[[], str]:
        def run() -> str:
            barrier.wait(WAIT)
            return work()

        return _in_thread(run)

    with ThreadPoolExecutor(12) as pool:
        accepting = [
            pool.submit(
                start(
                    lambda case=case: _says(
                        house.park_clerk,
                        Verb.ACCEPT,
                        case,
                        lambda row: actions.accept(row, by=house.park_clerk),
                    )
                )
            )
            for case in cases
        ]
        routing = [
            pool.submit(
                start(
                    lambda case=case: _says(
                        house.secretary,
                        Verb.ROUTE,
                        case,
                        lambda row: actions.route(row, to=house.fen, by=house.secretary),
                    )
                )
            )
            for case in cases
        ]
    assert {future.result() for future in routing} == {"done"}
    for case, clerk in zip(cases, accepting, strict=True):
        words = _words(case)
        assert clerk.result() in {"done", ErrorCode.NOT_FOUND, ErrorCode.WRONG_STATE}
        expected = ["accepted", "routed"] if clerk.result() == "done" else ["routed"]
        assert words[-len(expected) :] == expected
        assert ("accepted" in words) == (clerk.result() == "done")
        with system():
            row = Complaint.objects.get(pk=case.pk)
            assert (row.status, row.responsible_department) == ("ASSIGNED", house.fen)
            assert row.routings.live().count() == 1


def test_a_grant_taken_while_somebody_acts_counts_from_the_next_request(house: Cast) -> None:
    """The right is read when a request begins; what was begun with it is finished, the next is refused."""
    complaint = make_complaint(to=house.park)
    with system():
        grant = grants.give(house.outsider, WORK, house.park, by=None)
    acting, taken = threading.Event(), threading.Event()

    def accept() -> str:
        with as_viewer(house.outsider), scope.authorized(Verb.ACCEPT, Complaint, complaint.key) as row:
            acting.set()
            assert taken.wait(WAIT)
            actions.accept(row, by=house.outsider)
        return "done"

    def take() -> str:
        assert acting.wait(WAIT)
        with system():
            grants.take(grant, by=None)
        taken.set()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        results = [pool.submit(_in_thread(work)) for work in (accept, take)]
    assert [future.result() for future in results] == ["done", "done"]
    assert (
        _in_thread(lambda: _says(house.outsider, Verb.START, complaint, actions.start))()
        == ErrorCode.NOT_FOUND
    )


def test_threads_do_not_share_who_asks(house: Cast) -> None:
    of_park, of_fen = make_complaint(to=house.park), make_complaint(to=house.fen)
    barrier = threading.Barrier(8)

    def look(user: User) -> set[int]:
        try:
            barrier.wait(WAIT)
            with as_viewer(user):
                threading.Event().wait(0.05)
                return set(Complaint.objects.values_list("pk", flat=True))
        finally:
            connection.close()

    users = [house.park_clerk, house.fen_clerk, house.outsider, house.secretary] * 2
    with ThreadPoolExecutor(8) as pool:
        seen = list(pool.map(look, users))
    assert seen == [{of_park.pk}, {of_fen.pk}, set(), {of_park.pk, of_fen.pk}] * 2
