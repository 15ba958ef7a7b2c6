"""Letters through GraphQL: checked while typed, written, signed, registered, sent; hidden from everybody else.

Acceptance cases 18 to 21 through the public door."""

from __future__ import annotations

from typing import Any

import pytest

from backend.core.localtime import today
from backend.core.session import system
from backend.journal.models import AccessLog
from backend.letters.actions.writing import Recipient
from backend.letters.models import Letter
from backend.protocol import actions as protocol
from schema.core.nodes import encode
from tests.cast import Cast
from tests.factories import (
    GOOD_LETTER,
    issue_letter,
    make_body,
    make_citizen,
    make_complaint,
    make_entry,
    make_file_code,
    make_instruction,
    make_invitation,
    make_letter,
    make_office,
    make_request,
    receive_letter,
)
from tests.schema.client import Asking

CHECK = """
query ($input: LetterCheckInput!) {
  letterCheck(input: $input) {
    faults { code field message remedy article isError } closing { text reasons article } addresseeLines referenceLines
  }
}
"""
LIST = """
query ($search: String, $filter: LetterFilter) {
  letters(search: $search, filter: $filter) {
    totalCount nodes { id subject status reference addresseeNames viewerCan body
      addressees { kind name sentAt } references { number } annexes { title } initials { person { fullName } doneAt }
      lines { verb actor { fullName } } }
  }
}
"""
SHOWN = (
    "letter { id status reference documentNumber registeredOn paperUrl paperSha256 version subject kind"
    " turnOf { fullName }"
    " addressees { id kind name surname purpose means sentAt deliveredOn } initials { person { fullName } doneAt }"
    " references { number isOurs } annexes { title measure } answers { reference } viewerCan }"
    " errors { code field message }"
)


def _say(user: Any, verb: str, **given: Any) -> dict[str, Any]:
    name = f"letter{verb}"
    query = f"mutation ($input: Letter{verb}Input!) {{ {name}(input: $input) {{ {SHOWN} }} }}"
    return Asking(user).data(query, input=given)[name]


def _id(row: Any, name: str = "Letter") -> str:
    return str(encode(name, row.key))


def _check(user: Any, **given: Any) -> dict[str, Any]:
    return Asking(user).data(CHECK, input=given)["letterCheck"]


# -- case 18 -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("office", "capacity", "to", "closing"),
    [
        ("MAYOR", "OWN", ["kaymakam"], "Arz ederim."),
        ("MAYOR", "OWN", ["fen"], "Rica ederim."),
        ("HEAD", "OWN", ["fen"], "Arz ederim."),
        ("MAYOR", "ON_BEHALF", ["fen"], "Rica ederim."),
        ("MAYOR", "OWN", ["igdas"], "Rica ederim."),
        ("MAYOR", "OWN", ["kaymakam", "fen"], "Arz ve rica ederim."),
        ("MAYOR", "OWN", ["ayse"], "Saygılarımla."),
    ],
)
def test_the_closing_is_proposed(cast: Cast, office: str, capacity: str, to: list[str], closing: str) -> None:
    kaymakam = make_body("kaymakamlik", "Sancaktepe Kaymakamlığı", "Kaymakamlık", is_public=True)
    igdas = make_body("igdas", "İstanbul Gaz Dağıtım A.Ş.", "İGDAŞ", is_public=False)
    people: dict[str, dict[str, Any]] = {
        "kaymakam": {"body": _id(kaymakam, "OutsideBody")},
        "fen": {"department": _id(cast.fen, "Department")},
        "igdas": {"body": _id(igdas, "OutsideBody")},
        "ayse": {"kind": "PERSON", "name": "Ayşe", "surname": "Yılmaz"},
    }
    found = _check(
        cast.secretary,
        office=office,
        capacity=capacity,
        signatoryName="Kemal YILDIZ",
        signatoryTitle="Özel Kalem Müdürü",
        addressees=[people[name] for name in to],
    )
    assert found["closing"]["text"] == closing
    assert found["closing"]["article"] == "m. 16/12"
    assert found["closing"]["reasons"]


