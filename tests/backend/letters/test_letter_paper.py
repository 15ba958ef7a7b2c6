"""The paper of a letter, read by another parser: its words in their order, its fonts, what a reading aid needs."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as configured
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from backend.configuration.checks import crest_can_be_printed
from backend.core.session import system
from backend.letters import drafts
from backend.letters.actions.writing import Enclosed, Recipient, Referred
from backend.letters.models import Letter
from backend.letters.papers import rendering
from backend.organization.models import User
from tests.cast import Cast, signed_in
from tests.factories import issue_letter, make_body, make_letter


def _pdf(letter: Letter) -> PdfReader:
    with system():
        return PdfReader(io.BytesIO(rendering.pdf(drafts.sheet_of(Letter.objects.get(pk=letter.pk)))))


def _text(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def _written(cast: Cast, **facts: Any) -> Letter:
    return make_letter(cast.office, cast.mayor, by=cast.secretary, **facts)


def test_all_parts_stand_on_it_in_their_order(cast: Cast) -> None:
    body = make_body("kaymakamlik", "Sancaktepe Kaymakamlığı", "Kaymakamlık", is_public=True)
    letter = issue_letter(
        _written(
            cast,
            to=body,
            body="İlgi (a) ve (b) yazılar incelenmiş, 1.250 m² alan ağaçlandırılmıştır.\nŞükranlarımızla.",
            closing="Bilgilerinize arz ve rica ederim.",
            addressees=[
                Recipient(body=body),
                Recipient(department=cast.fen),
                Recipient(department=cast.park),
            ],
            references=[
                Referred(on=dt.date(2026, 11, 12), number="E-11111111-010-5"),
                Referred(on=dt.date(2026, 11, 2), author="Ayşe Işık", is_person=True, what="dilekçe"),
            ],
            annexes=[Enclosed("Kroki", "1 sayfa"), Enclosed("Keşif özeti", "3 sayfa")],
        ),
        by=cast.secretary,
        signatory=cast.mayor,
    )
    text = _text(_pdf(letter))
    parts = [
        "T.C.",
        "SANCAKTEPE BELEDİYE BAŞKANLIĞI",
        "Özel Kalem Müdürlüğü",
        letter.document_number,
        "Park Talebi",
        "DAĞITIM YERLERİNE",
        "a) Ayşe IŞIK’ın 02.11.2026 tarihli dilekçesi.",
        "b) 12.11.2026 tarihli ve E-11111111-010-5 sayılı yazınız.",
        "1.250 m² alan ağaçlandırılmıştır.",
        "Bilgilerinize arz ve rica ederim.",
        "Ülkü ÖZTÜRK",
        "Belediye Başkanı",
        "1- Kroki (1 sayfa)",
        "2- Keşif özeti (3 sayfa)",
        "Sancaktepe Kaymakamlığına",
        "Fen İşleri Müdürlüğüne",
        "Bu belge, güvenli elektronik imza ile imzalanmıştır.",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, parts[places.index(-1)]
    assert places == sorted(places)
    assert "TASLAK" not in text


def test_until_it_has_its_number_it_is_a_draft_for_the_ebys_and_bears_no_words_of_a_signature(
    cast: Cast,
) -> None:
    """m.17/3, m.23/1, law 5070: an E and the words stand only on what was signed electronically."""
    facts = {"by": cast.secretary, "signatory": cast.mayor}
    waiting = _text(_pdf(issue_letter(_written(cast), numbered=False, **facts)))
    assert "TASLAK – EBYS’ye" in waiting
    by_hand = issue_letter(_written(cast, medium="Z"), numbered=False, **facts)
    paper = _text(_pdf(by_hand))
    assert by_hand.document_number in paper
    for text in (waiting, paper):
        for words in ("E-24312041", "elektronik imza", "e-imzalıdır", "Belge doğrulama kodu"):
            assert words not in text
    assert "TASLAK" not in paper


def test_a_code_to_verify_it_by_stands_on_what_is_sealed(cast: Cast, certificate: Path) -> None:
    letter = issue_letter(_written(cast), by=cast.secretary, signatory=cast.mayor)
    assert letter.verification in _text(_pdf(letter))


def test_its_fonts_are_in_it_and_it_is_tagged_turkish(cast: Cast) -> None:
    reader = _pdf(_written(cast))
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/Lang"] == "tr-TR"
    assert catalog["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in catalog["/Metadata"].get_data()
    assert b"pdfaid" in catalog["/Metadata"].get_data()
    fonts = [
        font.get_object()
        for page in reader.pages
        for font in page["/Resources"]["/Font"].get_object().values()  # type: ignore[index]
    ]
    assert fonts
    for font in fonts:
        inner = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert "LiberationSerif" in inner["/FontName"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(inner)


def test_it_is_a4_and_a_draft_bears_neither_number_nor_code(cast: Cast) -> None:
    reader = _pdf(_written(cast))
    assert [round(float(x)) for x in reader.pages[0].mediabox[2:]] == [595, 842]
    assert "E-24312041" not in _text(reader)
    assert "Belge doğrulama kodu" not in _text(reader)


def test_a_long_letter_counts_its_pages(cast: Cast) -> None:
    reader = _pdf(_written(cast, body="\n".join(["Uzun bir paragrafın sözleri burada yer alır. " * 12] * 12)))
    assert len(reader.pages) > 1
    assert f"1 / {len(reader.pages)}" in _text(reader)


def test_a_letter_of_the_makam_has_no_number_on_it(cast: Cast) -> None:
    letter = issue_letter(
        _written(
            cast,
            kind="CONDOLENCE",
            salutation="Sayın Ayşe IŞIK,",
            body="Acınızı paylaşır, sabır dilerim.",
            closing="Saygılarımla.",
            addressees=[Recipient(kind="PERSON", name="Ayşe", surname="Işık", address="Emek Mah.")],
        ),
        by=cast.secretary,
        signatory=cast.mayor,
    )
    text = _text(_pdf(letter))
    assert "SANCAKTEPE BELEDİYE BAŞKANI" in text
    assert "Sayın Ayşe IŞIK, Acınızı" in text
    assert "Sayı" not in text.replace("Sayın", "")
    assert "KEP" not in text


def test_whom_to_ask_stands_with_name_title_and_telephone(cast: Cast) -> None:
    """Regulation on correspondence m.24/1."""
    with system():
        User.objects.filter(pk=cast.secretary.pk).update(title="Özel kalem personeli", phone="+902161234567")
    text = _text(_pdf(_written(cast)))
    assert "Bilgi için: Zeynep ARSLAN, Özel Kalem Personeli · Tel.: (0216) 123 45 67" in text
    with system():
        User.objects.filter(pk=cast.secretary.pk).update(phone="")
    assert f"Tel.: {configured.MUNICIPALITY_PHONE}" in _text(_pdf(_written(cast)))


@pytest.mark.parametrize("kind", ["CONDOLENCE", "CONGRATULATION"])
def test_a_prestige_sheet_has_the_crest_and_room_for_ink_and_no_code(
    cast: Cast, kind: str, tmp_path: Path, settings: Any
) -> None:
    crest = tmp_path / "crest.svg"
    crest.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>')
    settings.MUNICIPALITY_CREST = str(crest)
    person = [Recipient(kind="PERSON", name="Ayşe", surname="Işık", address="Emek Mah.")]
    body = (
        "Acınızı paylaşır, sabır dilerim." if kind == "CONDOLENCE" else "Başarınızı yürekten tebrik ederim."
    )
    words = {"salutation": "Sayın Ayşe IŞIK,", "body": body, "closing": "Saygılarımla."}
    letter = _written(cast, kind=kind, addressees=person, **words)
    reader = _pdf(issue_letter(letter, by=cast.secretary, signatory=cast.mayor))
    text = _text(reader)
    for absent in ("doğrulama", "KEP", "Bilgi için", "TASLAK"):
        assert absent not in text
    assert text.index("SANCAKTEPE BELEDİYE BAŞKANI") < text.index("Sayın Ayşe") < text.index("Ülkü ÖZTÜRK")
    assert len(reader.pages) == 1
    catalog: Any = reader.trailer["/Root"]
    assert _described(catalog["/StructTreeRoot"]) == ["Belediyenin arması"]


def _described(node: Any) -> list[str]:
    """What a reading aid says in place of the pictures."""
    node = node.get_object()
    kids = node.get("/K", []) if isinstance(node, dict) else []
    kids = kids if isinstance(kids, list) else [kids]
    return (
        [str(node["/Alt"])]
        if "/Alt" in node
        else [alt for one in kids if not isinstance(one, int) for alt in _described(one)]
    )


def test_a_crest_that_is_none_is_told_at_the_start(tmp_path: Path, settings: Any) -> None:
    wrong = tmp_path / "crest.svg"
    wrong.write_text("<svg")
    for named in (wrong, tmp_path / "nowhere.png"):
        settings.MUNICIPALITY_CREST = str(named)
        assert [error.id for error in crest_can_be_printed()] == ["configuration.E001"]
    picture = io.BytesIO()
    Image.new("RGB", (40, 60), "navy").save(picture, "PNG")
    wrong.write_bytes(picture.getvalue())
    settings.MUNICIPALITY_CREST = str(wrong)
    assert crest_can_be_printed() == []


def test_its_file_says_what_it_is(cast: Cast) -> None:
    letter = issue_letter(_written(cast), by=cast.secretary, signatory=cast.mayor)
    answer = signed_in(cast.secretary).get(reverse("letter_paper", args=[letter.key]))
    name = quote(f"{letter.document_number} Resmî yazı.pdf")
    assert answer["Content-Disposition"] == f"inline; filename*=utf-8''{name}"


def test_the_file_of_a_condolence_names_whom_it_is_for(cast: Cast) -> None:
    person = [Recipient(kind="PERSON", name="Ömer", surname="ÇALIŞKAN")]
    words = {"salutation": "Sayın Ömer ÇALIŞKAN,", "body": "Acınızı paylaşırım.", "closing": "Saygılarımla."}
    letter = _written(cast, kind="CONDOLENCE", addressees=person, **words)
    letter = issue_letter(letter, by=cast.secretary, signatory=cast.mayor)
    answer = signed_in(cast.secretary).get(reverse("letter_paper", args=[letter.key]))
    number = letter.reference.replace("/", "-")
    assert quote(f"{number} Taziye Ömer Çalışkan.pdf") in answer["Content-Disposition"]


def test_what_somebody_typed_is_never_markup(cast: Cast) -> None:
    typed = '#read("/etc/passwd") $x^2$ *kalın* _eğik_ \\ [a] @b <c> {{d}}'
    assert '#read("/etc/passwd")' in _text(_pdf(_written(cast, body=typed)))


def test_the_same_letter_is_the_same_paper(cast: Cast) -> None:
    letter = _written(cast)
    with system():
        sheet = drafts.sheet_of(Letter.objects.get(pk=letter.pk))
        assert rendering.values(sheet) == rendering.values(sheet)
        assert len(rendering.pages(sheet)) == 1
