"""The point of a case: a given one stays, another is found in the register and follows the address; what lies where."""

from __future__ import annotations

import io

import pytest

from backend.complaints import actions
from backend.complaints.choices import Channel, Kind
from backend.complaints.locating import jobs
from backend.complaints.locating.photo_place import photo_place
from backend.complaints.locating.pointing import lies_outside
from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.models import Neighbourhood
from backend.places import finding
from backend.places.choices import PointSource
from backend.places.models import POINT, Door
from backend.stickers.models import Sticker
from tests.backend.places.rows import make_boundary, make_street
from tests.factories import make_neighbourhood, refetch

pytestmark = pytest.mark.django_db
WEST, SOUTH = 29.25, 41.015


@pytest.fixture(autouse=True)
def merve() -> Neighbourhood:
    place = make_neighbourhood("merve", "Merve")
    with system():
        Neighbourhood.objects.filter(pk=place.pk).update(latitude=41.02, longitude=29.255)
    make_street(place, "Aydın Sokak", ((29.251, 41.02), (29.259, 41.02)), ("1", "12"))
    make_boundary(place, WEST, SOUTH)
    return refetch(place)


def report(**facts: object) -> Complaint:
    with system():
        return actions.register(
            kind=Kind.COMPLAINT, channel=Channel.PHONE, subject="Çukur", applicant=None, by=None, **facts
        )


def point(case: Complaint) -> tuple[object, ...]:
    row = refetch(case)
    return row.point_source, row.latitude, row.longitude


def test_every_case_that_can_have_a_point_gets_one(merve: Neighbourhood) -> None:
    door = report(place="Aydın Sokak No: 12, caminin yanı")
    assert (door.point_source, door.neighbourhood) == (PointSource.DOOR, merve), "one street bears the name"
    street = report(place="Aydın sk.", neighbourhood=merve)
    assert point(street) == (PointSource.STREET, pytest.approx(41.02), pytest.approx(29.255))
    assert point(report(place="çeşmenin yanı", neighbourhood=merve)) == (
        *(PointSource.NEIGHBOURHOOD, 41.02, 29.255),
    )
    assert point(report(place="bilmiyorum")) == (PointSource.NONE, None, None)


def test_a_given_point_stays_and_tells_the_neighbourhood(merve: Neighbourhood) -> None:
    given = report(place="Aydın Sokak No: 12", latitude=41.0211, longitude=29.2522)
    assert point(given) == (PointSource.ENTERED, 41.0211, 29.2522)
    assert (given.neighbourhood, lies_outside(given)) == (merve, False)
    beyond = report(latitude=41.2, longitude=29.2)
    assert (beyond.neighbourhood, lies_outside(beyond)) == (None, True), "recorded all the same"
    with system():
        lamp = Sticker.objects.create(label="Direk", description="Köşe", latitude=41.0203, longitude=29.2533)
    assert point(report(sticker=lamp)) == (PointSource.STICKER, 41.0203, 29.2533)


def test_a_found_point_follows_the_address_and_a_given_one_does_not(merve: Neighbourhood) -> None:
    found, given = report(place="Aydın Sokak No: 12"), report(latitude=41.0211, longitude=29.2522)
    with system():
        actions.correct(found, by=None, place="Aydın Sokak No: 1")
        actions.correct(given, by=None, place="Aydın Sokak No: 1")
        first = refetch(found)
        actions.correct(refetch(found), by=None, latitude=41.0222, longitude=29.2511)
    assert (first.point_source, first.longitude) == (PointSource.DOOR, pytest.approx(29.2511))
    assert point(found) == (PointSource.ENTERED, 41.0222, 29.2511)
    assert point(given) == (PointSource.ENTERED, 41.0211, 29.2522)
    with system():
        actions.correct(refetch(given), by=None, latitude=None, longitude=None)
    assert refetch(given).point_source == PointSource.DOOR


