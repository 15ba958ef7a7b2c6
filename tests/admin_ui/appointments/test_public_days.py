"""The halk günü in the admin: sessions from the rule, places within the capacity, an order, and the hall."""

from __future__ import annotations

import html
import re
import threading
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import get_resolver
from freezegun import freeze_time

from backend.appointments import actions
from backend.appointments.models import AppointmentRequest, Promise, PublicDaySession, Visit
from backend.core.session import system
from backend.outbox.models import Message
from backend.programme.models import PublicDayRule
from permissions.retention import subjects
from tests.cast import Cast, as_viewer, make_cast, signed_in
from tests.days import day, dotted
from tests.factories import at, make_citizen, make_public_day, make_request, refetch

DAYS = "/admin/appointments/publicdaysession/"
ON_THE_DAY = f"{day(2)}T07:40:00Z"


def placed(
    session: PublicDaySession, *subjects: str, principal: Any, applicant: Any = None
) -> list[AppointmentRequest]:
    rows = [make_request(principal, subject, applicant=applicant) for subject in subjects]
    with system():
        for row in rows:
            actions.assign_to_public_day(row, by=None, session=session, means="UNTOLD")
    return rows


def page_of(session: PublicDaySession, tail: str = "change/") -> str:
    return f"{DAYS}{session.key}/{tail}"


def order_of(session: PublicDaySession) -> list[str]:
    with system():
        rows = Visit.objects.filter(session=session).order_by("at", "position")
        return [visit.request.subject for visit in rows.select_related("request")]


def press(client: Client, session: PublicDaySession, row: AppointmentRequest, verb: str, **data: Any) -> str:
    given = {"request": str(row.key), "verb": verb} | data
    return client.post(page_of(session, "hall/say/"), given, follow=True).content.decode()


@pytest.fixture(autouse=True)
def _addresses_are_known_before_time_stands_still() -> None:
    get_resolver().url_patterns  # noqa: B018 - builds the GraphQL schema, which needs the real date


@pytest.fixture
def session(cast: Cast) -> PublicDaySession:
    return make_public_day(cast.mayors)


def test_the_next_day_with_a_place_is_proposed(cast: Cast, session: PublicDaySession) -> None:
    with system():
        for number in range(session.capacity):
            placed(session, f"İstek {number}", principal=cast.mayors)
    later = make_public_day(cast.mayors, on=day(9))
    row = make_request(cast.mayors, "Kaldırım")
    address = f"/admin/appointments/appointmentrequest/{row.key}/change/?do=assign_to_public_day"
    page = signed_in(cast.secretary).get(address).content.decode()
    assert re.search(rf'<option value="{later.key}"[^>]* selected', page)


def test_sessions_are_made_from_the_rule_and_holidays_are_named(
    cast: Cast, session: PublicDaySession
) -> None:
    given = {"principal": str(cast.mayors.key), "from_": day(9), "until": day(23)}
    client = signed_in(cast.secretary)
    made = client.post(f"{DAYS}generate/", given).content.decode()
    assert dotted(9) in made
    assert dotted(23) in made
    with system():
        before = PublicDaySession.objects.count()
    client.post(f"{DAYS}generate/", given)
    with system():
        assert PublicDaySession.objects.count() == before
    listed = client.get(DAYS).content.decode()
    assert dotted(2) in listed
    assert "0 / 12" in listed


def test_the_head_of_the_office_sets_the_rule_from_which_sessions_are_made(cast: Cast) -> None:
    given = {
        "principal": str(cast.mayors.key),
        "weekday": "3",
        "starts": "10:30",
        "ends": "12:00",
        "slot_minutes": "10",
        "capacity": "9",
        "valid_from": day(-11),
    }
    head = signed_in(cast.office_head)
    wrong = head.post(f"{DAYS}rules/", given | {"ends": "09:00"}).content.decode()
    assert 'id="id_ends_error"' in wrong
    assert head.post(f"{DAYS}rules/", given).status_code == 302
    assert "9 kişi" in head.get(f"{DAYS}rules/").content.decode()
    days = {"principal": str(cast.mayors.key), "from_": day(2), "until": day(2)}
    assert dotted(2) in signed_in(cast.secretary).post(f"{DAYS}generate/", days).content.decode()
    with system():
        rule = PublicDayRule.objects.get()
    head.post(f"{DAYS}rules/", {"end": str(rule.key)})
    assert "9 kişi" not in head.get(f"{DAYS}rules/").content.decode()


