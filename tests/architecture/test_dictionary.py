"""Names that the dictionary of the code replaced do not come back: neither as definitions nor as imports or attributes.

`GONE` are distinctive names, refused everywhere. `GONE_AT` are words that are right elsewhere (a step of an agenda, the
line of a calendar) and are refused at module level, and in classes, of the modules named with them.
"""

from __future__ import annotations

import ast
import fnmatch
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = (
    "admin_ui",
    "backend",
    "benchmarks",
    "permissions",
    "schema",
    "tests",
    "website",
)

_GONE = """
Deed DEEDS DeedForm StepsAdmin abilities abilities_sql Saying SAYINGS Moves Move Happened TELLS
line_tells Happening note_reading taking_along key_lost key_seen Brought borne imagined acting_on
Beyond EVERYWHERE found_along own_numbers unhurried foretell Rehearsal way_to_tell_the_end
tell_the_end reply_in_the_making set_reply_aside untold_reason told_at told_by told_on Means Turn
bouncing bounces reread row_again InOrder Sight sight_of NotSymbolicError CannotMoveError Told Heap
ShownList ShownTable Shown twins at_door DoorMiddleware HANDS DOORS EARS spending Spent Given
GivenAnswer refusal_of Keyed LookedUp KeptFile kept_array queue_up keep_in_step Forgetting
ForgettingStatus Teller held_file gates sorry letters_made letter_handed letter_standing
letter_wording happenings clocking
"""
GONE = frozenset(_GONE.split())
GONE_AT = {
    "says said told given": "schema/core/* schema/*/inputs.py schema/*/mutations.py backend/core/*",
    "Saying leaving": "backend/*",
    "Record Reading Line": "backend/journal/*",
    "Place here": "backend/journal/* schema/stream/*",
    "Step DeedForm": "admin_ui/*",
    "Reach following": "permissions/core/*",
    "standing": "permissions/complaints/* backend/letters/*",
    "bearing acting registering making every top": "permissions/*",
    "together Way ways": "permissions/complaints/* permissions/search/*",
    "NOBODY restored rehearsed": "backend/core/* permissions/core/*",
    "rehearsing telling tell": "backend/*/actions/* backend/notifications/* permissions/* schema/*",
    "turn_of": "backend/complaints/* schema/complaints/*",
    "One recipes again standing_for": "schema/*",
    "stand_in Text": "backend/core/*",
    "Asked": "admin_ui/* permissions/*",
    "hall door": "admin_ui/appointments/* admin_ui/events/* admin_ui/shell/* schema/http/* schema/stream/*",
    "AGAIN follower Follower by_hand": "schema/stream/*",
    "spend admit": "permissions/portals/* schema/http/*",
    "answered": "permissions/* schema/core/* schema/http/*",
    "repeated trusted Gate refusals refuse": "schema/*",
    "_strike_out forgetting": "backend/retention/* admin_ui/retention/*",
    "likeness reaching knowing belonging arriving sorting house": "backend/*",
    "beside borrowed plain": "admin_ui/*",
}
_API = """
appointmentTurn appointmentMiss appointmentSeeOut appointmentSettle appointmentTakeOff
appointmentPutOnPublicDay programmeEntryConceal programmeEntryDisclose engagementEquip
engagementMinute agreementOblige eventGather guestTakeOff instructionAskTime instructionGrantTime
instructionDenyTime instructionReaddress complaintContest complaintWait complaintInformForwarded
NoticeMeans AppointmentMeans InvitationMeans LetterMeans toldAt toldBy toldOn untoldReason READ_ANEW
bounces bouncing forgetting forgettings Forgetting HallChange hallChanged
"""


def _names(tree: ast.Module) -> Iterator[tuple[str, int, bool]]:
    """(name, line, whether it is defined at the level of the module or of a class)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef):
            yield from ((name, line, True) for name, line in _defined(node.body))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno, False
        elif isinstance(node, ast.alias):
            yield from ((_last(name), node.lineno, False) for name in (node.name, node.asname) if name)
        elif isinstance(node, ast.ImportFrom):
            yield _last(node.module or ""), node.lineno, False
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.lineno, False
        elif isinstance(node, ast.arg | ast.keyword):
            yield node.arg or "", node.lineno, False


def _defined(body: list[ast.stmt]) -> Iterator[tuple[str, int]]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in [*targets, *([node.target] if isinstance(node, ast.AnnAssign) else [])]:
            names = (name for name in ast.walk(target) if isinstance(name, ast.Name))
            yield from ((name.id, node.lineno) for name in names)


def _last(dotted: str) -> str:
    return dotted.rpartition(".")[2]


def _refused_at(path: str) -> frozenset[str]:
    return frozenset(
        word
        for words, places in GONE_AT.items()
        if any(fnmatch.fnmatchcase(path, place) for place in places.split())
        for word in words.split()
    )


def faults(path: str, text: str) -> list[str]:
    """The names in a module that the dictionary replaced."""
    here, stem = _refused_at(path), Path(path).stem
    found = [f"{path}: {stem}"] if stem in GONE | here else []
    for name, line, is_defined in _names(ast.parse(text)):
        if name in GONE or (is_defined and name in here):
            found.append(f"{path}:{line}: {name}")
    return sorted(set(found))


@pytest.mark.parametrize("package", PACKAGES)
def test_no_name_that_was_replaced_comes_back(package: str) -> None:
    found = []
    for file in sorted((ROOT / package).rglob("*.py")):
        path = file.relative_to(ROOT)
        if "migrations" not in path.parts and path != Path(__file__).relative_to(ROOT):
            found += faults(str(path), file.read_text(encoding="utf-8"))
    assert found == []


def test_no_name_of_the_api_that_was_replaced_comes_back() -> None:
    words = set(re.findall(r"\w+", (ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8")))
    old_events = {
        word for word in words if word.endswith("Happened") and word[0].isupper() and word != "Happened"
    }
    assert words & set(_API.split()) | old_events == set()


@pytest.mark.parametrize(
    "text",
    [
        "class Deed: ...",
        "from permissions.core.scope import abilities",
        "scope.abilities(row)",
        "def f(told_at): ...",
        "f(told_at=1)",
    ],
)
def test_each_way_to_name_it_is_seen(text: str) -> None:
    assert faults("backend/x.py", text)


def test_a_word_that_is_right_elsewhere_is_refused_only_where_it_was_replaced() -> None:
    assert faults("backend/journal/models.py", "class Line: ...")
    assert not faults("backend/calendars/writing.py", "class Line: ...")
