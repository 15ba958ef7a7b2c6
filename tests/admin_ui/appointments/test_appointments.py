"""Who wishes to be received: taken by telephone in a minute, decided on the board, told in courteous Turkish."""

from __future__ import annotations

import re
import threading
import uuid
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from freezegun import freeze_time

from admin_ui.appointments.actions import STEPS
from admin_ui.core.dates import weekday_text
from backend.appointments import actions
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb
from backend.complaints import actions as complaints
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.core.words.dates import moment_meant
from backend.journal.models import AccessLog
from backend.letters.actions.writing import Recipient
from backend.outbox.models import Message
from backend.programme.models import Entry
from permissions.core.viewer import CONTACTS
from permissions.models import DepartmentGrant
from tests.cast import Cast, make_cast, signed_in
from tests.days import DAY, day, dotted
from tests.factories import (
    at,
    make_citizen,
    make_complaint,
    make_entry,
    make_letter,
    make_public_day,
    make_request,
    refetch,
)

CALL = "/admin/appointments/call/"
BOARD = "/admin/appointments/board/"
THURSDAY = f"{dotted(2)} Perşembe 10.30"


def call(client: Client, cast: Cast, **data: Any) -> Any:
    given = {
        "once": str(uuid.uuid4()),
        "principal": str(cast.mayors.key),
        "kind": "REQUEST",
        "channel": "PHONE",
        "party_size": "2",
        "subject": "Okul bahçesi",
    }
    return client.post(CALL, given | data)


def requests() -> list[AppointmentRequest]:
    with system():
        return list(
            AppointmentRequest.objects.select_related("applicant", "entry", "principal").order_by("pk")
        )


def page_of(row: AppointmentRequest) -> str:
    return reverse("admin:appointments_appointmentrequest_change", args=[row.key])


def do(client: Client, row: AppointmentRequest, verb: str, **data: Any) -> Any:
    given = {"version": str(refetch(row).version)}
    return client.post(f"/admin/appointments/appointmentrequest/{row.key}/{verb}/", given | data)


# -- times in words ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("perşembe 10:30", "2026-11-26T10:30"),
        ("PERŞEMBE 10.30", "2026-11-26T10:30"),
        ("per 9", "2026-11-26T09:00"),
        ("cuma 14:00", "2026-11-27T14:00"),
        ("çarşamba günü saat 11", "2026-12-02T11:00"),
        ("yarın 14", "2026-11-26T14:00"),
        ("BUGÜN 16:15", "2026-11-25T16:15"),
        ("26.11. 9:15", "2026-11-26T09:15"),
        ("5.1 10", "2027-01-05T10:00"),
        ("14.01.2027 Perşembe 10.30", "2027-01-14T10:30"),
        ("2027-01-14T10:30", "2027-01-14T10:30"),
    ],
)
def test_a_time_is_understood_as_it_is_said(text: str, moment: str) -> None:
    with freeze_time("2026-11-25T08:00:00Z"):
        found = moment_meant(text)
    assert found is not None
    assert f"{found:%Y-%m-%dT%H:%M}" == moment


@pytest.mark.parametrize(
    ("on", "moment"),
    [
        ("2027-11-25", "2028-02-29T10:00"),
        ("2028-02-29", "2028-02-29T10:00"),
        ("2028-03-01", None),
        ("2026-11-25", None),
    ],
)
def test_the_29th_of_february_is_the_next_one_if_this_year_or_the_next_has_it(
    on: str, moment: str | None
) -> None:
    with freeze_time(f"{on}T08:00:00Z"):
        found = moment_meant("29.2. 10:00")
    assert (found and f"{found:%Y-%m-%dT%H:%M}") == moment


@pytest.mark.parametrize(
    "text", ["", "10:30", "perşembe", "cu 25:00", "31.02.2027 10:00", "p 10:00", "yarın"]
)
def test_what_is_no_time_is_not_guessed(text: str) -> None:
    assert moment_meant(text) is None


def test_what_is_offered_is_understood_again() -> None:
    assert moment_meant(weekday_text(at(day(2), "10:30"))) == at(day(2), "10:30")