def test_a_secretary_does_not_change_the_rule(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    assert client.get(f"{DAYS}rules/").status_code == 404
    assert client.post(f"{DAYS}rules/", {}).status_code == 404
    assert f"{DAYS}rules/" not in client.get(DAYS).content.decode()


def test_who_keeps_no_programme_has_no_public_days(cast: Cast, session: PublicDaySession) -> None:
    for client in (signed_in(cast.park_clerk), signed_in(cast.outsider)):
        for address in (DAYS, page_of(session), page_of(session, "hall/"), f"{DAYS}generate/"):
            assert client.get(address).status_code == 404


def test_another_keeper_does_not_see_who_comes_to_the_mayor(cast: Cast, session: PublicDaySession) -> None:
    (row,) = placed(session, "Gizli konu", principal=cast.mayors)
    client = signed_in(cast.fen_clerk)
    assert client.get(DAYS).status_code == 200
    assert client.get(page_of(session)).status_code == 404
    assert (
        client.post(page_of(session, "hall/say/"), {"request": row.key, "verb": "arrive"}).status_code == 404
    )


def test_the_pool_is_placed_until_the_day_is_full(cast: Cast) -> None:
    session = make_public_day(cast.mayors, capacity=1)
    first, second = (make_request(cast.mayors, subject) for subject in ("Birinci", "İkinci"))
    client = signed_in(cast.secretary)
    pool = client.get(page_of(session)).content.decode()
    assert "Birinci" in pool
    assert "İkinci" in pool
    given = {"request": str(first.key), "means": "PHONE"}
    assert client.post(page_of(session, "put/"), given).status_code == 302
    assert refetch(first).status == "ON_PUBLIC_DAY"
    full = client.post(page_of(session, "put/"), {"request": str(second.key), "means": "PHONE"})
    assert "doludur" in full.content.decode() or "dolu" in full.content.decode()
    assert refetch(second).status == "NEW"


def test_who_is_reached_by_no_message_gets_a_place_and_stands_among_those_to_be_called(cast: Cast) -> None:
    session = make_public_day(cast.mayors)
    without = make_request(cast.mayors, "Adressiz", applicant=make_citizen(phone="+905091112233", email=""))
    reached = make_request(cast.mayors, "Adresli", applicant=make_citizen(email="a@example.org"))
    client = signed_in(cast.secretary)
    answers = {
        row.subject: client.post(page_of(session, "put/"), {"request": str(row.key)}, follow=True)
        for row in (without, reached)
    }
    alone, mailed = (answers[row.subject].content.decode() for row in (without, reached))
    assert refetch(without).status == refetch(reached).status == "ON_PUBLIC_DAY"
    assert "Başvurana ileti gitmedi: arayınız" in alone
    assert "başvurana bildirildi: E-posta" in mailed
    assert "1 kişi aranacak" in mailed
    assert mailed.count('href="tel:+905091112233"') == 1
    confirm = f"/admin/appointments/appointmentrequest/{without.key}/confirm_coming/"
    client.post(confirm, {"version": refetch(without).version})
    page = client.get(page_of(session)).content.decode()
    assert "aranacak" not in page
    assert "gelecek" in page
    with system():  # another time has to be said and confirmed anew
        actions.move_visit(refetch(without), by=cast.secretary, at=session.slots()[-1])
    assert "1 kişi aranacak" in client.get(page_of(session)).content.decode()


def test_two_who_place_at_once_do_not_exceed_the_capacity(committed_db: Any) -> None:
    cast = make_cast()
    session = make_public_day(cast.mayors, capacity=1)
    rows = [make_request(cast.mayors, f"Konu {number}") for number in range(2)]
    cookies, gate = signed_in(cast.secretary).cookies, threading.Barrier(2)

    def send(row: AppointmentRequest) -> None:
        client = Client()
        client.cookies = cookies
        gate.wait()
        client.post(page_of(session, "put/"), {"request": str(row.key), "means": "PHONE"})
        connections.close_all()

    threads = [threading.Thread(target=send, args=[row]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(refetch(row).status for row in rows) == ["NEW", "ON_PUBLIC_DAY"]


# -- the order -----------------------------------------------------------------------------------------------
def test_somebody_goes_up_and_the_times_stay_where_they_are(cast: Cast, session: PublicDaySession) -> None:
    rows = placed(session, "A", "B", "C", principal=cast.mayors)
    keys = [str(row.key) for row in rows]
    client = signed_in(cast.secretary)
    shown = client.get(page_of(session)).content.decode()
    assert re.findall(r'name="order" value="([^"]+)"', shown) == keys
    answer = client.post(page_of(session, "order/"), {"order": keys, "up": keys[2]}, follow=True)
    assert order_of(session) == ["A", "C", "B"]
    assert rows[2].reference in answer.content.decode()
    with system():
        times = list(Visit.objects.order_by("at").values_list("at", flat=True))
    assert times == [at(day(2), clock) for clock in ("10:30", "10:30", "10:40")]


def test_an_order_that_somebody_else_changed_is_not_overwritten(
    cast: Cast, session: PublicDaySession
) -> None:
    keys = [str(row.key) for row in placed(session, "A", "B", "C", principal=cast.mayors)]
    client = signed_in(cast.secretary)
    client.post(page_of(session, "order/"), {"order": keys, "up": keys[2]})
    late = client.post(page_of(session, "order/"), {"order": keys, "up": keys[1]}, follow=True)
    assert "siz açtıktan sonra değişti" in late.content.decode()
    assert order_of(session) == ["A", "C", "B"]


def test_at_the_ends_of_the_order_nothing_happens(cast: Cast, session: PublicDaySession) -> None:
    keys = [str(row.key) for row in placed(session, "A", "B", principal=cast.mayors)]
    client = signed_in(cast.secretary)
    client.post(page_of(session, "order/"), {"order": keys, "up": keys[0]})
    client.post(page_of(session, "order/"), {"order": keys, "down": keys[1]})
    assert order_of(session) == ["A", "B"]


# -- the hall ------------------------------------------------------------------------------------------------
def test_a_visitor_arrives_goes_in_and_out_with_what_came_of_it(
    cast: Cast, session: PublicDaySession
) -> None:
    (row,) = placed(session, "Okul", principal=cast.mayors, applicant=make_citizen("İsmail", "Iğdır"))
    client = signed_in(cast.secretary)
    with freeze_time(ON_THE_DAY):
        client = signed_in(cast.secretary)
        assert "İsmail IĞDIR" in client.get(page_of(session, "hall/")).content.decode()
        press(client, session, row, "arrive")
        press(client, session, row, "call_in")
        page = press(client, session, row, "complete_visit", outcome="PROMISED", note="Park yapılacak")
    assert "Söz" in page
    now = refetch(row)
    assert (now.status, now.outcome, now.outcome_note) == ("SETTLED", "PROMISED", "Park yapılacak")


def test_companions_are_named_in_the_hall_and_to_the_person_who_named_them(
    cast: Cast, session: PublicDaySession
) -> None:
    person = make_citizen("İsmail", "Iğdır")
    row = make_request(cast.mayors, "Okul", applicant=person, party_size=2, companion_names="Çiğdem Öz")
    with system():
        actions.assign_to_public_day(row, by=None, session=session, means="UNTOLD")
    assert "Çiğdem Öz" in signed_in(cast.secretary).get(page_of(session, "hall/")).content.decode()
    with as_viewer(cast.office_head):
        (fact,) = [one for one in subjects.report(person.key).facts if one.part == "APPOINTMENT"]
    assert "Çiğdem Öz" in fact.text


def test_what_was_promised_in_the_hall_is_recorded_with_the_outcome_or_neither(
    cast: Cast, session: PublicDaySession
) -> None:
    (row,) = placed(session, "Okul", principal=cast.mayors)
    given = {"outcome": "PROMISED", "note": "Görüşüldü", "promised": "Bank konulacak"}
    with freeze_time(ON_THE_DAY):
        client = signed_in(cast.secretary)
        press(client, session, row, "call_in")
        page = press(client, session, row, "complete_visit", **given)
        assert "ne zamana kadar tutulacağını giriniz" in page
        assert "Bank konulacak" in page, "what was typed stays"
        page = press(client, session, row, "complete_visit", **given, promised_until=day(-11))
        assert "geçmişte olamaz" in page.split(f"id_{row.key}_promised_until_error")[-1][:200]
        assert refetch(row).status == "ON_PUBLIC_DAY"
        given |= {"promised_until": day(20), "promised_department": cast.park.code}
        press(client, session, row, "complete_visit", **given, promised_person=cast.park_head.username)
    assert refetch(row).status == "SETTLED"
    with system():
        made = Promise.objects.get()
    assert (made.request_id, made.text, str(made.due_on)) == (row.pk, "Bank konulacak", day(20))
    assert (made.department_id, made.person_id) == (cast.park.pk, cast.park_head.pk)


def test_nobody_goes_out_without_an_outcome(cast: Cast, session: PublicDaySession) -> None:
    (row,) = placed(session, "Okul", principal=cast.mayors)
    with freeze_time(ON_THE_DAY):
        client = signed_in(cast.secretary)
        press(client, session, row, "call_in")
        press(client, session, row, "complete_visit")
    assert refetch(row).status == "ON_PUBLIC_DAY"


def test_what_a_colleague_did_a_moment_ago_is_said_and_not_done_twice(
    cast: Cast, session: PublicDaySession
) -> None:
    (row,) = placed(session, "Okul", principal=cast.mayors)
    with freeze_time(ON_THE_DAY):
        one, other = signed_in(cast.secretary), signed_in(cast.office_head)
        press(one, session, row, "call_in")
        told = press(other, session, row, "mark_no_show")
    assert "bu yapılamaz" in told
    assert refetch(row).status == "ON_PUBLIC_DAY"


def test_the_hall_is_closed_before_the_day(cast: Cast, session: PublicDaySession) -> None:
    (row,) = placed(session, "Okul", principal=cast.mayors)
    client = signed_in(cast.secretary)
    assert 'name="verb"' not in client.get(page_of(session, "hall/")).content.decode()
    press(client, session, row, "arrive")
    with system():
        assert Visit.objects.get().status == "EXPECTED"


def test_a_request_of_another_session_is_not_reached_through_the_hall(cast: Cast) -> None:
    session, other = make_public_day(cast.mayors), make_public_day(cast.mayors, day(8))
    (row,) = placed(other, "Okul", principal=cast.mayors)
    client = signed_in(cast.secretary)
    answer = client.post(page_of(session, "hall/say/"), {"request": str(row.key), "verb": "arrive"})
    assert answer.status_code == 404


def test_closing_the_day_records_who_did_not_come(cast: Cast, session: PublicDaySession) -> None:
    (row,) = placed(session, "Okul", principal=cast.mayors)
    with freeze_time(f"{day(2)}T10:00:00Z"):
        signed_in(cast.secretary).post(page_of(session, "end/"), {"what": "close"})
    assert refetch(row).status == "NO_SHOW"
    assert refetch(session).status == "CLOSED"


def test_cancelling_needs_a_reason_and_lets_everybody_wait_again(
    cast: Cast, session: PublicDaySession
) -> None:
    (row,) = placed(session, "Okul", principal=cast.mayors)
    client = signed_in(cast.secretary)
    client.post(page_of(session, "end/"), {"what": "cancel"})
    assert refetch(session).status == "PLANNED"
    given = {"what": "cancel", "reason": "Resmî ziyaret", "cancelled": "1"}
    client.post(page_of(session, "end/"), given)
    assert refetch(session).status == "CANCELLED"
    assert refetch(row).status == "NEW"


def sent() -> list[Message]:
    with system():
        return list(Message.objects.order_by("pk"))


def test_what_will_be_sent_is_looked_at_before_somebody_gets_a_place(
    cast: Cast, session: PublicDaySession
) -> None:
    row = make_request(cast.mayors, "Okul", applicant=make_citizen("İsmail", "Iğdır"))
    client = signed_in(cast.secretary)
    free = dict(
        re.findall(r'<option value="([^"]+)">(\d\d\.\d\d)<', client.get(page_of(session)).content.decode())
    )
    given = {"preview": str(row.key), "at": next(value for value, clock in free.items() if clock == "11.10")}
    page = client.post(page_of(session, "put/"), given).content.decode()
    shown = html.unescape(re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)[0])
    assert "Sayın İsmail IĞDIR" in shown
    assert f"{dotted(2)} Perşembe günü saat 11.10" in shown
    assert (refetch(row).status, sent()) == ("NEW", [])
    assert f'name="request" value="{row.key}"' in page
    client.post(page_of(session, "put/"), {"request": str(row.key), "at": given["at"]})
    assert [message.body for message in sent()] == [shown]
    hidden = make_request(cast.deputys, "Başkasının")
    page = client.post(page_of(session, "put/"), {"preview": str(hidden.key)}).content.decode()
    assert "Başkasının" not in page.split("Bekleyenler")[0]


def test_before_a_day_is_cancelled_one_sees_who_is_sent_what_and_who_must_be_called(
    cast: Cast, session: PublicDaySession
) -> None:
    silent = make_citizen("Telefonlu", "Kişi", email="")
    (mailed,) = placed(session, "Okul", principal=cast.mayors, applicant=make_citizen("İsmail", "Iğdır"))
    (called,) = placed(session, "Park", principal=cast.mayors, applicant=silent)
    client = signed_in(cast.secretary)
    given = {"what": "cancel", "reason": "Resmî ziyaret"}
    page = client.post(page_of(session, "end/"), given).content.decode()
    shown = html.unescape(re.findall(r"<pre>(.*?)</pre>", page, re.DOTALL)[0])
    assert "Sayın İsmail IĞDIR" in shown
    assert "Resmî ziyaret" not in shown
    assert str(silent.phone) in page
    assert (refetch(session).status, sent()) == ("PLANNED", [])
    assert {refetch(mailed).status, refetch(called).status} == {"ON_PUBLIC_DAY"}
    client.post(page_of(session, "end/"), given | {"cancelled": "1"})
    assert [message.body for message in sent()] == [shown]
    assert (refetch(session).status, refetch(called).status) == ("CANCELLED", "NEW")


def test_places_on_the_web_site_are_offered_and_shown(cast: Cast, session: PublicDaySession) -> None:
    client = signed_in(cast.secretary)
    answer = client.post(page_of(session, "offer/"), {"places": "4"}, follow=True).content.decode()
    assert "Vatandaşlar web sitesinden 4 yer ayırtabilir" in html.unescape(answer)
    assert refetch(session).places_online == 4
    answer = client.post(page_of(session, "offer/"), {"places": "13"}, follow=True).content.decode()
    assert "En az 0, en çok 12 yer verilebilir." in html.unescape(answer)
    placed(session, "Kaldırım", principal=cast.mayors)
    with system():
        Visit.objects.update(is_booked=True)
    shown = client.get(page_of(session)).content.decode()
    assert "web sitesinden ayırtıldı" in shown
    assert "1 / 4" in shown
    assert signed_in(cast.fen_clerk).post(page_of(session, "offer/"), {"places": "1"}).status_code in (
        403,
        404,
    )
    assert refetch(session).places_online == 4
