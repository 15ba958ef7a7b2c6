"""Role x action x relation, written out: who may say what to which case.

Two tables, written by hand and not made from the code: what each member of the cast is to each case, and what
may be said by somebody who is that. Every member, case and verb is asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import override_settings

from backend.complaints import actions
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb, complaint_action
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from permissions.complaints import access as complaint_access
from permissions.complaints import sharing
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.factories import make_complaint

# What somebody is to a case: "-" is nothing at all, and then the case does not exist for them.
#   office  works in the private office         mayor   the private office serves them
#   head    heads the responsible department    clerk   works in the responsible department
#   helper  works in a collaborating department (its head included)
#   deputy  oversees a department that has it   reader  it is shared with them
WHO_IS_WHAT = """
                 unrouted  fen     fen+park  park    left_park  cleaning  relations  shared
secretary        office    office  office    office  office     office    office     office
office_head      office    office  office    office  office     office    office     office
mayor            mayor     mayor   mayor     mayor   mayor      mayor     mayor      mayor
fen_head         -         head    head      -       head       -         -          -
fen_clerk        -         clerk   clerk     -       clerk      -         -          -
park_head        -         -       helper    head    -          -         -          -
park_clerk       -         -       helper    clerk   -          -         -          -
deputy_mayor     -         deputy  deputy    -       deputy     deputy    -          deputy
portal           -         -       -         -       -          -         clerk      -
outsider         -         -       -         -       -          -         -          reader
administrator    -         -       -         -       -          -         -          -
"""

WHAT_IT_MAY = """
                      office  mayor  head  clerk  helper  deputy  reader
