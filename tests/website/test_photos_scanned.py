"""A citizen's photographs and videos before Debian's ClamAV: what is infected goes, the application stays."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django.fixtures import Settings

from backend.complaints.models import Attachment, Complaint
from backend.core.session import system
from backend.documents import jobs, scanning
from tests.backend.complaints.test_attachments import box, film
from tests.backend.documents.test_scanning import clamd, storage
from tests.cast import Cast, signed_in
from tests.harness.clamav import EICAR
from tests.website.test_apply import Citizen, installed, picture
from tests.website.test_photos import PAGE, thumbnails, with_place

__all__ = ["clamd", "installed", "storage"]
pytestmark = pytest.mark.full
CASE = "/basvuru/takip/durum/"


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


def test_what_is_found_after_the_number_is_quarantined_and_the_case_goes_on(
    cast: Cast, clamd: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CLAMD = "/nowhere/clamd.ctl"  # away while the citizen files
    citizen = with_place()
    citizen.sends(PAGE, deed="add", file=[picture(), video("kötü.mp4", infected=True)])
    case = sends_in(citizen)
    settings.CLAMD = clamd
    monkeypatch.setattr(scanning, "_away_until", 0.0)
    assert jobs.scan_waiting() >= 2  # with the small picture
    assert scanning.scanner_status().waiting == 0
    office = signed_in(cast.secretary)
    with system():
        found = {row.name: row.key for row in Attachment.objects.filter(complaint=case)}
    assert office.get(f"/files/{found['çukur.png']}").status_code == 200
    refused = office.get(f"/files/{found['kötü.mp4']}")
    assert (refused.status_code, "Dosya silindi" in refused.content.decode()) == (409, True)
    assert office.get(f"/admin/complaints/complaint/{case.key}/change/").status_code == 200
    assert case.reference in citizen.get(CASE)
    with system():
        assert Complaint.objects.get().status == "NEW"
