"""Who calls and what is open for them; recording, correcting, merging; every citizen shown is remembered."""

from __future__ import annotations

import pytest
from django.test import override_settings

from backend.core.session import system
from backend.journal.models import AccessLog
from permissions.core import grants
from permissions.core.viewer import WORK
from schema.core.nodes import global_id
from tests.factories import make_citizen, make_complaint, make_neighbourhood
from tests.schema.client import errors_of

BY_PHONE = """query($p: String!) { citizens(phone: $p) { totalCount nodes {
  id fullName phone openComplaints { reference subject } merged { fullName openComplaints { reference } } }
  } }"""


def readings() -> list[AccessLog]:
    with system():
        return list(AccessLog.objects.order_by("id"))


@pytest.mark.parametrize(
    "spelling", ["0532 111 22 33", "+90 (532) 111-22-33", "05321112233", "532 111 2233", "00905321112233"]
)
def test_any_spelling_of_the_number_shows_who_it_is_and_what_is_open(ask, spelling):
    caller = make_citizen("Ayşe", "Işık", phone="+905321112233")
    open_case = make_complaint("Çukur", applicant=caller)
    closed = make_complaint("Eski", applicant=caller)
    ask.secretary.does("complaintWithdraw", id=global_id(closed))
    found = ask.secretary.data(BY_PHONE, p=spelling)["citizens"]
    assert found["totalCount"] == 1
    assert found["nodes"][0]["fullName"] == "Ayşe IŞIK"
    assert found["nodes"][0]["openComplaints"] == [{"reference": open_case.reference, "subject": "Çukur"}]


@pytest.mark.parametrize("wrong", ["153", "abc", "1" * 40])
def test_a_short_code_or_no_number_is_a_clear_error(ask, wrong):
    assert errors_of(ask.secretary.answer(BY_PHONE, p=wrong)) == ["INVALID"]


def test_a_citizen_is_found_by_the_beginning_of_the_name_in_turkish(ask):
    make_citizen("Işıl", "Çelik")
    make_citizen("Ismail", "Demir")
    query = "query($n: String!) { citizens(name: $n) { nodes { fullName } } }"
    assert ask.secretary.data(query, n="isıl  ce")["citizens"]["nodes"] == [{"fullName": "Işıl ÇELİK"}]
    assert len(ask.secretary.data(query, n="IS")["citizens"]["nodes"]) == 2
    assert errors_of(ask.secretary.answer(query, n="  ")) == ["REQUIRED"]
    assert ask.secretary.data(query, n="%")["citizens"]["nodes"] == []


def test_one_way_to_look_up_at_a_time(ask):
    assert errors_of(ask.secretary.answer("{ citizens { totalCount } }")) == ["INVALID"]
    assert errors_of(ask.secretary.answer('{ citizens(name: "a", phone: "b") { totalCount } }')) == [
        "INVALID"
    ]


def test_a_department_finds_only_the_citizens_of_its_own_cases_and_a_clerk_without_the_permission_nobody(
    ask, cast
):
    caller = make_citizen(phone="+905321112233")
    make_complaint(to=cast.park, applicant=caller)
    assert ask.fen_clerk.data(BY_PHONE, p="05321112233")["citizens"]["totalCount"] == 0
    assert ask.park_clerk.data(BY_PHONE, p="05321112233")["citizens"]["totalCount"] == 0
    assert ask.park_head.data(BY_PHONE, p="05321112233")["citizens"]["totalCount"] == 1
    assert ask.deputy_mayor.data(BY_PHONE, p="05321112233")["citizens"]["totalCount"] == 0
    node = "query($i: ID!) { node(id: $i) { id } }"
    assert ask.fen_clerk.data(node, i=global_id(caller)) == {"node": None}


