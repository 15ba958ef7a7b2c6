"""A bucket that is silent, overloaded or refuses, and objects that are damaged: work goes on with all else."""

from __future__ import annotations

import socket
import tarfile
from pathlib import Path
from typing import Any
from typing import cast as as_type

import pytest
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command

from backend.core.errors import FilesAwayError
from backend.core.operation import backup
from backend.core.storage import bucket as bucket_storage
from backend.core.storage.bucket import BucketStorage
from backend.documents import jobs, scanning
from backend.documents.management.commands import move_files
from backend.file_storage import BUCKET
from backend.monitoring.status import _files
from backend.outbox import mail
from backend.outbox.sms import Undeliverable
from tests.backend.documents.test_storages import Places, cast_storage, tamper, use
from tests.cast import Cast
from tests.factories import issue_letter, make_letter
from tests.kept_files import BucketServer, age, stored


def ask_in_vain(storage: BucketStorage) -> None:
    """Ask after a pause, while another wants to ask too."""
    with storage._asked(), pytest.MonkeyPatch.context() as patched:
        patched.setattr(BucketStorage, "connection", None)  # who asks now gets no further than this
        with pytest.raises(FilesAwayError):
            storage.exists("b")
        raise TimeoutError


def test_while_the_bucket_is_silent_one_asks_and_the_others_do_not_wait(
    places: Places, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket_storage, "READ_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        use(settings, {**places[BUCKET], "OPTIONS": {**places[BUCKET]["OPTIONS"], "url": url}})
        storage = as_type(BucketStorage, storages["default"])
        with pytest.raises(FilesAwayError):
            storage.exists("a")
        assert storage._pause == bucket_storage.AWAY_SECONDS
        storage._away_until = 0.0  # it is over
        with pytest.raises(FilesAwayError):
            ask_in_vain(storage)
        assert storage._pause == 2 * bucket_storage.AWAY_SECONDS
        storage._away_until = 0.0
        with storage._asked():
            pass
        assert (storage._pause, storage._away_until) == (0, 0)


@pytest.mark.parametrize(("status", "pause"), [(503, bucket_storage.AWAY_SECONDS), (403, 0)])
def test_an_overloaded_bucket_gets_a_pause_and_one_that_refuses_does_not(
    places: Places, settings: Any, status: int, pause: int
) -> None:
    use(settings, places[BUCKET])
    storage = as_type(BucketStorage, storages["default"])
    answer: Any = {"Error": {"Code": "SlowDown"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    with pytest.raises(FilesAwayError), storage._asked():
        raise ClientError(answer, "PutObject")
    assert storage._pause == pause


def test_a_key_that_may_not_delete_versions_is_seen_on_the_status_page(
    places: Places, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(settings, places[BUCKET])

    def refused(*_arguments: Any) -> None:
        raise FilesAwayError

    monkeypatch.setattr(BucketStorage, "_versions", refused)
    [line] = _files()
    assert line.state == "FAILED"


def test_a_damaged_object_is_left_out_and_named_and_the_rest_is_there(
    places: Places, settings: Any, tmp_path: Path, bucket_server: BucketServer
) -> None:
    use(settings, places[BUCKET])
    for name in ("attachment/ab/a", "attachment/ab/b"):
        cast_storage().put(name, ContentFile(b"x"))
    tamper("attachment/ab/a", bucket_server)
    with tarfile.open(tmp_path / "x.tar", "w") as tar:
        assert backup._add_files(tar) == ["attachment/ab/a"]
    with tarfile.open(tmp_path / "x.tar") as tar:
        assert tar.getnames() == ["media/attachment/ab/b"]


def test_the_command_names_what_is_damaged_and_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from backend.core.management.commands import backup as command

    def write(target: Path, **_options: Any) -> list[str]:
        target.touch()
        return ["attachment/ab/a"]

    monkeypatch.setattr(command, "backup", write)
    with pytest.raises(CommandError, match="without 1 damaged"):
        call_command("backup", tmp_path / "x.tar")
    assert "attachment/ab/a" in capsys.readouterr().err


def test_a_damaged_object_waits_for_the_scanner_and_nothing_behind_it(
    places: Places, settings: Any, bucket_server: BucketServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(settings, places[BUCKET])
    for name in ("attachment/ab/a", "attachment/ab/b"):
        cast_storage().put(name, ContentFile(b"x"))
        scanning.hold(default_storage, name)
    tamper("attachment/ab/a", bucket_server)
    monkeypatch.setattr(scanning, "scan", lambda _content: scanning.Verdict.CLEAN)
    assert scanning.scan_waiting() == 1
    assert stored(scanning.WAITING) == {f"{scanning.WAITING}/attachment/ab/a"}


def test_a_mail_with_a_damaged_object_is_not_tried_again(
    places: Places, settings: Any, bucket_server: BucketServer
) -> None:
    use(settings, places[BUCKET])
    cast_storage().put("attachment/ab/a", ContentFile(b"x"))
    tamper("attachment/ab/a", bucket_server)
    with pytest.raises(Undeliverable, match="damaged"):
        mail._content({"file": "attachment/ab/a"})


def test_papers_of_letters_are_swept_and_moved_as_all_files(cast: Cast, kept_in: str) -> None:
    letter = make_letter(cast.office, cast.mayor, by=cast.secretary)
    known = str(issue_letter(letter, by=cast.secretary, signatory=cast.mayor).paper.name)
    cast_storage().put("letter/ab/orphan", ContentFile(b"%PDF"))
    for name in (known, "letter/ab/orphan"):
        age(name, 50)
    assert (move_files._is_known(known), move_files._is_known("letter/ab/orphan")) == (True, False)
    assert jobs.remove_orphans() == 1
    assert known in stored("letter")
    assert "letter/ab/orphan" not in stored("letter")
