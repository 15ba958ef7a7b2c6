"""Files made anew in a process of their own, bounded by the kernel (`reconstruct.py`), one at a time.

Decoding a picture takes hundreds of megabytes, and reading a foreign format is where parsers break. Of the threads of
a web process one at a time has a file reconstructed, a few wait for it, and one is always left for other people: who
finds the room full is asked to send the file again. A thumbnail is drawn once, in a part of a second, of a picture that
was accepted: a page asks for all of its thumbnails at once, so they wait for each other, and for no upload.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.utils.translation import gettext_lazy as _

from backend import gunicorn
from backend.core.errors import DomainError, ErrorCode
from backend.core.storage import OfficeStorage
from backend.documents import reconstruct

if TYPE_CHECKING:
    from django.db.models.fields.files import FieldFile
    from django.utils.functional import _StrPromise

WAIT_SECONDS = 2 * reconstruct.SECONDS
_room = threading.BoundedSemaphore(max(1, gunicorn.threads - 1))
_turn = threading.Lock()
_turn_of_thumbnails = threading.Lock()
log = logging.getLogger("documents")


def picture(content: bytes) -> bytes:
    """The picture and nothing else, in its own format. TOO_LARGE, UNSUPPORTED; TIMEOUT if too many are being sent."""
    refusals = {
        reconstruct.TOO_LARGE: (ErrorCode.TOO_LARGE, _("The picture has too many points.")),
        reconstruct.DAMAGED: (ErrorCode.UNSUPPORTED, _("The picture is damaged.")),
    }
    return _reconstructed("picture", content, refusals)


def thumbnail(content: bytes) -> bytes:
    """A small JPEG of an accepted picture. UNSUPPORTED, TOO_LARGE; TIMEOUT if others are drawn for too long."""
    damaged = (ErrorCode.UNSUPPORTED, _("The picture is damaged."))
    turn = _in_turn(_turn_of_thumbnails)
    return _reconstructed("thumbnail", content, {reconstruct.DAMAGED: damaged}, turn)


def thumbnail_of(file: FieldFile) -> bytes:
    """The small JPEG of a stored picture, made once and kept with it. UNSUPPORTED, TOO_LARGE, TIMEOUT."""

    def drawn() -> bytes:
        with file.open("rb") as stored:
            return thumbnail(stored.read())

    return cast(OfficeStorage, file.storage).derived(str(file.name), drawn)


def pdf(content: bytes) -> bytes:
    """The document without scripts and actions; unchanged, and its signature valid, if it has none. TOO_LARGE,
    UNSUPPORTED, TIMEOUT."""
    locked = _("The PDF file asks for a password. Save it without one, and send that file.")
    inside = _("There are other files inside the PDF file. Send them one by one, and this one without them.")
    damaged = _("The PDF file is damaged. Save it as PDF again, and send that file.")
    refusals = {
        reconstruct.TOO_LARGE: (ErrorCode.TOO_LARGE, _("The document unfolds to too much.")),
        reconstruct.DAMAGED: (ErrorCode.UNSUPPORTED, damaged),
        reconstruct.LOCKED: (ErrorCode.UNSUPPORTED, locked),
        reconstruct.FILES_INSIDE: (ErrorCode.UNSUPPORTED, inside),
    }
    return _reconstructed("pdf", content, refusals)


def package(content: bytes) -> bytes:
    """The office document, fetching nothing when it is opened. TOO_LARGE, UNSUPPORTED (damaged, or with a definition or
    macros that no office program writes into such a file), TIMEOUT."""
    program = _("The document contains a program or a definition. Save it again without macros, or as PDF.")
    refusals = {
        reconstruct.TOO_LARGE: (ErrorCode.TOO_LARGE, _("The document unfolds to too much.")),
        reconstruct.DAMAGED: (
            ErrorCode.UNSUPPORTED,
            _("The document is damaged. Save it again, and send that file."),
        ),
        reconstruct.PROGRAM: (ErrorCode.UNSUPPORTED, program),
    }
    return _reconstructed("package", content, refusals)


@contextmanager
def _in_turn(turn: threading.Lock) -> Iterator[None]:
    """Wait until it is this thread's turn. TIMEOUT."""
    if not turn.acquire(timeout=WAIT_SECONDS):
        raise _busy()
    try:
        yield
    finally:
        turn.release()


@contextmanager
def _in_room() -> Iterator[None]:
    """Wait for one's turn among the few that may. TIMEOUT, at once if the room is full."""
    if not _room.acquire(blocking=False):
        raise _busy()
    try:
        with _in_turn(_turn):
            yield
    finally:
        _room.release()


def _reconstructed(
    kind: str,
    content: bytes,
    refusals: Mapping[int, tuple[ErrorCode, _StrPromise]],
    place: AbstractContextManager[None] | None = None,
) -> bytes:
    """Run the program; what it could not end itself (memory, time, a crash) is a file that takes too much."""
    with place or _in_room():
        code, outcome = _run(kind, content)
    if code in (0, reconstruct.UNCHANGED):
        return outcome if code == 0 else content
    log.info({"event": "file_refused", "reason": kind, "code": code})
    error, message = refusals.get(code, refusals[reconstruct.TOO_LARGE])
    raise DomainError(error, message, "file")


def _run(kind: str, content: bytes) -> tuple[int, bytes]:
    program = Path(reconstruct.__file__).with_name(
        "thumbnail.py" if kind == "thumbnail" else "reconstruct.py"
    )
    command = [sys.executable, "-I", str(program), kind]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=2 * reconstruct.SECONDS, env={}, check=False
        )
    except subprocess.TimeoutExpired:
        return reconstruct.TOO_LARGE, b""
    return done.returncode, done.stdout


def _busy() -> DomainError:
    message = _("Many files are being sent at this moment. Send yours again in a minute.")
    return DomainError(ErrorCode.TIMEOUT, message, "file")
