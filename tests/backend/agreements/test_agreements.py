"""Agreements with partners: parties, the council's decision, obligations, renewal, warnings once each."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from backend.agreements import actions
from backend.agreements.choices import Status
from backend.agreements.jobs import warn
from backend.agreements.models import Agreement, Obligation
from backend.agreements.moves import Verb, agreement_action
from backend.agreements.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.organization.models import User
from backend.outbox.models import Message
from tests.cast import Cast
from tests.factories import make_agreement, make_organisation, refetch
from tests.harness.notifications import deliver_notifications

DAY = dt.timedelta(days=1)


def refused(act: Any) -> tuple[ErrorCode, str | None]:
    with pytest.raises(DomainError) as caught, system():
        act()
    return caught.value.code, caught.value.field


def signed(cast: Cast, days: int | None, **facts: Any) -> Agreement:
    """In force for a year, and so many days from today on."""
    row = make_agreement(cast.park, **facts)
    last = None if days is None else today() + days * DAY
    with system():
        User.objects.filter(pk__in=[cast.park_head.pk]).update(email="park@example.org")
        User.objects.filter(pk__in=[cast.office_head.pk]).update(email="ozel@example.org")
        actions.sign(row, by=None, signed_on=today() - 365 * DAY, valid_until=last, decision="2025/14")
    return row


def test_every_verb_has_its_move_and_its_word() -> None:
    assert set(agreement_action) == set(Verb)


def test_it_is_made_with_somebody_and_signed_after_the_councils_decision(cast: Cast) -> None:
    given: dict[str, Any] = {"by": None, "kind": "PROTOCOL", "title": "Protokol", "department": cast.park}
    assert refused(lambda: actions.draft(**given)) == (ErrorCode.REQUIRED, "parties")
    row = make_agreement(cast.park)
    assert refused(lambda: actions.sign(refetch(row), by=None, signed_on=today()))[1] == "decision"
    times = {"signed_on": today(), "valid_until": today() - DAY, "decision": "2026/3"}
    assert refused(lambda: actions.sign(refetch(row), by=None, **times))[1] == "valid_until"
    assert refused(lambda: actions.sign(refetch(row), by=None, signed_on=today() + DAY))[1] == "signed_on"
    with system():
        actions.sign(refetch(row), by=None, signed_on=today(), decision="2026/3")
    assert (refetch(row).status, refetch(row).valid_from) == (Status.IN_FORCE, today())
    other = make_organisation()
    assert (
        refused(lambda: actions.add_party(refetch(row), by=None, organisation=other))[0]
        == ErrorCode.WRONG_STATE
    )


def test_one_party_remains(cast: Cast) -> None:
    first, second = make_organisation(), make_organisation("Çekmeköy", "MUNICIPALITY")
    row = make_agreement(cast.park, first)
    only = {"by": None, "organisation": first}
    assert refused(lambda: actions.remove_party(refetch(row), **only))[0] == ErrorCode.REQUIRED
    assert refused(lambda: actions.add_party(refetch(row), **only))[0] == ErrorCode.DUPLICATE
    with system():
        actions.add_party(refetch(row), by=None, organisation=second)
        actions.remove_party(refetch(row), **only)
        assert [party.organisation_id for party in row.parties.all()] == [second.pk]


def test_an_obligation_is_fulfilled_once(cast: Cast) -> None:
    row, other = make_agreement(cast.park), make_agreement(cast.park)
    with system():
        one = actions.add_obligation(
            refetch(row), by=None, side="OURS", text="Araç verilecek.", department=cast.fen
        )
        assert refetch(row).departments == [cast.fen.pk]
    wrong = {"by": None, "obligation": one}
    assert refused(lambda: actions.fulfil(refetch(other), **wrong)) == (ErrorCode.NOT_FOUND, "obligation")
    assert refused(lambda: actions.fulfil(refetch(row), on=today() + DAY, **wrong))[1] == "on"
    with system():
        actions.fulfil(refetch(row), note="Teslim edildi.", **wrong)
    assert refused(lambda: actions.fulfil(refetch(row), **wrong))[0] == ErrorCode.WRONG_STATE
    with system():
        actions.drop(refetch(row), **wrong)
        assert not Obligation.objects.exists()


def test_the_house_is_warned_once_before_it_ends_and_again_after_a_renewal(cast: Cast) -> None:
    row = signed(cast, 59, title="Gizli proje")
    signed(cast, 61)
    signed(cast, None)
    assert (warn(), warn()) == (1, 0)
    deliver_notifications()
    with system():
        mails = list(Message.objects.filter(purpose="staff_warning"))
    assert {mail.address for mail in mails} == {"park@example.org", "ozel@example.org"}
    assert all(row.reference in mail.body for mail in mails)
    assert not any("Gizli proje" in mail.body + mail.subject for mail in mails)
    before = {"by": None, "valid_until": refetch(row).valid_until}
    assert refused(lambda: actions.renew(refetch(row), **before))[1] == "valid_until"
    with system():
        actions.renew(refetch(row), by=None, valid_until=today() + 400 * DAY)
    assert warn() == 0
    with system():
        Agreement.objects.filter(pk=row.pk).update(warn_on=today())
    assert warn() == 1


def test_what_has_passed_its_day_has_ended_by_itself(cast: Cast) -> None:
    row = signed(cast, -1)
    warn()
    assert refetch(row).status == Status.ENDED
    with system():
        assert row.lines.filter(verb=EventType.LAPSED).count() == 1
        actions.renew(refetch(row), by=None, valid_until=today() + 30 * DAY)
    assert refetch(row).status == Status.IN_FORCE


def test_obligations_that_are_near_are_told_once(cast: Cast) -> None:
    row = signed(cast, None)
    with system():
        actions.add_obligation(refetch(row), by=None, side="OURS", text="Rapor", due_on=today() + 10 * DAY)
        actions.add_obligation(refetch(row), by=None, side="THEIRS", text="Ödeme", due_on=today() + 90 * DAY)
    assert (warn(), warn()) == (1, 0)
