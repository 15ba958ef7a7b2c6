"""The programme's pages: what one sees of it, what may be done to an entry, and what a refusal tells."""

import datetime as dt
import json
import re
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from admin_ui.programme.actions import STEPS
from backend.core.session import system
from backend.organization.models import AdministrativeLeave, User
from backend.programme import actions
from backend.programme.choices import Status
from backend.programme.models import Entry, EntryLine, Participant, PressItem
from backend.programme.moves import Verb
from tests.cast import Cast, as_viewer, signed_in
from tests.days import DAY, date, day, dotted, spelt
from tests.factories import at, make_entry, make_request, refetch

CALENDAR = "/admin/programme/calendar/"
EVENTS = "/admin/programme/events/"
NEW = "/admin/programme/entry/new/"
WEEK = {"start": day(-1), "end": day(6)}
TUESDAY = DAY


def page_of(entry: Entry) -> str:
    return reverse("admin:programme_entry_change", args=[entry.key])


def drawn(client: Client, **given: str) -> list[dict]:
    """What the calendar is told of the suite's week."""
    answer = client.get(EVENTS, {**WEEK, **given})
    assert answer.status_code == 200
    return json.loads(answer.content)["events"]


def titles(client: Client, **given: str) -> list[str]:
    return [piece["title"] for piece in drawn(client, **given) if piece["title"]]


def version_of(client: Client, entry: Entry) -> int:
    """As its reader sees it: the house itself sees no confidential entry."""
    with as_viewer(User.objects.get(pk=client.session["_auth_user_id"])):
        return Entry.objects.get(pk=entry.pk).version


def do(client: Client, entry: Entry, verb: str, **data):
    """Say a verb as the page as it now stands would."""
    url = reverse("admin:programme_entry_act", args=[entry.key, verb])
    return client.post(url, {"version": version_of(client, entry), **data})


def drag(client: Client, entry: Entry, start: str, end: str, **data):
    given = {"starts_at": start, "ends_at": end, "version": refetch(entry).version, **data}
    return client.post(reverse("admin:programme_entry_drag", args=[entry.key]), given)


# -- the calendar ----------------------------------------------------------------------------------
def test_the_keeper_sees_the_week_with_working_hours_and_holidays(cast: Cast):
    make_entry(cast.mayors, "Fen İşleri toplantısı", at(TUESDAY), 60, place="Makam", follow_up_minutes=15)
    with system():
        AdministrativeLeave.objects.create(day=date(2), reason="Kar")
    pieces = drawn(signed_in(cast.secretary))
    entry = next(piece for piece in pieces if piece["title"] == "Fen İşleri toplantısı")
    assert (entry["start"], entry["end"]) == (f"{DAY}T10:00", f"{DAY}T11:00")
    assert entry["editable"] is True
    assert entry["extendedProps"]["place"] == "Makam"
    kinds = [piece["classNames"][0] for piece in pieces]
    assert kinds.count("ok-buffer") == 1
    off = [(piece["start"], piece["end"]) for piece in pieces if piece["classNames"] == ["ok-off"]]
    assert (f"{day(-1)}T00:00", f"{day(-1)}T08:30") in off
    assert (f"{day(1)}T17:00", f"{day(3)}T08:30") in off, "a day of leave is not worked"
    assert "İdari izin" in [piece["title"] for piece in pieces if "ok-day-note" in piece["classNames"]]
    body = signed_in(cast.secretary).get(CALENDAR, {"on": TUESDAY}).content.decode()
    assert "Fen İşleri toplantısı" in body, "the agenda is there without JavaScript"
    assert "İdari izin" in body


@pytest.mark.parametrize(
    "name", ["programme_calendar", "programme_day", "programme_print", "programme_press"]
)
def test_what_is_no_day_is_said_and_today_is_shown(cast: Cast, name: str):
    page, said = reverse(f"admin:{name}"), "“31.02.2027” bir gün değil; bugün gösteriliyor."
    client = signed_in(cast.secretary)
    assert said in client.get(page, {"on": "31.02.2027"}).content.decode()
    for on in ("", "28.02.2027"):
        assert "bir gün değil" not in client.get(page, {"on": on}).content.decode()


