"""A program of its own that makes a file anew without what harms: `python -I reconstruct.py KIND`, from standard input
to standard output (content disarm and reconstruction).

`disarming.py` runs it, one at a time. Here the memory and the processor time are bounded by the kernel, so that no
file, whatever it unfolds to, and no fault of a decoder reaches the process that serves people. It knows nothing of
Django.
"""

from __future__ import annotations

import io
import re
import resource
import shutil
import sys
import warnings
import zipfile
from typing import IO, Any
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.parsers import expat

MEGABYTE = 1024 * 1024
MEMORY = 512 * MEGABYTE
SECONDS = 10
UNCHANGED, TOO_LARGE, DAMAGED, LOCKED, FILES_INSIDE, PROGRAM = 10, 11, 12, 13, 14, 15
"""How the program ends where standard output is not the file: it may stay as it is, or why it is refused."""

MOST_POINTS = {"PNG": 40_000_000, "WEBP": 16_000_000, "JPEG": 250_000_000}
"""By what a point costs: a page of A4 scanned at 600 dpi is 35 million. WebP keeps two frames of four bytes a point;
JPEG is scaled while it is decoded."""
MOST_PROGRESSIVE = 60_000_000
"""Points of a progressive JPEG, which is held whole before it is scaled."""
KEPT_POINTS = 25_000_000
"""So many points of a JPEG are kept; a larger one is halved (quartered …) by its decoder."""
LONGEST_PROFILE = 100_000
STARTS = {"PNG": b"\x89PNG", "WEBP": b"RIFF", "JPEG": b"\xff\xd8"}


PDF_ACTIONS = frozenset(
    ["/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE"]
) | frozenset(["/Rendition", "/RichMediaExecute", "/Movie", "/Sound"])
"""Actions that run something, send something or open another file. Links to addresses stay."""
PDF_KEYS = frozenset(["/AA", "/JS", "/JavaScript", "/XFA", "/RichMediaContent", "/RichMediaSettings"])
FORMULAS = frozenset(["f", "formula", "formula1", "formula2", "definedName"])
HYPERLINK, MACROS, NOWHERE = "/hyperlink", ("/vbaProject", "/aFChunk"), "about:blank"
COMPOUND, PACKED = b"\xd0\xcf\x11\xe0", "\x01Ole10Native".encode("utf-16-le")
"""An object of another program, and the mark of one that is a file of any kind, programs included."""
MOST_RELATIONS = 8 * MEGABYTE
WORD = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
FETCHING_FIELDS = frozenset(
    ["DDE", "DDEAUTO", "LINK", "IMPORT", "INCLUDE", "INCLUDEPICTURE", "INCLUDETEXT", "DATABASE", "RD"]
)
"""Fields of Word that run or fetch something when they are updated."""
FETCHING_FORMULA = r"\b(?:WEBSERVICE|DDE|IMAGE|RTD|CALL|REGISTER(?:\.ID)?|EXEC)\s*\("
SUSPECT = {
    False: re.compile(
        (FETCHING_FORMULA + r"|&#|<!|instr|(?:dde|ole)Link|refreshOnLoad|[\s:](?:src|href)\s*=").encode(),
        re.IGNORECASE,
    ),
    True: re.compile(rb"href|image-data|src|dde|script|macro|formula", re.IGNORECASE),
}
"""Parts of OOXML (False) and OpenDocument (True) that are looked into: letters of a formula can be hidden."""
FETCHING_NAMES = frozenset(["href", "image-data", "src"])
DRAWING = "{urn:schemas-microsoft-com:vml}"
CLICKED, CLICKED_SCHEMES = "a", ("http:", "https:", "mailto:", "tel:")
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|[/\\]|(?:.*[/\\])?\.\.(?:[/\\]|$)", re.IGNORECASE)
"""What leads out of a package of OpenDocument: a scheme, a root, a way up."""
ACTING_PARTS = frozenset(
    [
        "dde-source",
        "dde-connection-decls",
        "dde-connection-decl",
        "events",
        "event-listeners",
        "scripts",
        "script",
        "auto-reload",
        "template",
    ]
)
ACTING_FIELDS = frozenset(["dde-connection", "execute-macro"])
"""Elements of OpenDocument, in whichever of its name spaces: to be left out, to be kept as text."""


