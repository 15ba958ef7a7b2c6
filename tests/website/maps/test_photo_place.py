"""Where a photo was taken: proposed to the citizen, taken over by a button, else forgotten."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from backend.complaints.locating.photo_place import photo_place, stated_place
from backend.complaints.models import Attachment, Complaint
from backend.core.session import system
from tests.backend.places.rows import make_boundary, make_street
from tests.factories import make_neighbourhood
from tests.website.test_apply import Citizen, installed

__all__ = ["installed"]
PAGE = "/basvuru/foto/"


def taken_at(
    latitude: tuple[Any, ...], longitude: tuple[Any, ...], name: str = "cukur.jpg"
) -> SimpleUploadedFile:
    """A photo that gives this place, in degrees, minutes and seconds."""
    exif, found = Image.Exif(), io.BytesIO()
    exif.get_ifd(0x8825).update({1: "N", 2: latitude, 3: "E", 4: longitude})
    Image.new("RGB", (60, 40), "green").save(found, "JPEG", exif=exif)
    return SimpleUploadedFile(name, found.getvalue(), "image/jpeg")


def in_merve() -> SimpleUploadedFile:
    return taken_at((41, 1, 12.0), (29, 15, 18.0))  # 41.02, 29.255


@pytest.fixture
def citizen() -> Citizen:
    merve = make_neighbourhood("merve", "Merve")
    make_street(merve, "Aydın Sokak", ((29.251, 41.02), (29.259, 41.02)), numbers=())
    make_boundary(merve, 29.25, 41.015)
    citizen = Citizen()
    citizen.sends("/basvuru/ne/", kind="COMPLAINT")
    citizen.sends("/basvuru/anlat/", text="Kaldırımda derin bir çukur var.")
    citizen.sends("/basvuru/konu/", category="kaldirim-ve-bordur")
    citizen.sends("/basvuru/yer/", neighbourhood="", place="")
    assert citizen.at == PAGE
    return citizen


def sent(citizen: Citizen) -> Complaint:
    citizen.sends("/basvuru/kim/", who="NAMELESS")
    citizen.sends("/basvuru/kontrol/")
    assert citizen.at == "/basvuru/alindi/"
    with system():
        for file in Attachment.objects.all():
            assert stated_place(file.file.read()) is None, "the place is not in the file"
        return Complaint.objects.get()


def test_the_place_is_proposed_and_taken_over(citizen: Citizen) -> None:
    citizen.sends(PAGE, file=[in_merve()])
    assert citizen.at == PAGE, "pressed on: first one reads what is proposed"
    assert "Fotoğrafın çekildiği yer" in citizen.text
    assert "Merve, Aydın Sokak" in citizen.text
    citizen.sends(PAGE, deed="place")
    assert "artık fotoğrafın çekildiği yerdir" in citizen.text
    citizen.sends(PAGE)
    case = sent(citizen)
    assert (case.latitude, case.longitude) == (41.02, 29.255)
    assert case.place == "Aydın Sokak"


def test_without_the_button_it_is_forgotten(citizen: Citizen) -> None:
    citizen.sends(PAGE, deed="add", file=[in_merve()])
    assert "Bu yeri kullan" in citizen.text
    citizen.sends(PAGE)
    assert citizen.at == "/basvuru/kim/"
    assert "photo_place" not in str(citizen.browser.session["website.apply"]["found"])
    assert sent(citizen).latitude is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "words"),
    [
        ((0, 0, 0.0), (0, 0, 0.0), "konum bilgisi hatalı"),
        ((95, 0, 0.0), (29, 0, 0.0), "konum bilgisi hatalı"),
        ((41, 30, 0.0), (29, 30, 0.0), "ilçemizin dışında çekilmiş"),
    ],
)
def test_a_wrong_place_is_said_in_words(
    citizen: Citizen, latitude: tuple[Any, ...], longitude: tuple[Any, ...], words: str
) -> None:
    citizen.sends(PAGE, deed="add", file=[taken_at(latitude, longitude, "uzak.jpg")])
    assert words in citizen.text
    assert "uzak.jpg" in citizen.text, "the photo itself is taken"
    assert "Bu yeri kullan" not in citizen.text


def test_heic_is_refused_with_advice_and_a_pin_is_not_doubted(citizen: Citizen) -> None:
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)
    citizen.sends(PAGE, deed="add", file=[SimpleUploadedFile("a.heic", heic, "image/heic")])
    assert "HEIC" in citizen.text
    citizen.sends(
        "/basvuru/yer/", neighbourhood="merve", place="Aydın Sokak", latitude="41.021", longitude="29.256"
    )
    citizen.sends(PAGE, deed="add", file=[in_merve()])
    assert "Fotoğrafın çekildiği yer" not in citizen.text


def test_what_is_no_number_is_no_place() -> None:
    assert stated_place(b"\xff\xd8\xff") is None
    assert photo_place(taken_at((0, 0, 0.0), (0, 0, 0.0)).read()) is None
    assert stated_place(taken_at((0, 0, 0.0), (0, 0, 0.0)).read()) == (0.0, 0.0)
