"""Two worlds that differ only in what a viewer may not see give byte-equal answers to whatever they ask.

The sweep is made from the schema, the address resolver and the screens, so that a new field or page is in it.
Faults planted on purpose prove that it would see a leak; each of the two walls is proven without the other.
"""

from __future__ import annotations

import base64
import json
import logging
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from django.db.models import Model, Q
from pytest_django import DjangoDbBlocker

from admin_ui.appointments import promises as promises_page
from admin_ui.briefing import department_notes as notes_page
from admin_ui.complaints import admin as admin_complaints
from admin_ui.complaints import intake_lookups as intake_help
from admin_ui.complaints import page as complaint_page
from admin_ui.complaints import reports as reports_page
from admin_ui.contacts import admin as citizens_page
from admin_ui.core import actions as action_page
from admin_ui.core import exporting
from admin_ui.core import screen as admin_base
from admin_ui.core.listing import Listing
from admin_ui.invitations import admin as invitations_page
from backend.appointments.models import RequestLine
from backend.complaints.models import Complaint, ComplaintLine
from backend.complaints.reporting import reports
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.engagements.models import EngagementLine
from backend.events.models import Guest
from backend.exports.models import Export
from backend.instructions.models import Instruction, InstructionLine
from backend.mailboxes.models import WrittenMessage
from backend.notifications.models import Notification
from backend.partners.models import OrganisationLine, Role
from backend.programme.models import EntryLine
from backend.protocol.models import Holding
from backend.seating.models import SeatingPlan
from backend.timeline.models import Moment
from permissions.complaints import access as complaint_access
from permissions.complaints import persons
from permissions.complaints import totals as complaint_totals
from permissions.complaints.paths import ALL_ROWS
from permissions.core import scope
from permissions.core.filters import EVERYTHING, Action
from permissions.core.registry import RULES
from permissions.mailboxes import rules as mailbox_rules
from permissions.map import cells as map_cells
from permissions.plans import querysets
from permissions.queue import sources as queue_sources
from permissions.search import case_search, searching
from schema.calendars import queries as calendars
from schema.complaints import bulk as complaint_bulk
from schema.complaints import queries as complaint_queries
from schema.complaints import reports as report_queries
from schema.complaints import types as complaint_types
from schema.core import connection, nodes
from schema.core.connection import Connection
from schema.core.nodes import decode, encode
from schema.exports import queries as exports
from schema.http import files
from schema.http.compiled import plans
from schema.notifications import queries as notifications
from schema.portals import webhooks
from tests.databases import TestDatabases
from tests.harness.tiers import dealt, part, shards
from tests.permissions.walls import sweep_pages
from tests.permissions.walls import worlds as making
from tests.permissions.walls.asking import (
    IT,
    PATH,
    Answer,
    Ask,
    Person,
    Said,
    answers,
    below_rows,
    differing,
    first_difference,
    is_without_rows,
    not_said_again,
    reading,
)
from tests.permissions.walls.sweep_graph import Sweep
from tests.permissions.walls.worlds import PHONES, SURNAMES, VIEWERS, WORDS, Worlds

pytestmark = pytest.mark.usefixtures("unlimited")

PAGES_OF = {
    "admin_ui.complaints.page": "/admin/complaints/",
    "admin_ui.contacts.admin": "/admin/contacts/",
    "admin_ui.complaints.intake_lookups": "/admin/intake/",
}
MISSING = uuid.UUID(int=1)
FULL = "park_clerk"
"""The viewer for whom everything is asked; the others are asked what depends on rows."""


@pytest.fixture(scope="module")
def worlds(
    test_databases: TestDatabases, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Worlds]:
    """What lies behind them is hidden from all of VIEWERS."""
    with django_db_blocker.unblock():
        made = making.build_two(test_databases)
        yield made
        _nothing_was_changed(made)
        made.drop(test_databases)


def _nothing_was_changed(worlds: Worlds) -> None:
    """By any mutation or deed that was said to hidden rows in both worlds in this process."""
    for world in ("A", "B"):
        with worlds.inside(world), system():
            for lines in (
                ComplaintLine,
                EntryLine,
                RequestLine,
                InstructionLine,
                OrganisationLine,
                EngagementLine,
            ):
                changed = lines.objects.filter(actor=worlds.cast.park_clerk, at__gte=worlds.moment)
                assert not changed.exists(), f"{lines.__name__}: {list(changed[:5])}"


