"""The journeys, as their people do them. Each is a function over the desks that it opens."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from PIL import Image
from playwright.sync_api import expect

from backend.core.localtime import today
from tests.films.hand import Hand

Open = Callable[[str], Hand]
SUBJECT, PLACE = "Okulun önünde çukur var", "Aydın Sokak No: 12"


def call(opened: Open) -> None:
    """A call becomes an answer."""
    desk = opened("sekreter")
    page = desk.page
    desk.go("/admin/intake/")
    leave_draft(desk, "phone")
    desk.type("0532 411 22 33")
    desk.press("Enter")
    page.wait_for_timeout(700)
    if page.locator("[name=first_name]").is_enabled():
        desk.type("Nurten", into="[name=first_name]")
        desk.press("Tab")
        desk.type("Işık")
        desk.type("nurten.isik@example.org", into="[name=email]")
    desk.type(SUBJECT, into="[name=subject]")
    desk.press("Tab")
    desk.type("Dün açıldı, çocuklar geçiyor.")
    desk.type(PLACE, into="[name=place]")
    expect(page.locator("#proposal")).to_contain_text("Fen İşleri")
    desk.look("While she speaks: the category, and whose it is")
    desk.press("Control+Enter")
    page.wait_for_url(re.compile("/intake/done/"))
    desk.look("The number, the code and the day, to be read out")
    case = page.get_by_role("link", name="Başvuruyu aç").get_attribute("href") or ""
    desk.click(page.get_by_role("link", name="Başvuruyu aç"))
    if page.locator("a[href*='do=route']").count():
        desk.click("a[href*='do=route']")
        page.locator("[name=to]").select_option(label="Fen İşleri Müdürlüğü")
        desk.film.clicks += 2
        desk.click("#do [data-main]")
    clerk = opened("fen")
    clerk.go(case)
    clerk.press_button("Kabul et")
    clerk.press_button("İşe başla")
    clerk.click("a[href*='do=draft']")
    clerk.type("Çukur bugün asfaltla kapatılmıştır.", into="[name=body]")
    clerk.look("The department writes beside the case")
    clerk.click("#do [data-main]")
    clerk.press_button("Onaya sun")
    head = opened("ozelkalem")
    head.go(case)
    head.click("a[href*='do=approve_and_send']")
    head.look("Approved and sent in one step, with what she will read")
    head.click("#do [data-main]")
    expect(head.page.locator("#do")).to_have_count(0)
    head.look("Half a minute to take it back")


def appointment(opened: Open) -> None:
    """An appointment on the telephone."""
    desk = opened("sekreter")
    page = desk.page
    desk.go("/admin/appointments/call/")
    desk.type("0533 410 20 30")
    desk.press("Enter")
    desk.type("Şule", into="[name=first_name]")
    desk.press("Tab")
    desk.type("Çınar")
    desk.type("Okul bahçesi", into="[name=subject]")
    desk.type("yarın 09:30" if today().weekday() < 4 else "salı 09:30", into="[name=starts_at]")
    desk.look("The time as it is spoken")
    desk.press("Control+Enter")
    page.wait_for_load_state()
    page.wait_for_timeout(600)
    desk.look("Taken times come back with free ones; a free one is given")
    if page.locator("#free button").count():
        desk.click("#free button")
        desk.press("Control+Enter")
    page.wait_for_url(re.compile("/call/done/"))
    desk.look("Given: read out, and on its way by mail")
    desk.go("/admin/programme/calendar/")
    page.wait_for_timeout(1500)
    desk.look("In the calendar")


def invitations(opened: Open) -> None:
    """Invitations to many."""
    head = opened("ozelkalem")
    page = head.page
    head.go("/admin/events/event/?tab=all")
    head.click(page.get_by_role("link", name=re.compile("29 Ekim")))
    head.look("The event and its numbers")
    head.click("a[href*='do=invite']")
    head.look("To how many by what, and three of the messages")
    head.click(page.get_by_role("button", name="Bana bir deneme gönder"))
    page.wait_for_timeout(500)
    head.look("A test to oneself")
    if not page.locator("#do [data-main]").count():
        head.click("a[href*='do=invite']")
    head.click("#do [data-main]")
    page.wait_for_timeout(500)
    head.look("The result in numbers, with a minute to take it back")
    head.click(page.get_by_role("button", name="Geri al").or_(page.get_by_role("link", name="Geri al")))
    page.wait_for_timeout(500)
    head.look("Taken back: as if never sent")


def field(opened: Open) -> None:
    """A crew in the field."""
    crew = opened("fen")
    page = crew.page
    crew.go("/admin/field/")
    page.wait_for_timeout(800)
    crew.look("Their jobs, their own first")
    crew.click(page.locator("main li button").first)
    page.wait_for_timeout(400)
    crew.look("One job: call, way, photo, done")
    crew.click(page.get_by_role("button", name="Bitti"))
    page.locator("[name=gallery]").set_input_files(
        [{"name": "sonra.jpg", "mimeType": "image/jpeg", "buffer": photo()}]
    )
    crew.type("Çukur asfaltla kapatıldı.", into="[name=text]")
    page.wait_for_timeout(600)
    crew.look("Done, with a photo; without a line it waits on the phone")
    crew.click(page.get_by_role("button", name="Kaydet ve gönder"))
    page.wait_for_timeout(3000)
    crew.look("Sent")


def mayor(opened: Open) -> None:
    """The mayor's day."""
    mayor = opened("baskan")
    page = mayor.page
    mayor.go("/admin/")
    mayor.look("Now and next, and what waits")
    mayor.click(page.locator("main a[href*='/briefing/'], main a[href*='/programme/entry/']").first)
    mayor.look("The briefing")
    mayor.go("/admin/folder/")
    mayor.look("The folder of letters, leafed through")
    mayor.go("/admin/instructions/instruction/new/")
    leave_draft(mayor, "text")
    mayor.type("Sahildeki banklar bayrama kadar onarılsın.", into="[name=text]")
    mayor.look("An instruction")


def leave_draft(desk: Hand, back_to: str) -> None:
    """Delete what was left unfinished the last time, and go back to a field."""
    desk.page.wait_for_timeout(800)
    if desk.page.get_by_role("button", name="Taslağı sil").count():
        desk.click(desk.page.get_by_role("button", name="Taslağı sil"))
        desk.page.locator(f"[name={back_to}]").focus()


def photo() -> bytes:
    """A grey picture of nothing."""
    out = io.BytesIO()
    Image.new("RGB", (1600, 1200), "#6b7280").save(out, format="JPEG")
    return out.getvalue()


ALL = {
    "call": call,
    "appointment": appointment,
    "invitations": invitations,
    "field": field,
    "mayor": mayor,
}
