"""Lists of cases: pages by keyset, filters, search, order, totals."""

from __future__ import annotations

import base64
import datetime as dt

import pytest
from django.utils import timezone
from freezegun import freeze_time

from backend.complaints import actions
from backend.complaints.choices import Channel, Kind
from backend.complaints.models import Complaint
from backend.core.session import system
from schema.core.nodes import global_id
from tests.factories import make_category, make_citizen, make_complaint, make_neighbourhood, refetch
from tests.schema.client import Asking, errors_of

PAGE = """query($first: Int, $after: String, $last: Int, $before: String, $order: ComplaintOrder,
    $filter: ComplaintFilter) {
  complaints(first: $first, after: $after, last: $last, before: $before, orderBy: $order, filter: $filter) {
    totalCount nodes { reference } edges { cursor node { reference } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""
LIST = (
    "query($f: ComplaintFilter, $s: String) { complaints(filter: $f, search: $s) { totalCount nodes { "
    "subject } } }"
)


def references(page: dict) -> list[str]:
    return [node["reference"] for node in page["nodes"]]


def subjects(asking: Asking, search: str | None = None, **filter: object) -> list[str]:
    found = asking.data(LIST, f=filter, s=search)["complaints"]
    assert found["totalCount"] == len(found["nodes"])
    return [node["subject"] for node in found["nodes"]]


@pytest.fixture
def seven(cast):
    """Seven cases of Fen İşleri, several with the same target date, and one of Park ve Bahçeler."""
    made = [
        make_complaint(f"Çukur {n}", to=cast.fen, priority="HIGH" if n % 2 else "NORMAL") for n in range(4)
    ]
    make_complaint("Park", to=cast.park)
    return made + [make_complaint(f"Çukur {n}", to=cast.fen) for n in range(4, 7)]


ORDERS = [
    {"field": field, "direction": direction}
    for field in ("TARGET_ON", "REGISTERED_AT")
    for direction in ("ASC", "DESC")
]


def walked(asking: Asking, order: dict[str, str], **filter: object) -> list[str]:
    """The numbers of a whole list, in order; read in pages of three it is the same, forwards and backwards."""
    everything = asking.data(PAGE, first=100, order=order, filter=filter)["complaints"]
    whole = references(everything)
    assert len(whole) == everything["totalCount"] == len(set(whole))
    forwards: list[str] = []
    after = None
    while True:
        page = asking.data(PAGE, first=3, after=after, order=order, filter=filter)["complaints"]
        forwards += references(page)
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]
    assert forwards == whole
    backwards: list[str] = []
    before = None
    while True:
        page = asking.data(PAGE, last=3, before=before, order=order, filter=filter)["complaints"]
        backwards = references(page) + backwards
        if not page["pageInfo"]["hasPreviousPage"]:
            break
        before = page["pageInfo"]["startCursor"]
    assert backwards == whole
    return whole


@pytest.mark.parametrize("who", ["fen_clerk", "secretary"])
@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_pages_show_every_row_once_in_order_both_ways(ask, seven, who, order):
    assert len(walked(getattr(ask, who), order)) == (7 if who == "fen_clerk" else 8)


@pytest.mark.parametrize("order", ORDERS, ids=str)
def test_what_a_department_collaborates_on_stands_in_its_place_of_the_list(ask, cast, order):
    """Read along copies at the routings: also after the case's dates moved, and after it ended."""
    cases = []
    for day in range(8):
        with freeze_time(f"2026-11-{10 + day}T09:00:00Z"):
            own = day % 2 == 0
            cases.append(
                make_complaint(f"Çukur {day}", to=cast.park)
                if own
                else make_complaint(f"Çukur {day}", to=cast.fen, collaborators=(cast.park,))
            )
    shared_once = make_complaint("Bir daha değil", to=cast.fen, collaborators=(cast.park,))
    with system():
        actions.release_collaborator(shared_once, by=None, department=cast.park, reason="Bitti")
        actions.withdraw(refetch(cases[3]), by=None, note="Vazgeçti")
        Complaint.objects.filter(pk=cases[5].pk).update(target_on=dt.date(2026, 11, 1))
    column, sign = order["field"].lower(), 1 if order["direction"] == "ASC" else -1
    expected = sorted(map(refetch, cases), key=lambda case: (getattr(case, column), case.pk))[::sign]
    assert walked(ask.park_clerk, order) == [case.reference for case in expected]
    open_ones = [case.reference for case in expected if case.pk != cases[3].pk]
    assert walked(ask.park_clerk, order, condition=["OPEN"]) == open_ones


def test_a_row_that_comes_in_between_is_not_shown_twice(ask, seven, cast):
    order = {"field": "REGISTERED_AT", "direction": "DESC"}
    first = ask.fen_clerk.data(PAGE, first=3, order=order)["complaints"]
    make_complaint("Yeni", to=cast.fen)
    second = ask.fen_clerk.data(PAGE, first=4, after=first["pageInfo"]["endCursor"], order=order)[
        "complaints"
    ]
    assert not set(references(first)) & set(references(second))
    assert len(references(second)) == 4


