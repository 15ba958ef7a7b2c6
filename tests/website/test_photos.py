"""Photographs before the number: added, looked at, removed, checked, and kept with what is sent in."""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django.fixtures import Settings

from backend.complaints.models import Attachment, Complaint
from backend.core.errors import DomainError, ErrorCode
from backend.core.session import system
from backend.documents import jobs as documents
from backend.documents import scanning
from backend.submissions import actions, brought, jobs
from backend.submissions.models import ShareUse, Submission, SubmissionFile
from tests.backend.complaints.test_attachments import box, film
from tests.backend.documents.test_films import HIDDEN, content_of
from tests.backend.documents.test_scanning import clamd
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import make_submission, make_submission_file
from tests.harness.clamav import EICAR
from tests.schema.client import Asking
from tests.schema.portal_client import make_portal
from tests.website.test_apply import NAMED, Citizen, installed, mailed_code, picture

__all__ = ["clamd", "installed"]
PAGE = "/basvuru/foto/"


def with_place() -> Citizen:
    citizen = Citizen()
    citizen.sends("/basvuru/ne/", kind="COMPLAINT")
    citizen.sends("/basvuru/anlat/", text="Kaldırımda derin bir çukur var.")
    citizen.sends("/basvuru/konu/", category="kaldirim-ve-bordur")
    citizen.sends("/basvuru/yer/", neighbourhood="abdurrahmangazi", place="İğdeli Sokak 4")
    assert citizen.at == PAGE
    return citizen


def thumbnails(citizen: Citizen) -> list[str]:
    return re.findall(r'<img src="(/basvuru/foto/[^"]+)"', citizen.text)


def stored() -> int:
    with system():
        return SubmissionFile.objects.count()


def located() -> SimpleUploadedFile:
    """A photograph that says where it was taken."""
    exif, found = Image.Exif(), BytesIO()
    exif[0x9286] = "İğdeli Sokak 4"
    exif[0x010F] = "GIZLI-KAMERA"
    Image.new("RGB", (60, 40), "green").save(found, "JPEG", exif=exif)
    assert b"GIZLI-KAMERA" in found.getvalue()
    return SimpleUploadedFile("yer.jpg", found.getvalue(), "image/jpeg")


def test_several_are_added_seen_removed_again_and_come_with_the_number() -> None:
    citizen = with_place()
    citizen.sends(PAGE, deed="add", file=[picture(), picture("blue")])
    citizen.sends(PAGE, deed="add", file=[picture()])  # the same once more
    assert citizen.at == PAGE
    small = thumbnails(citizen)
    assert len(small) == 2
    shown = citizen.browser.get(small[0])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/jpeg")
    assert Citizen().browser.get(small[0]).status_code == 404  # another's browser
    token = re.findall(r'value="(remove:[^"]+)"', citizen.text)[0]
    citizen.sends(PAGE, deed=token)
    assert (citizen.at, len(thumbnails(citizen)), stored()) == (PAGE, 1, 1)
    citizen.sends(PAGE, file=[located()])  # chosen, and pressed on
    assert citizen.at == "/basvuru/kim/"
    citizen.sends("/basvuru/kim/", who="NAMELESS")
    assert "2 dosya" in citizen.text
    citizen.sends("/basvuru/kontrol/")
    assert citizen.at == "/basvuru/alindi/"
    with system():
        files = list(Attachment.objects.order_by("pk"))
        assert [file.name for file in files] == ["çukur.png", "yer.jpg"]
        assert b"GIZLI-KAMERA" not in files[1].file.read()
        assert all(file.complaint_id == Complaint.objects.get().pk for file in files)
    assert stored() == 0


def test_with_a_name_they_wait_for_the_code_and_the_office_sees_them(cast: Cast) -> None:
    citizen = with_place()
    citizen.sends(PAGE, file=[picture()])
    citizen.sends("/basvuru/kim/", who="NAMED")
    citizen.sends(
        "/basvuru/iletisim/",
        first_name="İlkay",
        last_name="Işık",
        email="ilkay@example.org",
        phone="",
        address="",
    )
    citizen.sends("/basvuru/kontrol/")
    assert citizen.at == "/basvuru/onay/"
    with system():
        row = SubmissionFile.objects.select_related("submission").get()
    assert row.submission is not None
    office = signed_in(cast.secretary)
    assert (
        "çukur.png"
        in office.get(f"/admin/submissions/submission/{row.submission.key}/change/").content.decode()
    )
    assert office.get(f"/files/{row.key}/thumbnail/").status_code == 200
    assert signed_in(cast.fen_clerk).get(f"/files/{row.key}").status_code == 404
    citizen.sends("/basvuru/onay/", code=mailed_code())
    with system():
        assert Attachment.objects.get().name == "çukur.png"
    assert stored() == 0


