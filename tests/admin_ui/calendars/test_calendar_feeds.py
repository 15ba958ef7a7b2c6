"""Calendar feeds: what their owner may see today, nothing confidential, and correct iCalendar for two parsers."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import icalendar
import pytest
import vobject
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from backend.calendars import actions
from backend.calendars.models import Feed
from backend.core.localtime import today
from backend.core.operation.logs import JsonFormatter, without_secrets
from backend.core.session import elevated, system
from backend.journal.models import AuditLog
from backend.programme import actions as programme
from permissions.core import grants, scope
from permissions.core.viewer import READ
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import at, make_entry, refetch
from tests.permissions.walls.world import make_feed

NEXT = (today() + dt.timedelta(days=7)).isoformat()


def read(secret: str, **headers: str):
    return Client().get(f"/takvim/{secret}.ics", headers=headers)


def events(secret: str) -> list[Any]:
    page = read(secret)
    assert page.status_code == 200
    assert page["Content-Type"] == "text/calendar; charset=utf-8"
    found: list[Any] = icalendar.Calendar.from_ical(page.content).walk("VEVENT")
    other = vobject.readOne(page.content.decode())  # a parser of other people, who read the same
    assert sorted(map(_by_vobject, other.contents.get("vevent", []))) == sorted(map(_by_icalendar, found))
    if found:
        (zone,) = other.contents["vtimezone"]
        assert zone.tzid.value == "Europe/Istanbul"
    return list(found)


def _by_vobject(one: Any) -> tuple[Any, ...]:
    names = ("uid", "sequence", "status", "summary", "dtstart", "dtend")
    uid, sequence, *rest = (getattr(one, name).value for name in names)
    return uid, int(sequence), *rest


def _by_icalendar(one: Any) -> tuple[Any, ...]:
    texts = (str(one["UID"]), int(one["SEQUENCE"]), str(one["STATUS"]), str(one["SUMMARY"]))
    return *texts, one.decoded("DTSTART"), one.decoded("DTEND")


def titles(secret: str) -> list[str]:
    return sorted(str(one["SUMMARY"]) for one in events(secret))


def test_an_entry_is_there_with_its_times_in_our_zone(cast: Cast) -> None:
    entry = make_entry(
        cast.mayors,
        "Şehit ailesi; ziyaret, İlçe",
        at(NEXT, "14:00"),
        by=cast.secretary,
        place="Akpınar",
        description="Çiçek",
    )
    _feed, secret = make_feed(cast.secretary, "Telefonum", principal=cast.mayors)
    (event,) = events(secret)
    assert str(event["SUMMARY"]) == "Şehit ailesi; ziyaret, İlçe"
    assert str(event["UID"]).startswith(f"{entry.key}@")
    assert event["DTSTART"].params["TZID"] == "Europe/Istanbul"
    assert event.decoded("DTSTART") == at(NEXT, "14:00")
    assert event.decoded("DTEND") == at(NEXT, "14:30")
    assert (str(event["LOCATION"]), str(event["DESCRIPTION"]), str(event["STATUS"])) == (
        "Akpınar",
        "Çiçek",
        "CONFIRMED",
    )
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt
    calendar: Any = icalendar.Calendar.from_ical(read(secret).content)
    (zone,) = calendar.walk("VTIMEZONE")
    assert str(zone["TZID"]) == "Europe/Istanbul"
    assert at(NEXT, "14:00").astimezone(zone.to_tz()).utcoffset() == dt.timedelta(hours=3)
    assert calendar.walk("VALARM") == []


def test_lines_are_folded_and_end_as_the_standard_asks(cast: Cast) -> None:
    make_entry(cast.mayors, "Ağırlama " * 20, at(NEXT, "14:00"), by=cast.secretary)
    content = read(make_feed(cast.secretary, "Telefonum")[1]).content
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")


def test_a_change_is_the_same_event_with_a_higher_sequence_and_a_cancellation_stays_for_a_while(
    cast: Cast,
) -> None:
    entry = make_entry(cast.mayors, "Toplantı", at(NEXT, "14:00"), by=cast.secretary)
    _feed, secret = make_feed(cast.secretary, "Telefonum", principal=cast.mayors)
    (first,) = events(secret)
    with scope.session(cast.secretary), elevated():
        programme.move_to(refetch(entry), by=cast.secretary, starts_at=at(NEXT, "16:00"), accept_unusual=True)
    (second,) = events(secret)
    with scope.session(cast.secretary), elevated():
        programme.cancel(refetch(entry), by=cast.secretary, reason="Yoğunluk")
    (third,) = events(secret)
    assert first["UID"] == second["UID"] == third["UID"]
    assert [int(one["SEQUENCE"]) for one in (first, second, third)] == [0, 1, 2]
    assert second.decoded("DTSTART") == at(NEXT, "16:00")
    assert str(third["STATUS"]) == "CANCELLED"
    assert "Yoğunluk" not in read(secret).content.decode()
    from freezegun import freeze_time

    with freeze_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=15)):
        assert events(secret) == []


def test_what_is_held_is_tentative(cast: Cast) -> None:
    held = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
    make_entry(cast.mayors, "Belki", at(NEXT, "14:00"), by=cast.secretary, hold_until=held)
    (event,) = events(make_feed(cast.secretary, "x")[1])
    assert str(event["STATUS"]) == "TENTATIVE"


@pytest.mark.parametrize("person", ["secretary", "mayor", "office_head"])
def test_a_confidential_entry_is_a_taken_time_for_everybody_its_reader_too(cast: Cast, person: str) -> None:
    make_entry(
        cast.mayors,
        "Gizli görüşme",
        at(NEXT, "14:00"),
        by=cast.secretary,
        readers=(cast.mayor,),
        place="Gizli yer",
    )
    _feed, secret = make_feed(cast.people()[person], "Telefonum")
    (event,) = events(secret)
    assert str(event["SUMMARY"]) == "Belediye Başkanı: Dolu"
    assert event.decoded("DTSTART") == at(NEXT, "14:00")
    assert "Gizli" not in read(secret).content.decode()
    assert b"LOCATION" not in read(secret).content


def test_a_reader_without_the_programme_has_not_even_the_time(cast: Cast) -> None:
    make_entry(cast.mayors, "Gizli görüşme", at(NEXT, "14:00"), by=cast.secretary, readers=(cast.outsider,))
    assert events(make_feed(cast.outsider, "x")[1]) == []


def test_busy_only_says_when_and_nothing_else(cast: Cast) -> None:
    make_entry(cast.mayors, "Toplantı", at(NEXT, "14:00"), by=cast.secretary, place="Meclis")
    make_entry(cast.mayors, "Gizli", at(NEXT, "14:30"), by=cast.secretary, readers=(cast.mayor,))
    _feed, secret = make_feed(cast.park_clerk, "Boş saatler", "BUSY", cast.mayors)
    (event,) = events(secret)
    assert str(event["SUMMARY"]) == "Dolu"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (at(NEXT, "14:00"), at(NEXT, "15:00"))
    assert not {"LOCATION", "DESCRIPTION", "URL", "CATEGORIES"} & set(event)


def test_the_press_view_has_its_own_words_and_moves_along(cast: Cast) -> None:
    entry = make_entry(cast.mayors, "İç başlık", at(NEXT, "14:00"), by=cast.secretary)
    _feed, secret = make_feed(cast.park_head, "Basın", "PRESS")
    assert events(secret) == []
    with scope.session(cast.secretary), elevated():
        programme.show_press(refetch(entry), by=cast.secretary, title="Açılış", note="Kurdele")
    (first,) = events(secret)
    assert str(first["SUMMARY"]) == "Belediye Başkanı: Açılış"
    assert "İç başlık" not in read(secret).content.decode()
    with scope.session(cast.secretary), elevated():
        programme.move_to(refetch(entry), by=cast.secretary, starts_at=at(NEXT, "16:00"), accept_unusual=True)
    (second,) = events(secret)
    assert int(second["SEQUENCE"]) > int(first["SEQUENCE"])
    assert second.decoded("DTSTART") == at(NEXT, "16:00")
    assert events(make_feed(cast.fen_clerk, "Basın", "PRESS")[1]) == []


def test_a_feed_shows_what_its_owner_may_see_today_and_not_when_it_was_made(cast: Cast) -> None:
    make_entry(cast.mayors, "Toplantı", at(NEXT, "14:00"), by=cast.secretary)
    _feed, secret = make_feed(cast.outsider, "Telefonum")
    assert events(secret) == []
    with system():
        grant = grants.give_programme(cast.outsider, READ, cast.mayors, by=cast.administrator)
    assert titles(secret) == ["Belediye Başkanı: Toplantı"]
    etag = read(secret)["ETag"]
    with system():
        grants.take(grant, by=cast.administrator)
    assert events(secret) == []
    assert read(secret, **{"if-none-match": etag}).status_code == 200, "what was lost is not “unchanged”"


def test_a_closed_account_a_revoked_feed_and_a_secret_that_never_was_are_the_same(cast: Cast) -> None:
    feed, revoked = make_feed(cast.secretary, "Eski")
    signed_in(cast.secretary).post(reverse("admin:calendars_feed_revoke", args=[feed.key]))
    _other, closed = make_feed(cast.fen_clerk, "Telefonum")
    with system():
        cast.fen_clerk.is_active = False
        cast.fen_clerk.save(update_fields=["is_active"])
    pages = [read(secret) for secret in (revoked, closed, "x" * 43, "x")]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1


def test_what_is_unchanged_is_not_sent_again(cast: Cast) -> None:
    entry = make_entry(cast.mayors, "Toplantı", at(NEXT, "14:00"), by=cast.secretary)
    _feed, secret = make_feed(cast.secretary, "Telefonum")
    first = read(secret)
    assert first["Last-Modified"]
    assert first["Cache-Control"] == "private, no-cache"
    again = read(secret, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert read(secret).content == first.content, "the same events are the same bytes"
    with scope.session(cast.secretary), elevated():
        programme.correct(refetch(entry), by=cast.secretary, title="Başka")
    assert read(secret, **{"if-none-match": first["ETag"]}).status_code == 200


def test_the_number_of_queries_does_not_depend_on_the_number_of_entries(
    cast: Cast,
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    _feed, secret = make_feed(cast.secretary, "Telefonum")
    counts = []
    for clock in ("08:00", "09:00", "10:00", "11:00"):
        make_entry(cast.mayors, f"Toplantı {clock}", at(NEXT, clock), by=cast.secretary)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            read(secret)
        counts.append(len(queries))
    assert len(set(counts[1:])) == 1, counts


def test_only_reading_is_possible_and_nothing_is_written_by_it_but_the_last_use(cast: Cast) -> None:
    feed, secret = make_feed(cast.secretary, "Telefonum")
    assert Client().post(f"/takvim/{secret}.ics").status_code == 404
    assert Client().head(f"/takvim/{secret}.ics").status_code == 200
    with as_viewer(cast.secretary):
        assert Feed.objects.get(pk=feed.pk).last_used_at is not None


# -- making, listing, revoking ---------------------------------------------------------------------------------
LIST = "/admin/calendars/feed/"


def make(person, **values: str) -> str:
    page = signed_in(person).post(f"{LIST}make/", {"name": "Telefonum", "view": "FULL", **values})
    return page.content.decode()


def test_the_secret_is_shown_once_and_kept_nowhere(cast: Cast) -> None:
    text = make(cast.secretary)
    found = re.search(r"/takvim/([\w-]{43})\.ics", text)
    assert found is not None
    assert read(found[1]).status_code == 200
    office = signed_in(cast.secretary)
    with as_viewer(cast.secretary):
        feed = Feed.objects.get()
    assert found[1] not in str(vars(feed))
    for page in (LIST, f"{LIST}{feed.key}/change/"):
        shown = office.get(page).content.decode()
        assert "Telefonum" in shown
        assert found[1] not in shown
    with system():
        assert found[1] not in "".join(AuditLog.objects.values_list("note", flat=True))


def test_busy_times_are_somebodys_and_the_form_says_so(cast: Cast) -> None:
    assert "Kimin dolu saatlerinin gösterileceğini seçiniz." in make(cast.secretary, view="BUSY")


def test_a_person_keeps_ten_feeds(cast: Cast) -> None:
    for number in range(actions.FEEDS):
        make_feed(cast.secretary, str(number))
    assert "Önce birini iptal ediniz." in make(cast.secretary)


@pytest.mark.parametrize("other", ["office_head", "mayor", "administrator", "park_clerk"])
def test_anothers_feed_is_not_there_for_anybody_by_any_door(cast: Cast, other: str) -> None:
    feed, secret = make_feed(cast.secretary, "Yalnız benim")
    ask = signed_in(cast.people()[other])
    assert ask.get(f"{LIST}{feed.key}/change/").status_code == 404
    assert ask.post(reverse("admin:calendars_feed_revoke", args=[feed.key])).status_code == 404
    assert "Yalnız benim" not in ask.get(f"{LIST}?tab=all").content.decode()
    with as_viewer(cast.people()[other]), elevated():
        assert not Feed.objects.exists(), "the office's role neither"
    assert read(secret).status_code == 200


def test_nobody_makes_a_feed_for_somebody_else(cast: Cast) -> None:
    with pytest.raises(DatabaseError), scope.session(cast.office_head), elevated():
        actions.make_feed(by=cast.mayor, name="x", view="FULL")


def test_secrets_of_addresses_are_in_no_log(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    import logging

    _feed, secret = make_feed(cast.secretary, "Telefonum")
    with caplog.at_level(logging.INFO):
        read(secret)
        read("yanlisgizli")
        Client().get("/randevu/gizlibaglanti/")
    lines = [JsonFormatter().format(each) for each in caplog.records]
    assert any("/takvim/•" in each for each in lines)
    assert any("/randevu/•" in each for each in lines)
    for word in (secret, "yanlisgizli", "gizlibaglanti"):
        assert not any(word in each for each in lines)


def test_an_address_is_written_without_what_opens_it() -> None:
    assert without_secrets("GET /takvim/abc-DEF_1.ics HTTP/1.1") == "GET /takvim/• HTTP/1.1"
    assert without_secrets("/admin/takvim/") == "/admin/takvim/"
    keyed = "GET /open311/v2/requests.json?status=open&api_key=okm_abc&page_size=5 HTTP/1.1"
    assert without_secrets(keyed) == keyed.replace("okm_abc", "•")
    assert without_secrets("api_key=okm_abc") == "api_key=•"


def test_reminders_are_chosen_on_their_page_which_shows_the_next_one(cast: Cast) -> None:
    make_entry(
        cast.mayors,
        "Muhtarlar toplantısı",
        at((today() + dt.timedelta(days=2)).isoformat(), "14:00"),
        by=cast.secretary,
    )
    office = signed_in(cast.secretary)
    text = office.get(f"{LIST}reminders/").content.decode()
    assert "Muhtarlar toplantısı" in text
    assert re.search(r'value="MORNING"[^>]*checked', text)
    office.post(f"{LIST}reminders/", {"moments": ["HOUR_BEFORE"]})
    text = office.get(f"{LIST}reminders/").content.decode()
    assert re.search(r'value="HOUR_BEFORE"[^>]*checked', text)
    assert not re.search(r'value="MORNING"[^>]*checked', text)
    assert "Muhtarlar" not in signed_in(cast.outsider).get(f"{LIST}reminders/").content.decode()