def test_a_half_day_and_a_holiday_are_named(cast: Cast):
    given = {"start": "2027-10-25", "end": "2027-11-01"}
    notes = {
        piece["start"][:10]: piece["title"]
        for piece in drawn(signed_in(cast.secretary), **given)
        if "ok-day-note" in piece["classNames"]
    }
    assert "13.00" in notes["2027-10-28"]
    assert "Cumhuriyet Bayramı" in notes["2027-10-29"]


def test_of_a_confidential_entry_others_see_that_the_time_is_taken_and_no_word(cast: Cast):
    secret = make_entry(
        cast.mayors, "Sağlık kontrolü", at(TUESDAY), 60, by=cast.mayor, readers=(cast.mayor,), place="Hastane"
    )
    for person in (cast.secretary, cast.office_head):
        client = signed_in(person)
        found = [piece for piece in drawn(client) if piece["classNames"] == ["ok-busy"]]
        assert [(piece["title"], piece["start"], piece["end"]) for piece in found] == [
            ("Dolu", f"{DAY}T10:00", f"{DAY}T11:00")
        ]
        assert not found[0]["editable"]
        assert "extendedProps" not in found[0]
        for address in (CALENDAR, "/admin/programme/day/", "/admin/programme/print/"):
            body = client.get(address, {"on": TUESDAY}).content.decode()
            assert "Sağlık" not in body
            assert "Hastane" not in body
            assert str(secret.key) not in body
        assert (
            client.get(page_of(secret)).content
            == client.get(f"/admin/programme/entry/{uuid.uuid4()}/change/").content
        )
        assert "Sağlık" not in client.get("/admin/programme/entry/?tab=all&q=sağlık").content.decode()
    assert "Sağlık kontrolü" in titles(signed_in(cast.mayor))


def test_whose_programme_it_is_not_is_told_that_there_is_none(cast: Cast):
    make_entry(cast.mayors, "Toplantı", at(TUESDAY))
    for person in (cast.park_clerk, cast.outsider, cast.administrator):
        client = signed_in(person)
        for address in (CALENDAR, EVENTS, "/admin/programme/day/", "/admin/programme/print/", NEW):
            assert client.get(address, WEEK).status_code == 404, address
    deputys = str(cast.deputys.key)
    assert signed_in(cast.fen_clerk).get(EVENTS, {**WEEK, "of": deputys}).status_code == 200
    assert signed_in(cast.fen_clerk).get(EVENTS, {**WEEK, "of": str(cast.mayors.key)}).status_code == 404


def test_who_takes_part_sees_that_entry_and_the_rest_as_taken(cast: Cast):
    make_entry(cast.mayors, "Park gezisi", at(TUESDAY), participants=[cast.park_clerk])
    make_entry(cast.mayors, "Bütçe", at(TUESDAY, "14:00"))
    assert titles(signed_in(cast.park_clerk)) == ["Park gezisi", "Dolu"]
    pieces = drawn(signed_in(cast.park_clerk))
    assert not any(piece["editable"] for piece in pieces)


@pytest.mark.parametrize(
    "span",
    [
        {"start": day(-11), "end": day(140)},
        {"start": DAY, "end": day(-1)},
        {"start": "x", "end": ""},
        {"start": "0001-01-01", "end": "0001-01-02"},
    ],
)
def test_no_more_than_two_months_are_told_at_once(cast: Cast, span: dict[str, str]):
    assert signed_in(cast.secretary).get(EVENTS, span).status_code == 400


def test_the_calendar_asks_no_more_for_many_entries(cast: Cast):
    client = signed_in(cast.secretary)

    def cost() -> list[int]:
        counts = []
        for address in (EVENTS, CALENDAR, "/admin/programme/day/", "/admin/programme/print/?layout=notes"):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address, {**WEEK, "on": TUESDAY, "layout": "notes"}).status_code == 200
            counts.append(len(queries))
        return counts

    make_entry(cast.mayors, "Bir", at(TUESDAY, "08:30"), participants=[cast.park_clerk])
    cost()
    few = cost()
    for number in range(8):
        start = at(TUESDAY, f"{9 + number:02}:00")
        make_entry(cast.mayors, f"Toplantı {number}", start, participants=[cast.park_clerk, cast.fen_clerk])
    assert cost() == few


