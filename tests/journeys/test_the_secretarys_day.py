"""The third issue's story: the secretary's day in the admin, and what others see of it there and through GraphQL."""

from __future__ import annotations

import datetime as dt
import html
import re
import uuid
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from freezegun import freeze_time

from backend.appointments.models import AppointmentRequest
from backend.core.session import system
from backend.outbox import jobs
from backend.outbox.models import Message
from backend.programme import actions as programme
from backend.programme.models import Entry
from permissions.core import scope
from schema.core.nodes import encode
from tests.cast import CONTENT, Cast, in_mind, signed_in
from tests.days import DAY, FROZEN, day, dotted
from tests.factories import THURSDAYS, at, make_citizen, make_entry, make_request, refetch
from tests.harness.tiers import sample
from tests.permissions.walls import sweep_pages
from tests.schema.client import Asking

THURSDAY = f"{dotted(2)} Perşembe 10.30"
CALL = "/admin/appointments/call/"


def text_of(answer: Any) -> str:
    """What a person reads on a page."""
    body = re.sub(r"<(script|style).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def page_of(row: AppointmentRequest) -> str:
    return f"/admin/appointments/appointmentrequest/{row.key}/change/"


def say(client: Client, row: AppointmentRequest, verb: str, **data: Any) -> Any:
    given = {"version": str(refetch(row).version)} | data
    return client.post(f"/admin/appointments/appointmentrequest/{row.key}/{verb}/", given)


def the_request() -> AppointmentRequest:
    with system():
        return AppointmentRequest.objects.select_related("entry").latest("pk")


def sent() -> list[mail.EmailMessage]:
    """What has left the house, after the worker has done its rounds."""
    with system():
        waiting = list(Message.objects.filter(status=Message.Status.WAITING).values_list("pk", flat=True))
    for pk in waiting:
        jobs.deliver(message_id=str(pk))
    return list(mail.outbox)


def called(client: Client, cast: Cast, **data: str) -> Any:
    given = {
        "once": str(uuid.uuid4()),
        "principal": str(cast.mayors.key),
        "kind": "ORGANISATION",
        "channel": "PHONE",
        "party_size": "3",
        "phone": "0(216) 311 22 33",
        "first_name": "Şule",
        "last_name": "Çınar",
        "email": "sule@example.org",
        "subject": "Spor salonu",
    }
    return client.post(CALL, given | data)


def test_a_new_caller_has_an_appointment_on_thursday_and_knows_it_by_mail(cast: Cast) -> None:
    secretary = signed_in(cast.secretary)
    who = secretary.post("/admin/intake/who/", {"phone": "0(216) 311 22 33"})
    assert "Şule" not in text_of(who), "nobody knows the number yet"
    answer = called(secretary, cast, starts_at=THURSDAY)
    assert answer.status_code == 302, text_of(answer)[-600:]
    assert THURSDAY in text_of(secretary.get(answer["Location"]))
    row = the_request()
    assert row.status == "APPROVED"
    (letter,) = (one for one in sent() if f"{dotted(2)} Perşembe günü saat 10.30" in one.body)
    assert letter.to == ["sule@example.org"]
    assert "Sayın Şule ÇINAR" in letter.body
    # She calls again: who it is, and what she asked for.
    again = secretary.post("/admin/intake/who/", {"phone": "+90 216 311 22 33"})
    assert row.reference in text_of(again)
    # She answers by the link of the letter: looking decides nothing, pressing does.
    (address,) = re.findall(r"/randevu/[^\s/]+/", letter.body)
    assert dotted(2) in text_of(Client().get(address))
    assert refetch(row).status == "APPROVED"
    Client().post(address, {"answer": "cancel"})
    assert refetch(row).status == "WITHDRAWN"
    with scope.session(cast.secretary):
        assert Entry.objects.get(pk=row.entry_id or Entry.objects.latest("pk").pk).status == "CANCELLED"
    assert Client().get(address).status_code == 404, "the link ends with its appointment"


@pytest.mark.parametrize("channel", ["PHONE", "EMAIL", "WEB", "IN_PERSON"])
def test_a_citizen_asks_by_any_way_and_has_a_receipt(channel: str, cast: Cast) -> None:
    """“Randevuları telefon, e-posta veya web sitesi üzerinden alınır; … bizzat gelerek.”"""
    assert called(signed_in(cast.secretary), cast, channel=channel, wish="öğleden sonra").status_code == 302
    row = the_request()
    assert (row.channel, row.status, row.wish) == (channel, "NEW", "öğleden sonra")
    (receipt,) = sent()
    assert receipt.to == ["sule@example.org"]
    assert row.reference in f"{receipt.subject} {receipt.body}"
    waiting = text_of(signed_in(cast.secretary).get("/admin/appointments/board/"))
    assert row.reference in waiting


def test_a_protocol_event_is_planned_shown_to_the_press_and_the_mayor_has_it_on_the_phone(cast: Cast) -> None:
    """“Resmî toplantılar ve protokol etkinlikleri bu birim tarafından planlanır.”"""
    secretary = signed_in(cast.secretary)
    given = {
        "kind": "EVENT",
        "title": "Kaymakamlık ziyareti",
        "place": "Kaymakamlık",
        "guests": "Ali Ak, İlçe",
    }
    times = {"starts_at": f"{DAY}T11:00", "ends_at": f"{DAY}T12:00", "travel_minutes": "20"}
    address = f"/admin/programme/entry/new/?of={cast.mayors.key}"
    made = secretary.post(address, given | times)
    assert made.status_code == 302, text_of(made)[-600:]
    with scope.session(cast.secretary):
        entry = Entry.objects.get()
    assert entry.blocks_from < entry.starts_at, "the way there is taken, too"
    shown = f"/admin/programme/entry/{entry.key}/show_press/"
    told = secretary.post(shown, {"title": "Başkan Kaymakamı ziyaret etti", "version": str(entry.version)})
    assert told.status_code == 302, text_of(told)[-900:]
    press = text_of(signed_in(cast.park_head).get("/admin/programme/press/", {"on": day(-1)}))
    assert "Başkan Kaymakamı ziyaret etti" in press
    assert "Ali Ak" not in press
    today = text_of(signed_in(cast.mayor).get("/admin/programme/day/", {"on": DAY}))
    assert "Kaymakamlık ziyareti" in today
    paper = text_of(secretary.get("/admin/programme/print/", {"on": DAY}))
    assert "11.00–12.00" in paper


def test_a_double_booking_is_refused_with_three_alternatives_and_one_of_them_is_taken(cast: Cast) -> None:
    make_entry(cast.mayors, "Encümen toplantısı", at(day(2), "10:00"), 60, by=cast.secretary)
    secretary, once = signed_in(cast.secretary), str(uuid.uuid4())
    refused = called(secretary, cast, once=once, starts_at=THURSDAY)
    assert refused.status_code == 200
    assert "Encümen toplantısı" in text_of(refused)
    offered = re.findall(r'name="at" value="([^"]+)"', refused.content.decode())
    assert len(offered) == 3
    with system():
        assert not AppointmentRequest.objects.exists(), "nothing is half written"
    assert called(secretary, cast, once=once, starts_at=offered[0]).status_code == 302
    assert the_request().status == "APPROVED"
    # Through GraphQL it is the same refusal, with the same three times.
    given = {
        "principal": encode("Principal", cast.mayors.key),
        "kind": "MEETING",
        "title": "Kurul",
        "startsAt": f"{day(2)}T10:15:00",
        "endsAt": f"{day(2)}T10:45:00",
    }
    answer = Asking(cast.secretary).does("programmeEntryPlan", "freeTimes { startsAt } entry { id }", **given)
    assert [error["code"] for error in answer["errors"]] == ["CONFLICT"]
    assert (len(answer["freeTimes"]), answer["entry"]) == (3, None)


def test_a_request_is_declined_with_courtesy_and_the_reason_stays_in_the_house(cast: Cast) -> None:
    row = make_request(cast.mayors, applicant=make_citizen("İsmail", "Iğdır", email="ismail@example.org"))
    secretary = signed_in(cast.secretary)
    given = {
        "ground": "PROGRAMME",
        "reason": "Israrcı biri",
        "body": "Ocak ayında yeniden ararsanız seviniriz.",
    }
    preview = text_of(say(secretary, row, "decline", preview="1", **given))
    assert "Göstermiş olduğunuz ilgiye teşekkür ederiz" in preview
    assert sent() == []
    assert say(secretary, row, "decline", **given).status_code == 302
    (letter,) = sent()
    assert letter.to == ["ismail@example.org"]
    for words in ("Sayın İsmail IĞDIR", "teşekkür ederiz", "Ocak ayında yeniden ararsanız seviniriz."):
        assert words in letter.body
    assert "Israrcı" not in f"{letter.subject} {letter.body}"
    assert "Israrcı biri" in text_of(secretary.get(page_of(row)))


def test_a_meeting_leads_to_a_case_and_a_promise_and_the_next_briefing_knows_both(cast: Cast) -> None:
    citizen = make_citizen("Şule", "Çınar", phone="+905551112233")
    row = make_request(cast.mayors, "Spor salonu", applicant=citizen)
    secretary = signed_in(cast.secretary)
    given = {"starts_at": THURSDAY, "minutes": "30", "means": "PHONE", "place": "Makam"}
    assert say(secretary, row, "approve", **given).status_code == 302
    with freeze_time(f"{day(2)}T11:30:00+03:00"):
        later = signed_in(cast.secretary)
        told = {"outcome": "PROMISED", "note": "Yer bakılacak", "promised": "Arsa araştırılacak"}
        told |= {"promised_until": day(29), "promised_department": cast.park.code}
        assert say(later, row, "complete", **told).status_code == 302
        assert (
            say(
                later, row, "convert_to_complaint", subject="Salon yeri", kind="REQUEST", means="UNTOLD"
            ).status_code
            == 302
        )
        case = text_of(later.get(page_of(row)))
        assert "Arsa araştırılacak" in case
    now = the_request()
    assert now.complaint_id is not None
    # Whoever is to keep the promise sees it, and nothing of the visitor.
    desk = text_of(signed_in(cast.park_clerk).get("/admin/appointments/promise/"))
    assert "Arsa araştırılacak" in desk
    assert "ÇINAR" not in desk
    assert row.reference not in desk
    # The next time she comes the mayor is told of both.
    again = make_request(cast.mayors, "Teşekkür", applicant=citizen)
    say(secretary, again, "approve", starts_at=f"{dotted(9)} 10:30", minutes="30", means="PHONE")
    entry = the_request().entry
    assert entry is not None
    sheet = text_of(signed_in(cast.mayor).get(f"/admin/programme/briefing/{entry.key}/"))
    for words in ("Arsa araştırılacak", "Salon yeri", "Spor salonu", "Yer bakılacak", "Şule ÇINAR"):
        assert words in sheet, words


@freeze_time(FROZEN)
def test_case_6_the_halk_gunu_is_made_filled_held_and_closed_in_the_admin(cast: Cast) -> None:
    days = "/admin/appointments/publicdaysession/"
    secretary = signed_in(cast.secretary)
    with system():
        programme.set_public_day(cast.mayors, by=None, valid_from=dt.date(2026, 1, 1), **THURSDAYS)
    for first, last, made, left_out in [
        ("2026-10-01", "2026-10-31", ["01.10", "08.10", "15.10", "22.10"], "29.10.2026"),
        ("2027-07-01", "2027-07-31", ["01.07", "08.07", "22.07", "29.07"], "15.07.2027"),
    ]:
        given = {"principal": str(cast.mayors.key), "from_": first, "until": last}
        page = text_of(secretary.post(f"{days}generate/", given))
        assert all(day in page for day in made)
        assert left_out in page, "named with its reason"
    listed = text_of(secretary.get(days, {"tab": "all"})) + text_of(secretary.get(days))
    assert "22.07.2027" in listed
    assert "15.07.2027" not in listed
    # The eve of 29 October ends at 13:00.
    eve = {"principal": str(cast.mayors.key), "kind": "APPOINTMENT", "title": "Ziyaret", "minutes": "30"}
    with freeze_time("2026-10-20T09:00:00+03:00"):
        early = signed_in(cast.secretary)
        asked = {"starts_at": "2026-10-28T14:00", "ends_at": "2026-10-28T14:30", **eve}
        warned = text_of(early.post("/admin/programme/entry/new/", asked))
    assert "bayram tatili saat 13.00" in warned, warned[-800:]
    with scope.session(cast.secretary):
        assert not Entry.objects.filter(kind="APPOINTMENT").exists()


# -- the confidential entry that no other role can infer -----------------------------------------------------
SECRET = "Kardiyoloji kontrolü"
PLACE = "Şehir Hastanesi"
EVERYTHING = """{
  programme(from: "%(first)s", until: "%(last)s") { totalCount nodes { title } }
  search: programme(search: "kardiyoloji") { totalCount }
  busyTimes(principal: "%(principal)s", from: "%(day)s", until: "%(day)s") { startsAt endsAt }
  node(id: "%(entry)s") { id }
  nodes(ids: ["%(entry)s"]) { id }
}"""


def asked_by(user: Any, cast: Cast, entry: Entry) -> dict[str, Any]:
    ids = {
        "principal": encode("Principal", cast.mayors.key),
        "entry": encode("ProgrammeEntry", entry.key),
    }
    days = {"first": day(-11), "day": DAY, "last": day(19)}
    return Asking(user).data(EVERYTHING % (ids | days))


@pytest.mark.parametrize(
    "member",
    [
        "secretary", "office_head", "fen_head", "fen_clerk", "park_head", "park_clerk", "deputy_mayor", "portal",
        "outsider", "administrator",
    ],
)  # fmt: skip
@in_mind()
def test_no_other_role_can_infer_a_confidential_entry(member: str, cast: Cast) -> None:
    """Only the mayor reads it. For every other role of the cast it is a taken time like any other, or nothing."""
    open_one = make_entry(cast.mayors, "Encümen", at(DAY, "14:00"), 60, by=cast.secretary)
    entry = make_entry(
        cast.mayors, SECRET, at(DAY, "10:00"), 60, by=cast.mayor, readers=(cast.mayor,), place=PLACE
    )
    person = cast.people()[member]
    told = asked_by(person, cast, entry)
    for words in (SECRET, PLACE, "Kardiyoloji"):
        assert words not in str(told)
    assert told["node"] is None
    assert told["nodes"] == [None]
    assert told["search"] == {"totalCount": 0}
    if member in ("secretary", "office_head"):
        assert [node["title"] for node in told["programme"]["nodes"]] == [open_one.title]
        assert told["programme"]["totalCount"] == 1
    client = signed_in(person)
    pages = sample(sweep_pages.pages([str(entry.key)]))
    for ask in [*pages, *sweep_pages.searches(["kardiyoloji", "Hastanesi"])]:
        headers = None if ask.path == "/admin/" else CONTENT  # the side bar is that of the desk
        answer = (
            client.get(ask.path, headers=headers)
            if ask.form is None
            else client.post(ask.path, dict(ask.form))
        )
        found = b"".join(answer).decode(errors="replace")
        assert SECRET not in found, ask.path
        assert PLACE not in found, ask.path
    week = client.get("/admin/programme/calendar/", {"on": DAY, "view": "agenda"})
    if member == "secretary":
        assert "Dolu" in text_of(week)
    # And its reader does read it, by both doors.
    assert SECRET in str(asked_by(cast.mayor, cast, entry))
    mine = signed_in(cast.mayor).get("/admin/programme/calendar/", {"on": DAY, "view": "agenda"})
    assert SECRET in mine.content.decode()
