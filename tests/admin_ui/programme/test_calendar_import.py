"""An .ics file is brought into a programme: looked at first, once for good, updated by SEQUENCE, refused if hostile."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.core.files.uploadedfile import SimpleUploadedFile

from backend.calendars import reading
from backend.calendars.reading import MOST_EVENTS, read
from backend.core.errors import DomainError
from backend.core.localtime import ISTANBUL, today
from backend.core.session import system
from backend.programme.models import Entry, EntryLine
from backend.programme.slots import Span
from tests.cast import Cast, signed_in
from tests.factories import at, make_entry
from tests.harness.tiers import size

PAGE = "/admin/programme/import/"


def _day(number: int) -> dt.date:
    """A weekday of the week after next."""
    return today() + dt.timedelta(days=14 - today().weekday() + number)


MONDAY = _day(0)


def event(uid: str, clock: str = "100000", day: dt.date = MONDAY, **more: str) -> str:
    lines = {
        "UID": uid,
        "DTSTAMP": "20261101T000000Z",
        "DTSTART;TZID=Europe/Istanbul": f"{day:%Y%m%d}T{clock}",
        "DURATION": "PT30M",
        "SUMMARY": f"Dış {uid}",
        **{name.replace("_", "-"): value for name, value in more.items()},
    }
    body = "\r\n".join(f"{name}:{value}" for name, value in lines.items() if value)
    return f"BEGIN:VEVENT\r\n{body}\r\nEND:VEVENT\r\n"


def calendar(*events: str) -> bytes:
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x\r\n{''.join(events)}END:VCALENDAR\r\n".encode()


def look(cast: Cast, data: bytes, person=None) -> str:
    file = SimpleUploadedFile("takvim.ics", data, content_type="text/calendar")
    given = {"principal": str(cast.mayors.key), "kind": "MEETING", "file": file}
    return signed_in(person or cast.secretary).post(PAGE, given).content.decode()


def ticket(page: str) -> str:
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found is not None, re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))[-1500:]
    return found[1]


def bring(cast: Cast, data: bytes, person=None) -> str:
    person = person or cast.secretary
    page = look(cast, data, person)
    return signed_in(person).post(PAGE, {"ticket": ticket(page)}).content.decode()


def entries() -> list[Entry]:
    with system():
        return list(Entry.objects.order_by("starts_at"))


def test_it_is_looked_at_first_and_nothing_is_entered(cast: Cast) -> None:
    text = look(cast, calendar(event("a"), event("b", "110000")))
    assert "Şunlar yapılacak" in text
    assert "Dış a" in text
    assert entries() == []


def test_what_was_looked_at_is_entered_once_with_its_story(cast: Cast) -> None:
    data = calendar(event("a", LOCATION="Meclis\\, salon", DESCRIPTION="Gündem"), event("b", "110000"))
    assert "Takvim içe aktarıldı" in bring(cast, data)
    first, second = entries()
    assert (first.title, first.place, first.description) == ("Dış a", "Meclis, salon", "Gündem")
    assert (first.starts_at, first.ends_at) == (
        at(MONDAY.isoformat(), "10:00"),
        at(MONDAY.isoformat(), "10:30"),
    )
    assert (first.status, first.kind, first.planned_by_id) == ("CONFIRMED", "MEETING", cast.secretary.pk)
    with system():
        assert EntryLine.objects.filter(entry=second, verb="planned", actor=cast.secretary).count() == 1
    again = look(cast, data)
    assert "İçe aktarılacak bir şey yok" in again
    assert len(entries()) == 2


def test_a_higher_sequence_moves_corrects_and_cancels(cast: Cast) -> None:
    bring(cast, calendar(event("a"), event("b", "110000"), event("c", "120000")))
    changed = [
        event("a", "150000", SEQUENCE="1", SUMMARY="Yeni ad"),
        event("b", "110000", SEQUENCE="1", STATUS="CANCELLED"),
        event("c", "160000", SEQUENCE="0"),
        event("d", "110000"),  # where b was
    ]
    bring(cast, calendar(*changed))
    found = {entry.outside_uid: entry for entry in entries()}
    assert (found["a"].title, found["a"].starts_at) == ("Yeni ad", at(MONDAY.isoformat(), "15:00"))
    assert found["b"].status == "CANCELLED"
    assert found["c"].starts_at == at(MONDAY.isoformat(), "12:00"), "an older version changes nothing"
    assert found["d"].status == "CONFIRMED"
    assert "yapılacak" not in look(cast, calendar(*changed))


def test_a_file_that_other_people_wrote_is_read_like_ours(cast: Cast) -> None:
    """By vobject, with its own way of folding, ordering and writing zones; moved and cancelled by it, too."""

    def written(sequence: int, clock: str, status: str) -> bytes:
        made = vobject.iCalendar()
        one = made.add("vevent")
        begins = dt.datetime.combine(MONDAY, dt.time.fromisoformat(clock), ISTANBUL)
        facts = {
            "uid": "dernek-1@example.org",
            "summary": "Şehit Aileleri Derneği; yıllık ziyaret, çay " * 3,
            "dtstart": begins.astimezone(vobject.icalendar.utc),
            "dtend": (begins + dt.timedelta(minutes=45)).astimezone(vobject.icalendar.utc),
            "sequence": str(sequence),
            "status": status,
        }
        for name, value in facts.items():
            one.add(name).value = value
        data: bytes = made.serialize().encode()
        (theirs,) = icalendar.Calendar.from_ical(data).walk("VEVENT")
        assert theirs.decoded("DTSTART") == begins, "the second parser says the same"
        return data

    bring(cast, written(0, "10:00", "CONFIRMED"))
    (entry,) = entries()
    assert (entry.starts_at, entry.title[:5]) == (at(MONDAY.isoformat(), "10:00"), "Şehit")
    assert entry.ends_at - entry.starts_at == dt.timedelta(minutes=45)
    bring(cast, written(1, "15:00", "CONFIRMED"))
    assert [row.starts_at for row in entries()] == [at(MONDAY.isoformat(), "15:00")]
    bring(cast, written(2, "15:00", "CANCELLED"))
    assert [row.status for row in entries()] == ["CANCELLED"]


def test_what_is_taken_is_left_out_without_a_word_of_what_is_there(cast: Cast) -> None:
    make_entry(
        cast.mayors, "Gizli görüşme", at(MONDAY.isoformat(), "10:15"), by=cast.mayor, readers=(cast.mayor,)
    )
    data = calendar(event("a"), event("b", "110000"), event("c", "111500"))
    text = look(cast, data)
    assert text.count("saat dolu") >= 2
    assert "Gizli" not in text
    assert f"{MONDAY:%d.%m.%Y} 10.15–10.45" in text
    bring(cast, data)
    with system():
        assert [entry.outside_uid for entry in Entry.objects.exclude(outside_uid="")] == ["b"]


def test_what_it_collides_with_is_named_to_who_may_see_it(cast: Cast) -> None:
    make_entry(cast.mayors, "Encümen", at(MONDAY.isoformat(), "10:15"), by=cast.secretary)
    assert f"{MONDAY:%d.%m.%Y} 10.15–10.45 · Encümen" in look(cast, calendar(event("a")))


def test_a_series_becomes_its_occurrences_with_its_exceptions(cast: Cast) -> None:
    moved = event("w", "160000", MONDAY + dt.timedelta(days=7), **{"RECURRENCE_ID;TZID=Europe/Istanbul": ""})
    moved = moved.replace(
        "SUMMARY:",
        f"RECURRENCE-ID;TZID=Europe/Istanbul:{MONDAY + dt.timedelta(days=7):%Y%m%d}T100000\r\nSUMMARY:",
    )
    gone = f"{MONDAY + dt.timedelta(days=14):%Y%m%d}T100000"
    data = calendar(event("w", RRULE="FREQ=WEEKLY;COUNT=4", **{"EXDATE;TZID=Europe/Istanbul": gone}), moved)
    bring(cast, data)
    starts = [entry.starts_at.astimezone(ISTANBUL) for entry in entries()]
    assert [((one.date() - MONDAY).days, one.hour) for one in starts] == [(0, 10), (7, 16), (21, 10)]
    assert "İçe aktarılacak bir şey yok" in look(cast, data)


def test_a_series_without_an_end_is_read_for_a_year(cast: Cast) -> None:
    bring(cast, calendar(event("w", RRULE="FREQ=WEEKLY")))
    assert 48 <= len(entries()) <= 53


def test_zones_days_and_times_without_a_zone_are_told_apart(cast: Cast) -> None:
    day = f"{MONDAY:%Y%m%d}"
    utc = event("utc", **{"DTSTART;TZID=Europe/Istanbul": "", "DTSTART": f"{day}T060000Z"})
    berlin = event(
        "berlin", **{"DTSTART;TZID=Europe/Istanbul": "", "DTSTART;TZID=Europe/Berlin": f"{day}T100000"}
    )
    floating = event("floating", **{"DTSTART;TZID=Europe/Istanbul": "", "DTSTART": f"{day}T140000"})
    whole = event(
        "whole",
        **{"DTSTART;TZID=Europe/Istanbul": "", "DURATION": "", "DTSTART;VALUE=DATE": f"{_day(2):%Y%m%d}"},
    )
    bring(cast, calendar(utc, berlin, floating, whole))
    found = {entry.outside_uid: entry for entry in entries()}
    assert found["utc"].starts_at == at(MONDAY.isoformat(), "09:00")
    ten = dt.datetime.combine(MONDAY, dt.time(10), ZoneInfo("Europe/Berlin"))
    assert found["berlin"].starts_at == ten
    assert found["floating"].starts_at == at(MONDAY.isoformat(), "14:00")
    assert (found["whole"].starts_at, found["whole"].ends_at) == (
        at(_day(2).isoformat(), "00:00"),
        at(_day(3).isoformat(), "00:00"),
    )


def test_private_free_and_past_events_are_left_out_and_said(cast: Cast) -> None:
    past = today() - dt.timedelta(days=3)
    text = look(
        cast,
        calendar(
            event("p", CLASS="PRIVATE"),
            event("f", "110000", TRANSP="TRANSPARENT"),
            event("old", day=past),
            event("n", "120000", SUMMARY=""),
        ),
    )
    assert "Özel olarak işaretlenmiş" in text
    assert "boş olarak gösteriliyor" in text
    assert "Başlığı yok" in text
    assert "Dış old" not in text
    assert "İçe aktarılacak bir şey yok" in text


def test_an_event_without_a_time_is_counted_and_keeps_no_other_from_being_read(cast: Cast) -> None:
    broken = {"DTSTART;TZID=Europe/Istanbul": "", "DTSTART": "yarın"}
    text = look(
        cast, calendar(event("x", **broken), event("y", SEQUENCE="çok"), event("z", "110000", DURATION="?"))
    )
    assert "zamanı okunamayan" in text
    assert "Dış y" in text


def test_a_weekend_is_unusual_and_said(cast: Cast) -> None:
    assert "hafta sonu" in look(cast, calendar(event("a", day=_day(5))))


def test_an_entry_that_became_confidential_is_no_events_of_the_file_any_more(cast: Cast) -> None:
    from backend.core.session import elevated
    from backend.programme import actions as programme
    from permissions.core import scope

    data = calendar(event("a"))
    bring(cast, data)
    (entry,) = entries()
    with scope.session(cast.mayor), elevated():
        programme.mark_confidential(Entry.objects.get(pk=entry.pk), by=cast.mayor)
    text = look(cast, data)
    assert "saat dolu" in text
    assert "kayıtlı" not in text


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a",
        b"\xff\xfe" + "BEGIN:VCALENDAR".encode("utf-16-le"),
        "BEGIN:VCALENDAR\r\nSUMMARY:Görüşme".encode("latin-1", "replace") + b"\xfc\r\n",
        b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\n" * 4000,
        b"BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VCALENDAR",
    ],
)
def test_what_is_no_calendar_is_refused_with_a_sentence(cast: Cast, data: bytes) -> None:
    text = look(cast, data)
    assert "okunabilir bir takvim değil" in text or "boş" in text or "İçe aktarılacak bir şey yok" in text
    assert entries() == []


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY;INTERVAL=1",
        "FREQ=HOURLY",
        "FREQ=DAILY;BYHOUR=0,1,2,3,4,5;BYMINUTE=0,1,2,3,4,5,6,7,8,9",
        "FREQ=YEARLY;BYEASTER=1",
        "INTERVAL=1",
        "FREQ=NEVER",
    ],
)
def test_a_rule_that_repeats_within_a_day_or_makes_no_sense_is_refused(cast: Cast, rule: str) -> None:
    assert "desteklenmeyen" in look(
        cast, calendar(event("x", RRULE=rule))
    ) or "okunabilir bir takvim değil" in look(cast, calendar(event("x", RRULE=rule)))


def test_rules_that_never_come_true_do_not_hold_the_house_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "SECONDS", size(1, 10))
    start = dt.datetime.combine(today(), dt.time(), ISTANBUL)
    never = "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    data = calendar(*(event(str(number), RRULE=never) for number in range(size(8, 100))))
    with pytest.raises(DomainError):
        read(data, Span(start, start + dt.timedelta(days=366)))


def test_a_file_that_is_too_large_or_has_too_many_events_is_refused(cast: Cast) -> None:
    many = calendar(*(event(str(number)) for number in range(MOST_EVENTS + 1)))
    assert "5000 etkinlikten fazla" in look(cast, many)
    assert "MB" in look(cast, b"BEGIN:VCALENDAR\r\n" + b"X-A:" + b"a" * 4_000_000)


@pytest.mark.full
def test_five_thousand_events_are_entered_in_one_go(cast: Cast) -> None:
    texts = []
    for number in range(MOST_EVENTS):
        moment = dt.datetime.combine(
            today() + dt.timedelta(days=1 + number // 20), dt.time(7)
        ) + dt.timedelta(minutes=30 * (number % 20))
        texts.append(event(f"{number}", f"{moment:%H%M%S}", moment.date()))
    assert "Takvim içe aktarıldı" in bring(cast, calendar(*texts))
    assert len(entries()) == MOST_EVENTS


def test_only_who_keeps_the_programme_brings_anything_into_it(cast: Cast) -> None:
    for person in (cast.outsider, cast.fen_head, cast.park_head, cast.administrator):
        assert signed_in(person).get(PAGE).status_code == 404
    page = look(cast, calendar(event("a")))
    for person in (cast.outsider, cast.fen_clerk):
        signed_in(person).post(PAGE, {"ticket": ticket(page)})
    assert "Dış a" not in look(cast, calendar(event("a")), cast.fen_clerk), "keeps another programme"
    assert entries() == []
    signed_in(cast.secretary).post(PAGE, {"ticket": ticket(page) + "x"})
    assert entries() == []
