"""Acceptance of uploaded files: the type is read from the content, and hidden data is removed.

Pictures are re-encoded, so that neither EXIF (the place it was taken at) nor appended data survives. Documents lose
what acts by itself: scripts of a PDF file, what an office program would fetch. A file that is two types at once, or
contradicts its name, is refused.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from django.conf import settings
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.words.text import clean, tr_lower
from backend.documents import disarming, packages, scanning, video

SUFFIXES: dict[str, tuple[str, ...]] = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "video/mp4": ("mp4", "m4v", "mov"),
    "text/plain": ("txt",),
}
"""Accepted types with their allowed suffixes; the first is used where the name has none."""

MOST_ALONG, MOST_BYTES_ALONG = 10, 15 * 1024**2
"""So many files go with one message, so large together."""


def _limits() -> str:
    words = {
        "count": MOST_ALONG,
        "all": MOST_BYTES_ALONG // 1024**2,
        "one": settings.ATTACHMENT_MAX_BYTES // 1024**2,
    }
    if settings.ATTACHMENT_MAX_BYTES < MOST_BYTES_ALONG:
        text = _(
            "At most {count} files of {one} MB, together {all} MB. PDF, pictures, DOCX, XLSX, ODT, TXT and MP4."
        )
    else:
        text = _("At most {count} files, together {all} MB. PDF, pictures, DOCX, XLSX, ODT, TXT and MP4.")
    return text.format(**words)


ALONG = lazy(_limits, str)()
PICTURES = ("image/jpeg", "image/png", "image/webp")
_MARKUP = re.compile(rb"<\s*(?:!doctype|html|script|svg|\?php|\?xml|head|body|iframe)|^#!|^MZ", re.IGNORECASE)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_NO_NAME_PART = re.compile(r'[/\\:*?"<>|\n\t]')


@dataclass(frozen=True, slots=True)
class AcceptedFile:
    """A file as it is stored: the content may differ from what was brought, the sha256 is of this content."""

    content: bytes
    name: str
    content_type: str
    sha256: str
    awaits_scan: bool = False


def accept(file: IO[bytes], name: str = "") -> AcceptedFile:
    """Check and clean one file. `name` defaults to the file's own.

    Raises TOO_LARGE (over ATTACHMENT_MAX_BYTES, or too many points or pages of a package), UNSUPPORTED (not
    of the list, damaged, infected, two things at once, or not what its name says), INVALID (empty) and TIMEOUT (too
    many files at this moment).
    """
    content = file.read(settings.ATTACHMENT_MAX_BYTES + 1)
    if len(content) > settings.ATTACHMENT_MAX_BYTES:
        limit = settings.ATTACHMENT_MAX_BYTES // (1024 * 1024)
        message = _("The file is larger than %(limit)s MB.") % {"limit": limit}
        raise DomainError(ErrorCode.TOO_LARGE, message, "file")
    if not content:
        raise DomainError(ErrorCode.INVALID, _("The file is empty."), "file")
    base, suffix = _parts(name or getattr(file, "name", "") or "")
    content_type = detect(content)
    _check_name(content_type, suffix)
    awaits_scan = scanning.awaits_scan(content)
    if content_type in PICTURES:
        content = disarming.picture(content)
    elif content_type == "video/mp4":
        content = video.without_metadata(content)
    elif content_type == "application/pdf":
        content = disarming.pdf(content)
    elif content_type != "text/plain":
        content = disarming.package(content)
    allowed = SUFFIXES[content_type]
    ending = suffix if suffix in allowed else allowed[0]
    full_name = f"{base[: 199 - len(ending)]}.{ending}"
    return AcceptedFile(content, full_name, content_type, hashlib.sha256(content).hexdigest(), awaits_scan)


def detect(content: bytes) -> str:
    """The type of a file by its content alone. UNSUPPORTED if it is none of the list."""
    if content.startswith(b"%PDF-"):
        return _pdf(content)
    if content.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return "image/webp"
    if content.startswith(b"PK\x03\x04"):
        return packages.office_type(content)
    if content[4:8] == b"ftyp":
        return video.checked_type(content)
    return _text(content)


def _pdf(content: bytes) -> str:
    tail = content[-2048:]
    if b"%%EOF" not in tail or packages.is_package(content):
        raise refused()
    return "application/pdf"


def _text(content: bytes) -> str:
    if _CONTROLS.search(content) or _MARKUP.search(content[:4096]) or packages.is_package(content):
        raise refused()
    for encoding in ("utf-8", "cp1254"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "text/plain"
    raise refused()


def refused() -> DomainError:
    message = _("Files of this kind are not taken. PDF, JPEG, PNG, WebP, DOCX, XLSX, ODT, TXT and MP4 are.")
    return DomainError(ErrorCode.UNSUPPORTED, message, "file")


def accept_along(files: Iterable[IO[bytes]], field: str) -> list[AcceptedFile]:
    """Check and clean the files that go with one message. What `accept` raises, at `field`; OVER_LIMIT for too many or
    too large ones: mailboxes refuse larger mails."""
    accepted = []
    for sent in files:
        try:
            accepted.append(accept(sent, getattr(sent, "name", "") or ""))
        except DomainError as refusal:
            raise DomainError(refusal.code, refusal.message, field) from None
    if len(accepted) > MOST_ALONG or sum(len(file.content) for file in accepted) > MOST_BYTES_ALONG:
        message = _("At most %(count)s files, together %(size)s MB, can go with a message.")
        words = {"count": MOST_ALONG, "size": MOST_BYTES_ALONG // 1024**2}
        raise DomainError(ErrorCode.OVER_LIMIT, message % words, field)
    return accepted


def _parts(name: str) -> tuple[str, str]:
    """(name without folders, forbidden signs and ending; ending in small letters, "" if there is none)"""
    plain = clean(name.replace("\\", "/").rpartition("/")[2])
    path = PurePosixPath(_NO_NAME_PART.sub("_", plain) or "dosya")
    suffix = tr_lower(path.suffix.lstrip("."))
    suffix = suffix.replace("ı", "i")  # "FOTO.TIFF" in Turkish small letters
    return (path.stem.strip(". ") or "dosya"), suffix


def _check_name(content_type: str, suffix: str) -> None:
    """A name may lack an ending, and a picture may bear another picture's; anything else is a disguise."""
    if not suffix or suffix in SUFFIXES[content_type]:
        return
    if content_type in PICTURES and any(suffix in SUFFIXES[other] for other in PICTURES):
        return
    if content_type == "text/plain" and suffix not in {
        ending for ends in SUFFIXES.values() for ending in ends
    }:
        raise refused()
    message = _("The content of the file is not what its name says.")
    raise DomainError(ErrorCode.UNSUPPORTED, message, "file")
