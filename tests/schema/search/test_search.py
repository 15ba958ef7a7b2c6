"""Search across everything: each kind by what it is called, whatever the spelling, to whom it may be shown."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.contacts import actions as contacts
from backend.core.session import system
from backend.core.words.text import tr_lower
from backend.events.models import TeamMember
from backend.journal.models import AccessLog
from permissions.core import scope
from permissions.search import Field, Hit, Kind, searching
from schema.core.nodes import global_id
from tests.cast import Cast
from tests.days import DAY, day
from tests.factories import (
    at,
    make_agreement,
    make_citizen,
    make_complaint,
    make_engagement,
    make_entry,
    make_event,
    make_guest,
    make_instruction,
    make_invitation,
    make_organisation,
    make_request,
    make_role,
    receive_letter,
)
from tests.schema.client import errors_of

ASKED = """query($text: String!, $kinds: [SearchKind!], $first: Int! = 50) {
  search(text: $text, kinds: $kinds, first: $first) {
    kind reference title matched excerpt node { id ... on Complaint { subject } ... on Citizen { fullName } }
  }
}"""


def found(asking, text: str, **more) -> list[dict]:
    return asking.data(ASKED, text=text, **more)["search"]


def kinds(asking, text: str, **more) -> list[str]:
    return [hit["kind"] for hit in found(asking, text, **more)]


@pytest.fixture
def everything(cast: Cast) -> dict[str, object]:
    """One of each kind with the same word; the department of public works has some of them."""
    person = make_citizen("Işıl", "Çınaraltı", phone="+905551234567")
    mayors = cast.mayors
    partner = make_organisation("Çınaraltı Ticaret", "COMPANY", departments=(cast.fen,))
    return {
        "COMPLAINT": make_complaint("Çınaraltı Caddesi karanlık", to=cast.fen, applicant=person),
        "CITIZEN": person,
        "LETTER": receive_letter(cast.office, by=cast.secretary, subject="Çınaraltı Hakkında"),
        "INSTRUCTION": make_instruction(
            mayors, cast.fen, "Çınaraltı meydanı aydınlatılsın.", by=cast.secretary
        ),
        "ENTRY": make_entry(mayors, "Çınaraltı gezisi", at(DAY)),
        "REQUEST": make_request(mayors, "Çınaraltı pazarı", applicant=make_citizen("Nil", "Gezer")),
        "INVITATION": make_invitation(mayors, "Çınaraltı şenliği"),
        "EVENT": make_event(mayors, "Çınaraltı Parkı açılışı", by=cast.secretary),
        "ORGANISATION": partner,
        "ENGAGEMENT": make_engagement(mayors, "Çınaraltı görüşmesi", by=cast.secretary),
        "AGREEMENT": make_agreement(cast.fen, title="Çınaraltı protokolü"),
    }


FENS = {"COMPLAINT", "CITIZEN", "INSTRUCTION", "ORGANISATION", "AGREEMENT"}


@pytest.mark.parametrize("text", ["çınaraltı", "CINARALTI", "ÇINARALT", "çinaraltı"])
def test_each_finds_what_they_see_and_nothing_else(ask, cast, everything, text) -> None:
    assert set(kinds(ask.secretary, text)) == set(everything)
    assert set(kinds(ask.fen_clerk, text)) == FENS
    assert kinds(ask.park_clerk, text) == []
    assert kinds(ask.outsider, text) == []
    assert kinds(ask.administrator, text) == []


def test_every_find_names_its_row(ask, everything) -> None:
    hits = {hit["kind"]: hit for hit in found(ask.secretary, "çınaraltı")}
    assert {kind: hit["node"]["id"] for kind, hit in hits.items()} == {
        kind: global_id(row) for kind, row in everything.items()
    }
    assert hits["CITIZEN"]["title"] == hits["CITIZEN"]["node"]["fullName"] == "Işıl ÇINARALTI"
    assert (hits["COMPLAINT"]["matched"], hits["EVENT"]["matched"]) == ("PERSON", "TITLE")


def test_only_the_kinds_that_are_asked_for(ask, everything) -> None:
    assert set(kinds(ask.secretary, "çınaraltı", kinds=["EVENT", "CITIZEN"])) == {"EVENT", "CITIZEN"}
    assert len(found(ask.secretary, "çınaraltı", first=3)) == 3
    assert found(ask.secretary, "çınaraltı", first=0) == []
    for text in ("", "  ", "%", "🙂", "'; --"):
        assert found(ask.secretary, text) == []


@pytest.mark.parametrize("text", ["2026/12", "0555 123 45 67", "çınaraltı", "çinaralti meydani"])
def test_each_kind_may_be_asked_for_alone(ask, everything, text) -> None:
    for kind in everything:
        assert set(kinds(ask.secretary, text, kinds=[kind])) <= {kind}


def test_by_number_however_it_is_written(ask, everything) -> None:
    for kind in ("INSTRUCTION", "REQUEST", "INVITATION", "EVENT", "ENGAGEMENT", "AGREEMENT", "LETTER"):
        number = everything[kind].reference
        for text in (number, tr_lower(number).replace("-", " - "), number.replace("/", " / ")):
            (hit,) = found(ask.secretary, text)
            assert (hit["kind"], hit["reference"], hit["matched"]) == (kind, number, "NUMBER")
    bare = everything["COMPLAINT"].reference
    assert "COMPLAINT" in kinds(ask.secretary, bare)
    assert "INSTRUCTION" in kinds(ask.secretary, everything["INSTRUCTION"].reference.removeprefix("TL-"))
    assert found(ask.fen_clerk, everything["EVENT"].reference) == []


def test_a_case_by_its_number_without_the_year_and_whatever_has_that_word(ask, everything, cast) -> None:
    case = everything["COMPLAINT"]
    number = case.reference.partition("/")[2]
    named = make_complaint(place=f"Karanfil Sokak No: {number}")
    hits = [(hit["kind"], hit["reference"], hit["matched"]) for hit in found(ask.secretary, f" 0{number} ")]
    assert hits[0] == ("COMPLAINT", case.reference, "NUMBER")
    assert ("COMPLAINT", case.reference) not in [
        (hit["kind"], hit["reference"]) for hit in found(ask.park_clerk, number)
    ]
    assert named.reference in [hit["reference"] for hit in found(ask.secretary, number)]


@pytest.mark.parametrize("text", ["0555 123 45 67", "5551234567", "+90 (555) 123-45-67"])
def test_by_telephone_in_any_spelling(ask, everything, text) -> None:
    hits = found(ask.secretary, text)
    assert [(hit["kind"], hit["matched"]) for hit in hits] == [("CITIZEN", "PHONE"), ("COMPLAINT", "PERSON")]
    assert kinds(ask.fen_clerk, text) == ["CITIZEN", "COMPLAINT"]
    assert found(ask.park_clerk, text) == []


def test_by_the_telephone_of_a_partner_or_of_somebody_there(ask, cast) -> None:
    partner = make_organisation("Rumeli Derneği", phone="+902161112233")
    make_role(partner, make_citizen("Suna", "Ak"), phone="+905551112233")
    assert kinds(ask.secretary, "0216 111 22 33") == ["ORGANISATION"]
    assert kinds(ask.office_head, "0555 111 22 33") == ["ORGANISATION"]
    assert found(ask.fen_clerk, "0216 111 22 33") == []


def test_a_merged_record_is_found_by_its_old_name_through_the_one_that_stands_for_it(ask, cast) -> None:
    standing, old = make_citizen("Nermin", "Taş"), make_citizen("Nermin", "Köseoğlu")
    older = make_citizen("Nermin", "Kösedağ")
    case = make_complaint("Çukur", to=cast.fen, applicant=old)
    with system():
        contacts.merge(older, into=old, by=None)
        contacts.merge(old, into=standing, by=None)
    assert set(kinds(ask.secretary, "köseoğlu")) == {"CITIZEN", "COMPLAINT"}
    (hit,) = found(ask.secretary, "köseoğlu", kinds=["CITIZEN"])
    assert (hit["kind"], hit["title"], hit["matched"]) == ("CITIZEN", "Nermin TAŞ", "PERSON")
    assert hit["excerpt"] == "Nermin KÖSEOĞLU"
    assert hit["node"]["id"] == global_id(standing)
    assert [hit["title"] for hit in found(ask.secretary, "kösedağ", kinds=["CITIZEN"])] == ["Nermin TAŞ"]
    assert [hit["title"] for hit in found(ask.secretary, "nermin", kinds=["CITIZEN"])] == ["Nermin TAŞ"]
    # A row of another kind may bear the same number as the person who was found.
    at_once = {"key": case.key, "at": case.registered_at, "status": "", "number": "", "title": "Çukur"}
    told = {"row": standing.pk, "matched": Field.PERSON, "excerpt": "Çukur", "person": ""}
    hits = [Hit(kind=kind, **at_once, **told) for kind in (Kind.CITIZEN, Kind.COMPLAINT)]
    with scope.session(cast.secretary):
        shown = searching._with_former_names(hits, searching.SearchQuery.of("köseoğlu"))
    assert [hit.excerpt for hit in shown] == ["Nermin KÖSEOĞLU", "Çukur"]
    # The department of the case knows the record that its case was given; not to whom that leads.
    assert [(hit["kind"], hit["node"]["id"]) for hit in found(ask.fen_clerk, "köseoğlu")] == [
        ("COMPLAINT", global_id(case))
    ]


@pytest.mark.parametrize("text", ["çınaraltu", "cınaralrı", "çınraltı"])
def test_a_letter_typed_wrong_is_forgiven_where_nothing_is_found(ask, everything, text) -> None:
    assert set(kinds(ask.secretary, text)) == set(everything)
    assert set(kinds(ask.fen_clerk, text)) == FENS
    assert kinds(ask.park_clerk, text) == []


def test_nothing_like_it_is_told_where_something_is_found(ask, everything) -> None:
    make_complaint("Çınaralta yolu")
    assert [hit["title"] for hit in found(ask.secretary, "çınaralta")] == ["Çınaralta yolu"]


def test_what_fits_best_stands_first_then_the_newest(ask, cast) -> None:
    person = make_citizen("Meltem", "Akça")
    make_complaint("Ağaç devrildi", body="Meltem Sokak'ta ağaç devrildi")
    make_complaint("Meltem Sokak karanlık")
    make_complaint("Çukur", applicant=person)
    hits = found(ask.secretary, "meltem")
    assert [(hit["kind"], hit["matched"]) for hit in hits] == [
        ("CITIZEN", "TITLE"),
        ("COMPLAINT", "PERSON"),
        ("COMPLAINT", "TITLE"),
        ("COMPLAINT", "TEXT"),
    ]
    assert hits[1]["excerpt"] == "Meltem AKÇA"
    assert hits[3]["excerpt"].startswith("Meltem Sokak'ta")


def test_who_asks_to_be_received_is_found_where_they_may_be_known(ask, cast, everything) -> None:
    (hit,) = found(ask.secretary, "gezer", kinds=["REQUEST"])
    assert (hit["matched"], hit["excerpt"]) == ("PERSON", "Nil GEZER")
    assert found(ask.fen_clerk, "gezer") == []


def test_a_hidden_identity_leads_nobody_outside_the_office_to_the_case(ask, cast) -> None:
    person = make_citizen("Işıl", "Çağlayan")
    make_complaint("Çukur", to=cast.fen, applicant=person)
    make_complaint("İhbar", to=cast.fen, applicant=person, identity_hidden=True)
    assert [hit["title"] for hit in found(ask.fen_clerk, "çağlayan", kinds=["COMPLAINT"])] == ["Çukur"]
    assert len(found(ask.secretary, "çağlayan", kinds=["COMPLAINT"])) == 2


def test_who_is_only_a_guest_is_not_looked_up_by_the_team_of_an_event(ask, cast) -> None:
    event = make_event(cast.mayors, "Açılış", by=cast.secretary)
    make_guest(event, "Suna", "Tarhan")
    with system():
        TeamMember.objects.create(event=event, user=cast.fen_clerk, duty="DOOR")
    assert found(ask.fen_clerk, "tarhan") == []
    assert kinds(ask.secretary, "tarhan") == ["CITIZEN"]


def test_a_token_without_contacts_finds_no_person(ask, cast) -> None:
    person = make_citizen("Işıl", "Çağlayan", phone="+905551234567")
    make_complaint("Çukur çağlayan sokakta", to=cast.relations, applicant=person)
    assert kinds(ask.portal, "çağlayan") == ["COMPLAINT"]
    assert found(ask.portal, "0555 123 45 67") == []


def test_confidential_rows_are_found_by_their_readers_only(ask, cast) -> None:
    make_entry(cast.mayors, "Çınaraltı sırrı", at(DAY), by=cast.mayor, readers=(cast.fen_clerk,))
    assert kinds(ask.fen_clerk, "çınaraltı") == ["ENTRY"]
    assert kinds(ask.fen_clerk, "çınaralrı") == ["ENTRY"]
    assert found(ask.secretary, "çınaraltı") == found(ask.secretary, "çınaralrı") == []


def test_the_persons_who_are_shown_are_remembered(ask, cast, everything) -> None:
    with system():
        before = AccessLog.objects.count()
    found(ask.fen_clerk, "işıl")
    with system():
        readings = AccessLog.objects.order_by("pk")[before:]
        assert {reading.purpose for reading in readings} == {"GraphQL: search", "GraphQL"}
        assert all(everything["CITIZEN"].pk in reading.subject_ids for reading in readings)


@pytest.mark.parametrize("text", ["çınaraltı", "0555 123 45 67", "işıl", "çınaralrı"])
def test_the_number_of_statements_does_not_grow_with_what_is_found(ask, cast, everything, text) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            found(ask.secretary, text)
        return len(captured)

    make_request(cast.mayors, "Çınaraltı", applicant=everything["CITIZEN"])
    statements()
    few = statements()
    for number in range(8):
        make_complaint("Çınaraltı Caddesi karanlık", to=cast.fen, applicant=everything["CITIZEN"])
        make_request(cast.mayors, "Çınaraltı", applicant=everything["CITIZEN"])
        make_event(cast.mayors, "Çınaraltı töreni", starts_at=at(day(160 + number)))
    assert statements() == few


def test_nobody_signed_in_is_told_so(ask) -> None:
    assert errors_of(ask.nobody.answer(ASKED, text="x")) == ["UNAUTHENTICATED"]
