"""29 Ekim from its template for 120 guests, 40 in the quick tier and on other days: invited through the mail server,
answered by link and telephone, seated by precedence, cards printed, checked in with the line cut, thanked once."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import uuid
from typing import Any

import pypdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backend.core.session import system
from backend.events.models import Event, Guest
from backend.greetings import jobs as greetings
from backend.greetings.models import Batch
from backend.outbox import jobs as outbox
from backend.outbox.models import Message
from backend.partners import lists
from backend.partners.models import ContactList
from backend.protocol import actions as protocol
from backend.seating.models import Hall, SeatingPlan
from schema.core.nodes import encode
from tests.backend.core.test_outbox import Sink
from tests.backend.core.test_outbox import sink as sink
from tests.cast import Cast, signed_in
from tests.factories import (
    LONG_AGO,
    make_citizen,
    make_office,
    make_organisation,
    make_precedence,
    make_role,
)
from tests.harness.tiers import size
from tests.schema.client import Asking

BASE = "/admin/events"
GUESTS, BY_LINK, BY_PHONE, CAME = size((40, 18, 6, 12), (120, 60, 20, 40))
OFFICES = ("Kaymakam", "Garnizon Komutanı", "Belediye Başkanı", "Cumhuriyet Başsavcısı")
HEADS, PARTNERS = 3, 2
IN_FILE = GUESTS - len(OFFICES) - HEADS - PARTNERS


def test_from_the_template_to_the_last_letter_of_thanks(cast: Cast, sink: Sink) -> None:
    _protocol_and_partners()
    secretary = signed_in(cast.secretary)
    event = _planned(secretary, cast)
    _listed(secretary, event)
    links = _invited(secretary, event, sink)
    _answered_by_link(links)
    _answered_by_phone(secretary, event)
    _cards_printed(secretary, event)
    _seated(secretary, event)
    _checked_in(secretary, event, links)
    _thanked(secretary, event, sink)
    _told(secretary, event)


def _protocol_and_partners() -> None:
    """Who holds the offices of the order, with names that run against it; a chamber with two people."""
    held = [make_office(title, institution="Sancaktepe") for title in OFFICES]
    chamber = make_organisation("Işıklar Odası", "CHAMBER")
    with system():
        for number, office in enumerate(held):
            person = make_citizen(f"Zülfü{9 - number}", "Işık", email=f"p{number}@example.org")
            protocol.appoint(office, by=None, person=person, valid_from=LONG_AGO)
        for number in range(PARTNERS):
            person = make_citizen(f"Ortak{number}", "Çınar", email=f"o{number}@example.org")
            make_role(chamber, person, "BOARD", title="Yönetim Kurulu Üyesi")
        lists.add(lists.make(by=None, title="Odalar"), by=None, organisation=chamber)
    make_precedence([[office] for office in held], valid_from=LONG_AGO)


def _planned(secretary: Client, cast: Cast) -> Event:
    said = {
        "once": str(uuid.uuid4()),
        "principal": str(cast.mayors.key),
        "template": "republic_day",
        "accept_unusual": "on",
    }
    assert secretary.post(f"{BASE}/event/new/", said).status_code == 302
    with system():
        event = Event.objects.get()
        assert (event.title, event.parts.count()) == ("29 Ekim Cumhuriyet Bayramı", 3)
    secretary.post(f"{BASE}/event/{event.key}/announce/", {})
    return event


def _listed(secretary: Client, event: Event) -> None:
    """The offices of the order, the heads of three departments, a list of partners, and a file for the rest."""
    with system():
        partners = str(ContactList.objects.get().key)
        group = event.groups.get(source="PEOPLE")
        make_citizen("Davetli000", "Işık", phone="+905090000000", email="d000@example.org")
    rows = "\n".join(
        f"Davetli{n:03};Işık;0509 000 0{n:03};d{n:03}@example.org;Muhtar" for n in range(IN_FILE)
    )
    file = _file(f"Ad;Soyad;Telefon;E-posta;Unvan\n{rows}\n")
    address = f"{BASE}/guest/of/{event.key}/file/"
    page = secretary.post(address, {"group": str(group.key), "file": file}).content.decode()
    (ticket,) = re.findall(r'name="ticket" value="([^"]+)"', page)
    secretary.post(address, {"ticket": ticket})
    said = {"title": "Odalar", "source": "PARTNERS", "contact_list": partners}
    secretary.post(f"{BASE}/event/{event.key}/put_group/", said)
    secretary.post(f"{BASE}/event/{event.key}/sync_guests/", {})
    with system():
        listed = Guest.objects.filter(event=event).listed()
        assert listed.count() == GUESTS
        assert listed.get(title="Kaymakam").rank == 1
        assert listed.filter(organisation="Işıklar Odası").count() == PARTNERS


def _file(text: str) -> Any:
    return SimpleUploadedFile("davetliler.csv", text.encode())


def _invited(secretary: Client, event: Event, sink: Sink) -> list[str]:
    """Pressed twice, each is written to once; what arrives names day, dress and the guest's own link."""
    for _twice in range(2):
        secretary.post(f"{BASE}/event/{event.key}/invite/", {"carrier": "EMAIL"})
    _delivered("event_invitation")
    assert len(sink.mails) == len({mail["To"] for mail in sink.mails}) == GUESTS - HEADS
    bodies = {str(mail["To"]): _text(mail) for mail in sink.mails}
    assert "Koyu renk takım elbise" in bodies["p0@example.org"]
    links = [re.findall(r"/davet/\S+/", bodies[f"d{n:03}@example.org"])[0] for n in range(IN_FILE)]
    assert len(set(links)) == IN_FILE
    return links


