"""The total of a list of cases is taken from kept sums: it is what counting gives, for everybody and at any moment."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from django.db.models import Max

from backend.complaints import actions
from backend.complaints.choices import Outcome
from backend.complaints.models import Complaint, ComplaintQuerySet, ReportChange
from backend.complaints.reporting import jobs, keeping
from backend.core.errors import DomainError
from backend.core.session import system
from backend.organization.models import Department
from permissions.complaints import access, sharing, totals
from permissions.core import grants, scope
from permissions.core.viewer import WORK
from permissions.plans import querysets
from tests.cast import Cast, as_viewer
from tests.factories import make_complaint
from tests.harness import tiers
from tests.schema.client import Asking

STEPS = 30 if tiers.FULL else 12
PER_STEP = 12
WAIT = 20
NEEDED = {"register", "route", "collaborator", "released", "share", "withdraw", "duplicate", "reopen"}
TOTALS = """{ all: complaints { totalCount } open: complaints(filter: {condition: [OPEN]}) { totalCount }
  closed: complaints(filter: {condition: [CLOSED]}) { totalCount } }"""
LISTS: dict[str, Callable[[], ComplaintQuerySet]] = {
    "all": Complaint.objects.all,
    "open": Complaint.objects.open,
    "closed": Complaint.objects.closed,
}


def _counted(user: Any) -> dict[str, int]:
    with as_viewer(user):
        return {name: access.countable(rows()).count() for name, rows in LISTS.items()}


def _kept(user: Any) -> dict[str, int]:
    """As the interpreter asks; who has no department has nothing that is summed up."""
    found = {}
    with as_viewer(user):
        for name, rows in LISTS.items():
            write = totals.total(rows())
            found[name] = querysets.fetch_once(write)[0][0] if write else access.countable(rows()).count()
    return found


def _compiled(user: Any) -> dict[str, int]:
    """As a program is answered; the harness holds it to the interpreter's answer."""
    return {name: found["totalCount"] for name, found in Asking(user).data(TOTALS).items()}


VIEWERS = ("secretary", "fen_clerk", "park_clerk", "park_head", "deputy_mayor", "portal", "outsider")


def _wrong(cast: Cast, ask: Callable[[Any], dict[str, int]] = _kept) -> list[Any]:
    """Whose totals are not what counting gives, and how; of the whole cast where programs are asked."""
    people = cast.people() if ask is _compiled else {name: getattr(cast, name) for name in VIEWERS}
    both = {name: (ask(user), _counted(user)) for name, user in people.items()}
    return [(name, found, counted) for name, (found, counted) in both.items() if found != counted]


@pytest.fixture
def chance() -> random.Random:
    return random.Random(41)


@pytest.fixture
def joined(cast: Cast) -> Cast:
    """Somebody who works in two departments counts no case twice."""
    with system():
        grants.give(cast.park_head, WORK, cast.relations, by=None, valid_from=dt.date(2020, 1, 1))
    return cast


def _deeds(
    cast: Cast, chance: random.Random, cases: list[Complaint]
) -> dict[str, Callable[[Complaint], Any]]:
    by: dict[str, Any] = {"by": cast.secretary}
    departments = (cast.fen, cast.park, cast.cleaning, cast.relations)

    def other(case: Complaint) -> Complaint:
        return Complaint.objects.exclude(pk=case.pk).filter(closed_at=None).order_by("?")[:1].get()

    def working_along(case: Complaint) -> Department:
        return chance.choice([one for one in departments if one.pk in case.collaborators] or [cast.fen])

    def register(_case: Complaint) -> None:
        to = chance.choice([None, *departments])
        along = (chance.choice(departments),) if to and chance.random() < 0.5 else ()
        cases.append(make_complaint(to=to, collaborators=tuple({*along} - {to}), **by))

    return {
        "register": register,
        "route": lambda case: actions.route(case, to=chance.choice(departments), **by),
        "accept": lambda case: actions.accept(case, by=cast.park_clerk),
        "return": lambda case: actions.return_(case, reason="Bizim değil.", by=cast.park_clerk),
        "collaborator": lambda case: actions.add_collaborator(
            case, department=chance.choice(departments), **by
        ),
        "released": lambda case: actions.release_collaborator(case, department=working_along(case), **by),
        "share": lambda case: sharing.share(case, user=chance.choice([cast.outsider, cast.fen_clerk]), **by),
        "unshare": lambda case: sharing.unshare(case, user=cast.fen_clerk, **by),
        "withdraw": lambda case: actions.withdraw(case, **by),
        "close": lambda case: actions.close(case, outcome=Outcome.NOT_POSSIBLE, **by),
        "duplicate": lambda case: actions.mark_duplicate(case, of=other(case), **by),
        "reopen": lambda case: actions.reopen(case, reason="Yanlışlıkla.", **by),
        "undo": lambda case: actions.undo(case, **by),
        "split": lambda case: actions.split(case, subject="Başka iş", **by),
    }