# -- moving by dragging ----------------------------------------------------------------------------
def test_what_is_dragged_is_moved_as_by_the_form(cast: Cast):
    entry = make_entry(cast.mayors, "Toplantı", at(TUESDAY))
    answer = drag(signed_in(cast.secretary), entry, f"{day(1)}T14:00", f"{day(1)}T15:30")
    assert answer.json()["done"]
    moved = refetch(entry)
    assert (moved.starts_at, moved.ends_at) == (at(day(1), "14:00"), at(day(1), "15:30"))
    with system():
        assert EntryLine.objects.filter(entry=entry, verb="moved", actor=cast.secretary).exists()


def test_a_collision_says_with_what_and_offers_three_free_times(cast: Cast):
    make_entry(cast.mayors, "Bütçe toplantısı", at(TUESDAY, "14:00"), 60)
    entry = make_entry(cast.mayors, "Ziyaret", at(TUESDAY))
    answer = drag(signed_in(cast.secretary), entry, f"{DAY}T14:30", f"{DAY}T15:00")
    assert answer.status_code == 409
    told = answer.json()
    assert "Bütçe toplantısı" in told["sentence"]
    assert len(told["free"]) == 3
    assert told["free"][0]["text"].startswith(f"{spelt().rsplit(maxsplit=1)[0]} Salı ")
    assert refetch(entry).starts_at == at(TUESDAY)
    chosen = told["free"][0]
    assert drag(signed_in(cast.secretary), entry, chosen["start"], chosen["end"]).json()["done"]


def test_a_collision_with_what_one_may_not_see_tells_no_word_of_it(cast: Cast):
    make_entry(cast.mayors, "Sağlık", at(TUESDAY, "14:00"), 60, by=cast.mayor, readers=(cast.mayor,))
    entry = make_entry(cast.mayors, "Ziyaret", at(TUESDAY))
    told = drag(signed_in(cast.secretary), entry, f"{DAY}T14:30", f"{DAY}T15:00").json()
    assert "Sağlık" not in told["sentence"]
    assert "14.00" in told["sentence"]


def test_an_unusual_time_asks_first(cast: Cast):
    entry = make_entry(cast.mayors, "Toplantı", at(TUESDAY))
    client = signed_in(cast.secretary)
    told = drag(client, entry, f"{day(4)}T10:00", f"{day(4)}T10:30").json()
    assert told["isUnusual"]
    assert dotted(4) in told["sentence"]
    accepted = drag(client, entry, f"{day(4)}T10:00", f"{day(4)}T10:30", accept_unusual="on")
    assert accepted.json()["done"]


def test_dragging_needs_the_right_the_token_and_the_version(cast: Cast):
    entry = make_entry(cast.deputys, "Toplantı", at(TUESDAY))
    times = (f"{day(1)}T14:00", f"{day(1)}T15:30")
    assert drag(signed_in(cast.park_clerk), entry, *times).status_code == 404
    assert drag(signed_in(cast.fen_head), entry, *times).status_code == 403
    assert drag(signed_in(cast.fen_clerk), entry, *times, version="99").status_code == 409
    assert drag(signed_in(cast.fen_clerk), entry, "x", "y").status_code == 400
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = signed_in(cast.fen_clerk).cookies
    assert drag(strict, entry, *times).status_code == 403
    assert (
        signed_in(cast.fen_clerk).get(reverse("admin:programme_entry_drag", args=[entry.key])).status_code
        == 404
    )
    assert refetch(entry).starts_at == at(TUESDAY)


# -- a new entry -----------------------------------------------------------------------------------
def enter(client: Client, **data):
    given = {
        "kind": "MEETING",
        "title": "Kurul",
        "starts_at": f"{DAY}T10:00",
        "ends_at": f"{DAY}T11:00",
    }
    return client.post(NEW, {**given, **data})


