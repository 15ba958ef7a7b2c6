"""Invitations received: the decision is a record, changed with a reason, and the programme follows it."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.session import system
from backend.invitations import actions
from backend.invitations.choices import Status
from backend.invitations.models import GiftOrder, Invitation
from backend.organization.models import User
from backend.outbox.models import Message
from backend.programme.choices import Status as EntryStatus
from backend.programme.models import Entry
from backend.programme.places import CollisionError
from tests.cast import Cast
from tests.days import DAY, day
from tests.factories import at, make_entry, make_invitation, refetch


def _words(invitation: Invitation) -> list[str]:
    with system():
        return list(invitation.lines.order_by("id").values_list("verb", flat=True))


def test_who_attends_has_it_in_the_programme_and_the_host_is_told(cast: Cast) -> None:
    row = make_invitation(cast.mayors, wish="Beş dakikalık konuşma")
    with system():
        actions.attend(row, by=cast.secretary, travel_minutes=30)
        found = refetch(row)
        message = Message.objects.get()
        entry = found.entry
    assert (found.status, found.decided_by) == (Status.ATTENDING, cast.secretary)
    assert (entry.starts_at, entry.ends_at) == (at(DAY, "19:00"), at(DAY, "21:00"))
    assert "Beş dakikalık konuşma" in entry.description
    assert (entry.blocks_from, entry.blocks_until) == (at(DAY, "18:30"), at(DAY, "21:30"))
    assert message.address == "dernek@example.org"
    assert "Sayın Suna Ak" in message.body
    assert "Belediye Başkanı davetinize memnuniyetle katılacaktır" in message.body


def test_a_taken_evening_is_refused_with_free_times_and_nothing_is_decided(cast: Cast) -> None:
    row = make_invitation(cast.mayors)
    make_entry(cast.mayors, "Meclis", at(DAY, "20:00"), 60)
    with system(), pytest.raises(CollisionError) as refusal:
        actions.attend(row, by=cast.secretary)
    assert "Meclis" in str(refusal.value)
    assert refusal.value.free
    assert refetch(row).status == Status.NEW
    with system():
        assert not Message.objects.exists()


def test_a_decision_is_changed_with_a_reason_and_the_story_keeps_both(cast: Cast) -> None:
    row = make_invitation(cast.mayors)
    with system():
        actions.attend(row, by=cast.secretary)
        first = refetch(row).entry
        with pytest.raises(DomainError) as refusal:
            actions.represent(refetch(row), by=cast.secretary, deputy=cast.deputys)
        assert (refusal.value.code, refusal.value.field) == (ErrorCode.REQUIRED, "reason")
        actions.represent(
            refetch(row), by=cast.secretary, deputy=cast.deputys, reason="Ankara programı çıktı"
        )
        found = refetch(row)
        assert found.entry.principal == cast.deputys
    assert found.status == Status.REPRESENTED
    assert refetch(first).status == EntryStatus.CANCELLED
    assert _words(row) == ["received", "attended", "represented"]
    assert found.reason == "Ankara programı çıktı"


def test_a_representing_principal_is_written_to_and_the_host_hears_who_comes(cast: Cast) -> None:
    with system():
        User.objects.filter(pk=cast.deputy_mayor.pk).update(email="yardimci@example.org")
    row = make_invitation(cast.mayors)
    with system():
        actions.represent(row, by=None, deputy=refetch(cast.deputys), note="Plaket verilecek")
        told = {message.address: message.body for message in Message.objects.all()}
    assert "Plaket verilecek" in told["yardimci@example.org"]
    assert "Rumeli Kültür Derneği" in told["yardimci@example.org"]
    assert "adına davetinize Başkan Yardımcısı İlker Ünal katılacaktır" in told["dernek@example.org"]


def test_a_taken_evening_of_the_deputy_is_refused_too(cast: Cast) -> None:
    row = make_invitation(cast.mayors)
    make_entry(cast.deputys, "Dolu", at(DAY, "19:30"))
    with system(), pytest.raises(CollisionError):
        actions.represent(row, by=None, deputy=cast.deputys)


@pytest.mark.parametrize("both", [True, False])
def test_a_representative_is_exactly_one_of_three(cast: Cast, both: bool) -> None:
    row = make_invitation(cast.mayors)
    given = {"representative": cast.park_head, "name": "Muhtar"} if both else {}
    with system(), pytest.raises(DomainError) as refusal:
        actions.represent(row, by=None, means="UNTOLD", **given)
    assert refusal.value.field == "deputy"


def test_declining_says_the_reason_and_keeps_the_note_of_the_house(cast: Cast) -> None:
    row = make_invitation(cast.mayors)
    with system():
        with pytest.raises(DomainError):
            actions.decline(row, by=None, ground="")
        actions.decline(
            row,
            by=cast.secretary,
            ground="LATE",
            reason="Tartışmalı dernek",
            body="Çelenk gönderilecektir.",
        )
        body = Message.objects.get().body
    assert "Tartışmalı" not in body
    assert "davetinizin ulaştığı tarihte programı belirlenmiş olduğundan davetinize" in body
    assert "Çelenk gönderilecektir." in body
    assert "üzüntüsünü bildirir" in body


def test_an_open_place_is_sent_to_no_host(cast: Cast) -> None:
    row = make_invitation(cast.mayors)
    with pytest.raises(DomainError, match=re.escape("{{yer}}")), system():
        actions.decline(row, by=None, ground="LATE", body="Çelenk {{yer}} gönderilecektir.")
    with system():
        assert not Message.objects.exists()


def test_sorrow_is_not_answered_with_joy(cast: Cast) -> None:
    row = make_invitation(cast.mayors, "Taziye", "Yılmaz ailesi", occasion="FUNERAL")
    with system():
        actions.decline(row, by=None, ground="AWAY")
        body = Message.objects.get().body
    assert "başsağlığı" in body
    assert "güzel vesile" not in body


def test_what_took_place_is_no_longer_decided_otherwise(cast: Cast) -> None:
    row = make_invitation(cast.mayors)
    with system():
        actions.attend(row, by=None, means="PHONE")
        Entry.objects.update(status=EntryStatus.DONE)
        with pytest.raises(DomainError) as refusal:
            actions.decline(refetch(row), by=None, ground="PROGRAMME", reason="Yanlış", means="PHONE")
    assert refusal.value.code == ErrorCode.WRONG_STATE


def test_when_the_host_cancels_the_evening_is_free_and_it_can_be_decided_anew(cast: Cast) -> None:
    row = make_invitation(cast.mayors)
    with system():
        actions.attend(row, by=None, means="PHONE")
        entry = refetch(row).entry
        actions.cancel(refetch(row), by=None, note="Ertelendi")
        assert refetch(entry).status == EntryStatus.CANCELLED
        actions.reopen(refetch(row), by=None)
    found = refetch(row)
    assert (found.status, found.entry, found.decided_at) == (Status.NEW, None, None)


def test_another_time_moves_the_entry_with_it_or_is_refused(cast: Cast) -> None:
    row = make_invitation(cast.mayors)
    make_entry(cast.mayors, "Meclis", at(day(1), "19:00"))
    with system():
        actions.attend(row, by=None, means="PHONE")
        with pytest.raises(CollisionError):
            actions.correct(refetch(row), by=None, starts_at=at(day(1), "18:30"))
        actions.correct(refetch(row), by=None, starts_at=at(day(2), "18:00"), place="Yeni salon")
        found = refetch(row)
        assert found.entry.starts_at == at(day(2), "18:00")
    assert (found.starts_at, found.ends_at) == (at(day(2), "18:00"), at(day(2), "20:00"))


def test_flowers_are_ordered_sent_once_and_taken_back_only_before(cast: Cast) -> None:
    row = make_invitation(cast.mayors)
    with system():
        sent = actions.order(row, by=None, gift="FLOWERS", address="Salon", due_at=at(DAY, "18:00"))
        other = actions.order(row, by=None, gift="WREATH", address="Salon", due_at=at(DAY, "18:00"))
        actions.fulfil(row, by=cast.secretary, order=sent)
        for act in (actions.fulfil, actions.drop):
            with pytest.raises(DomainError) as refusal:
                act(row, by=None, order=sent)
            assert refusal.value.code == ErrorCode.WRONG_STATE
        actions.drop(row, by=None, order=other)
        assert [order.gift for order in GiftOrder.objects.all()] == ["FLOWERS"]
    assert _words(row) == ["received", "ordered", "ordered", "fulfilled", "dropped"]


def test_the_same_host_on_the_same_day_is_found_in_any_spelling(cast: Cast) -> None:
    row = make_invitation(cast.mayors, host="IŞIK Derneği")
    with system():
        found = actions.alike(cast.mayors, "ışık  DERNEĞİ", at(DAY, "09:00"))
        assert list(found) == [row]
        assert not actions.alike(cast.mayors, "Işık Derneği", at(day(1), "00:30"))
        assert not actions.alike(cast.deputys, "Işık Derneği", at(DAY))


def test_what_nobody_answered_lapses_once_and_can_still_be_decided(cast: Cast) -> None:
    waiting = make_invitation(cast.mayors, answer_by=today())
    late = make_invitation(cast.mayors, answer_by=today() - dt.timedelta(days=1))
    begun = make_invitation(cast.mayors, starts_at=timezone.now() - dt.timedelta(hours=1))
    with system():
        assert actions.lapse() == 2
        assert actions.lapse() == 0
        states = [refetch(row).status for row in (waiting, late, begun)]
        assert states == [Status.NEW, Status.LAPSED, Status.LAPSED]
        actions.decline(refetch(late), by=None, ground="PROGRAMME", means="PHONE")
    assert _words(late) == ["received", "lapsed", "declined"]


def test_without_an_address_somebody_says_how_the_host_is_told(cast: Cast) -> None:
    row = make_invitation(cast.mayors, email="")
    with system():
        with pytest.raises(DomainError) as refusal:
            actions.decline(row, by=None, ground="PROGRAMME", reason="Program")
        assert refusal.value.field == "means"
        actions.decline(refetch(row), by=None, ground="PROGRAMME", reason="Program", means="PHONE")
        assert refetch(row).notices.get().means == "PHONE"