def _delivered(purpose: str) -> None:
    """What the worker does with what waits in the outbox."""
    with system():
        waiting = list(Message.objects.filter(purpose=purpose, status="WAITING").values_list("pk", flat=True))
    for message in waiting:
        outbox.deliver(message_id=str(message))


def _text(mail: Any) -> str:
    return str(mail.get_body(["plain"]).get_content())


def _answered_by_link(links: list[str]) -> None:
    for number, link in enumerate(links[:BY_LINK]):
        assert "Davetli" in Client().get(link).content.decode()
        answer = "NOT_COMING" if number % 6 == 5 else "COMING"
        said = {"answer": answer, "companions": "1" if answer == "COMING" and number % 2 else "0"}
        assert "eşekkür" in Client().post(link, said).content.decode()


def _answered_by_phone(secretary: Client, event: Event) -> None:
    address = f"{BASE}/guest/of/{event.key}/calls/"
    for _each in range(BY_PHONE):
        page = secretary.get(address).content.decode()
        (guest,) = re.findall(r'name="guest" value="([^"]+)"', page)
        assert secretary.post(address, {"guest": guest, "said": "COMING"}).status_code == 302
    with system():
        answered = Guest.objects.filter(event=event).exclude(answer="WAITING")
        ways = {way: answered.filter(answered_via=way).count() for way in ("LINK", "PHONE")}
    assert ways == {"LINK": BY_LINK, "PHONE": BY_PHONE}


def _pages(answer: Any) -> list[str]:
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages]


def _cards_printed(secretary: Client, event: Event) -> None:
    """A card for everybody, the first office first, with the name as it must be written."""
    cards = _pages(secretary.post(f"{BASE}/event/{event.key}/cards/"))
    assert len(cards) == GUESTS
    assert "Sayın Zülfü9 IŞIK ve Eşi" in cards[0]
    assert "Kaymakam" in cards[0]
    assert "Koyu renk takım elbise" in cards[0]
    assert secretary.post(f"{BASE}/event/{event.key}/cards/").status_code == 302, "printed once"


def _seated(secretary: Client, event: Event) -> None:
    """A hall of ten rows; whoever comes sits by precedence, with a card of their name for the table."""
    alike = {"name": "Meydan tribünü", "is_active": "on", "row_count": "10", "seat_count": "15"}
    secretary.post("/admin/seating/hall/new/", alike)
    with system():
        hall = str(Hall.objects.get().key)
        for office in OFFICES[:2]:
            guest = Guest.objects.get(event=event, title=office)
            said = {"answer": "COMING", "companions": "1"}
            assert secretary.post(f"{BASE}/guest/{guest.key}/answer/", said).status_code == 302
    begin = {"hall": hall, "representation": "AFTER_EQUALS"}  # the kaymakam presides (5442 m.31)
    secretary.post(f"/admin/seating/seatingplan/begin/{event.key}/", begin)
    with system():
        plan = SeatingPlan.objects.get()
    address = f"/admin/seating/seatingplan/{plan.key}"
    secretary.post(f"{address}/do/seat/", {"version": str(plan.version), "keep": "yes"})
    with system():
        seated = set(plan.seats.filter(guest__isnull=False).values_list("guest", flat=True))
        coming = set(Guest.objects.filter(event=event).attending().values_list("pk", flat=True))
        front = set(
            plan.seats.filter(row__label="A", guest__rank__isnull=False).values_list(
                "guest__title", flat=True
            )
        )
    assert seated == coming
    assert front == set(OFFICES[:2])
    (first,) = _pages(secretary.get(f"{address}/paper/front/"))[:1]
    assert "Kaymakam" in first
    names = _pages(secretary.get(f"{address}/paper/cards/"))
    assert any("Zülfü9 IŞIK" in page for page in names)