def only(**fields) -> Entry:
    with system():
        return Entry.objects.get(**fields)


def test_a_new_entry_with_people_and_buffers(cast: Cast):
    client = signed_in(cast.secretary)
    start = client.get(NEW, {"start": f"{DAY}T10:00", "end": f"{DAY}T11:00"}).content.decode()
    assert f'value="{dotted()} Salı 10.00"' in start
    answer = enter(
        client,
        participants=[cast.fen_head.username],
        guests="Ahmet Işık, Muhtarlar Derneği\nAyşe Çınar",
        travel_minutes="20",
        place="Makam",
    )
    entry = only(title="Kurul")
    assert answer["Location"] == page_of(entry)
    assert (entry.status, entry.travel_minutes, entry.place) == (Status.CONFIRMED, 20, "Makam")
    body = client.get(page_of(entry)).content.decode()
    for words in ("Selma Aydın", "Ahmet Işık, Muhtarlar Derneği", "Ayşe Çınar", "yol 20 dk"):
        assert words in body, words


def test_a_double_booking_is_refused_and_a_free_time_is_one_press_away(cast: Cast):
    make_entry(cast.mayors, "Bütçe toplantısı", at(TUESDAY), 60)
    client = signed_in(cast.secretary)
    body = enter(client, place="Makam").content.decode()
    assert "Bütçe toplantısı" in body
    offers = re.findall(r'name="take" value="([^"]+)"', body)
    assert len(offers) == 3
    assert 'value="Makam"' in body, "what was typed stays"
    assert enter(client, take=offers[0]).status_code == 302
    assert f"{timezone.localtime(only(title='Kurul').starts_at):%Y-%m-%dT%H:%M}" == offers[0].split("/")[0]


def test_an_unusual_time_is_entered_only_if_somebody_says_so(cast: Cast):
    client = signed_in(cast.secretary)
    sunday = {"starts_at": f"{day(5)}T10:00", "ends_at": f"{day(5)}T11:00"}
    body = enter(client, **sunday).content.decode()
    assert 'type="checkbox" name="accept_unusual"' in body
    assert enter(client, **sunday, accept_unusual="on").status_code == 302


def test_a_hold_and_a_confidential_entry(cast: Cast):
    client = signed_in(cast.secretary)
    until = timezone.localtime() + dt.timedelta(days=2)
    enter(client, title="Bekleyen", hold_until=f"{until:%Y-%m-%dT%H:%M}")
    assert only(title="Bekleyen").status == Status.HELD
    answer = enter(
        client,
        title="Özel görüşme",
        starts_at=f"{DAY}T13:00",
        ends_at=f"{DAY}T14:00",
        is_confidential="on",
        readers=[cast.mayor.username],
    )
    assert "Özel görüşme" in client.get(answer["Location"]).content.decode()
    assert signed_in(cast.mayor).get(answer["Location"]).status_code == 200
    assert signed_in(cast.office_head).get(answer["Location"]).status_code == 404


def test_a_series_over_a_holiday_and_its_three_reaches(cast: Cast):
    client = signed_in(cast.secretary)
    weekly = {"frequency": "WEEKLY", "until": day(28), "on_holiday": "SKIP"}
    enter(client, title="Encümen", guests="Ali Can", **weekly)
    with system():
        rows = list(Entry.objects.filter(title="Encümen").order_by("starts_at"))
        assert Participant.objects.filter(entry__in=rows, name="Ali Can").count() == 5
    assert len(rows) == 5
    form = client.get(f"{page_of(rows[1])}?do=move").content.decode()
    assert form.count('name="reach"') == 3
    do(client, rows[1], "move", starts_at=f"{day(7)}T15:00", ends_at=f"{day(7)}T16:00", reach="FOLLOWING")
    starts = [timezone.localtime(refetch(row).starts_at).hour for row in rows]
    assert starts == [10, 15, 15, 15, 15]
    do(client, rows[4], "cancel", reason="Tatil", reach="THIS")
    do(client, rows[1], "correct", kind="MEETING", title="Encümen toplantısı", reach="ALL")
    assert [refetch(row).title for row in rows] == ["Encümen", *["Encümen toplantısı"] * 3, "Encümen"]
    assert refetch(rows[4]).status == Status.CANCELLED


