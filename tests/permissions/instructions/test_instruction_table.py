"""Role x verb x relation for instructions, written out by hand, on each wall alone; confidential goes round nothing."""

from __future__ import annotations

import pytest
from django.db.models import Model

from backend.core.session import elevated, system
from backend.instructions.models import (
    Collaboration,
    Instruction,
    InstructionAttachment,
    InstructionLine,
    InstructionReader,
)
from backend.instructions.moves import Verb, instruction_action
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.permissions.walls.world import populate_instructions

# "-" is nothing at all, and then it does not exist for them. The last three are confidential.
WHO_IS_WHAT = """
               mayors_fen  mayors_park+fen  deputys_park  cleaning  secret_park  mayors_own  deputys_secret
secretary      decider     decider          decider       decider   decider      -           -
office_head    decider     decider          decider       decider   -            -           -
mayor          decider     decider          served        decider   decider      decider     -
fen_head       head        helper           -             -         -            -           reader
fen_clerk      worker      helper           decider       -         -            -           decider
park_head      -           head             head          -         head         -           -
park_clerk     -           worker           worker        -         worker       -           -
deputy_mayor   overseer    overseer         decider       overseer  overseer     -           decider
portal         -           -                -             -         -            worker      worker
outsider       -           -                -             doer      -            -           -
administrator  -           -                -             -         -            -           -
"""
WHAT_IT_MAY = """
                      decider  served  head  worker  helper  overseer  doer  reader
VIEW                  +        +       +     +       +       +         +     +
ACKNOWLEDGE           .        .       +     +       .       .         +     .
REPORT                .        .       +     +       .       .         +     .
NOTE                  +        .       +     +       +       +         +     .
REQUEST_EXTENSION              .        .       +     +       .       .         +     .
REFUSE                .        .       +     .       .       .         +     .
ACCEPT                +        .       .     .       .       .         .     .
SEND_BACK             +        .       .     .       .       .         .     .
GRANT_EXTENSION            +        .       .     .       .       .         .     .
REJECT_EXTENSION             +        .       .     .       .       .         .     .
INSIST                +        .       .     .       .       .         .     .
REASSIGN             +        .       .     .       .       .         .     .
CONFIRM               +        .       .     .       .       .         .     .
CORRECT               +        .       .     .       .       .         .     .
ADD_COLLABORATOR      +        .       .     .       .       .         .     .
RELEASE_COLLABORATOR  +        .       .     .       .       .         .     .
ATTACH                +        .       +     +       +       .         +     .
CONCEAL               +        .       .     .       .       .         .     .
DISCLOSE              +        .       .     .       .       .         .     .
NAME_READER           +        .       .     .       .       .         .     .
UNNAME_READER         +        .       .     .       .       .         .     .
WITHDRAW              +        .       .     .       .       .         .     .
REOPEN                +        .       .     .       .       .         .     .
"""


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS, MAY = _read(WHO_IS_WHAT), _read(WHAT_IT_MAY)
CHILDREN: list[type[Model]] = [InstructionLine, InstructionAttachment, Collaboration, InstructionReader]
HELPED, SECRET = {"mayors_park+fen", "secret_park"}, {"secret_park", "mayors_own", "deputys_secret"}


@pytest.fixture
def instructions(cast: Cast) -> dict[str, Instruction]:
    return populate_instructions(cast)


def test_the_tables_name_every_verb_and_every_member_of_the_cast(cast: Cast) -> None:
    assert set(MAY) == {Action.VIEW.value, *(verb.value for verb in Verb)}
    assert set(IS) == set(cast.people())
    assert set(instruction_action) == set(Verb)


def test_who_may_do_what_to_an_instruction(instructions: dict[str, Instruction], cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for name, row in instructions.items():
                relation = IS[member][name]
                expected = (
                    set() if relation == "-" else {v for v, cells in MAY.items() if cells[relation] == "+"}
                )
                assert {verb for verb in MAY if scope.can(verb, row)} == expected, f"{member}, {name}"


def test_the_list_and_each_row_say_the_same_of_what_may_be_done(
    instructions: dict[str, Instruction], cast: Cast
) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            for annotated in scope.with_relations(scope.visible(Instruction)):
                alone = Instruction.objects.get(pk=annotated.pk)
                assert scope.allowed_actions(annotated) == scope.allowed_actions(alone), member
                assert all(scope.can(verb, alone) for verb in scope.allowed_actions(annotated)), member


@pytest.mark.parametrize("model", [Instruction, *CHILDREN])
def test_either_wall_alone_shows_what_the_table_says(
    model: type[Model], instructions: dict[str, Instruction], cast: Cast
) -> None:
    names = {row.pk: name for name, row in instructions.items()}
    of = "pk" if model is Instruction else "instruction"
    there = {Collaboration: HELPED, InstructionReader: SECRET}.get(model, set(instructions))
    for member, user in cast.people().items():
        expected = {name for name in there if IS[member][name] != "-"}
        with as_viewer(user) as viewer:
            second = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
            first = {names[pk] for pk in scope.visible(model, viewer).values_list(of, flat=True)}
            with elevated():
                office = {names[pk] for pk in model._default_manager.values_list(of, flat=True)}
        assert second == expected, f"{member}: the database"
        assert first == expected, f"{member}: the application"
        hidden = {name for name in SECRET if IS[member][name] == "-"}
        assert not hidden & office, f"{member}: an action's role sees what its asker may not"


def test_the_house_itself_sees_no_confidential_instruction(instructions: dict[str, Instruction]) -> None:
    with system():
        seen = set(Instruction.objects.values_list("pk", flat=True))
    assert seen == {row.pk for name, row in instructions.items() if name not in SECRET}


def test_who_records_for_whom(cast: Cast) -> None:
    expected = {
        "secretary": {cast.mayors, cast.deputys},
        "office_head": {cast.mayors, cast.deputys},
        "mayor": {cast.mayors},
        "fen_clerk": {cast.deputys},
        "deputy_mayor": {cast.deputys},
    }
    for member, user in cast.people().items():
        with as_viewer(user) as viewer:
            found = {row for row in (cast.mayors, cast.deputys) if scope.can(Action.INSTRUCT, row, viewer)}
        assert found == expected.get(member, set()), member
