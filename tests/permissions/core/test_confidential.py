"""A confidential entry is its named readers': whatever else somebody is, nothing they do tells what it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from backend.core.errors import DomainError, ErrorCode
from backend.core.session import elevated, system
from backend.outbox.models import Message
from backend.programme import actions, places
from backend.programme.choices import Kind
from backend.programme.models import Entry, EntryLine, NamedReader, PressItem, Principal
from backend.programme.moves import Verb
from backend.programme.recurrence import Pattern
from permissions.core import scope
from permissions.core.filters import Action
from tests.cast import Cast, as_viewer
from tests.days import DAY, date, day
from tests.factories import at, make_entry

START = at(DAY, "10:00")
SECRET = "Sağlık kontrolü"


@pytest.fixture
def secret(cast: Cast) -> Entry:
    """The mayor's own, named to the mayor alone; the secretary keeps the programme and the head leads the office."""
    return make_entry(cast.mayors, SECRET, START, 60, by=cast.mayor, readers=(cast.mayor,), place="Hastane")


def _say(asker: Any, verb: Verb, entry: Entry, act: Callable[..., Any], **given: Any) -> None:
    with as_viewer(asker), scope.authorized(verb, Entry, entry.key) as row:
        act(row, by=asker, **given)


def _plan(user: Any, principal: Principal, **given: Any) -> Entry:
    with (
        as_viewer(user),
        scope.authorized_to_create(Action.PLAN, Principal, principal.key, field="principal") as row,
    ):
        return actions.plan(
            row, by=user, **({"kind": Kind.MEETING, "title": "Kurul", "starts_at": START} | given)
        )


@pytest.mark.parametrize("member", ["secretary", "office_head", "administrator", "deputy_mayor", "fen_clerk"])
def test_nobody_goes_round_it(member: str, secret: Entry, cast: Cast) -> None:
    user = cast.people()[member]
    with as_viewer(user):
        assert not Entry.objects.filter(pk=secret.pk).exists()
        assert not EntryLine.objects.filter(entry=secret.pk).exists()
        assert not NamedReader.objects.exists()
        assert scope.visible(Entry).count() == 0
        assert not Entry.objects.search("sağlık").exists()
        with elevated():  # the role in which actions write
            assert not Entry.objects.filter(pk=secret.pk).exists()
            assert not Entry.objects.filter(pk=secret.pk).update(title="Açık")


def test_bilgi_islem_is_no_reader_even_if_somebody_names_them(cast: Cast) -> None:
    """Whoever gives the rights has none: the same of an entry in which they take part."""
    people = {"participants": [cast.administrator]}
    make_entry(cast.mayors, SECRET, START, by=cast.mayor, readers=(cast.administrator,), **people)
    make_entry(cast.mayors, "Toplantı", at(day(1)), by=cast.secretary, **people)
    with as_viewer(cast.administrator):
        assert not Entry.objects.exists()
        assert not scope.visible(Entry).exists()


def test_the_house_itself_does_not_read_it(secret: Entry) -> None:
    """Jobs, exports and commands run as the house: what nobody named does not leave by them."""
    with system():
        assert not Entry.objects.exists()
        assert not EntryLine.objects.exists()


def test_a_collision_with_it_tells_only_when(secret: Entry, cast: Cast) -> None:
    with pytest.raises(places.CollisionError) as refusal:
        _plan(cast.secretary, cast.mayors)
    assert "10.00–11.00" in str(refusal.value)
    for word in (SECRET, "Hastane", "Meeting", "Toplantı", "confidential", "gizli"):
        assert word.lower() not in str(refusal.value).lower()
    with pytest.raises(places.CollisionError, match=SECRET):
        _plan(cast.mayor, cast.mayors)


def test_a_collision_with_it_is_told_like_one_with_any_other_that_is_not_seen(cast: Cast) -> None:
    """Two secrets side by side are one busy time: not even their number shows."""
    for minutes in ("10:00", "10:30"):
        make_entry(cast.mayors, SECRET, at(DAY, minutes), by=cast.mayor, readers=(cast.mayor,))
    with pytest.raises(places.CollisionError, match=r"10\.00–11\.00"):
        _plan(cast.secretary, cast.mayors)


def test_it_does_not_count_in_the_daily_maximum_that_others_see(cast: Cast) -> None:
    with system():
        actions.change_principal(cast.mayors, by=None, daily_maximum=1)
    make_entry(cast.mayors, SECRET, START, by=cast.mayor, readers=(cast.mayor,), kind=Kind.APPOINTMENT)
    assert _plan(cast.secretary, cast.mayors, starts_at=at(DAY, "14:00"), kind=Kind.APPOINTMENT)


def test_the_named_reader_reads_and_whoever_keeps_the_programme_and_is_named_acts(cast: Cast) -> None:
    entry = make_entry(cast.mayors, SECRET, START, by=cast.secretary, readers=(cast.fen_clerk,))
    with as_viewer(cast.fen_clerk):
        assert scope.get(Entry, entry.key).title == SECRET
    with pytest.raises(DomainError) as refusal:
        _say(cast.fen_clerk, Verb.CANCEL, entry, actions.cancel, reason="Olmaz")
    assert refusal.value.code == ErrorCode.FORBIDDEN
    with pytest.raises(DomainError) as refusal:  # whose programme it is must be named too
        _say(cast.mayor, Verb.CANCEL, entry, actions.cancel, reason="Olmaz")
    assert refusal.value.code == ErrorCode.NOT_FOUND
    _say(cast.secretary, Verb.MOVE, entry, actions.move_to, starts_at=at(DAY, "15:00"))


