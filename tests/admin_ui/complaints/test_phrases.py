"""Approved phrases in the texts of a case: those that fit it, filled in, and put in with and without a script."""

from __future__ import annotations

import pytest

from backend.complaints.models import Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.letters import actions
from backend.letters.wording import Phrase
from backend.outbox.models import Message
from schema.core.nodes import global_id
from tests.cast import Cast, signed_in
from tests.factories import make_category, make_citizen, make_complaint, refetch
from tests.schema.client import Asking, errors_of

CASE = "/admin/complaints/complaint/"
OFFERED = "query($i: ID!, $p: LetterPhrasePart!) { complaintPhrases(id: $i, part: $p) { code text } }"


def keep(cast: Cast, text: str, part: str = "REPLY", **about: object) -> Phrase:
    with system():
        return actions.save_phrase(by=cast.secretary, part=part, text=text, source="Makam onayı", **about)


def texts(person: object, case: Complaint, part: str = "REPLY") -> list[str]:
    found = Asking(person).data(OFFERED, i=global_id(case), p=part)
    return [one["text"] for one in found["complaintPhrases"]]


def test_phrases_of_the_subject_and_the_department_come_first_and_others_not_at_all(cast: Cast) -> None:
    lamps, parks = make_category("lamba"), make_category("park")
    keep(cast, "Herkese.", position=1)
    keep(cast, "Lambaya.", category=lamps)
    keep(cast, "Fen İşlerine.", department=cast.fen, position=200)
    keep(cast, "Parka.", category=parks)
    keep(cast, "Park müdürlüğüne.", department=cast.park)
    keep(cast, "Nota.", part="NOTE")
    case = make_complaint(to=cast.fen, category=lamps)
    assert texts(cast.fen_clerk, case) == ["Lambaya.", "Fen İşlerine.", "Herkese."]
    assert texts(cast.fen_clerk, case, "NOTE") == ["Nota."]
    assert texts(cast.fen_clerk, case, "BODY") == [], "what is for letters"


def test_the_case_fills_in_its_places_and_names_only_whom_the_writer_may_know(cast: Cast) -> None:
    keep(cast, "{{hitap}}, {{başvuru no}} sayılı başvurunuz {{birim}} tarafından incelendi ({{mahalle}}).")
    somebody = make_citizen("Ayşe", "Işık")
    case = make_complaint(to=cast.fen, applicant=somebody)
    hidden = make_complaint(to=cast.fen, applicant=somebody, identity_hidden=True)
    unknown = make_complaint(to=cast.park, applicant=somebody)
    end = f"{case.reference} sayılı başvurunuz {cast.fen.name} tarafından incelendi ({{{{mahalle}}}})."
    assert texts(cast.secretary, case) == [f"Sayın Ayşe IŞIK, {end}"]
    assert texts(cast.park_clerk, unknown)[0].startswith("Sayın Başvuru Sahibi, ")
    assert texts(cast.secretary, hidden)[0].startswith("Sayın Başvuru Sahibi, ")
    assert errors_of(Asking(cast.park_clerk).answer(OFFERED, i=global_id(case), p="REPLY")) == ["NOT_FOUND"]


@pytest.mark.parametrize("text", ["{{şifre}}", "{{başvuru no", "{{#yer}}x"])
def test_a_place_that_no_case_fills_in_is_refused(cast: Cast, text: str) -> None:
    with pytest.raises(DomainError) as refused:
        keep(cast, text)
    assert (refused.value.code, refused.value.field) == (ErrorCode.INVALID, "text")


