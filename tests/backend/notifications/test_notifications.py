"""What a person is told, how they chose it, and that nothing is told of a row that they do not see when it is sent."""

from __future__ import annotations

import datetime as dt
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from freezegun import freeze_time

from backend.appointments.jobs import remind_promises
from backend.complaints.models import Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL
from backend.core.session import elevated, system
from backend.instructions.jobs import warn
from backend.notifications import actions, staff, words
from backend.notifications.hours import next_at, quiet_until
from backend.notifications.kinds import DUTY, MEANING, NOTIFICATION_TYPES, Channel, Kind, Mode
from backend.notifications.models import Notification, Preference
from backend.organization.models import Department, User
from backend.outbox.models import Message
from backend.programme import actions as programme
from permissions.core import scope
from permissions.core.scope import Action
from permissions.notifications import sending
from tests.backend.stories import say
from tests.cast import Cast, heads_alone, make_cast
from tests.databases import CommittedDatabase
from tests.factories import make_complaint, make_entry, make_instruction, refetch

DAY = dt.timedelta(days=1)
NOON = dt.datetime(2026, 11, 26, 12, 0, tzinfo=ISTANBUL)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with freeze_time(NOON) as frozen:
        yield frozen


@pytest.fixture
def reachable(cast: Cast) -> Cast:
    heads_alone(cast)
    with system():
        for person in cast.people().values():
            User.objects.filter(pk=person.pk).update(email=f"{person.username}@example.org")
            person.email = f"{person.username}@example.org"
    return cast


def _mails() -> list[tuple[str, str]]:
    with system():
        return [(row.address.split("@")[0], row.subject) for row in Message.objects.order_by("created_at")]


def _bodies() -> list[str]:
    with system():
        return list(Message.objects.order_by("created_at").values_list("body", flat=True))


def _page(person: User) -> list[str]:
    """The titles in somebody's page."""
    with scope.session(person):
        rows = scope.visible(Notification.objects.in_page()).select_related(*words.RELATED)
        return [words.title(row) for row in rows.order_by("pk")]


def _unseen(person: User) -> int:
    with scope.session(person):
        return scope.visible(Notification.objects.unseen()).count()


def _choose(person: User, **said: Any) -> Preference:
    with scope.elevated_for(Preference, Action.REGISTER):
        return actions.choose(by=person, **said)


def _chosen(person: User, **said: Any) -> Preference:
    with scope.session(person):
        return _choose(person, **{"choices": {}, **said})


def _urgent(cast: Cast) -> Complaint:
    """One that the office found urgent later, so that it is the department's alone to hear of."""
    case = make_complaint("Gizli konu")
    say(case, "mark_urgent", by=cast.secretary)
    say(refetch(case), "route", by=cast.secretary, to=cast.fen)
    return refetch(case)


def test_every_text_has_a_kind_and_every_kind_a_sentence() -> None:
    assert {telling.kind for telling in NOTIFICATION_TYPES.values()} == set(Kind) == set(MEANING)
    assert set(Kind) > DUTY


def test_a_person_is_told_in_the_page_and_by_mail_with_kind_and_number_and_nothing_else(
    reachable: Cast,
) -> None:
    complaint = _urgent(reachable)
    (title,) = _page(reachable.fen_head)
    assert title == f"{NOTIFICATION_TYPES['complaints/urgent'].words}: {complaint.reference}"
    assert _mails() == []
    assert (sending.deliver(), sending.deliver()) == (1, 0)
    ((who, subject),) = _mails()
    assert who == "fen.mudur"
    assert complaint.reference in subject
    with scope.session(reachable.fen_head):
        row = scope.visible(Notification).get()
    assert (row.mailed_at, row.texted_at, row.waits_for) == (NOON, None, [])


def test_case_of_the_issue_routed_away_between_writing_and_sending_nothing_is_sent_or_shown(
    reachable: Cast,
) -> None:
    complaint = _urgent(reachable)
    assert (_unseen(reachable.fen_head), _unseen(reachable.park_head)) == (1, 0)
    say(complaint, "route", by=reachable.secretary, to=reachable.park)
    assert (_page(reachable.fen_head), _unseen(reachable.fen_head)) == ([], 0)
    assert _unseen(reachable.park_head) == 1
    assert sending.deliver() == 1
    assert [who for who, _subject in _mails()] == ["park.mudur"]
    say(refetch(complaint), "route", by=reachable.secretary, to=reachable.fen)
    assert _unseen(reachable.fen_head) == 1, "only the new one: what was not sent is gone"


