"""A call is taken by keyboard in a minute: the number says who it is, nothing typed is lost, nothing
comes twice.
"""

import re
import threading
import uuid

import pytest
from django.db import connections
from django.test import Client
from django.utils.formats import date_format
from django.utils.timezone import localtime

from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.organization.danger import save_sign
from backend.organization.reference import load
from backend.outbox.models import Message
from tests.cast import Cast, make_cast, signed_in
from tests.factories import make_category, make_citizen, make_complaint, refetch

INTAKE = "/admin/intake/"
CALLER = re.compile(r'name="citizen" value="([^"]*)"')
CHOSEN = re.compile(r'name="citizen" value="([^"]*)"[^>]* checked')


def call(client: Client, **data):
    given = {"once": str(uuid.uuid4()), "kind": "COMPLAINT", "channel": "PHONE", "subject": "Lamba yanmıyor"}
    return client.post(INTAKE, given | data)


def cases() -> list[Complaint]:
    with system():
        return list(Complaint.objects.select_related("applicant", "linked_to").order_by("pk"))


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


def test_the_day_that_is_read_out_is_that_of_the_urgent_case(cast: Cast):
    """What danger makes urgent is due sooner than what was registered a moment before."""
    with system():
        save_sign(by=None, name="Açık rögar", keywords=["açık rögar"], source="Örnek")
    client = signed_in(cast.secretary)
    ordinary = call(client, subject="Lamba yanmıyor")
    urgent = call(client, subject="Okulun önünde açık rögar kapağı, çocuk düşebilir")
    one, other = cases()
    days = [client.get(answer["Location"]).context["target_on"] for answer in (ordinary, urgent)]
    assert other.priority == "URGENT"
    assert days == [one.target_on, other.target_on]
    assert other.target_on < one.target_on


@pytest.mark.parametrize(
    "number", ["05551234567", "+90 555 123 45 67", "0090 555 1234567", "(555) 123-45-67"]
)
def test_any_spelling_of_the_number_says_who_it_is_and_what_is_open(cast: Cast, number):
    citizen = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    complaint = make_complaint("Açık iş", applicant=citizen)
    found = signed_in(cast.secretary).post(f"{INTAKE}who/", {"phone": number}).content.decode()
    assert CALLER.findall(found) == [str(citizen.key), ""]
    assert "İbrahim AĞAOĞLU" in found
    assert complaint.reference in found


def test_the_number_never_stands_in_an_address(cast: Cast):
    assert signed_in(cast.secretary).get(f"{INTAKE}who/?phone=05551234567").status_code == 405


def test_a_department_learns_nothing_of_strangers(cast: Cast):
    make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    client = signed_in(cast.park_clerk)
    known, new = (client.post(f"{INTAKE}who/", {"phone": f"055512345{n}"}).content for n in (67, 68))
    assert known == new
    assert CALLER.findall(known.decode()) == []


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
    found = signed_in(cast.secretary).post(f"{INTAKE}suggest/", {"subject": "Gece gürültü var"})
    body = found.content.decode()
    assert "Fen İşleri, Park ve Bahçeler" in body
    assert re.findall(r'data-to="([^"]+)" aria-pressed="false"', body) == [cast.fen.code, cast.park.code]
    assert "checked" not in body
    assert 'data-certain=""' in body
    answer = call(signed_in(cast.secretary), subject="Gece gürültü var")
    assert answer.status_code == 302
    assert cases()[0].category is None
    assert cases()[0].responsible_department is None


def test_one_press_makes_one_responsible_and_the_others_work_along(cast: Cast):
    answer = call(signed_in(cast.secretary), to=cast.fen.code, together=[cast.fen.code, cast.park.code])
    assert answer.status_code == 302
    complaint = cases()[0]
    assert complaint.responsible_department_id == cast.fen.pk
    assert complaint.collaborators == [cast.park.pk]


def test_nobody_works_along_where_nobody_is_responsible(cast: Cast):
    assert call(signed_in(cast.secretary), together=[cast.park.code]).status_code == 302
    assert cases()[0].collaborators == []


# -- whose number it is ------------------------------------------------------------------------------
@pytest.fixture
def ibrahim(cast: Cast) -> Citizen:
    return make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567", email="ibrahim@example.org")


