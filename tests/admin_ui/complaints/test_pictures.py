"""Photos stand in the story of a case: small ones inline, behind the walls of the file; downloads stay downloads."""

from __future__ import annotations

import io
import re
from unittest.mock import patch

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from backend.complaints.models import Attachment
from backend.configuration.office import shown_with
from backend.core.session import system
from backend.documents import disarming
from backend.journal.models import AccessLog
from tests.cast import Cast, as_viewer, signed_in
from tests.factories import make_citizen, make_complaint


def picture(color: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (1600, 900), color).save(out, format="PNG")
    return SimpleUploadedFile(f"{color}.png", out.getvalue(), content_type="image/png")


def test_several_photos_are_added_at_once_and_shown_small(cast: Cast) -> None:
    case = make_complaint("Çukur", to=cast.fen, accepted_by=cast.fen_clerk)
    home = f"/admin/complaints/complaint/{case.key}/"
    client = signed_in(cast.fen_clerk)
    files = [picture("red"), picture("blue"), SimpleUploadedFile("not.txt", b"Not")]
    answer = client.post(f"{home}files/", {"file": files})
    assert (answer.status_code, answer["Location"]) == (302, f"{home}change/")
    page = client.get(f"{home}change/").content.decode()
    small = re.findall(r'src="(/files/[0-9a-f-]{36}/thumbnail/)"', page)
    assert len(small) == 2
    shown = client.get(small[0])
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Content-Disposition"] == "inline"
    assert max(Image.open(io.BytesIO(shown.content)).size) <= 480
    assert "no-store" in shown["Cache-Control"], "nothing of it outlives the session in the browser"
    with system():
        assert AccessLog.objects.filter(purpose="file", reader=cast.fen_clerk).count() == 1, (
            "a small one is read too"
        )
    with patch.object(disarming, "thumbnail", side_effect=AssertionError("made twice")):
        assert client.get(small[0]).content == shown.content
    whole = client.get(small[0].replace("thumbnail", "picture"))
    assert whole["Content-Type"] == "image/png"
    assert "no-store" in whole["Cache-Control"]
    download = client.get(small[0].removesuffix("/thumbnail/"))
    assert download["Content-Disposition"].startswith("attachment")
    with as_viewer(cast.fen_clerk):
        text = Attachment.objects.get(name="not.txt")
    assert client.get(f"/files/{text.key}/picture/").status_code == 404
    for address in (small[0], small[0].replace("thumbnail", "picture"), f"{home}files/"):
        stranger = signed_in(cast.park_clerk)
        assert (stranger.post if address[-6:] == "files/" else stranger.get)(address).status_code in (
            302,
            404,
        )
        assert stranger.get(small[0]).status_code == 404


def test_a_refused_file_leaves_the_others_and_is_told(cast: Cast) -> None:
    case = make_complaint("Çukur", to=cast.fen, accepted_by=cast.fen_clerk)
    address = f"/admin/complaints/complaint/{case.key}/files/"
    client = signed_in(cast.fen_clerk)
    broken = SimpleUploadedFile("bozuk.png", b"\x89PNG\r\n\x1a\nnothing", content_type="image/png")
    answer = client.post(address, {"file": [broken, picture()]}, headers={"Accept": "text/plain"})
    assert answer.status_code == 400
    assert "bozuk.png" in answer.content.decode()
    with as_viewer(cast.fen_clerk):
        assert list(Attachment.objects.values_list("name", flat=True)) == ["red.png"]
    answer = signed_in(cast.park_clerk).post(address, {"file": [picture()]}, headers={"Accept": "text/plain"})
    assert answer.status_code == 400
    with as_viewer(cast.fen_clerk):
        assert Attachment.objects.count() == 1


def test_number_place_and_camera_are_within_the_thumbs_reach(cast: Cast) -> None:
    person = make_citizen(phone="+905551234567")
    case = make_complaint(
        "Çukur", to=cast.fen, accepted_by=cast.fen_clerk, applicant=person, place="Yayla Sokak 12"
    )
    page = signed_in(cast.fen_clerk).get(f"/admin/complaints/complaint/{case.key}/change/").content.decode()
    bar = page.partition('<nav class="ok-thumb"')[2].partition("</nav>")[0]
    assert "map" not in bar, "no map is named: a computer is offered none"
    assert 'for="files"' in bar
    assert "?do=draft#do" in bar
    for device, link in (
        ("Android 15", "geo:0,0?q=Yayla%20Sokak%2012"),
        ("iPhone", "maps:?q=Yayla%20Sokak%2012"),
    ):
        client = signed_in(cast.fen_clerk)
        page = client.get(
            f"/admin/complaints/complaint/{case.key}/change/", headers={"User-Agent": device}
        ).content.decode()
        assert f'href="{link}' in page
    with shown_with({"MAP_URL": "https://harita.example/?q={where}"}):
        page = (
            signed_in(cast.fen_clerk).get(f"/admin/complaints/complaint/{case.key}/change/").content.decode()
        )
    assert 'href="https://harita.example/?q=Yayla%20Sokak' in page
    office = signed_in(cast.secretary).get(f"/admin/complaints/complaint/{case.key}/change/").content.decode()
    assert 'href="tel:+905551234567"' in office