def test_every_citizen_shown_by_whatever_path_is_in_the_read_log_once_an_operation(ask, cast):
    one, two = make_citizen(), make_citizen()
    made = make_complaint(to=cast.fen, applicant=one, on_behalf_of=two)
    make_complaint(to=cast.fen, applicant=one)
    paths = {
        "{ complaints { nodes { applicant { fullName } onBehalfOf { phone } } } }": [one.pk, two.pk],
        f'{{ complaint(reference: "{made.reference}") {{ applicant {{ id }} }} }}': [one.pk],
        f'{{ node(id: "{global_id(two)}") {{ id }} }}': [two.pk],
        f'{{ citizens(phone: "{one.phone}") {{ nodes {{ email }} }} }}': [one.pk],
    }
    for query, persons in paths.items():
        before = len(readings())
        ask.secretary.data(query)
        added = readings()[before:]
        assert [(row.reader_id, row.subject_kind, row.subject_ids) for row in added] == [
            (cast.secretary.pk, "contacts.citizen", persons)
        ], query


def test_where_no_citizen_is_shown_nothing_is_remembered(ask, cast):
    make_complaint(to=cast.park)
    ask.secretary.data("{ complaints { nodes { reference } } }")
    ask.park_clerk.data("{ complaints { nodes { applicant { fullName } } } }")
    assert readings() == []


def test_facts_are_corrected_by_the_office_only_and_null_empties(ask, cast):
    citizen, mahalle = make_citizen(note="Arandı"), make_neighbourhood()
    make_complaint(to=cast.fen, applicant=citizen)
    fields = "citizen { fullName email salutation neighbourhood { name } note }"
    done = ask.secretary.does(
        "citizenCorrect",
        fields,
        id=global_id(citizen),
        lastName="  yılmaz ",
        neighbourhood=global_id(mahalle),
        email="",
        salutation="Sayın Hocam,",
    )
    assert done["citizen"] == {
        "fullName": "Ayşe YILMAZ",
        "email": "",
        "salutation": "Sayın Hocam,",
        "neighbourhood": {"name": "Abdurrahmangazi"},
        "note": "Arandı",
    }
    (refused,) = ask.secretary.does("citizenCorrect", id=global_id(citizen), salutation="{{ad}}")["errors"]
    assert (refused["code"], refused["field"]) == ("INVALID", "salutation")
    done = ask.secretary.does("citizenCorrect", fields, id=global_id(citizen), neighbourhood=None)
    assert done["citizen"]["neighbourhood"] is None
    assert (
        ask.fen_clerk.does("citizenCorrect", id=global_id(citizen), note="x")["errors"][0]["code"]
        == "FORBIDDEN"
    )
    assert (
        ask.park_clerk.does("citizenCorrect", id=global_id(citizen), note="x")["errors"][0]["code"]
        == "NOT_FOUND"
    )


def test_two_records_become_one_and_two_again(ask):
    old, new = make_citizen("Ayse", "Isik", phone="+905321112233"), make_citizen("Ayşe", "Işık")
    make_complaint("Eski kayıt", applicant=old)
    merged = ask.secretary.does(
        "citizenMerge", "citizen { id merged { fullName } }", id=global_id(old), into=global_id(new)
    )
    assert merged["citizen"] == {"id": global_id(new), "merged": [{"fullName": "Ayse ISİK"}]}
    caller = ask.secretary.data(BY_PHONE, p="05321112233")["citizens"]["nodes"]
    assert [row["id"] for row in caller] == [global_id(new)]
    assert len(caller[0]["merged"][0]["openComplaints"]) == 1
    query = "query($f: ComplaintFilter) { complaints(filter: $f) { nodes { subject } } }"
    theirs = ask.secretary.data(query, f={"applicant": global_id(new)})["complaints"]["nodes"]
    assert theirs == [{"subject": "Eski kayıt"}]
    again = ask.secretary.does("citizenUndoMerge", "citizen { id mergedInto { id } }", id=global_id(old))
    assert again["citizen"] == {"id": global_id(old), "mergedInto": None}


