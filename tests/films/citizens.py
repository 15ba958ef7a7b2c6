"""Journeys of citizens on the site, at 390 px and without JavaScript, as an old telephone shows it."""

from __future__ import annotations

import datetime as dt
import email
import os
import re
import time
from collections.abc import Callable
from email import policy
from pathlib import Path

from playwright.sync_api import expect

from backend.core.localtime import today
from tests.films import journeys
from tests.films.hand import Hand

Open = journeys.Open
See = Callable[[str], None]
TEXT = "Kaldırımda derin bir çukur var. Çocuklar okula giderken düşüyor."
GO_ON = "main form > .button"
MAIL = Path(os.environ.get("OZELKALEM_VAR") or Path(__file__).resolve().parents[2] / "var") / "mail"
"""Where the demo keeps what it sends."""
CODE = re.compile(r"\b\d{3} \d{3}\b")
PATIENCE = 60  # seconds until a mail is there
ADDRESS = f"nur{int(time.time()) % 10_000}@example.org"
"""Another one each time: a place is taken and a time is asked for once a person."""


def unseen(_caption: str) -> None:
    """Take no picture."""


def report(hand: Hand, see: See, photo: Path | None = None) -> None:
    """A broken pavement without a name, up to the page that shows all answers."""
    page = hand.page
    hand.go("/")
    see("The home of the citizens")
    hand.click(page.get_by_role("link", name="Sorun bildirme ve başvuru"))
    hand.click(page.get_by_label("Sorun bildireceğim"))
    see("One question a page")
    hand.click(GO_ON)
    hand.type(TEXT, into="#id_text")
    hand.click(GO_ON)
    hand.click(page.get_by_label("Kaldırım ve bordür"))
    see("The topic is proposed from the words")
    hand.click(GO_ON)
    page.select_option("#id_neighbourhood", label="Abdurrahmangazi")
    hand.film.clicks += 2
    hand.type("İğdeli Sokak 4", into="#id_place")
    see("Where it is")
    hand.click(GO_ON)
    if "/benzer/" in page.url:
        hand.click(page.locator("input[value=another] + label"))
        see("Others reported this place: none of these, or “it affects me too”")
        hand.click(GO_ON)
    if photo is not None:
        page.set_input_files("#id_camera", photo)
        hand.film.clicks += 2  # the camera, and the picture
        hand.click(page.get_by_role("button", name="Ekle ve göster"))
        expect(page.locator(".photos img")).to_have_count(1)
        see("The photograph, before anything is sent")
    hand.click(GO_ON)
    hand.click(page.get_by_label("İsimsiz"))
    see("With a name or without")
    hand.click(GO_ON)
    expect(page).to_have_url(re.compile("/basvuru/kontrol/"))


def pavement(opened: Open) -> None:
    """A broken pavement with a photograph."""
    hand = opened("")
    photo = hand.film.folder / "çukur.jpg"
    photo.write_bytes(journeys.photo())
    try:
        report(hand, hand.look, photo)
        hand.look("All answers, each with a way to change it")
        hand.click(hand.page.get_by_role("button", name="Başvurumu gönder"))
    finally:
        photo.unlink()
    hand.look("The number, and the code to follow it")
    hand.click(hand.page.get_by_role("link", name="Başvurumu takip et"))
    hand.look("How it stands, and what may be done")


def visit(opened: Open) -> None:
    """An appointment with the mayor, asked for and kept."""
    hand = opened("")
    number = _asks_for_time(hand, hand.look)
    _proposes(opened("sekreter"), number)
    hand.click(hand.page.get_by_role("link", name="Ne aşamada olduğuna bak"))
    hand.look("The office keeps a time")
    hand.click(hand.page.get_by_role("link", name=number))
    hand.look("It suits, another one, or none")
    hand.click(hand.page.get_by_role("button", name="Bu saat bana uygun"))
    hand.click(hand.page.get_by_role("button", name="Geleceğim"))
    hand.look("Kept: they are expected")


def sign_up(opened: Open) -> None:
    """A place at an event, here on its waiting list."""
    hand = opened("")
    _signs_up(hand, hand.look)


def matters(opened: Open) -> None:
    """All that one person has running (İşlerim)."""
    before = opened("")
    counted = before.film.clicks, before.film.keys, before.film.waited
    _asks_for_time(before, unseen)
    _signs_up(before, unseen)
    film = before.film
    film.clicks, film.keys, film.waited = counted  # what came before is filmed elsewhere
    hand = opened("")
    page = hand.page
    hand.go("/")
    hand.click(page.get_by_role("link", name="İşlerim"))
    _writes_who(hand)
    hand.look("A name and an address; no account, no password")
    hand.click(GO_ON)
    _writes_code(hand)
    hand.look("A code to the address that was written")
    hand.click(GO_ON)
    hand.look("All that is running, each with what can be done")
    hand.click(page.get_by_role("link", name=re.compile("^RT-")))
    hand.look("One of them: where it stands")
    hand.click(page.locator("a.back"))
    page.get_by_role("button", name="Bu cihazda işlerimi kapat").scroll_into_view_if_needed()
    hand.look("Closed on this device, whoever uses it next")


