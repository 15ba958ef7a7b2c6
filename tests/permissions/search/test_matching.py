"""A search finds the same, whichever way PostgreSQL's estimate makes it go, and nothing that the viewer may not see."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.db import connection, transaction
from django.db.models import BooleanField, Value

from backend.complaints.actions import route
from backend.complaints.choices import Priority
from backend.complaints.models import Complaint
from backend.organization.models import User
from permissions.complaints import access as complaint_access
from permissions.complaints import sharing
from permissions.core import scope
from tests.cast import Cast, as_viewer
from tests.factories import make_complaint, refetch

ORDER = ["-target_on", "-pk"]
PEOPLE = ("fen_clerk", "park_clerk", "secretary", "deputy_mayor", "outsider")


@pytest.fixture(params=["along", "at once", "as estimated"])
def way(request):
    """Which of the two ways is taken; the last is the database's own choice."""
    if request.param == "as estimated":
        yield
        return
    is_along = request.param == "along"

    def frequent(_words: str, question: str) -> Value:
        return Value(is_along is not question.startswith("SELECT NOT"), output_field=BooleanField())

    with mock.patch("permissions.core.matching._frequent", frequent):
        yield


@pytest.fixture
def cases(cast: Cast) -> list[Complaint]:
    found = [
        make_complaint(to=cast.fen, subject="IŞIKLAR yanmıyor", priority=Priority.HIGH),
        make_complaint(to=cast.park, subject="Parkta ışık yok"),
        make_complaint(to=cast.park, collaborators=(cast.fen,), subject="Işıklandırma istiyoruz"),
        make_complaint(to=cast.fen, subject="Çukur var"),
        make_complaint(to=cast.relations, subject="ışık kirliliği"),
    ]
    with as_viewer(cast.office_head), scope.authorized("SHARE", Complaint, found[4].key) as shared:
        sharing.share(shared, user=cast.fen_clerk, by=cast.office_head)
    return found


@pytest.mark.parametrize("who", PEOPLE)
def test_a_page_of_a_search_is_the_first_of_all_that_match(cast, cases, way, who):
    with as_viewer(getattr(cast, who)):
        for text in ("isik", "IŞIK", "ışık yan", "cukur", "yok böyle bir şey", "2026/1", "%"):
            for narrowed in (Complaint.objects.all(), Complaint.objects.filter(priority=Priority.HIGH)):
                whole = scope.visible(narrowed.search(text)).order_by(*ORDER)
                assert list(
                    complaint_access.first_page(complaint_access.search(narrowed, text), ORDER, 2)
                ) == list(whole[:2]), text
                assert set(scope.visible(complaint_access.search(narrowed, text))) == set(whole), text


def test_what_the_words_say_may_be_asked_further(cast, cases, way):
    with as_viewer(cast.fen_clerk):
        found = complaint_access.search(Complaint.objects.all(), "ışık").exclude(pk=cases[0].pk)
        assert set(complaint_access.first_page(found, ORDER, 10)) == {cases[2], cases[4]}


def test_a_case_that_left_is_not_found_either_way(cast, cases, way):
    with as_viewer(cast.secretary), scope.authorized("ROUTE", Complaint, cases[0].key) as case:
        route(case, to=cast.park, by=cast.secretary, note="Park lambası.")
    assert refetch(cases[0]).responsible_department == cast.park
    with as_viewer(cast.fen_clerk):
        assert cases[0] not in complaint_access.first_page(
            complaint_access.search(Complaint.objects.all(), "ışık"), ORDER, 10
        )


@pytest.mark.parametrize("who", ["fen_clerk", "secretary"])
def test_only_the_way_along_the_list_asks_each_row_for_the_words(cast, who):
    with as_viewer(getattr(cast, who)):
        found = complaint_access.search(Complaint.objects.open(), "ışık")
        page = str(complaint_access.first_page(found, ORDER, 2).query)
        whole = str(scope.visible(found).query)
    along, _union, at_once = page.rpartition("UNION")
    assert "CASE WHEN" in along
    assert "CASE WHEN" not in whole
    assert "matching_complaint" not in along.partition("UNION")[0]
    assert "matching_complaint" in at_once
    assert "matching_complaint" in whole


def test_an_open_list_is_read_from_the_copies_of_open_cases(cast):
    with as_viewer(cast.fen_clerk):
        for rows, says_so in (
            (Complaint.objects.open().exclude(status="REPLIED"), True),
            (Complaint.objects.late(), True),
            (Complaint.objects.all(), False),
            (Complaint.objects.open() | Complaint.objects.closed(), False),
        ):
            assert ('"case_is_open"' in str(complaint_access.first_page(rows, ORDER, 2).query)) is says_so


def test_an_answer_is_kept_for_who_sees_the_same_and_decides_no_row(cast, cases):
    """Whether words are frequent is looked up once in ten minutes: here the kept answer is turned round, and used."""
    others = (cast.park_clerk, cast.secretary)
    texts = {"ışık": "isik:*", "ışı": "isi:*", "ış": "is:*", "ı": "i:*"}
    text, words = next(one for one in texts.items() if _kept_apart(cast.fen_clerk, others, one[1]))
    with as_viewer(cast.fen_clerk):
        right = list(complaint_access.first_page(_found(text), ORDER, 10))
        assert right
        assert _frequent(words) is _looked_up(words)
        assert _turn_round() == 1
        assert _frequent(words) is not _looked_up(words)
        assert _frequent("cukur:*") is _looked_up("cukur:*")
        assert list(complaint_access.first_page(_found(text), ORDER, 10)) == right
    for other in others:
        with as_viewer(other):
            assert _frequent(words) is _looked_up(words)
    with as_viewer(cast.fen_clerk):
        assert _frequent(words) is not _looked_up(words)


def _kept_apart(first: User, others: tuple[User, ...], words: str) -> bool:
    """Whether no answer takes another's place: there are 64, by a digest in which keys of rows are."""
    with transaction.atomic():
        with as_viewer(first):
            _frequent("cukur:*")
        for who in (first, *others):
            with as_viewer(who):
                _frequent(words)
        places = _turn_round()
        transaction.set_rollback(True)
    return places == 2 + len(others)


def _found(text: str) -> Any:
    return complaint_access.search(Complaint.objects.all(), text)


def _frequent(words: str) -> bool:
    return _asked("SELECT app.is_frequent(%s)", [words])


def _looked_up(words: str) -> bool:
    return _asked("SELECT app.looked_frequent(%s)", [words])


def _turn_round() -> int:
    """Turn the answers round that this connection keeps; how many."""
    turned = """
        WITH kept AS (SELECT 'app.frequent_' || n AS place, current_setting('app.frequent_' || n, true) AS answer
                        FROM generate_series(0, 63) n),
             turned AS (SELECT set_config(place, split_part(answer, ' ', 1) || ' '
                                                 || NOT split_part(answer, ' ', 2)::boolean, false)
                          FROM kept WHERE answer <> '')
        SELECT count(*) FROM turned"""
    return int(_asked(turned, []))


def _asked(statement: str, parameters: list[str]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()[0]
