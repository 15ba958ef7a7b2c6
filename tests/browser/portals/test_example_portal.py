"""The example portal, on a phone: a broken pavement with a photo is reported, followed and its answer rated."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import Page, expect

from backend.complaints import actions
from backend.complaints.models import Attachment, Complaint, ComplaintLine
from backend.core.session import system
from backend.portals.models import Client
from tests.browser.conftest import NARROW, Opener, picture
from tests.cast import Cast
from tests.factories import make_category, make_neighbourhood
from tests.schema.complaints.test_portal_cases import replied
from tests.schema.portal_client import make_notices

TEXT = "Kaldırımda derin bir çukur var. İğdeli Sokak'ta ışıklar da yanmıyor."


@pytest.fixture
def portal(
    open_page: Opener, tmp_path: Path, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Page]:
    """The page, with a client whose secret lies where the portal's server looks."""
    make_notices()
    make_neighbourhood()
    make_category("kaldirim-ve-bordur", "Kaldırım ve bordür", parent=make_category("yol-ve-kaldirim", "Yol"))
    monkeypatch.setattr(settings, "EXAMPLE_PORTAL_FILE", tmp_path / "portal.json")
    call_command("example_client", stdout=StringIO())
    with system():
        Client.objects.update(documents_only=True)  # it asks nothing but what was registered
    page = open_page(size=NARROW)
    page.goto("/ornek-portal/")
    expect(page.locator("#category")).to_have_value("kaldirim-ve-bordur")
    yield page
    assert page.complaints == []  # type: ignore[attr-defined]


def _accessible(page: Page) -> None:
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"


def _cases() -> list[Complaint]:
    with system():
        return list(Complaint.objects.order_by("id"))


def _from_a_telephone() -> bytes:
    """A picture of more than 5 MB, as telephones take them."""
    found = BytesIO()
    Image.frombytes("RGB", (1400, 1400), os.urandom(1400 * 1400 * 3)).save(found, "PNG")
    return found.getvalue()


def test_a_citizen_reports_with_a_photo_follows_and_rates(portal: Page, people: Cast, tmp_path: Path) -> None:
    photo = tmp_path / "çukur.png"
    photo.write_bytes(_from_a_telephone())
    _accessible(portal)
    portal.fill("#text", TEXT)
    portal.select_option("#neighbourhood", "abdurrahmangazi")
    portal.fill("#place", "İğdeli Sokak 4")
    portal.set_input_files("#photo", photo)
    expect(portal.locator("#preview")).to_be_visible()
    portal.locator("#contact summary").click()
    portal.fill("#first_name", "İlkay")
    portal.fill("#last_name", "Işık")
    portal.fill("#email", "ilkay@example.org")
    expect(portal.locator("#notice")).to_contain_text("kişisel verileriniz")
    picture(portal, "example-portal-form.png", full_page=True)
    portal.click("#send")
    expect(portal.locator("#photo-state")).to_have_text("Fotoğraf eklendi.")
    [case] = _cases()
    code = portal.locator("#receipt-code").inner_text()
    assert code == case.tracking_code
    assert portal.locator("#receipt-number").inner_text() == case.reference
    assert code not in portal.url
    with system():
        assert Attachment.objects.get(complaint=case).name == "çukur.png"
        case = Complaint.objects.select_related("applicant", "neighbourhood").get()
        assert (case.body, case.place) == (TEXT, "İğdeli Sokak 4")
        assert case.applicant is not None
        assert case.applicant.last_name == "Işık"
    _accessible(portal)

    portal.click("#follow button")
    expect(portal.locator("#story-status")).to_have_text("Alındı")
    expect(portal.locator("#rate")).to_be_hidden()
    portal.fill("#more", "Bugün biri düştü.")
    portal.click("#add button")
    expect(portal.locator("#more")).to_have_value("")
    expect(portal.locator("#add button")).not_to_have_attribute("aria-disabled", "true")

    with system():  # the same answer to another question is another one
        Complaint.objects.filter(pk=case.pk).update(status="WAITING", waiting_for="CITIZEN")
    portal.fill("#more", "Bugün biri düştü.")
    portal.click("#add button")
    expect(portal.locator("#more")).to_have_value("")
    with system():
        assert ComplaintLine.objects.filter(complaint=case, verb="citizen_added").count() == 2

    with system():  # a name without address and signature: the office says that it is no petition (3071 m.4)
        actions.correct(
            Complaint.objects.get(pk=case.pk),
            by=people.secretary,
            regime="SERVICE_REQUEST",
            note="Dilekçe değil.",
        )
    replied(code, people)
    portal.click("#follow button")
    expect(portal.locator("#story-replies")).to_contain_text("Çukur kapatıldı.")
    portal.click("#rate button")
    expect(portal.locator("#rating-error")).to_have_text("1 ile 5 arasında bir puan seçiniz.")
    portal.get_by_role("radio", name="4").check()
    portal.fill("#remark", "Teşekkürler, çabuk oldu.")
    portal.click("#rate button")
    expect(portal.locator("#rated")).to_contain_text("5 üzerinden 4")
    picture(portal, "example-portal-story.png", full_page=True)
    _accessible(portal)
    [case] = _cases()
    assert case.rating == 4