def test_older_cases_get_their_points_and_a_second_run_does_nothing(merve: Neighbourhood) -> None:
    cases = [report(place="Aydın Sokak No: 12"), report(place="Lale Sokak No: 2", neighbourhood=merve)]
    given = report(latitude=41.0211, longitude=29.2522)
    with system():
        old = Complaint.objects.filter(pk__in=[case.pk for case in cases])
        old.update(point_source="", latitude=None, longitude=None)
        Complaint.objects.filter(pk=given.pk).update(point_source="")
    assert (jobs.locate_new(), jobs.locate_new()) == (3, 0)
    assert [point(case)[0] for case in (*cases, given)] == [
        *(PointSource.DOOR, PointSource.NEIGHBOURHOOD, PointSource.ENTERED)
    ]
    assert jobs.relocate() == 0
    make_street(merve, "Lale Sokak", ((29.252, 41.018), (29.258, 41.018)))
    assert (jobs.relocate(), jobs.relocate()) == (1, 0), "the register knows more now"
    assert point(cases[1])[0] == PointSource.DOOR
    assert point(given)[1:] == (41.0211, 29.2522)


def test_what_lies_at_a_point(merve: Neighbourhood) -> None:
    with system():
        at_door = finding.place_at(41.02012, 29.25121)
        assert at_door
        assert (at_door.line, at_door.neighbourhood) == ("Aydın Sokak No: 12", merve)
        assert at_door.metres is not None
        assert at_door.metres < 10
        on_street = finding.place_at(41.0202, 29.2575)
        assert on_street
        assert (on_street.line, on_street.door) == ("Aydın Sokak", None)
        far_off = finding.place_at(41.0165, 29.2512)
        assert far_off
        assert (far_off.line, far_off.neighbourhood) == ("", merve)
        assert finding.place_at(41.2, 29.2) is None
        assert finding.is_outside(41.2, 29.2)
        assert not finding.is_outside(None, None)


def test_nearest_doors_come_by_the_index() -> None:
    with system():
        rows = Door.objects.order_by(finding.distance(POINT, (29.25, 41.02)))[:1]
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        plan = rows.explain()
    assert "door_nearest" in plan
    assert "Order By" in plan


def photo(*, latitude: tuple[float, ...] = (41.0, 1.0, 15.6), side: str = "N") -> io.BytesIO:
    from PIL import Image

    picture = Image.new("RGB", (8, 8))
    exif = picture.getexif()
    exif.get_ifd(0x8825).update({1: side, 2: latitude, 3: "E", 4: (29.0, 15.0, 7.2)})
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif)
    return io.BytesIO(out.getvalue())


def test_the_place_of_a_photo_is_taken_when_that_is_wanted_and_never_kept_in_it(merve: Neighbourhood) -> None:
    case = report(place="çeşmenin yanı", neighbourhood=merve)
    with system():
        actions.attach(case, by=None, file=photo(), name="a.jpg")
        assert point(case)[0] == PointSource.NEIGHBOURHOOD, "nobody said that it may be"
        kept = actions.attach(case, by=None, file=photo(), name="b.jpg", use_place=True)
        assert point(case) == (PointSource.PHOTO, 41.021, 29.252)
        assert photo_place(kept.file.read()) is None
        actions.attach(case, by=None, file=photo(latitude=(41.0, 1.0, 20.0)), name="c.jpg", use_place=True)
    assert point(case)[1] == 41.021, "a point that was given stays"


def test_a_photo_without_a_sensible_place_says_none() -> None:
    assert photo_place(photo().getvalue()) == (41.021, 29.252)
    odd = [photo(latitude=(400.0, 0.0, 0.0)), photo(latitude=(0.0, 0.0))]
    contents = [b"", b"\xff\xd8\xff" + b"x" * 50, b"text", *(each.getvalue() for each in odd)]
    assert [photo_place(content) for content in contents] == [None] * len(contents)
    assert photo_place(photo(side="S").getvalue()) == (-41.021, 29.252)