# -- case 19 -------------------------------------------------------------------------------------------------
def test_a_draft_has_no_number_and_a_wrong_one_is_told(cast: Cast) -> None:
    codes = {fault["code"] for fault in _check(cast.secretary, number="E-24312041-702.03-1")["faults"]}
    assert "number_early" in codes
    letter = issue_letter(
        make_letter(cast.office, cast.mayor, by=cast.secretary), by=cast.secretary, signatory=cast.mayor
    )
    for number in ("24312041-702.03-1", "E-2431204-702.03-1", "E-24312041-702.3-1"):
        (error,) = _say(cast.secretary, "RecordNumber", id=_id(letter), number=number, on="2026-11-25")[
            "errors"
        ]
        assert error["field"] == "number"
    good = {"number": "E-24312041-702.03-1", "on": "2026-11-25"}
    assert _say(cast.secretary, "RecordNumber", id=_id(letter), **good)["errors"] == []
    (error,) = _say(cast.secretary, "Write", id=_id(letter), body="Başka")["errors"]
    assert error["code"] == "WRONG_STATE"


# -- case 20 -------------------------------------------------------------------------------------------------
def test_the_muhatap_is_written_out(cast: Cast) -> None:
    make_body("iski", "İstanbul Su ve Kanalizasyon İdaresi Genel Müdürlüğü", "İSKİ", is_public=True)
    typed = {
        "Sancaktepe Kaymakamlığı": "SANCAKTEPE KAYMAKAMLIĞINA",
        "İSKİ Genel Müdürlüğü": "İSTANBUL SU VE KANALİZASYON İDARESİ GENEL MÜDÜRLÜĞÜNE",
    }
    for name, printed in typed.items():
        found = _check(cast.secretary, addressees=[{"kind": "BODY", "name": name}])
        assert found["addresseeLines"] == [printed]
        flagged = any(fault["code"] == "addressee_short" for fault in found["faults"])
        assert flagged == ("İSKİ" in name)
    person = {"kind": "PERSON", "name": "Ayşe", "surname": "Işık"}
    assert _check(cast.secretary, addressees=[person])["addresseeLines"] == ["Sayın Ayşe IŞIK"]


def test_a_company_is_written_to_by_the_title_it_is_registered_with(cast: Cast) -> None:
    """Kılavuz 11.4 forbids abbreviations of offices only."""
    igdas = make_body("igdas", "İstanbul Gaz Dağıtım Sanayi ve Ticaret A.Ş.", "İGDAŞ", is_public=False)
    found = _check(cast.secretary, addressees=[{"body": _id(igdas, "OutsideBody")}])
    assert found["addresseeLines"] == ["İSTANBUL GAZ DAĞITIM SANAYİ VE TİCARET ANONİM ŞİRKETİNE"]
    assert "addressee_short" not in {fault["code"] for fault in found["faults"]}
    letter = make_letter(
        cast.office, cast.mayor, by=cast.secretary, to=igdas, closing="Gereğini rica ederim."
    )
    assert _say(cast.secretary, "Submit", id=_id(letter))["errors"] == []


# -- case 21 -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"subject": "Park talebi hakkında."}, "subject_stop"),
        ({"confidentiality": "ÖZEL"}, "confidential_ozel"),
        ({"urgency": "ACİL"}, "urgency_unknown"),
        ({"urgency": "GÜNLÜDÜR"}, "dated_without_day"),
        ({"annexes": [{"title": "Rapor", "confidentiality": "HİZMETE ÖZEL"}]}, "confidential_annex"),
    ],
)
def test_faults_are_told_with_their_article(cast: Cast, given: dict[str, Any], code: str) -> None:
    (fault,) = [one for one in _check(cast.secretary, **given)["faults"] if one["code"] == code]
    assert fault["isError"]
    assert fault["article"].startswith("m.")
    assert fault["remedy"]