@pytest.fixture(scope="module")
def identities(
    test_databases: TestDatabases, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Worlds]:
    """They differ in nothing but who gave three tip-offs under a hidden identity."""
    with django_db_blocker.unblock():
        made = making.build_identities(test_databases)
        yield made
        made.drop(test_databases)


def _words() -> list[str]:
    """Among them the number of a hidden event and of a hidden instruction: the statement finds these by the table."""
    return [*WORDS.values(), SURNAMES["A"], f"{today().year}/2", PHONES["A"]]


@cache
def _sweep(worlds: Worlds) -> Sweep:
    seen = {name: encode("Complaint", worlds.seen[name].key) for name in ("park", "both")}
    ids = {
        **seen,
        **{f"hidden {n}": encode("Complaint", row.key) for n, row in enumerate(_hidden(worlds))},
        "citizen": encode("Citizen", worlds.citizens[-1].key),
        **{f"file {n}": encode("Attachment", row.key) for n, row in enumerate(worlds.files[1:2])},
        **{f"programme {n}": id for n, id in enumerate(_programme_ids(worlds))},
        "missing": encode("Complaint", MISSING),
        "junk": "x",
    }
    place = f"t:{worlds.hidden[0].pk}:2026-11-20"
    return Sweep(ids, _words(), [base64.b64encode(place.encode()).decode()])


def _hidden(worlds: Worlds) -> list[Any]:
    """A case of both worlds, the one that left, and one of each world."""
    return [worlds.hidden[0], worlds.seen["left"], worlds.hidden[3], worlds.hidden[-1]]


def _programme_ids(worlds: Worlds) -> list[str]:
    """Of each world every hidden row of programme, letters, instructions, protocol and events but the second entry."""
    rows = worlds.hidden_programme
    half = len(rows) // 2
    some = [*rows[:1], *rows[2:half], *rows[half + 2 :]]
    return [encode(nodes.MODELS[type(row)], row.key) for row in some]


def _rows(worlds: Worlds) -> list[Any]:
    rows = [worlds.seen["park"], *_hidden(worlds), worlds.citizens[0], worlds.citizens[-1], *worlds.files]
    rows += [*worlds.hidden_programme, *worlds.filters, *worlds.feeds, *worlds.imports, *worlds.exports]
    rows += worlds.clients
    return [*rows, str(MISSING)]


@cache
def _all_pages(worlds: Worlds) -> list[Ask]:
    """Every address with every row, every list and every form of a case."""
    with worlds.inside("A"):  # the values of filters are rows
        lists = sweep_pages.lists(_words())
    return [
        *sweep_pages.pages(_rows(worlds)),
        *sweep_pages.searches(_words()),
        *lists,
        *sweep_pages.forms_of_a_case(str(worlds.seen["both"].key)),
        Ask(f"/takvim/{worlds.secret}.ics"),
    ]


