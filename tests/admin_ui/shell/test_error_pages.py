"""What is not taken at all, too large or too much or malformed, is refused in Turkish and as a page."""

from __future__ import annotations

import io

import pytest
from django.test import Client

from backend.complaints.models import Complaint
from backend.core.session import system
from tests.cast import Cast, signed_in
from tests.factories import make_complaint

HTML = {"accept": "text/html"}
FORMS = ["/admin/intake/", "/admin/import/", "/takip/", "/accounts/login/"]


def file(size: int) -> io.BytesIO:
    found = io.BytesIO(b"x" * size)
    found.name = "ek.csv"
    return found


@pytest.mark.parametrize("path", FORMS)
def test_a_text_that_is_too_large_is_refused_in_words(cast: Cast, settings, path):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    response = signed_in(cast.secretary).post(path, {"subject": "ı" * 2000}, headers=HTML)
    page = response.content.decode()
    assert response.status_code == 413
    assert "Gönderdiğiniz çok büyük" in page
    assert "Hiçbir şey kaydedilmedi" in page
    assert "<h1>" in page


def test_a_file_that_is_too_large_is_refused_before_it_is_read(cast: Cast, settings):
    settings.REQUEST_MAX_BYTES = 1024 * 1024
    client = signed_in(cast.secretary)
    response = client.post("/admin/import/", {"source": "x", "file": file(2**20)}, headers=HTML)
    assert response.status_code == 413
    assert "en çok 1 MB" in response.content.decode()
    assert (
        client.post("/admin/import/", {"source": "x", "file": file(2**19)}, headers=HTML).status_code == 200
    )


def test_too_many_fields_and_files_are_refused_in_words(cast: Cast, settings):
    client = signed_in(cast.secretary)
    many = {f"f{i}": "x" for i in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    files = {f"f{i}": file(1) for i in range(settings.DATA_UPLOAD_MAX_NUMBER_FILES + 1)}
    for data in (many, files):
        response = client.post("/admin/intake/", data, headers=HTML)
        assert response.status_code == 413
        assert "Parça parça gönderiniz" in response.content.decode()
    with system():
        assert not Complaint.objects.exists()


def test_a_form_that_is_none_is_refused_in_words(cast: Cast):
    client = signed_in(cast.secretary)
    for kind in ("multipart/form-data", "multipart/form-data; boundary=" + "x" * 300):
        response = client.post("/admin/intake/", b"--x", content_type=kind, headers=HTML)
        assert response.status_code == 400
        assert "gerektiği gibi ulaşmadı" in response.content.decode()


def test_a_program_is_refused_as_json(cast: Cast, settings):
    settings.REQUEST_MAX_BYTES = 1000
    for path in ("/graphql/", "/files/complaints/x/"):
        response = Client().post(path, b"x" * 1001, content_type="application/json")
        assert response.status_code == 413
        assert response.json()["errors"][0]["extensions"]["code"] == "TOO_LARGE"


def test_a_request_that_waited_too_long_is_not_begun(cast: Cast):
    """Our worker writes the header anew; whoever sends it elsewhere turns only themselves away."""
    client = signed_in(cast.secretary)
    for waited, status in (("11", 503), ("1.5", 200), ("x", 200), ("nan", 200)):
        response = client.get("/admin/", headers=HTML | {"x-ozelkalem-waited": waited})
        assert response.status_code == status
    assert client.get("/admin/", headers=HTML | {"x-ozelkalem-waited": "11"})["Retry-After"] == "30"


def test_what_was_typed_of_a_case_that_has_left_meanwhile_can_be_copied(cast: Cast) -> None:
    case = make_complaint(to=cast.fen, accepted_by=cast.fen_clerk)
    client, url = signed_in(cast.fen_clerk), f"/admin/complaints/complaint/{case.key}/"
    assert client.post(f"{url}return/", {"reason": "Bizim değil", "version": case.version}).status_code == 302
    typed = {"version": case.version, "body": "Çukur bugün İğdeli Sokak’ta <kapatıldı>."}
    answer = client.post(f"{url}draft/", typed)
    assert answer.status_code == 404
    assert "Çukur bugün İğdeli Sokak’ta &lt;kapatıldı&gt;.</textarea>" in answer.content.decode()
    assert "</textarea>" not in Client().post(f"{url}draft/", typed, follow=True).content.decode()