# -- by telephone --------------------------------------------------------------------------------------------
def test_a_new_caller_gets_thursday_half_past_ten_in_one_form(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    answer = call(
        client, cast, phone="0(216) 311 11 11", first_name="Şule", last_name="Çınar", starts_at=THURSDAY
    )
    assert answer.status_code == 302
    (row,) = requests()
    assert row.status == "APPROVED"
    assert row.entry is not None
    assert row.entry.starts_at == at(day(2), "10:30")
    assert row.party_size == 2
    done = client.get(answer["Location"]).content.decode()
    assert row.reference in done
    assert THURSDAY in done
    assert "Çınar" not in answer["Location"]


def test_without_a_time_the_request_waits(cast: Cast) -> None:
    assert call(signed_in(cast.secretary), cast, first_name="Şule", last_name="Çınar").status_code == 302
    assert requests()[0].status == "NEW"


def test_a_taken_time_is_answered_with_free_ones_and_leaves_nothing_behind(cast: Cast) -> None:
    make_entry(cast.mayors, "Encümen", at(day(2), "10:00"), 60)
    client, once = signed_in(cast.secretary), str(uuid.uuid4())
    answer = call(client, cast, once=once, first_name="Şule", last_name="Çınar", starts_at=THURSDAY)
    body = answer.content.decode()
    assert "Encümen" in body
    offered = re.findall(r'name="at" value="([^"]+)"', body)
    assert len(offered) == 3
    assert requests() == []
    again = call(client, cast, once=once, first_name="Şule", last_name="Çınar", starts_at=offered[0])
    assert again.status_code == 302
    assert [row.status for row in requests()] == ["APPROVED"]


def test_pressing_a_free_time_chooses_it_and_records_nothing(cast: Cast) -> None:
    answer = call(signed_in(cast.secretary), cast, first_name="Şule", at=THURSDAY)
    assert f'value="{THURSDAY}"' in answer.content.decode()
    assert "Şule" in answer.content.decode()
    assert requests() == []


def test_an_unusual_time_must_be_meant(cast: Cast) -> None:
    client, sunday = signed_in(cast.secretary), f"{dotted(5)} 10:30"
    first = call(client, cast, first_name="Şule", last_name="Ç", starts_at=sunday)
    assert 'name="accept_unusual"' in first.content.decode()
    assert requests() == []
    assert call(client, cast, first_name="Şule", starts_at=sunday, accept_unusual="on").status_code == 302


def test_the_number_shows_earlier_visits_open_cases_and_letters(cast: Cast) -> None:
    citizen = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    complaint = make_complaint("Açık iş", applicant=citizen)
    earlier = make_request(cast.mayors, "Eski ziyaret", applicant=citizen)
    to = [Recipient(citizen=citizen)]
    make_letter(cast.office, cast.mayor, by=cast.secretary, subject="Teşekkür Mektubu", addressees=to)
    found = signed_in(cast.secretary).post("/admin/intake/who/", {"phone": "05551234567"}).content.decode()
    assert complaint.reference in found
    assert earlier.reference in found
    assert "Eski ziyaret" in found
    assert "Teşekkür Mektubu" in found


def test_a_department_sees_no_visits_of_the_mayors_guests(cast: Cast) -> None:
    citizen = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    make_complaint("Fen işi", applicant=citizen, to=cast.fen)
    earlier = make_request(cast.mayors, "Eski ziyaret", applicant=citizen)
    to = [Recipient(citizen=citizen)]
    make_letter(cast.office, cast.mayor, by=cast.secretary, subject="Teşekkür Mektubu", addressees=to)
    found = signed_in(cast.fen_clerk).post("/admin/intake/who/", {"phone": "05551234567"}).content.decode()
    assert "AĞAOĞLU" in found
    assert earlier.reference not in found
    assert "Teşekkür" not in found


def test_the_same_form_sent_at_the_same_moment_is_one_request(committed_db: Any) -> None:
    cast = make_cast()
    cookies = signed_in(cast.secretary).cookies
    gate, once, answers = threading.Barrier(3), str(uuid.uuid4()), []

    def send() -> None:
        client = Client()
        client.cookies = cookies
        gate.wait()
        answers.append(call(client, cast, once=once, first_name="Şule", starts_at=THURSDAY)["Location"])
        connections.close_all()

    threads = [threading.Thread(target=send) for _number in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(answers)) == 1
    assert len(requests()) == 1


def test_a_person_whose_number_it_is_not_is_asked_about(cast: Cast) -> None:
    citizen = make_citizen(phone="+905551234567")
    answer = call(signed_in(cast.secretary), cast, phone="05557654321", citizen=str(citizen.key))
    assert answer.status_code == 200
    assert requests() == []


def test_a_department_asks_for_an_appointment_but_gives_no_time(cast: Cast) -> None:
    client = signed_in(cast.park_clerk)
    refused = call(client, cast, first_name="Şule", starts_at=THURSDAY)
    assert refused.status_code == 200
    assert requests() == []
    taken = call(client, cast, first_name="Şule")
    assert taken.status_code == 302
    assert client.get(taken["Location"]).status_code == 200
    assert requests()[0].status == "NEW"


def test_free_times_are_told_to_who_keeps_the_programme_only(cast: Cast) -> None:
    asked = {"principal": str(cast.mayors.key), "starts_at": THURSDAY}
    kept = signed_in(cast.secretary).post(f"{CALL}free/", asked).content.decode()
    assert len(re.findall('name="at"', kept)) == 3
    assert 'name="at"' not in signed_in(cast.park_clerk).post(f"{CALL}free/", asked).content.decode()


def test_a_member_of_staff_asks_from_the_house(cast: Cast) -> None:
    assert call(signed_in(cast.park_clerk), cast, channel="INTERNAL").status_code == 302
    assert refetch(requests()[0]).requested_by_id == cast.park_clerk.pk
    given = {"channel": "INTERNAL", "requested_by": cast.fen_head.username}
    assert call(signed_in(cast.secretary), cast, **given).status_code == 302
    assert refetch(requests()[1]).requested_by_id == cast.fen_head.pk
    assert call(signed_in(cast.park_clerk), cast, **given).status_code == 200


# -- the board -----------------------------------------------------------------------------------------------
def test_every_verb_of_a_request_has_its_step() -> None:
    assert [step.verb for step in STEPS] == list(Verb)


def test_the_board_shows_what_waits_with_its_next_steps(cast: Cast) -> None:
    row = make_request(cast.mayors, "Spor salonu", applicant=make_citizen("İsmail", "Iğdır"))
    body = signed_in(cast.secretary).get(BOARD).content.decode()
    assert "Spor salonu" in body
    assert "İsmail IĞDIR" in body
    for verb in ("approve", "propose", "decline", "redirect", "convert_to_complaint", "assign_to_public_day"):
        assert f"{page_of(row)}?do={verb}#do" in body


def test_another_keeper_sees_nothing_of_the_mayors_board(cast: Cast) -> None:
    row = make_request(cast.mayors, "Spor salonu")
    client = signed_in(cast.fen_clerk)
    assert "Spor salonu" not in client.get(BOARD).content.decode()
    hidden, missing = (client.get(page_of(one)) for one in (row, AppointmentRequest(key=uuid.uuid4())))
    assert hidden.status_code == missing.status_code == 404
    assert hidden.content == missing.content
    assert do(client, row, "approve", starts_at=THURSDAY, minutes="30").status_code == 404


def test_somebody_without_a_department_has_no_board(cast: Cast) -> None:
    assert signed_in(cast.outsider).get(BOARD).status_code == 404


def test_the_board_costs_the_same_for_many(cast: Cast) -> None:
    client, counts = signed_in(cast.secretary), []
    client.get(BOARD)
    for _round in range(2):
        for number in range(3):
            make_request(cast.mayors, f"Konu {number}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(BOARD).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("text", ["ismail", "IĞDIR", "0555 123 45 67", "spor"])
def test_a_request_is_found_by_name_number_and_words(cast: Cast, text: str) -> None:
    citizen = make_citizen("İsmail", "Iğdır", phone="+905551234567")
    row = make_request(cast.mayors, "Spor salonu", applicant=citizen)
    other = make_request(cast.mayors, "Başka konu")
    body = (
        signed_in(cast.secretary).get("/admin/appointments/appointmentrequest/", {"q": text}).content.decode()
    )
    assert row.reference in body
    assert other.subject not in body


# -- deciding ------------------------------------------------------------------------------------------------
def test_approving_shows_free_times_and_what_will_be_sent_before_it_is_sent(cast: Cast) -> None:
    citizen = make_citizen("İsmail", "Iğdır", email="ismail@example.org")
    row = make_request(cast.mayors, "Spor salonu", applicant=citizen)
    client = signed_in(cast.secretary)
    form = client.get(f"{page_of(row)}?do=approve").content.decode()
    offered = re.findall(r'name="at" value="([^"]+)"', form)
    assert len(offered) > 3
    chosen = do(
        client, row, "approve", minutes="30", at=offered[0], starts_at="", place="Makam"
    ).content.decode()
    assert "Sayın İsmail IĞDIR" in chosen
    assert "/randevu/••••/" in chosen
    assert f'value="{offered[0]}"' in chosen
    assert refetch(row).status == "NEW"
    with system():
        assert not Message.objects.exists()
        assert not Entry.objects.exists()
    assert do(client, row, "approve", minutes="30", starts_at=offered[0], place="Makam").status_code == 302
    for page in (client.get(page_of(row)), client.get(BOARD)):  # it has not begun yet
        assert "do=complete" not in page.content.decode()
        assert "do=reschedule" in page.content.decode()
    assert refetch(row).status == "APPROVED"
    with system():
        sent = Message.objects.get()
    assert sent.body.replace(re.findall(r"/randevu/[^\s]+", sent.body)[0], "/randevu/••••/") in chosen


def test_a_collision_on_approving_is_answered_with_alternatives(cast: Cast) -> None:
    make_entry(cast.mayors, "Encümen", at(day(2), "10:00"), 60)
    row = make_request(cast.mayors)
    answer = do(signed_in(cast.secretary), row, "approve", minutes="30", starts_at=THURSDAY, means="PHONE")
    body = answer.content.decode()
    assert "Encümen" in body
    assert len(re.findall(r'name="at" value=', body)) == 3
    assert refetch(row).status == "NEW"


def test_declining_needs_a_reason_and_tells_only_the_courtesy(cast: Cast) -> None:
    row = make_request(cast.mayors, applicant=make_citizen(email="a@example.org"))
    client = signed_in(cast.secretary)
    assert 'id="id_ground_error"' in do(client, row, "decline").content.decode()
    given = {"ground": "PENDING", "reason": "Israrcı biri", "body": "Başka bir tarihte bekleriz."}
    preview = do(client, row, "decline", preview="1", **given).content.decode()
    letter = preview.split('id="preview"')[1].split("</pre>")[0]
    assert "Göstermiş olduğunuz ilgiye teşekkür ederiz" in letter
    assert "dava süreci devam ettiğinden" in letter
    assert "Başka bir tarihte bekleriz." in letter
    assert "Israrcı" not in letter
    assert do(client, row, "decline", **given).status_code == 302
    assert refetch(row).status == "DECLINED"
    with system():
        assert "Israrcı" not in Message.objects.get().body


def test_another_time_is_proposed_and_kept(cast: Cast) -> None:
    row = make_request(cast.mayors, applicant=make_citizen(email="a@example.org"))
    given = {"minutes": "30", "starts_at": THURSDAY, "hold_until": "yarın 17:00"}
    assert do(signed_in(cast.secretary), row, "propose", **given).status_code == 302
    now = refetch(row)
    assert now.status == "PROPOSED"
    assert refetch(Entry(pk=now.entry_id)).status == "HELD"


@pytest.mark.parametrize("clock", ["08:00", "16:30", "23:00"])
@pytest.mark.parametrize("days", [1, 2])
def test_a_near_time_is_proposed_without_touching_until_when_it_is_kept(
    clock: str, days: int, cast: Cast
) -> None:
    """What the form proposes lies two days ahead; it ends before a time that is nearer."""
    row = make_request(cast.mayors, applicant=make_citizen(email="a@example.org"))
    with freeze_time(at(DAY, clock)):
        client = signed_in(cast.secretary)
        form = client.get(f"{page_of(row)}?do=propose").context["form"]
        proposed = form["hold_until"].value()
        values = {
            "minutes": "30",
            "starts_at": f"{dotted(days)} 10.00",
            "hold_until": weekday_text(proposed),
            "accept_unusual": "True",
        }
        shown = do(client, row, "propose", preview="1", **values).context["form"]
        kept = moment_meant(str(shown["hold_until"].value()))
        assert do(client, row, "propose", **values).status_code == 302
    entry = refetch(Entry(pk=refetch(row).entry_id))
    assert entry.hold_expires_at == kept
    assert at(DAY, clock) < entry.hold_expires_at < entry.starts_at
    evening, morning = at(day(days - 1), "17:00"), at(day(days), "08:00")
    assert entry.hold_expires_at == (evening if clock == "08:00" or days == 2 else morning)


def test_what_was_written_as_the_end_of_the_hold_stands_or_is_refused(cast: Cast) -> None:
    row = make_request(cast.mayors, applicant=make_citizen(email="a@example.org"))
    values = {"minutes": "30", "starts_at": THURSDAY, "hold_until": f"{dotted(3)} 17:00"}
    answer = do(signed_in(cast.secretary), row, "propose", **values)
    assert "hold_until" in answer.context["form"].errors
    assert refetch(row).status == "NEW"


def test_redirecting_to_the_deputy_leaves_the_mayors_board_of_nobody_else(cast: Cast) -> None:
    row = make_request(cast.mayors, "Yol")
    answer = do(signed_in(cast.secretary), row, "redirect", principal=str(cast.deputys.key), means="UNTOLD")
    assert answer.status_code == 302
    assert refetch(row).principal_id == cast.deputys.pk
    assert "Yol" in signed_in(cast.fen_clerk).get(BOARD).content.decode()


def test_redirecting_to_a_department_lets_it_settle(cast: Cast) -> None:
    row = make_request(cast.mayors, "Yol", applicant=make_citizen("Gizli", "Kişi"))
    do(signed_in(cast.secretary), row, "redirect", department="park-ve-bahceler", means="UNTOLD")
    client = signed_in(cast.park_clerk)
    page = client.get(page_of(row)).content.decode()
    assert "KİŞİ" not in page
    assert do(client, row, "complete", outcome="SOLVED", note="Görüşüldü").status_code == 302
    assert refetch(row).outcome == "SOLVED"


def test_a_complaint_is_made_of_it_linked_both_ways(cast: Cast) -> None:
    row = make_request(cast.mayors, "Çukur")
    client = signed_in(cast.secretary)
    given = {"subject": "Çukur", "kind": "COMPLAINT", "means": "UNTOLD"}
    assert do(client, row, "convert_to_complaint", **given).status_code == 302
    complaint = refetch(Complaint(pk=refetch(row).complaint_id))
    assert complaint.reference in client.get(page_of(row)).content.decode()


def test_the_tracking_code_is_the_applicants_and_stays_out_of_the_story(cast: Cast) -> None:
    row = make_request(cast.mayors, "Çukur", applicant=make_citizen(email="a@example.org"))
    client = signed_in(cast.secretary)
    do(client, row, "convert_to_complaint", subject="Çukur", kind="COMPLAINT")
    code = refetch(Complaint(pk=refetch(row).complaint_id)).tracking_code
    assert code not in client.get(page_of(row)).content.decode()
    with system():
        assert code in Message.objects.get().body


def test_what_somebody_else_changed_meanwhile_is_said(cast: Cast) -> None:
    row = make_request(cast.mayors)
    client, seen = signed_in(cast.secretary), row.version
    do(client, row, "correct", subject="Yeni", kind="REQUEST", channel="PHONE", party_size="1")
    answer = do(client, row, "decline", ground="PROGRAMME", means="UNTOLD", version=str(seen))
    assert answer.status_code == 200
    assert refetch(row).status == "NEW"


def test_an_applicant_is_hidden_in_the_preview_from_who_may_not_know_them(cast: Cast) -> None:
    with system():
        DepartmentGrant.objects.filter(user=cast.secretary, permission__codename=CONTACTS).delete()
    row = make_request(cast.deputys, applicant=make_citizen("Gizli", "Kişi", email="a@example.org"))
    answer = do(signed_in(cast.secretary), row, "message", body="Merhaba", preview="1").content.decode()
    assert "Merhaba" in answer
    assert "KİŞİ" not in answer


def test_a_reading_of_the_applicant_is_remembered(cast: Cast) -> None:
    citizen = make_citizen()
    row = make_request(cast.mayors, applicant=citizen)
    signed_in(cast.secretary).get(page_of(row))
    with system():
        assert AccessLog.objects.filter(purpose__contains="appointment").exists()


# -- the desk ------------------------------------------------------------------------------------------------
def test_the_desk_of_who_keeps_the_programme_shows_what_waits(cast: Cast) -> None:
    row = make_request(cast.mayors, "Spor salonu")
    theirs = make_request(cast.deputys, "Yol genişletme")
    desk = signed_in(cast.secretary).get("/admin/").content.decode()
    assert page_of(row) in desk
    assert page_of(theirs) not in desk
    keeper = signed_in(cast.fen_clerk).get("/admin/").content.decode()
    assert page_of(theirs) in keeper
    assert page_of(row) not in keeper
    assert "Karar bekleyen randevu" not in signed_in(cast.park_clerk).get("/admin/").content.decode()


def test_a_meeting_that_is_over_waits_for_its_outcome(cast: Cast) -> None:
    row = make_request(cast.mayors, "Spor salonu")
    with system():
        actions.approve(row, by=None, starts_at=at("2026-11-02"), accept_unusual=True, means="UNTOLD")
    client = signed_in(cast.secretary)
    assert page_of(row) in client.get("/admin/").content.decode()
    assert f"{page_of(row)}?do=complete#do" in client.get(BOARD).content.decode()
    assert do(client, row, "complete", outcome="PROMISED", note="Salon yapılacak").status_code == 302
    assert "Verilen sözü kaydet" in client.get("/admin/").content.decode(), "the message names the next step"
    assert page_of(row) not in client.get("/admin/").content.decode()


def test_a_result_given_by_mistake_is_taken_back_on_the_page(cast: Cast) -> None:
    row = make_request(cast.mayors)
    with system():
        actions.approve(row, by=cast.secretary, means="PHONE", starts_at=at(day(2), "10:30"))
    with freeze_time(f"{day(2)}T11:00:00+03:00"):
        client = signed_in(cast.secretary)
        assert do(client, row, "mark_no_show").status_code == 302
        assert "Sonucu geri al" in client.get(page_of(row)).content.decode()
        assert do(client, row, "undo", reason="Geç geldi").status_code == 302
        assert "Geç geldi" in client.get(page_of(row)).content.decode()
    assert refetch(row).status == "APPROVED"


def test_a_case_links_back_to_its_request_where_the_reader_sees_it(cast: Cast) -> None:
    row = make_request(cast.mayors)
    with system():
        complaint = actions.convert_to_complaint(row, by=cast.secretary).complaint
        assert complaint is not None
        complaints.route(complaint, to=cast.park, by=cast.secretary)
    url = reverse("admin:complaints_complaint_change", args=[complaint.key])
    assert page_of(row) in signed_in(cast.secretary).get(url).content.decode()
    body = signed_in(cast.park_clerk).get(url).content.decode()
    assert complaint.reference in body
    assert row.reference not in body


def test_a_board_without_requests_says_what_will_stand_there(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    assert "Bekleyen talep yok." in client.get(BOARD).content.decode()
    make_request(cast.mayors, "Spor salonu")
    body = client.get(BOARD).content.decode()
    assert "Bekleyen talep yok." not in body
    assert "Burada bir şey yok." in body


def test_after_a_time_is_fixed_the_page_says_when_and_whether_they_know(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    make_public_day(cast.mayors)
    for verb, email, words in (
        (
            "approve",
            "a@example.org",
            f"için randevu verildi: {dotted(2)} 14.00; başvurana bildirildi: E-posta.",
        ),
        ("approve", "", "Başvurana ileti gitmedi: arayınız."),
        ("assign_to_public_day", "b@example.org", f"için {dotted(2)} "),
    ):
        row = make_request(cast.mayors, applicant=make_citizen(email=email))
        clock = "14.00" if email else "15.30"
        fields = {"starts_at": f"{dotted(2)} {clock}", "minutes": "30", "accept_unusual": "True"}
        if verb == "assign_to_public_day":
            form = client.get(f"{page_of(row)}?do={verb}").context["form"]
            fields = {"session": str(form.initial["session"]), "means": form["means"].value() or ""}
        elif not email:
            fields["means"] = "UNTOLD"
        do(client, row, verb, **fields)
        assert words in client.get(page_of(row)).content.decode()
