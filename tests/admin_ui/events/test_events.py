"""The screens of events: planned from a template, the file, guests and calls, the door, paper, the public calendar."""

from __future__ import annotations

import io
import json
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from backend.core.session import system
from backend.events import actions, links
from backend.events.models import Event, Guest
from tests.cast import Cast, signed_in
from tests.days import YEAR, day
from tests.factories import make_citizen, make_event, refetch

BASE = "/admin/events"


@pytest.fixture
def event(cast: Cast) -> Event:
    found = make_event(cast.mayors, "Konser", by=cast.secretary)
    with system():
        actions.announce(found, by=None)
    return found


def _guest(event: Event, name: str = "İlker", **facts: Any) -> Guest:
    with system():
        person = make_citizen(name, "Işık", email=f"{uuid.uuid4().hex}@example.org", phone="+905090000001")
        return actions.add_guest(event, by=None, person=person, **facts)


def test_the_29th_of_october_is_planned_in_one_form(cast: Cast) -> None:
    browser = signed_in(cast.secretary)
    page = browser.get(f"{BASE}/event/new/?template=republic_day").content.decode()
    assert "28 Ekim saat 13.00" in page
    said = {
        "once": str(uuid.uuid4()),
        "principal": str(cast.mayors.key),
        "template": "republic_day",
        "day": f"{YEAR}-10-29",
        "accept_unusual": "on",
    }
    for _twice in range(2):
        answer = browser.post(f"{BASE}/event/new/", said, follow=True)
    with system():
        event = Event.objects.get()
    text = answer.content.decode()
    assert event.reference in text
    for word in ("Kaymakamlık çelengi", "Cadde ve meydanların bayraklarla", "İlçe protokolü", "48.000,00"):
        assert word in text


def test_an_event_of_ones_own_needs_its_time(cast: Cast) -> None:
    browser = signed_in(cast.secretary)
    said = {"once": str(uuid.uuid4()), "principal": str(cast.mayors.key), "title": "Sergi", "place": "Salon"}
    assert "Ne zaman" in browser.post(f"{BASE}/event/new/", said).content.decode()
    said |= {"day": day(150), "starts": "19:00", "minutes": "60", "accept_unusual": "on"}
    assert browser.post(f"{BASE}/event/new/", said).status_code == 302


def test_who_keeps_no_programme_plans_nothing(cast: Cast) -> None:
    assert signed_in(cast.park_clerk).get(f"{BASE}/event/new/").status_code == 403
    assert "Etkinlik planla" not in signed_in(cast.park_clerk).get(f"{BASE}/event/").content.decode()


def test_the_page_says_verbs_and_tells_a_refusal_at_its_field(cast: Cast, event: Event) -> None:
    browser = signed_in(cast.secretary)
    address = f"{BASE}/event/{event.key}"
    page = browser.post(
        f"{address}/add_task/", {"kind": "SOUND", "title": "Ses", "planned_cost": "1500"}, follow=True
    )
    assert "1.500,00" in page.content.decode()
    assert "iptal" in browser.post(f"{address}/cancel/", {"reason": ""}).content.decode()
    assert refetch(event).status == "ANNOUNCED"
    with system():
        part = event.parts.get()
    said = {"part": str(part.key), "kind": "SPEECH", "title": "Açış", "who": "Kaymakam", "rank": "1"}
    assert "Kaymakam" in browser.post(f"{address}/put_item/", said, follow=True).content.decode()


def test_a_department_sees_its_part_of_the_file_only(cast: Cast, event: Event) -> None:
    _guest(event)
    with system():
        actions.add_task(event, by=None, title="Çiçekler", department=cast.park)
        actions.write_note(event, by=None, audience="HOST", text="Gizli not")
    browser = signed_in(cast.park_clerk)
    page = browser.get(f"{BASE}/event/{event.key}/change/").content.decode()
    assert "Çiçekler" in page
    assert "Gizli not" not in page
    assert "Davetli listesi" not in page
    assert "Işık" not in browser.get(f"{BASE}/guest/?event={event.key}").content.decode()
    assert browser.get(f"{BASE}/guest/of/{event.key}/calls/").status_code == 404
    assert browser.get(f"{BASE}/event/{event.key}/door/").status_code == 403
    assert browser.get(f"{BASE}/event/{event.key}/report/").status_code == 403


