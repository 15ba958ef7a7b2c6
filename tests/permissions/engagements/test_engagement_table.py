"""Role x verb x relation for meetings and visits, written out by hand, on each wall alone."""

from __future__ import annotations

import pytest
from django.db.models import Model

from backend.core.session import elevated
from backend.engagements.models import (
    AgendaItem,
    Attendee,
    Decision,
    Engagement,
    EngagementAttachment,
    EngagementLine,
)
from backend.engagements.moves import Verb
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.permissions.walls.world import populate_engagements, populate_partners

# "-" is nothing at all, and then it does not exist for them. The entry of the last is the mayor's alone.
WHO_IS_WHAT = """
               mayors  deputys  fens      parks     attended  secret
secretary      keeper  office   keeper    keeper    keeper    -
office_head    office  office   office    office    office    -
mayor          keeper  served   keeper    keeper    keeper    keeper
fen_head       -       -        preparer  -         -         -
fen_clerk      -       keeper   preparer  -         -         -
park_head      -       -        -         preparer  -         -
park_clerk     -       -        -         preparer  attendee  -
deputy_mayor   -       keeper   overseer  -         -         -
portal         -       -        -         -         -         -
outsider       -       -        -         -         -         -
administrator  -       -        -         -         -         -
"""
WHAT_IT_MAY = """
             keeper  office  served  preparer  overseer  attendee
VIEW         +       +       +       +         +         +
CORRECT      +       +       .       .         .         .
INVITE       +       +       .       .         .         .
UNINVITE     +       +       .       .         .         .
SET_AGENDA   +       +       .       +         .         .
SET_LOGISTICS        +       +       .       +         .         .
SCHEDULE     +       .       .       .         .         .
HOLD         +       +       .       +         .         .
RECORD_MINUTES       +       +       .       +         .         .
DECIDE       +       +       .       +         .         .
INSTRUCT     +       +       .       .         .         .
ATTACH       +       +       .       +         .         +
CANCEL       +       +       .       .         .         .
REOPEN       +       +       .       .         .         .
"""


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS, MAY = _read(WHO_IS_WHAT), _read(WHAT_IT_MAY)
CHILDREN: list[type[Model]] = [AgendaItem, Decision, EngagementLine, EngagementAttachment]


@pytest.fixture
def rows(cast: Cast) -> dict[str, Engagement]:
    return populate_engagements(cast, populate_partners(cast))


def test_who_may_do_what_to_an_engagement(rows: dict[str, Engagement], cast: Cast) -> None:
    assert set(MAY) == {Action.VIEW.value, *(verb.value for verb in Verb)}
    assert set(IS) == set(cast.people())
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, row in rows.items():
                relation = IS[member][name]
                expected = (
                    set() if relation == "-" else {v for v, cells in MAY.items() if cells[relation] == "+"}
                )
                assert {verb for verb in MAY if scope.can(verb, row)} == expected, f"{member}, {name}"
                # Of whose decision an instruction is made, their word may be recorded.
                assert Verb.INSTRUCT not in expected or scope.can(Action.INSTRUCT, row.principal), member
            for annotated in scope.with_relations(scope.visible(Engagement)):
                alone = Engagement.objects.get(pk=annotated.pk)
                assert scope.allowed_actions(annotated) == scope.allowed_actions(alone), member


@pytest.mark.parametrize("model", [Engagement, *CHILDREN])
def test_either_wall_alone_shows_what_the_table_says(
    model: type[Model], rows: dict[str, Engagement], cast: Cast
) -> None:
    names = {row.pk: name for name, row in rows.items()}
    of = "pk" if model is Engagement else "engagement"
    for member, user in cast.people().items():
        expected = {name for name in rows if IS[member][name] != "-"}
        with as_viewer(user) as viewer:
            second = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
            first = {names[pk] for pk in scope.visible(model, viewer).values_list(of, flat=True)}
            with elevated():
                office = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
        assert second == expected, f"{member}: the database"
        assert first == expected, f"{member}: the application"
        assert "secret" not in office or member == "mayor", "an action's role sees what its asker may not"


def test_taking_part_makes_no_membership_visible(rows: dict[str, Engagement], cast: Cast) -> None:
    """At each meeting are somebody of a union, somebody of a company, and a guest."""
    seen = {"office_head": 3, "secretary": 2, "mayor": 3, "fen_clerk": 2, "park_head": 1, "park_clerk": 1}
    for member, count in seen.items():
        with as_viewer(cast.people()[member]) as viewer:
            for name, row in rows.items():
                if IS[member][name] == "-" or name == "attended":
                    continue
                second = Attendee.objects.filter(engagement=row).count()
                first = scope.visible(Attendee, viewer).filter(engagement=row).count()
                assert (first, second) == (count, count), f"{member}, {name}"
