"""Partners from a file: looked at first, all of it or nothing, twice the same once; memberships by who may."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backend.contacts.models import Citizen
from backend.core.session import system
from backend.partners.models import Organisation, Role
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_organisation

URL = "/admin/partners/organisation/import/"
HEAD = "Kurum Adı;Kısa Ad;Tür;İl;Etiketler;Ad;Soyad;Görev;Cep Telefonu;Başlangıç\n"
GOOD = (
    HEAD
    + "Emek İlkokulu;;Okul;Sancaktepe;okul;Şeref;Yavuz;Okul Müdürü;0532 111 22 33;01.09.2020\n"
    + "EMEK İLKOKULU;;;;;Aslı;Koç;Müdür Yardımcısı;;2024\n"
    + "\n"
    + "Kuzey Asfalt Ltd. Şti.;Kuzey;Şirket;İstanbul;yüklenici, yol;;;;;\n"
)


def look(client: Client, text: str) -> str:
    file = SimpleUploadedFile("paydaslar.csv", text.encode("cp1254"), "text/csv")
    return client.post(URL, {"file": file}).content.decode()


def press(client: Client, page: str) -> None:
    (ticket,) = re.findall(r'name="ticket" value="([^"]+)"', page)
    assert client.post(URL, {"ticket": ticket}).status_code == 302


def counts() -> tuple[int, int, int]:
    with system():
        return Organisation.objects.count(), Citizen.objects.count(), Role.objects.count()


def test_a_file_is_looked_at_and_then_recorded_once(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    page = look(client, GOOD)
    assert counts() == (0, 0, 0), "a dry run writes nothing"
    assert "2 kuruluş, 2 kişi, 2 görev" in page
    press(client, page)
    assert counts() == (2, 2, 2)
    with system():
        kinds = dict(Role.objects.values_list("person__first_name", "kind"))
        company = Organisation.objects.get(short_name="Kuzey")
    assert kinds == {"Şeref": "HEAD", "Aslı": "DEPUTY_HEAD"}
    assert (company.kind, company.tags) == ("COMPANY", ["yüklenici", "yol"])
    press(client, look(client, GOOD))
    assert counts() == (2, 2, 2), "the same file again adds nothing"


def test_who_is_known_is_known_again(cast: Cast) -> None:
    make_organisation("Emek İlkokulu", "SCHOOL")
    known = make_citizen("Şeref", "Yavuz", phone="+905321112233")
    client = signed_in(cast.secretary)
    press(client, look(client, GOOD))
    assert counts() == (2, 2, 2)
    with system():
        assert Role.objects.filter(person=known).count() == 1


def test_what_is_wrong_is_named_by_line_and_nothing_is_written(cast: Cast) -> None:
    client = signed_in(cast.secretary)
    wrong = HEAD + "Okul;;Kulüp;;;;;;;\nOkul 2;;Okul;;;Ali;Er;Müdür;153;\n;;Okul;;;;;;;\n"
    page = look(client, wrong)
    for text in ("Satır 2", "Satır 3", "Satır 4"):
        assert text in page
    assert 'name="ticket"' not in page
    assert "Kurum adı" in look(client, "Sütun;Başka\n1;2\n")
    assert "boş" in look(client, "").lower()
    assert counts() == (0, 0, 0)


def test_memberships_are_recorded_by_who_sees_them(cast: Cast) -> None:
    text = HEAD + "Yol Sendikası;;Sendika;;;Halit;Ünlü;Şube Başkanı;;\n"
    assert "KVKK m. 6" in look(signed_in(cast.secretary), text)
    client = signed_in(cast.office_head)
    press(client, look(client, text))
    assert counts() == (1, 1, 1)


def test_it_is_for_the_office_and_a_ticket_for_its_owner(cast: Cast) -> None:
    assert signed_in(cast.park_head).get(URL).status_code == 403
    (ticket,) = re.findall(r'name="ticket" value="([^"]+)"', look(signed_in(cast.secretary), GOOD))
    signed_in(cast.office_head).post(URL, {"ticket": ticket})
    assert counts() == (0, 0, 0)