def test_what_a_phrase_left_open_is_not_handed_in_and_goes_to_no_citizen(cast: Cast) -> None:
    keep(cast, "{{yer}} adresinde inceleme yapılmıştır.")
    case = make_complaint(
        to=cast.fen, accepted_by=cast.fen_clerk, applicant=make_citizen(email="ayse@example.org")
    )
    clerk, page = signed_in(cast.fen_clerk), f"{CASE}{case.key}/"
    body = texts(cast.fen_clerk, case)[0]
    assert body == "{{yer}} adresinde inceleme yapılmıştır.", "what the case does not say"
    assert clerk.post(f"{page}draft/", {"body": body, "version": case.version}).status_code == 302, (
        "it is a draft"
    )
    refused = clerk.post(f"{page}submit/", {"version": refetch(case).version}, follow=True)
    assert "“{{yer}}” doldurulmamış" in refused.content.decode()
    assert refetch(case).status == case.status
    whole = {"body": "Gül Sokak adresinde inceleme yapılmıştır.", "version": refetch(case).version}
    assert clerk.post(f"{page}draft/", whole).status_code == 302
    assert clerk.post(f"{page}submit/", {"version": refetch(case).version}).status_code == 302
    office = signed_in(cast.secretary)
    for verb in ("correct_reply", "approve_and_send", "message"):
        answer = office.post(
            f"{page}{verb}/",
            {"body": f"Sayın ilgili, {body}", "means": "EMAIL", "version": refetch(case).version},
        )
        assert "“{{yer}}” doldurulmamış" in answer.content.decode(), verb
    assert refetch(case).status == "ANSWERED"
    with system():
        assert not Message.objects.filter(purpose__startswith="complaint").exists()


@pytest.mark.parametrize("open_place", ["{{yer}}", "{{yer", "yer}}"])
def test_no_door_of_graphql_sends_an_open_place(cast: Cast, open_place: str) -> None:
    """Refused at the field in which it was written."""
    with system():
        person = make_citizen(email="ayse@example.org", address="Gül Sokak 1")
    case = make_complaint(
        to=cast.fen,
        accepted_by=cast.fen_clerk,
        applicant=person,
        kind="INFORMATION_REQUEST",
        channel="WEB",
        regime="INFORMATION_4982",
    )
    office, text = Asking(cast.secretary), f"Konu {open_place} incelenmiştir."
    inputs = {
        "complaintMessage": ("body", {"body": text}),
        "complaintReject": ("reason", {"reason": text}),
        "complaintExtend": ("reason", {"reason": text, "notifiedOn": None}),
    }
    for mutation, (field, fields) in inputs.items():
        answer = office.does(
            mutation, id=global_id(case), version=refetch(case).version, means="EMAIL", **fields
        )
        errors = answer["errors"]
        assert [(one["code"], one["field"]) for one in errors] == [("INVALID", field)], (mutation, errors)
    assert refetch(case).is_open
    with system():
        assert not Message.objects.filter(
            purpose__startswith="complaint", body__contains="incelenmiştir"
        ).exists()


def test_the_office_keeps_them_and_a_department_reads(cast: Cast) -> None:
    page = "/admin/letters/phrase/new/"
    new = {
        "part": "REPLY",
        "text": "{{yer}} onarıldı.",
        "source": "Makam",
        "position": "5",
        "valid_from": "01.01.2026",
    }
    fen = {"department": cast.fen.code}
    assert signed_in(cast.fen_clerk).post(page, new | fen).status_code == 403
    assert signed_in(cast.secretary).post(page, new | fen).status_code == 302
    case = make_complaint(to=cast.fen, place="Gül Sokak No: 3")
    assert texts(cast.fen_clerk, case) == ["Gül Sokak No: 3 onarıldı."]
    phrase = Phrase.objects.get()
    assert (
        f'value="{cast.fen.code}" selected'
        in signed_in(cast.secretary).get(f"/admin/letters/phrase/{phrase.key}/change/").content.decode()
    )


def test_without_a_script_the_server_puts_the_phrase_in_and_does_nothing(cast: Cast) -> None:
    phrase = keep(cast, "Onarıldı: {{başvuru no}}.")
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    clerk = signed_in(cast.fen_clerk)
    opened = clerk.get(f"{CASE}{case.key}/change/?do=draft").content.decode()
    assert f'data-text="Onarıldı: {case.reference}."' in opened
    sent = {"body": "İlk satır.\n", "body_phrase": phrase.code, "phrase": "body", "version": case.version}
    shown = clerk.post(f"{CASE}{case.key}/draft/", sent).content.decode()
    assert f"İlk satır.\nOnarıldı: {case.reference}.</textarea>" in shown
    assert "ok-errors" not in shown
    with system():
        assert not refetch(case).notices.exists()
