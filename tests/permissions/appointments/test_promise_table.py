"""Role x action x relation for promises, written out by hand: who may say what to which promise."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from backend.appointments import actions
from backend.appointments.models import AppointmentRequest, Promise
from backend.appointments.promise_moves import PromiseVerb, promise_action
from backend.core.localtime import today
from backend.core.session import elevated, system
from backend.programme import actions as programme
from backend.programme.models import Principal
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.factories import make_entry, make_request, refetch

# What somebody is to a promise: "-" is nothing at all, and then it does not exist for them.
#   records  keeps the programme, or made it, or works in the private office
#   keeps    works in the department that is to keep it, or is to keep it themselves
#   looks    the office serves them, oversees the department, or has the request
# The last four were made in a meeting of the programme; the very last in one that became confidential.
WHO_IS_WHAT = """
              mayors  park_to_keep to_keep_myself deputys fen_has_request met     met_to_keep met_deputy met_secret
secretary     records records      records        records records         records records     records    records
office_head   records records      records        records records         records records     records    -
mayor         records records      records        looks   records         records records     looks      -
fen_head      -       -            -              -       looks           -       -           looks      -
fen_clerk     -       -            -              records looks           -       -           records    -
park_head     -       keeps        -              -       -               -       keeps       -          -
park_clerk    -       keeps        -              -       -               -       keeps       -          -
deputy_mayor  -       -            -              records looks           -       -           records    -
portal        -       -            -              -       -               -       -           -          -
outsider      -       -            keeps          -       -               looks   -           -          -
administrator -       -            -              -       -               -       -           -          -
"""
MAY = {
    "records": {"VIEW", *(verb.value for verb in PromiseVerb)},
    "keeps": {"VIEW", "KEEP"},
    "looks": {"VIEW"},
    "-": set(),
}


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS = _read(WHO_IS_WHAT)


@pytest.fixture
def promises(cast: Cast) -> dict[str, Promise]:
    due, told = today() + dt.timedelta(days=5), {"by": cast.secretary, "means": "PHONE"}
    found: dict[str, Promise] = {}
    facts = {
        "mayors": {},
        "park_to_keep": {"department": cast.park},
        "to_keep_myself": {"person": cast.outsider},
        "deputys": {},
        "fen_has_request": {},
    }
    for name, responsible in facts.items():
        request = make_request(cast.deputys if name == "deputys" else cast.mayors)
        with system():
            to = cast.fen if name == "fen_has_request" else cast.relations
            actions.redirect(request, department=to, **told)
            if name != "fen_has_request":  # the request lies where none of the cast sees it by its department
                AppointmentRequest.objects.filter(pk=request.pk).update(department=None, status="SETTLED")
                request.refresh_from_db()
            found[name] = actions.promise(request, by=cast.secretary, text=name, due_on=due, **responsible)
    return found | _met(cast, due)


def _met(cast: Cast, due: dt.date) -> dict[str, Promise]:
    """Promises of meetings that nobody asked for."""
    park = {"department": cast.park}
    told: dict[str, tuple[Principal, dict[str, Any]]] = {
        "met": (cast.mayors, {}),
        "met_to_keep": (cast.mayors, park),
        "met_deputy": (cast.deputys, {}),
        "met_secret": (cast.mayors, park),
    }
    found: dict[str, Promise] = {}
    for name, (principal, responsible) in told.items():
        guests = [cast.outsider] if name in ("met", "met_secret") else []
        entry = make_entry(principal, by=cast.secretary, participants=guests)
        with scope.session(cast.secretary), elevated():
            given = {"by": cast.secretary, "text": name, "due_on": due}
            found[name] = actions.promise_at(refetch(entry), **given, **responsible)
            if name == "met_secret":
                programme.mark_confidential(refetch(entry), by=cast.secretary)
    return found


def test_the_table_names_every_member_of_the_cast_and_every_verb(cast: Cast) -> None:
    assert set(IS) == set(cast.people())
    assert set(promise_action) == set(PromiseVerb)


def test_who_may_do_what_to_a_promise(promises: dict[str, Promise], cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, promise in promises.items():
                allowed = {verb for verb in (Action.VIEW, *PromiseVerb) if scope.can(verb, promise)}
                assert allowed == MAY[IS[member][name]], f"{member}, {name}"


def test_the_abilities_of_a_row_are_the_permission_and_the_state_together(
    promises: dict[str, Promise], cast: Cast
) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            rows = list(scope.with_relations(scope.visible(Promise)))
            assert {row.text for row in rows} == {name for name in promises if IS[member][name] != "-"}
            for row in rows:
                may = MAY[IS[member][row.text]]
                assert set(scope.allowed_actions(row)) == may & {"KEEP", "BREAK", "CORRECT", "WITHDRAW"}, (
                    member
                )
                row.status = "KEPT"
                assert set(scope.allowed_actions(row)) == may & {"REOPEN"}, member


def test_either_wall_alone_shows_what_the_table_says(promises: dict[str, Promise], cast: Cast) -> None:
    for member, user in cast.people().items():
        expected = {name for name in promises if IS[member][name] != "-"}
        with as_viewer(user) as viewer:
            second = set(Promise.objects.values_list("text", flat=True))
            with elevated():
                first = set(scope.visible(Promise, viewer).values_list("text", flat=True))
        assert (first, second) == (expected, expected), member
