"""Every screen in a real browser: accessible, in Turkish, nothing cut off, no script refused. Keeps
pictures.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from backend.appointments import actions as appointments
from backend.appointments import links
from backend.appointments.models import AppointmentRequest, PublicDaySession
from backend.complaints import actions
from backend.complaints.models import Complaint
from backend.core.localtime import today
from backend.core.session import system
from tests.browser.conftest import NARROW, SHOTS, WIDE
from tests.cast import Cast
from tests.factories import (
    at as at_time,
)
from tests.factories import (
    make_body,
    make_category,
    make_complaint,
    make_neighbourhood,
    make_public_day,
    make_request,
)

Opener = Callable[..., Page]
LIST = "/admin/complaints/complaint/"

SCREENS: dict[str, list[tuple[str, str]]] = {
    "secretary": [
        ("desk", "/admin/"),
        ("list", LIST),
        ("list-filtered", f"{LIST}?tab=all&q=lamba&status=ASSIGNED"),
        ("list-empty", f"{LIST}?tab=all&q=bulunmayacak"),
        ("case", "case"),
        ("case-route", "case?do=route"),
        ("case-triage", "case?do=triage"),
        ("case-correct", "case?do=correct"),
        ("case-message", "case?do=message"),
        ("case-forward", "case?do=forward"),
        ("case-not-examinable", "case?do=mark_not_examinable"),
        ("case-send", "answered?do=send"),
        ("intake", "/admin/intake/"),
        ("appointment-call", "/admin/appointments/call/"),
        ("appointment-board", "/admin/appointments/board/"),
        ("appointment-list", "/admin/appointments/appointmentrequest/?tab=all"),
        ("appointment", "request"),
        ("appointment-approve", "request?do=approve"),
        ("appointment-propose", "request?do=propose"),
        ("appointment-decline", "request?do=decline"),
        ("appointment-redirect", "request?do=redirect"),
        ("public-days", "/admin/appointments/publicdaysession/"),
        ("public-days-make", "/admin/appointments/publicdaysession/generate/"),
        ("public-day", "public-day"),
        ("public-day-hall", "hall"),
        ("citizens", "/admin/contacts/citizen/"),
        ("citizen", "citizen"),
        ("outbox", "/admin/outbox/message/"),
        ("departments", "/admin/organization/department/"),
        ("categories", "/admin/organization/category/"),
        ("neighbourhoods", "/admin/organization/neighbourhood/"),
        ("bodies", "/admin/organization/outsidebody/"),
        ("leave", "/admin/organization/administrativeleave/"),
        ("leave-new", "/admin/organization/administrativeleave/new/"),
        ("import", "/admin/import/"),
        ("reference", "/admin/reference/"),
        ("journal", "/admin/journal/record/"),
        ("tokens", "/admin/portals/apitoken/"),
        ("missing", f"{LIST}00000000-0000-4000-8000-000000000000/change/"),
    ],
    "fen_clerk": [("inbox", "/admin/"), ("department-list", LIST), ("department-case", "case?do=draft")],
    "outsider": [("outsider", "/admin/")],
    "office_head": [("public-day-rules", "/admin/appointments/publicdaysession/rules/")],
    "administrator": [
        ("manager-desk", "/admin/"),
        ("people", "/admin/organization/user/"),
        ("person-new", "/admin/organization/user/new/"),
        ("grants", "/admin/permissions/departmentgrant/"),
        ("grant-give", "/admin/permissions/departmentgrant/give/"),
        ("token-issue", "/admin/portals/apitoken/issue/"),
        ("readings", "/admin/journal/reading/"),
        ("account-password", "/accounts/password/change/"),
        ("account-mfa", "/accounts/2fa/"),
        ("account-sessions", "/accounts/sessions/"),
    ],
    "": [
        ("sign-in", "/accounts/login/"),
        ("tracking", "/takip/"),
        ("appointment-link", "link"),
        ("appointment-link-wrong", "/randevu/x/"),
    ],
}
WORDS = (
    "the and with search filter save cancel delete change history log sign password department complaint"
    " page application show add view select loading result results none yes home welcome open closed late"
    " route send"
)
DARK = {"desk", "list", "case", "case-route", "case-send", "intake", "grants", "inbox", "sign-in"}
"""What is looked at in the dark theme too: every kind of element once."""
ENGLISH = re.compile(rf"\b({WORDS.replace(' ', '|')})\b", re.IGNORECASE)


@pytest.fixture
def addresses(people: Cast) -> dict[str, str]:
    """What the screens show, and where the pages of single rows are."""
    make_body()
    category, place = make_category(), make_neighbourhood()
    complaint = make_complaint(
        "Sokak lambası yanmıyor",
        to=people.fen,
        accepted_by=people.fen_clerk,
        category=category,
        neighbourhood=place,
        by=people.secretary,
    )
    make_complaint("Kaldırımda çukur var", by=people.secretary, category=category, neighbourhood=place)
    make_complaint("Lamba kırık", to=people.fen, by=people.secretary)
    answered = make_complaint("Lamba yanmıyor", to=people.fen, accepted_by=people.fen_clerk)
    with system():
        actions.comment(complaint, by=people.fen_clerk, body="Ekip yarın gidecek.")
        actions.message(complaint, by=people.secretary, body="Ekibimiz yarın gelecektir.", means="EMAIL")
        row = Complaint.objects.get(pk=answered.pk)
        actions.draft(row, by=people.fen_clerk, body="Lamba değiştirilmiştir.")
        actions.submit(row, by=people.fen_clerk)
        actions.approve(row, by=people.secretary)
        applicant = Complaint.objects.select_related("applicant").get(pk=complaint.pk).applicant
        assert applicant is not None
    request = make_request(people.mayors, "Okul bahçesi", wish="sabah saatlerinde", party_size=3)
    session = make_public_day(people.mayors)
    visitors = [make_request(people.mayors, f"Halk günü konusu {number}") for number in range(3)]
    with system():
        for one in visitors:
            appointments.put_on_public_day(one, by=None, session=session, means="UNTOLD")
        PublicDaySession.objects.filter(pk=session.pk).update(day=today())
        appointments.call_in(AppointmentRequest.objects.get(pk=visitors[0].pk), by=None)
        proposed = appointments.propose(
            make_request(people.mayors, "Spor salonu"),
            by=None,
            starts_at=at_time("2027-01-12", "14:00"),
            hold_until=at_time(f"{today() + dt.timedelta(days=2):%Y-%m-%d}", "17:00"),
            place="Makam",
        )
        link = links.token_for(proposed)
    return {
        "public-day": f"/admin/appointments/publicdaysession/{session.key}/change/",
        "hall": f"/admin/appointments/publicdaysession/{session.key}/hall/",
        "link": f"/randevu/{link}/",
        "request": f"/admin/appointments/appointmentrequest/{request.key}/change/",
        "case": f"{LIST}{complaint.key}/change/",
        "answered": f"{LIST}{answered.key}/change/",
        "citizen": f"/admin/contacts/citizen/{applicant.key}/change/",
    }


def at(address: str, addresses: dict[str, str]) -> str:
    name, question, rest = address.partition("?")
    return addresses.get(name, name) + question + rest


def foreign(page: Page) -> list[str]:
    """English words that a person reads on the page, attributes included."""
    texts: list[str] = page.evaluate(
        """() => {
          const found = [];
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            const node = walker.currentNode, parent = node.parentElement;
            if (parent.closest("script, style, code, noscript, .material-symbols-outlined, kbd")) continue;
            if (node.textContent.trim()) found.push(node.textContent.trim());
          }
          const names = ["placeholder", "aria-label", "title", "alt"];
          document.querySelectorAll("[placeholder], [aria-label], [title], [alt]").forEach((item) =>
            names.forEach((name) => item.getAttribute(name) && found.push(item.getAttribute(name))));
          found.push(document.title);
          return found;
        }"""
    )
    words = [text for text in texts if "Mozilla/" not in text]
    return [text[:120] for text in words if ENGLISH.search(text)]


@pytest.mark.parametrize("person", SCREENS)
@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (NARROW, "light")])
def test_every_screen_is_accessible_turkish_and_whole(
    open_page: Opener, addresses: dict[str, str], person: str, size: tuple[int, int], scheme: str
) -> None:
    page, axe, faults = open_page(person, size, scheme), Axe(), []
    SHOTS.mkdir(parents=True, exist_ok=True)
    for name, address in SCREENS[person]:
        if scheme == "dark" and name not in DARK:
            continue
        page.goto(at(address, addresses))
        if scheme == "light":
            page.screenshot(path=SHOTS / f"{name}-{size[0]}.png", full_page=True)
        faults += [
            f"{name}: {violation['id']} at {violation['nodes'][0]['html'][:150]}"
            for violation in axe.run(page).response["violations"]
        ]
        faults += [f"{name}: not Turkish: {text}" for text in foreign(page)]
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > size[0]:
            faults.append(f"{name}: {width} pixels wide in a window of {size[0]}")
    faults += page.complaints  # type: ignore[attr-defined]
    assert not faults, "\n".join(faults)
