"""The seal of a registered letter: made of a certificate of our own, so that it is shown as invalid (geçersiz)."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pyhanko.pdf_utils.reader import PdfFileReader
from pypdf import PdfReader

from backend.core.errors import DomainError
from backend.core.session import system
from backend.letters import checks
from backend.letters.models import Letter
from backend.letters.papers import rendering, seal
from tests.cast import Cast, signed_in
from tests.factories import issue_letter, make_letter


def _issued(cast: Cast) -> Letter:
    return issue_letter(
        make_letter(cast.office, cast.mayor, by=cast.secretary), by=cast.secretary, signatory=cast.mayor
    )


def _content(letter: Letter) -> bytes:
    with system(), letter.paper.open("rb") as file:
        return bytes(file.read())


def test_a_registered_letter_is_sealed_and_its_digest_is_that_of_what_leaves(
    cast: Cast, certificate: Path
) -> None:
    letter = _issued(cast)
    content = _content(letter)
    assert letter.paper_sha256 == hashlib.sha256(content).hexdigest()
    (found,) = PdfFileReader(io.BytesIO(content)).embedded_signatures
    assert found.field_name == seal.FIELD
    assert (letter.sealed_by, letter.seal_is_trusted) == ("Deneme Mühürü", False)


def test_a_certificate_of_ones_own_is_invalid_for_everybody_who_asks(cast: Cast, certificate: Path) -> None:
    letter = _issued(cast)
    page = Client().get(f"/belge/{letter.verification}/").content.decode()
    assert "Deneme Mühürü" in page
    assert "geçersiz" in page
    shown = signed_in(cast.secretary).get(f"/admin/letters/letter/{letter.key}/change/").content.decode()
    assert "geçersiz" in shown


def test_it_is_trusted_where_its_certificate_leads_to_a_root_of_the_house(
    cast: Cast, certificate: Path, settings: Any
) -> None:
    settings.SEAL_ROOTS = str(certificate.with_suffix(".pem"))
    letter = _issued(cast)
    assert letter.seal_is_trusted
    assert "geçersiz" not in Client().get(f"/belge/{letter.verification}/").content.decode()
    content = bytearray(_content(letter))
    content[content.index(b"/MediaBox") + 12] ^= 1
    assert not seal.is_trusted(bytes(content))


def test_sealing_changes_nothing_that_the_standards_look_at(
    cast: Cast, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PDF/A-2a and PDF/UA-1: the first part is the unsealed paper byte for byte, still says both in its metadata and
    stays tagged; the field is printed, lies outside every page, has no size and so no appearance, and has a name."""
    unsealed: list[bytes] = []
    made = rendering.pdf

    def kept(sheet: Any) -> bytes:
        unsealed.append(made(sheet))
        return unsealed[-1]

    monkeypatch.setattr(rendering, "pdf", kept)
    content = _content(_issued(cast))
    assert content.startswith(unsealed[-1])
    reader = PdfReader(io.BytesIO(content))
    catalog: Any = reader.trailer["/Root"]
    metadata = catalog["/Metadata"].get_data()
    assert b'pdfaid:part="2"' in metadata or b"<pdfaid:part>2<" in metadata
    assert b"pdfuaid" in metadata
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/StructTreeRoot"]
    assert "/NeedAppearances" not in catalog["/AcroForm"]
    page: Any = reader.pages[0]
    assert page["/Tabs"] == "/S"
    (field,) = (one.get_object() for one in page["/Annots"])
    hidden, printed = 2, 4
    assert field["/F"] & printed
    assert not field["/F"] & hidden
    left, bottom, right, top = field["/Rect"]
    assert (left, bottom) == (right, top)
    assert left < 0 > bottom
    assert field["/TU"] == "Kurumsal elektronik mühür"


def test_where_the_extra_is_missing_it_is_said_and_nothing_is_registered(
    cast: Cast, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seal, "is_possible", lambda: False)
    with pytest.raises(DomainError) as refused:
        _issued(cast)
    assert "Bilgi İşlem" in str(refused.value)
    with system():
        assert Letter.objects.get().status == "SIGNED"
    assert [one.id for one in checks.seal_is_possible()] == ["letters.E001"]


def test_a_wrong_password_is_told(cast: Cast, certificate: Path, settings: Any) -> None:
    settings.SEAL_PASSPHRASE = "yanlış"
    with pytest.raises(DomainError) as refused:
        _issued(cast)
    assert "parola" in str(refused.value)
    settings.SEAL_FILE = str(certificate.with_name("yok.p12"))
    assert [one.id for one in checks.seal_is_possible()] == ["letters.E002"]


def test_without_a_seal_letters_are_registered_as_before(cast: Cast, settings: Any) -> None:
    settings.SEAL_FILE = ""
    letter = _issued(cast)
    assert letter.sealed_by == ""
    assert "mühür" not in Client().get(f"/belge/{letter.verification}/").content.decode()
    assert checks.seal_is_possible() == []
