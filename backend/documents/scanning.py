"""Attachments looked at by ClamAV, where an installation has it (setting CLAMD: a socket or host:port).

What is infected is refused at the door. While clamd does not answer, work goes on: a file is kept, but not handed out
before the worker had it scanned (`documents.scan_waiting`). That a file waits, or was found infected later, is marked
by an empty file of the same name in another folder: the house does not see every row, but the whole storage.
"""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.storage import OfficeStorage

SECONDS = 10
"""So long clamd may take for one file."""
AWAY_SECONDS = 30
"""So long it is not asked again after it did not answer: no upload waits for what the one before waited for."""
AT_ONCE = 2
"""Of the threads of a process so many speak to clamd; further files are kept for the worker, so that none waits."""
CHUNK = 1 << 16
WAITING, INFECTED = "unscanned", "infected"
"""Folders of the storage with the names of files that wait, and of those that were removed."""
log = logging.getLogger("documents")
_asking = threading.BoundedSemaphore(AT_ONCE)
_away_until = 0.0


class Verdict(Enum):
    """What clamd says of a file. REFUSED: that it does not look at it. AWAY: nothing."""

    CLEAN = "CLEAN"
    INFECTED = "INFECTED"
    REFUSED = "REFUSED"
    AWAY = "AWAY"


@dataclass(frozen=True)
class ScannerStatus:
    """How the scanner stands, for those who operate the installation."""

    is_configured: bool
    version: str
    """Of the program and its signatures, as clamd says it; empty: it does not answer."""
    waiting: int
    infected: int
    """Files that were removed since they came in unscanned."""


def scanner_status() -> ScannerStatus:
    """Ask the scanner now."""
    waiting, infected = (sum(1 for _name in _named(folder)) for folder in (WAITING, INFECTED))
    return ScannerStatus(bool(settings.CLAMD), _version(), waiting, infected)


def awaits_scan(content: bytes) -> bool:
    """Whether a new file has to wait for the scanner. UNSUPPORTED if it is infected."""
    global _away_until
    if not settings.CLAMD:
        return False
    if time.monotonic() < _away_until or not _asking.acquire(blocking=False):
        return True
    try:
        verdict = scan(content)
    finally:
        _asking.release()
    if verdict is Verdict.INFECTED:
        message = _("The virus scanner found malware in the file. It was not taken.")
        raise DomainError(ErrorCode.UNSUPPORTED, message, "file")
    if verdict is Verdict.AWAY:
        _away_until = time.monotonic() + AWAY_SECONDS
    return verdict is not Verdict.CLEAN


def scan(content: bytes) -> Verdict:
    """Stream the content to clamd."""
    try:
        answer = _ask(b"INSTREAM", content)
    except (OSError, ValueError) as fault:
        log.warning({"event": "scanner_away", "error": type(fault).__name__})
        return Verdict.AWAY
    if answer.endswith(" FOUND"):
        return Verdict.INFECTED
    if answer.endswith(": OK"):
        return Verdict.CLEAN
    log.warning({"event": "scanner_refused"})  # a file over its StreamMaxLength
    return Verdict.REFUSED


def hold(storage: Storage, name: str) -> None:
    """Note that a stored file waits for the scanner."""
    storage.save(f"{WAITING}/{name}", ContentFile(b""))


def forget(storage: Storage, name: str) -> None:
    """Drop what was noted of a file that is not kept."""
    for folder in (WAITING, INFECTED):
        storage.delete(f"{folder}/{name}")


def require_scanned(storage: Storage, name: str) -> None:
    """WRONG_STATE for a file that waits for the scanner, or was removed as infected."""
    if storage.exists(f"{WAITING}/{name}"):
        message = _("This file waits for the virus scanner. It can be opened as soon as it was scanned.")
        raise DomainError(ErrorCode.WRONG_STATE, message, "file")
    if storage.exists(f"{INFECTED}/{name}"):
        message = _("The virus scanner found malware in this file. It was removed.")
        raise DomainError(ErrorCode.WRONG_STATE, message, "file")


def scan_waiting() -> int:
    """Scan the files that wait, and remove what is infected. How many were scanned; ends when clamd does not answer."""
    scanned = 0
    for name in _named(WAITING):
        if default_storage.exists(name):
            try:
                with default_storage.open(name) as file:
                    verdict = scan(file.read())
            except DomainError:  # damaged where it is kept: it waits, and nothing behind it
                continue
            if verdict is Verdict.AWAY and not _version():
                break
            if verdict in (
                Verdict.AWAY,
                Verdict.REFUSED,
            ):  # the file's own fault: it waits, and nothing behind it
                continue
            if verdict is Verdict.INFECTED:
                default_storage.save(f"{INFECTED}/{name}", ContentFile(b""))
                default_storage.delete(name)
                log.warning({"event": "infected_file_removed"})
            scanned += 1
        default_storage.delete(f"{WAITING}/{name}")
    return scanned


def _named(folder: str) -> Iterator[str]:
    """The names of files that have a note in this folder, as `random_name` made them."""
    notes = [note.name for note in cast(OfficeStorage, default_storage).kept(folder)]
    yield from (note.removeprefix(f"{folder}/") for note in notes)


def _version() -> str:
    try:
        return _ask(b"VERSION") if settings.CLAMD else ""
    except (OSError, ValueError):
        return ""


def _ask(command: bytes, content: bytes | None = None) -> str:
    """What clamd answers. OSError, ValueError."""
    ends = time.monotonic() + SECONDS
    with _connected() as clamd:
        clamd.sendall(b"z" + command + b"\0")
        if content is not None:
            for start in range(0, len(content), CHUNK):
                chunk = content[start : start + CHUNK]
                clamd.sendall(len(chunk).to_bytes(4) + chunk)
            clamd.sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0"):
            clamd.settimeout(max(0.001, ends - time.monotonic()))
            part = clamd.recv(4096)
            if not part or len(answer) > CHUNK:
                raise ConnectionError
            answer += part
    return answer[:-1].decode()


def _connected() -> socket.socket:
    address: Any = settings.CLAMD
    if address.startswith("/"):
        result = socket.socket(socket.AF_UNIX)
        try:
            result.settimeout(SECONDS)
            result.connect(address)
        except OSError:
            result.close()
            raise
        return result
    host, _colon, port = address.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)