def _checked_in(secretary: Client, event: Event, links: list[str]) -> None:
    """Some come; the phone loses its line after half of them, sends five again, and two cards are scanned twice."""
    address = f"{BASE}/event/{event.key}/door/send/"
    coming = [link for number, link in enumerate(links[:BY_LINK]) if number % 6 != 5][:CAME]
    scans = [
        {"id": str(uuid.uuid4()), "code": link, "at": (event.starts_at + dt.timedelta(seconds=n)).isoformat()}
        for n, link in enumerate(coming)
    ]

    def send(some: list[dict[str, str]]) -> list[str]:
        answer = secretary.post(address, json.dumps({"scans": some}), content_type="application/json")
        return [one["outcome"] for one in answer.json()["scans"]]

    half = CAME // 2
    assert send(scans[:half]) == ["WELCOME"] * half
    kept = scans[half - 5 :] + [{**scan, "id": str(uuid.uuid4())} for scan in scans[:2]]
    assert send(kept) == ["REPEATED"] * 5 + ["WELCOME"] * half + ["AGAIN"] * 2
    with system():
        assert Guest.objects.filter(event=event).arrived().count() == CAME


def _thanked(secretary: Client, event: Event, sink: Sink) -> None:
    """One batch for those who came; pressed again, and started twice, nobody is thanked a second time."""
    refused = secretary.post(f"{BASE}/event/{event.key}/hold/", {}).content.decode()
    assert "henüz başlamadı" in refused.lower()
    with system():  # the day has come
        Event.objects.filter(pk=event.pk).update(starts_at=timezone.now() - dt.timedelta(hours=3))
    secretary.post(f"{BASE}/event/{event.key}/hold/", {})
    for _twice in range(2):
        secretary.post(f"{BASE}/event/{event.key}/thank/", {})
    with system():
        batch = Batch.objects.get()
        assert batch.recipients.count() == CAME
    letter = {
        "title": "29 Ekim teşekkürleri",
        "channels": ["EMAIL"],
        "subject": "{{vesile}}",
        "salutation": "Sayın {{ad}} {{SOYAD}},",
        "body": "{{vesile}} törenimize katıldığınız için teşekkür ederim.",
        "closing": "Saygılarımla.",
        "signatory": "baskan",
    }
    sink.mails.clear()
    address = reverse("admin:greetings_batch_act", args=[batch.key, "write"])
    assert secretary.post(address, letter).status_code == 302
    start = reverse("admin:greetings_batch_act", args=[batch.key, "start"])
    assert [secretary.post(start).status_code for _twice in range(2)] == [302, 200]
    with system():
        batch.refresh_from_db()
    for _twice in range(2):
        greetings.send_batch(key=str(batch.key), run=batch.run)
    _delivered("greeting")
    assert len(sink.mails) == len({mail["To"] for mail in sink.mails}) == CAME
    assert "Sayın Davetli000 IŞIK," in _text(sink.mails[0])


def _told(secretary: Client, event: Event) -> None:
    answer = Asking()
    answer.client = secretary
    found = answer.data(
        "query ($id: ID!) { guests(filter: {event: $id, condition: [ARRIVED]}) { totalCount } }",
        id=_id(event),
    )
    assert found["guests"]["totalCount"] == CAME
    report = " ".join(_pages(secretary.get(f"{BASE}/event/{event.key}/report/")))
    assert re.search(rf"Davet edilen\s+{GUESTS}", report)
    assert re.search(rf"Gelen davetli\s+{CAME}", report)


def _id(event: Event) -> str:
    return str(encode("Event", event.key))