# -- the pages of them -----------------------------------------------------------------------------------------------
def _asks_for_time(hand: Hand, see: See) -> str:
    """The number of a request for an appointment."""
    page = hand.page
    hand.go("/")
    hand.click(page.get_by_role("link", name="Randevu al"))
    hand.click(page.locator(".choice label"))
    see("By whom; free places on the public day stand there too")
    hand.click(GO_ON)
    hand.click(page.locator(".choice label"))
    hand.type("Okul bahçesi", into="#id_subject")
    see("What about")
    hand.click(GO_ON)
    hand.click(page.locator(".choice label"))
    hand.click(GO_ON)
    hand.click(GO_ON)
    hand.click(page.locator("#id_days .choice label"))
    hand.click(page.locator("#id_days .choice label").nth(2))
    see("Days that suit, with the hours that are taken")
    hand.click(GO_ON)
    _proves(hand, see)
    see("The number, and what happens next")
    found = re.search(r"RT-\d+/\d+", page.inner_text("main"))
    assert found, page.url
    return found[0]


def _signs_up(hand: Hand, see: See) -> None:
    page = hand.page
    hand.go("/")
    hand.click(page.get_by_role("link", name="Etkinlik takvimi"))
    see("What takes place")
    hand.click(page.get_by_role("link", name=re.compile("Kütüphanesi açılışı")))
    see("One event, its free places, and a picture")
    hand.click(page.locator("main a.button"))
    page.fill("#id_people", "2")
    hand.film.clicks, hand.film.keys = hand.film.clicks + 1, hand.film.keys + 1
    hand.click(GO_ON)
    _proves(hand, see)
    see("Signed up, with a ticket")


def _writes_who(hand: Hand) -> None:
    if hand.page.input_value("#id_email") == ADDRESS:  # proved within the hour: it is filled in
        return
    hand.type("Nur", into="#id_first_name")
    hand.type("Ay", into="#id_last_name")
    hand.type(ADDRESS, into="#id_email")


def _proves(hand: Hand, see: See) -> None:
    """Name and address, all answers, and the code unless one was proved within the hour."""
    page = hand.page
    _writes_who(hand)
    see("How they are reached, and what the law wants said of it")
    hand.click(GO_ON)
    see("All answers, each with a way to change it")
    hand.click(GO_ON)
    if page.url.endswith("/kod/"):
        _writes_code(hand)
        see("A code proves the address, before a number is spent")
        hand.click(GO_ON)


def _writes_code(hand: Hand) -> None:
    hand.type(mailed_code(ADDRESS), into="#id_code")


def mailed_code(address: str) -> str:
    """The code of the latest mail to an address, once the demo has sent it."""
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        for path in sorted(MAIL.glob("*.eml"), reverse=True)[:20]:
            mail = email.message_from_bytes(path.read_bytes(), policy=policy.default)
            body = mail.get_body(["plain"])
            found = CODE.search(body.get_content()) if body is not None and mail["To"] == address else None
            if found and path.name not in _read:
                _read.add(path.name)
                return found[0]
        time.sleep(0.3)
    raise AssertionError(f"no code came to {address}: is the demo's mail in {MAIL}?")


_read: set[str] = set()
"""The mails whose code was written already."""


def _proposes(desk: Hand, number: str) -> None:
    """The office keeps a time, which is no part of the citizen's film."""
    film, counted = desk.film, (desk.film.clicks, desk.film.keys, desk.film.waited)
    page = desk.page
    page.goto(f"/admin/appointments/appointmentrequest/?q={number}")
    page.get_by_role("link", name=number).first.click()
    desk.click("a[href*='do=propose']")
    soon = next(day for day in (today() + dt.timedelta(days=n) for n in range(7, 14)) if day.weekday() == 2)
    page.fill("#do [name=starts_at]", f"{soon:%d.%m.%Y} 11:00")
    page.locator("#do [data-main]").click()
    page.wait_for_timeout(800)
    sheet = page.locator("#do")
    free = re.search(r"boş saatler: ([\d. ]+\d)", sheet.inner_text()) if sheet.count() else None
    if free:  # the mayor was busy then: the nearest one that the refusal names
        page.fill("#do [name=starts_at]", free[1])
        page.locator("#do [data-main]").click()
    expect(page.locator("#do")).to_have_count(0)
    film.clicks, film.keys, film.waited = counted


ALL = {"pavement": pavement, "visit": visit, "sign-up": sign_up, "matters": matters}