class RefusedError(Exception):
    """The program ends with this code."""


def picture(content: bytes) -> bytes:
    """The points of a picture in its own format, upright: without EXIF, XMP, comments, previews, further frames, or
    anything behind it."""
    from PIL import Image, ImageOps

    kind = next(kind for kind, start in STARTS.items() if content.startswith(start))
    Image.MAX_IMAGE_PIXELS = MOST_POINTS[kind] // 2  # Pillow warns from here on, and refuses twice as many
    warnings.simplefilter("ignore")
    try:
        opened = Image.open(io.BytesIO(content), formats=(kind,))
    except Image.DecompressionBombError:
        raise RefusedError(TOO_LARGE) from None
    with opened:
        if kind == "JPEG":
            _scale(opened)
        profile = opened.info.get("icc_profile") or b""
        ImageOps.exif_transpose(opened, in_place=True)
        plain = _in_plain_mode(opened, kind)
        plain.info = {}
        options: dict[str, Any] = {"PNG": {}, "JPEG": {"quality": 90}, "WEBP": {"quality": 90, "method": 2}}[
            kind
        ]
        if 0 < len(profile) <= LONGEST_PROFILE and plain.mode in ("RGB", "RGBA", "L"):
            options["icc_profile"] = profile
        out = io.BytesIO()
        plain.save(out, format=kind, **options)
    return out.getvalue()


