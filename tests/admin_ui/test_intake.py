"""A call is taken by keyboard in a minute: the number says who it is, nothing typed is lost, nothing
comes twice.
"""

import re
import threading
import uuid

import pytest
from django.db import connections
from django.test import Client

from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.session import system
from tests.cast import Cast, make_cast, signed_in
from tests.factories import make_category, make_citizen, make_complaint

INTAKE = "/admin/intake/"


def call(client: Client, **data):
    given = {"once": str(uuid.uuid4()), "kind": "COMPLAINT", "channel": "PHONE", "subject": "Lamba yanmıyor"}
    return client.post(INTAKE, given | data)


def cases() -> list[Complaint]:
    with system():
        return list(Complaint.objects.select_related("applicant").order_by("pk"))


def test_a_new_caller_is_recorded_with_the_case(cast: Cast):
    client = signed_in(cast.secretary)
    answer = call(client, phone="0(216) 311 11 11", first_name="Şule", last_name="Çınar", body="Üç gündür")
    assert answer.status_code == 302
    complaint = cases()[0]
    assert complaint.applicant is not None
    assert str(complaint.applicant.phone.as_e164) == "+902163111111"
    done = client.get(answer["Location"]).content.decode()
    assert complaint.reference in done
    assert complaint.tracking_code in done


@pytest.mark.parametrize(
    "number", ["05551234567", "+90 555 123 45 67", "0090 555 1234567", "(555) 123-45-67"]
)
def test_any_spelling_of_the_number_says_who_it_is_and_what_is_open(cast: Cast, number):
    citizen = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    complaint = make_complaint("Açık iş", applicant=citizen)
    found = signed_in(cast.secretary).post(f"{INTAKE}who/", {"phone": number}).json()
    assert [person["name"] for person in found["people"]] == ["İbrahim AĞAOĞLU"]
    assert [row["reference"] for row in found["people"][0]["open"]] == [complaint.reference]


def test_the_number_never_stands_in_an_address(cast: Cast):
    assert signed_in(cast.secretary).get(f"{INTAKE}who/?phone=05551234567").status_code == 405


def test_a_department_learns_nothing_of_strangers(cast: Cast):
    make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    found = signed_in(cast.park_clerk).post(f"{INTAKE}who/", {"phone": "05551234567"}).json()
    assert found["people"] == []


def test_a_known_caller_is_not_recorded_again(cast: Cast):
    citizen = make_citizen(phone="+905551234567")
    answer = call(signed_in(cast.secretary), phone="05551234567", citizen=str(citizen.key))
    assert answer.status_code == 302
    assert cases()[0].applicant_id == citizen.pk
    with system():
        assert Citizen.objects.count() == 1


def test_a_case_without_a_person_is_taken_too(cast: Cast):
    assert call(signed_in(cast.secretary)).status_code == 302
    assert cases()[0].applicant is None


def test_a_wrong_number_is_told_and_everything_typed_stays(cast: Cast):
    answer = call(
        signed_in(cast.secretary), phone="153", first_name="Şule", body="Uzun uzun anlattı", place="Barış Sk"
    )
    body = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="id_phone_error"' in body
    for text in ("Şule", "Uzun uzun anlattı", "Barış Sk", "Lamba yanmıyor"):
        assert text in body
    assert cases() == []


def test_the_same_form_sent_twice_is_one_case(cast: Cast):
    client, once = signed_in(cast.secretary), str(uuid.uuid4())
    first = call(client, once=once, phone="05551234567", first_name="Şule")
    second = call(client, once=once, phone="05551234567", first_name="Şule")
    assert first["Location"] == second["Location"]
    assert len(cases()) == 1


def test_the_same_form_sent_at_the_same_moment_is_one_case(committed_db):
    cast = make_cast()
    cookies = signed_in(cast.secretary).cookies
    gate, once, answers = threading.Barrier(4), str(uuid.uuid4()), []

    def send() -> None:
        client = Client()
        client.cookies = cookies
        gate.wait()
        answers.append(call(client, once=once, phone="05551234567", first_name="Şule")["Location"])
        connections.close_all()

    threads = [threading.Thread(target=send) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 4
    assert len(set(answers)) == 1
    assert len(cases()) == 1


def test_the_next_call_is_another_case(cast: Cast):
    client = signed_in(cast.secretary)
    assert call(client)["Location"] != call(client)["Location"]
    assert len(cases()) == 2


def test_a_case_can_be_routed_at_once_by_the_office(cast: Cast):
    assert call(signed_in(cast.secretary), to=cast.fen.code).status_code == 302
    assert cases()[0].responsible_department_id == cast.fen.pk


def test_a_department_registers_but_does_not_route(cast: Cast):
    client = signed_in(cast.fen_clerk)
    answer = call(client, to=cast.fen.code)
    assert answer.status_code == 302
    complaint = cases()[0]
    assert complaint.responsible_department_id is None
    assert complaint.reference in client.get(answer["Location"]).content.decode()


def test_number_and_code_are_shown_to_whoever_recorded_it_only(cast: Cast):
    address = call(signed_in(cast.fen_clerk))["Location"]
    assert signed_in(cast.park_clerk).get(address).status_code == 404


def test_an_ambiguous_text_chooses_nothing(cast: Cast):
    one = make_category("gurultu", "Gürültü", keywords=["gürültü"], is_ambiguous=True)
    with system():
        for position, department in enumerate((cast.fen, cast.park)):
            one.candidate_rows.create(department=department, position=position)
    found = signed_in(cast.secretary).post(f"{INTAKE}suggest/", {"subject": "Gece gürültü var"}).json()
    assert found["is_ambiguous"]
    assert found["responsible"] == ""
    assert [row["name"] for row in found["departments"]] == ["Fen İşleri", "Park ve Bahçeler"]
    answer = call(signed_in(cast.secretary), subject="Gece gürültü var")
    assert answer.status_code == 302
    assert cases()[0].category is None


def test_without_javascript_a_button_looks(cast: Cast):
    citizen = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    complaint = make_complaint("Açık iş", applicant=citizen)
    body = call(signed_in(cast.secretary), step="look", phone="0555 123 45 67").content.decode()
    assert "İbrahim AĞAOĞLU" in body
    assert complaint.reference in body
    assert "Lamba yanmıyor" in body
    assert len(cases()) == 1


def test_the_number_is_asked_first(cast: Cast):
    body = signed_in(cast.secretary).get(INTAKE).content.decode()
    fields = re.findall(r'<(?:input|select|textarea)[^>]*\bname="(\w+)"', body[body.index('id="call"') :])
    shown = [name for name in fields if name not in {"csrfmiddlewaretoken", "once", "citizen"}]
    assert shown[:3] == ["phone", "first_name", "last_name"]
    assert re.search(r'<input[^>]*name="phone"[^>]*autofocus|<input[^>]*autofocus[^>]*name="phone"', body)