def outbox() -> list[str]:
    with system():
        return list(Message.objects.values_list("address", flat=True))


def test_a_number_corrected_after_a_person_was_chosen_does_not_write_the_case_to_them(cast: Cast, ibrahim):
    answer = call(signed_in(cast.secretary), phone="0555 123 45 68", citizen=str(ibrahim.key))
    body = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="id_phone_error"' in body
    assert "İbrahim AĞAOĞLU bu numarayla kayıtlı değil" in body
    assert CHOSEN.findall(body) == []
    assert cases() == []
    assert outbox() == []


def test_the_corrected_number_of_somebody_else_shows_both_and_chooses_neither(cast: Cast, ibrahim):
    other = make_citizen("Şule", "Çınar", phone="+905551234568")
    body = call(signed_in(cast.secretary), phone="0555 123 45 68", citizen=str(ibrahim.key)).content.decode()
    assert CALLER.findall(body) == [str(other.key), str(ibrahim.key), ""]
    assert CHOSEN.findall(body) == []


def test_the_cursor_stands_where_something_is_asked(cast: Cast, ibrahim):
    client = signed_in(cast.secretary)
    focused = re.compile(r'<(?:input|select|textarea)[^>]*name="(\w+)"[^>]* autofocus')
    namesake = call(client, first_name=ibrahim.first_name, last_name=ibrahim.last_name).content.decode()
    assert CALLER.findall(namesake)[0] == str(ibrahim.key)
    assert focused.findall(namesake) == ["citizen"]
    assert focused.findall(call(client, first_name="Şule", subject="").content.decode()) == ["subject"]
    assert focused.findall(client.get(INTAKE).content.decode()) == ["phone"]


def test_an_erased_number_asks_again_too(cast: Cast, ibrahim):
    assert call(signed_in(cast.secretary), citizen=str(ibrahim.key)).status_code == 200
    assert cases() == []


def test_a_known_person_may_call_from_another_number(cast: Cast, ibrahim):
    given = {"phone": "05551234568", "citizen": str(ibrahim.key), "number_is": "ELSEWHERE"}
    assert call(signed_in(cast.secretary), **given, number_seen="05551234568").status_code == 302
    assert cases()[0].applicant_id == ibrahim.pk
    assert refetch(ibrahim).phone.as_e164 == "+905551234567"


def test_a_new_number_is_put_on_record_when_it_is_said_to_be_one(cast: Cast, ibrahim):
    given = {"phone": "05551234568", "citizen": str(ibrahim.key), "number_is": "NEW"}
    assert call(signed_in(cast.secretary), **given, number_seen="05551234568").status_code == 302
    assert cases()[0].applicant_id == ibrahim.pk
    assert refetch(ibrahim).phone.as_e164 == "+905551234568"


def test_what_was_said_of_one_number_does_not_hold_for_the_next(cast: Cast, ibrahim):
    given = {"phone": "05551234569", "citizen": str(ibrahim.key), "number_is": "NEW"}
    assert call(signed_in(cast.secretary), **given, number_seen="05551234568").status_code == 200
    assert refetch(ibrahim).phone.as_e164 == "+905551234567"
    assert cases() == []


def test_a_department_does_not_put_a_new_number_on_record(cast: Cast):
    citizen = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    make_complaint("Çukur", to=cast.fen, applicant=citizen)
    given = {"phone": "05551234568", "citizen": str(citizen.key), "number_seen": "05551234568"}
    client = signed_in(cast.fen_clerk)
    assert "NEW" not in call(client, **given).content.decode()
    assert call(client, **given, number_is="NEW").status_code == 200
    assert refetch(citizen).phone.as_e164 == "+905551234567"
    assert len(cases()) == 1


def test_of_two_who_share_a_number_nobody_is_chosen_by_itself(cast: Cast, ibrahim):
    wife = make_citizen("Şule", "Ağaoğlu", phone="+905551234567")
    client = signed_in(cast.secretary)
    found = client.post(f"{INTAKE}who/", {"phone": "05551234567"}).content.decode()
    assert len(CALLER.findall(found)) == 3
    assert CHOSEN.findall(found) == []
    assert call(client, phone="05551234567").status_code == 200
    assert call(client, phone="05551234567", citizen=str(wife.key)).status_code == 302
    assert cases()[0].applicant_id == wife.pk


