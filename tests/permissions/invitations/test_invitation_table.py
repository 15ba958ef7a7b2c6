"""Role x verb x relation for invitations, written out by hand, on each wall alone; confidential follows the entry."""

from __future__ import annotations

import pytest
from django.db.models import Model

from backend.core.session import elevated, system
from backend.invitations.models import (
    GiftOrder,
    Invitation,
    InvitationAttachment,
    InvitationLine,
    InvitationNotice,
)
from backend.invitations.moves import Verb, invitation_action
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.permissions.walls.world import populate_invitations

# "-" is nothing at all, and then it does not exist for them. The entry of `secret` is confidential, the mayor's own.
WHO_IS_WHAT = """
                 mayors  deputys  attended  represented  secret
secretary        keeper  desk     keeper    keeper       -
office_head      desk    desk     desk      desk         -
mayor            own     served   own       own          own
fen_head         -       -        -         -            -
fen_clerk        -       keeper   -         -            -
park_head        -       -        -         -            -
park_clerk       -       -        -         -            -
deputy_mayor     -       own      -         -            -
portal           -       -        -         -            -
outsider         -       -        -         -            -
administrator    -       -        -         -            -
"""
WHAT_IT_MAY = """
           keeper  own  desk  served
VIEW       +       +    +     +
ATTEND     +       +    .     .
REPRESENT  +       +    .     .
DECLINE    +       +    .     .
CORRECT    +       +    +     .
LINK_PARTNER  +    +    +     .
CANCEL     +       +    +     .
REOPEN     +       +    .     .
ORDER      +       +    +     .
FULFIL     +       +    +     .
DROP       +       +    +     .
ATTACH     +       +    +     .
"""


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS, MAY = _read(WHO_IS_WHAT), _read(WHAT_IT_MAY)
CHILDREN: list[type[Model]] = [InvitationLine, InvitationNotice, InvitationAttachment, GiftOrder]


@pytest.fixture
def invitations(cast: Cast) -> dict[str, Invitation]:
    return populate_invitations(cast)


def test_the_tables_name_every_verb_and_every_member_of_the_cast(cast: Cast) -> None:
    assert set(MAY) == {Action.VIEW.value, *(verb.value for verb in Verb)}
    assert set(IS) == set(cast.people())
    assert set(invitation_action) == set(Verb)


def test_who_may_do_what_to_an_invitation(invitations: dict[str, Invitation], cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, row in invitations.items():
                relation = IS[member][name]
                expected = (
                    set() if relation == "-" else {v for v, cells in MAY.items() if cells[relation] == "+"}
                )
                assert {verb for verb in MAY if scope.can(verb, row)} == expected, f"{member}, {name}"


def test_the_abilities_of_a_row_are_the_permission_and_the_state_together(
    invitations: dict[str, Invitation], cast: Cast
) -> None:
    with as_viewer(cast.secretary):
        able = {name: scope.allowed_actions(row) for name, row in _rows(invitations).items()}
    assert Verb.ATTEND in able["mayors"]
    assert Verb.ATTEND not in able["attended"]
    assert Verb.REOPEN not in able["mayors"]
    assert Verb.ORDER in able["deputys"]
    assert Verb.DECLINE not in able["deputys"]


def _rows(invitations: dict[str, Invitation]) -> dict[str, Invitation]:
    found = {name: Invitation.objects.filter(pk=row.pk).first() for name, row in invitations.items()}
    return {name: row for name, row in found.items() if row is not None}


@pytest.mark.parametrize("model", [Invitation, *CHILDREN])
def test_either_wall_alone_shows_what_the_table_says(
    model: type[Model], invitations: dict[str, Invitation], cast: Cast
) -> None:
    names = {row.pk: name for name, row in invitations.items()}
    of = "pk" if model is Invitation else "invitation"
    for member, user in cast.people().items():
        expected = {name for name in invitations if IS[member][name] != "-"}
        with as_viewer(user) as viewer:
            second = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
            first = {names[pk] for pk in scope.visible(model, viewer).values_list(of, flat=True)}
            with elevated():
                office = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
        assert second == expected, f"{member}: the database"
        assert first == expected, f"{member}: the application"
        if IS[member]["secret"] == "-":
            assert "secret" not in office, f"{member}: an action's role sees what its asker may not"


def test_the_house_itself_sees_no_invitation_whose_entry_is_confidential(
    invitations: dict[str, Invitation],
) -> None:
    with system():
        assert invitations["secret"].pk not in Invitation.objects.values_list("pk", flat=True)