@pytest.mark.full
def test_what_was_typed_stays_while_the_line_is_cut_and_a_second_click_reports_nothing_twice(
    portal: Page,
) -> None:
    portal.fill("#text", TEXT)
    portal.context.set_offline(True)
    portal.click("#send")
    expect(portal.locator("#report-error")).to_contain_text("Bağlantı yok")
    expect(portal.locator("#text")).to_have_value(TEXT)
    portal.context.set_offline(False)
    portal.reload()
    expect(portal.locator("#text")).to_have_value(TEXT)
    portal.locator("#send").dblclick()
    expect(portal.locator("#receipt")).to_be_visible()
    assert len(_cases()) == 1
    portal.reload()
    expect(portal.locator("#text")).to_have_value("")


@pytest.mark.full
def test_an_answer_that_was_lost_is_given_again_and_nothing_is_registered_twice(portal: Page) -> None:
    portal.fill("#text", TEXT)
    lost: list[object] = []

    def swallow(route):
        if "Idempotency-Key" not in {name.title() for name in route.request.headers} or lost:
            return route.continue_()
        lost.append(route.fetch())  # it was done, and nobody heard of it
        return route.abort()

    portal.route("**/ornek-portal/sor/", swallow)
    portal.click("#send")
    expect(portal.locator("#report-error")).to_be_visible()
    assert len(_cases()) == 1
    portal.click("#send")
    expect(portal.locator("#receipt")).to_be_visible()
    [case] = _cases()
    assert portal.locator("#receipt-code").inner_text() == case.tracking_code


def test_faults_stand_at_their_fields_and_a_wrong_code_says_so(portal: Page) -> None:
    portal.click("#send")
    expect(portal.locator("#text-error")).to_be_visible()
    expect(portal.locator("#text")).to_be_focused()
    portal.fill("#text", TEXT)
    portal.locator("#contact summary").click()
    portal.fill("#first_name", "İlkay")
    portal.fill("#phone", "12")
    portal.click("#send")
    expect(portal.locator("#phone-error")).to_be_visible()
    expect(portal.locator("#phone")).to_be_focused()
    portal.fill("#code", "0000-0000-0000")
    portal.click("#follow button")
    expect(portal.locator("#code-error")).to_contain_text("bulunamadı")
    _accessible(portal)
    assert _cases() == []


@pytest.mark.full
def test_the_page_holds_no_secret_and_asks_nothing_but_its_documents(portal: Page) -> None:
    secret = json.loads(Path(settings.EXAMPLE_PORTAL_FILE).read_text())["client_secret"]
    for path in ("", "portal.js", "belgeler.json"):
        body = portal.request.get(f"/ornek-portal/{path}").text()
        assert secret not in body
        assert "okc_" not in body
    headers = {"Origin": portal.url.split("/ornek")[0]}
    other = portal.request.post(
        "/ornek-portal/sor/", headers=headers, data={"documentId": "sha256:" + "0" * 64}
    )
    assert other.status == 400
    foreign = portal.request.post("/ornek-portal/sor/", headers={"Origin": "https://example.org"}, data={})
    assert foreign.status == 403
    policy = portal.request.get("/ornek-portal/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.full
def test_nobody_is_asked_who_they_are_where_the_notice_did_not_load(portal: Page) -> None:
    portal.evaluate("sessionStorage.setItem('ornek-portal-taslak', '{\"first_name\": \"İlkay\"}')")

    def fail(route):
        found = route.fetch()
        if "notice" in found.text().lower():
            return route.fulfill(json={"errors": [{"message": "–", "extensions": {"code": "RATE_LIMITED"}}]})
        return route.fulfill(response=found)

    portal.route("**/ornek-portal/sor/", fail)
    portal.reload()
    expect(portal.locator("#no-contact")).to_contain_text("Aydınlatma metni yüklenemediği")
    expect(portal.locator("#contact")).to_be_hidden()
    portal.fill("#text", TEXT)
    portal.click("#send")
    expect(portal.locator("#receipt")).to_be_visible()
    [case] = _cases()
    assert case.applicant_id is None
