"""Eleven papers of the demo's invented office as pictures. `make papers` keeps them in docs/papers; a run of the tests
draws them beside the screenshots."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser

from backend.appointments.models import AppointmentRequest
from backend.complaints.models import Complaint
from backend.core.localtime import local_date
from backend.core.session import system
from backend.documents import typesetting
from backend.greetings.models import Recipient
from backend.letters import drafts
from backend.letters.models import Letter
from backend.letters.papers import rendering
from backend.organization.models import User
from backend.programme.models import Entry
from backend.seating.models import SeatingPlan
from permissions.demo.users import PASSWORD
from tests.browser.conftest import SHOTS
from tests.cast import signed_in

FOLDER = Path(os.environ.get("OZELKALEM_PAPERS", SHOTS / "papers"))
CREST = Path(__file__).parents[2] / "permissions/demo/crest.svg"
TYPESET = {
    "01-resmi-yazi": "letters/print/letter.typ",
    "11-olur": "letters/print/letter.typ",
    "02-taziye": "letters/print/run.typ",
    "03-tebrik": "letters/print/run.typ",
    "04-davetiye": "events/print/card.typ",
    "05-isim-kartlari": "seating/print/cards.typ",
    "06-oturma-plani": "seating/print/plan.typ",
    "07-bilgi-foyu": "programme/print/briefing.typ",
    "08-bilgi-edinme-raporu": "complaints/print/report.typ",
}
PRINTED = ("09-gunluk-program", "10-alindi-belgesi")


@pytest.mark.full
def test_sample_papers_are_drawn(
    live_site: str, browser: Browser, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MUNICIPALITY_CREST = str(CREST)
    FOLDER.mkdir(parents=True, exist_ok=True)
    # What is kept shows a report of many; a run of the tests draws the same papers of fewer.
    call_command("load_demo", complaints=300 if "OZELKALEM_PAPERS" in os.environ else 60, verbosity=0)
    drawn: list[tuple[str, bytes]] = []
    real = typesetting.pdf

    def pdf(template: str, values: dict[str, Any]) -> bytes:
        drawn.append((template, typesetting.pages(template, values, ppi=80)[0]))
        return real(template, values)

    monkeypatch.setattr(typesetting, "pdf", pdf)
    _ask_for_the_typeset()
    assert [template for template, _picture in drawn] == list(TYPESET.values())
    for name, (_template, picture) in zip(TYPESET, drawn, strict=True):
        (FOLDER / f"{name}.png").write_bytes(picture)
    _photograph_the_printed(live_site, browser)
    for name in (*TYPESET, *PRINTED):
        assert (FOLDER / f"{name}.png").stat().st_size > 5_000, name


def _ask_for_the_typeset() -> None:
    with system():
        office = signed_in(User.objects.get(username="sekreter"))
        letters = [
            Letter.objects.filter(kind=kind).exclude(number=None).order_by("pk").first()
            for kind in ("OFFICIAL", "APPROVAL", "CONDOLENCE")
        ]
        thanked = Recipient.objects.exclude(print_run=None).select_related("batch").order_by("pk").first()
        plan = SeatingPlan.objects.select_related("event").get()
        visits = AppointmentRequest.objects.filter(entry__isnull=False, applicant__isnull=False)
        visit = visits.select_related("entry").order_by("-entry__starts_at").first()
        for letter in letters:
            assert letter is not None
            rendering.pdf(drafts.sheet_of(letter))
    assert thanked
    assert visit
    assert visit.entry
    papers = f"/admin/seating/seatingplan/{plan.key}/paper/"
    office.get(reverse("admin:greetings_batch_look", args=[thanked.batch.key, thanked.key]))
    office.post(f"/admin/events/event/{plan.event.key}/cards/", {"again": "1"})
    for kind in ("cards", "plan"):
        office.get(f"{papers}{kind}/")
    office.get(reverse("admin:programme_briefing_pdf", args=[visit.entry.key]))
    office.get(reverse("admin:report_information_pdf"))


def _photograph_the_printed(site: str, browser: Browser) -> None:
    """What the browser prints: the sheet alone."""
    with system():
        case = (
            Complaint.objects.filter(applicant__isnull=False, identity_hidden=False).order_by("-pk").first()
        )
        entries = Entry.objects.filter(principal__office="MAYOR", is_confidential=False, status="CONFIRMED")
        entry = entries.filter(starts_at__gte=timezone.now()).order_by("starts_at").first()
    assert case
    assert entry
    day = f"of={entry.principal.key}&on={local_date(entry.starts_at)}"
    addresses = (
        f"{reverse('admin:programme_print')}?{day}",
        f"/admin/complaints/complaint/{case.key}/receipt/",
    )
    context = browser.new_context(viewport={"width": 900, "height": 1200}, locale="tr-TR", base_url=site)
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("[name=login]", "sekreter")
    page.fill("[name=password]", PASSWORD)
    page.click("form button[type=submit]")
    page.wait_for_url("**/admin/")
    page.emulate_media(media="print")
    for name, address in zip(PRINTED, addresses, strict=True):
        page.goto(address)
        sheet = page.locator(".ok-sheet")
        sheet.evaluate("one => Object.assign(one.style, {border: 0, padding: '18mm', width: '210mm'})")
        sheet.screenshot(path=FOLDER / f"{name}.png", animations="disabled")
    context.close()
