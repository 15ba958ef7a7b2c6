"""An application written without a line: kept on the telephone with its photograph, sent once when there is one."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from backend.complaints.models import Attachment, Complaint
from backend.core.session import system
from backend.portals.clients import close_client
from backend.portals.models import Client
from backend.submissions.models import Submission
from tests.browser.conftest import DARK_NARROW, LIGHT_NARROW, NARROW, Opener, picture, until, violations
from tests.browser.phones.test_field import photo
from tests.browser.portals.test_website import HEAVIEST, installed
from tests.films.citizens import TEXT
from website import api

__all__ = ["installed"]
HERE = "/basvuru/baglantisiz/"
KEPT = f"caches.match('{HERE}').then((one) => Boolean(one))"
SEND = re.compile("Bağlantı gelince gönder")


def prepared(page: Page) -> None:
    """The home was opened once with a line."""
    page.goto("/")
    until(page, KEPT)


def write(page: Page) -> None:
    page.fill("#id_text", TEXT)
    page.select_option("#id_neighbourhood", label="Abdurrahmangazi")
    page.fill("#id_place", "İğdeli Sokak 4")
    page.locator("#id_camera").set_input_files(photo("gray"))
    expect(page.locator("[data-photos] li")).to_have_count(1)


@pytest.mark.usefixtures("installed")
def test_it_is_kept_without_a_line_and_sent_once(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    prepared(page)
    page.context.set_offline(True)
    page.goto("/basvuru/")  # what the icon on the home screen opens
    expect(page.locator("[data-line]")).to_contain_text("İnternet bağlantısı yok")
    write(page)
    picture(page, "website-offline.jpg", full_page=True)
    page.goto("/basvuru/")  # the telephone was switched off meanwhile
    expect(page.locator("#id_text")).to_have_value(TEXT)
    expect(page.locator("[data-photos] li")).to_have_count(1)
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("[data-rows] li")).to_contain_text("Bağlantı bekliyor")
    picture(page, "website-offline-waiting.jpg", full_page=True)
    with system():
        assert not Complaint.objects.exists()

    page.context.set_offline(False)
    page.evaluate("for (let event = 0; event < 3; event++) window.dispatchEvent(new Event('online'))")
    expect(page).to_have_url(re.compile("/basvuru/alindi/"), timeout=40_000)
    with system():
        case = Complaint.objects.get()
        assert (case.body, case.place) == (TEXT, "İğdeli Sokak 4")
        assert Attachment.objects.filter(complaint=case).count() == 1
    expect(page.locator(".panel")).to_contain_text(case.reference)
    page.goto(HERE)  # its number was seen: the device has nothing of it any more
    expect(page.locator("[data-line]")).to_contain_text("İnternet bağlantısı var")
    expect(page.locator("[data-outbox]")).to_be_hidden()
    expect(page.locator("#id_text")).to_have_value("")
    with system():
        assert Complaint.objects.count() == 1
    assert page.complaints == []  # type: ignore[attr-defined]


@pytest.mark.usefixtures("installed")
def test_with_a_name_the_line_leads_to_the_code(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    prepared(page)
    page.context.set_offline(True)
    page.goto("/basvuru/")
    page.fill("#id_text", TEXT)
    page.get_by_label("Adımı yazacağım").check()
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("[data-errors]")).to_be_focused()
    for name, text in {"first_name": "İlkay", "last_name": "Işık", "email": "ilkay@example.org"}.items():
        page.fill(f"#id_{name}", text)
    page.get_by_role("button", name=SEND).click()
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("/basvuru/onay/"), timeout=40_000)
    with system():
        assert not Complaint.objects.exists()
        assert Submission.objects.get().first_name == "İlkay"


@pytest.mark.usefixtures("installed")
def test_what_was_typed_when_the_line_broke_is_there_and_goes_in_one_press(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    prepared(page)
    page.goto("/basvuru/ne/")
    page.get_by_label("Sorun bildireceğim").check()
    page.locator("main form > .button").click()
    page.fill("#id_text", TEXT)
    page.context.set_offline(True)
    page.locator("main form > .button").click()
    expect(page).to_have_url(re.compile(HERE))
    expect(page.locator("#id_text")).to_have_value(TEXT)
    page.context.set_offline(False)
    page.goto("/")
    expect(
        page.locator("[data-waiting]")
    ).to_be_visible()  # whoever uses the telephone next sees that it is there
    page.get_by_role("link", name="Bak, gönder veya sil").click()
    page.get_by_role("button", name="Yazdıklarımı bu cihazdan sil").click()
    expect(page.locator("#id_text")).to_have_value("")
    page.goto("/")
    until(page, KEPT)
    expect(page.locator("[data-waiting]")).to_be_hidden()
    assert page.evaluate("kept.all()") == []
    with system():
        assert not Complaint.objects.exists()


def waiting(page: Page) -> None:
    """One with a photograph waits for the line, which is cut."""
    prepared(page)
    page.context.set_offline(True)
    page.goto("/basvuru/")
    write(page)
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("[data-rows] li")).to_contain_text("Bağlantı bekliyor")


def rows(page: Page) -> list[dict[str, Any]]:
    """What is on the device, photographs by name."""
    found: list[dict[str, Any]] = page.evaluate(
        "kept.all().then((all) => all.map((one) => ({ ...one, photos: (one.photos || []).map(({ name }) => name) })))"
    )
    return found


@pytest.mark.usefixtures("installed")
def test_what_was_tried_a_day_ago_is_sent_again_once_with_its_photograph(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    waiting(page)
    page.evaluate(
        "kept.all().then(([one]) => kept.put({ ...one, tried: Date.now() - 21 * 3600000,"
        " photos: one.photos.map((photo) => ({ ...photo, sent: Date.now() })) }))"
    )
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.get_by_role("button", name="Yeniden gönder").click()
    expect(page).to_have_url(re.compile("/basvuru/alindi/"), timeout=40_000)
    with system():
        case = Complaint.objects.get()
        assert Attachment.objects.filter(complaint=case).count() == 1
    until(page, "kept.all().then((all) => all.length === 0)")  # neither it nor the one that took its place


@pytest.mark.usefixtures("installed")
def test_what_is_refused_says_why_at_its_field_and_a_removed_photograph_is_not_sent(
    open_page: Opener,
) -> None:
    page = open_page(size=NARROW)
    prepared(page)
    page.goto(HERE)
    write(page)
    page.get_by_label("Adımı yazacağım").check()
    for name, text in {"first_name": "İlkay", "last_name": "Işık", "email": "ilkay"}.items():
        page.fill(f"#id_{name}", text)
    page.locator("main form button[type=submit]").click()
    expect(page.locator("[data-rows] li")).to_contain_text("Gönderilemedi", timeout=40_000)
    page.get_by_role("button", name="Değiştir").click()
    expect(page.locator("[data-errors]")).to_be_focused()
    page.locator("[data-errors] a").click()
    expect(page.locator("#id_email")).to_be_focused()
    expect(page.locator("#id_email")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".field.bad .wrong")).to_have_count(1)
    assert violations(page) == []
    picture(page, "website-offline-refused.jpg", full_page=True)
    page.get_by_role("button", name="Kaldır").click()
    expect(page.locator("[data-photos] li")).to_have_count(0)
    page.get_by_label("İsimsiz").check()
    page.locator("main form button[type=submit]").click()
    expect(page).to_have_url(re.compile("/basvuru/alindi/"), timeout=40_000)
    with system():
        assert not Attachment.objects.filter(complaint=Complaint.objects.get()).exists()


@pytest.mark.usefixtures("installed")
def test_a_browser_that_sends_nothing_by_itself_says_so_and_sends_from_the_home(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    page.add_init_script("delete window.SyncManager; delete ServiceWorkerRegistration.prototype.sync;")
    waiting(page)
    expect(page.locator("[data-said]")).to_contain_text("bu sayfayı yeniden açınız")
    expect(page.locator("[data-line]")).to_contain_text("bu sayfayı yeniden açınız")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto("/")
    until(page, "kept.all().then(([one]) => one.state === 'sent')")
    expect(page.locator("[data-waiting]")).to_be_visible()
    with system():
        reference = Complaint.objects.get().reference
    page.goto(HERE)
    expect(page.locator("[data-rows]")).to_contain_text(reference)
    page.get_by_role("button", name="Başvurumu takip et").click()
    expect(page.locator(".panel")).to_contain_text(reference)


@pytest.mark.usefixtures("installed")
def test_what_could_not_be_sent_for_a_week_is_not_deleted_unseen(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    waiting(page)
    page.evaluate("kept.all().then(([one]) => kept.put({ ...one, at: Date.now() - 8 * 86400000 }))")
    page.goto("/basvuru/")
    expect(page.locator("[data-rows] li")).to_contain_text("Yedi gün boyunca gönderilemedi")
    assert [(one["state"], len(one["photos"])) for one in rows(page)] == [("stopped", 1)]


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("kind", ["Dilekçe", "Bilgi"])
def test_what_the_law_wants_more_of_becomes_no_report_of_a_problem(open_page: Opener, kind: str) -> None:
    page = open_page(size=NARROW)
    prepared(page)
    page.goto("/basvuru/ne/")
    page.get_by_label(kind).check()
    page.locator("main form > .button").click()
    page.fill("#id_text", TEXT)
    page.context.set_offline(True)
    page.locator("main form > .button").click()
    page.wait_for_url(re.compile("chrome-error"))
    page.context.set_offline(False)
    page.goto("/")
    until(page, KEPT)
    assert rows(page) == []


@pytest.mark.usefixtures("installed")
def test_each_form_has_a_row_of_its_own_and_none_writes_over_what_is_sent(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    prepared(page)
    page.evaluate(
        "kept.add('a', { text: 'Birinci' }, [...Array(12)].map((_, at) => new File(['x'], `${at}.jpg`)))"
    )
    page.evaluate("kept.add('b', { text: 'İkinci' }, [])")
    page.evaluate("kept.add('a', { place: 'Park' }, [])")
    found = [(one["form"], one["fields"], len(one["photos"])) for one in rows(page)]
    assert sorted(found, key=str) == [
        ("a", {"text": "Birinci", "place": "Park"}, 10),
        ("b", {"text": "İkinci"}, 0),
    ]
    page.goto(f"{HERE}#b")
    expect(page.locator("#id_text")).to_have_value("İkinci")
    page.evaluate(
        "kept.all().then((all) => all.find((one) => one.form === 'b'))"
        ".then(({ id }) => kept.change(id, (one) => ({ ...one, state: 'sent', result: { reference: '7' } })))"
    )
    page.fill("#id_text", "İkinci, başka bir pencerede")
    expect(page.locator("#id_text")).to_have_value("")
    assert [one["state"] for one in rows(page) if one["form"] == "b"] == ["sent"]


@pytest.mark.usefixtures("installed")
def test_a_full_device_keeps_the_words_and_says_that_the_photograph_is_not_there(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    page.add_init_script(
        "const put = IDBObjectStore.prototype.put; IDBObjectStore.prototype.put = function (row) {"
        " if (row.photos?.length) this.transaction.abort(); else return put.call(this, row); };"
    )
    page.goto(HERE)
    page.fill("#id_text", TEXT)
    page.locator("#id_camera").set_input_files(photo("gray"))
    expect(page.locator("[data-said]")).to_contain_text("fotoğraf için yer yok")
    expect(page.locator("[data-photos] li")).to_have_count(0)
    assert [(one["fields"]["text"], one["photos"]) for one in rows(page)] == [(TEXT, [])]


@pytest.mark.usefixtures("installed")
def test_what_is_said_to_an_application_is_not_taken_for_a_report(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    prepared(page)
    page.goto("/basvuru/takip/")
    page.fill("#id_code", "7G2K-0QXM-4TBN")
    page.context.set_offline(True)
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(re.compile("chrome-error"))  # and not as if it were done


@pytest.mark.usefixtures("installed")
def test_what_is_too_large_stops_alone_and_the_next_one_goes(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    page.add_init_script("delete ServiceWorkerRegistration.prototype.sync;")  # the page sends, not the worker
    waiting(page)
    page.fill("#id_text", "Sokak lambası yanmıyor")
    page.get_by_role("button", name=SEND).click()
    expect(page.locator("[data-rows] li")).to_have_count(2)
    page.evaluate(
        "(() => { const asked = window.fetch; window.fetch = (at, how) => (String(at).endsWith('/foto/')"
        " ? Promise.resolve(new Response('<html>', { status: 413 })) : asked(at, how)); })()"
    )
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    until(page, "kept.all().then((all) => all.every((one) => one.state !== 'ready'))")
    expect(page.locator("[data-rows]")).to_contain_text("Dosya çok büyük")
    with system():
        assert Complaint.objects.get().body == "Sokak lambası yanmıyor"
    change = page.get_by_role("button", name="Değiştir")
    change.focus()
    before = change.element_handle()
    page.evaluate("navigator.serviceWorker.dispatchEvent(new MessageEvent('message', { data: 'sent' }))")
    before.wait_for_element_state("hidden")
    expect(change).to_be_focused()  # the list was drawn anew meanwhile


@pytest.mark.usefixtures("installed")
def test_a_new_worker_keeps_the_page_until_it_has_another(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    prepared(page)
    with system():
        close_client(Client.objects.get(account__username=settings.WEBSITE_ACCOUNT), by=None)
    api.forget()  # so that the page cannot be made at this moment
    registered = "navigator.serviceWorker.getRegistration('/basvuru/')"
    page.evaluate(
        f"{registered}.then((one) => navigator.serviceWorker.register(`${{one.active.scriptURL}}&v=2`))"
    )
    until(
        page,
        f"{registered}.then(({{ active }}) => active.scriptURL.endsWith('v=2') && active.state === 'activated')",
    )
    page.wait_for_timeout(1_000)  # nothing says that it could not be renewed
    assert page.evaluate(KEPT)
    page.context.set_offline(True)
    page.goto("/basvuru/")
    expect(page.locator("[data-line]")).to_contain_text("İnternet bağlantısı yok")


@pytest.mark.usefixtures("installed")
def test_the_page_is_accessible_and_light(open_page: Opener) -> None:
    page = open_page(size=NARROW)
    loaded: dict[str, int] = {}
    page.on("response", lambda answer: loaded.__setitem__(answer.url, len(answer.body()) if answer.ok else 0))
    page.goto(HERE, wait_until="load")
    page.get_by_label("Adımı yazacağım").check()
    expect(page.locator("[data-named]")).to_be_visible()
    assert sum(loaded.values()) < HEAVIEST, loaded
    for view in (LIGHT_NARROW, DARK_NARROW):
        view.take(page)
        assert violations(page, only=view.rules) == []
        picture(page, f"website-offline-{view.scheme}.jpg", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


@pytest.mark.usefixtures("installed")
def test_back_after_a_corrected_mistake_is_the_question_with_its_answer(open_page: Opener) -> None:
    """The browser would send the refused form again: an error of its own, or the page for the time without a line."""
    page = open_page(size=NARROW)
    prepared(page)
    page.goto("/basvuru/ne/")
    page.get_by_label("Sorun bildireceğim").check()
    go_on = page.get_by_role("button", name="Devam et")
    go_on.click()
    expect(page).to_have_url(re.compile("/basvuru/anlat/"))
    go_on.click()
    expect(page).to_have_title(re.compile("Hata"))
    page.fill("#id_text", TEXT)
    go_on.click()
    expect(page).to_have_url(re.compile("/basvuru/konu/"))
    page.go_back()
    expect(page).to_have_url(re.compile("/basvuru/anlat/"))
    expect(page.locator("#id_text")).to_have_value(TEXT)