def test_a_letter_goes_its_way_through_the_public_door(cast: Cast) -> None:
    body = make_body("kaymakamlik", "Sancaktepe Kaymakamlığı", "Kaymakamlık", is_public=True)
    drafted = _say(
        cast.secretary,
        "Draft",
        **GOOD_LETTER,
        fileCode=_id(make_file_code(), "FilePlanCode"),
        signatory=_id(cast.mayor, "StaffMember"),
        signatoryTitle="Belediye Başkanı",
        addressees=[{"body": _id(body, "OutsideBody")}],
        references=[{"writtenOn": "2026-11-02", "number": "E-11111111-010-5"}],
        annexes=[{"title": "Kroki", "measure": "1 sayfa"}],
        initials=[{"person": _id(cast.office_head, "StaffMember")}],
    )
    assert drafted["errors"] == []
    letter = drafted["letter"]
    assert letter["references"] == [{"number": "E-11111111-010-5", "isOurs": False}]
    assert letter["addressees"][0]["name"] == "Sancaktepe Kaymakamlığı"
    id = letter["id"]
    written = _say(
        cast.secretary, "Write", id=id, body="İlgi yazınız incelenmiştir. Yer tahsisi talep edilmektedir."
    )
    assert written["errors"] == []
    assert written["letter"]["annexes"] == [{"title": "Kroki", "measure": "1 sayfa"}]
    assert _say(cast.secretary, "Submit", id=id)["letter"]["turnOf"]["fullName"] == "Kemal Yıldız"
    assert _say(cast.office_head, "Initial", id=id)["letter"]["status"] == "SIGNATURE"
    (error,) = _say(cast.secretary, "Sign", id=id)["errors"]
    assert error["code"] == "FORBIDDEN"
    assert _say(cast.mayor, "Sign", id=id)["letter"]["status"] == "SIGNED"
    registered = _say(cast.secretary, "Register", id=id)["letter"]
    assert registered["documentNumber"] == ""
    assert len(registered["paperSha256"]) == 64
    to = registered["addressees"][0]["id"]
    assert not {"DISPATCH", "CONFIRM"} & set(registered["viewerCan"]), "it has no number yet (m.11)"
    (error,) = _say(cast.secretary, "Dispatch", id=id, addressee=to, means="POST", proof="RR 12")["errors"]
    assert (error["code"], "EBYS" in error["message"]) == ("WRONG_STATE", True)
    day = registered["registeredOn"]
    numbered = _say(cast.secretary, "RecordNumber", id=id, number="E-24312041-752-9912", on=day)["letter"]
    assert numbered["documentNumber"] == "E-24312041-752-9912"
    assert numbered["paperSha256"] != registered["paperSha256"]
    assert {"DISPATCH"} == {"DISPATCH", "CONFIRM"} & set(numbered["viewerCan"])
    sent = _say(cast.secretary, "Dispatch", id=id, addressee=to, means="POST", proof="RR 12")["letter"]
    assert {"CONFIRM"} == {"DISPATCH", "CONFIRM"} & set(sent["viewerCan"])
    assert sent["status"] == "SENT"
    assert (
        _say(cast.secretary, "Confirm", id=id, addressee=to, deliveredOn=day)["letter"]["status"]
        == "DELIVERED"
    )


def test_a_wrong_letter_is_not_put_forward_and_says_why(cast: Cast) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, subject="Park talebi.")
    (error,) = _say(cast.secretary, "Submit", id=_id(letter))["errors"]
    assert (error["code"], error["field"]) == ("INVALID", "subject")
    assert "nokta" in error["message"]


def test_incoming_is_received_referred_answered_or_filed(cast: Cast) -> None:
    given = {"subject": "Görüş Talebi", "sender": "Sancaktepe Kaymakamlığı", "asksFor": "OPINION"}
    came = _say(cast.secretary, "Receive", **given)["letter"]
    assert came["reference"].startswith("GL-")
    seen = _say(cast.secretary, "Refer", id=came["id"], to=_id(cast.park, "Department"))
    assert seen["errors"] == []
    answer = _say(cast.park_clerk, "Reply", id=came["id"])["letter"]
    assert (answer["kind"], answer["answers"]["reference"]) == ("REPLY", came["reference"])
    with system():
        assert Letter.objects.get(answers__reference=came["reference"]).department == cast.park
    filed = _say(cast.secretary, "File", id=came["id"], note="Bilgi için geldi.")["letter"]
    assert filed["status"] == "FILED"