def test_what_is_refused_says_why_and_the_others_stay() -> None:
    citizen = with_place()
    program = SimpleUploadedFile("foto.jpg", b"MZ\x90\x00 program", "image/jpeg")
    citizen.sends(PAGE, deed="add", file=[picture(), program])
    assert citizen.page.status_code == 422
    assert "foto.jpg: " in citizen.text
    assert len(thumbnails(citizen)) == 1
    citizen.sends(PAGE, deed="add")
    assert citizen.page.status_code == 422
    citizen.sends(PAGE, deed="add", file=[picture(f"#0000{n:02x}") for n in range(10)])
    assert "En çok on dosya" in citizen.text
    assert stored() == 1
    citizen.sends(PAGE)
    assert citizen.at == "/basvuru/kim/"


def test_what_nothing_is_sent_in_with_is_deleted_after_a_day() -> None:
    citizen = with_place()
    citizen.sends(PAGE, deed="add", file=[picture()])
    with system():
        name = str(SubmissionFile.objects.get().file.name)
        SubmissionFile.objects.update(uploaded_at=timezone.now() - dt.timedelta(hours=23))
    assert jobs.forget_files() == 0
    with system():
        SubmissionFile.objects.update(uploaded_at=timezone.now() - dt.timedelta(hours=25))
    assert (jobs.forget_files(), stored()) == (1, 0)
    assert default_storage.exists(name)  # until it is certain: this test never commits


def test_what_is_sent_again_waits_for_another_day() -> None:
    """A device whose line is bad for days brings its photograph anew."""
    citizen, bundle = Citizen(), "b" * 40
    for _day in range(3):
        sent = {"bundle": bundle, "file": picture()}
        assert citizen.browser.post("/basvuru/baglantisiz/foto/", sent).status_code == 201
        with system():
            row = SubmissionFile.objects.get()
            assert timezone.now() - row.uploaded_at < dt.timedelta(minutes=5)
            SubmissionFile.objects.update(uploaded_at=timezone.now() - dt.timedelta(hours=20))
        assert jobs.forget_files() == 0


def named(citizen: Citizen) -> None:
    citizen.sends("/basvuru/kim/", who="NAMED")
    citizen.sends("/basvuru/iletisim/", **NAMED)
    citizen.sends("/basvuru/kontrol/")
    assert citizen.at == "/basvuru/onay/"


def test_photographs_that_come_with_the_same_once_more_are_kept_with_it() -> None:
    citizen = with_place()
    citizen.sends(PAGE)
    named(citizen)
    again = with_place()
    again.sends(PAGE, file=[picture()])
    named(again)
    with system():
        assert SubmissionFile.objects.get().submission == Submission.objects.get()
    again.sends("/basvuru/onay/", code=mailed_code())
    with system():
        assert Attachment.objects.get().complaint == Complaint.objects.get()
    late = with_place()
    late.sends(PAGE, file=[picture("blue")])
    named(late)  # the other is a case already: nothing of this is lost
    with system():
        assert SubmissionFile.objects.get().submission == Submission.objects.waiting().get()


def test_who_gives_up_leaves_no_photographs() -> None:
    citizen = with_place()
    citizen.sends(PAGE, deed="add", file=[picture(), picture("blue")])
    assert stored() == 2
    citizen.page = citizen.browser.post("/basvuru/sil/", follow=True)
    assert (citizen.at, stored()) == ("/", 0)


def test_the_page_says_how_much_is_taken_at_a_time() -> None:
    citizen = with_place()
    assert f"toplam en çok {settings.REQUEST_MAX_BYTES // 1024**2} MB" in citizen.text
    assert f"her biri en çok {settings.ATTACHMENT_MAX_BYTES // 1024**2} MB" in citizen.text


# -- shares ----------------------------------------------------------------------------------------------------
def bring(cast: Cast, address: str, colour: str = "red", bundle: str = "a") -> SubmissionFile | DomainError:
    with system():
        return brought.bring(bundle * 22, by=cast.portal, address=address, file=picture(colour))