def test_whoever_makes_it_confidential_stays_a_reader_and_others_lose_it_at_once(cast: Cast) -> None:
    entry = make_entry(cast.mayors, SECRET, START, by=cast.secretary)
    _say(cast.secretary, Verb.SHOW_PRESS, entry, actions.show_press)
    with as_viewer(cast.office_head):
        assert scope.get(Entry, entry.key)
    _say(cast.secretary, Verb.MARK_CONFIDENTIAL, entry, actions.mark_confidential, readers=[cast.mayor])
    for user in (cast.office_head, cast.fen_head):
        with as_viewer(user):
            assert not Entry.objects.exists()
            assert not EntryLine.objects.exists()
            assert not PressItem.objects.exists()
    for user in (cast.secretary, cast.mayor):
        with as_viewer(user):
            assert scope.get(Entry, entry.key).title == SECRET
    with as_viewer(cast.park_head):
        assert not PressItem.objects.exists()


def test_a_reader_is_taken_off_by_another_and_never_by_themselves(cast: Cast) -> None:
    entry = make_entry(cast.mayors, SECRET, START, by=cast.secretary, readers=(cast.mayor, cast.fen_clerk))
    with pytest.raises(DomainError) as refusal:
        _say(cast.secretary, Verb.UNNAME_READER, entry, actions.unname_reader, user=cast.secretary)
    assert refusal.value.field == "user"
    _say(cast.mayor, Verb.UNNAME_READER, entry, actions.unname_reader, user=cast.secretary)
    _say(cast.mayor, Verb.UNNAME_READER, entry, actions.unname_reader, user=cast.fen_clerk)
    with as_viewer(cast.secretary):
        assert not Entry.objects.exists()
    _say(cast.mayor, Verb.NAME_READER, entry, actions.name_reader, user=cast.office_head)
    with as_viewer(cast.office_head):
        assert scope.get(Entry, entry.key)


def test_its_end_shows_it_to_those_who_see_the_programme(secret: Entry, cast: Cast) -> None:
    _say(cast.mayor, Verb.REMOVE_CONFIDENTIALITY, secret, actions.remove_confidentiality)
    with as_viewer(cast.secretary):
        assert scope.get(Entry, secret.key).readers == []
        assert not NamedReader.objects.exists()


def test_it_is_not_shown_to_the_press(secret: Entry, cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        _say(cast.mayor, Verb.SHOW_PRESS, secret, actions.show_press)
    assert refusal.value.code == ErrorCode.INVALID


def test_only_a_confidential_entry_has_readers(cast: Cast) -> None:
    with pytest.raises(DomainError) as refusal:
        _plan(cast.secretary, cast.mayors, readers=[cast.mayor])
    assert refusal.value.field == "readers"


def test_nothing_that_is_done_to_it_sends_a_message(secret: Entry, cast: Cast) -> None:
    with system():
        before = Message.objects.count()
    _say(cast.mayor, Verb.INVITE, secret, actions.invite, user=cast.park_clerk)
    _say(cast.mayor, Verb.CANCEL, secret, actions.cancel, reason="Ertelendi")
    with system():
        assert Message.objects.count() == before


def test_its_hold_ends_like_any_other_though_no_job_sees_it(cast: Cast) -> None:
    soon = timezone.now() + dt.timedelta(hours=1)
    entry = make_entry(cast.mayors, SECRET, START, by=cast.mayor, readers=(cast.mayor,), hold_until=soon)
    with as_viewer(cast.mayor), elevated():
        Entry.objects.filter(pk=entry.pk).update(hold_expires_at=timezone.now() - dt.timedelta(minutes=1))
    with system():
        assert actions.release_expired_holds() == 1
    with as_viewer(cast.mayor):
        assert Entry.objects.get(pk=entry.pk).status == "RELEASED"
        assert EntryLine.objects.filter(entry=entry, verb="expired").count() == 1


def test_a_series_moves_without_the_occurrences_one_does_not_see(cast: Cast) -> None:
    pattern = Pattern("WEEKLY", date(21))
    first = make_entry(cast.mayors, "Haftalık", START, by=cast.secretary, series=pattern)
    with as_viewer(cast.mayor):
        second = Entry.objects.filter(series=first.series).order_by("starts_at")[1]
    _say(cast.mayor, Verb.MARK_CONFIDENTIAL, second, actions.mark_confidential)
    _say(cast.secretary, Verb.MOVE, first, actions.move_to, starts_at=at(DAY, "11:00"), reach="ALL")
    with as_viewer(cast.mayor):
        hours = [
            row.starts_at.hour for row in Entry.objects.filter(series=first.series).order_by("starts_at")
        ]
    assert hours == [8, 7, 8, 8]


def test_the_database_refuses_the_office_to_hand_it_on(secret: Entry, cast: Cast) -> None:
    """A row that its writer could not read: not even by an action that forgot."""
    with as_viewer(cast.secretary), elevated(), pytest.raises(ProgrammingError), transaction.atomic():
        Entry.objects.create(
            principal=cast.mayors,
            kind=Kind.MEETING,
            title="Başkasına",
            status="CONFIRMED",
            starts_at=at(day(1)),
            ends_at=at(day(1), "11:00"),
            is_confidential=True,
            readers=[cast.mayor.pk],
        )
    with as_viewer(cast.secretary), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM programme_entry")
        assert cursor.fetchone() == (0,)