def _pages(worlds: Worlds) -> list[Ask]:
    """The addresses with the rows that matter most."""
    rows = [worlds.seen["park"], worlds.hidden[0], worlds.hidden[3], worlds.citizens[0], *worlds.files[:2]]
    rows += [*worlds.hidden_programme[: len(worlds.hidden_programme) // 2], *worlds.feeds[:1]]
    return [
        *sweep_pages.pages(rows),
        Ask("/admin/complaints/complaint/?tab=all"),
        Ask(f"/takvim/{worlds.secret}.ics"),
        *sweep_pages.searches([*WORDS.values(), PHONES["A"]]),
    ]


@cache
def _graph(worlds: Worlds) -> list[Ask]:
    """The questions of GraphQL that read rows of cases in the most ways."""
    sweep = _sweep(worlds)
    asked = [ask for ask in sweep.queries if "complaint" in str(ask).lower()]
    previews = [ask for ask in asked if "Preview" in str(ask)]
    previews = [*(ask for ask in previews if ask.ids), *[ask for ask in previews if not ask.ids][::7]]
    some = [replace(ask, ids=ask.ids[::7]) for ask in previews]
    return [*(ask for ask in asked if "Preview" not in str(ask)), *sweep.paths, *some]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of requests, and a line in the log for each, are slower than the requests."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@cache
def _places(worlds: Worlds) -> dict[Ask, int]:
    """The places of the requests in the sweep, by which they are dealt: what is asked again is in the same part."""
    asks = [*_sweep(worlds).queries, *_sweep(worlds).paths, *_all_pages(worlds)]
    return {ask: place for place, ask in enumerate(dict.fromkeys(asks))}


def _dealt(worlds: Worlds, asks: list[Ask], shard: int) -> list[Ask]:
    """The part of these requests with this number, each once."""
    places = _places(worlds)
    return dealt(((places.get(ask, place), ask) for place, ask in enumerate(dict.fromkeys(asks))), shard)


@cache
def _said(worlds: Worlds, is_compiled: bool) -> Said:
    """What the database said while this process asked the sweep as FULL, on this path."""
    return {}


def _assert_equal_below_rows(worlds: Worlds, viewer: str, asks: list[Ask]) -> None:
    """As FULL everything is asked; as others, or by a wall alone, what is below a root that gives a row."""
    _assert_equal(worlds, viewer, below_rows(worlds, viewer, asks))


def _assert_equal(worlds: Worlds, viewer: str, asks: list[Ask], said: Said | None = None) -> None:
    found = differing(worlds, viewer, asks, unheard=viewer == FULL, said=said)
    assert not found, f"{len(found)} of {len(asks)} differ:\n" + "\n".join(found[:6])


SHARDED = pytest.mark.parametrize("shard", shards())


# -- the sweep ---------------------------------------------------------------------------------------------
def test_of_other_types_every_id_is_hidden_alike(worlds: Worlds) -> None:
    """So that one id of each says what all would (`Sweep.tried`)."""
    sweep = _sweep(worlds)
    others = [key for key in sweep.ids.values() if (decode(key) or ("Complaint",))[0] != "Complaint"]
    asks = [Ask(PATH, json.dumps({"query": f'{{ node(id: "{key}") {{ __typename }} }}'})) for key in others]
    assert len({(decode(key) or ("",))[0] for key in others}) > 20
    for world in ("A", "B"):
        for ask, answer in zip(asks, answers(worlds, world, FULL, asks), strict=True):
            assert json.loads(answer[2])["data"] == {"node": None}, ask


@SHARDED
@pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])
def test_nothing_that_can_be_asked_in_graphql_tells_the_worlds_apart(
    compiled: bool, shard: int, worlds: Worlds
) -> None:
    sweep = _sweep(worlds)
    asks = _graph(worlds) if compiled else [*sweep.queries, *sweep.paths]
    with reading(is_compiled=compiled):
        _assert_equal(worlds, FULL, _dealt(worlds, asks, shard), _said(worlds, compiled))


def test_what_would_take_back_the_answers_to_the_questions_beside_it_is_found(worlds: Worlds) -> None:
    refused = Ask(PATH, json.dumps({"query": '{ a0: me { name } a1: complaintReport(from: "x") { total } }'}))
    assert differing(worlds, FULL, [refused], unheard=True)


