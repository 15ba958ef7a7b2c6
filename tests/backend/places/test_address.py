"""The address in a text as people say it, against a small register: what is meant, how sure that is, and the silence
where nothing is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.session import system
from backend.organization.models import Neighbourhood
from backend.places.address import mentions
from backend.places.choices import PointSource
from backend.places.finding import SURE, address_of, located
from backend.places.words import door_number, kind_of, name_key, number_key
from tests.backend.places.rows import make_boundary, make_street
from tests.factories import make_neighbourhood, refetch

KNOWN = {"merve": "merve", "eyup sultan": "eyup-sultan", "sarigazi": "sarigazi", "yenidogan": "yenidogan"}


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("Aydın Sokak 12 önü", "aydin", "12"),
        ("Merve Mah. Aydın sk. no:12", "aydin", "12"),
        ("aydın sokağında 12 numaranın önünde çukur var", "aydin", "12"),
        ("AYDIN SOKAK NO 12/A", "aydin", "12a"),
        ("Aydın Sokak'ta no: 7-B", "aydin", "7b"),
        ("Aydın sok. 3 gündür karanlık", "aydin", ""),
        ("Recep Tayyip Erdoğan Blv. No:45", "recep tayyip erdogan", "45"),
        ("çöpler alınmıyor 1234. sokak no 5", "1234", "5"),
        ("Mimar Sinan caddesindeki lamba", "mimar sinan", ""),
        ("12 numara Aydın Sokak", "aydin", "12"),
        ("Aydın 12 numara", "aydin", "12"),
        ("ışık sokakğın köşesi", "isik", ""),
    ],
)
def test_streets_and_numbers_are_read(text: str, name: str, number: str) -> None:
    found = mentions(text, KNOWN).streets[0]
    assert name in found.names
    assert number_key(found.number) == number_key(number)
    start, end = found.spans[name]
    assert 0 <= start < end <= len(text)


@pytest.mark.parametrize(
    ("text", "code", "is_sure"),
    [
        ("Merve Mah. Aydın sk.", "merve", True),
        ("eyüp sultan mahallesinde su yok", "eyup-sultan", True),
        ("Sarıgzi mahallesi", "sarigazi", True),
        ("yeni doğan mah lambalar", "yenidogan", True),
        ("Sarıgazi'de çöp alınmıyor", "sarigazi", False),
        ("Merve Hanım ile görüştüm", "", False),
        ("mahalle muhtarı geldi", "", False),
    ],
)
def test_a_neighbourhood_is_told_from_a_person_of_its_name(text: str, code: str, is_sure: bool) -> None:
    found = mentions(text, KNOWN)
    assert (found.neighbourhood, found.is_neighbourhood_sure) == (code, is_sure)


def test_what_stands_beside_it_is_kept_in_words() -> None:
    assert mentions("caminin yanı çamur", KNOWN).spot == "caminin yanı"
    assert mentions("Aydın Sokak 12 önü", KNOWN).spot == ""
    assert mentions("Aydın sokak, eczanenin karşısında", KNOWN).spot == "eczanenin karşısında"


@given(st.text(max_size=200))
def test_nothing_that_people_type_breaks_it(text: str) -> None:
    found = mentions(text, KNOWN)
    for mention in found.streets:
        assert mention.names
        assert set(mention.spans) == set(mention.names)


def test_names_and_numbers_have_one_spelling() -> None:
    assert {name_key(name) for name in ("Gül Sokağı", "GÜL SK.", "gül sokak", "Gül")} == {"gul"}
    assert name_key("Meydan Sokak") == "meydan"
    assert name_key("IŞIK Caddesi") == name_key("ışık cad.") == "isik"
    assert [str(kind_of(name)) for name in ("Gül Sk.", "İnönü Cad.", "Fatih Bulvarı", "Gül")] == [
        *("STREET", "AVENUE", "BOULEVARD", "OTHER")
    ]
    assert {number_key(text) for text in ("12/A", "12 a", "No: 12-A", "012A")} == {"12a"}
    assert [door_number(text) for text in ("12a", "7", "blok B")] == ["12/A", "7", "blok B"]


@pytest.mark.django_db
class TestAgainstTheRegister:
    @pytest.fixture(autouse=True)
    def _register(self) -> None:
        self.merve = make_neighbourhood("merve", "Merve")
        self.safa = make_neighbourhood("safa", "Safa")
        with system():
            Neighbourhood.objects.filter(code="safa").update(latitude=41.015, longitude=29.262)
        self.safa = refetch(self.safa)
        make_street(self.merve, "Aydın Sokak", numbers=("1", "12", "12/A"))
        for place in (self.merve, self.safa):
            make_street(place, "Gül Sokak", ((29.27, 41.0), (29.28, 41.0)))
        make_boundary(self.merve, 29.25, 41.015)

    def test_a_door_is_found_and_how_sure_it_is(self) -> None:
        for text in ("Merve Mah. Aydın sk. no:12", "Aydın Sokak 12 önü", "aydın sokağında 12 numara"):
            best = address_of(text)[0]
            assert best.street
            assert best.door
            assert best.neighbourhood == self.merve
            assert (best.street.name, best.door.number, best.source) == (
                "Aydın Sokak",
                "12",
                PointSource.DOOR,
            )
            assert best.confidence >= SURE
            assert best.words in text
            assert "12" in best.words
            assert best.line == "Aydın Sokak No: 12"

    def test_a_misspelt_street_is_found_and_is_less_sure(self) -> None:
        exact = address_of("Aydın Sokak no 1")[0]
        for text in ("aydin soakk no 1", "Aydınn Sokağı no 1", "Ayydın sk no:1"):
            best = address_of(text)[0]
            assert best.door
            assert best.door == exact.door
        assert address_of("Aydım sokak no 1")[0].confidence < exact.confidence
        assert not address_of("Zeytinburnu sokak no 1")

    def test_a_street_of_two_neighbourhoods_is_not_guessed(self) -> None:
        both = address_of("Gül Sokak lambalar yanmıyor")
        assert {place.neighbourhood for place in both} == {self.merve, self.safa}
        assert not any(place.is_sure for place in both)
        for text, known in (("Safa mah. Gül Sokak", None), ("Gül Sokak", self.safa)):
            best = address_of(text, known)[0]
            assert best.is_sure
            assert best.neighbourhood == self.safa

    def test_the_kind_of_the_street_counts(self) -> None:
        make_street(self.merve, "Aydın Caddesi")
        assert [str(address_of(text)[0].street) for text in ("Aydın cad. 2", "Aydın sok 2")] == [
            *("Aydın Caddesi", "Aydın Sokak")
        ]

    def test_without_a_door_the_middle_of_the_street_without_a_street_the_centre(self) -> None:
        street = address_of("Aydın Sokak No: 99")[0]
        assert (street.source, street.line) == (PointSource.STREET, "Aydın Sokak No: 99")
        centre = located(self.safa, "caminin yanı")
        assert (centre.source, centre.latitude) == (PointSource.NEIGHBOURHOOD, 41.015)
        assert located(None, "caminin yanı").source == PointSource.NONE
        assert located(None, "Gül Sokak").source == PointSource.NONE, "two streets may be meant"
        assert located(self.merve, "").source == PointSource.NONE, "its centre is not on record"

    def test_the_questions_do_not_grow_with_the_text(self, django_assert_max_num_queries: object) -> None:
        text = "Aydın sokak 12, Gül Sokak 1, Yanlışş sokak 3, Bilinmez cadde 7 " * 40
        with django_assert_max_num_queries(5):  # type: ignore[operator]
            assert address_of(text)
