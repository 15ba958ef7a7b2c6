"""Statements that are kept for all who see alike: the rows are those of the querysets, and each reads their own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import QuerySet
from django.test import RequestFactory
from django.utils import timezone

from backend.complaints.models import Complaint
from backend.core import symbolic
from backend.core.session import system
from backend.organization.models import User
from permissions.complaints.sharing import share
from permissions.core import grants, scope
from permissions.core.viewer import WORK
from permissions.plans import querysets as plans
from permissions.plans.reasons import NotCompilableError
from permissions.queue import reading
from tests.cast import Cast, Populated, as_viewer
from tests.factories import LONG_AGO, make_complaint, make_user


@pytest.fixture(autouse=True)
def _nothing_is_kept_yet() -> Iterator[None]:
    plans.compiled.clear()
    yield
    plans.compiled.clear()


def subjects(person: Any, build: Any, *values: Any, name: str = "test") -> list[str]:
    with as_viewer(person):
        return [row.subject for row in plans.rows(name, build, *values)]


def refusals() -> list[str]:
    """What could not be kept, and why."""
    entries = plans.compiled._entries.items()
    return [f"{key}: {made}" for key, made in entries if isinstance(made, NotCompilableError)]


def newest(keys: list[int]) -> QuerySet[Complaint]:
    return scope.with_relations(scope.visible(Complaint).filter(pk__in=keys)).order_by("pk")


def test_who_see_alike_share_a_statement_and_each_reads_their_own(cast: Cast) -> None:
    own, other = make_complaint("Fen", to=cast.fen), make_complaint("Park", to=cast.park)
    keys = [own.pk, other.pk]
    with system():
        colleague = make_user("fen.yeni", "Yeni", "Memur")
        grants.give(colleague, WORK, cast.fen, by=None, valid_from=LONG_AGO)
    assert subjects(colleague, newest, keys) == ["Fen"]
    kept = len(plans.compiled)
    assert subjects(cast.park_clerk, newest, keys) == ["Park"]
    assert subjects(colleague, newest, [other.pk, own.pk]) == ["Fen"]
    assert len(plans.compiled) == kept
    assert subjects(cast.secretary, newest, keys) == ["Fen", "Park"]
    assert len(plans.compiled) > kept
    assert not refusals()


def test_the_rows_are_those_of_the_queryset_with_all_that_is_read_along(cast: Cast) -> None:
    row = make_complaint("Çukur", to=cast.fen)

    def with_department(keys: list[int]) -> QuerySet[Complaint]:
        return newest(keys).select_related("responsible_department").defer("body")

    for _turn in range(2):
        with as_viewer(cast.fen_clerk):
            (kept,), (direct,) = plans.rows("test", with_department, [row.pk]), with_department([row.pk])
            assert kept.responsible_department == direct.responsible_department == cast.fen
            assert kept.get_deferred_fields() == direct.get_deferred_fields() == {"body"}
            assert scope.allowed_actions(kept) == scope.allowed_actions(direct) != []
            ours, theirs = (dict(vars(each), _state=None) for each in (kept, direct))
            assert ours == theirs


def test_what_the_code_computes_of_the_clock_is_not_kept(cast: Cast) -> None:
    make_complaint("Çukur", to=cast.fen)

    def until(moment: dt.datetime) -> QuerySet[Complaint]:
        return scope.visible(Complaint).filter(registered_at__lte=moment)

    assert subjects(cast.fen_clerk, lambda: until(timezone.now()), name="computed") == ["Çukur"]
    assert len(refusals()) == 1
    assert subjects(cast.fen_clerk, lambda: until(symbolic.now()), name="asked") == ["Çukur"]
    assert len(refusals()) == 1


def test_a_value_that_is_looked_into_is_not_kept(cast: Cast) -> None:
    make_complaint("Çukur", to=cast.fen)

    def folded(word: str) -> QuerySet[Complaint]:
        return scope.visible(Complaint).filter(subject=word.strip())

    for word, found in ((" Çukur ", ["Çukur"]), ("Ağaç", [])):
        assert subjects(cast.fen_clerk, folded, word) == found
    assert len(refusals()) == 1


def test_another_day_has_a_statement_of_its_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = make_complaint("Çukur", to=cast.fen)
    assert subjects(cast.fen_clerk, newest, [row.pk]) == ["Çukur"]
    kept = len(plans.compiled)
    monkeypatch.setattr("permissions.plans.memory.today", lambda: dt.date(2031, 1, 1))
    assert subjects(cast.fen_clerk, newest, [row.pk]) == ["Çukur"]
    assert len(plans.compiled) == 2 * kept


def test_the_queue_of_everybody_is_kept_and_equal(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for subject, to in (("Fen", cast.fen), ("Park", cast.park), ("Yeni", None)):
        make_complaint(subject, to=to) if to else make_complaint(subject)
    people = [person for person in vars(cast).values() if hasattr(person, "username")]

    def queues() -> list[Any]:
        found = []
        for person in people:
            with as_viewer(person):
                queue = reading.next_up(25, purpose="test")
                found.append((person.username, queue.counts, [(i.row, i.verb, i.whose) for i in queue.items]))
        return found

    first, again = queues(), queues()
    assert not refusals()
    monkeypatch.setattr(plans, "_find", lambda *_each: (None, []))
    assert first == again == queues()
    assert sum(bool(items) for _name, _counts, items in first) > 3


def test_the_tabs_of_everybodys_list_of_cases_are_kept_and_equal(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for subject, to in (("Fen", cast.fen), ("Park", cast.park), ("Yeni", None)):
        make_complaint(subject, to=to) if to else make_complaint(subject)
    with system():
        shared = make_complaint("Paylaşılan", to=cast.park)
        share(shared, user=cast.fen_clerk, by=cast.secretary)
    people = [person for person in vars(cast).values() if isinstance(person, User) and person.is_staff]
    screen: Any = admin.site._registry[Complaint]

    def lists() -> list[Any]:
        found = []
        for person in people:
            with as_viewer(person):
                for tab in [tab for tab in screen.tabs if tab.is_for()]:
                    for sort in ("", "&sort=0", "&sort=-7"):
                        request = RequestFactory().get(f"/?tab={tab.name}{sort}")
                        shown = screen.listing(request)
                        rows = [
                            (row.pk, row.subject, str(row.responsible_department)) for row in shown.objects
                        ]
                        found.append((person.username, tab.name, sort, shown.count, rows, shown.tab_counts))
        return found

    first, again = lists(), lists()
    assert not refusals()
    monkeypatch.setattr(plans, "_find", lambda *_each: (None, []))
    assert first == again == lists()
    seen = {(name, subject) for name, _tab, _sort, _count, rows, _tabs in first for _pk, subject, _to in rows}
    assert {(cast.fen_clerk.username, "Paylaşılan"), (cast.park_clerk.username, "Park")} <= seen
    assert (cast.park_clerk.username, "Fen") not in seen


def test_the_lists_of_everybody_that_are_kept_are_equal(
    cast: Cast, populated: Populated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each list that says of itself that it is kept, as each member of the cast opens its tabs."""
    screens: list[Any] = [
        screen for screen in admin.site._registry.values() if getattr(screen, "is_kept", False)
    ]
    people = [person for person in vars(cast).values() if isinstance(person, User) and person.is_staff]

    def lists() -> dict[Any, Any]:
        found: dict[Any, Any] = {}
        for person in people:
            with as_viewer(person):
                for screen in screens:
                    if not screen.has_module_permission(RequestFactory().get("/")):
                        continue
                    tabs = [tab.name for tab in screen.tabs if tab.is_for()] or [""]
                    for tab in ["", *tabs]:
                        shown = screen.listing(RequestFactory().get(f"/?tab={tab}"))
                        rows = [
                            (
                                row.pk,
                                row.get_deferred_fields(),
                                [column.show(row) for column in shown.columns],
                            )
                            for row in shown.objects
                        ]
                        found[person.username, screen.opts.label, tab] = (
                            shown.tab and shown.tab.name, shown.count, shown.tab_counts, rows,
                        )  # fmt: skip
        return found

    first, again = lists(), lists()
    assert not refusals()
    monkeypatch.setattr(plans, "_find", lambda *_each: (None, []))
    assert first == again == lists()
    shown = {label for (_name, label, _tab), (*_counts, rows) in first.items() if rows}
    assert shown == {screen.opts.label for screen in screens}
    seen = {(name, label): rows for (name, label, tab), (*_counts, rows) in first.items() if tab == "all"}
    assert len({str(rows) for rows in seen.values()}) > len(screens)  # not all see the same


@pytest.mark.parametrize(
    ("keys", "padded"), [([], []), ([7], [7]), ([1, 2, 3], [1, 2, 3, 3]), ([1, 2], [1, 2])]
)
def test_lists_of_keys_have_few_lengths(keys: list[int], padded: list[int]) -> None:
    assert plans.padded(keys) == padded