def test_the_list_is_searched_narrowed_and_scoped(cast: Cast) -> None:
    issue_letter(
        make_letter(cast.office, cast.mayor, by=cast.secretary, to=cast.park, subject="Ağaç Bakımı"),
        by=cast.secretary,
        signatory=cast.mayor,
    )
    make_letter(cast.office, cast.mayor, by=cast.secretary, to=cast.park, subject="Taslak")
    receive_letter(cast.office, by=cast.secretary)
    found = Asking(cast.secretary).data(LIST, search="agac")["letters"]
    assert [row["subject"] for row in found["nodes"]] == ["Ağaç Bakımı"]
    incoming = Asking(cast.secretary).data(LIST, filter={"register": ["INCOMING"]})["letters"]
    assert incoming["totalCount"] == 1
    assert [row["subject"] for row in Asking(cast.park_clerk).data(LIST)["letters"]["nodes"]] == [
        "Ağaç Bakımı"
    ]
    for user in (cast.fen_clerk, cast.outsider, cast.administrator):
        assert Asking(user).data(LIST)["letters"] == {"totalCount": 0, "nodes": []}


def test_nobody_writes_in_the_name_of_another_department(cast: Cast) -> None:
    (error,) = _say(cast.park_clerk, "Draft", department=_id(cast.fen, "Department"))["errors"]
    assert (error["code"], error["field"]) == ("FORBIDDEN", "department")
    (error,) = _say(cast.outsider, "Draft")["errors"]
    assert error["code"] == "FORBIDDEN"
    hidden = make_letter(cast.office, cast.mayor, by=cast.secretary)
    for verb in ("Submit", "Sign", "Register"):
        (error,) = _say(cast.park_clerk, verb, id=_id(hidden))["errors"]
        assert (error["code"], error["field"]) == ("NOT_FOUND", "id")


def test_a_template_is_kept_and_begins_a_letter(cast: Cast) -> None:
    save = """
    mutation ($input: LetterTemplateSaveInput!) {
      letterTemplateSave(input: $input) { template { id name body } errors { code field } }
    }
    """
    given = {
        "name": "Taziye",
        "kind": "CONDOLENCE",
        "salutation": "Sayın {{ad}} {{SOYAD}},",
        "body": "{{kim}} için sabır.",
    }
    kept = Asking(cast.secretary).data(save, input=given)["letterTemplateSave"]
    assert kept["errors"] == []
    (error,) = Asking(cast.park_clerk).data(save, input=given | {"name": "X"})["letterTemplateSave"]["errors"]
    assert error["code"] == "FORBIDDEN"
    (error,) = Asking(cast.secretary).data(save, input=given | {"name": "X", "body": "{% include 'x' %}"})[
        "letterTemplateSave"
    ]["errors"]
    assert error == {"code": "INVALID", "field": "body"}
    places = [{"name": n, "value": v} for n, v in (("ad", "Ayşe"), ("soyad", "Işık"), ("kim", "Babanız"))]
    begin = """
    mutation ($input: LetterFromTemplateInput!) {
      letterFromTemplate(input: $input) { letter { salutation body addressees { surname } } errors { code } }
    }
    """
    wanted = {"template": kept["template"]["id"], "places": places, "name": "Ayşe", "surname": "Işık"}
    begun = Asking(cast.secretary).data(begin, input=wanted)["letterFromTemplate"]["letter"]
    assert begun == {
        "salutation": "Sayın Ayşe IŞIK,",
        "body": "Babanız için sabır.",
        "addressees": [{"surname": "Işık"}],
    }
    listed = Asking(cast.fen_clerk).data("{ letterTemplates { nodes { name } } }")["letterTemplates"]
    assert listed == {"nodes": [{"name": "Taziye"}]}


