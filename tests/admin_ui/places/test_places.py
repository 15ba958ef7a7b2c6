"""The register of places in the admin: everybody on the staff reads it, administrators keep it and bring files in."""

from __future__ import annotations

import io
import re

import pytest
from django.urls import reverse

from backend.core.session import system
from backend.documents.importing import runs as import_runs
from backend.places.finding import located
from backend.places.importing import jobs
from backend.places.models import Door, Landmark, RegisterImport, Street
from tests.backend.places.rows import make_boundary, make_landmark, make_street
from tests.cast import Cast, signed_in
from tests.factories import make_complaint, make_neighbourhood, refetch

TABLE = (
    "Mahalle;CSBM Kodu;CSBM Adı;CSBM Türü;Dış Kapı No;Enlem;Boylam\n"
    "Merve;7;AYDIN;SOKAK;12;41.02;29.25\nYok;8;A;;1;41;29\n"
)


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]


def test_the_staff_reads_and_does_not_keep_the_register(cast: Cast) -> None:
    place = make_neighbourhood("merve", "Merve")
    make_street(place, "Aydın Sokak")
    make_boundary(place, 29.25, 41.02)
    clerk = signed_in(cast.fen_clerk)
    streets = text_of(clerk.get(reverse("admin:places_street_changelist"), {"q": "aydin"}))
    assert "Aydın Sokak" in streets
    assert reverse("admin:places_import") not in streets
    code = Street.objects.get().code
    doors = text_of(clerk.get(reverse("admin:places_door_changelist"), {"street": code}))
    assert "12" in doors
    assert "Merve" in text_of(clerk.get(reverse("admin:places_boundary_changelist")))
    for name in ("admin:places_import", "admin:places_street_new", "admin:places_door_new"):
        assert clerk.get(reverse(name)).status_code == 403


def test_an_administrator_keeps_streets_and_doors(cast: Cast) -> None:
    make_neighbourhood("merve", "Merve")
    admin = signed_in(cast.administrator)
    street = {"name": "İğdeli Sokak", "kind": "STREET", "neighbourhood": "merve", "code": "55"}
    admin.post(reverse("admin:places_street_new"), street)
    row = Street.objects.get()
    assert (row.name, row.name_key, row.code) == ("İğdeli Sokak", "igdeli", "55")
    again = text_of(admin.post(reverse("admin:places_street_new"), street | {"name": "Başka Sokak"}))
    assert "Bu kodla kayıtlı bir sokak var." in again
    assert "Başka Sokak" in again, "what was typed is kept"
    door = {"street": "55", "number": "12a", "latitude": "41.02", "longitude": "29.25"}
    admin.post(reverse("admin:places_door_new"), door)
    assert Door.objects.get().number == "12/A"
    assert "zaten var" in text_of(admin.post(reverse("admin:places_door_new"), door))
    assert "Türkiye" in text_of(
        admin.post(reverse("admin:places_door_new"), door | {"number": "1", "latitude": "1"})
    )
    admin.post(reverse("admin:places_street_change", args=[row.key]), street | {"name": "Iğdır Sokak"})
    assert refetch(row).name_key == "igdir"


def test_an_administrator_keeps_landmarks_and_the_staff_reads_them(cast: Cast) -> None:
    make_neighbourhood("merve", "Merve")
    admin, clerk = signed_in(cast.administrator), signed_in(cast.fen_clerk)
    facts = {"name": "Çınaraltı Parkı 🌳", "kind": "PARK", "neighbourhood": "merve", "code": ""}
    point = {"latitude": "41.02", "longitude": "29.25"}
    refused = text_of(
        admin.post(reverse("admin:places_landmark_new"), facts | {"latitude": "x", "longitude": "29"})
    )
    assert "Çınaraltı Parkı" in refused, "what was typed is kept"
    admin.post(reverse("admin:places_landmark_new"), facts | point)
    row = Landmark.objects.get()
    assert (row.name_key, row.code) == ("cinaralti", "merve/PARK/cinaralti")
    assert "bu kodla" in text_of(admin.post(reverse("admin:places_landmark_new"), facts | point)).lower()
    admin.post(
        reverse("admin:places_landmark_change", args=[row.key]), facts | point | {"name": "Iğdır Parkı"}
    )
    assert refetch(row).name_key == "igdir"
    listed = text_of(clerk.get(reverse("admin:places_landmark_changelist"), {"q": "IGDIR", "kind": "PARK"}))
    assert "Iğdır Parkı" in listed
    assert clerk.get(reverse("admin:places_landmark_new")).status_code == 403


