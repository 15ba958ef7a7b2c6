"""An empty hour of the calendar offers an appointment or an entry; the printed day is today; the mayor reads first."""

from __future__ import annotations

import re
import uuid

from django.urls import reverse

from backend.appointments.models import AppointmentRequest
from backend.core.localtime import today
from backend.core.session import system
from backend.programme.models import Entry
from tests.cast import Cast, signed_in
from tests.days import DAY, dotted
from tests.factories import at, make_entry

SLOT = "/admin/programme/slot/"
CALENDAR = "/admin/programme/calendar/"


def values_of(piece: str, action: str) -> dict[str, str]:
    """What the form with this address would send as it was drawn."""
    form = next(one for one in piece.split("<form")[1:] if f'action="{action}' in one)
    return {
        name[1]: value[1] if (value := re.search(r'value="([^"]*)"', tag)) else ""
        for tag in re.findall(r"<input[^>]*>", form)
        if (name := re.search(r'name="([^"]*)"', tag))
    }


def test_an_appointment_is_given_at_the_hour_that_was_pressed(cast: Cast) -> None:
    client, key = signed_in(cast.secretary), str(cast.mayors.key)
    piece = client.get(SLOT, {"of": key, "start": f"{DAY}T14:00", "end": f"{DAY}T14:30"}).content.decode()
    values = values_of(piece, reverse("admin:appointment_call"))
    assert values["starts_at"] == f"{dotted()} Salı 14.00"
    assert values["principal"] == key
    typed = {"phone": "0532 311 11 11", "first_name": "Şule", "last_name": "Çınar", "subject": "Okul bahçesi"}
    answer = client.post(reverse("admin:appointment_call"), values | typed)
    assert answer.status_code == 302
    with system():
        row = AppointmentRequest.objects.select_related("entry").get()
    assert row.entry is not None
    assert row.entry.starts_at == at(DAY, "14:00")


def test_what_is_refused_stands_on_the_full_form_with_what_was_typed(cast: Cast) -> None:
    make_entry(cast.mayors, "Encümen", at(DAY, "14:00"), 60)
    client = signed_in(cast.secretary)
    piece = client.get(SLOT, {"of": str(cast.mayors.key), "start": f"{DAY}T14:30"}).content.decode()
    values = values_of(piece, reverse("admin:appointment_call"))
    typed = {"first_name": "Şule", "last_name": "Çınar", "subject": "Okul bahçesi"}
    body = client.post(reverse("admin:appointment_call"), values | typed).content.decode()
    assert 'value="Okul bahçesi"' in body
    assert "Encümen" in body


def test_an_entry_is_made_there_too(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    asked = {"of": str(cast.mayors.key), "start": f"{DAY}T14:00", "end": f"{DAY}T15:00"}
    piece = client.get(SLOT, asked).content.decode()
    address = f"{reverse('admin:programme_entry_new')}?of={cast.mayors.key}"
    values = values_of(piece, address) | {"title": "Kurul", "kind": "MEETING"}
    assert client.post(address, values).status_code == 302
    with system():
        entry = Entry.objects.get(title="Kurul")
    assert (entry.starts_at, entry.ends_at) == (at(DAY, "14:00"), at(DAY, "15:00"))


def test_only_who_keeps_the_programme_is_offered_it(cast: Cast) -> None:
    asked = {"of": str(cast.mayors.key), "start": f"{DAY}T14:00"}
    assert signed_in(cast.park_clerk).get(SLOT, asked).status_code == 404
    assert signed_in(cast.fen_head).get(SLOT, asked).status_code == 404
    assert signed_in(cast.secretary).get(SLOT, asked | {"start": "x"}).status_code == 404
    assert signed_in(cast.secretary).get(SLOT, asked | {"of": str(uuid.uuid4())}).status_code == 404


def test_the_full_form_begins_with_the_hour_and_the_principal(cast: Cast) -> None:
    asked = {"of": str(cast.mayors.key), "at": f"{DAY}T14:00"}
    body = signed_in(cast.secretary).get(reverse("admin:appointment_call"), asked).content.decode()
    assert f'value="{dotted()} Salı 14.00"' in body


def test_the_week_prints_today(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    for view in ("", "week", "month", "agenda", "day"):
        body = client.get(CALENDAR, {"view": view}).content.decode()
        assert re.search(rf"/programme/print/\?of=[^\"]*on={today()}\"", body), view
    assert f"on={DAY}" in client.get(CALENDAR, {"view": "day", "on": DAY}).content.decode()


def test_the_agenda_begins_with_its_day_not_with_monday(cast: Cast) -> None:
    body = signed_in(cast.secretary).get(CALENDAR, {"on": DAY, "view": "agenda"}).content.decode()
    days = re.findall(r'<section class="ok-card" aria-label="(\d+)', body)
    assert len(days) == 7
    assert days[0] == str(int(DAY[-2:]))


def test_other_programmes_are_offered_over_it(cast: Cast) -> None:
    body = signed_in(cast.secretary).get(CALENDAR, {"of": str(cast.mayors.key)}).content.decode()
    assert f'value="{cast.deputys.key}" data-name=' in body


def test_for_the_mayor_the_briefing_is_the_page_of_an_entry(cast: Cast) -> None:
    entry = make_entry(cast.mayors, "Encümen", at(DAY))
    briefing = reverse("admin:programme_briefing", args=[entry.key])
    page = reverse("admin:programme_entry_change", args=[entry.key])
    day = signed_in(cast.mayor).get("/admin/programme/day/", {"on": DAY}).content.decode()
    assert briefing in day
    assert page not in day
    assert page in signed_in(cast.mayor).get(briefing).content.decode()
    day = signed_in(cast.secretary).get("/admin/programme/day/", {"on": DAY}).content.decode()
    assert page in day
    assert briefing not in day
