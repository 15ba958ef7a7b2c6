"""Documents that act when they are opened: what acts is taken out, the petition stays."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf

from backend.core.errors import DomainError, ErrorCode
from backend.documents.intake import AcceptedFile, accept
from tests.factories import PDF

RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def javascript() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def take(content: bytes) -> AcceptedFile:
    return accept(io.BytesIO(content))


def refused(content: bytes) -> DomainError:
    with pytest.raises(DomainError) as found:
        take(content)
    assert found.value.field == "file"
    return found.value


def document(change: Callable[[Pdf], None], **options: object) -> bytes:
    """One page with a sentence, changed; its objects lie compressed, where no search for bytes finds them."""
    with Pdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].Contents = pdf.make_stream(b"BT (dilekce) Tj ET")
        change(pdf)
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, **options)
        return out.getvalue()


def link(pdf: Pdf, action: Dictionary) -> None:
    pdf.pages[0].Annots = Array([pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, A=action))])


def launch(pdf: Pdf) -> None:
    link(pdf, pdf.make_indirect(Dictionary(S=Name.Launch, F="cmd.exe")))


def chained(pdf: Pdf) -> None:
    link(pdf, Dictionary(S=Name.URI, URI="https://ornek.example", Next=Array([javascript()])))


def on_opening(pdf: Pdf) -> None:
    pdf.Root.OpenAction = pdf.make_indirect(javascript())


def by_name(pdf: Pdf) -> None:
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array(["a", pdf.make_indirect(javascript())])))


def of_a_page(pdf: Pdf) -> None:
    pdf.pages[0].AA = Dictionary(O=Dictionary(S=Name.SubmitForm, F="http://disari.example"))


def in_a_form(pdf: Pdf) -> None:
    form = pdf.make_stream(b"", AA=Dictionary(K=javascript()))
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([pdf.make_indirect(Dictionary(X=form))]), XFA=pdf.make_stream(b"<x/>")
    )


@pytest.mark.parametrize("change", [launch, chained, on_opening, by_name, of_a_page, in_a_form])
def test_a_document_loses_what_acts_and_keeps_its_pages(change: Callable[[Pdf], None]) -> None:
    kept = take(document(change)).content
    with pikepdf.open(io.BytesIO(kept)) as pdf:
        text = "".join(
            one.unparse(resolved=True).decode("latin-1")
            for one in pdf.objects
            if not isinstance(one, pikepdf.Stream)
        )
        assert b"dilekce" in pdf.pages[0].Contents.read_bytes()
        for one in pdf.objects:
            if isinstance(one, pikepdf.Stream):
                assert "/AA" not in one
    assert not any(word in text for word in ("JavaScript", "/JS", "Launch", "SubmitForm", "/AA", "/XFA"))
    assert ("ornek.example" in text) == (change is chained), "a link to an address stays"
    assert take(kept).content == kept


def test_a_document_that_does_nothing_stays_as_it_is_to_the_last_byte() -> None:
    harmless = document(lambda pdf: link(pdf, Dictionary(S=Name.URI, URI="https://ornek.example")))
    assert take(harmless).content == harmless
    assert take(PDF).content == PDF


def attaching(content: bytes) -> bytes:
    return document(lambda pdf: pdf.attachments.__setitem__("ek", content))


def test_other_files_inside_are_sent_one_by_one_but_for_the_xml_of_an_invoice() -> None:
    assert "ayrı ayrı" in str(refused(attaching(b"MZ kotu")))
    invoice = attaching(b"\xef\xbb\xbf<?xml version='1.0'?><Invoice/>")
    assert take(invoice).content == invoice


def test_a_file_inside_is_found_also_where_its_type_is_left_out() -> None:
    def attach(pdf: pikepdf.Pdf) -> None:
        stream = pdf.make_stream(b"MZ kotu")
        named = Dictionary(Type=Name.Filespec, F="ek.exe", EF=Dictionary(F=stream))
        pdf.Root.Names = Dictionary(EmbeddedFiles=Dictionary(Names=pikepdf.Array(["ek", named])))

    assert "ayrı ayrı" in str(refused(document(attach)))


def test_a_document_behind_a_password_or_without_pages_is_refused_with_what_to_do() -> None:
    locked = document(lambda _pdf: None, encryption=pikepdf.Encryption(user="x", owner="y"))
    assert "Parolasız" in str(refused(locked))
    assert take(document(lambda _pdf: None, encryption=pikepdf.Encryption(user="", owner="y")))
    assert "PDF dosyası bozuk" in str(refused(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"))


def test_a_document_of_endless_objects_ends_with_a_sentence() -> None:
    nested = b"%PDF-1.4\n1 0 obj" + b"[" * 1_000_000 + b"endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    assert refused(nested).code in (ErrorCode.UNSUPPORTED, ErrorCode.TOO_LARGE)


def relations(*kinds: tuple[str, str, str]) -> bytes:
    each = "".join(
        f'<Relationship Id="r{number}" Type="{OFFICE}/{kind}" Target="{target}" {mode}/>'
        for number, (kind, target, mode) in enumerate(kinds)
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{RELATIONS}">{each}</Relationships>'.encode()


def package(parts: dict[str, bytes], main: str = "word/document.xml") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {"[Content_Types].xml": b"<Types/>", main: b"<w/>", **parts}.items():
            archive.writestr(name, content)
    return out.getvalue()


OUTSIDE = 'TargetMode="External"'
SETTINGS = "word/_rels/settings.xml.rels"


def test_an_office_document_fetches_nothing_and_keeps_its_links_and_words() -> None:
    given = package(
        {
            SETTINGS: relations(
                ("attachedTemplate", "http://disari.example/a.dotm", OUTSIDE),
                ("image", "\\\\disari\\a.png", OUTSIDE),
                ("hyperlink", "https://ornek.example", OUTSIDE),
                ("image", "media/a.png", ""),
            ),
            "word/media/a.png": b"resim",
        }
    )
    kept = take(given).content
    with zipfile.ZipFile(io.BytesIO(kept)) as after, zipfile.ZipFile(io.BytesIO(given)) as before:
        assert after.namelist() == before.namelist()
        assert after.read("word/media/a.png") == b"resim"
        found = after.read(SETTINGS).decode()
    assert "disari" not in found
    assert found.count("about:blank") == 2
    assert all(word in found for word in ("https://ornek.example", "media/a.png", f'xmlns="{RELATIONS}"'))
    assert take(kept).content == kept


def test_an_office_document_that_fetches_nothing_stays_as_it_is() -> None:
    harmless = package({SETTINGS: relations(("hyperlink", "https://ornek.example", OUTSIDE))})
    assert take(harmless).content == harmless


DTD = b'<!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]><w>&a;&b;</w>'


@pytest.mark.parametrize(
    "parts",
    [
        {"word/styles.xml": DTD},
        {"word/styles.xml": DTD.decode().encode("utf-16")},
        {"word/styles.xml": b"<!--" + b"x" * 100_000 + b"-->" + DTD},
        {SETTINGS: DTD},
        {
            "word/_rels/document.xml.rels": relations(("vbaProject", "hidden.bin", "")),
            "word/hidden.bin": b"x",
        },
        {"word/activeX/activeX1.bin": b"x"},
        {"xl/macrosheets/sheet1.xml": b"<x/>"},
        {"Scripts/python/a.py": b"x"},
        {"word/styles.xml": b"<w"},
        {"word/styles.xml": b""},
        {SETTINGS: b"<Relationships>" + b"<a>" * 100_000},
    ],
)
def test_definitions_macros_and_damaged_parts_are_refused(parts: dict[str, bytes]) -> None:
    assert refused(package(parts)).code is ErrorCode.UNSUPPORTED
