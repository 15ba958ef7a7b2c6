"""Files on disk and in a bucket: whole or not at all, as they were brought, by the gate alone, and gone when erased."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path
from typing import Any, cast
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from backend import file_storage
from backend.complaints.actions import attach
from backend.complaints.models import Attachment, Complaint
from backend.core.errors import DomainError, ErrorCode, FilesAwayError
from backend.core.operation import backup
from backend.core.session import system
from backend.core.storage import OfficeStorage
from backend.core.storage.bucket import BucketStorage
from backend.core.storage.mover import Outcome, move
from backend.documents import jobs, removal
from backend.documents.models import stored as carried
from backend.file_storage import BUCKET, DISK
from backend.monitoring.measuring import bucket_answers
from backend.monitoring.status import _files
from backend.outbox import mail
from backend.outbox.sms import TryAgain, Undeliverable
from schema.app import schema  # noqa: F401 - the ids of rows
from schema.core.nodes import global_id
from tests.cast import Cast, signed_in
from tests.factories import make_complaint
from tests.kept_files import PRIVATE, PUBLIC, BucketServer, content_of, stored
from tests.schema.complaints.test_files import picture, upload

Places = dict[str, dict[str, Any]]
NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
def case(cast: Cast) -> Complaint:
    return make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)


def attached(case: Complaint, content: bytes | None = None) -> Attachment:
    with system():
        file = io.BytesIO(picture() if content is None else content)
        return attach(case, by=None, file=file, name="a.png" if content is None else "a.txt")


def use(settings: Any, default: dict[str, Any], **others: Any) -> None:
    settings.STORAGES = {**settings.STORAGES, **others, "default": default}


def moving(now: str, former: str) -> dict[str, Any]:
    options = {"now": now, "former": former}
    return {"BACKEND": "backend.core.storage.moving.MovingStorage", "OPTIONS": options}


def tamper(name: str, server: BucketServer) -> None:
    """Change what is kept under a name, past the product."""
    storage: Any = default_storage
    if isinstance(storage, BucketStorage):
        former = server.client.head_object(Bucket=storage.bucket_name, Key=name)["Metadata"]
        server.client.put_object(Bucket=storage.bucket_name, Key=name, Body=b"another", Metadata=former)
    else:
        Path(storage.path(name)).write_bytes(b"another")


# -- as it was brought --------------------------------------------------------------------------------------------
def test_a_file_that_was_changed_where_it_is_kept_is_not_handed_out(
    cast: Cast, case: Complaint, kept_in: str, bucket_server: BucketServer, caplog: pytest.LogCaptureFixture
) -> None:
    file = attached(case)
    reader = signed_in(cast.fen_clerk)
    assert reader.get(f"/files/{file.key}").status_code == 200
    tamper(str(file.file.name), bucket_server)
    for address in (f"/files/{file.key}", f"/files/{file.key}/picture/", f"/files/{file.key}/thumbnail/"):
        answer = reader.get(address, headers={"accept": "text/html"})
        assert answer.status_code in (404, 409), address
        assert b"another" not in answer.content
    refused = reader.get(f"/files/{file.key}", headers={"accept": "text/html"})
    assert (refused.status_code, "bozulmuş" in refused.content.decode()) == (409, True)
    assert "file_damaged" in caplog.text
    with pytest.raises((DomainError, Undeliverable)):
        mail._content(carried(file))


def test_a_file_is_read_from_its_beginning_after_it_was_checked(case: Complaint, kept_in: str) -> None:
    file = attached(case, "içerik".encode())
    with system():
        row = Attachment.objects.get(pk=file.pk)
    with row.file.open("rb") as opened:
        assert (opened.read(), opened.size) == ("içerik".encode(), 7)
    with row.file.open("rb") as again:
        assert again.read() == "içerik".encode()
    assert mail._content(carried(file)) == "içerik".encode()


def test_what_is_made_of_a_file_is_made_once_and_goes_with_it(case: Complaint, kept_in: str) -> None:
    file, made = attached(case), []
    storage = cast_storage()

    def make() -> bytes:
        made.append(1)
        return b"small"

    name = str(file.file.name)
    assert [storage.derived(name, make), storage.derived(name, make)] == [b"small", b"small"]
    assert (len(made), stored()) == (1, {name, f"derived/{name}"})
    removal.delete(default_storage, name)
    assert stored() == set()


def cast_storage() -> OfficeStorage:
    return cast(OfficeStorage, default_storage)


# -- a private bucket ---------------------------------------------------------------------------------------------
def test_a_bucket_has_no_addresses_and_strangers_read_nothing(
    places: Places, settings: Any, case: Complaint, bucket_server: BucketServer, bucket: str
) -> None:
    use(settings, places[BUCKET])
    file = attached(case)
    with pytest.raises(NotImplementedError):
        default_storage.url(str(file.file.name))
    with pytest.raises(NotImplementedError):
        _ = file.file.url
    for address in (f"{bucket_server.url}/{bucket}", f"{bucket_server.url}/{bucket}/{file.file.name}"):
        with pytest.raises(HTTPError):
            urlopen(address)  # noqa: S310
    [line] = _files()
    assert (line.state, bucket in line.sentence) == ("GOOD", True)
    bucket_server.ask_for_keys(PUBLIC)
    try:
        [line] = _files()
        assert line.state == "FAILED"
    finally:
        bucket_server.ask_for_keys(PRIVATE)


def test_what_is_deleted_is_gone_in_all_versions(
    places: Places, settings: Any, bucket_server: BucketServer, bucket: str
) -> None:
    use(settings, places[BUCKET])
    for content in (b"first", b"second"):
        cast_storage().put("attachment/ab/abc", ContentFile(content))
    cast_storage().put("attachment/ab/abcd", ContentFile(b"another"))
    bucket_server.client.delete_object(Bucket=bucket, Key="attachment/ab/abc")  # as another program would
    default_storage.delete("attachment/ab/abc")
    left = bucket_server.client.list_object_versions(Bucket=bucket)
    assert [row["Key"] for row in left["Versions"]] == ["attachment/ab/abcd"]
    assert "DeleteMarkers" not in left


def test_thousands_of_files_are_listed_to_their_end(
    places: Places, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(settings, places[BUCKET])
    names = {f"attachment/{number:02}/x" for number in range(7)}
    for name in names:
        default_storage.save(name, ContentFile(b"x"))
    client = storages[BUCKET].connection.meta.client  # type: ignore[attr-defined]
    whole = client.list_objects_v2
    monkeypatch.setattr(client, "list_objects_v2", lambda **asked: whole(**asked, MaxKeys=3))
    assert stored() == names
    assert stored("attachment") == names


# -- a bucket that is away ----------------------------------------------------------------------------------------
def test_with_the_bucket_away_every_door_says_when_to_come_again_and_nothing_is_kept(
    cast: Cast, case: Complaint, places: Places, settings: Any, bucket_server: BucketServer
) -> None:
    use(settings, places[BUCKET])
    kept = attached(case)
    away = {**places[BUCKET], "OPTIONS": {**places[BUCKET]["OPTIONS"], "url": NOWHERE}}
    use(settings, away, **{BUCKET: away})
    reader = signed_in(cast.fen_clerk)
    reader.raise_request_exception = False
    for answer in (
        upload(reader, global_id(case)),
        reader.get(f"/files/{kept.key}"),
        reader.get(f"/files/{kept.key}/thumbnail/", headers={"accept": "text/html"}),
    ):
        assert (answer.status_code, int(answer["Retry-After"]) > 0) == (503, True)
    with system():
        assert Attachment.objects.count() == 1
    assert reader.get(f"/admin/complaints/complaint/{case.key}/change/").status_code == 200
    with pytest.raises(TryAgain):
        mail._content(carried(kept))
    [line] = _files()
    assert (line.state, bucket_answers()) == ("FAILED", False)
    use(settings, places[BUCKET], **{BUCKET: places[BUCKET]})
    assert bucket_answers() is True
    assert upload(reader, global_id(case)).status_code == 201
    assert len(stored()) == 2, "nothing of the upload that was refused"


def test_a_file_whose_row_went_while_the_bucket_was_away_is_deleted_by_a_job(
    case: Complaint, places: Places, settings: Any
) -> None:
    use(settings, places[BUCKET])
    name = str(attached(case).file.name)
    away = {**places[BUCKET], "OPTIONS": {**places[BUCKET]["OPTIONS"], "url": NOWHERE}}
    use(settings, away)
    removal.remove(default_storage, name)
    with system():
        [job] = ProcrastinateJob.objects.filter(task_name="documents.delete_stored")
    assert job.args == {"name": name}
    with pytest.raises(FilesAwayError):
        jobs.delete_stored(**job.args)
    use(settings, places[BUCKET])
    assert stored() == {name}
    jobs.delete_stored(**job.args)
    assert stored() == set()


def test_a_wrong_key_is_a_bucket_that_is_away_and_the_log_says_why(
    places: Places, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    use(settings, {**places[BUCKET], "OPTIONS": {**places[BUCKET]["OPTIONS"], "secret": "wrong"}})
    with pytest.raises(FilesAwayError):
        default_storage.save("attachment/ab/abc", ContentFile(b"x"))
    assert "SignatureDoesNotMatch" in caplog.text


# -- from one to the other ------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("to", "former"), [(BUCKET, DISK), (DISK, BUCKET)])
def test_files_are_read_from_both_places_and_moved_while_the_office_works(
    cast: Cast, case: Complaint, places: Places, settings: Any, to: str, former: str
) -> None:
    use(settings, places[former])
    old = attached(case)
    signed_in(cast.fen_clerk).get(f"/files/{old.key}/thumbnail/")
    with pytest.raises(CommandError, match="must go to"):
        call_command("move_files", "--to", to)
    use(settings, moving(to, former))
    new = attached(case)
    assert storages[to].exists(str(new.file.name))
    assert not storages[to].exists(str(old.file.name))
    for file in (old, new):
        assert b"".join(signed_in(cast.fen_clerk).get(f"/files/{file.key}"))[:4] == b"\x89PNG"
    call_command("move_files", "--to", to)
    assert list(cast_to(storages[former]).kept()) == []
    use(settings, places[to])
    assert stored() == {str(old.file.name), str(new.file.name)}
    for file in (old, new):
        assert b"".join(signed_in(cast.fen_clerk).get(f"/files/{file.key}"))[:4] == b"\x89PNG"


def cast_to(storage: Any) -> OfficeStorage:
    return cast(OfficeStorage, storage)


def test_copies_made_ahead_delete_nothing_and_spare_the_way_later(places: Places, settings: Any) -> None:
    disk, bucket = (cast_to(storages[name]) for name in (DISK, BUCKET))
    for number in range(3):
        disk.put(f"attachment/ab/{number}", ContentFile(b"x"))
    call_command("move_files", "--to", BUCKET, "--keep")
    assert {file.name for file in disk.kept()} == {file.name for file in bucket.kept()}
    versions = [file.modified_at for file in bucket.kept()]
    use(settings, moving(BUCKET, DISK))
    call_command("move_files", "--to", BUCKET)
    assert list(disk.kept()) == []
    assert [file.modified_at for file in bucket.kept()] == versions, "they were not sent again"


def test_what_is_interrupted_goes_on_and_what_arrives_changed_stays_where_it_was(
    places: Places, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk, bucket = (cast_to(storages[name]) for name in (DISK, BUCKET))
    names = {f"attachment/ab/{number}" for number in range(6)}
    for name in names:
        disk.put(name, ContentFile(name.encode()))
    whole = type(bucket).put
    sent: list[str] = []

    def fails(self: OfficeStorage, name: str, content: Any) -> None:
        sent.append(name)
        if len(sent) > 2:
            raise FilesAwayError
        whole(self, name, content)

    use(settings, moving(BUCKET, DISK))
    monkeypatch.setattr(BucketStorage, "put", fails)
    with pytest.raises(CommandError, match="run it again"):
        call_command("move_files", "--to", BUCKET)
    assert stored() == names, "each is in one place or in both"

    def spoils(self: OfficeStorage, name: str, content: Any) -> None:
        whole(self, name, ContentFile(b"spoilt"))

    monkeypatch.setattr(BucketStorage, "put", spoils)
    left = {file.name for file in disk.kept()}
    assert left
    with pytest.raises(CommandError, match="Not all"):
        call_command("move_files", "--to", BUCKET)
    assert {file.name for file in disk.kept()} == left
    monkeypatch.setattr(BucketStorage, "put", whole)
    call_command("move_files", "--to", BUCKET)
    assert {file.name for file in bucket.kept()} == names
    assert {name: content_of(name) for name in names} == {name: name.encode() for name in names}


def test_a_file_that_is_erased_while_it_is_copied_does_not_come_back(
    places: Places, case: Complaint, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And one that another run has moved meanwhile stays."""
    use(settings, places[DISK])
    known = attached(case)
    disk, bucket = (cast_to(storages[name]) for name in (DISK, BUCKET))
    disk.put("attachment/ab/erased", ContentFile(b"x"))
    whole = BucketStorage.put

    def meanwhile(self: BucketStorage, name: str, content: Any) -> None:
        whole(self, name, content)
        disk.delete(name)

    monkeypatch.setattr(BucketStorage, "put", meanwhile)
    counts = move(disk, bucket, is_known=lambda name: name == known.file.name, heard=lambda *_: None)
    assert counts == {Outcome.GONE: 2}
    assert {file.name for file in bucket.kept()} == {str(known.file.name)}


