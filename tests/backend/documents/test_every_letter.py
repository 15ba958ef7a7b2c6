"""No letter of any script stops a paper: every paper of the product, asked at its door with names and subjects of all
planes of Unicode, is made, and what cannot be printed stands there as a box."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from pypdf import PdfReader

from backend.core.localtime import today
from backend.core.session import system
from backend.core.words.text import clean
from backend.documents import share_picture, typesetting
from backend.greetings import paper as greeting_paper
from backend.greetings.models import Recipient
from backend.letters.actions.writing import Recipient as LetterRecipient
from backend.letters.papers import rendering
from backend.organization.models import Department
from backend.seating.actions import seat_by_rule
from tests.backend.stickers.test_stickers import make_sticker
from tests.cast import Cast, signed_in
from tests.factories import (
    issue_letter,
    make_batch,
    make_category,
    make_citizen,
    make_complaint,
    make_entry,
    make_event,
    make_guest,
    make_instruction,
    make_letter,
    make_plan,
    make_subject_request,
    refetch,
)
from tests.harness.tiers import sample, size

WORD = "Ğ😀👩‍👩‍👧ｆ中가あ\ue000𐰀𠀀اَשׁก்e\u20dd\u0378\U000e0041"
"""Emoji with joiners, CJK, fullwidth, private, Old Turkic, another plane, marks, right to left, unassigned, a tag."""
BACKEND = Path(typesetting.__file__).parents[1]
LONG = 1000
"""So many letters at a time: a paper with the first that is refused is made twice, however many they are."""
PICTURES, PARTS = "share", "parts"
TEMPLATES = {
    "/".join(file.parts[-3:])
    for file in BACKEND.glob("*/templates/*/print/*.typ")
    if file.stem not in (PICTURES, PARTS)
}
Paper = tuple[str, dict[str, Any], bytes]


def _samples() -> Iterator[str]:
    """A part of each block of the first two planes, each 256th code point of the others; marks stand on a letter."""
    for point in (*range(0, 0x20000, size(48, 16)), *range(0x20000, 0x110000, 256), 0x10FFFF):
        letter = chr(point)
        yield f"a{letter}" if unicodedata.category(letter)[0] == "M" else letter


@pytest.fixture
def papers(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[Paper]:
    """Every paper, made at its door of rows that bear WORD; template, values and PDF of each."""
    made: list[Paper] = []
    real = typesetting.pdf

    def pdf(template: str, values: dict[str, Any]) -> bytes:
        made.append((template, values, content := real(template, values)))
        return content

    monkeypatch.setattr(typesetting, "pdf", pdf)
    secretary, head = signed_in(cast.secretary), signed_in(cast.office_head)
    with system():
        Department.objects.filter(pk=cast.fen.pk).update(name=WORD, short_name=WORD)
    cast.fen.refresh_from_db()
    _of_cases(cast, secretary, head)
    _of_letters(cast, secretary)
    _of_events(cast, secretary)
    _of_the_programme(cast, secretary)
    make_sticker(f"Durak {WORD}")
    _fetch(secretary, reverse("admin:stickers_sticker_sheets"), {"which": "new", "free": "0"})
    return made


def _fetch(client: Client, address: str, data: dict[str, str] | None = None) -> None:
    answer = client.get(address) if data is None else client.post(address, data)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf"), address


def _of_cases(cast: Cast, secretary: Client, head: Client) -> None:
    citizen = make_citizen(WORD, WORD, address=WORD)
    kind = make_category("k", WORD)
    make_complaint(WORD, to=cast.fen, by=cast.secretary, applicant=citizen, category=kind)
    _fetch(secretary, "/admin/export/complaints_complaint/", {"format": "PDF", "tab": "all"})
    for address in ("pdf/", "information/pdf/"):
        _fetch(secretary, f"/admin/reports/{address}")
    _fetch(head, f"/admin/contacts/citizen/{citizen.key}/report/pdf/")
    request = make_subject_request(f"{WORD} {WORD}", text=WORD)
    page = f"/admin/retention/subjectrequest/{request.key}/"
    secretary.post(f"{page}identify/", {"version": 1, "identity": "DOCUMENT", "note": ""})
    answer = {
        "outcome": "PARTLY",
        "ground": "LAW",
        "answer": WORD,
        "answer_channel": "POST",
        "answered_on": "",
    }
    head.post(f"{page}answer/", answer | {"version": refetch(request).version})
    _fetch(head, f"{page}answer.pdf")


def _of_letters(cast: Cast, secretary: Client) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary, subject=f"Park Talebi {WORD}")
    letter = issue_letter(letter, by=cast.secretary, signatory=cast.mayor)
    to = {"addressee": str(_first(letter).key), "means": "HAND", "proof": ""}
    deed = reverse("admin:letters_letter_act", args=[letter.key, "dispatch"])
    assert secretary.post(deed, to).status_code == 302
    _fetch(secretary, reverse("admin:letters_letter_handed_pdf"))
    person = [LetterRecipient(kind="PERSON", name=WORD, surname=WORD, address=WORD)]
    words = {"kind": "CONDOLENCE", "salutation": f"Sayın {WORD},", "body": WORD, "closing": "Saygılarımla."}
    issue_letter(
        make_letter(cast.office, cast.mayor, by=cast.secretary, addressees=person, **words),
        by=cast.secretary,
        signatory=cast.mayor,
    )
    batch = make_batch(None, make_citizen(WORD, WORD, address=WORD))
    with system():
        row = Recipient.objects.select_related("citizen", "department", "body").get(batch=batch)
        lines = [greeting_paper.address_lines(row)]
        rendering.envelopes(WORD, lines, "DL")
        rendering.labels(WORD, lines, "L24")
    _fetch(secretary, reverse("admin:greetings_batch_look", args=[batch.key, row.key]))


def _of_events(cast: Cast, secretary: Client) -> None:
    event = make_event(cast.mayors, WORD, kind="RECEPTION")
    make_guest(event, WORD, WORD, rank=1, title=WORD, with_spouse=True, companions=1)
    _fetch(secretary, f"/admin/events/event/{event.key}/cards/", {})
    _fetch(secretary, f"/admin/events/event/{event.key}/report/")
    plan = make_plan(event)
    with system():
        seat_by_rule(refetch(plan), by=None)
    for kind in ("plan", "front", "labels", "cards"):
        _fetch(secretary, f"/admin/seating/seatingplan/{plan.key}/paper/{kind}/")


def _of_the_programme(cast: Cast, secretary: Client) -> None:
    entry = make_entry(cast.mayors, WORD, description=WORD, place=WORD)
    _fetch(secretary, reverse("admin:programme_briefing_pdf", args=[entry.key]))
    make_instruction(cast.mayors, cast.fen, WORD, by=cast.secretary)
    _fetch(secretary, reverse("admin:instructions_instruction_weekly"))


def _first(letter: Any) -> Any:
    with system():
        return letter.addressees.get()


def test_every_paper_is_made_whatever_letters_it_holds(papers: list[Paper]) -> None:
    assert {template for template, _values, _content in papers} == TEMPLATES
    typed = [paper for paper in papers if WORD[0] in str(paper[1])]  # the yearly report is figures alone
    assert {template for template, _values, _content in typed} == TEMPLATES
    for template, _values, content in typed:
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
        assert typesetting.BOX in text, f"{template}: the private letter stands as a box"


def test_every_plane_of_unicode_goes_through_every_paper(papers: list[Paper]) -> None:
    letters = list(_samples())
    chunks = sample(["".join(letters[at : at + LONG]) for at in range(0, len(letters), LONG)], 4)
    assert chunks
    asked = {template: values for template, values, _content in papers if WORD[0] in str(values)}
    for template, values in asked.items():
        left = chunks.copy()

        def placed(text: str, left: list[str] = left) -> str:
            if WORD[0] not in text or not left:
                return text
            letters = left.pop()
            return text.replace(WORD[0], escape(letters) if text.startswith("<svg") else letters)

        while left:
            assert typesetting.pdf(template, typesetting._each_text(values, placed)).startswith(b"%PDF")


def test_what_no_font_has_is_a_box_and_the_rest_stays_as_it_is() -> None:
    asked = {
        "Иванов": "Иванов",
        "Ｙａｚı": "Ｙａｚı",
        "x\ue000y\U000f0000z": "x□y□z",
        "a\u20ddb": None,
        "𠀀": "□",
        "\ufdd0": "□",
        "𐰀𐰁": "𐰀𐰁",
        "한국 中国 にほん": "한국 中国 にほん",
        "😀👍": "😀👍",
        "Հայ ქართ": "Հայ ქართ",
    }
    table = {"lines": [], "headings": ["A"], "widths": [40], "numeric": [False], "empty": "-"}
    for typed, printed in asked.items():
        made = typesetting.pdf("documents/print/table.typ", {**table, "title": "T", "rows": [[typed]]})
        text = PdfReader(io.BytesIO(made)).pages[0].extract_text()
        assert set(printed or "b") <= set(text), ascii(typed)  # right to left stands the other way round


def test_a_letter_in_a_drawing_never_becomes_markup() -> None:
    """The plain form of “﹤” is “<”, which would break the drawing it stands in."""
    assert typesetting._plain("﹤") == typesetting.BOX
    assert typesetting._plain("ﬁ") == "fi"


def test_a_fault_of_a_template_is_no_letter_and_is_told() -> None:
    import typst

    with pytest.raises(typst.TypstError):
        typesetting.pdf("documents/print/table.typ", {"title": "T"})


def test_a_lone_surrogate_does_not_come_through_the_door(cast: Cast) -> None:
    body = (
        '{"query": "query($q: String!) { search(text: $q) { totalCount } }", "variables": {"q": "\\ud800"}}'
    )
    answer = signed_in(cast.secretary).post("/graphql/", body, content_type="application/json")
    assert answer.status_code < 500
    assert clean("a\ud800b") == "ab"


def test_a_picture_for_social_media_is_drawn_of_them() -> None:
    picture, _mark = share_picture.drawn(WORD, "14.01.2027", WORD)
    assert picture.startswith(b"\x89PNG")


def test_the_pages_that_are_printed_hold_them_too(cast: Cast) -> None:
    secretary = signed_in(cast.secretary)
    case = make_complaint(WORD, to=cast.fen, by=cast.secretary)
    make_entry(cast.mayors, WORD)
    for address in (
        f"/admin/complaints/complaint/{case.key}/receipt/",
        f"/admin/programme/print/?of={cast.mayors.key}&on={today()}",
    ):
        assert secretary.get(address).status_code == 200
