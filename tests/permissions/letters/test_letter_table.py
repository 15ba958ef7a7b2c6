"""Role x verb x relation for letters, written out by hand, on each wall alone; confidential is its readers'."""

from __future__ import annotations

import pytest
from django.db.models import Model

from backend.core.session import elevated
from backend.letters.models import (
    Addressee,
    Annex,
    Letter,
    LetterAttachment,
    LetterLine,
    LetterReference,
    Step,
)
from backend.letters.moves import Verb, letter_action
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.permissions.walls.world import populate_letters

# "-" is nothing at all, and then it does not exist for them. `draft` is the office's to Fen; `issued` is the same with
# its number; `parks` is Park's own draft whose initials wait for its head; `secret` names the writer, the mayor and the
# clerk of Fen; `came` is an incoming one referred to Park.
WHO_IS_WHAT = """
                 draft   issued   parks       secret  came
secretary        desk    desk     desk        writer  desk
office_head      desk    desk     desk        -       desk
mayor            signer  signer   signer      signer  served
fen_head         -       reached  -           -       -
fen_clerk        -       reached  -           named   -
park_head        -       -        desk+turn   -       reached
park_clerk       -       -        desk        -       reached
deputy_mayor     -       served   -           -       -
portal           -       -        -           -       -
outsider         -       -        -           -       -
administrator    -       -        -           -       -
"""
WHAT_IT_MAY = """
               desk  desk+turn  writer  signer  reached  named  served
VIEW           +     +          +       +       +        +      +
WRITE          +     +          +       .       .        .      .
SUBMIT         +     +          +       .       .        .      .
INITIAL        .     +          .       .       .        .      .
SIGN           .     +          .       .       .        .      .
APPROVE        .     +          .       .       .        .      .
REFUSE         .     +          .       .       .        .      .
CARRY_OUT      +     +          +       .       .        .      .
SEND_BACK      +     +          +       .       .        .      .
REGISTER       +     +          +       .       .        .      .
RECORD_NUMBER  +     +          +       .       .        .      .
DISPATCH       +     +          +       .       .        .      .
RECALL         +     +          +       .       .        .      .
CONFIRM        +     +          +       .       +        .      .
CANCEL         +     +          +       .       .        .      .
REFER          +     .          +       .       .        .      .
FILE           +     +          +       .       .        .      .
REPLY          +     .          .       .       +        .      .
REMIND         +     +          +       .       .        .      .
ATTACH         +     +          +       .       .        .      .
MESSAGE        +     +          +       .       .        .      .
UNSEND         +     +          +       .       .        .      .
COMMENT        +     +          +       .       +        .      .
"""
OFFICE_ONLY = {Verb.REFER}


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS, MAY = _read(WHO_IS_WHAT), _read(WHAT_IT_MAY)
CHILDREN: list[type[Model]] = [LetterLine, LetterAttachment, Addressee, LetterReference, Annex, Step]


@pytest.fixture
def letters(cast: Cast) -> dict[str, Letter]:
    return populate_letters(cast)


def test_the_tables_name_every_verb_and_every_member_of_the_cast(cast: Cast) -> None:
    assert set(MAY) == {Action.VIEW.value, *(verb.value for verb in Verb)}
    assert set(IS) == set(cast.people())
    assert set(letter_action) == set(Verb)


def test_who_may_do_what_to_a_letter(letters: dict[str, Letter], cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, row in letters.items():
                relation = IS[member][name]
                expected = (
                    set() if relation == "-" else {v for v, cells in MAY.items() if cells[relation] == "+"}
                )
                if member.startswith("park") and relation.startswith("desk"):
                    expected -= OFFICE_ONLY
                if name != "came" and relation != "reached":  # nobody answers what they wrote
                    expected -= {Verb.REPLY}
                assert {verb for verb in MAY if scope.can(verb, row)} == expected, f"{member}, {name}"


def test_the_abilities_of_a_row_are_the_permission_and_the_state_together(
    letters: dict[str, Letter], cast: Cast
) -> None:
    with as_viewer(cast.secretary):
        able = {name: scope.allowed_actions(Letter.objects.get(pk=row.pk)) for name, row in letters.items()}
    assert Verb.WRITE in able["draft"]
    assert Verb.WRITE not in able["issued"]
    assert Verb.DISPATCH in able["issued"]
    assert Verb.CONFIRM not in able["issued"], "it was sent to nobody yet"
    assert Verb.REFER in able["came"]
    with as_viewer(cast.park_head):
        able = {"parks": scope.allowed_actions(Letter.objects.get(pk=letters["parks"].pk))}
    assert Verb.INITIAL in able["parks"]
    assert Verb.SIGN not in able["parks"]


@pytest.mark.parametrize("model", [Letter, *CHILDREN])
def test_either_wall_alone_shows_what_the_table_says(
    model: type[Model], letters: dict[str, Letter], cast: Cast
) -> None:
    names = {row.pk: name for name, row in letters.items()}
    of = "pk" if model is Letter else "letter"
    for member, user in cast.people().items():
        expected = {name for name in letters if IS[member][name] != "-"}
        with as_viewer(user) as viewer:
            second = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
            first = {names[pk] for pk in scope.visible(model, viewer).values_list(of, flat=True)}
            with elevated():
                office = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
        assert second == expected, f"{member}: the database"
        assert first == expected, f"{member}: the application"
        if IS[member]["secret"] == "-":
            assert "secret" not in office, f"{member}: an action's role sees what its asker may not"