def test_guests_are_found_shown_and_answered_for(cast: Cast, event: Event) -> None:
    guest, browser = _guest(event, title="Muhtar"), signed_in(cast.secretary)
    listed = browser.get(f"{BASE}/guest/?event={event.key}&q=ilker").content.decode()
    assert "İlker IŞIK" in listed
    address = f"{BASE}/guest/{guest.key}"
    assert "Muhtar" in browser.get(f"{address}/change/").content.decode()
    browser.post(f"{address}/answer/", {"answer": "COMING"})
    assert refetch(guest).answer == "COMING"
    add, other = f"{BASE}/guest/of/{event.key}/add/", make_citizen("İlker", "Kara")
    page = browser.post(add, {"person": "İlker"}).content.decode()
    assert f'value="{reread_person(guest)}"' in page
    chosen = {"person": "İlker", "person_of": "İlker", "person_key": str(other.key)}
    assert browser.post(add, chosen).status_code == 302
    assert browser.post(add, {"first_name": "Yeni", "last_name": "Kişi"}).status_code == 302
    again = browser.post(add, {"first_name": "İLKER", "last_name": "Kara"}).content.decode()
    assert f'value="{other.key}"' in again, "a second record is not made in silence"
    with system():
        assert Guest.objects.filter(event=event, person=other).exists()
        assert Guest.objects.filter(event=event, person__first_name="Yeni").exists()
        assert Guest.objects.filter(event=event).count() == 3


def test_somebody_is_put_on_a_frozen_list_whose_groups_are_not_read_anew(cast: Cast, event: Event) -> None:
    browser, listed = signed_in(cast.secretary), f"{BASE}/guest/?event={event.key}"
    file = f"{BASE}/event/{event.key}/change/"
    assert "?do=sync_guests" in browser.get(file).content.decode()
    with system():
        actions.freeze(event, by=None)
    assert f"{BASE}/guest/of/{event.key}/add/" in browser.get(listed).content.decode()
    page = browser.get(file).content.decode()
    assert "?do=unfreeze" in page
    assert "?do=sync_guests" not in page
    assert f"{BASE}/guest/of/{event.key}/add/" not in signed_in(cast.park_clerk).get(listed).content.decode()


def reread_person(guest: Guest) -> str:
    with system():
        return str(Guest.objects.select_related("person").get(pk=guest.pk).person.key)


def test_the_calling_list_takes_one_press_a_guest(cast: Cast, event: Event) -> None:
    guests = [_guest(event, name) for name in ("Ayşe", "Bora", "Cem")]
    browser, address = signed_in(cast.secretary), f"{BASE}/guest/of/{event.key}/calls/"
    assert "Ayşe IŞIK" in browser.get(address).content.decode()
    browser.post(address, {"guest": str(guests[0].key), "said": "COMING"})
    browser.post(address, {"guest": str(guests[1].key), "said": "NO_ANSWER"})
    refused = browser.post(address, {"guest": str(guests[2].key), "said": "REPRESENTED"}).content.decode()
    assert "Yerinize kimin geleceğini" in refused
    named = {"guest": str(guests[2].key), "said": "COMING", "representative": "Vekil"}
    assert "Temsilci adı yazılmış" in browser.post(address, named).content.decode()
    found = [(refetch(one).answer, refetch(one).calls) for one in guests]
    assert found == [("COMING", 1), ("WAITING", 1), ("WAITING", 0)]
    page = browser.get(address).content.decode()
    assert page.index("Cem IŞIK") < page.index("Bora IŞIK")
    assert "Ayşe IŞIK" not in page.split("ok-big")[1]


def test_the_door_takes_scans_once_and_tells_a_second_one(cast: Cast, event: Event) -> None:
    guest, browser = _guest(event), signed_in(cast.secretary)
    address = f"{BASE}/event/{event.key}/door/"
    asked = browser.get(address).content.decode()
    assert "Kapıyı yine de aç" in asked, "weeks before nobody is checked in by mistake"
    assert "İlker IŞIK" not in asked
    assert "İlker IŞIK" in browser.get(f"{address}?early=1").content.decode()
    assert browser.get(f"{address}list/").json()["guests"][0]["name"] == "İlker IŞIK"
    scan = {"id": str(uuid.uuid4()), "code": links.address_for(guest), "at": event.starts_at.isoformat()}

    def send(*scans: dict[str, Any]) -> Any:
        return browser.post(f"{address}send/", json.dumps({"scans": scans}), content_type="application/json")

    said = send(scan, {"id": str(uuid.uuid4()), "guest": str(guest.key)}, scan).json()
    assert [one["outcome"] for one in said["scans"]][1] == "AGAIN"
    assert (said["people"], refetch(guest).arrived_at is not None) == (1, True)
    assert send({"id": "x"}).status_code == 400
    assert send({"id": str(uuid.uuid4()), "code": "yabancı"}).json()["scans"][0]["outcome"] == "UNKNOWN"
    again = browser.post(address, {"guest": str(guest.key)}).content.decode()
    assert "Daha önce giriş yaptı" in again
    assert browser.post(f"{address}undo/", {"guest": str(guest.key)}).status_code == 200
    assert refetch(guest).arrived_at is None
    assert browser.post(f"{address}undo/", {"guest": str(guest.key)}).status_code == 409
    assert browser.post(f"{address}undo/", {"guest": str(uuid.uuid4())}).status_code == 409
    worker = browser.get(f"{BASE}/event/door/worker.js")
    assert worker["Service-Worker-Allowed"] == "/admin/events/event/"


