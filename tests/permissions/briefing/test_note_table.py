"""Role x action x relation for departments' notes, written out by hand; who reads what is prepared for an entry."""

from __future__ import annotations

import pytest

from backend.core.session import elevated, system
from backend.programme import actions
from backend.programme.models import DepartmentNote, Entry, Preparation
from backend.programme.note_moves import NoteVerb, note_action
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.days import day
from tests.permissions.walls.world import populate_programmes

# What somebody is to the note of an entry: "-" is nothing at all, and then it does not exist for them.
#   asks     keeps the programme; may write down what is said on the telephone too
#   own      it is for them
#   writes   works in the department that is asked: Fen for `mayors`, Park for the others
#   looks    sees the entry otherwise than by taking part, or oversees the department
# The last two became confidential after they were asked for: keeper and mayor, and keeper and outsider, are named.
WHO_IS_WHAT = """
                 mayors  deputys  mayors+park_clerk  deputys+park_clerk  mayors_concealed  deputys_concealed
secretary        asks    looks    asks               looks               asks              -
office_head      looks   looks    looks              looks               -                 -
mayor            own     looks    own                looks               own               -
fen_head         writes  looks    -                  looks               -                 -
fen_clerk        writes  asks     -                  asks                -                 asks
park_head        -       writes   writes             writes              -                 -
park_clerk       -       writes   writes             writes              -                 -
deputy_mayor     looks   own      -                  own                 -                 -
portal           -       -        -                  -                   -                 -
outsider         -       -        -                  -                   -                 looks
administrator    -       -        -                  -                   -                 -
"""
MAY = {
    "asks": {"VIEW", *(verb.value for verb in NoteVerb)},
    "own": {"VIEW", "RETURN", "ASK_AGAIN", "WITHDRAW"},
    "writes": {"VIEW", "WRITE"},
    "looks": {"VIEW"},
    "-": set(),
}


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS = _read(WHO_IS_WHAT)


@pytest.fixture
def notes(cast: Cast) -> dict[str, DepartmentNote]:
    """By the name of their entry."""
    from tests.factories import at, make_entry

    entries = {
        name: entry
        for name, entry in populate_programmes(cast).items()
        if not name.endswith(("own", "secret"))
    }
    for name, principal, keeper, reader in (
        ("mayors_concealed", cast.mayors, cast.secretary, cast.mayor),
        ("deputys_concealed", cast.deputys, cast.fen_clerk, cast.outsider),
    ):
        entry = make_entry(principal, name, at(day(7), "10:00"), by=keeper)
        with scope.session(keeper), scope.authorized("ASK_NOTE", Entry, entry.key) as row:
            actions.prepare(row, by=keeper, talking_points="Konuşma notu")
            actions.ask_note(row, by=keeper, department=cast.park, question="?", due_at=row.starts_at)
            actions.mark_confidential(row, by=keeper, readers=[reader])
        entries[name] = entry
    found = {}
    for name, entry in entries.items():
        keeper = cast.fen_clerk if name.startswith("deputys") else cast.secretary
        with scope.session(keeper):
            found[name] = DepartmentNote.objects.get(entry=entry)
    return found


def test_the_table_names_every_member_of_the_cast_and_every_verb(cast: Cast) -> None:
    assert set(IS) == set(cast.people())
    assert set(note_action) == set(NoteVerb)


def test_who_may_do_what_to_a_note(notes: dict[str, DepartmentNote], cast: Cast) -> None:
    for member, user in cast.people().items():
        with as_viewer(user):
            rows = {row.pk: row for row in scope.with_relations(scope.visible(DepartmentNote))}
            for name, note in notes.items():
                may = MAY[IS[member][name]]
                allowed = {verb for verb in (Action.VIEW, *NoteVerb) if scope.can(verb, note)}
                assert allowed == may, f"{member}, {name}"
                assert (note.pk in rows) == ("VIEW" in may), f"{member}, {name}"
                if note.pk in rows:
                    rows[note.pk].status = "WRITTEN"
                    assert set(scope.allowed_actions(rows[note.pk])) == may & {"WRITE", "RETURN"}, (
                        f"{member}, {name}"
                    )


def test_either_wall_alone_shows_what_the_table_says(notes: dict[str, DepartmentNote], cast: Cast) -> None:
    names = {note.pk: name for name, note in notes.items()}
    for member, user in cast.people().items():
        expected = {name for name in notes if IS[member][name] != "-"}
        with as_viewer(user) as viewer:
            second = {names[pk] for pk in DepartmentNote.objects.values_list("pk", flat=True) if pk in names}
            with elevated():
                found = scope.visible(DepartmentNote, viewer).values_list("pk", flat=True)
                first = {names[pk] for pk in found if pk in names}
                office = {
                    names[pk] for pk in DepartmentNote.objects.values_list("pk", flat=True) if pk in names
                }
        assert second == expected, member
        # As an action sees it: what the house may see, of which an entry that became confidential is no part.
        assert first == expected, member
        hidden = {name for name in notes if name.endswith("concealed") and IS[member][name] == "-"}
        assert not office & hidden, f"{member}: an action's role sees what its asker may not"


def test_who_takes_part_does_not_read_what_is_prepared(notes: dict[str, DepartmentNote], cast: Cast) -> None:
    for member, user in cast.people().items():
        # A note's department is no reader of the entry.
        expected = {
            name
            for name in notes
            if IS[member][name] in {"asks", "own"}
            or (IS[member][name] == "looks" and (member, name) != ("deputy_mayor", "mayors"))
        }
        expected |= {"deputys", "deputys+park_clerk"} & set(notes) if member == "fen_head" else set()
        with as_viewer(user) as viewer:
            names = {note.entry_id: name for name, note in notes.items()}
            second = {names[pk] for pk in Preparation.objects.values_list("entry", flat=True) if pk in names}
            first = {
                names[pk]
                for pk in scope.visible(Preparation, viewer).values_list("entry", flat=True)
                if pk in names
            }
        assert (first, second) == (expected, expected), member


def test_a_job_of_the_house_chases_no_note_of_a_confidential_entry(
    notes: dict[str, DepartmentNote], cast: Cast
) -> None:
    with system():
        seen = set(DepartmentNote.objects.values_list("pk", flat=True))
    assert not seen & {notes["mayors_concealed"].pk, notes["deputys_concealed"].pk}
