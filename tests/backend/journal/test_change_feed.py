"""The journal of happenings: nothing is missed and nothing is told twice, in whatever order transactions end."""

from __future__ import annotations

import datetime as dt

import psycopg
import pytest
from django.conf import settings
from django.db import OperationalError, ProgrammingError, connection, connections
from django.utils import timezone
from procrastinate.contrib.django import app

from backend.complaints import actions
from backend.complaints.models import Complaint, ComplaintLine
from backend.core.session import system
from backend.core.tickets import sign
from backend.journal import change_feed, jobs
from backend.journal.change_feed import MOST, Cursor, parse_cursor
from backend.journal.models import ChangeEvent
from backend.monitoring.measuring import measure
from permissions.core import scope
from tests.cast import Cast, make_cast
from tests.databases import CommittedDatabase
from tests.factories import make_complaint


def here() -> Cursor:
    with system():
        return change_feed.current_cursor()


def since(place: Cursor, kind: str = "", subject: int | None = None):
    with system():
        found = change_feed.since(place, kind, subject)
    assert found is not None
    return found


def insert(connection: psycopg.Connection, subject: int) -> None:
    connection.execute("SELECT app.enter_system(%s)", [sign("system", "")])
    connection.execute("INSERT INTO journal_changeevent (kind, subject_id) VALUES ('test', %s)", [subject])


def test_a_transaction_that_ends_late_is_told_late_and_once(committed_db: CommittedDatabase) -> None:
    """It took its number first, so “higher than the last number” would miss it for ever."""
    place, told = here(), []
    with psycopg.connect(committed_db.url()) as slow, psycopg.connect(committed_db.url()) as quick:
        insert(slow, 1)
        insert(quick, 2)
        quick.commit()
        news, place = since(place)
        told += [one.subject_id for one in news]
        insert(quick, 3)
        quick.commit()
        news, place = since(place)
        told += [one.subject_id for one in news]
        assert told == [2, 3]
        slow.commit()
        news, place = since(place)
        told += [one.subject_id for one in news]
    assert told == [2, 3, 1]
    assert since(place)[0] == []


def test_in_the_middle_of_a_reading_one_goes_on_behind_what_was_told(committed_db: CommittedDatabase) -> None:
    place = here()
    with psycopg.connect(committed_db.url()) as slow, psycopg.connect(committed_db.url()) as quick:
        insert(slow, 9)  # an earlier number, which ends later
        for subject in (1, 2, 3):
            insert(quick, subject)
        quick.commit()
        news, now = since(place)
        amid = parse_cursor(str(place.amid(now, news[1])))
        assert amid == place.amid(now, news[1])
        slow.commit()
    rest, after = since(amid)
    assert ([one.subject_id for one in rest], after.seen) == ([3], now.seen)
    assert [one.subject_id for one in since(parse_cursor(str(after)))[0]] == [9]
    assert [one.subject_id for one in since(parse_cursor(str(now)))[0]] == [9]


def test_what_a_restored_database_brought_along_is_no_news(committed_db: CommittedDatabase) -> None:
    """Numbers of transactions of another cluster may be far ahead of ours."""
    place = here()
    with system():
        ChangeEvent.objects.create(kind="test", subject_id=1, transaction="999999999999")
    assert since(place)[0] == []


def test_much_is_read_by_parts(committed_db: CommittedDatabase) -> None:
    place, told = here(), []
    with system():
        ChangeEvent.objects.bulk_create([ChangeEvent(kind="test", subject_id=i) for i in range(2 * MOST + 5)])
    for _each in range(4):
        with system():
            news, place = change_feed.since(place, partly=True)
        told += [one.subject_id for one in news]
    assert told == list(range(2 * MOST + 5))
    assert place.then == ""


def test_what_was_taken_back_has_not_happened(committed_db: CommittedDatabase) -> None:
    place = here()
    with psycopg.connect(committed_db.url()) as other:
        insert(other, 1)
        other.rollback()
    assert since(place)[0] == []


def test_what_cannot_be_said_is_none(committed_db: CommittedDatabase) -> None:
    place = here()
    old = Cursor(int((timezone.now() - dt.timedelta(days=8)).timestamp()), place.seen)
    elsewhere = Cursor(place.at, "999999999:999999999:")
    with system():
        assert change_feed.since(old) is None
        assert change_feed.since(elsewhere) is None
        ChangeEvent.objects.bulk_create([ChangeEvent(kind="test", subject_id=i) for i in range(MOST + 1)])
    with system():
        assert change_feed.since(place) is None
        assert change_feed.since(place, "test", 7) is not None


@pytest.mark.parametrize(
    "text",
    ["", "x", "1~2:1:", "1~1:2:2,3", "1~1:5:3,2", "1~1:5:0", "1~0:5:", "1~1:99999999999999999999:",
     "1~1:2:~1:2:", "9" * 9000, "1~1:2:~2:1:~3", "1~١:٢:"],
)  # fmt: skip
def test_a_place_that_nobody_gave_is_none(text: str) -> None:
    assert parse_cursor(text) is None


@pytest.mark.django_db
def test_a_line_of_the_story_is_told_and_what_was_brought_in_from_the_past_is_not(cast: Cast) -> None:
    case = make_complaint()
    with system():
        ChangeEvent.objects.all().delete()
        long_ago = timezone.now() - dt.timedelta(days=400)
        ComplaintLine.objects.bulk_create(
            [
                ComplaintLine(complaint=case, verb="routed"),
                ComplaintLine(complaint=case, verb="sent", at=long_ago),
            ]
        )
        assert list(ChangeEvent.objects.values_list("kind", "subject_id", "verb")) == [
            ("complaint", case.pk, "routed")
        ]


