"""What may be the same matter: found by place, address and words, ranked, and only as far as the viewer sees."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, connections

from backend.complaints.models import Complaint
from backend.core.session import system
from backend.organization.models import Category
from backend.places.choices import PointSource
from backend.similarity.statement import ADDRESS, IS_PLACED, LIFE, LINE, POINT
from permissions.core import scope
from permissions.similarity import finding
from permissions.similarity.finding import Matter
from tests.backend.stories import say
from tests.cast import Cast, as_viewer
from tests.factories import make_category, make_complaint, refetch

HERE = {"latitude": 41.0030, "longitude": 29.2310}
NEAR = {"latitude": 41.0033, "longitude": 29.2310}  # 33 m
FAR = {"latitude": 41.0330, "longitude": 29.2310}
HOLE = {"body": "Yolda koca bir delik var, araçlar zarar görüyor."}


@pytest.fixture
def roads(cast: Cast) -> Category:
    return make_category("yol", "Yol")


def shown(user: Any, matter: Matter) -> list[str]:
    with as_viewer(user):
        return [one.complaint.reference for one in finding.similar(matter)]


def to_others(user: Any, case: Complaint) -> list[str]:
    with as_viewer(user):
        return [one.complaint.reference for one in finding.similar_to(scope.get(Complaint, str(case.key)))]


def test_near_ones_of_the_category_come_first_with_distance_and_reasons(cast: Cast, roads: Category) -> None:
    far = make_complaint("Çukur", category=roads, place="Ilgaz Sokak 3", **HOLE, **FAR)
    near = make_complaint("Asfalt çöktü", category=roads, place="İğdeli Sokak 4", **HOLE, **NEAR)
    other = make_complaint("Kedi", category=make_category("kedi", "Kedi"), place="", **NEAR)
    asked = Matter(category=roads, subject="Çukur", place="4 iğdeli sk.", **HOLE, **HERE)
    assert shown(cast.secretary, asked)[0] == near.reference
    assert far.reference not in shown(cast.secretary, asked)
    with as_viewer(cast.secretary):
        one = finding.similar(asked)[0]
    assert (one.metres, one.days, one.is_near, one.is_same_address) == (33, 0, True, True)
    assert one.is_same_category
    assert one.why.startswith("33 m")
    assert 0.5 < one.score <= 1
    by_score = shown(cast.secretary, asked)
    assert other.reference not in by_score or by_score.index(other.reference) > 0


def test_no_distance_is_measured_from_the_middle_of_a_street(cast: Cast, roads: Category) -> None:
    """Every case of a street that has no door shares that point, and none of them need lie there."""
    other = make_complaint("Çukur", category=roads, place="İğdeli Sokak", **HOLE, **NEAR)
    asked = Matter(category=roads, subject="Çukur", **HOLE, **HERE)
    for source, metres in ((PointSource.ENTERED, 33), (PointSource.STREET, None)):
        with system():
            Complaint.objects.filter(pk=other.pk).update(point_source=source)
        with as_viewer(cast.secretary):
            [found] = finding.similar(asked)
        assert (found.metres, found.is_near) == (metres, metres is not None)
    own = make_complaint("Çukur", category=roads, place="Işık Sokak", **HOLE, **HERE)
    with system():
        Complaint.objects.filter(pk=other.pk).update(point_source=PointSource.DOOR)
        Complaint.objects.filter(pk=own.pk).update(point_source=PointSource.NEIGHBOURHOOD)
    with as_viewer(cast.secretary):
        assert [one.metres for one in finding.similar_to(scope.get(Complaint, str(own.key)))] == [None]


def test_an_address_is_found_in_any_spelling_and_another_street_is_none(cast: Cast, roads: Category) -> None:
    here = make_complaint("Çukur", category=roads, place="Yayla Mah. IŞIK Cad. No: 12", body="")
    elsewhere = make_complaint("Lamba", category=make_category("l", "L"), place="Işık Sokak 12", body="")
    with as_viewer(cast.secretary):
        found = {
            one.complaint: one for one in finding.similar(Matter(place="12 isik caddesi", subject="Delik"))
        }
    assert found[here].is_same_address
    assert found[here].is_same_street
    assert elsewhere not in found or not found[elsewhere].is_same_street
    assert shown(cast.secretary, Matter(place="😀")) == shown(cast.secretary, Matter()) == []


def test_of_nearly_alike_ones_the_first_report_leads_and_a_street_counts_without_its_door(
    cast: Cast, roads: Category
) -> None:
    first = make_complaint("Çukur", category=roads, place="Üzümcü Sokak No: 46", body="")
    again = make_complaint("Delik", category=roads, place="Üzümcü Sok. okulun önü", body="")
    elsewhere = make_complaint("Çukur", category=roads, place="Nergis Sokak No: 46", body="")
    asked = Matter(category=roads, subject="Göçük", place="uzumcu sk eczanenin karşısı")
    found = shown(cast.secretary, asked)
    assert found[:2] == [first.reference, again.reference]
    assert elsewhere.reference not in found[:2]


def test_a_department_learns_of_no_case_that_it_does_not_see(cast: Cast, roads: Category) -> None:
    theirs = make_complaint("Çukur", category=roads, to=cast.fen, **HOLE, **NEAR)
    others = make_complaint("Çukur", category=roads, to=cast.park, **HOLE, **HERE)
    asked = Matter(category=roads, subject="Çukur", **HOLE, **HERE)
    assert shown(cast.secretary, asked) == [theirs.reference, others.reference]
    assert shown(cast.fen_clerk, asked) == [theirs.reference]
    with system():  # a hidden case that leads: what is linked to it stands for itself
        Complaint.objects.filter(pk=theirs.pk).update(linked_to=others)
    assert shown(cast.secretary, asked) == [others.reference]
    assert shown(cast.fen_clerk, asked) == [theirs.reference]
    assert shown(cast.outsider, asked) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM app.similar_complaints(NULL, NULL, '{}', now(), now(), 41.003, 29.231,"
            " 60, %s, NULL, NULL, 'Çukur', '', '', false, 9)",
            [roads.pk],
        )
        assert cursor.fetchone() == (0,), "who did not enter finds nothing"


def test_what_was_said_to_be_another_matter_is_not_proposed_until_that_is_taken_back(
    cast: Cast, roads: Category
) -> None:
    first, second = (make_complaint("Çukur", category=roads, **HOLE, **at) for at in (HERE, NEAR))
    assert to_others(cast.secretary, first) == [second.reference]
    say(second, "set_apart", by=cast.secretary, of=first)
    assert to_others(cast.secretary, first) == to_others(cast.secretary, second) == []
    say(refetch(second), "unset_apart", by=cast.secretary, of=first)
    assert to_others(cast.secretary, second) == [first.reference]


def test_one_matter_is_proposed_once_by_the_case_that_leads_it(cast: Cast, roads: Category) -> None:
    leader = make_complaint("Çukur", category=roads, place="Ilgaz Sokak 3", **HOLE, **FAR)
    linked = make_complaint("Çukur", category=roads, **HOLE, **NEAR)
    again = make_complaint("Çukur", category=roads, **HOLE, **HERE)
    say(linked, "link", by=cast.secretary, of=leader)
    say(again, "mark_duplicate", by=cast.secretary, of=leader)
    new = make_complaint("Delik", category=roads, **HOLE, **HERE)
    with as_viewer(cast.secretary):
        (one,) = finding.similar_to(new)
        assert (one.complaint, one.via) == (leader, again)
        assert finding.matter_of(refetch(linked)) == finding.Cluster(leader, [leader, linked])
        assert finding.matter_of(new) is None
    assert to_others(cast.secretary, linked) == [new.reference]


@pytest.mark.django_db(databases=["default", "owner"])
def test_near_and_alike_are_found_by_indexes() -> None:
    """The statement says what the indexes hold, word for word: PostgreSQL matches no other expression."""
    wanted = {
        "complaint_near": f"gist (({POINT}), ({LIFE})) WHERE {IS_PLACED}",
        "complaint_address": f"gin (({ADDRESS}) gin_trgm_ops) WHERE closed_at IS NULL",
        "complaint_alike": f"gin (({LINE}) gin_trgm_ops) WHERE closed_at IS NULL",
    }
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE probe (LIKE complaints_complaint)")
        for index, words in wanted.items():
            cursor.execute(f"CREATE INDEX one ON probe USING {words.format('probe', 'probe')}")
            cursor.execute("SELECT pg_get_indexdef('one'::regclass), pg_get_indexdef(%s::regclass)", [index])
            asked, there = (one.split(" USING ")[1] for one in cursor.fetchone())
            assert asked == there
            cursor.execute("DROP INDEX one")
        cursor.execute("DROP TABLE probe")


@pytest.mark.parametrize(
    ("place", "street", "words"),
    [
        ("İğdeli Sk. No: 12", "igdeli s", "igdeli 12"),
        ("Yayla Mah. 4 İĞDELİ SOKAĞI, okulun önü", "igdeli s", "4 igdeli okulun onu"),
        ("1234. Sokak", "1234 s", "1234"),
        ("Atatürk Cad 5/2", "ataturk c", "ataturk 5 2"),
        ("Sokak", None, ""),
        ("okulun önü 😀", None, "okulun onu"),
    ],
)
def test_a_street_has_one_spelling(db: None, place: str, street: str | None, words: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tr_street(tr_address(%s)), tr_place_words(tr_address(%s))", [place, place])
        found, others = cursor.fetchone()
    assert (found, " ".join(others.split())) == (street, words)