def test_a_letter_is_made_of_a_case_and_of_a_meeting_and_linked_both_ways(cast: Cast) -> None:
    make = """
    mutation ($input: LetterMakeInput!) {
      letterMake(input: $input) {
        letter { id kind subject complaint { subject } entry { title } addressees { citizen { fullName } surname } }
        errors { code field }
      }
    }
    """
    case = make_complaint("Sokak lambası yanmıyor", to=cast.park)
    complaint = {"complaint": _id(case, "Complaint")}
    made = Asking(cast.secretary).data(make, input=complaint)["letterMake"]
    assert made["errors"] == []
    assert (made["letter"]["kind"], made["letter"]["complaint"]) == ("REPLY", {"subject": case.subject})
    assert made["letter"]["addressees"][0]["surname"]
    # Park's clerk sees the case and does not know its citizen; the clerk of Fen does not see the case.
    (error,) = Asking(cast.park_clerk).data(make, input=complaint)["letterMake"]["errors"]
    assert error == {"code": "INVALID", "field": "complaint"}
    (error,) = Asking(cast.fen_clerk).data(make, input=complaint)["letterMake"]["errors"]
    assert error == {"code": "NOT_FOUND", "field": "complaint"}
    found = Asking(cast.secretary).data(LIST, filter=complaint)["letters"]
    assert [row["id"] for row in found["nodes"]] == [made["letter"]["id"]]
    hidden = make_entry(cast.mayors, "Gizli Görüşme", by=cast.mayor, readers=(cast.mayor,))
    (error,) = Asking(cast.secretary).data(make, input={"entry": _id(hidden, "ProgrammeEntry")})[
        "letterMake"
    ]["errors"]
    assert error == {"code": "NOT_FOUND", "field": "entry"}
    open_one = make_entry(cast.mayors, "esnaf ziyareti", by=cast.secretary)
    made = Asking(cast.secretary).data(make, input={"entry": _id(open_one, "ProgrammeEntry")})["letterMake"]
    assert (made["letter"]["subject"], made["letter"]["entry"]) == (
        "Esnaf Ziyareti",
        {"title": "esnaf ziyareti"},
    )


MAKE = """
mutation ($input: LetterMakeInput!) {
  letterMake(input: $input) {
    letter { id kind subject confidentiality department { code } addressees { kind name surname }
      request { subject letters { id } } invitation { title letters { id } }
      instruction { subject letters { id } } entry { title letters { id } } complaint { subject letters { id } } }
    errors { code field }
  }
}
"""


def _made(user: Any, **of: str) -> dict[str, Any]:
    return Asking(user).data(MAKE, input=of)["letterMake"]


def test_a_letter_is_made_of_a_request_without_a_time_and_of_an_invitation(cast: Cast) -> None:
    asked = make_request(cast.mayors, "okul ziyareti", applicant=make_citizen("Ali", "Işık"))
    made = _made(cast.secretary, request=_id(asked, "AppointmentRequest"))
    assert made["errors"] == []
    letter = made["letter"]
    assert letter["subject"] == "Okul Ziyareti"
    assert letter["addressees"] == [{"kind": "PERSON", "name": "Ali", "surname": "Işık"}]
    assert letter["request"] == {"subject": "okul ziyareti", "letters": [{"id": letter["id"]}]}
    invited = make_invitation(cast.mayors, by=cast.secretary)
    letter = _made(cast.secretary, invitation=_id(invited, "Invitation"))["letter"]
    assert letter["addressees"] == [{"kind": "COMPANY", "name": invited.host, "surname": ""}]
    assert letter["invitation"] == {"title": invited.title, "letters": [{"id": letter["id"]}]}
    found = Asking(cast.secretary).data(LIST, filter={"invitation": _id(invited, "Invitation")})["letters"]
    assert [row["id"] for row in found["nodes"]] == [letter["id"]]
    for of in ({}, {"request": _id(asked, "AppointmentRequest"), "invitation": _id(invited, "Invitation")}):
        assert [error["code"] for error in _made(cast.secretary, **of)["errors"]] == ["REQUIRED"]
    for of in ({"request": _id(asked, "AppointmentRequest")}, {"invitation": _id(invited, "Invitation")}):
        assert [error["code"] for error in _made(cast.fen_clerk, **of)["errors"]] == ["NOT_FOUND"]