def test_a_delete_reaches_both_places(places: Places, settings: Any) -> None:
    use(settings, moving(BUCKET, DISK))
    for name in (DISK, BUCKET):
        cast_to(storages[name]).put("attachment/ab/abc", ContentFile(b"x"))
    default_storage.delete("attachment/ab/abc")
    assert stored() == set()


# -- a backup, and what is set ------------------------------------------------------------------------------------
def test_a_backup_holds_what_is_in_the_bucket(places: Places, settings: Any, tmp_path: Path) -> None:
    use(settings, places[BUCKET])
    cast_storage().put("attachment/ab/abc", ContentFile("dilekçe".encode()))
    cast_storage().put("derived/attachment/ab/abc", ContentFile(b"small"))
    with tarfile.open(tmp_path / "x.tar", "w") as tar:
        backup._add_files(tar)
    with tarfile.open(tmp_path / "x.tar") as tar:
        assert tar.getnames() == ["media/attachment/ab/abc"]
        content = tar.extractfile("media/attachment/ab/abc")
        assert content is not None
        assert content.read() == "dilekçe".encode()


def test_where_files_are_kept_follows_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert file_storage.storages()["default"]["BACKEND"].endswith("WholeFileStorage")
    monkeypatch.setenv("OZELKALEM_FILES", "s3")
    with pytest.raises(ImproperlyConfigured, match="S3_BUCKET"):
        file_storage.storages()
    monkeypatch.setenv("OZELKALEM_S3_BUCKET", "dosyalar")
    assert file_storage.storages()["default"]["OPTIONS"]["bucket"] == "dosyalar"
    monkeypatch.setenv("OZELKALEM_FILES_FORMER", "disk")
    assert file_storage.storages()["default"]["OPTIONS"] == {"now": "s3", "former": "disk"}
    monkeypatch.setenv("OZELKALEM_FILES", "cloud")
    with pytest.raises(ImproperlyConfigured, match="disk or s3"):
        file_storage.storages()


def test_a_damaged_file_is_a_refusal_with_a_code() -> None:
    from backend.core.storage import damaged

    assert damaged().code == ErrorCode.WRONG_STATE