class Refusing(Person):
    """As GraphQL executes: one after another, and a refusal of a field that may not be null ends it."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.requests = 0

    def _answer(self, ask: Ask) -> Answer:
        self.requests += 1
        ids: dict[str, str] = json.loads(str(ask.body))["variables"]
        for name, id in ids.items():
            if id.startswith("hidden"):
                self.heard.append(id)
                said = {"data": None, "errors": [{"message": id, "path": [f"a{name[1:]}", "nodes"]}]}
                return 200, (), json.dumps(said)
        self.heard += ids.values()
        return 200, (), json.dumps({"data": {f"a{name[1:]}": id for name, id in ids.items()}})


@pytest.mark.parametrize("hidden", [set(), {3}, {0, 1, 17}, {7, 8, 9}, set(range(20))])
def test_a_refusal_leaves_no_other_id_unheard(hidden: set[int]) -> None:
    ids = tuple(f"{'hidden' if n in hidden else 'seen'} {n}" for n in range(20))
    person = Refusing()
    person._of_each(Ask.of_each(f"matters(of: {IT}) {{ id }}", ids))
    assert sorted(person.heard) == sorted(ids)
    assert person.requests <= 3 + 2 * len(hidden)


@SHARDED
def test_nothing_that_can_be_said_in_graphql_about_a_hidden_row_tells_the_worlds_apart(
    shard: int, worlds: Worlds
) -> None:
    sweep = _sweep(worlds)
    hidden: list[str] = [encode("Complaint", row.key) for row in _hidden(worlds)[::3]]
    hidden += [encode("Citizen", worlds.citizens[-1].key), *_programme_ids(worlds)[:2]]
    asks = sweep.mutations(encode("Complaint", worlds.seen["park"].key), hidden)
    _assert_equal(worlds, FULL, part(asks, shard))


@SHARDED
def test_no_page_of_the_admin_and_no_file_tells_the_worlds_apart(shard: int, worlds: Worlds) -> None:
    said: Said = {}
    _assert_equal(worlds, FULL, _dealt(worlds, _all_pages(worlds), shard), said)
    # These ask nothing of GraphQL, so it is no matter on which path it is read.
    _said(worlds, False).update((ask, steps) for ask, steps in said.items() if ask.path.startswith("/admin/"))


@SHARDED
def test_nothing_that_can_be_done_in_the_admin_to_a_hidden_row_tells_the_worlds_apart(
    shard: int, worlds: Worlds
) -> None:
    hidden = _hidden(worlds)[::3]
    ids = [encode("Complaint", row.key) for row in hidden]
    hidden += worlds.hidden_programme
    _assert_equal(worlds, FULL, part(sweep_pages.deeds(hidden, ids), shard))


@SHARDED
@pytest.mark.parametrize("viewer", [viewer for viewer in VIEWERS if viewer != FULL])
def test_no_other_viewer_can_tell_the_worlds_apart(viewer: str, shard: int, worlds: Worlds) -> None:
    _assert_equal_below_rows(worlds, viewer, _dealt(worlds, [*_sweep(worlds).paths, *_pages(worlds)], shard))


def test_below_a_list_without_rows_is_asked_once_it_has_one(
    worlds: Worlds, monkeypatch: pytest.MonkeyPatch, unplanned: None
) -> None:
    paths = _sweep(worlds).paths

    def roots() -> set[str]:
        return {re.split(r"\W", ask.root)[0] for ask in below_rows(worlds, "outsider", paths)}

    assert roots() >= {"complaints", "me"}
    assert "instructions" not in roots()
    with making.without_the_second_wall(worlds):
        _rule_that_forgets(Instruction)(monkeypatch)
        forget_plans()
        assert "instructions" in roots()


@pytest.mark.parametrize(
    ("said", "has_none"),
    [
        ('{"data":{"letters":{"totalCount":0,"nodes":[]}}}', True),
        ('{"data":{"letters":{"totalCount":0,"nodes":[{"__typename":"Letter"}]}}}', False),
        ('{"data":{"nodes":[null,null]}}', True),
        ('{"data":{"nodes":[null,{"id":"x"}]}}', False),
        ('{"data":{"me":{"__typename":"Viewer"}}}', False),
        ('{"data":{"mailboxes":null},"errors":[{"path":["mailboxes"]}]}', True),
        ('{"data":null,"errors":[{"path":["mailboxes"]}]}', True),
        ('{"data":null,"errors":[{"message":"Cannot query field"}]}', False),
        ('{"data":"interpreted"}', False),
    ],
)
def test_what_was_no_question_is_no_list_without_rows(said: str, has_none: bool) -> None:
    assert is_without_rows((200, (), said)) is has_none


@pytest.fixture
def taken_back(worlds: Worlds) -> Iterator[None]:
    yield
    _take_back(worlds)


def _take_back(worlds: Worlds) -> None:
    """What was exported is gone afterwards: its keys differ, as all keys do, on its owner's page."""
    kept = {row.key for row in worlds.exports}
    for world in ("A", "B"):
        with worlds.inside(world), system():
            Export.objects.exclude(key__in=kept).delete()


