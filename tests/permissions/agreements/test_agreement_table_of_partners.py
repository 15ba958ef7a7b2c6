"""Role x verb x relation for agreements with partners, written out by hand, on each wall alone."""

from __future__ import annotations

import pytest
from django.db.models import Model

from backend.agreements.models import (
    Agreement,
    AgreementAttachment,
    AgreementLine,
    AgreementParty,
    Obligation,
)
from backend.agreements.moves import Verb
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.permissions.walls.world import populate_agreements, populate_partners

# "-" is nothing at all, and then it does not exist for them.
WHO_IS_WHAT = """
               offices  fens         parks+fen    cleaning
secretary      office   office       office       office
office_head    both     office       office       office
mayor          served   served       served       served
fen_head       -        responsible  obliged      -
fen_clerk      -        responsible  obliged      -
park_head      -        -            responsible  -
park_clerk     -        -            responsible  -
deputy_mayor   -        overseer     overseer     overseer
portal         -        -            -            -
outsider       -        -            -            -
administrator  -        -            -            -
"""
WHAT_IT_MAY = """
              office  both  served  responsible  obliged  overseer
VIEW          +       +     +       +            +        +
CORRECT       +       +     .       .            .        .
ADD_PARTY     +       +     .       .            .        .
REMOVE_PARTY  +       +     .       .            .        .
ADD_OBLIGATION +       +     .       +            .        .
FULFIL        +       +     .       +            +        .
DROP          +       +     .       .            .        .
SIGN          +       +     .       .            .        .
RENEW         +       +     .       .            .        .
END           +       +     .       .            .        .
ATTACH        +       +     .       +            +        .
"""


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS, MAY = _read(WHO_IS_WHAT), _read(WHAT_IT_MAY)


@pytest.fixture
def rows(cast: Cast) -> dict[str, Agreement]:
    return populate_agreements(cast, populate_partners(cast))


def test_who_may_do_what_to_an_agreement(rows: dict[str, Agreement], cast: Cast) -> None:
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
            for annotated in scope.with_relations(scope.visible(Agreement)):
                alone = Agreement.objects.get(pk=annotated.pk)
                assert scope.allowed_actions(annotated) == scope.allowed_actions(alone), member


@pytest.mark.parametrize("model", [Agreement, AgreementParty, Obligation, AgreementLine, AgreementAttachment])
def test_either_wall_alone_shows_what_the_table_says(
    model: type[Model], rows: dict[str, Agreement], cast: Cast
) -> None:
    names = {row.pk: name for name, row in rows.items()}
    of = "pk" if model is Agreement else "agreement"
    for member, user in cast.people().items():
        expected = {name for name in rows if IS[member][name] != "-"}
        with as_viewer(user) as viewer:
            second = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
            first = {names[pk] for pk in scope.visible(model, viewer).values_list(of, flat=True)}
        assert second == expected, f"{member}: the database"
        assert first == expected, f"{member}: the application"