def test_the_whole_national_id_is_shown_for_a_purpose_and_remembered_with_it(ask, cast):
    recorded = ask.secretary.does(
        "citizenRecord", "citizen { id nationalIdMasked }", firstName="Fatma", nationalId="10000000146"
    )["citizen"]
    assert recorded["nationalIdMasked"] == "*********46"
    reveal = "citizenRevealNationalId"
    shown = ask.secretary.does(reveal, "nationalId", id=recorded["id"], purpose="Tebligat için")
    assert shown["nationalId"] == "10000000146"
    assert readings()[-1].purpose == "national_id: Tebligat için"
    assert (
        ask.secretary.does(reveal, "nationalId", id=recorded["id"], purpose=" ")["errors"][0]["code"]
        == "REQUIRED"
    )
    assert (
        ask.fen_head.does(reveal, "nationalId", id=recorded["id"], purpose="x")["errors"][0]["code"]
        == "NOT_FOUND"
    )
    query = "query($n: String!) { citizens(nationalId: $n) { nodes { nationalIdMasked } } }"
    assert ask.secretary.data(query, n="10000000146")["citizens"]["nodes"] == [
        {"nationalIdMasked": "*********46"}
    ]


def test_strings_are_cleaned_at_the_door(ask):
    done = ask.secretary.does(
        "citizenRecord",
        "citizen { firstName address }",
        firstName="Ay\u0000s\u0327e\u202e",
        address="a\r\nb\u0007",
    )
    assert done["errors"] == []
    assert done["citizen"]["firstName"] == "Ayşe"
    assert "\u0000" not in done["citizen"]["address"]
    assert "\u0007" not in done["citizen"]["address"]


def test_a_citizen_known_from_one_department_stays_unknown_on_the_case_of_another(ask):
    """The permission is held in Fen İşleri; in Park ve Bahçeler the same clerk works without it."""
    citizen = make_citizen()
    theirs = make_complaint(to=ask.cast.fen, applicant=citizen)
    others = make_complaint(to=ask.cast.park, accepted_by=ask.cast.park_clerk, applicant=citizen)
    with system():
        grants.give(ask.cast.fen_clerk, WORK, ask.cast.park, by=None)
    query = "query ($r: String!) { complaint(reference: $r) { reference applicant { fullName } } }"
    for reads in (True, False):
        with override_settings(GRAPHQL_COMPILED_READS=reads):
            known = ask.fen_clerk.data(query, r=theirs.reference)["complaint"]
            unknown = ask.fen_clerk.data(query, r=others.reference)["complaint"]
        assert known["applicant"] == {"fullName": citizen.full_name}
        assert unknown == {"reference": others.reference, "applicant": None}


def test_whose_a_case_is_shows_neither_by_the_filter_nor_by_the_open_ones_nor_in_a_preview(ask):
    """Of two cases of one citizen the clerk may know whose the first is, and not whose the second."""
    citizen = make_citizen("Ortak", "Kişi")
    theirs = make_complaint(to=ask.cast.fen, applicant=citizen)
    others = make_complaint(to=ask.cast.park, accepted_by=ask.cast.park_clerk, applicant=citizen)
    with system():
        grants.give(ask.cast.fen_clerk, WORK, ask.cast.park, by=None)
    query = """query ($c: ID!, $o: ID!) {
      complaints(filter: {applicant: $c}) { nodes { reference } }
      node(id: $c) { ... on Citizen { openComplaints { reference } } }
      complaintMessagePreview(of: {draft: {id: $o, body: "Bilginize."}}) { body } }"""
    found = ask.fen_clerk.data(query, c=global_id(citizen), o=global_id(others))
    assert found["complaints"]["nodes"] == [{"reference": theirs.reference}]
    assert found["node"]["openComplaints"] == [{"reference": theirs.reference}]
    assert "Bilginize." in found["complaintMessagePreview"]["body"]
    assert "KİŞİ" not in found["complaintMessagePreview"]["body"]