def test_a_letter_leads_to_an_instruction_and_an_instruction_to_a_letter(cast: Cast) -> None:
    came = receive_letter(cast.office, by=cast.secretary, subject="Ağaçlandırma Talebi")
    give = """
    mutation ($input: InstructionGiveInput!) {
      instructionGive(input: $input) {
        instruction { id letter { subject instructions { id } } } errors { code field }
      }
    }
    """
    given = {
        "principal": _id(cast.mayors, "Principal"),
        "department": _id(cast.park, "Department"),
        "text": "Okulun çevresine ağaç dikilsin.",
        "letter": _id(came),
    }
    done = Asking(cast.secretary).data(give, input=given)["instructionGive"]
    assert done["errors"] == []
    id = done["instruction"]["id"]
    assert done["instruction"]["letter"] == {"subject": "Ağaçlandırma Talebi", "instructions": [{"id": id}]}
    # The department has the instruction and not the letter: it carries it out by one of its own.
    query = f'{{ node(id: "{id}") {{ ... on Instruction {{ letter {{ id }} letters {{ subject }} }} }} }}'
    assert Asking(cast.park_clerk).data(query)["node"] == {"letter": None, "letters": []}
    letter = _made(cast.park_clerk, instruction=id)["letter"]
    assert letter["department"] == {"code": cast.park.code}
    assert letter["instruction"]["letters"] == [{"id": letter["id"]}]
    assert Asking(cast.park_clerk).data(query)["node"]["letters"] == [{"subject": letter["subject"]}]
    (error,) = _made(cast.fen_clerk, instruction=id)["errors"]
    assert error == {"code": "NOT_FOUND", "field": "instruction"}
    (error,) = Asking(cast.secretary).data(give, input=given | {"letter": id})["instructionGive"]["errors"]
    assert error == {"code": "NOT_FOUND", "field": "letter"}


def test_what_comes_of_something_confidential_is_confidential_and_repeats_nothing(cast: Cast) -> None:
    secret = make_instruction(cast.mayors, cast.park, "Gizli iş", by=cast.secretary, is_confidential=True)
    letter = _made(cast.park_clerk, instruction=_id(secret, "Instruction"))["letter"]
    assert (letter["subject"], letter["confidentiality"]) == ("", "SERVICE")
    query = f'{{ node(id: "{letter["id"]}") {{ ... on Letter {{ instruction {{ id }} }} }} }}'
    for user in (cast.secretary, cast.mayor, cast.park_head):
        assert Asking(user).data(query)["node"] is None


def test_the_codes_of_the_file_plan_are_those_of_today(cast: Cast) -> None:
    make_file_code()
    old = make_file_code("902", "Çeşitli")
    with system():
        type(old).objects.filter(pk=old.pk).update(valid_to=old.valid_from)
    codes = Asking(cast.fen_clerk).data("{ filePlanCodes { nodes { code name validFrom validTo } } }")
    assert [row["code"] for row in codes["filePlanCodes"]["nodes"]] == ["752"]


def _readings() -> list[list[int]]:
    with system():
        return [
            row.subject_ids
            for row in AccessLog.objects.filter(subject_kind="contacts.citizen").order_by("id")
        ]


@pytest.mark.parametrize("compiled", [True, False])
def test_whoever_is_shown_to_whom_a_letter_goes_is_remembered_by_whatever_path(
    cast: Cast, settings: Any, compiled: bool
) -> None:
    """Name, address and text tell about the citizen, though no `citizen` is selected."""
    settings.GRAPHQL_COMPILED_READS = compiled
    person, other = make_citizen(), make_citizen("Ali", "Demir")
    to = {"kind": "CONGRATULATION", "addressees": [Recipient(citizen=person), Recipient(citizen=other)]}
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, **to)
    make_letter(cast.office, cast.mayor, by=cast.secretary)
    both = [sorted([person.pk, other.pk])]
    paths = {
        "{ letters { nodes { addressees { name } } } }": both,
        "{ letters { nodes { addressees { kind address email } } } }": both,
        "{ letters { edges { node { addresseeNames } } } }": both,
        f'{{ node(id: "{_id(letter)}") {{ ... on Letter {{ body }} }} }}': both,
        "{ letters { nodes { ... on Letter { greeting: salutation } } } }": both,
        "{ letters { nodes { addressees(first: 1) { surname } } } }": [[person.pk]],
        "{ letters { totalCount nodes { id status addressees { kind } } } }": [],
    }
    for query, persons in paths.items():
        before = len(_readings())
        answer = Asking(cast.secretary).post(query)
        assert '"#"' not in answer.content.decode()
        assert "errors" not in answer.json()
        assert answer["Server-Timing"].startswith('path;desc="compiled"') is compiled
        assert _readings()[before:] == persons, query