def test_no_role_reads_anothers_notifications_and_nobody_tells_or_removes_them_by_hand(
    reachable: Cast,
) -> None:
    _urgent(reachable)
    people = [p for p in reachable.people().values() if p != reachable.fen_head]
    for person in [*people, None]:
        with scope.session(person):
            assert not Notification.objects.exists()
            assert not scope.visible(Notification).exists()
            with elevated():
                assert not Notification.objects.exists(), "the office's role neither"
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM app.to_be_told(now() + interval '1 day')")
                assert cursor.fetchone() == (0,)
                cursor.execute(
                    "SELECT app.forget_notifications(%s, ARRAY[1,2,3]::bigint[])", [reachable.fen_head.pk]
                )
                cursor.execute("SELECT app.remove_old_notifications(now() + interval '9 days')")
                assert cursor.fetchone() == (0,)
    with system():
        assert not Notification.objects.exists()
    assert _unseen(reachable.fen_head) == 1


def test_of_a_confidential_row_not_even_the_number_is_said(reachable: Cast) -> None:
    row = make_instruction(
        reachable.mayors, reachable.park, "Gizli iş", by=reachable.secretary, is_confidential=True
    )
    assert _page(reachable.park_head) == ["Bir kayıt sizi bekliyor"] or _page(reachable.park_head) == [
        "A record waits for you"
    ]
    assert sending.deliver() == 1
    with system():
        mail = Message.objects.get()
    assert (mail.subject, mail.purpose) == ("Bir kayıt sizi bekliyor", "staff_notification")
    assert row.reference not in mail.subject + mail.body
    assert str(row.key) in mail.body
    assert "Gizli" not in mail.body


def test_a_row_that_became_confidential_after_it_was_told_says_nothing_any_more(reachable: Cast) -> None:
    row = make_instruction(reachable.mayors, reachable.park, by=reachable.secretary)
    with scope.session(reachable.secretary), elevated():
        from backend.instructions import actions as instructions

        instructions.conceal(refetch(row), by=reachable.secretary, readers=[reachable.mayor])
    sending.deliver()
    assert [subject for _who, subject in _mails()] == ["Bir kayıt sizi bekliyor"]
    assert row.reference not in "".join(_page(reachable.park_head))


def test_a_promise_of_an_entry_that_became_confidential_is_told_to_its_readers_alone_and_silently(
    reachable: Cast,
) -> None:
    from backend.appointments import actions as appointments

    start = dt.datetime(2026, 11, 27, 10, 0, tzinfo=ISTANBUL)
    entry = make_entry(reachable.mayors, "Gizli görüşme", start, by=reachable.secretary)
    with freeze_time(start + DAY):
        with scope.session(reachable.secretary), elevated():
            appointments.promise_at(
                refetch(entry),
                by=reachable.secretary,
                text="Söz",
                due_on=dt.date(2026, 11, 30),
                department=reachable.park,
            )
        assert remind_promises() == 1
        assert (_unseen(reachable.secretary), _unseen(reachable.park_head)) == (1, 1)
        with scope.session(reachable.secretary), elevated():
            programme.mark_confidential(refetch(entry), by=reachable.secretary, readers=[reachable.mayor])
        assert _unseen(reachable.park_head) == 0
        sending.deliver()
        assert _mails() == [("ozelkalem.memur", "Bir kayıt sizi bekliyor")]


def test_a_note_asked_for_an_entry_that_became_confidential_is_told_to_nobody(reachable: Cast) -> None:
    start = dt.datetime(2026, 12, 10, 10, 0, tzinfo=ISTANBUL)
    entry = make_entry(reachable.mayors, "Gizli görüşme", start, by=reachable.secretary)
    with scope.session(reachable.secretary), elevated():
        programme.ask_note(
            refetch(entry),
            by=reachable.secretary,
            department=reachable.park,
            question="Durum?",
            due_at=start - DAY,
        )
        assert _unseen(reachable.park_head) == 1
        programme.mark_confidential(refetch(entry), by=reachable.secretary, readers=[reachable.mayor])
    assert (_unseen(reachable.park_head), sending.deliver(), _mails()) == (0, 0, [])