VIEW                  +       +      +     +      +       +       +
TRIAGE                +       .      .     .      .       .       .
MARK_URGENT           +       .      .     .      .       .       .
DISMISS_DANGER        +       .      .     .      .       .       .
CORRECT               +       .      .     .      .       .       .
ROUTE                 +       .      .     .      .       .       .
ADD_COLLABORATOR      +       .      +     .      .       .       .
RELEASE_COLLABORATOR  +       .      +     .      .       .       .
ACCEPT                .       .      +     +      .       .       .
RETURN                .       .      +     +      .       .       .
TAKE_OVER             .       .      +     +      .       .       .
ASSIGN                +       .      +     +      .       .       .
RELEASE               +       .      +     +      .       .       .
START                 .       .      +     +      .       .       .
PUT_ON_HOLD                  .       .      +     +      .       .       .
RESUME                .       .      +     +      .       .       .
DRAFT                 +       .      +     +      .       .       .
SUBMIT                +       .      +     +      .       .       .
SEND_BACK             +       .      A     .      .       .       .
APPROVE_AND_SEND      +       .      A     .      .       .       .
CORRECT_REPLY         +       .      A     .      .       .       .
APPROVE               +       .      A     .      .       .       .
SEND                  +       .      A     .      .       .       .
RECALL                +       .      A     .      .       .       .
UNDO                  +       .      +     +      .       .       .
RECORD_CIMER_ENTRY    +       .      A     .      .       .       .
NOTIFY_PROGRESS       +       .      +     .      .       .       .
MESSAGE               +       .      +     .      .       .       .
UNSEND                +       .      +     .      .       .       .
COMMENT               +       +      +     +      +       +       +
ATTACH                +       .      +     +      +       .       .
RECORD_POST           +       .      .     .      .       .       .
EXTEND                +       .      +     .      .       .       .
ASK_FEE               +       .      +     .      .       .       .
RECORD_FEE            +       .      +     .      .       .       .
FORWARD               +       .      .     .      .       .       .
NOTIFY_FORWARDING      +       .      .     .      .       .       .
CLOSE                 +       .      +     .      .       .       .
WITHDRAW              +       .      .     .      .       .       .
MARK_DUPLICATE        +       .      .     .      .       .       .
LINK                  +       .      .     .      .       .       .
UNLINK                +       .      .     .      .       .       .
SET_APART             +       .      .     .      .       .       .
UNSET_APART           +       .      .     .      .       .       .
ADOPT_REPLY           +       .      .     .      .       .       .
ANSWER_LINKED         +       .      .     .      .       .       .
SPLIT                 +       .      .     .      .       .       .
MARK_NOT_EXAMINABLE   +       .      .     .      .       .       .
REJECT                +       .      .     .      .       .       .
REOPEN                +       .      .     .      .       .       .
RECORD_OBJECTION               +       .      .     .      .       .       .
TAG                   +       .      +     +      .       .       .
SHARE                 +       .      +     .      .       .       .
UNSHARE               +       .      +     .      .       .       .
"""
"""+ may, . may not, A may where the setting HEAD_MAY_APPROVE says so."""


def _read(table: str) -> dict[str, dict[str, str]]:
    header, *rows = [line.split() for line in table.strip().splitlines()]
    return {name: dict(zip(header, cells, strict=True)) for name, *cells in rows}


IS = _read(WHO_IS_WHAT)
MAY = _read(WHAT_IT_MAY)
CASES = list(IS["mayor"])


def _make_case(case: str, cast: Cast) -> Complaint:
    match case:
        case "unrouted":
            return make_complaint()
        case "fen+park":
            return make_complaint(to=cast.fen, collaborators=(cast.park,))
        case "left_park":
            complaint = make_complaint(to=cast.park)
            with system():
                actions.route(complaint, to=cast.fen, by=cast.secretary)
            return complaint
        case "shared":
            complaint = make_complaint(to=cast.cleaning)
            with system():
                sharing.share(complaint, user=cast.outsider, by=cast.secretary)
            return complaint
        case _:
            return make_complaint(to=getattr(cast, case))


def _expected(member: str, case: str, *, head_may_approve: bool) -> set[str]:
    relation = IS[member][case]
    if relation == "-":
        return set()
    yes = {"+", "A"} if head_may_approve else {"+"}
    return {verb for verb, cells in MAY.items() if cells[relation] in yes}


def test_the_tables_name_every_verb_and_every_member_of_the_cast(cast: Cast) -> None:
    assert set(MAY) == {Action.VIEW.value, *(verb.value for verb in Verb)}
    assert set(IS) == set(cast.people())


@pytest.mark.parametrize("head_may_approve", [False, True], ids=["office_approves", "head_may_approve"])
@pytest.mark.parametrize("case", CASES)
def test_who_may_do_what_to_a_case(case: str, head_may_approve: bool, cast: Cast) -> None:
    complaint = _make_case(case, cast)
    with override_settings(HEAD_MAY_APPROVE=head_may_approve):
        for member, user in cast.people().items():
            with as_viewer(user):
                allowed = {verb for verb in MAY if scope.can(verb, complaint)}
            assert allowed == _expected(member, case, head_may_approve=head_may_approve), f"{member}, {case}"


@pytest.mark.parametrize("case", CASES)
def test_loading_for_a_verb_says_missing_to_those_who_do_not_see_and_forbidden_to_those_who_may_not(
    case: str, cast: Cast
) -> None:
    complaint = _make_case(case, cast)
    for member, user in cast.people().items():
        expected = _expected(member, case, head_may_approve=False)
        with as_viewer(user):
            for verb in MAY:
                answer = _answer(verb, complaint)
                refusal = ErrorCode.FORBIDDEN if IS[member][case] != "-" else ErrorCode.NOT_FOUND
                assert answer == ("loaded" if verb in expected else refusal), f"{member}, {case}, {verb}"


def _answer(verb: str, complaint: Complaint) -> str:
    try:
        scope.get(Complaint, complaint.key, action=verb)
    except DomainError as error:
        return error.code
    return "loaded"


def _in_every_state() -> Iterator[tuple[str, set[str]]]:
    states = sorted({status for move in complaint_action.values() for status in move.sources})
    for status in states:
        yield status, {verb for verb, move in complaint_action.items() if status in move.sources}


# Nobody is responsible within the unit.
# A call for service with nothing written yet: no law's notices, fees or objections, no reply, no forwarding, no link.
IDLE = {
    *(Verb.SUBMIT, Verb.RELEASE, Verb.RELEASE_COLLABORATOR, Verb.NOTIFY_PROGRESS, Verb.EXTEND, Verb.ASK_FEE),
    *(Verb.RECORD_CIMER_ENTRY, Verb.DISMISS_DANGER, Verb.RECALL, Verb.UNDO, Verb.UNSEND),
    *(Verb.RECORD_FEE, Verb.NOTIFY_FORWARDING, Verb.RECORD_OBJECTION),
    *(Verb.UNLINK, Verb.UNSET_APART, Verb.ADOPT_REPLY, Verb.ANSWER_LINKED),
}


@pytest.mark.parametrize("case", ["fen", "fen+park", "shared", "unrouted"])
def test_the_abilities_of_a_row_are_the_permission_and_the_state_together(case: str, cast: Cast) -> None:
    complaint = _make_case(case, cast)
    idle = IDLE - ({Verb.RELEASE_COLLABORATOR} if case == "fen+park" else set())
    for member, user in cast.people().items():
        permitted = _expected(member, case, head_may_approve=False) - {Action.VIEW}
        if not permitted:
            continue
        with as_viewer(user):
            row = scope.with_relations(scope.visible(Complaint)).get(pk=complaint.pk)
            for status, sayable in _in_every_state():
                row.status = status
                assert set(scope.allowed_actions(row)) == (permitted & sayable) - idle, (
                    f"{member}, {case}, {status}"
                )


def test_a_token_that_may_only_read_may_do_nothing(cast: Cast) -> None:
    complaint = _make_case("relations", cast)
    with as_viewer(cast.portal, ["READ"]):
        assert scope.get(Complaint, complaint.key) == complaint
        assert not [verb for verb in Verb if scope.can(verb, complaint)]
        assert scope.allowed_actions(complaint) == []
        with pytest.raises(DomainError) as refusal, complaint_access.authorized_to_register():
            pass
        assert refusal.value.code == ErrorCode.FORBIDDEN


def test_a_token_that_may_only_write_reads_nothing(cast: Cast) -> None:
    complaint = _make_case("relations", cast)
    with as_viewer(cast.portal, ["WRITE"]):
        assert not scope.visible(Complaint).exists()
        assert _answer(Verb.COMMENT, complaint) == ErrorCode.NOT_FOUND
        with complaint_access.authorized_to_register():
            pass


def test_whoever_works_somewhere_may_record_a_case_and_nobody_else_may(cast: Cast) -> None:
    staff = {"secretary", "office_head", "fen_head", "fen_clerk", "park_head", "park_clerk", "portal"}
    may = set()
    for member, user in cast.people().items():
        with as_viewer(user):
            try:
                with complaint_access.authorized_to_register():
                    may.add(member)
            except DomainError:
                continue
    assert may == staff