def test_who_is_shown_in_the_payload_of_a_letter_is_remembered(cast: Cast) -> None:
    person = make_citizen()
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, addressees=[Recipient(citizen=person)])
    assert _say(cast.secretary, "Write", id=_id(letter), body="Başka bir metin.")["errors"] == []
    assert _readings() == [[person.pk]]


def test_a_letter_of_the_house_is_answered_by_a_department_that_it_went_to(cast: Cast) -> None:
    letter = issue_letter(
        make_letter(cast.office, cast.mayor, by=cast.secretary, to=cast.park, subject="Fidan Sayısı"),
        by=cast.secretary,
        signatory=cast.mayor,
    )
    for user in (cast.secretary, cast.fen_clerk):  # its own writer, and a department that does not see it
        assert _say(user, "Reply", id=_id(letter))["errors"]
    answer = _say(cast.park_clerk, "Reply", id=_id(letter))["letter"]
    assert (answer["kind"], answer["subject"]) == ("REPLY", "Fidan Sayısı")
    assert [one["name"] for one in answer["addressees"]] == [cast.office.name]
    assert answer["references"] == [{"number": letter.document_number, "isOurs": False}]
    with system():
        reply = Letter.objects.get(answers=letter)
        assert (reply.department, reply.register) == (cast.park, "INTERNAL")
    written = {
        "body": "İlgi yazınızda sorulan fidan sayısı 120’dir.",
        "closing": "Bilgilerinize arz ederim.",
        "office": "HEAD",
        "signatory": _id(cast.park_head, "StaffMember"),
        "signatoryTitle": "Müdür",
        "fileCode": _id(make_file_code(), "FilePlanCode"),
    }
    assert _say(cast.park_clerk, "Write", id=answer["id"], **written)["errors"] == []
    for user, verb in ((cast.park_clerk, "Submit"), (cast.park_head, "Sign"), (cast.park_clerk, "Register")):
        assert _say(user, verb, id=answer["id"])["errors"] == []
    query = (
        f'{{ node(id: "{_id(letter)}") {{ ... on Letter {{ status replies {{ id }} lines {{ verb }} }} }} }}'
    )
    found = Asking(cast.secretary).data(query)["node"]
    assert found["status"] == "REGISTERED"
    assert found["replies"] == [{"id": answer["id"]}]
    assert found["lines"][0] == {"verb": "ANSWERED"}