def test_what_was_given_to_another_department_is_told_without_which(reachable: Cast) -> None:
    from backend.instructions import actions as instructions

    row = make_instruction(reachable.mayors, reachable.fen, by=reachable.secretary)
    sending.deliver()
    with system():
        instructions.refuse(row, by=reachable.fen_head, reason="Bizde değil.")
        instructions.reassign(row, by=reachable.secretary, department=reachable.park)
        Message.objects.all().delete()
    sending.deliver()
    with system():
        mails = {mail.address: mail.subject + mail.body for mail in Message.objects.all()}
    assert row.reference not in mails["fen.mudur@example.org"]
    assert row.reference in mails["park.mudur@example.org"]


def test_a_digest_is_one_mail_with_lines_at_the_hour_that_was_chosen(reachable: Cast) -> None:
    _chosen(
        reachable.fen_head, choices={Kind.INSTRUCTION: {Channel.EMAIL: Mode.DIGEST}}, digest_at=dt.time(9, 15)
    )
    rows = [make_instruction(reachable.mayors, reachable.fen, by=reachable.secretary) for _each in range(3)]
    at = dt.datetime(2026, 11, 27, 9, 15, tzinfo=ISTANBUL)
    assert sending.deliver(NOON) == 0
    assert sending.deliver(at - dt.timedelta(minutes=1)) == 0
    with scope.session(reachable.fen_head), elevated():
        actions.see(Notification.objects.filter(instruction=rows[0]))
    assert (sending.deliver(at), sending.deliver(at + DAY)) == (1, 0)
    with system():
        mail = Message.objects.get()
    assert mail.subject == "Günün bildirimleri: 2 bildirim"
    assert rows[0].reference not in mail.body, "it was seen meanwhile"
    assert all(row.reference in mail.body and str(row.key) in mail.body for row in rows[1:])


def test_what_happens_to_one_row_within_minutes_is_one_mail_and_danger_does_not_wait(
    reachable: Cast, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "FOLD", dt.timedelta(minutes=3))
    head = reachable.fen_head
    one, other = make_complaint(to=reachable.fen), make_complaint(to=reachable.fen)
    with system():
        Notification.objects.all().delete()
        staff.hand_over([head], "complaints/assigned", one, None)
    assert sending.deliver() == 0, "something else may happen to it"
    clock.tick(dt.timedelta(minutes=2))
    with system():
        staff.hand_over([head], "complaints/approved", one, None)
        staff.hand_over([head], "complaints/assigned", other, None)
        staff.post([head], "complaints/urgent", {"reference": other.reference}, other)
    assert sending.deliver() == 1
    assert other.reference in _mails()[0][1]
    clock.tick(dt.timedelta(minutes=1))
    assert sending.deliver() == 1, "both of the first, the other waits for its own three minutes"
    (who, subject), body = _mails()[1], _bodies()[1]
    assert who == head.username
    assert subject == f"{one.reference}: 2 bildirim"
    assert body.count(one.reference) == 2
    assert other.reference not in subject + body
    clock.tick(dt.timedelta(minutes=2))
    assert (sending.deliver(), sending.deliver()) == (1, 0)
    assert [subject.endswith("2 bildirim") for _who, subject in _mails()] == [False, True, False]


def test_two_warnings_of_one_case_keep_their_text(reachable: Cast) -> None:
    case = make_complaint(to=reachable.fen)
    row = {"about": case, "reference": case.reference, "department": "Fen İşleri"}
    with system():
        Notification.objects.all().delete()
        for day in (27, 28):
            rows = [row | {"on": dt.date(2026, 11, day)}]
            staff.post([reachable.fen_head], "complaints/escalation", {"level": "TARGET_NEAR", "rows": rows})
    assert sending.deliver() == 1
    assert "hedef tarihi yaklaşmıştır" in _bodies()[0]
    assert "28.11.2026" in _bodies()[0]