def _walk(cast: Cast, chance: random.Random, done: set[str], silent: str = "") -> Iterator[str]:
    """Cases on a walk, summed up now and then; says after each step where it is, and notes in `done` what was done.

    `silent`: the deed that writes no line of its change.
    """
    pairs = [(cast.fen, (cast.park,)), (cast.park, (cast.fen,)), (None, ()), (cast.cleaning, ())]
    cases = [make_complaint(to=to, by=cast.secretary, collaborators=along) for to, along in pairs]
    deeds = _deeds(cast, chance, cases)
    for step in range(STEPS):
        for name in chance.choices(sorted(deeds), k=PER_STEP):
            with suppress(DomainError), system():
                last = ReportChange.objects.aggregate(last=Max("pk"))["last"] or 0
                deeds[name](Complaint.objects.get(pk=chance.choice(cases).pk))
                if name == silent:
                    ReportChange.objects.filter(pk__gt=last).delete()
                done.add(name)
        if chance.random() < 0.4:
            jobs.keep_figures()
        yield f"step {step}: {sorted(done)}"


def test_a_total_is_what_counting_gives_whatever_is_done(joined: Cast, chance: random.Random) -> None:
    assert not _wrong(joined)
    done: set[str] = set()
    for moment in _walk(joined, chance, done):
        assert not _wrong(joined), moment
    assert done >= NEEDED
    assert not _wrong(joined, _compiled)
    jobs.keep_figures()
    assert not _wrong(joined, _compiled)
    assert jobs.check_figures() == (0, 0)
    assert all(_counted(joined.secretary).values())


@pytest.mark.parametrize("silent", ["route", "withdraw", "register"])
def test_the_walk_finds_a_deed_that_writes_no_line(joined: Cast, chance: random.Random, silent: str) -> None:
    assert any(_wrong(joined) for _moment in _walk(joined, chance, set(), silent))


def test_what_is_narrowed_further_is_counted(cast: Cast) -> None:
    with as_viewer(cast.secretary):
        rows = Complaint.objects
        assert [totals.total(found()) is not None for found in LISTS.values()] == [True] * 3
        for narrowed in (
            rows.open().open(),
            rows.open().closed(),
            rows.filter(responsible_department=cast.fen),
            rows.open().filter(category__code="yol"),
            rows.standing(),
            rows.late(),
            rows.none(),
            rows.all()[:1],
            access.search(rows.all(), "kaldırım"),
        ):
            assert totals.total(narrowed) is None
    with as_viewer(cast.outsider):
        assert totals.total(Complaint.objects.open()) is None


def test_with_many_changes_it_is_counted(joined: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(totals, "MOST_CHANGES", 2)
    jobs.keep_figures()
    for _each in range(5):
        make_complaint(to=joined.fen, by=joined.secretary, collaborators=(joined.park,))
        assert not _wrong(joined)
    with system(), connection.cursor() as cursor:  # sums that are wrong are not read
        cursor.execute("UPDATE complaints_reportcell SET received = 7")
    assert not _wrong(joined)


def test_a_department_reads_no_sum_of_another_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second wall alone says the same: a total tells nobody of a hidden case."""
    make_complaint(to=cast.park, by=cast.secretary, collaborators=(cast.cleaning,))
    make_complaint(by=cast.secretary)
    make_complaint(to=cast.fen, by=cast.secretary)
    jobs.keep_figures()
    make_complaint(to=cast.park, by=cast.secretary)
    expected = {name: _counted(user) for name, user in cast.people().items()}
    monkeypatch.setattr(scope, "visible", lambda rows, *_arguments, **_more: rows)
    assert {name: _kept(user) for name, user in cast.people().items()} == expected


def test_who_sums_up_and_who_changes_beside_each_other(committed_cast: Cast) -> None:
    """Each in a transaction of its own: at every moment between them a total is what counting gives."""
    cast = committed_cast
    cases = [make_complaint(to=to, by=cast.secretary) for to in (cast.fen, cast.park, cast.cleaning)]
    jobs.keep_figures()
    with system():
        actions.withdraw(cases[0], by=cast.secretary)
    summed, changed = threading.Event(), threading.Event()

    def sum_up() -> None:
        try:
            with system():
                assert keeping.bring_up_to_date() == 1
                summed.set()
                assert changed.wait(WAIT)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        adding = pool.submit(sum_up)
        assert summed.wait(WAIT)
        assert not _wrong(cast)
        with system():
            actions.route(cases[1], to=cast.fen, by=cast.secretary)
            actions.reopen(Complaint.objects.get(pk=cases[0].pk), reason="Yanlışlıkla.", by=cast.secretary)
            make_complaint(to=cast.park, by=cast.secretary)
        assert not _wrong(cast)
        changed.set()
        adding.result(WAIT)
    assert not _wrong(cast)

    def change() -> None:
        try:
            with system():
                actions.withdraw(Complaint.objects.get(pk=cases[2].pk), by=cast.secretary)
                open_.set()
                assert beside.wait(WAIT)
        finally:
            connection.close()

    open_, beside = threading.Event(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        changing = pool.submit(change)
        assert open_.wait(WAIT)
        assert jobs.keep_figures() == 3
        assert not _wrong(cast)
        beside.set()
        changing.result(WAIT)
    assert not _wrong(cast)
    assert jobs.keep_figures() == 1
    assert not _wrong(cast)
