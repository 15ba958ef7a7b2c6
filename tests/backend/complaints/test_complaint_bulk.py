"""Many cases at once, with the preview that tells the truth; and the figures."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from freezegun import freeze_time

from backend.complaints import actions, bulk
from backend.complaints.choices import Outcome, Status
from backend.complaints.law.applicable import STEP_UNDO
from backend.complaints.models import Complaint
from backend.complaints.moves import Verb, complaint_action
from backend.complaints.reporting.figures import figures
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.notifications.models import Notification
from permissions.complaints.public import PublicStep, Step, tracked
from permissions.complaints.public_status import public_status
from tests.backend.stories import in_state, replied, say
from tests.cast import Cast, as_viewer
from tests.factories import make_body, make_complaint, refetch


def test_bulk_routing_does_what_its_preview_said_and_reports_the_rest(cast: Cast) -> None:
    rows = [make_complaint(), make_complaint(to=cast.park), make_complaint(to=cast.fen)]
    rows.append(in_state(Status.CLOSED, cast, make_complaint()))
    with system():
        seen = bulk.preview(rows, Verb.ROUTE, {"to": cast.fen, "note": "Toplu"})
    assert all(refetch(row).version == row.version for row in rows)
    with system():
        done = bulk.run(rows, Verb.ROUTE, by=cast.secretary, params={"to": cast.fen, "note": "Toplu"})
    assert {row.pk for row in seen.done} == {row.pk for row in done.done} == {rows[0].pk, rows[1].pk}
    assert [str(r.error) for r in seen.refused] == [str(r.error) for r in done.refused]
    assert {r.error.code for r in done.refused} == {ErrorCode.CONFLICT, ErrorCode.WRONG_STATE}
    assert [count for _reason, count in done.reasons] == [1, 1]
    assert all(refetch(row).responsible_department_id == cast.fen.pk for row in rows[:3])


def test_bulk_closing_leaves_what_owes_something(cast: Cast) -> None:
    ready = replied(make_complaint(to=cast.fen, accepted_by=cast.fen_clerk), cast)
    fresh = make_complaint()
    forwarded = make_complaint()
    say(forwarded, "forward", by=None, to=make_body(), number="1")
    forwarded = refetch(forwarded)
    rows, params = [ready, fresh, forwarded], {"outcome": Outcome.SOLVED}
    with system():
        seen = bulk.preview(rows, Verb.CLOSE, params)
        done = bulk.run(rows, Verb.CLOSE, by=cast.secretary, params=params)
    assert [row.pk for row in seen.done] == [row.pk for row in done.done] == [ready.pk]
    assert refetch(ready).outcome == Outcome.SOLVED
    assert refetch(forwarded).status == Status.FORWARDED


def test_bulk_tagging_and_a_preview_by_somebody_who_may_only_read(cast: Cast) -> None:
    rows = [make_complaint(to=cast.fen), make_complaint(to=cast.fen)]
    with as_viewer(cast.fen_clerk):
        assert len(bulk.preview(Complaint.objects.all(), Verb.TAG, {"add": ["kış"]}).done) == 2
    with system():
        bulk.run(rows, Verb.TAG, by=cast.secretary, params={"add": ["kış"]})
    assert {tuple(refetch(row).tags) for row in rows} == {("kış",)}


def test_many_are_given_to_a_person_of_their_unit_and_the_rest_is_reported(cast: Cast) -> None:
    first, second, theirs = (make_complaint(to=cast.fen) for _ in range(3))
    say(theirs, "assign", by=cast.fen_head, person=cast.fen_clerk)
    elsewhere = make_complaint(to=cast.park)
    ended = in_state(Status.CLOSED, cast, make_complaint())
    rows, params = (
        [first, second, refetch(theirs), elsewhere, ended],
        {"person": cast.fen_clerk, "note": "Toplu"},
    )
    with system():
        seen = bulk.preview(rows, Verb.ASSIGN, params)
        assert refetch(first).assignee is None
        done = bulk.run(rows, Verb.ASSIGN, by=cast.fen_head, params=params)
    assert [row.pk for row in seen.done] == [row.pk for row in done.done] == [first.pk, second.pk]
    assert [one.error.code for one in seen.refused] == [one.error.code for one in done.refused]
    assert {one.complaint.pk: one.error.code for one in done.refused} == {
        theirs.pk: ErrorCode.CONFLICT,
        elsewhere.pk: ErrorCode.INVALID,
        ended.pk: ErrorCode.WRONG_STATE,
    }
    assert {refetch(row).assignee for row in (first, second, theirs)} == {cast.fen_clerk}
    assert refetch(elsewhere).assignee is None
    with as_viewer(cast.fen_clerk):
        about = Notification.objects.filter(text="complaints/assigned").values_list("complaint", flat=True)
        assert set(about) == {first.pk, second.pk, theirs.pk}


def test_only_some_verbs_and_only_so_many_rows_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [make_complaint(), make_complaint()]
    with pytest.raises(DomainError) as unsupported:
        bulk.preview(rows, Verb.REJECT, {})
    monkeypatch.setattr(bulk, "LIMIT", 1)
    with pytest.raises(DomainError) as over:
        bulk.preview(rows, Verb.TAG, {})
    assert (unsupported.value.code, over.value.code) == (ErrorCode.UNSUPPORTED, ErrorCode.OVER_LIMIT)


def _as_it_is(row: Complaint) -> dict[str, object]:
    """What a step that was taken back leaves as it was: everything but the version and the moment."""
    now = refetch(row)
    columns = {field.attname: getattr(now, field.attname) for field in Complaint._meta.concrete_fields}
    with system():
        routing = list(now.routings.live().values("department", "role", "accepted_at", "accepted_by"))
        reply = list(now.notices.values("status", "approved_at", "approved_by", "body"))
    return {**columns, "version": None, "routing": routing, "reply": reply}


@pytest.mark.parametrize(
    ("verb", "before", "params"),
    [
        (Verb.ROUTE, Status.NEW, {"to": "fen", "note": "Toplu"}),
        (Verb.ROUTE, Status.RETURNED, {"to": "park"}),
        (Verb.ACCEPT, Status.ASSIGNED, {}),
        (Verb.ASSIGN, Status.ASSIGNED, {"person": "fen_clerk"}),
        (Verb.APPROVE, Status.ANSWERED, {}),
        (Verb.CLOSE, Status.REPLIED, {"outcome": Outcome.SOLVED}),
    ],
    ids=lambda value: str(value) if isinstance(value, Verb | Status) else "",
)
def test_what_was_done_to_many_is_taken_back_but_for_what_was_touched_since(
    verb: Verb, before: Status, params: dict[str, object], cast: Cast
) -> None:
    rows = [in_state(before, cast, make_complaint()) for _ in range(3)]
    rows_of = {"to", "person"}
    params = {name: getattr(cast, str(value)) if name in rows_of else value for name, value in params.items()}
    left = [_as_it_is(row) for row in rows]
    with system():
        assert len(bulk.run(rows, verb, by=cast.secretary, params=params).done) == 3
        touched = refetch(rows[2])
        actions.comment(refetch(rows[1]), by=cast.secretary, body="Bir not: o bir şey değiştirmez.")
        Complaint.objects.filter(pk=touched.pk).update(version=F("version") + 1)
        others = bulk.run(rows, Verb.UNDO, by=cast.office_head, params={})
    with as_viewer(cast.secretary):
        seen = bulk.preview(Complaint.objects.filter(pk__in=[row.pk for row in rows]), Verb.UNDO, {})
    with system():
        done = bulk.run(rows, Verb.UNDO, by=cast.secretary, params={})
        again = bulk.run(rows, Verb.UNDO, by=cast.secretary, params={})
    assert (others.done, again.done) == ([], [])
    assert {row.pk for row in seen.done} == {row.pk for row in done.done} == {rows[0].pk, rows[1].pk}
    assert [(one.complaint.pk, one.error.code) for one in done.refused] == [
        (touched.pk, ErrorCode.WRONG_STATE)
    ]
    assert [_as_it_is(row) for row in rows[:2]] == left[:2]
    assert refetch(touched).status == touched.status
    assert _as_it_is(touched) != left[2]
    with system():
        newest = list(rows[0].lines.order_by("-at", "-pk").values_list("verb", flat=True)[:2])
    assert newest == ["undone", complaint_action[verb].event]


def test_after_half_a_minute_a_step_stands(cast: Cast) -> None:
    row = make_complaint(to=cast.fen)
    with freeze_time(timezone.now() - STEP_UNDO):
        say(row, "accept", by=cast.fen_clerk)
    with pytest.raises(DomainError) as refusal:
        say(row, "undo", by=cast.fen_clerk)
    assert refusal.value.code == ErrorCode.WRONG_STATE
    assert refetch(row).status == Status.ACCEPTED


def test_a_person_is_responsible_no_more_and_who_was_is_again(cast: Cast) -> None:
    row = make_complaint(to=cast.fen)
    say(row, "assign", by=cast.fen_head, person=cast.fen_clerk)
    say(row, "assign", by=cast.fen_clerk, person=cast.fen_head)
    say(row, "undo", by=cast.fen_clerk)
    assert refetch(row).assignee == cast.fen_clerk


def test_only_a_first_routing_is_taken_back(cast: Cast) -> None:
    """A unit that had the case has lost sight of it, and what it had drafted is set aside: that is routed anew."""
    row = make_complaint(to=cast.park)
    say(row, "route", by=cast.secretary, to=cast.fen)
    with pytest.raises(DomainError) as refusal:
        say(row, "undo", by=cast.secretary)
    assert refusal.value.code == ErrorCode.WRONG_STATE
    assert "geri alınabilen bir adım değildir" in str(refusal.value)
    assert refetch(row).responsible_department == cast.fen


def test_a_citizen_reads_no_end_that_was_taken_back(cast: Cast) -> None:
    row = replied(make_complaint(to=cast.fen, accepted_by=cast.fen_clerk), cast)
    steps = [step.kind for step in _tracked(row)]
    say(row, "close", by=cast.secretary, outcome=Outcome.SOLVED)
    assert [step.kind for step in _tracked(row)] == [*steps, PublicStep.CLOSED]
    with system():
        closed = public_status(refetch(row))
    say(row, "undo", by=cast.secretary)
    assert [step.kind for step in _tracked(row)] == steps
    with system():
        assert public_status(refetch(row)) != closed


def _tracked(row: Complaint) -> list[Step]:
    found = tracked(row.tracking_code)
    assert found is not None
    return found.steps


def test_withdrawn_forwarded_and_duplicate_cases_are_in_no_share(cast: Cast) -> None:
    for outcome in (Outcome.SOLVED, Outcome.SOLVED, Outcome.INFORMED):
        row = replied(make_complaint(to=cast.fen, accepted_by=cast.fen_clerk), cast)
        say(row, "close", by=None, outcome=outcome)
    first = make_complaint()
    say(make_complaint(), "withdraw", by=None)
    say(make_complaint(), "mark_duplicate", by=None, of=first)
    forwarded = make_complaint(applicant=None)
    say(forwarded, "forward", by=None, to=make_body(), number="1")
    say(forwarded, "close", by=None)
    with system():
        found = figures(Complaint.objects.all())
    assert (found.closed, found.countable, found.solved) == (6, 3, 2)
    assert found.solved_share == pytest.approx(2 / 3)
    assert found.open == 1


def test_the_figures_of_a_day_and_of_what_one_may_see(cast: Cast) -> None:
    with freeze_time("2026-11-24T09:00:00Z"):
        make_complaint()  # target 3 December
        at_fen = make_complaint(to=cast.fen)
        answered = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
        replied(answered, cast)
    day = dt.date(2026, 12, 3)
    with system():
        now, later = (
            figures(Complaint.objects.all(), on=day),
            figures(Complaint.objects.all(), on=dt.date(2026, 12, 4)),
        )
        none = figures(Complaint.objects.none())
    assert (now.open, now.new, now.unrouted, now.due_today, now.late) == (3, 1, 1, 2, 0)
    assert (later.due_today, later.late) == (0, 2)
    assert none.solved_share is None
    with as_viewer(cast.fen_clerk):
        assert figures(Complaint.objects.all(), on=day).open == 2
    assert at_fen.target_on == day


MOST_OF_A_ROW = 20
BEFORE = {
    Verb.ACCEPT: Status.ASSIGNED,
    Verb.APPROVE: Status.ANSWERED,
    Verb.ROUTE: Status.NEW,
    Verb.ASSIGN: Status.ASSIGNED,
    Verb.CLOSE: Status.REPLIED,
    Verb.TAG: Status.ASSIGNED,
    Verb.UNDO: Status.ASSIGNED,
}
ASKED: dict[Verb, dict[str, Any]] = {
    Verb.ROUTE: {"to": "fen", "note": "Toplu"},
    Verb.ASSIGN: {"person": "fen_clerk"},
    Verb.CLOSE: {"outcome": Outcome.SOLVED},
    Verb.TAG: {"add": ["kış"]},
}


def test_every_verb_for_many_is_counted_below() -> None:
    assert set(BEFORE) == {verb for verb, action in complaint_action.items() if action.preview is not None}


def test_the_refusals_of_many_ends_are_found_without_asking_for_each(cast: Cast) -> None:
    """An end that only a reply with a remedy may have, and one that a forwarded case may not have."""
    counts = []
    for number in (2, 20):
        rows = [in_state(Status.REPLIED, cast, make_complaint()) for _ in range(number)]
        forwarded = [make_complaint() for _ in range(number)]
        for row in forwarded:
            say(row, "forward", by=None, to=make_body(), number="1")
        keys = [row.pk for row in (*rows, *forwarded)]
        for outcome, refused in ((Outcome.NOT_POSSIBLE, 2 * number), (None, 2 * number)):
            with as_viewer(cast.secretary), CaptureQueriesContext(connection) as asked:
                seen = bulk.preview(Complaint.objects.filter(pk__in=keys), Verb.CLOSE, {"outcome": outcome})
            assert (len(seen.done), len(seen.refused)) == (0, refused)
            counts.append(len(asked))
    assert counts[:2] == counts[2:]


@pytest.mark.parametrize("verb", BEFORE, ids=str)
def test_many_cost_what_is_theirs_and_ask_nothing_twice(verb: Verb, cast: Cast) -> None:
    """The preview asks as many questions of twenty as of two, but for what was just done by whom; the deed asks none
    twice, and of each row no more than of the others."""
    params = {name: getattr(cast, str(value), value) for name, value in ASKED.get(verb, {}).items()}
    by, looked, done = cast.secretary, [], []
    for number in (2, 20):
        rows = [in_state(BEFORE[verb], cast, make_complaint()) for _ in range(number)]
        if verb is Verb.UNDO:
            with system():
                bulk.run(rows, Verb.ACCEPT, by=by, params={})
        keys = [row.pk for row in rows]
        with as_viewer(by), CaptureQueriesContext(connection) as preview:
            seen = bulk.preview(Complaint.objects.filter(pk__in=keys), verb, params)
        with system(), CaptureQueriesContext(connection) as run:
            effect = bulk.run(rows, verb, by=by, params=params)
        assert len(seen.done) == len(effect.done) == number
        looked.append(len(preview))
        done.append(run)
    assert looked[1] == looked[0] + (18 if verb is Verb.UNDO else 0)
    asked = Counter(one["sql"] for one in done[1] if one["sql"].startswith("SELECT"))
    assert {sql: times for sql, times in asked.items() if times > 1} == {}
    assert (len(done[1]) - len(done[0])) % 18 == 0
    assert (len(done[1]) - len(done[0])) // 18 <= MOST_OF_A_ROW