def _tables(worlds: Worlds) -> list[Ask]:
    """Of rows of either world, seen and hidden."""
    found: dict[Ask, None] = {}
    for world in ("A", "B"):
        with worlds.inside(world), system():
            found |= dict.fromkeys(sweep_pages.tables())
    return list(found)


@SHARDED
@pytest.mark.parametrize("viewer", VIEWERS)
def test_no_list_that_is_taken_along_tells_the_worlds_apart(
    viewer: str, shard: int, worlds: Worlds, taken_back: None
) -> None:
    _assert_equal(worlds, viewer, part([*sweep_pages.exports(_words()), *_tables(worlds)], shard))


@SHARDED
@pytest.mark.parametrize("wall", [1, 2])
def test_each_wall_alone_holds_what_is_taken_along(
    wall: int, shard: int, worlds: Worlds, taken_back: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = [*sweep_pages.exports([WORDS["A"]]), *_tables(worlds)]
    with ExitStack() as without:
        if wall == 1:
            without.enter_context(making.without_the_second_wall(worlds))
        else:
            without_asking(monkeypatch, "visible", "first_page", "search")
        _assert_equal(worlds, FULL, part(asks, shard))


def test_an_export_that_forgets_the_scope_would_be_found(
    worlds: Worlds, taken_back: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everything(listing: Listing, limit: int) -> list[int]:
        rows = listing.found.order_by(*listing.ordering)[:limit]
        return list(rows.values_list("pk", flat=True))

    monkeypatch.setattr(Listing, "first_keys", everything)
    monkeypatch.setattr(exporting, "scope", Loose())
    with making.without_the_second_wall(worlds):
        assert first_difference(worlds, FULL, sweep_pages.exports([]))


@SHARDED
def test_who_stands_behind_a_hidden_identity_shows_by_no_path_to_who_knows_the_citizen(
    shard: int, identities: Worlds
) -> None:
    """Acceptance case 13, for the head of a department, who sees its citizens and knows both of them."""
    try:
        _assert_equal_below_rows(identities, "park_head", part(_about_people(identities), shard))
    finally:
        _take_back(identities)


def _about_people(identities: Worlds) -> list[Ask]:
    people, cases = identities.citizens, identities.seen
    ids = {str(n): encode("Citizen", row.key) for n, row in enumerate(people)}
    ids |= {name: encode("Complaint", row.key) for name, row in cases.items()}
    words = ["Atmaca", *(str(person.phone) for person in people)]
    sweep = Sweep(ids, words, [], told_apart=frozenset({"Complaint", "Citizen"}))
    pages = [*sweep_pages.pages([*people, *cases.values()]), *sweep_pages.searches(words)]
    with identities.inside("A"):
        pages += [ask for ask in sweep_pages.lists(words) if "q=" in ask.path or "sort=" in ask.path]
    asked = [ask for ask in sweep.queries if re.search("applicant|citizen|node|figures", str(ask))]
    return [*asked, *sweep.paths, *pages, *sweep_pages.exports(words)]  # last, for one's own are listed


@pytest.mark.parametrize(
    "module", [complaint_page, citizens_page, intake_help], ids=lambda module: module.__name__
)
def test_a_page_that_forgets_whose_case_it_may_say_it_is_would_be_found(
    module: Any, identities: Worlds, monkeypatch: pytest.MonkeyPatch
) -> None:
    def everybody(cases: Any, citizens: Any) -> Any:
        return scope.visible(cases).filter(applicant__in=list(citizens))

    monkeypatch.setattr(persons, "brought_by", everybody)
    pages = [ask for ask in _about_people(identities) if ask.path.startswith(PAGES_OF[module.__name__])]
    assert first_difference(identities, "park_head", pages)


# -- each wall holds alone ---------------------------------------------------------------------------------
def without_asking(patch: pytest.MonkeyPatch, *doors: str) -> None:
    """Leave these doors open, of the scope and of what cases have beside it."""
    for door in doors:
        patch.setattr(scope if hasattr(scope, door) else complaint_access, door, getattr(Loose(), door))


def without_the_scope(patch: pytest.MonkeyPatch, module: Any) -> None:
    """A module that forgets to ask."""
    for name in ("scope", "complaint_access"):
        if hasattr(module, name):
            patch.setattr(module, name, Loose())


class Loose:
    """`permissions.core.scope` as somebody would have it who forgot to ask: a stand-in with the doors left open."""

    def __getattr__(self, name: str) -> Any:
        return getattr(scope if hasattr(scope, name) else complaint_access, name)

    def visible(self, queryset: Any, *args: Any, **kwargs: Any) -> Any:
        return queryset if hasattr(queryset, "query") else queryset._default_manager.all()

    def first_page(self, queryset: Any, order: Any, count: int, beyond: Any = None) -> Any:
        return ALL_ROWS.along(queryset, beyond).order_by(*order)[:count]

    def search(self, queryset: Any, text: str) -> Any:
        return queryset.search(text)

    def countable(self, queryset: Any, *columns: str) -> Any:
        return queryset.values("pk", *columns)

    def counted(self, rows: Any, period: Any) -> Any:
        return reports.report(reports.alive(rows, period).values("pk", *reports.COLUMNS), period)

    def reported(self, rows: Any, period: Any, of: Any = None) -> Any:
        return self.counted(rows, period)

    def get(self, model: Any, key: Any, *, field: str | None = None, action: str = "") -> Any:
        row = model._default_manager.filter(key=key).first()
        if row is None:
            raise DomainError(ErrorCode.NOT_FOUND, "…", field)
        return row

    def can(self, *args: Any) -> bool:
        return True


@SHARDED
@pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])
def test_the_first_wall_holds_alone(compiled: bool, shard: int, worlds: Worlds) -> None:
    """What the databases say all again without it needs no second look: the product would answer as it did with it."""
    asks = _graph(worlds) if compiled else [*_graph(worlds), *_pages(worlds)]
    with reading(is_compiled=compiled), making.without_the_second_wall(worlds):
        left = not_said_again(worlds, _dealt(worlds, asks, shard), _said(worlds, compiled))
        found = differing(worlds, FULL, left, unheard=True)
    assert not found, f"{len(found)} of {len(left)} differ:\n" + "\n".join(found[:6])


