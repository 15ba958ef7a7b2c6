"""Office documents: zip packages with a known inside, no macros, and of bearable size when unfolded."""

from __future__ import annotations

import io
import re
import zipfile

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode

MAX_UNFOLDED = 200 * 1024 * 1024  # bytes
MAX_PARTS = 5000
OOXML = {
    "word/document.xml": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/workbook.xml": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MACROS = re.compile(r"vbaproject\.bin$|^(?:Basic|Scripts|xl/macrosheets)/|/activeX/", re.IGNORECASE)
ODT = "application/vnd.oasis.opendocument.text"


def is_package(content: bytes) -> bool:
    """Whether a zip program would find a package in it, wherever it begins."""
    return zipfile.is_zipfile(io.BytesIO(content))


def office_type(content: bytes) -> str:
    """The type of an office document. UNSUPPORTED for other packages, TOO_LARGE for a bomb."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _type(package)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, UnicodeDecodeError):
        raise _refused() from None


def _type(package: zipfile.ZipFile) -> str:
    parts = package.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNFOLDED:
        raise DomainError(ErrorCode.TOO_LARGE, _("The document unfolds to too much."), "file")
    names = {part.filename for part in parts}
    is_locked = any(part.flag_bits & 1 for part in parts)
    has_macros = any(MACROS.search(name) for name in names)
    if is_locked or has_macros:
        raise _refused()
    if parts and parts[0].filename == "mimetype" and parts[0].file_size < 100:
        if package.read("mimetype").decode("ascii").strip() == ODT:
            return ODT
        raise _refused()
    if "[Content_Types].xml" in names:
        for part, content_type in OOXML.items():
            if part in names:
                return content_type
    raise _refused()


def _refused() -> DomainError:
    message = _("Of packages only DOCX, XLSX and ODT are taken, without macros and without a password.")
    return DomainError(ErrorCode.UNSUPPORTED, message, "file")
