"""A citizen asks to be received, proves the address by a code, and keeps the appointment; without JavaScript."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from backend.appointments import actions
from backend.appointments.models import AppointmentRequest, PublicDaySession
from backend.complaints.models import Complaint
from backend.complaints.reporting import publishing
from backend.core.localtime import midnight, today
from backend.core.session import system
from backend.events import actions as events
from backend.events.models import Guest, PublishedEvent
from backend.outbox.models import Message
from backend.submissions.models import ContactProof
from schema.core.nodes import global_id
from tests.backend.news.test_news import picture
from tests.cast import Cast
from tests.days import day
from tests.factories import at, make_complaint, make_event, make_public_day, make_request
from tests.schema.portal_client import make_notices
from website import api

pytestmark = pytest.mark.usefixtures("site")
WHO = {"first_name": "Işıl", "last_name": "İnce", "email": "isil@example.org", "phone": ""}


@pytest.fixture(autouse=True)
def notices(cast: Cast) -> None:
    make_notices()


def code_in_the_mail() -> str:
    with system():
        body = Message.objects.filter(purpose="contact_code").latest("created_at").body
    match = re.search(r"\d{3} \d{3}", body)
    assert match
    return match[0]


def text_of(page: Any) -> str:
    return str(page.content.decode())


def send(browser: Browser, address: str, **values: Any) -> Any:
    """Post a page, and follow where it leads."""
    return browser.post(address, values, follow=True)


def answered(browser: Browser, cast: Cast, **more: Any) -> Any:
    """The pages of an appointment, up to the one that shows all answers."""
    send(browser, "/randevu/kim/", principal=global_id(cast.mayors))
    send(browser, "/randevu/konu/", kind="REQUEST", subject="Okul bahçesi", body="Çocuklar için 🌳")
    send(browser, "/randevu/adina/", behalf="organisation", organisation="Yeşil Vadi Derneği")
    send(browser, "/randevu/kisi/", party_size="3", companion_names="İnci Çağlar, Şükrü Işık")
    page = browser.get("/randevu/zaman/")
    first = re.search(r'name="days" value="([0-9-]+)"', text_of(page))
    assert first
    send(browser, "/randevu/zaman/", days=[first[1]], part="afternoon", wish="")
    notice = re.search(r'name="privacy_notice" value="([^"]+)"', text_of(browser.get("/randevu/iletisim/")))
    assert notice
    return send(browser, "/randevu/iletisim/", **(WHO | {"privacy_notice": notice[1]} | more))


def test_an_appointment_is_asked_for_proved_and_kept(cast: Cast) -> None:
    browser = Browser()
    page = answered(browser, cast)
    for shown in (
        "Okul bahçesi",
        "İnci Çağlar, Şükrü Işık",
        "Yeşil Vadi Derneği",
        "Öğleden sonra",
        "isil@example.org",
        "Değiştir",
    ):
        assert shown in text_of(page)
    page = send(browser, "/randevu/kontrol/")
    assert page.redirect_chain[-1][0] == "/randevu/kod/"
    with system():
        assert not AppointmentRequest.objects.exists()  # no number before the proof
    page = send(browser, "/randevu/kod/", code=code_in_the_mail())
    with system():
        request = AppointmentRequest.objects.select_related("applicant").get()
    assert (request.party_size, request.companion_names, request.organisation, request.kind) == (
        3,
        "İnci Çağlar, Şükrü Işık",
        "Yeşil Vadi Derneği",
        "ORGANISATION",
    )
    assert "Öğleden sonra" in request.wish
    assert request.privacy_notice_id
    assert request.reference in text_of(page)
    # The session is proved already: the list opens at once, and the time that the office proposes is answered there.
    with system():
        actions.propose(
            request,
            by=cast.secretary,
            means="EMAIL",
            starts_at=at(day(20), "14:00"),
            hold_until=midnight(today() + dt.timedelta(days=2)),
            place="Makam",
            accept_unusual=True,
        )
    assert "Size bir saat ayrıldı" in text_of(browser.get("/islerim/"))
    address = f"/islerim/randevu/{request.reference.replace('/', '-')}/"
    assert "Bu saat bana uygun" in text_of(browser.get(address))
    assert "Randevunuz kesinleşti" in text_of(send(browser, address, deed="ACCEPT"))
    assert "Sizi bekliyoruz" in text_of(send(browser, address, deed="COME"))
    with system():
        request.refresh_from_db()
    assert request.coming_confirmed_at is not None
    send(browser, address, deed="WITHDRAW")
    with system():
        request.refresh_from_db()
    assert request.status == "WITHDRAWN"


def test_a_wrong_code_a_new_code_and_another_address_lose_nothing(cast: Cast) -> None:
    browser = Browser()
    answered(browser, cast)
    send(browser, "/randevu/kontrol/")
    right = code_in_the_mail().replace(" ", "")
    page = browser.post("/randevu/kod/", {"code": f"{(int(right) + 1) % 10**6:06}"})
    assert (page.status_code, "Gönderilen kod bu değil" in text_of(page)) == (422, True)
    assert "Yeni bir kod" in text_of(send(browser, "/randevu/kod/", deed="again"))
    page = send(browser, "/randevu/kod/", deed="change")
    assert page.redirect_chain[-1][0] == "/randevu/kontrol/"
    assert "Okul bahçesi" in text_of(page)
    send(browser, "/randevu/kontrol/")
    send(browser, "/randevu/kod/", code=code_in_the_mail())
    page = send(browser, "/randevu/kod/", code=right)  # a second press
    assert page.redirect_chain[-1][0] == "/randevu/alindi/"
    with system():
        assert AppointmentRequest.objects.count() == 1


def test_a_session_that_ended_elsewhere_asks_for_a_code_again(cast: Cast) -> None:
    browser = Browser()
    opened(browser)
    answered(browser, cast)
    with system():
        ContactProof.objects.all().delete()
    page = send(browser, "/randevu/kontrol/")
    assert page.redirect_chain[-1][0] == "/randevu/kod/"


def test_what_is_missing_is_shown_at_its_field(cast: Cast) -> None:
    browser = Browser()
    page = browser.post("/randevu/kim/", {})
    assert (page.status_code, "Düzeltilmesi gereken" in text_of(page)) == (422, True)
    page = answered(browser, cast, email="")
    assert "E-posta adresinizi veya telefon numaranızı yazınız" in text_of(page)
    page = answered(browser, cast, email="", phone="0532 111 22 33")
    page = send(browser, "/randevu/kontrol/")  # no text messages are sent here
    assert page.redirect_chain[-1][0] == "/randevu/iletisim/"
    assert "Bu telefona kod gönderilemiyor" in text_of(page)
    assert 'value="Işıl"' in text_of(page)


# -- halk günü ---------------------------------------------------------------------------------------------------
def a_day(cast: Cast, places: int = 2) -> PublicDaySession:
    session = make_public_day(cast.mayors, place="Meclis salonu")
    with system():
        actions.offer_places(session, by=None, places=places)
    api.forget()
    return session


def place_taken(browser: Browser, session: PublicDaySession) -> Any:
    choices_made(browser, session)
    page = send(browser, "/randevu/halk-gunu/kontrol/")
    if page.redirect_chain[-1][0].endswith("/kod/"):
        page = send(browser, "/randevu/halk-gunu/kod/", code=code_in_the_mail())
    return page


def choices_made(browser: Browser, session: PublicDaySession) -> None:
    """All questions of the journey, with the first free time."""
    send(browser, "/randevu/halk-gunu/gun/", day=str(global_id(session)))
    page = text_of(browser.get("/randevu/halk-gunu/saat/"))
    times = re.findall(r'name="at" value="([^"]+)"', page)
    send(browser, "/randevu/halk-gunu/saat/", at=times[0])
    send(browser, "/randevu/halk-gunu/konu/", kind="REQUEST", subject="Okul bahçesi", body="")
    send(browser, "/randevu/halk-gunu/adina/", behalf="organisation", organisation="Okul Aile Birliği")
    send(browser, "/randevu/halk-gunu/kisi/", party_size="2")
    page = text_of(browser.get("/randevu/halk-gunu/iletisim/"))
    notice = re.search(r'name="privacy_notice" value="([^"]+)"', page)
    assert notice
    send(browser, "/randevu/halk-gunu/iletisim/", **WHO, privacy_notice=notice[1])


@pytest.mark.parametrize("full", ["saat", "gun"])
def test_who_comes_too_late_reads_why_they_choose_again(cast: Cast, full: str) -> None:
    session, browser = a_day(cast), Browser()
    choices_made(browser, session)
    with system():
        if full == "gun":
            actions.offer_places(session, by=None, places=0)
        for _each in range(session.visits_a_slot if full == "saat" else 0):
            request, at = make_request(cast.mayors), session.slots()[0]
            actions.assign_to_public_day(request, by=None, session=session, at=at, means="UNTOLD")
    api.forget()
    page = browser.post("/randevu/halk-gunu/kontrol/", follow=True)
    assert page.redirect_chain[-1][0] == f"/randevu/halk-gunu/{full}/"
    why = "Bu saat dolu" if full == "saat" else "Bu günde boş yer kalmadı"
    assert why in text_of(page)


def test_the_answers_on_the_public_day_read_as_they_were_given(cast: Cast) -> None:
    session, browser = a_day(cast), Browser()
    assert "2 boş yer var" in text_of(browser.get("/randevu/halk-gunu/gun/"))
    choices_made(browser, session)
    asked = text_of(browser.get("/randevu/halk-gunu/adina/"))
    assert "(kurum, dernek veya şirket adına geliyorsanız)" in asked
    assert "isteğe bağlı" not in asked
    page = text_of(browser.get("/randevu/halk-gunu/kontrol/"))
    assert "Meclis salonu" in page
    assert "boş yer" not in page, "how many places are free is no part of the answer"


def test_a_place_on_the_public_day_is_offered_taken_and_given_back(cast: Cast) -> None:
    assert "halk gün" not in text_of(Browser().get("/randevu/kim/"))
    session, browser = a_day(cast), Browser()
    assert "2 boş yer var; saati kendiniz seçersiniz" in text_of(browser.get("/randevu/kim/"))
    page = place_taken(browser, session)
    for shown in ("Yeriniz ayrıldı", "Meclis salonu", "RT-"):
        assert shown in text_of(page)
    page = text_of(browser.get("/islerim/"))
    assert "Halk gününde bekleniyorsunuz" in page
    assert "Meclis salonu" in page
    with system():
        request = AppointmentRequest.objects.get()
        assert (request.status, request.visit.is_booked, request.party_size) == ("ON_PUBLIC_DAY", True, 2)
    page = place_taken(browser, session)
    assert "Bir halk gününde yeriniz zaten var" in text_of(page)
    number = request.reference.replace("/", "-")
    send(browser, f"/islerim/randevu/{number}/", deed="WITHDRAW")
    with system():
        assert not session.visits.exists()


def test_a_full_public_day_stands_there_and_leads_to_an_appointment(cast: Cast) -> None:
    session = a_day(cast, places=1)
    place_taken(Browser(), session)
    page = text_of(Browser().get("/randevu/halk-gunu/gun/"))
    assert "bütün yerler dolu" in page
    assert "Şu anda boş yer yok." in page
    refused = Browser().post("/randevu/halk-gunu/gun/", {"day": str(global_id(session))})
    assert refused.status_code == 422
    assert "Bu günde boş yer kalmadı" in text_of(refused)


# -- the list ---------------------------------------------------------------------------------------------------
def opened(browser: Browser, **who: str) -> Any:
    send(browser, "/islerim/", **(WHO | who))
    return send(browser, "/islerim/kod/", code=code_in_the_mail())


def brought(cast: Cast, **who: str) -> Any:
    from tests.factories import make_citizen

    named = {"first_name": "Işıl", "last_name": "İnce", "email": WHO["email"]} | who
    person = make_citizen(named.pop("first_name"), named.pop("last_name"), **named)
    return make_complaint("Kaldırım çökmüş", applicant=person)


def test_the_list_opens_by_a_code_and_is_closed_on_this_device(cast: Cast) -> None:
    case = brought(cast)
    browser = Browser()
    page = opened(browser)
    assert case.reference in text_of(page)
    assert "isil@example.org" in text_of(page)
    assert page["Cache-Control"].count("no-store") == 1
    assert "İşlerim" in text_of(Browser().get("/islerim/"))
    assert case.reference not in text_of(Browser().get("/islerim/"))
    send(browser, "/islerim/kapat/")
    assert case.reference not in text_of(browser.get("/islerim/"))


def test_a_shared_address_shows_nothing_until_a_code_of_ones_own(cast: Cast) -> None:
    hers, his = brought(cast), brought(cast, first_name="Umut")
    browser = Browser()
    page = opened(browser)
    assert hers.reference not in text_of(page)
    assert his.reference not in text_of(page)
    page = send(browser, "/islerim/", deed="code", code=hers.tracking_code)
    assert hers.reference in text_of(page)
    assert his.reference not in text_of(page)
    empty = opened(Browser(), email="kimse@example.org")
    assert "listelenen bir iş yok" in text_of(empty)


def test_another_ones_appointment_is_missing(cast: Cast) -> None:
    browser = Browser()
    opened(browser)
    assert browser.get("/islerim/randevu/RT-2026-1/").status_code == 404
    assert Browser().get("/islerim/randevu/RT-2026-1/").status_code == 302


# -- events ------------------------------------------------------------------------------------------------------
def announced(cast: Cast, **facts: Any) -> PublishedEvent:
    event = make_event(cast.mayors, **({"capacity": 2} | facts))
    with system():
        events.announce(event, by=cast.secretary)
        events.publish(
            event, by=cast.secretary, text="Herkes davetlidir.", takes_sign_ups=True, most_people=2
        )
        return PublishedEvent.objects.get(event=event)


def signed_up(browser: Browser, event: PublishedEvent, people: int = 1) -> Any:
    send(browser, "/etkinlikler/kayit/kisi/", event=str(event.key), people=str(people))
    page = browser.get("/etkinlikler/kayit/kim/")
    notice = re.search(r'name="privacy_notice" value="([^"]+)"', text_of(page))
    assert notice
    assert event.title in text_of(send(browser, "/etkinlikler/kayit/kim/", **WHO, privacy_notice=notice[1]))
    page = send(browser, "/etkinlikler/kayit/kontrol/")
    if page.redirect_chain[-1][0].endswith("/kod/"):
        page = send(browser, "/etkinlikler/kayit/kod/", code=code_in_the_mail())
    return page


def test_an_event_is_found_signed_up_for_and_given_back(cast: Cast) -> None:
    event, browser = announced(cast), Browser()
    assert event.title in text_of(browser.get("/etkinlikler/"))
    address = f"/etkinlikler/{event.key}/"
    page = text_of(browser.get(address))
    for shown in ("Herkes davetlidir.", "2 boş yer var", "Kaydol", 'property="og:title"'):
        assert shown in page
    assert f'property="og:image" content="http://testserver/files/share/events/{event.key}.png"' in page
    page = signed_up(browser, event, 2)
    assert "Kaydınız alındı" in text_of(page)
    with system():
        guest = Guest.objects.get(signed_up_at__isnull=False)
    assert (guest.answer, guest.companions) == ("COMING", 1)
    page = text_of(browser.get("/islerim/"))
    assert "2 kişilik yeriniz var" in page
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    assert "Yeriniz boşaltıldı" in text_of(send(browser, "/islerim/etkinlik/", token=token[1]))
    with system():
        guest.refresh_from_db()
    assert guest.answer == "NOT_COMING"
    send(browser, "/islerim/etkinlik/", token="x")  # of nobody


def test_too_many_people_are_refused_where_they_were_written(cast: Cast) -> None:
    event, browser = announced(cast), Browser()
    page = signed_up(browser, event, 9)
    assert page.redirect_chain[-1][0] == "/etkinlikler/kayit/kisi/"
    assert "en çok 2 kişi" in text_of(page)


def test_an_event_for_the_calendar_and_for_another_site(cast: Cast) -> None:
    event, browser = announced(cast), Browser()
    file = browser.get(f"/etkinlikler/{event.key}/etkinlik.ics")
    assert file["Content-Type"].startswith("text/calendar")
    assert f"SUMMARY:{event.title}" in text_of(file)
    frame = browser.get("/etkinlikler/yerlestir/")
    assert event.title in text_of(frame)
    assert "frame-ancestors *" in frame["Content-Security-Policy"]
    assert "X-Frame-Options" not in frame
    assert "frame-ancestors 'none'" in browser.get("/etkinlikler/")["Content-Security-Policy"]
    missing = browser.get("/etkinlikler/00000000-0000-4000-8000-000000000000/")
    assert missing.status_code == 404


def test_an_event_is_shown_with_its_pictures_also_when_it_is_over(cast: Cast) -> None:
    event, browser = announced(cast), Browser()
    with system():
        photo = events.add_picture(
            event.event, by=None, file=picture(), alternative_text="<b>Koro</b> & sahne", permission="Koro"
        )
    page = text_of(browser.get(f"/etkinlikler/{event.key}/"))
    small = f'<img src="/files/calendar/{photo.key}/thumbnail/" alt="&lt;b&gt;Koro&lt;/b&gt; &amp; sahne"'
    assert f'<a href="/files/calendar/{photo.key}/">{small}' in page
    assert f'src="/files/calendar/{photo.key}/thumbnail/"' in text_of(browser.get("/etkinlikler/"))
    with system():
        PublishedEvent.objects.update(
            starts_at=timezone.now() - dt.timedelta(days=2), ends_at=timezone.now() - dt.timedelta(days=1)
        )
    api.forget()
    page = text_of(browser.get(f"/etkinlikler/{event.key}/"))
    assert "Bu etkinlik sona erdi." in page
    assert "Takvimime ekle" not in page
    assert "Kaydol<" not in page


# -- open numbers ------------------------------------------------------------------------------------------------
def test_open_numbers_stand_on_a_page_and_in_files(cast: Cast) -> None:
    last = (today().replace(day=1) - dt.timedelta(days=1)).replace(day=1)
    for number in range(6):
        make_complaint(f"Konu {number}", applicant=None)
    with system():
        Complaint.objects.update(registered_at=midnight(last))
        publishing.publish()
    browser = Browser()
    page = text_of(browser.get(f"/sayilar/{last.year}/"))
    assert "Bu sayılar nasıl hesaplanıyor?" in page
    for shown in ("Bütün başvurular", "<td>6</td>", "÷"):
        assert shown in page
    assert "Konu veya mahalle" not in page
    for heading in ("Konu", "Mahalle"):
        assert f'<th scope="col">{heading}</th>' in page
    table = text_of(browser.get(f"/sayilar/{last.year}.csv"))
    assert f"{last:%Y-%m};TOTAL;;;6;0;" in table
    assert browser.get(f"/sayilar/{last.year}.json").json()["rows"][0]["received"] == 6
    assert browser.get("/sayilar/").status_code == 200
    assert [browser.get(f"/sayilar/{year}/").status_code for year in (1999, 2300)] == [404, 404]
