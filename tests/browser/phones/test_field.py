"""A crew in the field, on a phone: photos and “Bitti” without a line, sent once later; conflicts are named in words."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from django.conf import settings
from PIL import Image
from playwright.sync_api import FilePayload, Page, expect

from backend.complaints import actions
from backend.complaints.choices import NoticeKind, PhotoStage, Status
from backend.complaints.models import Attachment, Comment, Complaint, Notice
from backend.core.session import system
from tests.browser.conftest import NARROW, picture, until
from tests.cast import PASSWORD, Cast
from tests.factories import make_citizen, make_complaint

Opener = Callable[..., Page]
FIELD = "/admin/field/"
HERE = {"latitude": 41.0, "longitude": 29.2}


def photo(color: str) -> FilePayload:
    out = io.BytesIO()
    Image.new("RGB", (2400, 1600), color).save(out, format="JPEG")
    return FilePayload(name=f"{color}.jpg", mimeType="image/jpeg", buffer=out.getvalue())


def job(people: Cast, place: str, **facts: object) -> Complaint:
    case = make_complaint(
        f"Çukur: {place}", to=people.fen, accepted_by=people.fen_clerk, place=place, **facts
    )
    with system():
        actions.take_over(case, by=people.fen_clerk)
    return case


def opened(page: Page, place: str) -> None:
    page.goto(FIELD)
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.get_by_role("button", name=re.compile(place)).click()


def finish(page: Page, text: str) -> None:
    page.get_by_role("button", name="Bitti").click()
    page.locator("[name=text]").fill(text)
    page.get_by_role("button", name="Kaydet ve gönder").click()


def test_without_a_line_photos_and_the_report_are_kept_and_sent_once(open_page: Opener, people: Cast) -> None:
    person = make_citizen(phone="+905551234567")
    case = job(people, "Yayla Sokak 12", applicant=person)
    page = open_page("fen_clerk", NARROW)
    opened(page, "Yayla Sokak 12")
    bar = page.locator("[data-bar]")
    expect(bar.get_by_role("link", name="Ara")).to_have_attribute("href", "tel:+905551234567")
    until(page, "caches.match('/admin/field/shell/').then(Boolean)")

    page.context.set_offline(True)
    page.reload()
    page.get_by_role("button", name=re.compile("Yayla Sokak 12")).click()
    page.get_by_role("button", name="Fotoğraf").click()
    page.locator("[name=camera]").set_input_files(photo("gray"))
    expect(page.locator("[data-chosen] li")).to_have_count(1)
    page.locator("[data-leave]").click()  # put away: it stands there again
    page.get_by_role("button", name="Bitti").click()
    page.locator("[name=gallery]").set_input_files([photo("black")])
    expect(page.locator("[data-chosen] li")).to_have_count(2)
    picture(page, "field-sheet.jpg")
    page.locator("[name=text]").fill("Çukur asfaltla kapatıldı.")
    page.get_by_role("button", name="Kaydet ve gönder").click()
    expect(page.locator("[data-deeds] li")).to_have_count(1)
    expect(page.locator("[data-deeds]")).to_contain_text("Çukur asfaltla kapatıldı.")
    with system():
        assert not Attachment.objects.exists()
    page.reload()  # the phone was switched off meanwhile
    expect(page.locator("[data-deeds] li")).to_have_count(1)

    page.context.set_offline(False)
    expect(page.locator("[data-told]")).to_contain_text(case.reference, timeout=40_000)
    expect(page.locator("[data-outbox]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-line]")).to_have_text("bağlı")
    with system():
        reply = Notice.objects.get(complaint=case, kind=NoticeKind.RESULT)
        assert reply.body == "Çukur asfaltla kapatıldı."
        assert Complaint.objects.get(pk=case.pk).status == Status.ANSWERED
        stages = Attachment.objects.filter(complaint=case).values_list("stage", flat=True)
        assert sorted(stages) == [PhotoStage.AFTER, PhotoStage.BEFORE]
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    assert page.complaints == []  # type: ignore[attr-defined]


def test_what_happened_meanwhile_is_said_and_nothing_typed_is_lost(open_page: Opener, people: Cast) -> None:
    case = job(people, "Çınar Sokak 7")
    page = open_page("fen_clerk", NARROW)
    opened(page, "Çınar Sokak 7")
    expect(page.locator("[data-line]")).to_have_text("bağlı")
    page.context.set_offline(True)
    finish(page, "Su borusu onarıldı.")
    with system():
        actions.withdraw(Complaint.objects.get(pk=case.pk), by=people.secretary)
    page.context.set_offline(False)
    expect(page.locator("[data-deeds]")).to_contain_text("geri çekti", timeout=40_000)
    expect(page.locator("[data-deeds]")).to_contain_text("Su borusu onarıldı.")
    page.get_by_role("button", name="Dahili not olarak sakla").click()
    expect(page.locator("[data-outbox]")).to_be_hidden()
    with system():
        assert Comment.objects.get(complaint=case).body == "Su borusu onarıldı."
        assert not Notice.objects.filter(complaint=case, kind=NoticeKind.RESULT).exists()


def test_at_the_sign_out_nothing_stays_readable_and_the_work_waits_for_its_writer(
    open_page: Opener, people: Cast
) -> None:
    case = job(people, "Lale Sokak 3")
    page = open_page("fen_clerk", NARROW)
    opened(page, "Lale Sokak 3")
    expect(page.locator("[data-line]")).to_have_text("bağlı")
    page.context.set_offline(True)
    finish(page, "Taş yerine oturtuldu.")
    expect(page.locator("[data-deeds] li")).to_have_count(1)
    held = page.evaluate(ALL_KEPT)
    assert "Lale" not in held
    assert "Taş yerine" not in held
    page.context.clear_cookies(
        name=settings.SESSION_COOKIE_NAME
    )  # before the line is there: nothing is sent with it
    page.context.set_offline(False)
    page.goto("/accounts/login/")
    until(page, "fieldStore.open().then((kept) => kept === null)")
    for name, expected in (("park_clerk", "başka bir kişi"), ("fen_clerk", case.reference)):
        page.goto("/accounts/login/")
        page.fill("[name=login]", people.people()[name].username)
        page.fill("[name=password]", PASSWORD)
        page.click("form button[type=submit]")
        page.wait_for_url("**/admin/")
        page.goto(FIELD)
        expect(page.locator("#crew")).to_contain_text(expected)
        if name == "fen_clerk":
            expect(page.locator("[data-told]")).to_contain_text(case.reference)
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    with system():
        assert Notice.objects.filter(complaint=case, kind=NoticeKind.RESULT).count() == 1


def test_the_browser_sends_it_when_the_page_is_closed(open_page: Opener, people: Cast) -> None:
    """Background Sync, where the browser has it: the worker sends what waits, once."""
    case = job(people, "Papatya Sokak 5")
    page = open_page("fen_clerk", NARROW)
    opened(page, "Papatya Sokak 5")
    expect(page.locator("[data-line]")).to_have_text("bağlı")
    page.context.set_offline(True)
    finish(page, "Kaldırım taşı oturtuldu.")
    expect(page.locator("[data-deeds] li")).to_have_count(1)
    page.goto("about:blank")  # the crew has put the phone away
    page.context.set_offline(False)
    other = page.context.new_page()
    devtools = page.context.new_cdp_session(other)
    known: list[str] = []
    devtools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: known.extend(
            one["registrationId"] for one in event["registrations"] if "/admin/field/" in one["scopeURL"]
        ),
    )
    devtools.send("ServiceWorker.enable")
    other.goto("/belge/")
    origin = other.evaluate("location.origin")

    def sync() -> None:
        devtools.send(
            "ServiceWorker.dispatchSyncEvent",
            {"origin": origin, "registrationId": known[-1], "tag": "field-send", "lastChance": True},
        )

    for _attempt in range(40):
        if known:
            sync()
        with system():
            if Notice.objects.filter(complaint=case, kind=NoticeKind.RESULT).exists():
                break
        other.wait_for_timeout(500)
    sync()
    other.wait_for_timeout(500)  # nothing says that a worker has nothing to send
    with system():
        reply = Notice.objects.get(complaint=case, kind=NoticeKind.RESULT)
    assert reply.body == "Kaldırım taşı oturtuldu."


@pytest.mark.full
def test_the_nearest_job_stands_first_and_the_position_is_sent_nowhere(
    open_page: Opener, people: Cast
) -> None:
    job(people, "Uzak Sokak 1", latitude=41.2, longitude=29.6)
    job(people, "Yakın Sokak 2", latitude=41.001, longitude=29.201)
    page = open_page("fen_clerk", NARROW, geolocation=HERE, permissions=["geolocation"])
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.goto(FIELD)
    expect(page.locator(".ok-crew-head").first).to_contain_text("Yakın Sokak 2")
    expect(page.locator(".ok-crew-head").first).to_contain_text("150 m")
    assert not [one for one in sent if "41.0" in one or "29.2" in one]


ALL_KEPT = """async () => {
  const ended = (asked) => new Promise((done) => { asked.onsuccess = () => done(asked.result); });
  const base = await ended(indexedDB.open("field"));
  const seen = [];
  const walk = (value) => {
    if (value instanceof ArrayBuffer) seen.push(new TextDecoder().decode(value));
    else if (value && typeof value === "object") Object.values(value).forEach(walk);
    else seen.push(String(value));
  };
  for (const name of ["facts", "deeds"]) walk(await ended(base.transaction(name).objectStore(name).getAll()));
  for (const name of await caches.keys()) {
    const store = await caches.open(name);
    for (const request of await store.keys()) {
      if (!request.url.includes("/static/")) seen.push(await (await store.match(request)).text());
    }
  }
  return seen.join(" ") + JSON.stringify(localStorage);
}"""
"""What lies on the phone, but for our own files."""