def test_the_number_of_a_merged_record_is_a_number_of_the_person(cast: Cast, ibrahim):
    older = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234568")
    with system():
        contacts.merge(older, into=ibrahim, by=None)
    assert call(signed_in(cast.secretary), phone="05551234568", citizen=str(ibrahim.key)).status_code == 302


def test_a_hidden_person_cannot_be_chosen_and_is_as_missing(cast: Cast, ibrahim):
    client = signed_in(cast.park_clerk)
    answers = [
        call(client, once=str(uuid.UUID(int=1)), phone="05551234567", citizen=key)
        for key in (str(ibrahim.key), str(uuid.UUID(int=2)))
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    plain = [re.sub(r'csrf\w+" value="\w+|data-csrf="\w+', "", answer.content.decode()) for answer in answers]
    assert 'id="id_phone_error"' in plain[0]
    assert plain[0] == plain[1]


def test_a_person_looked_up_beforehand_starts_the_form(cast: Cast):
    nameless = make_citizen("Hacer", "Ünal", phone="")
    client = signed_in(cast.secretary)
    body = client.get(f"{INTAKE}?citizen={nameless.key}").content.decode()
    assert CHOSEN.findall(body) == [str(nameless.key)]
    assert call(client, citizen=str(nameless.key)).status_code == 302
    assert cases()[0].applicant_id == nameless.pk


# -- emergencies -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("apartmanda yangın var", ["112"]),
        ("sokakta gaz kokusu geliyor", ["187", "112"]),
        ("GAZ KAÇAĞI VAR", ["187", "112"]),
        ("apartmanda doğalgaz kokusu var", ["187", "112"]),
        ("çocuğu elektrik çarptı", ["112", "186"]),
        ("kaldırımda yaralı biri yatıyor", ["112"]),
    ],
)
def test_an_emergency_says_whom_to_call_before_anything_else(cast: Cast, text, numbers):
    with system():
        load()
    client = signed_in(cast.secretary)
    body = client.post(f"{INTAKE}suggest/", {"subject": text}).content.decode()
    told = re.findall(r'class="ok-emergency-number">(\d+)<', body)
    assert sorted(told) == sorted(numbers)
    assert body.index("ok-emergency") < body.index("data-proposal")
    assert "3071" not in body
    looked = call(client, step="look", subject=text).content.decode()
    assert "ok-emergency-number" in looked


@pytest.mark.parametrize("text", ["lamba yanmıyor", "çöp kokusundan nefes alamıyoruz", "yolda göçük var"])
def test_what_is_no_emergency_raises_no_alarm(cast: Cast, text):
    with system():
        load()
    body = signed_in(cast.secretary).post(f"{INTAKE}suggest/", {"subject": text}).content.decode()
    assert "ok-emergency" not in body


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


# -- the receipt on paper ------------------------------------------------------------------------------
def test_a_petition_without_contact_data_leaves_a_receipt_to_print(cast: Cast):
    client = signed_in(cast.secretary)
    done = client.get(call(client, channel="PETITION", first_name="Hacer")["Location"]).content.decode()
    address = re.search(r'href="([^"]+/receipt/)"', done)
    assert address
    sheet = client.get(address[1]).content.decode()
    complaint = cases()[0]
    told = (
        complaint.reference,
        complaint.tracking_code,
        "Lamba yanmıyor",
        "Hacer",
        "2004/12",
        "ALINDI BELGESİ",
        "SANCAKTEPE BELEDİYE BAŞKANLIĞI",
    )
    for text in (*told, f"{localtime(complaint.registered_at):%d.%m.%Y}"):
        assert text in sheet


def test_the_receipt_bears_the_code_and_is_the_office_s(cast: Cast):
    complaint = make_complaint(to=cast.fen)
    address = f"/admin/complaints/complaint/{complaint.key}/receipt/"
    assert signed_in(cast.fen_clerk).get(address).status_code == 404
    assert signed_in(cast.secretary).get(address).status_code == 200


