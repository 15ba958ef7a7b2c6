"""The programme in a real browser: every page accessible, Turkish and whole; the calendar is worked with the mouse."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable

import pypdf
import pytest
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from backend.core.session import system
from backend.organization.models import AdministrativeLeave
from backend.programme import actions
from backend.programme.models import Entry
from tests.browser.conftest import DARK_WIDE, LIGHT_NARROW, LIGHT_WIDE, picture, violations
from tests.browser.test_screens import foreign
from tests.cast import Cast
from tests.days import DAY, date, day, dotted, spelt
from tests.factories import at, make_entry, refetch

Opener = Callable[..., Page]
WEEK = f"on={DAY}"
CALENDAR = "/admin/programme/calendar/"
DARK = {"programme-week", "programme-entry", "programme-new", "programme-day"}


@pytest.fixture
def entries(people: Cast) -> dict[str, Entry]:
    """A week of the mayor's, with everything a calendar may have to show, and something today."""
    mayors, secretary = people.mayors, people.secretary
    found = {
        "meeting": make_entry(
            mayors, "Fen İşleri koordinasyon toplantısı", at(DAY, "10:00"), 60,
            by=secretary, place="Makam", follow_up_minutes=15, participants=[people.fen_head],
            description="Kış bakımı: asfalt ve tuzlama planı görüşülecek.",
        ),
        "visit": make_entry(
            mayors, "Muhtarlar Derneği ziyareti", at(day(1), "14:00"), 90,
            by=secretary, kind="VISIT", place="Abdurrahmangazi Muhtarlığı", travel_minutes=30,
        ),
        "held": make_entry(
            mayors, "Kaymakam ile görüşme", at(day(2), "11:00"), 30,
            by=secretary, hold_until=timezone.now() + dt.timedelta(days=5),
        ),
        "secret": make_entry(
            mayors, "Sağlık kontrolü", at(DAY, "15:00"), 60, by=people.mayor, readers=(people.mayor,)
        ),
    }  # fmt: skip
    now = timezone.now().replace(second=0, microsecond=0)
    for title, minutes, place in (("Esnaf Odası heyeti", -10, "Makam"), ("İlçe Emniyet Müdürü", 60, "Makam")):
        make_entry(mayors, title, now + dt.timedelta(minutes=minutes), 40, by=secretary, place=place)
    with system():
        AdministrativeLeave.objects.create(day=date(3), half_day=True, reason="Kar")
        row = Entry.objects.get(pk=found["visit"].pk)
        actions.show_press(row, by=secretary, title="Başkan muhtarlarla buluşuyor", place="Abdurrahmangazi")
    return found


def screens(entries: dict[str, Entry]) -> list[tuple[str, str]]:
    page = f"/admin/programme/entry/{entries['meeting'].key}/change/"
    paper = f"/admin/programme/print/?{WEEK}&layout="
    return [
        ("programme-week", f"{CALENDAR}?{WEEK}&view=week"),
        ("programme-day-view", f"{CALENDAR}?{WEEK}&view=day"),
        ("programme-month", f"{CALENDAR}?{WEEK}&view=month"),
        ("programme-agenda", f"{CALENDAR}?{WEEK}&view=agenda"),
        ("programme-entry", page),
        ("programme-move", f"{page}?do=move"),
        ("programme-conceal", f"{page}?do=mark_confidential"),
        ("programme-list", "/admin/programme/entry/"),
        ("programme-new", f"/admin/programme/entry/new/?start={DAY}T13:00&end={DAY}T14:00"),
        ("programme-paper", f"{paper}page"),
        ("programme-pocket", f"{paper}pocket"),
        ("programme-notes", f"{paper}notes"),
        ("programme-press", f"/admin/programme/press/?on={day(-1)}"),
        ("programme-day", "/admin/programme/day/"),
        ("programme-desk", "/admin/"),
    ]


@pytest.mark.full
def test_every_page_of_the_programme_is_accessible_turkish_and_whole(
    open_page: Opener, entries: dict[str, Entry]
) -> None:
    page, faults = open_page("secretary"), []
    for name, address in screens(entries):
        for view in (LIGHT_NARROW, LIGHT_WIDE, *([DARK_WIDE] if name in DARK else [])):
            view.take(page)
            if view is LIGHT_NARROW or CALENDAR in address:  # the calendar looks at the width when it begins
                page.goto(address)
                view.take(page)
            if CALENDAR in address:
                page.wait_for_selector("#programme .ec-event")
            if view.scheme == "light":
                picture(page, f"{name}-{view.size[0]}.jpg", full_page=True)
            faults += [f"{name}: {violation}" for violation in violations(page, only=view.rules)]
            faults += [f"{name}: not Turkish: {text}" for text in foreign(page)]
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > view.size[0]:
                faults.append(f"{name}: {width} pixels wide in a window of {view.size[0]}")
    faults += page.complaints  # type: ignore[attr-defined]
    assert not faults, "\n".join(faults)


HOUR = 52  # pixels: two slots of 26