def _scale(opened: Any) -> None:
    """Set a large JPEG to be decoded at a half, a quarter or an eighth of its size."""
    points = opened.width * opened.height
    if opened.info.get("progressive") and points > MOST_PROGRESSIVE:
        raise RefusedError(TOO_LARGE)
    if points > KEPT_POINTS:
        part = next(part for part in (2, 4, 8) if points / part**2 <= KEPT_POINTS)
        opened.draft(None, (opened.width // part, opened.height // part))


def _in_plain_mode(opened: Any, kind: str) -> Any:
    opened.load()
    if kind == "JPEG" and opened.mode not in ("RGB", "L"):
        return opened.convert("RGB")
    if kind == "PNG" and (opened.mode == "P" or "transparency" in opened.info):
        return opened.convert("RGBA")
    if kind == "WEBP" and opened.mode not in ("RGB", "RGBA"):
        return opened.convert("RGB")
    return opened


def pdf(content: bytes) -> bytes:
    """The document without scripts and actions. One that has none stays as it is, and a signature on it valid.

    A document with other files inside is refused, for what people attached must not be lost in silence; the XML of an
    electronic invoice may be inside.
    """
    import pikepdf

    try:
        opened = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError:
        raise RefusedError(LOCKED) from None
    with opened:
        if sum([_disarm(one) for one in opened.objects]) == 0:
            raise RefusedError(UNCHANGED)
        out = io.BytesIO()
        opened.save(out, deterministic_id=True)
    return out.getvalue()


def _disarm(one: Any) -> int:
    """Remove what acts from an object and what lies directly in it. How much there was."""
    import pikepdf

    if isinstance(one, pikepdf.Array):
        acting = [place for place, value in enumerate(one) if _acts(value)]
        for place in reversed(acting):
            del one[place]
        return len(acting) + sum(_disarm(value) for value in one if not _is_elsewhere(value))
    if not isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
        return 0
    if not all(map(_is_xml, _files_inside(one))):
        raise RefusedError(FILES_INSIDE)
    acting_keys = [key for key, value in one.items() if key in PDF_KEYS or _acts(value)]
    for key in acting_keys:
        del one[key]
    return len(acting_keys) + sum(_disarm(value) for value in one.values() if not _is_elsewhere(value))


def _files_inside(one: Any) -> list[Any]:
    """The files that a dictionary names (`/EF`), or is. The type of a stream may be left out."""
    import pikepdf

    named = one.get("/EF")
    inside = [*named.values()] if isinstance(named, pikepdf.Dictionary) else []
    return [*inside, one] if one.get("/Type") == "/EmbeddedFile" else inside


def _is_xml(stream: Any) -> bool:
    import pikepdf

    return isinstance(stream, pikepdf.Stream) and stream.read_bytes().lstrip(b"\xef\xbb\xbf").startswith(
        b"<?xml"
    )


def _acts(value: Any) -> bool:
    import pikepdf

    return isinstance(value, pikepdf.Dictionary) and str(value.get("/S", "")) in PDF_ACTIONS


def _is_elsewhere(value: Any) -> bool:
    """Whether it is an object of its own, at which one comes by anyway."""
    return bool(getattr(value, "is_indirect", True))


def package(content: bytes) -> bytes:
    """An office document that fetches and runs nothing when it is opened: links to outside lead nowhere, but for those
    one clicks; fields that act keep what they showed. One that has none stays as it is.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        parts = opened.infolist()
        xml_parts = [part for part in parts if _is_part_of_xml(opened, part)]
        if any(_is_packed_file(opened, part) for part in parts):
            raise RefusedError(PROGRAM)
        is_open = bool(parts) and parts[0].filename == "mimetype"
        changed = dict[str, bytes]()
        for part in xml_parts:
            is_relations = part.filename.lower().endswith(".rels")
            outcome = _within(opened, part) if is_relations else _disarmed(opened.read(part), is_open)
            if outcome is not None:
                changed[part.filename] = outcome
        if not changed:
            raise RefusedError(UNCHANGED)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            for part in parts:
                with opened.open(part) as old, made.open(part, "w") as new:
                    shutil.copyfileobj(
                        io.BytesIO(changed[part.filename]) if part.filename in changed else old, new
                    )
    return out.getvalue()


def _is_part_of_xml(opened: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """By its name, or by how it begins: a relation may name a part of any name. PROGRAM for one with a definition;
    drawings (SVG) may have one, and then no office program takes them for anything else."""
    name = part.filename.lower()
    with opened.open(part) as file:
        if not name.endswith((".xml", ".rels", ".vml")):
            if not file.read(64).strip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n").startswith(b"<"):
                return False
            file.seek(0)
        try:
            _refuse_definitions(file)
        except RefusedError:
            if not name.endswith(".svg"):
                raise
            return False
    return True


def _is_packed_file(opened: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    with opened.open(part) as file:
        return file.read(4) == COMPOUND and PACKED in file.read()


def _disarmed(content: bytes, is_open: bool) -> bytes | None:
    """The part without what acts; None if there is nothing. `is_open`: of OpenDocument."""
    from lxml import etree

    if not SUSPECT[is_open].search(content.replace(b"\0", b"")):  # UTF-16 too
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    root = etree.fromstring(content, parser)
    count = (
        _disarm_open(root) if is_open else _disarm_fields(root) + _disarm_cells(root) + _disarm_drawings(root)
    )
    if not count:
        return None
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True))


def _disarm_open(root: Any) -> int:
    """OpenDocument: what is fetched, DDE, scripts and macros. How much there was."""
    count = 0
    for element in list(root.iter("{*}*")):
        name = _name(element.tag)
        for key, value in element.items():
            if _name(key) in FETCHING_NAMES and _leads_out(value, is_clicked=name == CLICKED):
                element.set(key, "")
                count += 1
            elif _name(key) == "formula" and re.search(FETCHING_FORMULA, value, re.IGNORECASE):
                del element.attrib[key]
                count += 1
        if name in ACTING_PARTS:
            count += _remove(element)
        elif name in ACTING_FIELDS:
            element.attrib.clear()
            element.tag = element.tag.rpartition("}")[0] + "}span"
            count += 1
    return count


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _leads_out(href: str, *, is_clicked: bool) -> bool:
    """Whether a program would fetch it from outside, or run it; of what one clicks, whether it is no address."""
    plain = re.sub(r"[\0-\x20]", "", unquote(href))
    if not OUTSIDE.match(plain):
        return False
    return not is_clicked or not plain.lower().startswith((*CLICKED_SCHEMES, ".."))


def _remove(element: Any) -> int:
    """Take an element out with what is in it; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        raise RefusedError(PROGRAM)
    before = element.getprevious()
    if before is None:
        parent.text = (parent.text or "") + (element.tail or "")
    else:
        before.tail = (before.tail or "") + (element.tail or "")
    parent.remove(element)
    return 1


def _disarm_fields(root: Any) -> int:
    """Word: the instructions of fields that act, however their letters are divided. How many fields."""
    count, fields = 0, list[list[Any]]()
    for element in root.iter("{*}instrText", "{*}delInstrText", "{*}fldChar", "{*}fldSimple"):
        space, _brace, name = element.tag.rpartition("}")
        if f"{space}}}" not in WORD:
            continue
        kind = element.get(f"{space}}}fldCharType")
        if name == "fldSimple":
            if _fetches(element.get(f"{space}}}instr") or ""):
                element.set(f"{space}}}instr", "")
                count += 1
        elif name != "fldChar":
            if fields:
                fields[-1].append(element)
        elif kind == "begin":
            fields.append([])
        elif kind == "end" and fields:
            count += _emptied(fields.pop())
    return count + sum(map(_emptied, fields))


def _emptied(instructions: list[Any]) -> int:
    if not _fetches("".join(one.text or "" for one in instructions)):
        return 0
    for one in instructions:
        one.text = ""
    return 1


def _fetches(instruction: str) -> bool:
    words = instruction.split(maxsplit=1)
    return bool(words) and words[0].strip('\\"').upper() in FETCHING_FIELDS


def _disarm_cells(root: Any) -> int:
    """Workbooks: links to other programs, data that is fetched on opening, formulas that fetch. How many."""
    count = 0
    for element in list(root.iter("{*}*")):
        name = _name(element.tag)
        if name in ("ddeLink", "oleLink"):
            count += _remove(element)
        elif name in FORMULAS and re.search(FETCHING_FORMULA, element.text or "", re.IGNORECASE):
            if name != "f" or element.get("t") == "shared":  # others point at it
                element.text = '""'
            else:
                _remove(element)  # the value that it showed stays
            count += 1
        count += element.attrib.pop("refreshOnLoad", None) in ("1", "true")
    return count


def _disarm_drawings(root: Any) -> int:
    """VML: pictures that are named by their address and by no relation. How many."""
    count = 0
    for element in root.iter(f"{DRAWING}*"):
        for key, value in element.items():
            if _name(key) in FETCHING_NAMES and OUTSIDE.match(value.strip()):
                element.set(key, "")
                count += 1
    return count


def _refuse_definitions(xml: IO[bytes]) -> None:
    """Read until the first element: a DTD can stand before it alone, and no office program writes one."""
    parser = expat.ParserCreate()
    begun: list[str] = []

    def refuse(*_given: object) -> None:
        raise RefusedError(PROGRAM)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = lambda name, _attributes: begun.append(name)
    while not begun:
        chunk = xml.read(1 << 14)
        parser.Parse(chunk, not chunk)


def _within(opened: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes | None:
    """The relations of a part without those that fetch; None if there are none."""
    if part.file_size > MOST_RELATIONS:
        raise RefusedError(TOO_LARGE)
    root = ElementTree.fromstring(opened.read(part))  # noqa: S314 - it has no DTD, and memory is bounded
    fetching = 0
    for relation in root:
        kind = relation.get("Type", "")
        if kind.endswith(MACROS):
            raise RefusedError(PROGRAM)
        if relation.get("TargetMode") == "External" and not kind.endswith(HYPERLINK):
            fetching += relation.get("Target") != NOWHERE
            relation.set("Target", NOWHERE)
    if not fetching:
        return None
    ElementTree.register_namespace("", root.tag[1:].partition("}")[0])
    return ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)


KINDS = {"picture": picture, "pdf": pdf, "package": package}


def main() -> None:
    """Bound this process, then reconstruct what comes in."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    try:
        outcome = KINDS[sys.argv[1]](sys.stdin.buffer.read())
    except RefusedError as refused:
        sys.exit(refused.args[0])
    except MemoryError:
        sys.exit(TOO_LARGE)
    except Exception as error:  # whatever a decoder stumbles over, the file is what is wrong
        sys.stderr.write(type(error).__name__)
        sys.exit(DAMAGED)
    sys.stdout.buffer.write(outcome)


if __name__ == "__main__":
    main()
