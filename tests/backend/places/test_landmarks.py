"""Landmarks in words: "caminin yanı" finds a point where exactly one fits, is proposed the nearest of several, and is
silent otherwise; files of them come in like addresses."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.session import system
from backend.documents.importing import runs as import_runs
from backend.places.choices import APPROXIMATE, LandmarkKind, PointSource
from backend.places.finding import LIKELY, SURE, address_of, located
from backend.places.landmarks import kind_of, landmark_key, mentions
from backend.places.models import Landmark
from tests.backend.places.rows import make_boundary, make_landmark, make_street
from tests.backend.places.test_importing import brought
from tests.cast import Cast
from tests.factories import make_complaint, make_neighbourhood, refetch


@pytest.mark.parametrize(
    ("text", "kind", "name", "words"),
    [
        ("caminin yanı çamur", "MOSQUE", "", "caminin yanı"),
        ("Merkez Camii karşısı", "MOSQUE", "merkez", "Camii karşısı"),
        ("MERKEZ CAMİSİNİN ÖNÜNDE", "MOSQUE", "merkez", "CAMİSİNİN ÖNÜNDE"),
        ("Merkez Camii'nin yanındaki çukur", "MOSQUE", "merkez", "Camii'nin yanındaki"),
        ("okulun önü", "SCHOOL", "", "okulun önü"),
        ("Yunus Emre İlkokulu'nun arkası", "SCHOOL", "yunus emre", "İlkokulu'nun arkası"),
        ("çınaraltı parkının içinde", "PARK", "cinaralti", "parkının içinde"),
        ("Çınaraltı Parkı'nda lamba yanmıyor", "PARK", "cinaralti", "Parkı'nda"),
        ("sağlık ocağının köşesi", "HEALTH", "", "sağlık ocağının köşesi"),
        ("metro durağının girişinde", "STATION", "", "durağının girişinde"),
        ("mezarlığın arkasındaki sokak", "CEMETERY", "", "mezarlığın arkasındaki"),
    ],
)
def test_landmarks_are_read_with_their_endings(text: str, kind: str, name: str, words: str) -> None:
    found = mentions(text)[-1]
    assert found.kind == kind
    assert (name in found.names) if name else True
    assert words in text[found.start : found.end] or text[found.start : found.end] in words


@pytest.mark.parametrize(
    "text",
    ["", "teşekkürler", "araçlar park etmiş", "okul on gündür kapalı", "camdan baktım", "parka gittik"],
)
def test_what_names_no_place_is_not_read(text: str) -> None:
    assert mentions(text) == []


def test_names_have_one_spelling() -> None:
    assert {landmark_key(name) for name in ("Merkez Camii", "MERKEZ CAMİSİ", "merkez cami")} == {"merkez"}
    assert landmark_key("Cami") == "cami"
    assert kind_of("Barbaros Ortaokulu") == LandmarkKind.SCHOOL
    assert kind_of("Aile Sağlığı Merkezi") == LandmarkKind.HEALTH
    assert kind_of("Saat Kulesi") == LandmarkKind.OTHER


@given(st.text(max_size=200))
def test_nothing_that_people_type_breaks_it(text: str) -> None:
    for found in mentions(text):
        assert len(found.names) == len(found.starts)
        assert found.start < found.end


@pytest.mark.django_db
class TestAgainstTheRegister:
    @pytest.fixture(autouse=True)
    def _register(self) -> None:
        self.merve, self.safa = make_neighbourhood("merve", "Merve"), make_neighbourhood("safa", "Safa")
        self.merkez = make_landmark(self.merve, "Merkez Camii")
        make_landmark(self.safa, "Yeşil Cami", at=(29.27, 41.0))
        make_landmark(self.safa, "Ulu Cami", at=(29.28, 41.0))
        make_landmark(self.merve, "Çınaraltı Parkı", LandmarkKind.PARK, (29.256, 41.021))

    def test_exactly_one_is_found_and_says_how_far_off_it_may_be(self) -> None:
        for text in ("Merkez Camii karşısı", "Merve Mah. caminin yanı", "merkez camisinin önünde çukur var"):
            (best,) = address_of(text)
            assert (best.landmark, best.source) == (self.merkez, PointSource.LANDMARK), text
            assert best.neighbourhood == self.merve
            assert (best.longitude, best.latitude) == (29.255, 41.0203)
            assert best.confidence >= SURE
            assert best.line == best.words
            assert best.words in text
        assert PointSource.LANDMARK in APPROXIMATE, "many cases share it"

    def test_of_several_the_nearest_is_proposed_and_no_case_gets_it(self) -> None:
        make_street(self.safa, "Işık Sokak", ((29.272, 41.0), (29.275, 41.0)))
        found = address_of("Işık Sokak, caminin yanı")
        assert [place.source for place in found] == [PointSource.LANDMARK], "one is by the street"
        assert found[0].landmark
        assert found[0].landmark.name == "Yeşil Cami"
        make_landmark(self.safa, "Küçük Cami", at=(29.2745, 41.001))
        street, proposed = address_of("Işık Sokak, caminin yanı")
        assert (street.source, street.landmark) == (PointSource.STREET, None)
        assert proposed.landmark
        assert proposed.landmark.name == "Küçük Cami"
        assert proposed.confidence < LIKELY
        assert located(self.safa, "Işık Sokak, caminin yanı").source == PointSource.STREET

    def test_it_is_silent_where_none_fits(self) -> None:
        assert address_of("caminin yanı") == [], "three of them, and nothing says where"
        assert address_of("Fatih Camii karşısı") == [], "another one, which is not on record"
        assert address_of("okulun önü") == []
        sure = located(self.safa, "parkın yanı")
        assert sure.landmark is None, "the park is in another mahalle"

    def test_a_door_says_more_and_a_street_says_less(self) -> None:
        make_street(self.merve, "Aydın Sokak", ((29.251, 41.02), (29.259, 41.02)))
        door = address_of("Aydın Sokak 12, caminin yanı")[0]
        assert (door.source, door.line) == (PointSource.DOOR, "Aydın Sokak No: 12, caminin yanı")
        beside = address_of("Aydın Sokak, caminin yanı")[0]
        assert (beside.source, beside.line) == (PointSource.LANDMARK, "Aydın Sokak, caminin yanı")
        far = address_of("Aydın Sokak, Yeşil Cami karşısı")[0]
        assert far.source == PointSource.STREET, "it is a kilometre away"

    def test_a_case_gets_the_point(self) -> None:
        with system():
            case = refetch(make_complaint(neighbourhood=self.merve, place="Merkez Camii karşısı"))
        assert (case.point_source, case.longitude) == (PointSource.LANDMARK, 29.255)


class TestImport:
    @pytest.fixture(autouse=True)
    def _merve(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(import_runs, "TELL_SECONDS", 3600.0)  # it looks on a connection of its own
        make_boundary(make_neighbourhood("merve", "Merve"), 29.25, 41.015)

    def test_a_table_comes_in_once_and_its_faults_are_said(self, cast: Cast) -> None:
        table = (
            "AD;TUR;MAHALLE;ENLEM;BOYLAM\n"
            "MERKEZ CAMİİ;Cami;Merve Mahallesi;41,02;29,255\nİğdeli Park;;;41.021;29.256\n"
            "Saat Kulesi 🕰;;Yok;41.02;29.25\n;;Merve;41;29\nX;;Merve;29.25;41.02\nY;;Merve;;\nZ;;;41.3;29.3\n"
            "merkez camii;cami;merve;41.02;29.255\n"
        )
        row = brought(cast, table, "LANDMARKS")
        assert (row.is_written, Landmark.objects.count()) == (False, 0)
        assert row.counts == {"landmarks": {"new": 2, "changed": 0, "same": 0}}
        assert row.refused == 6
        row = brought(cast, table.replace("X;", "W;"), "LANDMARKS", for_good=True)
        assert row.is_written
        with system():
            found = list(Landmark.objects.order_by("pk").values_list("name", "kind", "name_key", "source"))
        assert found == [
            ("Merkez Camii", "MOSQUE", "merkez", "MAKS"),
            ("İğdeli Park", "PARK", "igdeli", "MAKS"),
        ]
        again = brought(
            cast, table.replace("29,255", "29,2551").replace("X;", "V;"), "LANDMARKS", for_good=True
        )
        assert again.counts == {"landmarks": {"new": 0, "changed": 1, "same": 1}}

    def test_geojson_comes_in_too(self, cast: Cast) -> None:
        point = {"type": "Point", "coordinates": [29.255, 41.02]}
        content = {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": "Ulu Cami", "amenity": "place_of_worship"},
                    "geometry": point,
                },
                {
                    "type": "Feature",
                    "properties": {"name": "A"},
                    "geometry": {"type": "Polygon", "coordinates": []},
                },
                {"type": "Feature", "properties": None, "geometry": None},
                "x",
            ],
        }
        row = brought(cast, json.dumps(content), "LANDMARKS", for_good=True)
        assert (row.counts["landmarks"]["new"], row.refused) == (1, 3)
        assert Landmark.objects.get().kind == "MOSQUE"
        for wrong in ("{", '{"type": "Feature"}'):
            assert brought(cast, wrong, "LANDMARKS").status == "FAILED"
