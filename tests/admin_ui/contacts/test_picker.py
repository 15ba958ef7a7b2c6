"""The picker of persons and organisations: it finds what its viewer sees and nothing else, records on the spot, and
makes no second record without asking."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from backend.appointments.models import Promise
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.engagements.models import Engagement
from backend.journal.models import AccessLog
from backend.partners.models import Organisation
from tests.cast import Cast, signed_in
from tests.days import DAY, date
from tests.factories import make_citizen, make_engagement, make_organisation, make_request, make_role

PICK, NEW, CARD = "/admin/pick/", "/admin/pick/new/", "/admin/pick/card/"
ENGAGEMENT = "/admin/engagements/engagement/new/"


@pytest.fixture
def school(cast: Cast) -> Organisation:
    return make_organisation("İnönü İlkokulu", "SCHOOL", short_name="İnönü İ.O.", departments=(cast.park,))


def _found(client: Client, text: str, kinds: str = "person organisation") -> str:
    answer = client.post(PICK, {"q": text, "kinds": kinds})
    assert answer.status_code == 200
    return answer.content.decode()


def _names(piece: str) -> list[str]:
    return re.findall(r'data-name="([^"]+)"', piece)


def test_it_finds_by_name_number_identity_and_organisation(cast: Cast, school: Organisation) -> None:
    head = make_citizen("Işıl", "Öztürk", phone="+905551234567")
    make_role(school, head, title="Müdür")
    with system():
        contacts.set_national_id(head, by=None, number="10000000146")
    client = signed_in(cast.office_head)
    for text in ("isil oz", "IŞIL", "0555 123 45 67", "5551234567", "10000000146"):
        assert _names(_found(client, text, "person")) == ["Işıl ÖZTÜRK"], text
    both = _found(client, "inonu")
    assert _names(both) == ["İnönü İlkokulu", "Işıl ÖZTÜRK"], "by the organisation at which they are"
    assert "Müdür, İnönü İ.O." in both
    for nothing in ("x", "👍", "%", "10000000147", "Yok Böyle"):
        assert _names(_found(client, nothing)) == [], nothing
    with system():
        assert AccessLog.objects.filter(purpose="admin: picker", subject_ids__contains=[head.pk]).exists()


def test_it_shows_only_what_its_viewer_sees(cast: Cast, school: Organisation) -> None:
    hidden = make_citizen("Işıl", "Öztürk", phone="+905551234567")
    clerk = signed_in(cast.fen_clerk)
    for text in ("ışıl", "0555 123 45 67", "inönü"):
        piece = _found(clerk, text)
        assert _names(piece) == []
        assert "data-what" not in piece, "whom one would not see afterwards one does not record alone"
    for row, kinds in ((hidden, "person"), (school, "organisation")):
        missing = clerk.post(CARD, {"key": str(uuid.uuid4()), "kinds": kinds}).content
        assert clerk.post(CARD, {"key": str(row.key), "kinds": kinds}).content == missing
    assert clerk.post(NEW, {"what": "person", "first_name": "Ali"}).status_code == 404
    assert clerk.post(NEW, {"what": "organisation", "name": "Okul"}).status_code == 404
    assert clerk.get(PICK).status_code == 405, "a name is no part of an address"
    assert "İnönü İlkokulu" in _found(signed_in(cast.park_clerk), "inönü")


def test_a_new_record_is_made_once_and_a_second_one_asks(cast: Cast) -> None:
    client = signed_in(cast.office_head)
    begun = client.post(NEW, {"what": "person", "text": "Ayşe Nur Kaya", "begin": "1", "piece": "1"})
    assert 'name="first_name" value="Ayşe Nur"' in begun.content.decode()
    said = {"what": "person", "first_name": "Ayşe Nur", "last_name": "Kaya", "piece": "1"}
    made = client.post(NEW, said).content.decode()
    with system():
        (known,) = Citizen.objects.all()
    assert f'data-made="{known.key}"' in made
    asked = client.post(NEW, said | {"first_name": "AYŞE NUR"}).content.decode()
    assert f'data-use="{known.key}"' in asked
    assert "data-made" not in asked
    with system():
        assert Citizen.objects.count() == 1
    assert "data-made" in client.post(NEW, said | {"accept_alike": "on"}).content.decode()
    wrong = client.post(NEW, said | {"first_name": "Can", "phone": "12"}).content.decode()
    assert "ok-wrong" in wrong
    with system():
        assert Citizen.objects.count() == 2

    first = {"what": "organisation", "name": "Işık Derneği", "kind": "ASSOCIATION", "piece": "1"}
    assert "data-made" in client.post(NEW, first).content.decode()
    assert "data-use" in client.post(NEW, first | {"name": "IŞIK DERNEĞİ"}).content.decode()
    page = client.post(NEW, first | {"name": "Başka Okul", "kind": "SCHOOL", "piece": ""})
    assert "<main" in page.content.decode(), "without the script it is a page"
    with system():
        assert Organisation.objects.count() == 2


def test_two_records_of_one_are_proposed_for_merging(cast: Cast) -> None:
    one = make_citizen("Ali", "Kaya", phone="+905551234567")
    other = make_citizen("Ali", "Kaya", phone="+905551234567")
    piece = _found(signed_in(cast.office_head), "ali kaya")
    assert "iki kayıtta geçiyor" in piece
    link = re.search(r'href="([^"]+into=[^"]+)"', piece)
    assert link is not None
    page = signed_in(cast.office_head).get(link[1].replace("&amp;", "&")).content.decode()
    assert 'name="into" value="Ali KAYA"' in page
    assert {str(one.key), str(other.key)} >= set(re.findall(r'name="into_key" value="([^"]+)"', page))
    club, twin = make_organisation("Işık Spor Kulübü"), make_organisation("Işık Spor Kulübü")
    piece = _found(signed_in(cast.office_head), "ışık spor")
    link = re.search(r'href="([^"]+into=[^"]+)"', piece)
    assert link is not None
    form = signed_in(cast.office_head).get(link[1].replace("&amp;", "&").split("#")[0]).content.decode()
    assert 'name="into" value="Işık Spor Kulübü"' in form
    assert str(club.key) in form
    assert str(twin.key) in form


def _engagement(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "once": str(uuid.uuid4()),
        "kind": "VISIT_OUT",
        "title": "Ziyaret",
        "principal": str(cast.mayors.key),
        "starts_at": f"{DAY}T14:00",
        "ends_at": f"{DAY}T15:00",
        **more,
    }


def test_without_the_script_the_form_comes_back_with_a_choice(cast: Cast) -> None:
    first = make_organisation("Işık Derneği")
    make_organisation("Işık Vakfı", "FOUNDATION")
    client = signed_in(cast.secretary)
    page = client.post(ENGAGEMENT, _engagement(cast, organisation="ışık")).content.decode()
    assert 'type="radio" name="organisation_key"' in page
    assert f'name="organisation_key" value="{first.key}"' in page
    chosen = {"organisation": "ışık", "organisation_of": "ışık", "organisation_key": str(first.key)}
    assert client.post(ENGAGEMENT, _engagement(cast, **chosen)).status_code == 302
    with system():
        assert Engagement.objects.get().organisation == first
    stale = chosen | {"organisation": "Yeni Dernek"}
    answer = client.post(ENGAGEMENT, _engagement(cast, **stale))
    assert answer.status_code == 200, "a key that was chosen for another text chooses nothing"
    unknown = client.post(ENGAGEMENT, _engagement(cast, organisation="Yeni Dernek")).content.decode()
    assert "bu ad veya numara yok" in unknown
    assert "<noscript><a" in unknown


def test_a_hidden_key_is_answered_like_a_missing_one(cast: Cast, school: Organisation) -> None:
    client = signed_in(cast.secretary)
    hidden = make_organisation("Gizli Dernek")
    with system():
        Organisation.objects.filter(pk=hidden.pk).update(status="MERGED", merged_into=school)
    for key in (str(uuid.uuid4()), "x", ""):
        given = {"organisation": "Bir Ad", "organisation_of": "Bir Ad", "organisation_key": key}
        page = client.post(ENGAGEMENT, _engagement(cast, **given)).content.decode()
        assert "bu ad veya numara yok" in page


def test_the_card_tells_promises_the_last_meeting_and_how_to_address(
    cast: Cast, school: Organisation
) -> None:
    head = make_citizen("Işıl", "Öztürk", phone="+905551234567")
    make_role(school, head, kind="HEAD", title="Okul Müdürü", salutation="Sayın Müdürüm,")
    row = make_request(cast.mayors, "Bahçe", applicant=head, partner=school)
    with system():
        Promise.objects.create(request=row, text="Okul bahçesine iki bank", due_on=date(30))
    met = make_engagement(cast.mayors, "Tanışma ziyareti", organisation=school)
    with system():
        past = timezone.now() - dt.timedelta(days=20)
        Engagement.objects.filter(pk=met.pk).update(starts_at=past, ends_at=past + dt.timedelta(hours=1))
    client = signed_in(cast.office_head)
    card = client.post(CARD, {"key": str(school.key), "kinds": "organisation"}).content.decode()
    for words in ("Okul bahçesine iki bank", "Tanışma ziyareti", "Sayın Müdürüm,", "Okul Müdürü"):
        assert words in card
    mine = client.post(CARD, {"key": str(head.key), "kinds": "person"}).content.decode()
    assert "Okul bahçesine iki bank" in mine
    for url in (
        reverse("admin:partners_organisation_change", args=[school.key]),
        reverse("admin:contacts_citizen_change", args=[head.key]),
    ):
        assert "Okul bahçesine iki bank" in client.get(url).content.decode().split("ok-card-side")[0]
    found = client.post("/admin/intake/who/", {"phone": "0555 123 45 67"}).content.decode()
    assert "Okul bahçesine iki bank" in found, "before the call is taken"


def test_a_caller_is_found_by_identity_number_and_by_organisation(cast: Cast, school: Organisation) -> None:
    head = make_citizen("Işıl", "Öztürk", phone="+905551234567")
    make_role(school, head, title="Müdür")
    with system():
        contacts.set_national_id(head, by=None, number="10000000146")
    client = signed_in(cast.secretary)
    by_id = client.post("/admin/intake/who/", {"phone": "10000000146"}).content.decode()
    assert f'value="{head.key}"' in by_id
    said = {"once": str(uuid.uuid4()), "channel": "PHONE", "kind": "COMPLAINT", "subject": "Çukur"}
    answer = client.post("/admin/intake/", said | {"phone": "10000000146", "citizen": str(head.key)})
    assert answer.status_code == 302, answer.content.decode()
    with system():
        head.refresh_from_db()
    assert str(head.phone.as_e164) == "+905551234567", "the number on record stays"
    there = client.post("/admin/intake/who/", {"phone": "", "first_name": "inönü"}).content.decode()
    assert "Işıl ÖZTÜRK" in there


def test_the_questions_do_not_grow_with_what_is_found(cast: Cast) -> None:
    client = signed_in(cast.office_head)

    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            _found(client, "kaya")
        return len(asked)

    for number in range(2):
        make_citizen("Ali", f"Kaya{number}")
        make_organisation(f"Kaya Okulu {number}", "SCHOOL")
    count()  # what is looked up once a process
    few = count()
    for number in range(2, 6):
        make_citizen("Ali", f"Kaya{number}")
        make_organisation(f"Kaya Okulu {number}", "SCHOOL")
    assert count() == few
