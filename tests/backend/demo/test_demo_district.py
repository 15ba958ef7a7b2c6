"""The invented district: it is the same for the same seed, nothing overlaps, and its doors lie where they should."""

from __future__ import annotations

import pytest

from backend.core.session import system
from backend.organization.models import Neighbourhood
from backend.places.geometry import area, inside, metres_to_line
from backend.places.models import Boundary, Door, Street
from permissions.demo.places import district, loading

CENTRES = {"fatih": (40.987, 29.217), "merve": (41.0215, 29.2585), "safa": (41.015, 29.262)}


def _places() -> list[Neighbourhood]:
    return [
        Neighbourhood(pk=pk, code=code, name=code.title(), latitude=latitude, longitude=longitude)
        for pk, (code, (latitude, longitude)) in enumerate(CENTRES.items(), 1)
    ]


def test_the_district_is_divided_without_gaps_and_overlaps() -> None:
    drawn = district.quarters(_places(), 7)
    assert [quarter.ring for quarter in drawn] == [
        quarter.ring for quarter in district.quarters(_places(), 7)
    ]
    for quarter in drawn:
        assert quarter.ring[0] == quarter.ring[-1]
        assert area(quarter.ring) > 0
        longitude, latitude = CENTRES[quarter.place.code][::-1]
        assert [inside((longitude, latitude), [one.ring]) for one in drawn] == [
            one is quarter for one in drawn
        ]
    edges = [
        frozenset(pair) for quarter in drawn for pair in zip(quarter.ring, quarter.ring[1:], strict=False)
    ]
    assert len(edges) - len(set(edges)) >= 10, "neighbours share their crooked edges, point for point"


def test_streets_run_through_their_neighbourhood_with_doors_beside_them() -> None:
    drawn = district.quarters(_places(), 7)
    for quarter in drawn:
        rows = district.streets(quarter, 7)
        assert {"Gül Sokak", "Mimar Sinan Caddesi"} <= {row.name for row in rows}
        assert ("Aydın Sokak" in {row.name for row in rows}) == (quarter.place.code == "merve")
        for row in rows:
            assert len(row.line) > 1
        doors = list(district.doors(rows[0]))
        assert len(doors) == len({door.number for door in doors}) == district.DOORS_A_STREET
        for door in doors:
            assert 3 < metres_to_line((door.longitude, door.latitude), rows[0].line) < 30


@pytest.mark.django_db
def test_the_district_is_loaded_once_and_says_that_it_is_invented() -> None:
    with system():
        for place in _places()[:2]:
            place.pk = None
            place.save()
    loading.load_once(7)
    streets = Street.objects.count()
    loading.load_once(8)
    assert Street.objects.count() == streets > 70
    assert Door.objects.count() == streets * district.DOORS_A_STREET
    assert Boundary.objects.count() == 2
    assert not Street.objects.exclude(source__contains="uydurma").exists()
    street = Street.objects.get(name="Aydın Sokak")
    assert street.box
    assert street.box.holds((street.longitude, street.latitude))