def test_a_file_is_looked_at_first_and_then_brought_in(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_runs, "TELL_SECONDS", 3600.0)
    make_neighbourhood("merve", "Merve")
    admin = signed_in(cast.administrator)
    file = io.BytesIO(TABLE.encode())
    file.name = "maks.csv"
    missing = text_of(admin.post(reverse("admin:places_import"), {"kind": "ADDRESSES", "file": file}))
    assert "zorunlu" in missing
    file.seek(0)
    sent = {"kind": "ADDRESSES", "source": "MAKS", "file": file}
    answer = admin.post(reverse("admin:places_import"), sent)
    with system():
        row = RegisterImport.objects.get()
    url = reverse("admin:places_registerimport_change", args=[row.key])
    assert answer.headers["Location"] == url
    assert (
        "sırasını" in text_of(admin.get(url))
        or "çalışmıyor" in text_of(admin.get(url))
        or "bekl" in text_of(admin.get(url))
    )
    jobs.import_register(str(row.key), row.run)
    shown = text_of(admin.get(url))
    assert "“Yok” adında kayıtlı mahalle yok." in shown
    assert 'value="import"' in shown
    assert 'value="import"' not in text_of(signed_in(cast.secretary).get(url))
    say = reverse("admin:places_registerimport_say", args=[row.key])
    signed_in(cast.secretary).post(say, {"verb": "import"})
    assert refetch(row).is_dry_run
    for _twice in range(2):
        admin.post(say, {"verb": "import"})
    row = refetch(row)
    jobs.import_register(str(row.key), row.run)
    assert Street.objects.get().name == "Aydın Sokak"
    assert "Dosya aktarıldı" in text_of(admin.get(url)) or refetch(row).is_written


def test_the_call_form_offers_the_address_in_the_text(cast: Cast) -> None:
    for code in ("merve", "safa"):
        make_street(make_neighbourhood(code, code.title()), "Gül Sokak")
    merve = make_neighbourhood("merve", "Merve")
    make_street(merve, "Aydın Sokak")
    secretary, url = signed_in(cast.secretary), reverse("admin:intake_suggest")
    offered = text_of(secretary.post(url, {"body": "aydın sokağında 12 numaranın önünde çukur var"}))
    assert 'data-place="Aydın Sokak No: 12"' in offered
    assert 'data-neighbourhood="merve"' in offered
    assert 'aria-keyshortcuts="Alt+Y"' in offered
    taken = {"body": "çukur", "place": "Aydın Sokak No: 12", "neighbourhood": "merve"}
    assert "data-place" not in text_of(secretary.post(url, taken)), "it is there already"
    both = text_of(secretary.post(url, {"body": "Gül sokakta lamba yanmıyor"}))
    assert both.count('data-place="Gül Sokak"') == 2
    assert "kesin değil" in both
    assert "data-place" not in text_of(secretary.post(url, {"body": "teşekkür ederim"}))
    make_boundary(merve, 29.245, 41.015, 0.02)
    at_door = text_of(secretary.post(url, {"latitude": "41.0201", "longitude": "29.2502"}))
    assert 'data-place="Aydın Sokak No: 2"' in at_door or 'data-place="Gül Sokak No: 2"' in at_door
    assert "Noktadaki adres" in at_door
    assert "ilçe dışında" not in at_door
    assert "ilçe dışında" in text_of(secretary.post(url, {"latitude": "41.3", "longitude": "29.25"}))


def test_a_case_outside_the_district_says_so(cast: Cast) -> None:
    make_boundary(make_neighbourhood("merve", "Merve"), 29.25, 41.015)
    secretary = signed_in(cast.secretary)
    said = []
    for latitude in (41.02, 41.3):
        case = make_complaint(latitude=latitude, longitude=29.255)
        page = text_of(secretary.get(reverse("admin:complaints_complaint_change", args=[case.key])))
        assert "Başvuruda verildi" in page
        said.append("ilçe dışında" in page)
    assert said == [False, True]


def test_where_a_text_leaves_open_which_mosque_is_meant_the_caller_is_asked(cast: Cast) -> None:
    merve, other = make_neighbourhood("merve", "Merve"), make_neighbourhood("safa", "Safa")
    for name, at in (("Merkez Camii", (29.255, 41.0203)), ("Yunus Emre Camii", (29.257, 41.0213))):
        make_landmark(merve, name, at=at)
    make_landmark(other, "Safa Camii", at=(29.3, 41.03))
    client = signed_in(cast.secretary)

    def found(**typed: str) -> str:
        asked = {"subject": "Yolda çukur", "neighbourhood": "merve"} | typed
        return client.post("/admin/intake/suggest/", asked).content.decode()

    asked = found(place="caminin yanı")
    assert "Hangisi olduğunu arayana sorunuz" in asked
    assert re.findall('data-place="([^"]+)"', asked) == ["Merkez Camii yanı", "Yunus Emre Camii yanı"]
    assert "Hangisi olduğunu" in found(body="Koca caminin önünde delik açıldı")
    assert "Hangisi olduğunu" not in found(place="caminin yanı", neighbourhood="safa"), "there is one"
    assert "Hangisi olduğunu" not in found(place="caminin yanı", neighbourhood="")
    assert "data-place" not in found(place="Merkez Camii yanı"), "what was chosen stands in the field"
    with system():
        place = located(merve, "Merkez Camii yanı")
    assert (place.latitude, place.longitude) == (41.0203, 29.255)