def test_whoever_stands_at_the_door_sees_it_and_no_more(cast: Cast, event: Event) -> None:
    _guest(event)
    browser = signed_in(cast.outsider)
    assert browser.get(f"{BASE}/event/{event.key}/door/").status_code == 404
    with system():
        actions.name_member(event, by=None, user=cast.outsider, duty="DOOR")
    assert "İlker IŞIK" in browser.get(f"{BASE}/event/{event.key}/door/?early=1").content.decode()
    page = browser.get(f"{BASE}/event/{event.key}/change/").content.decode()
    assert "Etkinliği iptal et" not in page


def test_cards_are_printed_once_with_the_name_as_it_then_was(cast: Cast, event: Event) -> None:
    guest, browser = _guest(event, with_spouse=True), signed_in(cast.secretary)
    address = f"{BASE}/event/{event.key}/cards/"
    paper = browser.post(address)
    assert (paper["Content-Type"], paper.content[:5]) == ("application/pdf", b"%PDF-")
    assert f"Davetiyeler {event.reference.replace('/', '-')}.pdf" in paper["Content-Disposition"]
    card = PdfReader(io.BytesIO(paper.content)).pages[0].extract_text()
    assert "Ülkü ÖZTÜRK" in card, "the host by name and office (feature B5)"
    assert "Belediye Başkanı" in card
    assert refetch(guest).printed_name == "İlker IŞIK"
    assert browser.post(address).status_code == 302
    assert browser.post(address, {"again": "1"}).status_code == 200
    assert browser.get(f"{BASE}/event/{event.key}/report/").content[:5] == b"%PDF-"


@pytest.mark.urls("admin_ui.urls")  # as where the citizens' site is off
def test_the_public_calendar_shows_what_was_published_to_everybody(cast: Cast, event: Event) -> None:
    _guest(event)
    assert "Konser" not in Client().get("/etkinlikler/").content.decode()
    with system():
        actions.publish(event, by=None, title="Açık hava konseri", text="Herkes davetlidir")
    for address in ("/etkinlikler/", "/etkinlikler.ics", "/etkinlikler.rss"):
        text = Client().get(address).content.decode()
        assert "Açık hava konseri" in text
        assert "Işık" not in text
    calendar = Client().get("/etkinlikler.ics")
    assert Client().get("/etkinlikler.ics", headers={"If-None-Match": calendar["ETag"]}).status_code == 304
    with system():
        actions.cancel(event, by=None, reason="Hava")
    assert "STATUS:CANCELLED" in Client().get("/etkinlikler.ics").content.decode()


def test_guests_come_from_a_file_after_a_look(cast: Cast, event: Event) -> None:
    with system():
        group = actions.put_group(event, by=None, title="Dernekler", source="FILE")
        make_citizen("İlker", "Işık", phone="+905090000007")
    browser, address = signed_in(cast.secretary), f"{BASE}/guest/of/{event.key}/file/"

    def look(text: str) -> str:
        file = SimpleUploadedFile("davetli.csv", text.encode())
        return browser.post(address, {"group": str(group.key), "file": file}).content.decode()

    page = look("Ad;Soyad;Telefon;Unvan\nİLKER;IŞIK;0509 000 00 07;Başkan\nŞule;Çınar;;Üye\n")
    assert "Şule ÇINAR" in page
    with system():
        assert not Guest.objects.filter(event=event).exists()
    (ticket,) = re.findall(r'name="ticket" value="([^"]+)"', page)
    browser.post(address, {"ticket": ticket})
    with system():
        found = {
            str(one.person): one.title for one in Guest.objects.filter(event=event).select_related("person")
        }
    assert found == {"İlker IŞIK": "Başkan", "Şule ÇINAR": "Üye"}
    assert "2. satır" in look("Ad;Telefon\nAyşe;12\n")
    assert "başlığı" in look("İsim\nAyşe\n")
    browser.post(address, {"ticket": ticket[:-3] + "xxx"})
    with system():
        assert Guest.objects.filter(event=event).count() == 2
