"""Files that people bring: known by their content, without hidden places, and one thing only."""

from __future__ import annotations

import hashlib
import io
import tempfile
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from pytest_django.fixtures import Settings

from backend.core.errors import DomainError, ErrorCode
from backend.documents import disarming, packages, reconstruct
from backend.documents.intake import AcceptedFile, accept
from tests.factories import PDF
from tests.harness.tiers import size

GPS_IFD = 0x8825


def take(content: bytes, name: str = "") -> AcceptedFile:
    return accept(io.BytesIO(content), name)


def refused(content: bytes, name: str = "") -> ErrorCode:
    with pytest.raises(DomainError) as found:
        take(content, name)
    assert found.value.field == "file"
    return found.value.code


def photograph(kind: str = "JPEG", size: tuple[int, int] = (40, 20), orientation: int = 6) -> bytes:
    """A picture of a red left and a blue right half, with the place it was taken at."""
    picture = Image.new("RGB", size, (200, 0, 0))
    picture.paste((0, 0, 200), (size[0] // 2, 0, size[0], size[1]))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "GIZLI MARKA"
    exif.get_ifd(GPS_IFD).update({1: "N", 2: (41.0, 0.0, 0.0), 3: "E", 4: (29.0, 13.0, 44.0)})
    out = io.BytesIO()
    picture.save(out, kind, exif=exif, **({"quality": 95} if kind != "PNG" else {}))
    return out.getvalue()


def package(parts: dict[str, bytes], first: str | None = None) -> bytes:
    """Make an archive whose bytes do not depend on the second: they name tests, in each process alike."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        if first is not None:
            archive.writestr(zipfile.ZipInfo("mimetype"), first)
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


DOCX = package({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
XLSX = package({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"})
ODT = package({"content.xml": b"<o/>"}, first=packages.ODT)


def box(name: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4) + name + content


def film(place: bytes = b"+41.0082+028.9784/") -> bytes:
    udta = box(b"udta", box(b"\xa9xyz", b"\x00\x12\x15\xc7" + place))
    picture = box(b"mdia", box(b"hdlr", bytes(8) + b"vide" + bytes(12)))
    track = box(b"trak", box(b"tkhd", bytes(12)) + picture + udta)
    moov = box(b"moov", box(b"mvhd", bytes(20)) + track + udta)
    return box(b"ftyp", b"isom\x00\x00\x02\x00isommp41") + moov + box(b"mdat", b"frames")


@pytest.mark.parametrize(
    ("content", "name", "content_type"),
    [
        (PDF, "Dilekçe.pdf", "application/pdf"),
        (DOCX, "yazı.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (XLSX, "liste.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (ODT, "yazı.odt", packages.ODT),
        ("Sokak lambası yanmıyor.\n".encode(), "not.txt", "text/plain"),
        ("Işıklar sönük".encode("cp1254"), "eski.txt", "text/plain"),
        (film(), "çukur.mp4", "video/mp4"),
        (photograph(), "foto.jpg", "image/jpeg"),
        (photograph("PNG"), "foto.png", "image/png"),
        (photograph("WEBP"), "foto.webp", "image/webp"),
    ],
)
def test_what_people_bring_is_taken_and_known_by_its_content(
    content: bytes, name: str, content_type: str
) -> None:
    found = take(content, name)
    assert (found.name, found.content_type) == (name, content_type)
    assert found.sha256 == hashlib.sha256(found.content).hexdigest()
    assert take(content).content_type == content_type  # the name plays no part


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_loses_its_place_and_stands_upright(kind: str) -> None:
    content = photograph(kind)
    with Image.open(io.BytesIO(content)) as before:
        assert before.getexif().get_ifd(GPS_IFD)
    with Image.open(io.BytesIO(take(content, "foto").content)) as after:
        assert not after.getexif()
        assert not after.getexif().get_ifd(GPS_IFD)
        assert after.size == (20, 40)  # turned by its orientation
        colour = after.convert("RGB").getpixel((10, 5))
        assert isinstance(colour, tuple)
        assert colour[0] > 150 > colour[2]  # what was left is on top
    assert b"GIZLI" not in take(content).content


def test_comments_and_texts_inside_a_picture_are_gone() -> None:
    from PIL.PngImagePlugin import PngInfo

    info, out = PngInfo(), io.BytesIO()
    info.add_text("Comment", "GIZLI")
    info.add_itxt("XML:com.adobe.xmp", "<x>GIZLI</x>")
    Image.new("RGB", (4, 4)).save(out, "PNG", pnginfo=info)
    commented = io.BytesIO()
    Image.new("RGB", (4, 4)).save(commented, "JPEG", comment=b"GIZLI")
    for content in (out.getvalue(), commented.getvalue()):
        assert b"GIZLI" in content
        assert b"GIZLI" not in take(content).content


def test_a_transparent_picture_stays_transparent() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (4, 4), (10, 20, 30, 0)).quantize(8).save(out, "PNG")
    with Image.open(io.BytesIO(take(out.getvalue()).content)) as after:
        assert after.mode == "RGBA"
        assert after.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_a_film_loses_its_place_and_keeps_its_length_and_frames() -> None:
    content = film()
    found = take(content, "film.mp4").content
    assert b"+41.0082" in content
    assert b"+41.0082" not in found
    assert len(found) == len(content)
    assert found.endswith(box(b"mdat", b"frames"))
    assert take(found, "film.mp4").content == found


def test_what_hangs_behind_a_picture_is_cut_off() -> None:
    tail = b"<script>alert(1)</script>" + package({"x": b"y"})
    found = take(photograph() + tail, "foto.jpg").content
    assert b"<script>" not in found
    assert not packages.is_package(found)


@pytest.mark.parametrize(
    "content",
    [
        PDF + package({"kotu.exe": b"MZ"}),  # PDF and package at once
        b"MZ\x90\x00\x03" + bytes(60),
        b"\x7fELF" + bytes(60),
        b"<html><script>alert(1)</script></html>",
        b"  <!DOCTYPE html><p>merhaba",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"#!/bin/sh\nrm -rf /\n",
        b"<?php system('id');",
        b"GIF89a" + bytes(20),
        package({"a.txt": b"x"}),
        package({"[Content_Types].xml": b"", "word/document.xml": b"", "word/vbaProject.bin": b"x"}),
        package({"x": b"y"}, first="application/epub+zip"),
        b"PK\x03\x04 bozuk",
        b"%PDF-1.7 yar\xc4\xb1m",
        b"\xff\xd8\xff\xe0 no picture",
        photograph()[:200],
        photograph("PNG")[:60],
        b"metin \x00 ikili",
        film()[:-3],
        box(b"ftyp", b"heic\x00\x00\x00\x00mif1heic") + bytes(8),
        b"Rar!\x1a\x07\x00" + bytes(20),
    ],
)
def test_what_is_not_of_the_list_damaged_or_two_things_at_once_is_refused(content: bytes) -> None:
    assert refused(content) is ErrorCode.UNSUPPORTED


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (PDF, "foto.jpg"),
        (photograph(), "belge.pdf"),
        (b"merhaba", "program.exe"),
        (b"merhaba", "sayfa.html"),
        (b"merhaba", "belge.pdf"),
        (DOCX, "liste.xlsx"),
        (film(), "foto.png"),
    ],
)
def test_a_file_that_its_name_belies_is_refused(content: bytes, name: str) -> None:
    assert refused(content, name) is ErrorCode.UNSUPPORTED


def test_a_picture_under_another_pictures_ending_is_given_its_own() -> None:
    assert take(photograph("WEBP"), "IMG_1.JPG").name == "IMG_1.webp"
    assert take(photograph(), "İMG.JPEG").name == "İMG.jpeg"


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Belgeler\\not.txt", "not.txt"),
        ("a\x00b\u202etxt.txt", "abtxt.txt"),
        ("", "dosya.txt"),
        ("notlar", "notlar.txt"),
        ('so<ru>"m?.txt', "so_ru__m_.txt"),
        ("u" * 300 + ".txt", "u" * 196 + ".txt"),
    ],
)
def test_a_name_keeps_no_folder_and_no_sign_that_harms(given: str, stored: str) -> None:
    assert take(b"merhaba", given).name == stored


def test_the_name_of_an_upload_is_used_where_none_is_given() -> None:
    assert (
        accept(SimpleUploadedFile("tutanak.txt", b"merhaba", content_type="image/png")).name == "tutanak.txt"
    )


def test_the_limit_of_size_is_a_setting_and_the_last_byte_counts(settings: Settings) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1024 * 1024
    assert take(b"a" * 1024 * 1024, "a.txt").content_type == "text/plain"
    assert refused(b"a" * (1024 * 1024 + 1), "a.txt") is ErrorCode.TOO_LARGE
    assert refused(b"", "a.txt") is ErrorCode.INVALID


def test_a_package_that_unfolds_to_too_much_is_refused_before_it_is_unfolded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bomb = package({"[Content_Types].xml": b"", "word/document.xml": bytes(3_000_000)})
    assert len(bomb) < 10_000
    monkeypatch.setattr(packages, "MAX_UNFOLDED", 1_000_000)
    assert refused(bomb, "yazı.docx") is ErrorCode.TOO_LARGE


def one_colour(kind: str, size: tuple[int, int], mode: str = "RGB", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    "picture",
    [
        pytest.param(lambda: one_colour("PNG", (7700, 7700)), id="59 million points of one colour"),
        pytest.param(lambda: one_colour("PNG", (40_000, 40_000), "1"), id="1.6 thousand million of a bit"),
        pytest.param(lambda: one_colour("WEBP", (4100, 4100), lossless=True, method=0), id="webp"),
        pytest.param(lambda: one_colour("JPEG", (8000, 8000), "L", progressive=True), id="progressive"),
    ],
)
def test_a_picture_of_too_many_points_is_refused_by_its_header(picture: Callable[[], bytes]) -> None:
    assert refused(picture(), "foto") is ErrorCode.TOO_LARGE


def test_a_large_photograph_is_kept_at_half_its_size() -> None:
    """The usual telephone's fifty million points: people lose no picture, and we decode a quarter of it."""
    with Image.open(io.BytesIO(take(one_colour("JPEG", (8160, 6120))).content)) as after:
        assert after.size == (4080, 3060)


@pytest.mark.parametrize(
    ("picture", "mode", "size"),
    [
        (one_colour("PNG", (50, 40), "I;16"), "I;16", (50, 40)),
        (one_colour("PNG", (50, 40), "LA"), "LA", (50, 40)),
        (one_colour("PNG", (50, 40), "P"), "RGBA", (50, 40)),
        (one_colour("PNG", (50, 40), "1"), "1", (50, 40)),
        (one_colour("JPEG", (50, 40), "CMYK"), "RGB", (50, 40)),
        (one_colour("JPEG", (50, 40), icc_profile=bytes(3_000_000)), "RGB", (50, 40)),
        (
            one_colour("PNG", (50, 40), save_all=True, append_images=[Image.new("RGB", (50, 40), 9)] * 50),
            "RGB",
            (50, 40),
        ),
        (
            one_colour("WEBP", (50, 40), save_all=True, append_images=[Image.new("RGB", (50, 40), 9)] * 50),
            "RGB",
            (50, 40),
        ),
    ],
    ids=[
        "16 bits",
        "grey with alpha",
        "palette",
        "one bit",
        "four inks",
        "3 MB of profile",
        "animated",
        "film",
    ],
)
def test_odd_pictures_are_taken_as_plain_ones(picture: bytes, mode: str, size: tuple[int, int]) -> None:
    found = take(picture).content
    with Image.open(io.BytesIO(found)) as after:
        assert (after.mode, after.size, getattr(after, "n_frames", 1)) == (mode, size, 1)
        assert len(after.info.get("icc_profile") or b"") <= reconstruct.LONGEST_PROFILE
    assert take(found).content_type == take(picture).content_type


def test_the_kernel_ends_what_takes_more_memory_than_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What passes every check of ours, such as a fault of a decoder."""
    script = Path(reconstruct.__file__).read_text().replace("40_000_000", "400_000_000")
    with tempfile.NamedTemporaryFile("w", suffix=".py") as without_limits:
        without_limits.write(script)
        without_limits.flush()
        monkeypatch.setattr(reconstruct, "__file__", without_limits.name)
        assert refused(one_colour("PNG", (16_000, 16_000)), "foto.png") is ErrorCode.TOO_LARGE


def test_who_finds_too_many_before_them_is_asked_to_send_the_file_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(disarming, "_room", threading.BoundedSemaphore(1))
    with disarming._room:
        assert refused(photograph()) is ErrorCode.TIMEOUT
        assert take(b"merhaba").content_type == "text/plain"
    assert take(photograph()).content_type == "image/jpeg"


def test_a_page_that_asks_for_all_of_its_thumbnails_at_once_gets_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    picture = take(photograph()).content
    monkeypatch.setattr(disarming, "_room", threading.Semaphore(0))  # what people send waits besides
    with ThreadPoolExecutor(6) as browser:
        drawn = list(browser.map(disarming.thumbnail, [picture] * 6))
    assert all(small.startswith(b"\xff\xd8\xff") for small in drawn)


def test_no_bytes_whatever_make_it_crash() -> None:
    heads = (
        b"%PDF-",
        b"\xff\xd8\xff",
        b"\x89PNG\r\n\x1a\n",
        b"RIFF\x00\x00\x00\x00WEBP",
        b"PK\x03\x04",
        b"\x00\x00\x00\x18ftypisom",
    )
    source: Callable[[int], bytes] = lambda seed: hashlib.shake_256(bytes([seed])).digest(300)  # noqa: E731
    for head in heads:
        for seed in range(size(8, 30)):
            with pytest.raises(DomainError):
                take(head + source(seed))
