"""A case is found by whatever a caller can say, in the list and in the palette, and by nothing one may not know."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.journal.models import AccessLog
from permissions.search import case_search
from tests.cast import Cast, signed_in
from tests.factories import make_citizen, make_complaint

LIST = "/admin/complaints/complaint/"
REFERENCES = re.compile(r'class="ok-reference">(\d+/\d+)</span></a></td>|<span class="font-medium">(\d+/\d+)')


def found(person, text: str, door: str = "list") -> list[str]:
    address, name = (LIST, "q") if door == "list" else ("/admin/search/", "s")
    body = signed_in(person).get(address, {name: text}).content.decode()
    return [one or other for one, other in REFERENCES.findall(body)]


@pytest.fixture
def caller(cast: Cast) -> Citizen:
    return make_citizen("Işıl", "Çağlayan", phone="+905551234567")


@pytest.fixture
def case(cast: Cast, caller) -> Complaint:
    return make_complaint("Kaldırım çöktü", to=cast.fen, applicant=caller)


@pytest.fixture
def others(cast: Cast) -> None:
    for number in range(4):
        make_complaint(f"Park bakımı {number}", to=cast.park)


BY_PERSON = [
    "ışıl",
    "ISIL CAGLAYAN",
    "çağlayan ışıl",
    "Çağl",
    "0555 123 45 67",
    "5551234567",
    "+90 (555) 123-45-67",
]


@pytest.mark.parametrize("door", ["list", "palette"])
@pytest.mark.parametrize("text", [*BY_PERSON, "kaldirim", "çöktü"])
def test_the_office_and_who_may_know_the_person_find_it(cast: Cast, case, others, text, door):
    for person in (cast.secretary, cast.fen_clerk):
        assert found(person, text, door) == [case.reference]


@pytest.mark.parametrize("door", ["list", "palette"])
def test_by_its_number_however_it_is_spaced(cast: Cast, case, others, door):
    for between in (" / ", "-", " – ", " "):
        assert found(cast.fen_clerk, f" {case.year}{between}{case.number} ", door) == [case.reference]


@pytest.mark.parametrize("door", ["list", "palette"])
def test_the_tracking_code_is_for_the_office(cast: Cast, case, others, door):
    for spelling in (case.tracking_code, case.tracking_code.replace("-", " ").lower()):
        assert found(cast.secretary, spelling, door) == [case.reference]
        assert found(cast.fen_clerk, spelling, door) == []


@pytest.mark.parametrize("door", ["list", "palette"])
@pytest.mark.parametrize("text", BY_PERSON)
def test_a_department_that_may_not_know_the_person_does_not_find_by_them(cast: Cast, others, text, door):
    citizen = make_citizen("Işıl", "Çağlayan", phone="+905551234567")
    make_complaint("Ağaç devrildi", to=cast.park, applicant=citizen)
    assert found(cast.park_clerk, text, door) == []
    assert len(found(cast.park_head, text, door)) == 1
    assert found(cast.deputy_mayor, text, door) == []
    assert found(cast.fen_clerk, text, door) == []


@pytest.mark.parametrize("text", BY_PERSON)
def test_who_wants_to_stay_hidden_is_found_by_nobody_outside_the_office(cast: Cast, text):
    citizen = make_citizen("Işıl", "Çağlayan", phone="+905551234567")
    known = make_complaint("Çukur", to=cast.fen, applicant=citizen)
    hidden = make_complaint("İhbar", to=cast.fen, applicant=citizen, identity_hidden=True)
    assert found(cast.fen_clerk, text) == [known.reference]
    assert sorted(found(cast.secretary, text)) == sorted([known.reference, hidden.reference])


def test_a_number_of_a_merged_record_finds_all_cases_of_the_person(cast: Cast, caller, case):
    older = make_citizen("Işıl", "Çağlayan", phone="+905551234568")
    earlier = make_complaint("Lamba", to=cast.fen, applicant=older)
    with system():
        contacts.merge(older, into=caller, by=None)
    assert sorted(found(cast.secretary, "05551234568")) == sorted([case.reference, earlier.reference])


def test_what_fits_best_stands_first_and_then_the_newest(cast: Cast):
    person = make_citizen("Meltem", "Akça")
    in_text = make_complaint("Ağaç", body="Meltem Sokak'ta ağaç devrildi")
    in_subject = make_complaint("Meltem Sokak karanlık")
    newer_subject = make_complaint("Meltem Parkı'nda salıncak kırık")
    of_person = make_complaint("Çukur", applicant=person)
    newest_text = make_complaint("Çöp", body="meltem")
    expected = [row.reference for row in (of_person, newer_subject, in_subject, newest_text, in_text)]
    assert found(cast.secretary, "meltem") == expected
    assert found(cast.secretary, "meltem", "palette") == expected


def test_a_person_found_is_remembered_as_read(cast: Cast, case):
    body = signed_in(cast.fen_clerk).get("/admin/search/", {"s": "Çağlayan"}).content.decode()
    assert "Işıl ÇAĞLAYAN" in body
    with system():
        assert AccessLog.objects.filter(reader=cast.fen_clerk, purpose="admin: search").count() == 1


def test_the_list_remembers_a_person_that_was_found_as_the_palette_does(cast: Cast, case):
    clerk = signed_in(cast.fen_clerk)
    clerk.get("/admin/complaints/complaint/", {"q": "Lamba", "tab": "all"})
    with system():
        assert not AccessLog.objects.exists(), "found by its words, nobody was looked for"
    assert found(cast.fen_clerk, "Çağlayan") == [case.reference]
    with system():
        (reading,) = AccessLog.objects.filter(reader=cast.fen_clerk)
        assert (reading.purpose, reading.subject_ids) == ("admin: search", [case.applicant_id])
    assert "kişiyle arama" in signed_in(cast.office_head).get("/admin/journal/accesslog/").content.decode()


def test_a_hidden_case_found_by_its_words_beside_the_persons_own_does_not_name_them(cast: Cast):
    citizen = make_citizen("Meltem", "Akça")
    known = make_complaint("Çukur", to=cast.fen, applicant=citizen)
    hidden = make_complaint("Meltem Sokak'ta kaçak kat", to=cast.fen, applicant=citizen, identity_hidden=True)
    for text in ("meltem", "Mel"):
        body = signed_in(cast.fen_clerk).get("/admin/search/", {"s": text}).content.decode()
        named = {
            ref: "Meltem AKÇA" in row
            for row in body.split("<li ")[1:]
            for ref in re.findall(r"\d{4}/\d+", row)
        }
        assert named == {known.reference: True, hidden.reference: False}


def test_words_of_the_text_alone_tell_nothing_of_the_person(cast: Cast, case):
    body = signed_in(cast.fen_clerk).get("/admin/search/", {"s": "kaldırım"}).content.decode()
    assert case.reference in body
    assert "ÇAĞLAYAN" not in body


@pytest.mark.parametrize("text", ["çağlayan", "0555 123 45 67", "kaldırım"])
@pytest.mark.parametrize("door", ["list", "palette"])
def test_the_number_of_queries_does_not_grow_with_what_is_found(cast: Cast, caller, case, text, door):
    client = signed_in(cast.fen_clerk)
    address, name = (LIST, "q") if door == "list" else ("/admin/search/", "s")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(address, {name: text})
        return len(captured)

    queries()
    few = queries()
    for _number in range(12):
        make_complaint("Kaldırım çöktü", to=cast.fen, applicant=caller)
    assert queries() == few


def test_more_than_can_be_told_is_said(cast: Cast, monkeypatch):
    monkeypatch.setattr(case_search, "CANDIDATES", 2)
    for _number in range(5):
        make_complaint("Lamba yanmıyor")
    assert len(found(cast.secretary, "lamba")) == 3


def test_the_index_of_names_holds_what_is_asked(cast: Cast):
    """Otherwise the planner could not use it, however many citizens there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('citizen_words'::regclass)")
        held = cursor.fetchone()[0]
        cursor.execute(
            "EXPLAIN SELECT id FROM contacts_citizen"
            " WHERE to_tsvector('simple', coalesce(name_fold, '')) @@ to_tsquery('simple', 'isil:*')"
        )
        asked = "to_tsvector('simple'::regconfig, COALESCE(name_fold, ''::text))"
        assert asked in str([row[0] for row in cursor.fetchall()]).replace("\\'", "'")
    assert f"USING gin ({asked})" in held