def test_what_is_removed_and_what_is_refused_has_used_the_share(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(brought, "MOST_OF_SENDER", 3)
    citizen = with_place()
    citizen.sends(PAGE, deed="add", file=[picture()])
    citizen.sends(PAGE, deed=re.findall(r'value="(remove:[^"]+)"', citizen.text)[0])
    citizen.sends(PAGE, deed="add", file=[SimpleUploadedFile("a.jpg", b"MZ\x90\x00", "image/jpeg")])
    citizen.sends(PAGE, deed="add", file=[picture("blue")])
    assert stored() == 1
    looked_at: list[str] = []
    monkeypatch.setattr(brought, "accept_file", lambda _file, name: looked_at.append(name))
    citizen.sends(PAGE, deed="add", file=[picture("green")])
    assert (citizen.page.status_code, looked_at) == (422, [])  # refused before the work
    assert "Bir saat içinde çok fazla dosya" in citizen.text
    with system():
        ShareUse.objects.update(used_at=timezone.now() - dt.timedelta(days=2))
    assert jobs.erase_proofs() == 3


def test_a_network_uses_up_its_own_share_and_no_others(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brought, "MOST_OF_NETWORK", 2)
    bring(cast, "198.51.100.1")
    bring(cast, "198.51.100.2", "blue")
    with pytest.raises(DomainError) as refused:
        bring(cast, "198.51.100.3", "green", "b")
    assert refused.value.code == ErrorCode.OVER_LIMIT
    assert isinstance(bring(cast, "203.0.113.9", "green", "b"), SubmissionFile)


@pytest.mark.parametrize("share", ["MOST_BYTES_OF_SENDER", "MOST_BYTES_OF_NETWORK"])
def test_so_many_bytes_are_kept_of_a_line_and_a_network_in_a_day(
    share: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = bring(cast, "198.51.100.1")
    assert isinstance(first, SubmissionFile)
    monkeypatch.setattr(brought, share, first.size + 1)
    with system():
        ShareUse.objects.update(used_at=timezone.now() - dt.timedelta(hours=2))
        brought.remove("a" * 22, first.key, by=cast.portal)
    with pytest.raises(DomainError) as refused:
        bring(cast, "198.51.100.1", "blue")
    assert "Şu anda daha fazla dosya alınamıyor" in str(refused.value.message)
    assert isinstance(bring(cast, "203.0.113.9", "blue"), SubmissionFile)
    with system():
        ShareUse.objects.update(used_at=timezone.now() - dt.timedelta(hours=25))
    assert isinstance(bring(cast, "198.51.100.1", "blue", "b"), SubmissionFile)


def test_what_waits_with_a_submission_counts_to_what_the_disk_takes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_submission_file(make_submission())
    first = bring(cast, "203.0.113.9")
    assert isinstance(first, SubmissionFile)
    with system():
        brought.remove("a" * 22, first.key, by=cast.portal)
    monkeypatch.setattr(brought, "MOST_BYTES", first.size + row.size - 1)
    with pytest.raises(DomainError):
        bring(cast, "203.0.113.9")
    with system():  # the office rejects the flood, and the door is open again
        actions.reject(Submission.objects.get(), by=cast.secretary, reason="Reklam")
    assert isinstance(bring(cast, "203.0.113.9"), SubmissionFile)


def test_a_file_that_waits_for_the_scanner_waits_with_the_case_too(cast: Cast) -> None:
    submission = make_submission()
    row = make_submission_file(submission)
    scanning.hold(row.file.storage, str(row.file.name))
    with system():
        case = actions.accept(Submission.objects.get(pk=submission.pk), by=cast.secretary).complaint
        file = Attachment.objects.get(complaint=case)
        assert default_storage.exists(f"{scanning.WAITING}/{file.file.name}")


@pytest.mark.usefixtures("cast")
def test_a_rejected_submission_takes_its_files_along(cast: Cast) -> None:
    submission = make_submission()
    make_submission_file(submission)
    with system():
        actions.reject(Submission.objects.get(pk=submission.pk), by=cast.secretary, reason="Reklam")
        Submission.objects.update(decided_at=timezone.now() - dt.timedelta(days=31))
    assert jobs.erase() > 0
    assert stored() == 0


def test_the_two_walls_keep_a_department_from_it(cast: Cast) -> None:
    make_submission_file(make_submission())
    with as_viewer(cast.fen_clerk):
        assert not SubmissionFile.objects.exists()


# -- films of a real encoder ---------------------------------------------------------------------------------------
def encoded(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content_of(name), "video/quicktime")


def brings_to_portal(token: str, bundle: str, file: SimpleUploadedFile) -> Any:
    """A portal brings a file before anything is sent in."""
    headers = {"authorization": f"Bearer {token}", "bundle": bundle}
    return Client().post("/files/portal/submissions/", {"file": file}, headers=headers)


def without_place(content: bytes) -> bool:
    return not any(word in content for word in HIDDEN)


@pytest.mark.parametrize("name", ["telefon.mp4", "telefon.mov"])
def test_a_film_of_a_telephone_comes_by_site_portal_and_desk_without_its_place(cast: Cast, name: str) -> None:
    citizen = with_place()
    citizen.sends(PAGE, deed="add", file=[encoded(name)])
    assert (citizen.page.status_code, name in citizen.text) == (200, True)
    case = sends_in(citizen)
    _account, token = make_portal()
    assert brings_to_portal(token, "f" * 22, encoded(name)).status_code == 201
    given = {"kind": "COMPLAINT", "subject": "Çukur", "text": "Çukur", "files": "f" * 22}
    assert Asking(token=token).does("portalComplaintSubmit", **given)["errors"] == []
    desk = signed_in(cast.secretary)
    home = f"/admin/complaints/complaint/{case.key}"
    assert desk.post(f"{home}/attach/", {"file": encoded(name)}).status_code == 302
    with system():
        files = list(Attachment.objects.all())
    assert [(file.name, file.content_type) for file in files] == [(name, "video/mp4")] * 3
    for file in files:
        shown = desk.get(f"/files/{file.key}")
        content = b"".join(shown) if shown.streaming else shown.content
        assert (shown["Content-Type"], without_place(content)) == ("video/mp4", True)
    assert name in desk.get(f"{home}/change/").content.decode()


# -- before Debian's ClamAV ------------------------------------------------------------------------------------------
def video(name: str, *, infected: bool = False) -> SimpleUploadedFile:
    """A film as a telephone writes it; an infected one has the signature among its frames."""
    content = film() + (box(b"mdat", EICAR) if infected else b"")
    return SimpleUploadedFile(name, content, "video/mp4")


def sends_in(citizen: Citizen) -> Complaint:
    citizen.sends(PAGE)
    citizen.sends("/basvuru/kim/", who="NAMELESS")
    citizen.sends("/basvuru/kontrol/")
    assert citizen.at == "/basvuru/alindi/"
    with system():
        return Complaint.objects.get()


@pytest.mark.full
def test_an_infected_file_is_named_and_the_others_come_with_the_number(
    cast: Cast, clamd: str, settings: Settings
) -> None:
    settings.CLAMD = clamd
    citizen = with_place()
    citizen.sends(PAGE, deed="add", file=[picture(), video("kötü.mp4", infected=True), video("yol.mp4")])
    assert citizen.page.status_code == 422
    assert "kötü.mp4: Virüs taraması dosyada zararlı yazılım buldu." in citizen.text
    assert len(thumbnails(citizen)) == 1
    case = sends_in(citizen)
    assert case.reference in citizen.text
    with system():
        assert list(Attachment.objects.order_by("pk").values_list("name", flat=True)) == [
            "çukur.png",
            "yol.mp4",
        ]


@pytest.mark.full
def test_what_is_found_after_the_number_is_quarantined_and_the_case_goes_on(
    cast: Cast, clamd: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMD = "/nowhere/clamd.ctl"  # away while the citizen files
    citizen = with_place()
    citizen.sends(PAGE, deed="add", file=[picture(), video("kötü.mp4", infected=True)])
    case = sends_in(citizen)
    settings.CLAMD = clamd
    monkeypatch.setattr(scanning, "_away_until", 0.0)
    assert documents.scan_waiting() >= 2  # with the small picture
    assert scanning.scanner_status().waiting == 0
    office = signed_in(cast.secretary)
    with system():
        found = {row.name: row.key for row in Attachment.objects.filter(complaint=case)}
    assert office.get(f"/files/{found['çukur.png']}").status_code == 200
    refused = office.get(f"/files/{found['kötü.mp4']}")
    assert (refused.status_code, "Dosya silindi" in refused.content.decode()) == (409, True)
    assert office.get(f"/admin/complaints/complaint/{case.key}/change/").status_code == 200
    assert case.reference in citizen.get("/basvuru/takip/durum/")
    with system():
        assert Complaint.objects.get().status == "NEW"
