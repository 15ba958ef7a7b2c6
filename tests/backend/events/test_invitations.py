"""Invitations: planned before they are sent, each by what reaches the guest, and taken back until they leave."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from pytest_django.fixtures import Settings

from backend.configuration.office import Office
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.session import system
from backend.events import actions
from backend.events.models import Event, Guest, GuestLine
from backend.mailboxes.choices import Kind, Status
from backend.outbox import jobs
from backend.outbox.holding import by_day
from backend.outbox.models import Message
from tests.backend.mailboxes.rows import make_line, make_text
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_event, refetch

pytestmark = pytest.mark.usefixtures("held_messages")


def it_is_quiet(monkeypatch: pytest.MonkeyPatch, begins: str, ends: str) -> None:
    """SMS wait from then until then: the same at every hour at which this runs."""
    monkeypatch.setattr(Office, "quiet_from", dt.time.fromisoformat(begins))
    monkeypatch.setattr(Office, "quiet_until", dt.time.fromisoformat(ends))


@pytest.fixture
def event(cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Event:
    it_is_quiet(monkeypatch, "08:00", "08:00")  # never
    settings.SMS_GATEWAY_URL = "http://127.0.0.1:9/"
    found = make_event(cast.mayors)
    with system():
        actions.announce(found, by=None)
        for name, reach in {
            "Ayşe": {"email": "ayse@example.org", "phone": "+905321112233"},
            "Bora": {"email": "", "phone": "+905321112244"},
            "Cem": {"email": "", "phone": "+902163334455", "address": ""},
            "Derya": {"email": "", "phone": "", "address": "Abdurrahmangazi Mah. 1, Sancaktepe"},
            "Ece": {"email": "", "phone": "", "address": ""},
        }.items():
            actions.add_guest(found, by=None, person=make_citizen(name, "Işık", **reach))
    return refetch(found)


def say(act: Any, event: Event, **said: Any) -> Any:
    with system():
        event.refresh_from_db()
        return act(event, **({"by": None} | said))


def state(event: Event) -> list[tuple[Any, ...]]:
    with system():
        rows = Guest.objects.filter(event=event).order_by("pk")
        return list(rows.values_list("messaged_at", "message", "held_until", "status", "answer", "link"))


def messages() -> list[Message]:
    with system():
        return list(Message.objects.filter(purpose="event_invitation").order_by("created_at", "pk"))


def test_the_plan_is_exactly_what_is_sent(event: Event) -> None:
    with system():
        plan = actions.plan_invitations(event)
    assert (plan.by_mail, plan.by_sms) == (1, 1)
    assert [str(one.person.first_name) for one in plan.on_paper] == ["Derya"]
    assert [str(one.person.first_name) for one in plan.unreachable] == ["Cem", "Ece"], "Cem's is no mobile"
    assert messages() == []
    done = say(actions.invite, event)
    assert (done.counts["EMAIL"], done.counts["SMS"], len(done.without_address)) == (1, 1, 3)
    left = {(one.channel, one.address, one.body) for one in messages()}
    assert {(one.channel, one.address, one.body) for one in plan.samples} == left
    with system():
        assert actions.plan_invitations(event).total == 0, "a repetition sends nothing twice"


def test_within_the_minute_all_of_it_is_taken_back(event: Event) -> None:
    before = state(event)
    done = say(actions.invite, event)
    assert done.held_until is not None
    assert dt.timedelta(seconds=30) < done.held_until - timezone.now() <= dt.timedelta(minutes=1)
    assert state(event) != before
    for message in messages():
        jobs.deliver(message_id=str(message.pk))
    assert mail.outbox == []
    say(actions.recall, event)
    assert state(event) == before
    assert {one.status for one in messages()} == {Message.Status.RECALLED}
    with system():
        words = GuestLine.objects.filter(guest__event=event, verb="recalled").count()
    assert words == 2
    with pytest.raises(DomainError) as refusal:
        say(actions.recall, event)
    assert refusal.value.code == ErrorCode.WRONG_STATE
    assert len(say(actions.invite, event).sent) == 2


def test_a_cancelled_event_takes_its_waiting_invitations_back(event: Event) -> None:
    """What waits is taken back, what has left is not touched; the list stays as it was."""
    say(actions.invite, event)
    first, second = messages()
    past = timezone.now() - dt.timedelta(seconds=1)
    with system():
        Message.objects.filter(pk=first.pk).update(not_before=past)
        Guest.objects.filter(message=first).update(held_until=past)
    say(actions.cancel, event, reason="Yas ilan edildi.")
    assert [refetch(one).status for one in (first, second)] == [
        Message.Status.WAITING,
        Message.Status.RECALLED,
    ]
    with system():
        assert Guest.objects.get(message=first).messaged_at is not None
        (line,) = GuestLine.objects.filter(guest__event=event, verb="recalled")
        assert line.guest.messaged_at is None
        cancelled = event.lines.get(verb="cancelled")
    assert cancelled.details == {"recalled": 1}
    for message in messages():
        jobs.deliver(message_id=str(message.pk))
    assert [one.to for one in mail.outbox] == [["ayse@example.org"]]


def test_after_the_moment_they_have_left(event: Event) -> None:
    say(actions.invite, event)
    past = timezone.now() - dt.timedelta(seconds=1)
    with system():
        Message.objects.update(not_before=past)
        Guest.objects.filter(held_until__isnull=False).update(held_until=past)
    after = state(event)
    with pytest.raises(DomainError) as refusal:
        say(actions.recall, event)
    assert refusal.value.code == ErrorCode.WRONG_STATE
    assert state(event) == after


def test_they_are_sent_later_but_not_after_it_began(event: Event) -> None:
    later = timezone.now() + dt.timedelta(hours=2)
    done = say(actions.invite, event, send_at=later)
    assert {one.not_before for one in messages()} == {later}
    assert done.held_until == later
    with pytest.raises(DomainError) as refusal:
        say(actions.invite, event, send_at=event.starts_at)
    assert (refusal.value.code, refusal.value.field) == (ErrorCode.INVALID, "send_at")


def test_at_night_an_sms_waits_for_the_morning(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now().astimezone(ISTANBUL)
    ends = (now + dt.timedelta(hours=3)).replace(second=0, microsecond=0)
    it_is_quiet(monkeypatch, f"{now - dt.timedelta(hours=3):%H:%M}", f"{ends:%H:%M}")
    say(actions.invite, event)
    waits = {one.channel: one.not_before for one in messages()}
    assert waits["SMS"] == ends
    assert waits["EMAIL"] is not None
    assert waits["EMAIL"] < ends
    say(actions.recall, event)
    assert {one.status for one in messages()} == {Message.Status.RECALLED}


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        ("2027-03-02 07:59", "2027-03-02 08:00"),
        ("2027-03-02 08:00", "2027-03-02 08:00"),
        ("2027-03-02 19:59", "2027-03-02 19:59"),
        ("2027-03-02 20:00", "2027-03-03 08:00"),
        ("2027-03-02 23:59", "2027-03-03 08:00"),
        ("2027-03-03 00:00", "2027-03-03 08:00"),
    ],
)
def test_when_an_sms_may_leave(at: str, leaves: str) -> None:
    """Whatever the clock of this machine says."""
    moment = dt.datetime.fromisoformat(f"{at}+03:00")
    assert by_day(moment) == dt.datetime.fromisoformat(f"{leaves}+03:00")


def test_who_refused_messages_is_invited_by_no_sms(event: Event, cast: Cast) -> None:
    facts = {"from_address": "+905321112244", "kind": Kind.REFUSAL, "status": Status.SET_ASIDE}
    make_text(make_line(cast.office, number="3050"), "RET", **facts)
    with system():
        assert actions.plan_invitations(event).by_sms == 0
    assert say(actions.invite, event).counts["SMS"] == 0


def test_a_new_link_takes_the_waiting_invitation_back(event: Event) -> None:
    say(actions.invite, event)
    with system():
        guest = Guest.objects.select_related("message").get(event=event, person__first_name="Ayşe")
        old = guest.message
        assert old is not None
        actions.renew_link(guest, by=None)
    assert refetch(old).status == Message.Status.RECALLED


def test_a_test_goes_to_oneself_and_counts_nothing(event: Event, cast: Cast) -> None:
    before = state(event)
    with pytest.raises(DomainError) as refusal:
        say(actions.send_test, event, by=cast.secretary)
    assert refusal.value.code == ErrorCode.REQUIRED
    cast.secretary.email = "zeynep@example.org"
    say(actions.send_test, event, by=cast.secretary)
    with system():
        (message,) = Message.objects.filter(purpose="event_invitation_test")
    assert message.address == "zeynep@example.org"
    assert message.subject.startswith("[DENEME] Davetiye")
    assert "Bu bir denemedir" in message.body
    assert "/davet/…/" in message.body, "nobody's link"
    assert message.not_before is None
    assert state(event) == before


def test_the_page_shows_what_would_leave_and_says_afterwards_what_did(event: Event, cast: Cast) -> None:
    client = signed_in(cast.secretary)
    base = f"/admin/events/event/{event.key}"
    page = client.get(f"{base}/change/?do=invite").content.decode()
    assert "ayse@example.org" in page
    assert "Sayın Ayşe IŞIK" in page
    assert "send_test" in page
    assert f"/calls/?guest={_key(event, 'Cem')}" in page
    assert str(_key(event, "Ece")) in page
    assert messages() == []
    form = {"version": refetch(event).version}
    page = client.post(f"{base}/invite/", form, follow=True).content.decode()
    assert "1 e-posta" in page
    assert "1 SMS" in page
    assert "3 kişiye ulaşılamıyor" in page
    assert 'form="verb-recall"' in page
    assert "geri alınabilir" in page
    page = client.post(f"{base}/recall/", {"version": refetch(event).version}, follow=True).content.decode()
    assert {one.status for one in messages()} == {Message.Status.RECALLED}
    assert "verb-recall" not in page


def _key(event: Event, first_name: str) -> object:
    with system():
        return Guest.objects.get(event=event, person__first_name=first_name).key