def test_the_receipt_of_a_tip_off_names_nobody(cast: Cast):
    complaint = make_complaint(identity_hidden=True, applicant=make_citizen("Işıl", "Çağlayan"))
    sheet = signed_in(cast.secretary).get(f"/admin/complaints/complaint/{complaint.key}/receipt/")
    assert "ÇAĞLAYAN" not in sheet.content.decode()


@pytest.mark.parametrize("typed", [{"first_name": "ibra"}, {"first_name": "İBRAHİM", "last_name": "agaog"}])
def test_a_known_person_is_found_by_the_name_that_is_being_typed(cast: Cast, typed):
    citizen = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    found = signed_in(cast.secretary).post(f"{INTAKE}who/", typed).content.decode()
    assert CALLER.findall(found) == [str(citizen.key), ""]
    assert not CHOSEN.findall(found)


def test_nobody_of_a_known_name_is_recorded_again_unless_it_is_said_to_be_another(cast: Cast):
    citizen = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    client = signed_in(cast.secretary)
    asked = call(client, first_name="ibrahim", last_name="AĞAOĞLU")
    assert asked.status_code == 200
    assert CALLER.findall(asked.content.decode()) == [str(citizen.key), ""]
    assert not cases()
    assert call(client, first_name="ibrahim", last_name="AĞAOĞLU", citizen="").status_code == 302
    assert call(client, phone="05551234567", citizen=str(citizen.key)).status_code == 302
    another, same = (case.applicant for case in cases())
    assert same == citizen != another


def test_two_records_of_one_name_and_number_are_proposed_to_be_merged_to_who_may(cast: Cast):
    first = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    second = make_citizen("İbrahim", "Ağaoğlu", phone="+905551234567")
    make_citizen("Ayşe", "Ağaoğlu", phone="+905551234567")
    client = signed_in(cast.secretary)
    found = client.post(f"{INTAKE}who/", {"phone": "05551234567"}).content.decode()
    (one, into) = re.findall(r'citizen/([0-9a-f-]{36})/change/[?]into=([0-9a-f-]{36})"', found)[0]
    assert {one, into} == {str(first.key), str(second.key)}
    assert found.count("?into=") == 1
    page = client.get(f"/admin/contacts/citizen/{one}/change/?into={into}").content.decode()
    assert f'name="into_key" value="{into}"' in page


def test_what_may_be_the_same_matter_is_offered_and_linked_ended_or_set_apart(cast: Cast):
    category = make_category(parent=make_category("yol", "Yol"))
    citizen = make_citizen(phone="")
    earlier = make_complaint("Çukur", place="Yayla Sokak No: 12", category=category, applicant=citizen)
    further = make_complaint("Çukur", place="Yayla Sokak No: 121", category=category)
    client = signed_in(cast.secretary)
    asked = {"subject": "Yol çöktü", "place": "12 yayla sk.", "category": category.code}
    found = client.post(f"{INTAKE}suggest/", asked).content.decode()
    assert re.findall(r'name="link_to" value="([^"]*)"', found) == [str(earlier.key), str(further.key), ""]
    assert "aynı adres, aynı gün, aynı kategori" in found
    assert call(client, **asked, link_to=str(earlier.key), apart=[str(further.key)]).status_code == 302
    assert call(client, **asked, link_to="").status_code == 302
    again = {"link_to": str(earlier.key), "link_as": "MARK_DUPLICATE", "citizen": str(citizen.key)}
    assert call(client, **asked, **again).status_code == 302
    linked, alone, same = cases()[-3:]
    assert (linked.linked_to, linked.apart_from) == (earlier, [further.pk])
    assert (alone.linked_to, alone.apart_from) == (None, [])
    assert (same.duplicate_of_id, same.status) == (earlier.pk, "DUPLICATE")
    theirs = signed_in(cast.fen_clerk).post(f"{INTAKE}suggest/", asked).content.decode()
    assert 'name="link_to"' not in theirs


def test_the_day_by_which_it_is_answered_is_read_to_the_caller(cast: Cast):
    client = signed_in(cast.secretary)
    done = client.get(call(client)["Location"]).content.decode()
    assert date_format(cases()[0].target_on, "j F Y l") in done