def drag_to(page: Page, title: str, moment: dt.datetime) -> None:
    """Take an entry with the mouse and let it go at a time of the week that is shown."""
    box = page.locator("#programme .ec-event", has_text=title).bounding_box()
    assert box
    column = page.locator("#programme .ec-body .ec-day").nth((moment.date() - date(-1)).days).bounding_box()
    assert column
    page.mouse.move(box["x"] + 30, box["y"] + 6)
    page.mouse.down()
    page.mouse.move(box["x"] + 35, box["y"] + 12, steps=3)
    page.mouse.move(
        column["x"] + 40, column["y"] + (moment.hour - 7 + moment.minute / 60) * HOUR + 8, steps=8
    )
    page.mouse.up()


def stands_at(page: Page, title: str, moment: dt.datetime) -> None:
    """Wait until the calendar, which is drawn anew after each move, has an entry at this time of its week."""
    page.wait_for_function(
        """([title, day, from]) => {
          const drawn = [...document.querySelectorAll("#programme .ec-event")];
          const all = drawn.filter((one) => one.textContent.includes(title));
          if (all.length !== 1) return false;  // one is dragged still, or none is drawn
          const box = all[0].getBoundingClientRect();
          const column = document.querySelectorAll("#programme .ec-body .ec-day")[day].getBoundingClientRect();
          return column.left <= box.left && box.left < column.right && Math.abs(box.top - column.top - from) < 6;
        }""",
        arg=[title, (moment.date() - date(-1)).days, (moment.hour - 7 + moment.minute / 60) * HOUR],
        polling=100,
    )


def test_an_entry_is_dragged_and_a_collision_puts_it_back_with_free_times(
    open_page: Opener, entries: dict[str, Entry]
) -> None:
    page, meeting = open_page("secretary"), entries["meeting"]
    page.goto(f"{CALENDAR}?{WEEK}&view=week")
    page.wait_for_selector("#programme .ec-event")
    stands_at(page, "Fen İşleri", at(DAY, "10:00"))
    drag_to(page, "Fen İşleri", at(day(1), "10:00"))
    done = page.locator("#programme-done")
    expect(done).to_contain_text("taşındı")
    expect(done.locator("[data-undo]")).to_be_visible()
    assert refetch(meeting).starts_at == at(day(1), "10:00")
    stands_at(page, "Fen İşleri", at(day(1), "10:00"))
    drag_to(page, "Fen İşleri", at(day(1), "14:00"))
    dialog = page.locator("#programme-refusal")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Muhtarlar Derneği ziyareti")
    offers = dialog.locator("[data-free] button")
    expect(offers).to_have_count(3)
    assert refetch(meeting).starts_at == at(day(1), "10:00")
    picture(page, "programme-refusal-1440.jpg")
    with page.expect_response("**/drag/"):
        offers.last.click()
    expect(dialog).to_be_hidden()
    moved = timezone.localtime(refetch(meeting).starts_at)
    assert moved != at(day(1), "10:00")
    stands_at(page, "Fen İşleri", moved)
    drag_to(page, "Kaymakam", at(DAY, "15:00"))
    expect(dialog).to_be_visible()
    expect(dialog).not_to_contain_text("Sağlık")
    dialog.locator("[data-leave]").click()
    expect(dialog).to_be_hidden()
    stands_at(page, "Kaymakam", at(day(2), "11:00"))
    assert refetch(entries["held"]).starts_at == at(day(2), "11:00")
    assert not page.complaints  # type: ignore[attr-defined]


@pytest.mark.full
def test_a_click_on_a_free_time_begins_an_entry_there(open_page: Opener, entries: dict[str, Entry]) -> None:
    page = open_page("secretary")
    page.goto(f"{CALENDAR}?{WEEK}&view=week")
    page.wait_for_selector("#programme .ec-event")
    column = page.locator("#programme .ec-body .ec-day").nth(0).bounding_box()
    assert column
    page.mouse.click(column["x"] + 40, column["y"] + 2 * HOUR + 4)
    dialog = page.locator("#programme-slot")
    expect(dialog).to_be_visible()
    picture(page, "programme-slot-1440.jpg")
    dialog.locator("summary", has_text="Kayıt").last.click()
    expect(page.locator("#slot_entry_starts_at")).to_have_value(f"{dotted(-1)} Pazartesi 09.00")
    page.fill("#slot_entry_title", "Yeni görüşme")
    dialog.locator("form[action*='entry/new'] button[data-main]").click()
    page.wait_for_url("**/change/")
    with system():
        assert Entry.objects.get(title="Yeni görüşme").starts_at == at(day(-1), "09:00")


@pytest.mark.full
def test_what_was_moved_by_keyboard_is_undone(open_page: Opener, entries: dict[str, Entry]) -> None:
    page, before = open_page("secretary"), refetch(entries["meeting"]).starts_at
    page.goto(f"{CALENDAR}?{WEEK}&view=week")
    meeting = page.locator("#programme a.ok-event", has_text="Fen İşleri")
    for _quarter_of_an_hour in range(2):
        meeting.press("Alt+ArrowDown")
    done = page.locator("#programme-done")
    expect(done.locator("[data-undo]")).to_be_visible()
    assert refetch(entries["meeting"]).starts_at == before + dt.timedelta(minutes=30)
    done.locator("[data-undo]").click()
    expect(done).to_contain_text("taşındı")  # the press took the words of the first move away
    assert refetch(entries["meeting"]).starts_at == before
    assert not page.complaints  # type: ignore[attr-defined]