def test_quiet_hours_go_over_midnight_and_hold_back_what_is_not_urgent(reachable: Cast) -> None:
    late = dt.datetime(2026, 11, 26, 23, 0, tzinfo=ISTANBUL)
    make_instruction(reachable.mayors, reachable.fen, by=reachable.secretary)
    _urgent(reachable)
    assert sending.deliver(late) == 1, "the urgent case alone"
    assert sending.deliver(late + dt.timedelta(hours=7)) == 0
    assert sending.deliver(late + dt.timedelta(hours=8)) == 1


@pytest.mark.parametrize(
    ("start", "end", "at", "until"),
    [
        ("22:00", "07:00", "21:59", None),
        ("22:00", "07:00", "22:00", "27 07:00"),
        ("22:00", "07:00", "00:30", "26 07:00"),
        ("22:00", "07:00", "06:59", "26 07:00"),
        ("22:00", "07:00", "07:00", None),
        ("12:00", "13:00", "12:30", "26 13:00"),
        ("12:00", "13:00", "13:00", None),
        ("00:00", "00:00", "00:00", None),
    ],
)
def test_when_it_is_quiet(start: str, end: str, at: str, until: str | None) -> None:
    now = dt.datetime.combine(dt.date(2026, 11, 26), dt.time.fromisoformat(at), ISTANBUL)
    found = quiet_until(now.astimezone(dt.UTC), dt.time.fromisoformat(start), dt.time.fromisoformat(end))
    assert (f"{found:%d %H:%M}" if found else None) == until


def test_the_next_hour_is_local_and_may_be_now() -> None:
    assert next_at(NOON.astimezone(dt.UTC), dt.time(12)) == NOON
    assert next_at(NOON, dt.time(11)) == NOON - dt.timedelta(hours=1) + DAY


def test_who_switched_mail_off_has_it_in_the_page_and_who_switched_the_page_off_by_mail(
    reachable: Cast,
) -> None:
    _chosen(reachable.fen_head, choices={Kind.URGENT_CASE: {Channel.EMAIL: Mode.OFF}})
    _urgent(reachable)
    assert (sending.deliver(), _unseen(reachable.fen_head)) == (0, 1)
    _chosen(
        reachable.fen_head,
        choices={Kind.URGENT_CASE: {Channel.EMAIL: Mode.AT_ONCE, Channel.PAGE: Mode.OFF}},
    )
    _urgent(reachable)
    assert (sending.deliver(), _unseen(reachable.fen_head)) == (1, 1)


def _refused(person: User, **said: Any) -> tuple[str, str | None]:
    with pytest.raises(DomainError) as refusal:
        _chosen(person, **said)
    return refusal.value.code, refusal.value.field


def test_what_duty_demands_is_moved_between_channels_and_never_switched_off(reachable: Cast) -> None:
    off = {Channel.PAGE: Mode.OFF, Channel.EMAIL: Mode.OFF}
    assert _refused(reachable.fen_head, choices={Kind.DEADLINE: off}) == (ErrorCode.REQUIRED, "choices")
    assert _chosen(reachable.fen_head, choices={Kind.NOTE: off}).choices == {Kind.NOTE: off}
    with system():
        User.objects.filter(pk=reachable.fen_head.pk).update(email="")
    person = User.objects.get(pk=reachable.fen_head.pk)
    only_mail = {Kind.DEADLINE: {Channel.PAGE: Mode.OFF}}
    assert _refused(person, choices=only_mail)[0] == ErrorCode.REQUIRED, "no address: mail reaches nobody"


def test_bad_choices_are_refused_at_their_field(reachable: Cast) -> None:
    for choices in (
        {"NOTHING": {Channel.PAGE: Mode.OFF}},
        {Kind.NOTE: {"FAX": Mode.OFF}},
        {Kind.NOTE: {Channel.EMAIL: "SOMETIMES"}},
        {Kind.NOTE: {Channel.PAGE: Mode.DIGEST}},
    ):
        assert _refused(reachable.fen_head, choices=choices) == (ErrorCode.INVALID, "choices")