def test_nothing_is_asked_of_the_database_that_was_not_selected(ask, seven, django_assert_max_num_queries):
    assert ask.fen_clerk.data("{ complaints(first: 0) { totalCount nodes { id } } }")["complaints"] == {
        "totalCount": 7,
        "nodes": [],
    }
    assert ask.fen_clerk.data("{ complaints(last: 0) { nodes { id } } }")["complaints"]["nodes"] == []


def cursor(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


GARBAGE = [
    "",
    "x",
    "%%%",
    cursor("t:1"),
    cursor("t:1:x"),
    cursor("t:-1:2027-01-01"),
    cursor("t:x:2027-01-01"),
    cursor("T:1:2027-01-01"),
    cursor("r:1:5"),
    cursor("t:" + "9" * 40 + ":2027-01-01"),
    cursor("t:1:99999-01-01"),
    "A" * 2000,
    cursor("t:١:2027-01-01"),
    "\x00",
    "t:1:2027-01-01",
    "ü",
]


@pytest.mark.parametrize("garbage", GARBAGE)
def test_a_cursor_of_nothing_or_of_another_list_is_a_clear_error(ask, cast, garbage):
    assert errors_of(ask.secretary.answer(PAGE, first=3, after=garbage)) == ["INVALID"]
    assert errors_of(ask.secretary.answer(PAGE, last=3, before=garbage)) == ["INVALID"]


@pytest.mark.parametrize("text", ["r:1:" + "9" * 30, "r:1:x", "r:1:" + "-" + "9" * 22])
def test_a_moment_out_of_range_in_a_cursor_is_a_clear_error(ask, cast, text):
    order = {"field": "REGISTERED_AT", "direction": "ASC"}
    assert errors_of(ask.secretary.answer(PAGE, first=3, after=cursor(text), order=order)) == ["INVALID"]


@pytest.mark.parametrize(
    "arguments",
    [{"first": 1, "last": 1}, {"before": "x"}, {"after": "x", "last": 1}, {"first": 1, "before": "x"}],
)
def test_forwards_and_backwards_do_not_mix(ask, cast, arguments):
    assert errors_of(ask.secretary.answer(PAGE, **arguments)) == ["INVALID"]


def test_filters_say_what_they_mean(ask, cast):
    category, mahalle = make_category(), make_neighbourhood()
    ayse = make_citizen()
    make_complaint("Dilekçe", kind=Kind.REQUEST, channel=Channel.PETITION, category=category)
    make_complaint("Telefon", applicant=ayse, neighbourhood=mahalle, tags=["acil", "okul"], priority="URGENT")
    make_complaint("Bilgi", kind=Kind.INFORMATION_REQUEST, channel=Channel.WEB, to=cast.park)
    asking = ask.secretary
    assert subjects(asking, kind=["REQUEST"]) == ["Dilekçe"]
    assert sorted(subjects(asking, channel=["PETITION", "WEB"])) == ["Bilgi", "Dilekçe"]
    assert subjects(asking, regime=["PETITION_3071"]) == ["Dilekçe"]
    assert subjects(asking, priority=["URGENT"]) == ["Telefon"]
    assert subjects(asking, category=global_id(category)) == ["Dilekçe"]
    assert subjects(asking, neighbourhood=global_id(mahalle)) == ["Telefon"]
    assert subjects(asking, applicant=global_id(ayse)) == ["Telefon"]
    assert subjects(asking, tag="okul") == ["Telefon"]
    assert subjects(asking, tag="oku") == []
    assert subjects(asking, responsibleDepartment=global_id(cast.park)) == ["Bilgi"]
    assert subjects(asking, status=["ASSIGNED"]) == ["Bilgi"]
    assert sorted(subjects(asking, condition=["UNROUTED", "OPEN"])) == ["Dilekçe", "Telefon"]
    assert subjects(asking, condition=["CLOSED"]) == []
    assert subjects(asking, condition=[], status=None, tag=None) == subjects(asking)


@pytest.mark.parametrize("name", ["category", "neighbourhood", "responsibleDepartment", "applicant"])
@pytest.mark.parametrize("value", ["", "x", "Q29tcGxhaW50", "\x00", "Q29tcGxhaW50OngK"])
def test_an_id_of_nothing_finds_nothing(ask, cast, name, value):
    make_complaint()
    assert subjects(ask.secretary, **{name: value}) == []


def test_date_ranges_are_local_days_and_include_both_ends(ask, cast):
    late = dt.datetime(2026, 3, 31, 21, 30, tzinfo=dt.UTC)  # 1 April, half past midnight, in Türkiye
    make_complaint("Gece", registered_at=late)
    assert subjects(ask.secretary, registeredFrom="2026-04-01", registeredTo="2026-04-01") == ["Gece"]
    assert subjects(ask.secretary, registeredTo="2026-03-31") == []
    assert subjects(ask.secretary, targetFrom="0001-01-01", targetTo="9999-12-31") == ["Gece"]


def test_late_and_due_today(ask, cast):
    make_complaint("Eski", registered_at=timezone.now() - dt.timedelta(days=90))
    make_complaint("Taze")
    assert subjects(ask.secretary, condition=["LATE"]) == ["Eski"]
    figures = ask.secretary.data("{ complaintFigures { open late dueToday unrouted new returnedOften } }")[
        "complaintFigures"
    ]
    assert figures == {"open": 2, "late": 1, "dueToday": 0, "unrouted": 2, "new": 2, "returnedOften": 0}


def test_search_is_turkish_and_finds_by_number(ask, cast):
    made = make_complaint("IŞIKLAR yanmıyor", body="Şikâyet ediyorum")
    for text in ("isik", "IŞIK", "ışık", "Isik yan", "s\u0327ikayet", made.reference, "ŞİKÂYET"):
        assert subjects(ask.secretary, text) == ["IŞIKLAR yanmıyor"], text
    for text in ("", "%", "'; --", "\x00", "yok", "&|!", "2027/999999999"):
        assert subjects(ask.secretary, text) == [], text


def test_search_stays_inside_the_department(ask, cast):
    make_complaint("Işık bozuk", to=cast.fen)
    make_complaint("Işık sönük", to=cast.park)
    assert subjects(ask.fen_clerk, "isik") == ["Işık bozuk"]
    assert subjects(ask.park_clerk, "isik") == ["Işık sönük"]
    assert subjects(ask.outsider, "isik") == []


def test_one_case_by_its_number(ask, cast):
    made = make_complaint(to=cast.fen)
    query = "query($r: String!) { complaint(reference: $r) { reference } }"
    assert ask.fen_clerk.data(query, r=made.reference.replace("/", " / ")) == {
        "complaint": {"reference": made.reference}
    }
    hidden, missing = (
        ask.park_clerk.post(query, {"r": made.reference}),
        ask.park_clerk.post(query, {"r": "2099/1"}),
    )
    assert hidden.content == missing.content


def test_node_reads_back_what_an_id_names_and_only_what_is_visible(ask, cast):
    made, department = make_complaint(to=cast.fen), cast.fen
    ids = [global_id(department), "x", global_id(made), global_id(made).replace("Q29", "RGV"), ""]
    query = (
        "query($i: [ID!]!) { nodes(ids: $i) { __typename id ... on Complaint { subject } ... on "
        "Department { code } } }"
    )
    seen = ask.fen_clerk.data(query, i=ids)["nodes"]
    assert [node and node["__typename"] for node in seen] == ["Department", None, "Complaint", None, None]
    assert seen[2]["subject"] == made.subject
    assert [node and node["__typename"] for node in ask.park_clerk.data(query, i=ids)["nodes"]] == [
        "Department",
        None,
        None,
        None,
        None,
    ]


def test_owned_lists_are_bounded_newest_first_and_the_same_in_a_page_and_alone(ask, cast):
    made = [make_complaint(to=cast.fen, accepted_by=cast.fen_clerk) for _ in range(3)]
    with system():
        for complaint in made:
            for note in ("bir", "iki", "üç"):
                actions.comment(complaint, by=cast.fen_clerk, body=note)
    query = (
        "{ complaints { nodes { comments(first: 2) { body } lines(first: 1) { verb } all: routings { "
        "role } } } }"
    )
    for node in ask.fen_clerk.data(query)["complaints"]["nodes"]:
        assert [comment["body"] for comment in node["comments"]] == ["üç", "iki"]
        assert node["lines"] == [{"verb": "COMMENTED"}]
    one = (
        "query($i: ID!) { node(id: $i) { ... on Complaint { comments(first: 0) { body } a: lines(first: "
        "1) { verb } b: lines(first: 2) { verb } } } }"
    )
    node = ask.fen_clerk.data(one, i=global_id(made[0]))["node"]
    assert (node["comments"], len(node["a"]), len(node["b"])) == ([], 1, 2)


def test_reference_data_is_paged_in_turkish_order(ask, cast):
    names = ["Cem", "Çınar", "Ilgın", "ırmak", "İlker", "irem", "Oya", "Öykü", "Sena", "Şule"]
    for number, name in enumerate(reversed(names)):
        make_neighbourhood(f"m{number}", name)
    query = (
        "query($a: String) { neighbourhoods(first: 4, after: $a) { nodes { name } pageInfo { endCursor "
        "hasNextPage } } }"
    )
    found, after = [], None
    while True:
        page = ask.outsider.data(query, a=after)["neighbourhoods"]
        found += [node["name"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
        if not page["pageInfo"]["hasNextPage"]:
            break
    assert found == names


def test_counting_may_stop_early_and_then_says_so_by_the_limit(cast, ask):
    for _each in range(4):
        make_complaint(to=cast.fen)
    query = "{ complaints { a: totalCount(atMost: 3) b: totalCount(atMost: 1000) totalCount } }"
    assert ask.fen_clerk.data(query)["complaints"] == {"a": 3, "b": 4, "totalCount": 4}
    assert ask.park_clerk.data(query)["complaints"] == {"a": 0, "b": 0, "totalCount": 0}
    refused = ask.fen_clerk.answer("{ complaints { totalCount(atMost: 0) } }")
    assert refused["errors"][0]["extensions"] == {"code": "INVALID", "field": "atMost"}