def test_a_series_without_an_end_is_told_at_its_field(cast: Cast):
    body = enter(signed_in(cast.secretary), frequency="WEEKLY").content.decode()
    assert "id_until_error" in body
    assert not Entry.objects.exists()


# -- the page of an entry --------------------------------------------------------------------------
def test_every_verb_has_its_step():
    assert [step.verb for step in STEPS] == list(Verb)


def test_the_whole_life_of_an_entry_through_its_page(cast: Cast):
    client = signed_in(cast.secretary)
    until = timezone.now() + dt.timedelta(days=1)
    entry = make_entry(cast.mayors, "Dernek ziyareti", at(TUESDAY), hold_until=until)
    later = f"{timezone.localtime(until + dt.timedelta(days=1)):%Y-%m-%dT%H:%M}"
    steps = [
        ("extend_hold", {"hold_until": later}),
        ("confirm", {}),
        ("move", {"starts_at": f"{day(1)}T11:00", "ends_at": f"{day(1)}T12:00", "travel_minutes": "15"}),
        (
            "correct",
            {"kind": "VISIT", "title": "Dernek ziyareti", "place": "Dernek", "description": "Plaket"},
        ),
        ("invite", {"user": cast.fen_head.username, "role": "Konuşmacı"}),
        ("invite", {"name": "Ahmet Işık", "organisation": "Dernek"}),
        ("show_press", {"title": "Başkan dernekte", "place": "Dernek"}),
        ("hide_press", {}),
        ("mark_confidential", {"readers": [cast.mayor.username]}),
        ("name_reader", {"user": cast.office_head.username}),
        ("unname_reader", {"user": cast.office_head.username}),
        ("remove_confidentiality", {}),
        ("cancel", {"reason": "Hava muhalefeti"}),
        ("restore", {}),
    ]
    for verb, data in steps:
        answer = do(client, entry, verb, **data)
        assert answer.status_code == 302, (verb, re.findall(r"<li>([^<]+)</li>", answer.content.decode()))
    with system():
        guest = Participant.objects.get(entry=entry, name="Ahmet Işık")
    assert do(client, entry, "uninvite", participant=str(guest.key)).status_code == 302
    body = client.get(page_of(entry)).content.decode()
    for words in (
        "Hava muhalefeti",
        "Plaket",
        "Selma Aydın",
        f"{dotted()} 10.00–10.30 → {dotted(1)} 11.00–12.00",
    ):
        assert words in body, words
    assert refetch(entry).status == Status.CONFIRMED


def test_what_was_is_recorded_with_its_outcome(cast: Cast):
    client = signed_in(cast.secretary)
    yesterday = timezone.now() - dt.timedelta(days=1)
    entry = make_entry(cast.mayors, "Toplantı", yesterday)
    other = make_entry(cast.mayors, "Diğeri", yesterday - dt.timedelta(hours=3))
    assert do(client, entry, "finish", outcome="Park yapılacak").status_code == 302
    assert "Park yapılacak" in client.get(page_of(entry)).content.decode()
    assert do(client, other, "miss", note="Gelmedi").status_code == 302
    assert refetch(other).status == Status.NOT_HELD


def test_restoring_where_the_time_was_given_away_offers_others(cast: Cast):
    client = signed_in(cast.secretary)
    entry = make_entry(cast.mayors, "İptal olan", at(TUESDAY))
    do(client, entry, "cancel", reason="x")
    make_entry(cast.mayors, "Yerine gelen", at(TUESDAY))
    answer = do(client, entry, "restore")
    assert answer.status_code == 200
    assert "Yerine gelen" in answer.content.decode()


