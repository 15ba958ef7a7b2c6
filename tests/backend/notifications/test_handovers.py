"""Every handover is told to the next hands, to nobody else, and settled when one of them does what it asks for."""

from __future__ import annotations

import datetime as dt

import pytest

from backend.appointments import actions as appointments
from backend.appointments.choices import Channel as Way
from backend.appointments.choices import Kind as RequestKind
from backend.complaints.choices import Priority
from backend.core.errors import DomainError
from backend.core.session import elevated, system
from backend.letters import actions as letters
from backend.letters.actions.writing import Initialling
from backend.notifications.models import Notification
from backend.organization.models import User
from backend.outbox.models import Message
from permissions.core import grants, scope
from permissions.core.viewer import WORK
from permissions.models import DepartmentGrant
from permissions.notifications import sending
from tests.backend.stories import say
from tests.cast import Cast
from tests.factories import LONG_AGO, make_complaint, make_letter, refetch


def _unseen(person: User) -> list[str]:
    """The texts of what somebody has not seen, in order."""
    with scope.session(person):
        return list(
            scope.visible(Notification.objects.unseen()).order_by("pk").values_list("text", flat=True)
        )


def _everybody(cast: Cast) -> dict[str, list[str]]:
    told = {name: _unseen(person) for name, person in cast.people().items()}
    return {name: texts for name, texts in told.items() if texts}


def _see(person: User) -> None:
    with scope.session(person), elevated():
        Notification.objects.filter(user=person).update(seen_at=dt.datetime.now(dt.UTC))


def test_a_case_goes_from_hand_to_hand_and_each_pair_learns_of_it(cast: Cast) -> None:
    case = make_complaint("Yayla Sokak'ta çukur", to=cast.fen, by=cast.secretary)
    assert _everybody(cast) == {"fen_clerk": ["complaints/routed"], "fen_head": ["complaints/routed"]}
    say(case, "accept", by=cast.fen_clerk)
    assert _everybody(cast) == {}, "one has taken it on: nobody else is asked for it"
    say(case, "start", by=cast.fen_clerk)
    say(case, "draft", by=cast.fen_clerk, body="Onarıldı.")
    say(case, "submit", by=cast.fen_clerk)
    assert _everybody(cast) == {
        "secretary": ["complaints/submitted"],
        "office_head": ["complaints/submitted"],
    }
    say(case, "send_back", by=cast.secretary, reason="Gün yazınız.")
    assert _everybody(cast) == {"fen_clerk": ["complaints/sent_back"]}, "who wrote it"
    say(case, "submit", by=cast.fen_clerk)
    say(case, "approve", by=cast.office_head)
    assert _everybody(cast) == {"fen_clerk": ["complaints/approved"]}


