"""The virus scanner: what is infected is not taken, and no fault of the scanner stops work."""

from __future__ import annotations

import datetime as dt
import io
import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from backend.complaints.actions import attach
from backend.complaints.models import Attachment, Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import dry_run, system
from backend.documents import jobs, scanning
from backend.documents.scanning import Verdict, scanner_status
from schema.app import schema  # noqa: F401 - the ids of rows
from schema.core.nodes import global_id
from tests.cast import Cast, signed_in
from tests.factories import make_complaint
from tests.harness import clamav
from tests.kept_files import content_of, stored
from tests.schema.portal_client import BOTH, make_portal
from tests.tracking import tracked


@pytest.fixture(scope="module")
def clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Debian's clamd; a missing one fails the run with CI=true and skips the test, loudly, elsewhere."""
    if clamav.find() is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(clamav.MISSING)
    with clamav.running(tmp_path_factory.mktemp("clamd")) as listening:
        yield str(listening)


@pytest.fixture(autouse=True)
def storage(kept_in: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scanning, "_away_until", 0.0)


@pytest.fixture
def away(settings: Settings) -> None:
    settings.CLAMD = "/nowhere/clamd.ctl"


@pytest.fixture
def case(cast: Cast) -> Complaint:
    return make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)


def attached(case: Complaint, content: bytes = b"metin") -> Attachment:
    with system():
        return attach(case, by=None, file=io.BytesIO(content), name="a.txt")


def fetched(cast: Cast, file: Attachment) -> Any:
    return signed_in(cast.fen_clerk).get(f"/files/{file.key}")


def send(door: str, cast: Cast, case: Complaint) -> Any:
    """Bring EICAR in by one of the doors."""
    file = SimpleUploadedFile("a.txt", clamav.EICAR)
    if door == "files":
        return signed_in(cast.fen_clerk).post(f"/files/complaints/{global_id(case)}/", {"file": file})
    if door == "admin":
        page = f"/admin/complaints/complaint/{case.key}/attach/"
        return signed_in(cast.fen_clerk).post(page, {"file": file, "version": case.version})
    if door == "page":
        return HttpResponse(tracked(case.tracking_code, "add", file=file))
    account, secret = make_portal("portal.ebelediye", BOTH)
    code = make_complaint(by=account).tracking_code
    headers = {"authorization": f"Bearer {secret}", "tracking-code": code}
    return Client().post("/files/portal/complaints/", {"file": file}, headers=headers)


@pytest.mark.full
@pytest.mark.parametrize("door", ["files", "admin", "page", "portal"])
def test_an_infected_file_is_refused_at_every_door_and_nothing_is_kept(
    door: str, clamd: str, cast: Cast, case: Complaint, settings: Settings
) -> None:
    settings.CLAMD = clamd
    answer = send(door, cast, case)
    shown = answer.json()["errors"][0]["message"] if door in ("files", "portal") else answer.content.decode()
    assert "Virüs taraması dosyada zararlı yazılım buldu. Dosya alınmadı." in shown
    with system():
        assert not Attachment.objects.exists()
    assert stored() == set()
    assert scanning._away_until == 0


@pytest.mark.full
def test_a_clean_file_is_handed_out_at_once_and_the_status_says_who_scanned(
    clamd: str, cast: Cast, case: Complaint, settings: Settings
) -> None:
    settings.CLAMD = clamd
    assert fetched(cast, attached(case)).status_code == 200
    status = scanner_status()
    assert (status.is_configured, status.version[:6], status.waiting) == (True, "ClamAV", 0)


@pytest.mark.full
def test_what_came_in_while_the_scanner_was_away_is_scanned_later(
    clamd: str, cast: Cast, case: Complaint, settings: Settings, away: None
) -> None:
    clean, infected = attached(case), attached(case, clamav.EICAR)
    assert [fetched(cast, file).status_code for file in (clean, infected)] == [409, 409]
    assert "virüs taramasını bekliyor" in fetched(cast, clean).content.decode()
    assert jobs.scan_waiting() == 0, "it is still away, and both still wait"
    assert scanner_status().waiting == 2
    settings.CLAMD = clamd
    assert jobs.scan_waiting() == 2
    assert b"".join(fetched(cast, clean)) == b"metin"
    refused = fetched(cast, infected)
    assert (refused.status_code, "Dosya silindi" in refused.content.decode()) == (409, True)
    status = scanner_status()
    assert (status.waiting, status.infected) == (0, 1)
    assert not any(clamav.EICAR in content_of(name) for name in stored())
    assert jobs.scan_waiting() == 0