def test_who_reads_a_programme_sees_no_button_and_is_refused(cast: Cast):
    entry = make_entry(cast.deputys, "Toplantı", at(TUESDAY))
    reader = signed_in(cast.fen_head)
    body = reader.get(page_of(entry)).content.decode()
    assert "Toplantı" in body
    assert "ok-verbs" not in body
    assert reader.get(f"{page_of(entry)}?do=move").content.decode().count('name="starts_at"') == 0
    assert do(reader, entry, "cancel", reason="x").status_code == 403
    assert signed_in(cast.park_clerk).get(page_of(entry)).status_code == 404
    assert refetch(entry).status == Status.CONFIRMED


def test_somebody_elses_change_is_not_overwritten(cast: Cast):
    entry = make_entry(cast.mayors, "Toplantı", at(TUESDAY))
    answer = signed_in(cast.secretary).post(
        reverse("admin:programme_entry_act", args=[entry.key, "cancel"]), {"version": 99, "reason": "x"}
    )
    assert answer.status_code == 200
    assert refetch(entry).status == Status.CONFIRMED


def test_what_somebody_asked_for_is_changed_at_the_request(cast: Cast):
    from backend.appointments import actions as appointments

    request = make_request(cast.mayors, by=cast.secretary)
    with system():
        appointments.approve(request, by=cast.secretary, starts_at=at(TUESDAY), accept_unusual=True)
        entry = Entry.objects.get(is_requested=True)
    client = signed_in(cast.secretary)
    body = client.get(page_of(entry)).content.decode()
    for verb in (
        "confirm",
        "release",
        "move",
        "hand_over",
        "cancel",
        "restore",
        "finish",
        "miss",
        "mark_confidential",
    ):
        assert f"{entry.key}/{verb}/" not in body
        assert f"?do={verb}#" not in body
    assert "?do=promise#" not in body
    assert "?do=invite#" in body
    assert reverse("admin:appointments_appointmentrequest_change", args=[request.key]) in body
    piece = next(piece for piece in drawn(client) if piece["id"] == str(entry.key))
    assert piece["editable"] is True  # dragging it changes the request: test_dragging.py
    assert piece["extendedProps"]["version"] == refetch(request).version


def test_entries_are_found_by_their_words(cast: Cast):
    make_entry(cast.mayors, "İtfaiye binası açılışı", at(TUESDAY))
    make_entry(cast.deputys, "Başka bir şey", at(TUESDAY))
    body = signed_in(cast.secretary).get("/admin/programme/entry/?tab=all&q=itfaiye").content.decode()
    assert "İtfaiye binası açılışı" in body
    assert "Başka bir şey" not in body


def test_what_is_to_come_stands_in_the_order_of_time(cast: Cast):
    make_entry(cast.mayors, "Sonraki iş", at(day(2)))
    make_entry(cast.mayors, "Önceki iş", at(TUESDAY))
    client = signed_in(cast.secretary)
    coming = client.get("/admin/programme/entry/").content.decode()
    assert coming.index("Önceki iş") < coming.index("Sonraki iş")
    everything = client.get("/admin/programme/entry/?tab=all").content.decode()
    assert everything.index("Sonraki iş") < everything.index("Önceki iş")


# -- paper, press, the day, the desk -----------------------------------------------------------------
@pytest.mark.parametrize("layout", ["page", "pocket", "notes"])
def test_paper_bears_neither_status_nor_type(cast: Cast, layout: str):
    make_entry(
        cast.mayors,
        "Muhtarlar",
        at(TUESDAY),
        kind="VISIT",
        place="Konak",
        description="Yol haritası",
        participants=[cast.fen_head],
    )
    hold = timezone.now() + dt.timedelta(days=1)
    make_entry(cast.mayors, "Belki", at(TUESDAY, "15:00"), hold_until=hold)
    body = (
        signed_in(cast.secretary)
        .get("/admin/programme/print/", {"on": TUESDAY, "layout": layout})
        .content.decode()
    )
    sheet = body[body.index("<article") : body.index("</article>")]
    assert f"{spelt()}, Salı" in sheet
    assert "10.00–10.30" in sheet
    assert "Muhtarlar" in sheet
    for word in ("Belki", "Opsiyon", "Ziyaret", "Kesin"):
        assert word not in sheet, word
    assert ("Yol haritası" in sheet) is (layout == "notes")
    assert ("Selma Aydın" in sheet) is (layout == "notes")