def test_what_moves_no_case_on_leaves_the_reply_waiting_for_who_approves(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    for verb, more in (("accept", {}), ("start", {}), ("draft", {"body": "Onarıldı."}), ("submit", {})):
        say(case, verb, by=cast.fen_clerk, **more)
    say(case, "take_over", by=cast.fen_clerk)
    say(case, "correct", by=cast.secretary, place="Yayla Sokak 12")
    say(case, "mark_urgent", by=cast.secretary)
    assert _unseen(cast.office_head) == ["complaints/submitted"], "nobody has decided on it"
    say(case, "approve", by=cast.secretary)
    assert _unseen(cast.office_head) == []


def test_a_step_that_is_taken_back_announces_nothing_and_asks_again(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    say(case, "assign", by=cast.fen_head, person=cast.fen_clerk)
    say(case, "undo", by=cast.fen_head)
    assert "complaints/assigned" not in _unseen(cast.fen_clerk)
    say(case, "accept", by=cast.fen_clerk)
    assert _unseen(cast.fen_head) == []
    say(case, "undo", by=cast.fen_clerk)
    assert _unseen(cast.fen_head) == ["complaints/routed"]
    for verb, more in (("accept", {}), ("start", {}), ("draft", {"body": "Onarıldı."}), ("submit", {})):
        say(case, verb, by=cast.fen_clerk, **more)
    say(case, "approve", by=cast.secretary)
    assert (_unseen(cast.fen_clerk), _unseen(cast.office_head)) == (["complaints/approved"], [])
    say(case, "undo", by=cast.secretary)
    assert _everybody(cast) == {"office_head": ["complaints/submitted"]}


def test_what_was_announced_before_the_step_stays(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    _see(cast.fen_clerk)
    _see(cast.fen_head)
    say(case, "assign", by=cast.secretary, person=cast.fen_clerk)
    say(case, "assign", by=cast.secretary, person=cast.fen_head)
    say(case, "undo", by=cast.secretary)
    assert _everybody(cast) == {"fen_clerk": ["complaints/assigned"]}


def test_a_returned_case_whose_new_routing_is_taken_back_is_the_offices_again(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    say(case, "return_", by=cast.fen_clerk, reason="Bizim değil.")
    say(case, "route", by=cast.secretary, to=cast.park)
    assert _unseen(cast.office_head) == []
    say(case, "undo", by=cast.secretary)
    assert _unseen(cast.office_head) == ["complaints/returned"]


def test_a_case_that_ended_asks_nobody_for_anything_and_is_in_no_digest(cast: Cast) -> None:
    with system():
        User.objects.filter(pk=cast.fen_head.pk).update(email="fen.mudur@example.org")
    case = make_complaint(to=cast.fen)
    say(case, "withdraw", by=None)
    assert "complaints/routed" not in [text for texts in _everybody(cast).values() for text in texts]
    assert sending.deliver(dt.datetime.now(dt.UTC) + dt.timedelta(days=1)) == 0


def test_a_head_who_works_in_the_unit_too_is_told_once(cast: Cast) -> None:
    with system():
        grants.give(cast.fen_head, WORK, cast.fen, by=None, valid_from=LONG_AGO)
    make_complaint(to=cast.fen)
    assert _unseen(cast.fen_head) == ["complaints/routed"]


def test_what_is_handed_over_reaches_no_closed_account(cast: Cast) -> None:
    with system():
        User.objects.filter(pk=cast.fen_clerk.pk).update(is_active=False)
    make_complaint(to=cast.fen)
    with system():
        User.objects.filter(pk=cast.fen_clerk.pk).update(is_active=True)
    assert (_unseen(cast.fen_clerk), _unseen(cast.fen_head)) == ([], ["complaints/routed"])


def test_what_is_returned_is_the_offices_and_who_acts_is_not_told_of_it(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    say(case, "return_", by=cast.fen_head, reason="Bizde değil.")
    assert _everybody(cast) == {"secretary": ["complaints/returned"], "office_head": ["complaints/returned"]}
    say(case, "route", by=cast.secretary, to=cast.park, collaborators=[cast.fen])
    assert _everybody(cast) == {
        "park_clerk": ["complaints/routed"],
        "park_head": ["complaints/routed"],
        "fen_clerk": ["complaints/collaborate"],
        "fen_head": ["complaints/collaborate"],
    }


def test_an_urgent_case_is_told_to_the_whole_unit_at_any_hour(cast: Cast) -> None:
    make_complaint(to=cast.fen, priority=Priority.URGENT)
    for person in (cast.fen_clerk, cast.fen_head):
        assert _unseen(person) == ["complaints/urgent"]
        with scope.session(person):
            assert scope.visible(Notification).get().is_urgent


def test_the_writer_who_left_hears_no_more_and_the_unit_does(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    for verb, more in (("accept", {}), ("start", {}), ("draft", {"body": "Onarıldı."}), ("submit", {})):
        say(case, verb, by=cast.fen_clerk, **more)
    with system():
        _leave(cast.fen_clerk)
    say(case, "send_back", by=cast.secretary, reason="Gün yazınız.")
    assert _everybody(cast).get("fen_head") == ["complaints/sent_back"]
    assert _unseen(cast.fen_clerk) == []


def _leave(person: User) -> None:
    for grant in DepartmentGrant.dated.filter(user=person, permission__codename=WORK):
        grants.take(grant, by=None)


def test_a_note_is_for_the_other_side_and_for_who_wrote_before(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    _see(cast.fen_head)
    _see(cast.fen_clerk)
    say(case, "comment", by=cast.fen_clerk, body="Asfalt bekleniyor.")
    assert _everybody(cast) == {"secretary": ["complaints/noted"], "office_head": ["complaints/noted"]}
    say(case, "comment", by=cast.mayor, body="Ne zaman?")
    assert _unseen(cast.fen_clerk) == ["complaints/noted"]
    assert _unseen(cast.mayor) == []


def test_what_fails_tells_nobody(cast: Cast) -> None:
    case = make_complaint(to=cast.fen)
    before = _everybody(cast)
    with pytest.raises(DomainError):
        say(case, "route", by=cast.secretary, to=cast.fen)
    assert _everybody(cast) == before


def test_of_twenty_cases_at_once_one_mail_says_all(cast: Cast) -> None:
    with system():
        User.objects.filter(pk=cast.fen_head.pk).update(email="fen.mudur@example.org")
    cases = [make_complaint(to=cast.fen) for _each in range(20)]
    assert sending.deliver() == 0, "of what comes by the dozen the mail is a digest"
    assert sending.deliver(dt.datetime.now(dt.UTC) + dt.timedelta(days=1)) == 1
    with system():
        (mail,) = Message.objects.filter(address="fen.mudur@example.org")
    assert all(case.reference in mail.body for case in cases)


def test_a_letter_tells_whose_turn_it_is_and_its_writer_what_became_of_it(cast: Cast) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, steps=[Initialling(cast.office_head)])
    with system():
        letters.submit(refetch(letter), by=cast.secretary)
    assert _everybody(cast) == {"office_head": ["letters/to_initial"]}
    with system():
        letters.initial(refetch(letter), by=cast.office_head)
    assert _everybody(cast) == {"mayor": ["letters/to_sign"]}
    with system():
        letters.send_back(refetch(letter), by=cast.mayor, reason="Kısa yazınız.")
    assert _everybody(cast) == {"secretary": ["letters/sent_back"]}


def test_a_request_tells_who_keeps_the_programme(cast: Cast) -> None:
    with system():
        appointments.receive(
            cast.mayors,
            by=cast.office_head,
            channel=Way.INTERNAL,
            kind=RequestKind.values[0],
            subject="Görüşme",
            requested_by=cast.fen_head,
        )
    assert _everybody(cast) == {"secretary": ["appointments/requested"]}