@pytest.mark.django_db
def test_who_lost_a_case_stands_beside_it(cast: Cast) -> None:
    case = make_complaint()
    for department in (cast.fen, cast.park):
        with scope.session(cast.secretary), scope.authorized("ROUTE", Complaint, case.key) as row:
            actions.route(row, to=department, by=cast.secretary)
    with system():
        lost = ChangeEvent.objects.exclude(lost_by=[]).values_list("subject_id", "lost_by")
        assert list(lost) == [(case.pk, [cast.fen.pk])]


_PARTITIONS = """
    SELECT c.oid::regclass::text, c.relname, c.relacl, n.nspname FROM pg_inherits i
      JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE i.inhparent = 'journal_changeevent'::regclass ORDER BY 1
"""
REST = "wall.journal_changeevent_rest"


def partitions() -> dict[str, int]:
    """Of each partition how many happenings it holds, as its owner sees it."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(_PARTITIONS)
        names = [name for name, *_ in cursor.fetchall()]
        counted = {}
        for name in names:
            cursor.execute(f"SELECT count(*) FROM {name}")
            counted[name] = cursor.fetchone()[0]
    return counted


def week_of(moment: dt.datetime) -> str:
    day = moment.astimezone(dt.UTC).date()
    return f"wall.journal_changeevent_{day - dt.timedelta(days=day.weekday()):%Y%m%d}"


def test_weeks_are_made_ahead_and_dropped_when_their_last_day_is_a_week_past(
    committed_db: CommittedDatabase,
) -> None:
    """What had no partition is not refused, and moves to its week unseen by whoever follows."""
    now = timezone.now()
    place = here()
    with system():
        for days in (0, 6, 15, 40):
            ChangeEvent.objects.create(kind="test", subject_id=days, at=now - dt.timedelta(days=days))
    assert partitions() == {REST: 4}
    assert jobs.delete_change_events() == 0
    weeks = {week_of(now + dt.timedelta(weeks=number)) for number in range(-1, 3)}
    assert set(partitions()) == {REST, *weeks}
    assert partitions()[REST] == 0
    assert [one.subject_id for one in since(place, "test")[0]] == [0, 6]
    assert measure().happenings_ahead >= dt.timedelta(days=14)
    with connections["owner"].cursor() as cursor:  # as if three weeks had gone by
        for name in sorted(weeks)[:2]:
            passed = dt.datetime.strptime(name[-8:], "%Y%m%d").replace(tzinfo=dt.UTC) - dt.timedelta(weeks=3)
            cursor.execute(f"ALTER TABLE journal_changeevent DETACH PARTITION {name}")
            cursor.execute(f"ALTER TABLE {name} RENAME TO {week_of(passed).removeprefix('wall.')}")
            cursor.execute(f"UPDATE {week_of(passed)} SET at = at - interval '3 weeks'")
            cursor.execute(
                f"ALTER TABLE journal_changeevent ATTACH PARTITION {week_of(passed)}"
                f" FOR VALUES FROM ('{passed}') TO ('{passed + dt.timedelta(weeks=1)}')"
            )
    assert jobs.delete_change_events() == 2
    assert partitions() == dict.fromkeys({REST, *weeks}, 0)
    assert jobs.delete_change_events() == 0


def test_a_reader_of_long_holds_up_nobody_else(
    committed_db: CommittedDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The job gives way at once and comes again; meanwhile what happens is written, and told."""
    monkeypatch.setattr(change_feed, "PATIENCE", 0.0)
    place = here()
    with psycopg.connect(committed_db.url("owner")) as reader:
        reader.execute("SELECT count(*) FROM journal_changeevent")
        with pytest.raises(OperationalError):
            jobs.delete_change_events()
        with system():
            change_feed.announce("test", 7, "went_on")
        assert [one.subject_id for one in since(place, "test")[0]] == [7]
    assert jobs.delete_change_events() == 0
    assert [one.subject_id for one in since(place, "test")[0]] == [7]


def test_no_role_of_the_web_reaches_a_partition(committed_db: CommittedDatabase) -> None:
    jobs.delete_change_events()
    with connections["owner"].cursor() as cursor:
        cursor.execute(_PARTITIONS)
        found = cursor.fetchall()
        assert {(rights, schema) for _name, _relname, rights, schema in found} == {(None, "wall")}
        for role in (settings.APP_ROLE, settings.OFFICE_ROLE):
            cursor.execute("SELECT has_schema_privilege(%s, 'wall', 'USAGE')", [role])
            assert cursor.fetchone() == (False,)
    for name, *_ in found:
        with pytest.raises(ProgrammingError, match="permission denied for schema wall"), system():
            connection.cursor().execute(f"SELECT FROM {name}")
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("SELECT app.keep_happenings(7, 14)")


_NOTIFYING = """
    SELECT t.tgname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE t.tgenabled <> 'D' AND NOT t.tgisinternal AND p.prosrc ~* '\\mnotify\\M|pg_notify'
"""


def test_no_commit_notifies(committed_db: CommittedDatabase) -> None:
    """Transactions that notify commit one after the other: neither a story line nor a job that is deferred does."""
    cast = make_cast()
    with psycopg.connect(committed_db.url(), autocommit=True) as listening:
        for channel in ("happened", "procrastinate_any_queue_v1", '"procrastinate_queue_v1#exports"', "over"):
            listening.execute(f"LISTEN {channel}")
        make_complaint(to=cast.fen)
        with system():
            app.configure_task("exports.make_export", queue="exports").defer(key="0")
        listening.execute("NOTIFY over")
        assert next(listening.notifies(timeout=10)).channel == "over"
        assert [name for (name,) in listening.execute(_NOTIFYING)] == []