def test_the_library_of_words_is_kept_by_the_office_and_used_while_typing(cast: Cast) -> None:
    phrase = """
    mutation ($input: LetterPhraseSaveInput!) {
      letterPhraseSave(input: $input) { phrase { id text kinds part closing source validTo } errors { code field } }
    }
    """
    form = """
    mutation ($input: LetterFormOfAddressSaveInput!) {
      letterFormOfAddressSave(input: $input) { formOfAddress { office salutation } errors { code field } }
    }
    """
    sorry = {"part": "OPENING", "text": "Vefat haberini derin üzüntüyle öğrendim.", "source": "Makam onayı"}
    kept = Asking(cast.secretary).data(phrase, input=sorry | {"kinds": ["CONDOLENCE"]})["letterPhraseSave"]
    assert kept["errors"] == []
    assert (kept["phrase"]["kinds"], kept["phrase"]["closing"]) == (["CONDOLENCE"], None)
    for wrong, field in (
        (sorry | {"kinds": ["CONGRATULATION"]}, "text"),
        (sorry | {"part": "CLOSING", "closing": "ARZ"}, "text"),
        (sorry | {"source": " "}, "source"),
        (sorry | {"validFrom": "2026-05-02", "validTo": "2026-05-01"}, "validTo"),
    ):
        (error,) = Asking(cast.secretary).data(phrase, input=wrong)["letterPhraseSave"]["errors"]
        assert error["field"] == field
    (error,) = Asking(cast.park_clerk).data(phrase, input=sorry)["letterPhraseSave"]["errors"]
    assert error["code"] == "FORBIDDEN"
    closing = {"part": "CLOSING", "closing": "SAYGI", "text": "Saygılarımla.", "source": "m.16/12"}
    assert Asking(cast.secretary).data(phrase, input=closing)["letterPhraseSave"]["errors"] == []
    greeting = {"office": "Kaymakam", "salutation": "Sayın Kaymakamım,", "source": "Teamül"}
    done = Asking(cast.secretary).data(form, input=greeting)["letterFormOfAddressSave"]
    assert done == {"formOfAddress": {"office": "Kaymakam", "salutation": "Sayın Kaymakamım,"}, "errors": []}
    typed = {
        "kind": "CONDOLENCE",
        "salutation": "Sayın Ali YILMAZ,",
        "body": "Vefat haberini derin üzüntüyle öğrendim.",
        "closing": "En derin saygılarımla.",
        "addressees": [
            {"kind": "PERSON", "name": "Ali", "surname": "Yılmaz", "title": "Sancaktepe Kaymakamı"}
        ],
    }
    query = """
    query ($input: LetterCheckInput!) {
      letterCheck(input: $input) {
        salutation phrases addresseeLines closing { phrases } faults { code remedy isError }
      }
    }
    """
    found = Asking(cast.secretary).data(query, input=typed)["letterCheck"]
    assert found["salutation"] == "Sayın Kaymakamım,"
    assert found["phrases"] == [sorry["text"]]
    assert found["addresseeLines"] == ["Sayın Ali YILMAZ", "Sancaktepe Kaymakamı"]
    assert found["closing"]["phrases"] == ["Saygılarımla."]
    hints = {one["code"]: one for one in found["faults"] if not one["isError"]}
    assert {"salutation_office", "closing_unapproved"} <= set(hints)
    assert "Sayın Kaymakamım," in hints["salutation_office"]["remedy"]
    listed = Asking(cast.fen_clerk).data(
        "{ letterPhrases(kind: CONDOLENCE, part: OPENING) { nodes { text } } letterFormsOfAddress { totalCount } }"
    )
    assert listed["letterPhrases"]["nodes"] == [{"text": sorry["text"]}]
    assert listed["letterFormsOfAddress"] == {"totalCount": 1}


def test_an_office_of_the_protocol_is_written_to_by_whoever_holds_it_today(cast: Cast) -> None:
    office = make_office("Kaymakam", address_form="Sayın Kaymakamım,")
    person = make_citizen("Ali", "Işık")
    with system():
        protocol.appoint(office, by=None, person=person, valid_from=today())
    to = {"kind": "OFFICE", "addressees": [{"office": _id(office, "ProtocolOffice")}]}
    query = """
    mutation ($input: LetterDraftInput!) {
      letterDraft(input: $input) {
        letter { addressees { name surname title citizen { fullName } } } errors { code field }
      }
    }
    """
    made = Asking(cast.secretary).data(query, input=to)["letterDraft"]
    assert made["errors"] == []
    assert made["letter"]["addressees"] == [
        {"name": "Ali", "surname": "Işık", "title": "Kaymakam", "citizen": {"fullName": "Ali IŞIK"}}
    ]
    check = "query ($input: LetterCheckInput!) { letterCheck(input: $input) { salutation addresseeLines } }"
    assert Asking(cast.secretary).data(check, input=to)["letterCheck"] == {
        "salutation": "Sayın Kaymakamım,",
        "addresseeLines": ["Sayın Ali IŞIK", "Kaymakam"],
    }
    # Who holds it is a person's row, which a department does not see; an empty chair has nobody to write to.
    (error,) = Asking(cast.park_clerk).data(query, input=to)["letterDraft"]["errors"]
    assert error == {"code": "INVALID", "field": "addressees"}
    empty = {"addressees": [{"office": _id(make_office("Müftü"), "ProtocolOffice")}]}
    (error,) = Asking(cast.secretary).data(query, input=empty)["letterDraft"]["errors"]
    assert error == {"code": "INVALID", "field": "addressees"}