def test_sms_is_chosen_where_a_gateway_is_and_a_mobile_number(reachable: Cast, settings: Any) -> None:
    sms = {Kind.DEADLINE: {Channel.SMS: Mode.AT_ONCE}, Kind.URGENT_CASE: {Channel.SMS: Mode.AT_ONCE}}
    assert _refused(reachable.fen_head, choices=sms)[0] == ErrorCode.UNSUPPORTED
    settings.SMS_GATEWAY_URL = "https://sms.example"
    assert _refused(reachable.fen_head, choices=sms)[0] == ErrorCode.REQUIRED
    with system():
        User.objects.filter(pk=reachable.fen_head.pk).update(phone="+902161234567")
    assert _refused(User.objects.get(pk=reachable.fen_head.pk), choices=sms)[0] == ErrorCode.REQUIRED
    with system():
        User.objects.filter(pk=reachable.fen_head.pk).update(phone="+905321234567")
    _chosen(User.objects.get(pk=reachable.fen_head.pk), choices=sms)
    complaint = _urgent(reachable)
    assert sending.deliver() == 2
    with system():
        text = Message.objects.get(channel="SMS")
    assert text.address == "+905321234567"
    assert complaint.reference in text.body
    assert str(complaint.key) in text.body
    assert "Gizli" not in text.body


def test_whose_account_was_closed_is_told_nothing_and_nothing_waits_for_them(reachable: Cast) -> None:
    _urgent(reachable)
    with system():
        User.objects.filter(pk=reachable.fen_head.pk).update(is_active=False)
    assert (sending.deliver(), _mails()) == (0, [])
    with system():
        User.objects.filter(pk=reachable.fen_head.pk).update(is_active=True)
    assert (sending.deliver(), _unseen(reachable.fen_head)) == (0, 0)


def test_what_was_seen_long_ago_is_removed(reachable: Cast, clock: Any) -> None:
    _urgent(reachable)
    _urgent(reachable)
    with scope.session(reachable.fen_head), elevated():
        assert actions.see(Notification.objects.all()[:1]) == 1
    for days, left in ((89, 2), (91, 1)):
        with system():
            actions.remove_old(NOON + days * DAY - 90 * DAY)
        assert len(_page(reachable.fen_head)) == left


def test_what_nobody_looked_at_is_removed_a_year_later_and_of_closed_accounts_at_once(
    reachable: Cast,
) -> None:
    _urgent(reachable)
    make_instruction(reachable.mayors, reachable.park, by=reachable.secretary)
    with system():
        assert actions.remove_old(NOON + 364 * DAY) == 0
        assert actions.remove_old(NOON + 366 * DAY) == 0, "it still waits to be sent"
        User.objects.filter(pk=reachable.park_head.pk).update(is_active=False)
        assert actions.remove_old(NOON - DAY) == 0
        assert actions.remove_old(NOON + DAY) == 1, "the account is closed"
    assert sending.deliver() == 1
    with system():
        assert actions.remove_old(NOON + 364 * DAY) == 0
        assert actions.remove_old(NOON + 366 * DAY) == 1