def test_the_note_of_an_infected_file_goes_with_its_row(
    cast: Cast, case: Complaint, away: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = attached(case)
    monkeypatch.setattr(scanning, "scan", lambda content: Verdict.INFECTED)
    scanning.scan_waiting()
    of_a_row = f"{scanning.INFECTED}/{kept.file.name}"
    of_no_row = {f"{scanning.INFECTED}/attachment/ab/gone", f"{scanning.WAITING}/attachment/ab/abc"}
    for note in of_no_row:
        default_storage.save(note, ContentFile(b""))
    jobs.remove_orphans()
    assert stored() == {of_a_row, *of_no_row}, "its row may not be there yet"
    monkeypatch.setattr(jobs, "OLD_ENOUGH", dt.timedelta(0))
    jobs.remove_orphans()
    assert stored() == {of_a_row}
    assert fetched(cast, kept).status_code == 409


class Faulty:
    """Something that listens where clamd should, and does this with whoever comes."""

    def __init__(self, path: Path, answer: bytes | None) -> None:
        self.answer, self.open = answer, []  # type: ignore[var-annotated]
        self.listening = socket.socket(socket.AF_UNIX)
        self.listening.bind(str(path))
        self.listening.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self.listening.accept()
            except OSError:
                return
            self.open.append(connection)  # None: silent, but there
            if self.answer is not None:
                connection.sendall(self.answer)
                connection.close()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        b"\0",
        b"stream: OK",
        b"stream: \xff FOUND?\0",
        b"x" * 200_000,
        b"INSTREAM size limit exceeded. ERROR\0",
    ],
    ids=["silent", "closes", "empty", "cut off", "nonsense", "endless", "too large"],
)
def test_no_fault_of_the_scanner_stops_work(
    answer: bytes | None,
    cast: Cast,
    case: Complaint,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scanning, "SECONDS", 0.2)
    # A socket's address has 108 bytes, of which tmp_path takes most.
    with tempfile.TemporaryDirectory() as folder:
        settings.CLAMD = f"{folder}/s"
        faulty = Faulty(Path(settings.CLAMD), answer)
        file = attached(case, b"metin " * 100_000)
        assert fetched(cast, file).status_code == 409
        asked = len(faulty.open)
        assert fetched(cast, attached(case)).status_code == 409
        assert len(faulty.open) == asked, "the next upload does not wait for what the first one waited for"
        faulty.listening.close()


def test_a_file_that_is_never_judged_holds_up_no_other(
    cast: Cast, case: Complaint, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMD = "/nowhere/clamd.ctl"
    waiting = [attached(case), attached(case)]
    judged = [scanning.Verdict.AWAY, scanning.Verdict.CLEAN]
    monkeypatch.setattr(scanning, "scan", lambda _content: judged.pop(0))
    monkeypatch.setattr(scanning, "_version", lambda: "ClamAV 1.4")
    assert jobs.scan_waiting() == 1
    assert sorted(fetched(cast, file).status_code for file in waiting) == [200, 409]


def test_without_the_setting_nothing_is_scanned_and_nothing_waits(cast: Cast, case: Complaint) -> None:
    assert fetched(cast, attached(case, clamav.EICAR)).status_code == 200
    assert scanner_status() == scanning.ScannerStatus(False, "", 0, 0)
    assert jobs.scan_waiting() == 0


def test_an_upload_that_finds_others_scanned_waits_for_the_worker(
    cast: Cast, case: Complaint, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMD = "/nowhere/clamd.ctl"
    monkeypatch.setattr(scanning, "_asking", threading.Semaphore(0))
    assert fetched(cast, attached(case)).status_code == 409
    assert scanning._away_until == 0


def test_a_file_that_is_taken_back_leaves_no_note(cast: Cast, case: Complaint, away: None) -> None:
    with dry_run():
        attached(case)
        assert len(stored()) == 2
    assert stored() == set()


def test_a_note_of_a_file_that_is_gone_goes_too(cast: Cast, case: Complaint, away: None) -> None:
    file = attached(case)
    file.file.storage.delete(str(file.file.name))
    assert scanner_status().waiting == 1
    jobs.scan_waiting()
    assert stored() == set()


def test_an_infected_file_is_a_refusal_at_the_file(
    monkeypatch: pytest.MonkeyPatch, case: Complaint, away: None
) -> None:
    monkeypatch.setattr(scanning, "scan", lambda _content: Verdict.INFECTED)
    with pytest.raises(DomainError) as refused:
        attached(case)
    assert (refused.value.code, refused.value.field) == (ErrorCode.UNSUPPORTED, "file")