def test_a_confidential_entry_is_printed_for_its_reader_only_and_only_if_asked(cast: Cast):
    make_entry(cast.mayors, "Sağlık", at(TUESDAY), by=cast.mayor, readers=(cast.mayor,))
    paper = "/admin/programme/print/"
    mayor, secretary = signed_in(cast.mayor), signed_in(cast.secretary)
    assert "Sağlık" not in mayor.get(paper, {"on": TUESDAY}).content.decode()
    assert "Sağlık" in mayor.get(paper, {"on": TUESDAY, "confidential": "1"}).content.decode()
    asked, plain = (
        secretary.get(paper, {"on": TUESDAY, **more}).content.decode() for more in ({"confidential": "1"}, {})
    )
    assert "Sağlık" not in asked
    assert "gizli" not in plain.lower(), "not even that there is one"


def test_the_press_unit_sees_its_own_words_and_nothing_else(cast: Cast):
    entry = make_entry(cast.mayors, "Açılış hazırlığı", at(TUESDAY), place="Arka kapı")
    with system():
        actions.show_press(
            Entry.objects.get(pk=entry.pk), by=cast.secretary, title="Park açılışı", place="Park"
        )
        assert PressItem.objects.count() == 1
    body = signed_in(cast.park_head).get("/admin/programme/press/", {"on": day(-1)}).content.decode()
    assert "Park açılışı" in body
    assert "Açılış hazırlığı" not in body
    assert "Arka kapı" not in body
    assert signed_in(cast.park_head).get(page_of(entry)).status_code == 404
    assert signed_in(cast.park_clerk).get("/admin/programme/press/").status_code == 404


def soon(minutes: int) -> dt.datetime:
    return timezone.now() + dt.timedelta(minutes=minutes)


def test_the_day_tells_what_is_now_and_with_whom(cast: Cast):
    make_entry(cast.mayors, "Şu anki görüşme", soon(-1), 2, place="Makam", participants=[cast.fen_head])
    body = signed_in(cast.mayor).get("/admin/programme/day/").content.decode()
    day = body[body.index("ok-my-day") :]
    assert "ok-is-now" in day
    for words in ("Şu anki görüşme", "Makam", "Selma Aydın"):
        assert words in day


def test_the_desk_shows_today_to_who_keeps_reads_or_takes_part(cast: Cast):
    make_entry(cast.mayors, "Bugünkü toplantı", soon(-1), 2, participants=[cast.park_clerk])
    make_entry(cast.deputys, "Yardımcının toplantısı", soon(-1), 2)
    shown = {
        name: [title for title in ("Bugünkü toplantı", "Yardımcının toplantısı") if title in body]
        for name, person in cast.people().items()
        if person.is_staff
        for body in [signed_in(person).get("/admin/").content.decode()]
    }
    mayors, deputys = ["Bugünkü toplantı"], ["Yardımcının toplantısı"]
    assert {name: found for name, found in shown.items() if found} == {
        "secretary": mayors,
        "mayor": mayors,
        "park_clerk": mayors,
        "fen_clerk": deputys,
        "fen_head": deputys,
        "deputy_mayor": deputys,
    }


def test_a_day_without_entries_leads_to_the_next_one_that_has_any(cast: Cast) -> None:
    mayor = signed_in(cast.mayor)
    address = f"/admin/programme/day/?of={cast.mayors.key}&on="
    assert "Sonraki iki haftada da kayıt yok." in mayor.get(f"{address}{day(1)}").content.decode()
    make_entry(cast.mayors, starts_at=at(day(3), "10:00"))
    body = mayor.get(f"{address}{day(1)}").content.decode()
    assert f"on={day(3)}" in body
    assert "Sonraki kayıt: " in body
    assert "Sonraki kayıt: " not in mayor.get(f"{address}{day(3)}").content.decode()