@SHARDED
@pytest.mark.parametrize("compiled", [False, True], ids=["interpreted", "compiled"])
def test_the_second_wall_holds_alone(
    compiled: bool, shard: int, worlds: Worlds, monkeypatch: pytest.MonkeyPatch, unplanned: None
) -> None:
    without_asking(monkeypatch, "visible", "first_page", "search", "countable")
    with reading(is_compiled=compiled):
        asks = _graph(worlds) if compiled else [*_graph(worlds), *_pages(worlds)]
        _assert_equal_below_rows(worlds, FULL, _dealt(worlds, asks, shard))


def forget_plans() -> None:
    """Forget the statements of the API, and those of the querysets: they were made by rules that hold no more."""
    plans.clear()
    querysets.compiled.clear()


@pytest.fixture
def unplanned() -> Iterator[None]:
    """The compiled statements of others are forgotten before, and those of a planted fault after the test."""
    forget_plans()
    yield
    forget_plans()


Plant = Callable[[pytest.MonkeyPatch], None]
Asked = Callable[[Worlds], list[Ask]]


# -- the sweep has teeth -----------------------------------------------------------------------------------
def _unscoped(cls: type, queryset: Any, info: Any) -> Any:
    return queryset


def _type_without_get_queryset(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(complaint_types.Complaint, "get_queryset", classmethod(_unscoped), raising=False)


def _child_type_without_get_queryset(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(complaint_types.Attachment, "get_queryset", classmethod(_unscoped), raising=False)


def _filter_over_a_relation(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        complaint_queries, "_brought_by", lambda value: Q(applicant__key=(decode(value) or ("", None))[1])
    )


def _total_of_everything(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(
        Connection,
        "all_rows",
        property(lambda self: Complaint.objects.all(), lambda self, rows: None),
        raising=False,
    )
    patch.setattr(complaint_totals, "total", lambda rows: None)


def _node_by_key_alone(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(nodes, "rows_of", lambda model: model._default_manager.all())


def _doors_open_in(module: Any) -> Callable[[pytest.MonkeyPatch], None]:
    return lambda patch: without_the_scope(patch, module)


def _invitations_open_to_all(patch: pytest.MonkeyPatch) -> None:
    """Whom a page is for is asked before its rows are: both are forgotten."""
    patch.setattr(invitations_page.InvitationAdmin, "gate", staticmethod(lambda: True))
    patch.setattr(invitations_page, "scope", Loose())


def _asked_for(field: str) -> Asked:
    """The questions that name a field of the root."""
    return lambda worlds: [
        ask
        for ask in [*_sweep(worlds).queries, *_sweep(worlds).paths]
        if re.search(rf"\b{field}\b", str(ask))
    ]


def _of_the_programme(model: str) -> Asked:
    """The pages of the hidden rows of a table."""
    return lambda worlds: [
        ask
        for row in worlds.hidden_programme
        if row._meta.model_name == model
        for ask in sweep_pages.pages([row])
        if f"/{model}/" in ask.path
    ]


def _pages_at(*addresses: str) -> Asked:
    """The pages of the sweep whose addresses begin so."""
    return lambda worlds: [ask for ask in _pages(worlds) if ask.path.startswith(addresses)]


def _the_desk(worlds: Worlds) -> list[Ask]:
    return [ask for ask in _pages(worlds) if ask.path == "/admin/"]


def _bulk(worlds: Worlds) -> list[Ask]:
    return [ask for ask in _sweep(worlds).queries if "complaintsBulkPreview" in str(ask)]


def _admin_list_of_everything(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(admin_base, "scope", Loose())
    without_the_scope(patch, admin_complaints)


def _palette_of_everything(patch: pytest.MonkeyPatch) -> None:
    without_the_scope(patch, case_search)
    _search_of_everything(patch)


def _search_of_everything(patch: pytest.MonkeyPatch) -> None:
    """What the statement over all kinds finds is told without asking the rule of each."""
    without_the_scope(patch, searching)
    patch.setattr(searching, "_rule", lambda kind: EVERYTHING)


def _rule_that_forgets(model: type[Model]) -> Plant:
    """Of the moments of a timeline: with whom somebody meets an organisation that the viewer sees."""
    return lambda patch: patch.setitem(RULES[model], Action.VIEW, lambda viewer: EVERYTHING)


def _written_that_forgets(patch: pytest.MonkeyPatch) -> None:
    _rule_that_forgets(WrittenMessage)(patch)
    patch.setattr(mailbox_rules, "_written", lambda viewer: EVERYTHING)


def _lists(root: str) -> Asked:
    """Every path below a list of the root."""
    return lambda worlds: [ask for ask in _sweep(worlds).paths if f"{root}(first: 9)" in str(ask)]


FAULTS: dict[str, tuple[Plant, Asked, tuple[str, ...]]] = {
    "type_without_get_queryset": (
        _type_without_get_queryset,
        _asked_for(r"complaints\(first: 9|\bnode\("),
        (),
    ),
    "child_type_without_get_queryset": (
        _child_type_without_get_queryset,
        _asked_for("on Attachment"),
        ("complaints_attachment",),
    ),
    "filter_over_a_relation": (_filter_over_a_relation, _asked_for(r"filter: \{applicant"), ()),
    "total_over_everything": (_total_of_everything, _asked_for(r"complaints\("), ()),
    "kept_total_that_forgets_the_scope": (
        _doors_open_in(complaint_totals),
        _asked_for(r"complaints\("),
        (),
    ),
    "node_by_its_key_alone": (_node_by_key_alone, _asked_for(r"\bnode\(id"), ()),
    "query_that_forgets_the_scope": (
        _doors_open_in(complaint_queries),
        _asked_for(r"\bcomplaints?\("),
        (),
    ),
    "map_of_everything": (_doors_open_in(map_cells), _asked_for(r"mapCells\("), ()),
    "map_page_of_everything": (
        _doors_open_in(map_cells),
        lambda worlds: list(sweep_pages.maps()),
        (),
    ),
    "bulk_preview_of_hidden_cases": (_doors_open_in(complaint_bulk), _bulk, ()),
    "file_without_the_gate": (_doors_open_in(files), _pages, ("complaints_attachment",)),
    "admin_list_of_everything": (_admin_list_of_everything, _pages_at("/admin/complaints/complaint/?"), ()),
    "instruction_rule_that_forgets": (_rule_that_forgets(Instruction), _lists("instructions"), ()),
    "role_rule_that_forgets": (_rule_that_forgets(Role), _lists("organisations"), ()),
    "written_rule_that_forgets": (
        _written_that_forgets,
        _lists("organisations"),
        ("mailboxes_writtenmessage",),
    ),
    "timeline_that_forgets": (_rule_that_forgets(Moment), _lists("organisations"), ()),
    "guest_rule_that_forgets": (_rule_that_forgets(Guest), _lists("guests"), ()),
    "holding_rule_that_forgets": (_rule_that_forgets(Holding), _lists("protocolOffices"), ()),
    "seating_rule_that_forgets": (_rule_that_forgets(SeatingPlan), _asked_for("SeatingPlan"), ()),
    "list_of_all_events": (_doors_open_in(connection), _asked_for("events"), ("events_event",)),
    "admin_page_by_its_key_alone": (
        _doors_open_in(action_page),
        _pages_at("/admin/complaints/complaint/"),
        (),
    ),
    "palette_that_searches_everything": (_palette_of_everything, _pages_at("/admin/search/"), ()),
    "search_that_forgets_the_scope": (_search_of_everything, _asked_for(r"search\(text"), ()),
    "desk_that_counts_everything": (_doors_open_in(queue_sources), _the_desk, ()),
    "board_of_everybody_s_cases": (_doors_open_in(reports_page), _pages_at("/admin/reports/"), ()),
    "report_of_everybody_s_cases": (_doors_open_in(report_queries), _asked_for("complaintReport"), ()),
    "telephone_form_that_knows_everybody": (_doors_open_in(intake_help), _pages_at("/admin/intake/"), ()),
    "list_of_all_promises": (
        _doors_open_in(connection),
        _asked_for("promises"),
        ("appointments_promise",),
    ),
    "list_of_all_notes": (
        _doors_open_in(connection),
        _asked_for("departmentNotes"),
        ("programme_departmentnote",),
    ),
    "list_of_all_invitations": (
        _doors_open_in(connection),
        _asked_for("invitations"),
        ("invitations_invitation",),
    ),
    "list_of_all_notifications": (
        _doors_open_in(notifications),
        _asked_for(r"notifications\("),
        ("notifications_notification",),
    ),
    "notification_rule_that_forgets": (
        _rule_that_forgets(Notification),
        _asked_for("notificationCount|notifications"),  # as many, of others
        ("notifications_notification",),
    ),
    "list_of_all_webhooks": (
        _doors_open_in(webhooks),
        _asked_for("webhookEndpoints"),
        ("portals_webhookendpoint",),
    ),
    "list_of_all_feeds": (_doors_open_in(calendars), _asked_for("calendarFeeds"), ("calendars_feed",)),
    "list_of_all_exports": (_doors_open_in(exports), _asked_for("exports"), ("exports_export",)),
    "page_of_any_promise": (
        _doors_open_in(promises_page),
        _of_the_programme("promise"),
        ("appointments_promise",),
    ),
    "page_of_any_note": (
        _doors_open_in(notes_page),
        _of_the_programme("departmentnote"),
        ("programme_departmentnote",),
    ),
    "page_of_any_invitation": (
        _invitations_open_to_all,
        _of_the_programme("invitation"),
        ("invitations_invitation",),
    ),
}
"""Fault -> how it is planted, what is asked, whose row security is switched off with it (none named: all)."""


COMPILED_TOO = (
    "type_without_get_queryset",
    "child_type_without_get_queryset",
    "query_that_forgets_the_scope",
    "instruction_rule_that_forgets",
    "role_rule_that_forgets",
)


@pytest.mark.parametrize(
    ("fault", "compiled"), [*((fault, False) for fault in FAULTS), *((fault, True) for fault in COMPILED_TOO)]
)
def test_the_sweep_finds_a_planted(
    fault: str, compiled: bool, worlds: Worlds, monkeypatch: pytest.MonkeyPatch, unplanned: None
) -> None:
    plant, asked, tables = FAULTS[fault]
    with reading(is_compiled=compiled), making.without_the_second_wall(worlds, *tables):
        plant(monkeypatch)
        assert first_difference(worlds, FULL, asked(worlds))
