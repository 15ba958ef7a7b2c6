"""Tables that people bring: CSV as Excel, LibreOffice and call-centre programs write it.

Encoding and delimiter are found out, never asked for: utf-8 with or without mark, utf-16 with mark, else
windows-1254; comma, semicolon or tab, whichever the first line holds most of. What is no table is refused
with a sentence that says what to do.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode

_CHUNK = 1 << 20
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DELIMITERS = ",;\t"
MAX_CELL = 200_000  # characters; a longer one is an unclosed quotation mark, not a text


class TableError(DomainError):
    """The file as a whole cannot be read; the message says why and what to do."""

    def __init__(self, message: object, code: ErrorCode = ErrorCode.INVALID) -> None:
        super().__init__(code, message, "file")  # type: ignore[arg-type]


def csv_rows(file: BinaryIO) -> Generator[tuple[int, list[str]], None, None]:
    """(number of the line it ends on, cells) of every record, the header included. The file must be seekable.

    Raises TableError for an empty file, one that is no text, and a quotation mark that is never closed.
    """
    encoding = find_encoding(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        delimiter = _find_delimiter(text.read(20_000))
        text.seek(0)
        before = csv.field_size_limit(MAX_CELL)
        try:
            reader = csv.reader(text, delimiter=delimiter)
            for cells in reader:
                yield reader.line_num, cells
        except csv.Error as error:
            raise TableError(
                _("Line %(line)s cannot be read: probably a quotation mark is not closed. Correct it there.")
                % {"line": reader.line_num}
            ) from error
        finally:
            csv.field_size_limit(before)
    finally:
        text.detach()


def csv_rows_of(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The same, of a file on disk."""
    with path.open("rb") as file:
        yield from csv_rows(file)


def find_encoding(file: BinaryIO) -> str:
    """utf-8-sig, utf-16, utf-8 or cp1254. Raises TableError for an empty file and for one that is no text."""
    file.seek(0)
    start = file.read(4)
    if not start:
        raise TableError(_("The file is empty. Export it again and choose that file."))
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return encoding
    for encoding in ("utf-8", "cp1254"):
        if _decodes(file, encoding):
            return encoding
    raise TableError(
        _("This is not a table but another kind of file. Choose a CSV or Excel (.xlsx) file."),
        ErrorCode.UNSUPPORTED,
    )


def _decodes(file: BinaryIO, encoding: str) -> bool:
    """Whether every byte is text in that encoding; a NUL never is."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(_CHUNK):
            if b"\0" in chunk:
                return False
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _find_delimiter(sample: str) -> str:
    """The most frequent one of the first line that has any, outside quotation marks."""
    for line in sample.splitlines():
        bare = "".join(line.split('"')[::2])
        if any(mark in bare for mark in _DELIMITERS):
            return max(_DELIMITERS, key=bare.count)
    return ","
