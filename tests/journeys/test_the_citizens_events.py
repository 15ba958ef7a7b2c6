"""The sentences about events, publicity and proposals; the others are in `test_the_citizens_front_door.py`."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.session import system
from backend.outbox.models import Message
from backend.partners import lists
from schema.core.nodes import global_id
from tests.backend.news.test_news import picture
from tests.cast import Cast, signed_in
from tests.days import day
from tests.factories import at, make_organisation
from tests.journeys.visitor import Visitor, answered, done, later
from tests.schema.client import Asking
from tests.schema.portal_client import make_notices
from tests.website.conftest import site as site

EVENT = "event { id title }"
NEWS = "pressRelease { id status slug }"


@pytest.fixture(autouse=True)
def installed(cast: Cast, site: None) -> None:
    make_notices()


def announced(desk: Asking, cast: Cast, **more: Any) -> str:
    """The id of an event that the desk plans, announces and puts into the public calendar."""
    part = {
        "title": "Konser",
        "startsAt": at(day(2), "18:00").isoformat(),
        "endsAt": at(day(2), "20:00").isoformat(),
    }
    plan = {"title": "Çocuk korosu 🎵", "kind": "CULTURE", "place": "Kültür Merkezi", "acceptUnusual": True}
    made = desk.does("eventPlan", EVENT, principal=global_id(cast.mayors), parts=[part], **plan, **more)
    key = str(done(made, "event")["id"])
    done(desk.does("eventAnnounce", EVENT, id=key), "event")
    text = {"title": plan["title"], "text": "Herkes davetlidir."}
    done(desk.does("eventPublish", EVENT, id=key, **text, takesSignUps=True, mostPeople=2), "event")
    later()
    return key


def signs_up(visitor: Visitor, people: int = 1) -> str:
    visitor.opens("/")
    visitor.follows("Etkinlik")
    visitor.follows("Çocuk korosu")
    link = "Kaydol" if "Kaydol" in visitor.words else "Yedek"
    visitor.follows(link)
    return visitor.walks(visitor.at, "/etkinlikler/kayit/alindi/", people=str(people))


def test_2_4_taking_part_in_events(cast: Cast) -> None:
    """2.4 İlçe sakinlerinin etkinliklere katılımını teşvik eden bu süreç, topluluk ruhunu güçlendirir."""
    desk, first = Asking(cast.secretary), Visitor()
    second = Visitor(first_name="Umut", email="umut@example.org")
    key = announced(desk, cast, capacity=2)
    assert "Kaydınız alındı" in signs_up(first, people=2)
    later()
    assert "Sıranız: 1" in signs_up(second)
    guests = (
        "query($e: ID!) { guests(filter: {event: $e}) { nodes { answer companions person { firstName } } } }"
    )
    rows = desk.data(guests, e=key)["guests"]["nodes"]
    assert {(one["person"]["firstName"], one["answer"], one["companions"]) for one in rows} == {
        ("Işıl", "COMING", 1),
        ("Umut", "WAITING", 0),
    }
    assert "2 kişilik yeriniz var" in first.my_matters()
    assert "Yeriniz boşaltıldı" in first.presses("Gelemeyeceğim")
    with system():
        (mail,) = Message.objects.filter(address="umut@example.org", subject__startswith="Davetiye")
    assert "Çocuk korosu" in mail.subject
    assert "1 kişilik yeriniz var" in second.my_matters()


def test_2_5_the_calendar_of_events_on_the_web_site_and_in_social_media(cast: Cast) -> None:
    """2.5 Vatandaşlar, belediyenin web sitesinden veya sosyal medya hesaplarından etkinlik takvimine erişebilir ve
    katılım için bilgi alabilir."""
    desk, visitor = Asking(cast.secretary), Visitor()
    key = announced(desk, cast, capacity=80)
    visitor.opens("/")
    visitor.follows("Etkinlik")
    words = visitor.follows("Çocuk korosu")
    for shown in ("Herkes davetlidir.", "Kültür Merkezi", "18.00", "80 boş yer var"):
        assert shown in words
    page = visitor.at
    share = visitor.meta("og:image")
    assert visitor.meta("og:title") == "Çocuk korosu 🎵"
    picture_of_it = visitor.browser.get(share.removeprefix("http://testserver"))
    assert (picture_of_it.status_code, picture_of_it["Content-Type"]) == (200, "image/png")
    for feed in ("/etkinlikler.ics", "/etkinlikler.rss", "/etkinlikler/yerlestir/", f"{page}etkinlik.ics"):
        assert "Çocuk korosu" in visitor.browser.get(feed).content.decode(), feed
    done(desk.does("eventCorrect", EVENT, id=key, place="Açık hava sahnesi"), "event")
    later()
    assert "Açık hava sahnesi" in visitor.opens(page)
    done(desk.does("eventCancel", EVENT, id=key, reason="Yağmur"), "event")
    later()
    assert "Bu etkinlik iptal edilmiştir." in visitor.opens(page)
    assert "Kaydol" not in visitor.words


def test_2_6_publicity_of_the_district(cast: Cast) -> None:
    """2.6 Hizmet, ilçenin tanıtımına katkıda bulunurken, sosyal bağları güçlendiren önemli bir platform sunar."""
    desk, head, visitor = Asking(cast.secretary), Asking(cast.office_head), Visitor()
    text = {
        "title": "Park açıldı",
        "lead": "Yeni park hizmete girdi.",
        "text": "Açılışa komşu ilçeler de geldi.",
    }
    key = done(desk.does("pressReleaseDraft", NEWS, **text), "pressRelease")["id"]
    brought = signed_in(cast.secretary).post(f"/files/press-releases/{key}/", {"file": picture()})
    assert brought.status_code == 201
    photo = {"photo": brought.json()["id"], "alternativeText": "Kurdele kesiliyor"}
    done(desk.does("pressReleaseDescribe", NEWS, id=key, **photo), "pressRelease")
    done(head.does("pressReleasePublish", NEWS, id=key), "pressRelease")
    later()
    visitor.opens("/")
    visitor.follows("Haberler")
    words = visitor.follows("Park açıldı")
    assert "komşu ilçeler" in words
    assert 'alt="Kurdele kesiliyor"' in visitor.source
    picture_of_it = visitor.browser.get(visitor.meta("og:image").removeprefix("http://testserver"))
    assert (picture_of_it.status_code, picture_of_it["Content-Type"]) == (200, "image/png")
    assert "Park açıldı" in visitor.browser.get("/haberler.xml").content.decode()
    make_organisation("Sancaktepe Postası", kind="PRESS", email="haber@posta.example")
    with system():
        press = lists.make(by=cast.secretary, title="Yerel basın", kinds=["PRESS"])
    done(desk.does("pressReleaseSend", NEWS, id=key, contactList=global_id(press)), "pressRelease")
    with system():
        assert "Park açıldı" in Message.objects.get(address="haber@posta.example").subject
    anew = {"correction": "Ad düzeltildi.", "title": "Yeni park açıldı"}
    done(head.does("pressReleaseCorrect", NEWS, id=key, **anew), "pressRelease")
    later()
    assert "Ad düzeltildi." in visitor.opens(visitor.at)


def test_5_6_what_citizens_propose_about_events_and_meetings(cast: Cast) -> None:
    """5.6 Vatandaşlar, belediyenin sosyal medya hesaplarından veya web sitesinden bu etkinlikler hakkında bilgi
    edinebilir ve önerilerini iletebilir."""
    desk, visitor = Asking(cast.secretary), Visitor()
    announced(desk, cast)
    visitor.opens("/")
    visitor.follows("Etkinlik")
    visitor.follows("Çocuk korosu")
    visitor.follows("öneri")
    visitor.walks(visitor.at, "/basvuru/alindi/", text="Kütüphanede de söylesinler.", who="NAMED")
    found = desk.data("{ complaints { nodes { id reference kind subject trackingCode } } }")["complaints"][
        "nodes"
    ]
    (case,) = found
    assert case["kind"] == "SUGGESTION"
    assert "Çocuk korosu" in case["subject"]
    assert case["reference"] in visitor.words
    body = "Öneriniz için teşekkür ederiz: kütüphanede de söyleyecekler."
    answered(case["id"], body, to=global_id(cast.office), desk=desk, clerk=desk)
    assert body in visitor.with_code(case["trackingCode"])