def test_a_killed_worker_leaves_it_waiting(reachable: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    _urgent(reachable)

    def killed(*args: Any, **said: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_post", killed)
        with pytest.raises(KeyboardInterrupt):
            sending.deliver()
    assert _mails() == []
    assert (sending.deliver(), len(_mails())) == (1, 1)


def test_a_fault_with_one_person_keeps_nobody_else_from_being_told(
    reachable: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for department in (reachable.fen, reachable.park):
        make_instruction(reachable.mayors, department, by=reachable.secretary)
    post = sending._post

    def failing(channel: Channel, user: User, *args: Any) -> None:
        if user == reachable.fen_head:
            raise ValueError
        post(channel, user, *args)

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_post", failing)
        assert sending.deliver() == 1
    assert sending.deliver() == 0, "let be for an hour"
    assert sending.deliver(NOON + sending.AFTER_FAULT) == 1
    assert {who for who, _subject in _mails()} == {"fen.mudur", "park.mudur"}


def test_one_bad_row_silences_nobody_for_the_others(
    reachable: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = (_urgent(reachable) for _each in range(2))
    post = sending._post

    def failing(channel: Channel, user: User, rows: Any, *args: Any) -> None:
        if any(row.complaint_id == bad.pk for row in rows):
            raise ValueError
        post(channel, user, rows, *args)

    with monkeypatch.context() as patch:
        patch.setattr(sending, "_post", failing)
        assert sending.deliver() == 1
        assert sending.deliver() == 0
    ((_who, subject),) = _mails()
    assert good.reference in subject
    faults = [record for record in caplog.records if record.name == "permissions.notifications.sending"]
    assert {record.msg["user"] for record in faults} == {reachable.fen_head.pk}  # type: ignore[index]
    assert all(record.exc_info for record in faults)
    assert sending.deliver(NOON + sending.AFTER_FAULT) == 1


def test_a_fault_in_forgetting_for_a_closed_account_keeps_nobody_else_from_being_told(
    reachable: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    for department in (reachable.fen, reachable.park):
        make_instruction(reachable.mayors, department, by=reachable.secretary)
    with system():
        User.objects.filter(pk=reachable.fen_head.pk).update(is_active=False)
    monkeypatch.setattr(sending, "_forget", lambda *args: 1 / 0)
    assert sending.deliver() == 1


def test_what_duty_demands_and_cannot_be_sent_any_more_comes_into_the_page(reachable: Cast) -> None:
    off = {Channel.PAGE: Mode.OFF}
    _chosen(reachable.fen_head, choices={Kind.URGENT_CASE: off, Kind.INSTRUCTION: off, Kind.NOTE: off})
    _urgent(reachable)
    assert _page(reachable.fen_head) == []
    with system():
        User.objects.filter(pk=reachable.fen_head.pk).update(email="")
    assert (sending.deliver(), len(_page(reachable.fen_head)), _unseen(reachable.fen_head)) == (0, 1, 1)
    with system():
        User.objects.filter(pk=reachable.fen_head.pk).update(email="fen.mudur@example.org")
    _urgent(reachable)
    assert (sending.deliver(), len(_page(reachable.fen_head))) == (1, 1), "what was mailed stays out"


def test_a_shared_mailbox_is_told_of_a_confidential_row_without_its_number_and_led_to_the_list(
    cast: Cast,
) -> None:
    with system():
        Department.objects.filter(pk=cast.park.pk).update(email="park@example.org")
    cast.park.refresh_from_db()
    row = make_instruction(cast.mayors, cast.park, "Gizli iş", by=cast.secretary, is_confidential=True)
    with system():
        mail = Message.objects.get(address="park@example.org")
    assert (mail.subject, mail.purpose) == ("Bir kayıt sizi bekliyor", "staff_notification")
    assert mail.body.strip().endswith("/admin/instructions/instruction/")
    assert row.reference not in mail.body
    assert str(row.key) not in mail.body
    open_one = make_instruction(cast.mayors, cast.park, by=cast.secretary)
    with system():
        Message.objects.filter(pk=mail.pk).delete()
        rows = [
            {
                "about": one,
                "reference": one.reference,
                "on": one.due_on,
                "level": "NEAR",
                "department": "Park",
            }
            for one in (row, open_one)
        ]
        staff.post(["park@example.org"], "instructions/warning", {"rows": rows})
        bodies = {one.purpose: one.subject + one.body for one in Message.objects.all()}
    assert row.reference not in "".join(bodies.values())
    assert open_one.reference in bodies["staff_warning"]
    assert "staff_notification" in bodies, "the open one is told as always, the other by itself"


def test_a_shared_mailbox_is_warned_of_a_confidential_instruction_without_its_number(cast: Cast) -> None:
    with system():
        Department.objects.filter(pk=cast.park.pk).update(email="park@example.org")
    row = make_instruction(
        cast.mayors,
        cast.park,
        "Gizli iş",
        by=cast.secretary,
        is_confidential=True,
        due_on=dt.date(2026, 11, 27),
    )
    with system():
        Message.objects.all().delete()
    assert warn() > 0
    with system():
        mails = list(Message.objects.filter(address="park@example.org"))
    assert mails
    assert all(row.reference not in mail.subject + mail.body for mail in mails)


def test_two_workers_at_once_send_once(committed_db: CommittedDatabase) -> None:
    cast = make_cast()
    with system():
        User.objects.filter(pk=cast.fen_head.pk).update(email="fen.mudur@example.org")
    for _each in range(10):
        _urgent(cast)
    barrier, written = Barrier(4), []

    def work() -> None:
        barrier.wait()
        try:
            written.append(sending.deliver())
        finally:
            connection.close()

    threads = [Thread(target=work) for _each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(written) == 10
    with system():
        assert Message.objects.filter(purpose="staff_urgent").count() == 10
