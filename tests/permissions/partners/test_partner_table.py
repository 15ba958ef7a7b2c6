"""Role x verb x relation for partners, written out by hand, on each wall alone; memberships have a permission of their
own, which no office and no mayor goes round."""

from __future__ import annotations

import pytest
from django.db.models import Model

from backend.contacts.models import Citizen
from backend.core.session import elevated
from backend.partners.models import Liaison, Organisation, OrganisationLine, Role
from backend.partners.moves import Verb, organisation_action
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.permissions.walls.world import populate_partners

# "-" is nothing at all, and then it does not exist for them. The secretary was not given the memberships.
WHO_IS_WHAT = """
               nobodys  nobodys_company  fen_company  fen_union  park_association  park_school
secretary      office   confidant        confidant    office     office            confidant
office_head    confidant confidant       confidant    confidant  confidant         confidant
mayor          served   served           served       served     served            served
fen_head       -        -                reader       reader     -                 -
fen_clerk      -        -                reader       reader     -                 -
park_head      -        -                -            -          reader            reader
park_clerk     -        -                -            -          reader            reader
deputy_mayor   -        -                reader       reader     -                 reader
portal         -        -                -            -          -                 -
outsider       -        -                -            -          -                 -
administrator  -        -                -            -          -                 -
"""
WHO_KNOWS = {
    "secretary": {"nobodys_company", "fen_company", "park_school"},
    "office_head": {
        "nobodys",
        "nobodys_company",
        "fen_company",
        "fen_union",
        "park_association",
        "park_school",
    },
    "mayor": {"nobodys", "nobodys_company", "fen_company", "fen_union", "park_association", "park_school"},
    "fen_head": {"fen_company"},
    "fen_clerk": {"fen_company"},
    "park_head": {"park_association", "park_school"},
}
"""Who sees the people of which organisation."""
WHAT_IT_MAY = """
                 office  confidant  served  reader
VIEW             +       +          +       +
MESSAGE          .       +          .       .
UNSEND           .       +          .       .
COMMENT          +       +          .       +
CORRECT          +       +          .       .
ADD_ROLE         .       +          .       .
CORRECT_ROLE     .       +          .       .
END_ROLE         .       +          .       .
ADD_LIAISON      +       +          .       .
RELEASE_LIAISON  +       +          .       .
RECLASSIFY       .       +          .       .
CLOSE            +       +          .       .
REOPEN           +       +          .       .
MERGE            +       +          .       .
UNDO_MERGE       +       +          .       .
"""


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS, MAY = _read(WHO_IS_WHAT), _read(WHAT_IT_MAY)


@pytest.fixture
def organisations(cast: Cast) -> dict[str, Organisation]:
    return populate_partners(cast)


def test_the_tables_name_every_verb_and_every_member_of_the_cast(cast: Cast) -> None:
    assert set(MAY) == {Action.VIEW.value, *(verb.value for verb in Verb)}
    assert set(IS) == set(cast.people())
    assert set(organisation_action) == set(Verb)


def test_who_may_do_what_to_an_organisation(organisations: dict[str, Organisation], cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, row in organisations.items():
                relation = IS[member][name]
                expected = (
                    set() if relation == "-" else {v for v, cells in MAY.items() if cells[relation] == "+"}
                )
                assert {verb for verb in MAY if scope.can(verb, row)} == expected, f"{member}, {name}"
            for annotated in scope.with_relations(scope.visible(Organisation)):
                alone = Organisation.objects.get(pk=annotated.pk)
                assert scope.allowed_actions(annotated) == scope.allowed_actions(alone), member


@pytest.mark.parametrize("model", [Organisation, OrganisationLine, Liaison, Role])
def test_either_wall_alone_shows_what_the_table_says(
    model: type[Model], organisations: dict[str, Organisation], cast: Cast
) -> None:
    names = {row.pk: name for name, row in organisations.items()}
    of = "pk" if model is Organisation else "organisation"
    for member, user in cast.people().items():
        expected = {name for name in organisations if IS[member][name] != "-"}
        if model is Role:
            expected = WHO_KNOWS.get(member, set())
        elif model is Liaison:
            expected -= {"nobodys", "nobodys_company"}
        with as_viewer(user) as viewer:
            second = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
            with elevated():
                first = {names[pk] for pk in scope.visible(model, viewer).values_list(of, flat=True)}
                office = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
        assert second == expected, f"{member}: the database"
        assert first == expected, f"{member}: the application"
        if model is Role and member != "office_head" and member != "mayor":
            unknown = {"nobodys", "fen_union", "park_association"} - WHO_KNOWS.get(member, set())
            assert not unknown & office, f"{member}: an action's role sees memberships that its asker may not"


def test_whose_role_is_seen_is_seen_and_nobody_else_by_that(
    organisations: dict[str, Organisation], cast: Cast
) -> None:
    for member in ("fen_clerk", "fen_head", "park_head", "park_clerk", "deputy_mayor"):
        with as_viewer(cast.people()[member]):
            people = set(Role.objects.values_list("person", flat=True))
            assert len(people) == len(WHO_KNOWS.get(member, set()))
            assert set(Citizen.objects.values_list("pk", flat=True)) == people, f"{member}: the database"
            assert set(scope.visible(Citizen).values_list("pk", flat=True)) == people, member


def test_a_program_without_the_scope_sees_no_people(
    organisations: dict[str, Organisation], cast: Cast
) -> None:
    with as_viewer(cast.park_head, ["READ", "WRITE"]):
        assert scope.visible(Organisation).count() == 2
        assert not scope.visible(Role).exists()
