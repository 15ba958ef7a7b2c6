"""The table of moves, said by the actions: every verb in every state, allowed or refused."""

from __future__ import annotations

import pytest

from backend.complaints import actions
from backend.complaints.choices import ENDS, Status
from backend.complaints.models import ComplaintLine
from backend.complaints.moves import Verb, complaint_action
from backend.core.errors import ErrorCode
from backend.core.session import system
from tests.backend.stories import NAMES, SAYING, code, in_state, prepare, say, suitable
from tests.cast import Cast
from tests.factories import make_complaint, refetch

AFTER_A_LAPSE = (Verb.RECORD_FEE, Status.WITHDRAWN)
"""Only a request that lapsed for its fee: `law/test_fee_of_information.py`."""
ALLOWED = [
    (verb, state)
    for verb in SAYING
    for state in Status
    if state in complaint_action[verb].sources and (verb, state) != AFTER_A_LAPSE
]


def test_every_verb_but_sharing_is_an_action_of_this_package() -> None:
    assert set(Verb) - set(SAYING) == {Verb.SHARE, Verb.UNSHARE, Verb.TAKE_OVER, Verb.UNDO}
    assert all(callable(getattr(actions, name)) for name in NAMES.values())


def test_every_verb_has_its_own_word_in_the_story() -> None:
    assert set(complaint_action) == set(Verb)
    assert len({action.event for action in complaint_action.values()}) == len(Verb)


@pytest.mark.parametrize(("verb", "state"), ALLOWED, ids=lambda value: value.value)
def test_an_allowed_verb_leads_where_the_table_says_and_writes_one_line(
    verb: Verb, state: Status, cast: Cast
) -> None:
    complaint = in_state(state, cast, suitable(verb))
    prepare(verb, complaint, cast)
    complaint = refetch(complaint)
    with system():
        lines = complaint.lines.count()
    say(complaint, NAMES[verb], by=cast.secretary, **SAYING[verb](complaint, cast))
    after = refetch(complaint)
    if verb is Verb.REOPEN:
        expected: str = Status.ASSIGNED if after.responsible_department_id else Status.TRIAGED
    else:
        expected = complaint_action[verb].target or state
    assert after.status == expected
    assert (after.closed_at is not None) == (expected in ENDS)
    with system():
        assert after.lines.count() == lines + 1
        line = ComplaintLine.objects.filter(complaint=after).latest("pk")
    assert (line.verb, line.from_status, line.to_status) == (complaint_action[verb].event, state, expected)
    assert line.actor_id == cast.secretary.pk


@pytest.mark.parametrize("state", list(Status), ids=lambda value: value.value)
def test_whatever_the_table_does_not_allow_is_refused_and_writes_nothing(state: Status, cast: Cast) -> None:
    complaint = in_state(state, cast, make_complaint())
    before = (complaint.status, complaint.version)
    with system():
        lines = complaint.lines.count()
    refused = [verb for verb in SAYING if state not in complaint_action[verb].sources]
    assert refused
    for verb in refused:
        params = SAYING[verb](complaint, cast)
        found = code(lambda v=verb, p=params: say(complaint, NAMES[v], by=cast.secretary, **p))
        assert found is ErrorCode.WRONG_STATE, verb
    after = refetch(complaint)
    assert (after.status, after.version) == before
    with system():
        assert after.lines.count() == lines