def test_what_nobody_may_move_cannot_be_taken_hold_of(open_page: Opener, people: Cast) -> None:
    republic = dt.date(timezone.localdate().year + 1, 10, 29)
    make_entry(people.mayors, "Park gezisi", at(republic, "10:00"))
    page = open_page("secretary")
    page.goto(f"{CALENDAR}?view=week&on={republic}")
    holiday = page.locator("#programme .ec-event", has_text="Cumhuriyet Bayramı").first
    expect(holiday).not_to_have_class(re.compile("ec-draggable"))
    expect(page.locator("#programme .ec-event", has_text="Park gezisi")).to_have_class(
        re.compile("ec-draggable")
    )


@pytest.mark.full
def test_a_day_is_chosen_from_the_small_calendar_by_keyboard(
    open_page: Opener, entries: dict[str, Entry]
) -> None:
    page = open_page("secretary")
    page.goto(f"/admin/programme/entry/new/?start={DAY}T10:00")
    page.locator("#id_starts_at ~ [data-days]").click()
    at_hand = page.locator("calendar-month button[tabindex='0']")
    expect(at_hand).to_be_focused()  # the day of the field
    page.keyboard.press("ArrowRight")
    expect(at_hand).to_have_text(str(date(1).day))
    expect(at_hand).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#id_starts_at")).to_have_value(f"{dotted(1)} 10.00")
    assert page.locator("input[type=date], input[type=time], input[type=datetime-local]").count() == 0
    assert not page.complaints  # type: ignore[attr-defined]


@pytest.mark.full
def test_presses_while_the_small_calendar_is_on_its_way_open_one_or_none(
    open_page: Opener, entries: dict[str, Entry]
) -> None:
    page = open_page("secretary")
    page.goto(f"/admin/programme/entry/new/?start={DAY}T10:00")
    button, calendar = page.locator("#id_starts_at ~ [data-days]"), page.locator(".ok-day-popover")
    script = f"**{button.get_attribute('data-days')}"
    held: list[Route] = []
    page.route(script, lambda route: held.append(route))
    with page.expect_request(script):
        button.click()
    button.click()
    held.pop().continue_()
    button.click()
    expect(page.locator("calendar-month button[tabindex='0']")).to_be_focused()
    expect(calendar).to_have_count(1)
    button.click()
    expect(calendar).to_have_count(0)
    assert not page.complaints  # type: ignore[attr-defined]


@pytest.mark.full
def test_without_javascript_the_agenda_leads_to_the_same_pages(
    open_page: Opener, entries: dict[str, Entry]
) -> None:
    page = open_page("secretary", java_script_enabled=False)
    page.goto(f"{CALENDAR}?{WEEK}")
    expect(page.locator("#programme-agenda")).to_be_visible()
    expect(page.locator("#programme")).to_be_hidden()
    page.click("text=Fen İşleri koordinasyon toplantısı")
    expect(page).to_have_url(re.compile(f"{entries['meeting'].key}/change/$"))


def test_the_printed_day_says_when_what_and_where_and_neither_status_nor_type(
    open_page: Opener, entries: dict[str, Entry]
) -> None:
    page = open_page("secretary")
    for layout in ("page", "pocket", "notes"):
        page.goto(f"/admin/programme/print/?{WEEK}&layout={layout}")
        sheets = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True))).pages
        text = " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())
        for words in (spelt(), "10.00–11.00", "Fen İşleri koordinasyon toplantısı", "Makam"):
            assert words in text, f"{layout}: {words}"
        for words in ("Kesin", "Opsiyon", "Sağlık kontrolü", "gizli", "Menü", "Yazdır"):
            assert words not in text, f"{layout}: {words}"
        assert ("asfalt ve tuzlama" in text) is (layout == "notes")
    page.goto(f"/admin/programme/print/?on={day(2)}&layout=page")
    paper = io.BytesIO(page.pdf(prefer_css_page_size=True))
    assert "Kaymakam" not in pypdf.PdfReader(paper).pages[0].extract_text(), (
        "what is only held is not printed"
    )


@pytest.mark.full
def test_the_pocket_programme_fits_an_a6_page(open_page: Opener, entries: dict[str, Entry]) -> None:
    page = open_page("secretary")
    for layout, size in (("pocket", (298, 420)), ("page", (595, 842))):
        page.goto(f"/admin/programme/print/?{WEEK}&layout={layout}")
        paper = page.pdf(prefer_css_page_size=True)
        boxes = {part.split(b"]")[0].strip() for part in paper.split(b"/MediaBox [")[1:]}
        assert len(boxes) == 1, f"{layout}: one size of paper"
        width, height = (float(number) for number in boxes.pop().split()[2:])
        assert (round(width), round(height)) == pytest.approx(size, abs=2)
        assert paper.count(b"/Type /Page\n") == 1, f"{layout}: one page"
