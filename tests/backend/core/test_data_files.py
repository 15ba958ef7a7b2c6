"""The organisation's data files hang together and say what the handbook says (1.3, 4.1-4.4; case 15)."""

from datetime import date

import pytest

from backend.core.words.text import clean, tr_fold
from tests.backend.reference_files import FOLDER, rows, words

FILES = [
    "departments", "sections", "neighbourhoods", "categories", "bodies", "body_matters", "main_arteries",
]  # fmt: skip
DEPARTMENTS = {row["code"]: row for row in rows("departments")}
OPEN = {code for code, row in DEPARTMENTS.items() if not row["valid_to"]}
BODIES = {row["code"]: row for row in rows("bodies")}
CATEGORIES = {row["code"]: row for row in rows("categories")}
LEAVES = {code: row for code, row in CATEGORIES.items() if row["parent"]}


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_clean_utf8_with_unique_codes_and_no_ragged_row(name: str) -> None:
    text = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    assert clean(text) + "\n" == text
    table = rows(name)
    assert all(None not in row and None not in row.values() for row in table)
    codes = [row["code"] for row in table]
    assert len(codes) == len(set(codes))
    assert all(code == tr_fold(code) and code.replace("-", "").isalnum() for code in codes)


def test_the_thirty_units_are_open_and_one_is_the_private_office() -> None:
    assert len(OPEN) == 30
    assert [code for code, row in DEPARTMENTS.items() if row["is_private_office"] == "yes"] == ["ozel-kalem"]
    assert [code for code, row in DEPARTMENTS.items() if row["kind"] == "COMPANY"] == ["safas"]
    names = [row["name"] for row in DEPARTMENTS.values() if row["kind"] == "DEPARTMENT"]
    assert all(name.endswith(" Müdürlüğü") for name in names)


def test_a_closed_unit_names_an_open_successor_that_exists_the_day_after() -> None:
    closed = [row for row in DEPARTMENTS.values() if row["valid_to"]]
    assert len(closed) == 2
    for row in closed:
        successor = DEPARTMENTS[row["successor"]]
        assert successor["code"] in OPEN
        assert date.fromisoformat(row["valid_from"]) < date.fromisoformat(row["valid_to"])
        assert (date.fromisoformat(successor["valid_from"]) - date.fromisoformat(row["valid_to"])).days <= 1
    assert all(not row["successor"] for row in DEPARTMENTS.values() if not row["valid_to"])


def test_sections_belong_to_open_departments_and_the_private_office_has_its_three() -> None:
    assert {row["department"] for row in rows("sections")} <= OPEN
    assert sum(row["department"] == "ozel-kalem" for row in rows("sections")) == 3


def test_the_nineteen_neighbourhoods_lie_in_the_district() -> None:
    table = rows("neighbourhoods")
    assert len(table) == 19
    for row in table:
        assert 40.95 < float(row["latitude"]) < 41.06
        assert 29.17 < float(row["longitude"]) < 29.33


def test_every_category_has_a_known_group_and_somebody_to_go_to() -> None:
    assert 60 <= len(LEAVES) <= 90
    for row in LEAVES.values():
        assert CATEGORIES[row["parent"]]["parent"] == ""
        assert set(words(row["candidates"])) <= OPEN
        assert row["body"] == "" or row["body"] in BODIES
        assert row["candidates"] or row["body"]
        assert words(row["keywords"])
        assert 1 <= int(row["target_days"]) <= 30
    groups = set(CATEGORIES) - set(LEAVES)
    assert {row["parent"] for row in LEAVES.values()} == groups


def test_an_ambiguous_category_has_at_least_two_ways_and_a_clear_one_has_one() -> None:
    for row in LEAVES.values():
        candidates = words(row["candidates"])
        ways = len(candidates) + bool(row["body"])
        if row["is_ambiguous"] == "yes":
            assert ways >= 2, row["code"]
        else:
            assert len(candidates) <= 1, row["code"]


def test_what_the_municipality_itself_calls_ambiguous_is_marked() -> None:
    marked = {code for code, row in LEAVES.items() if row["is_ambiguous"] == "yes"}
    assert {"gurultu", "moloz", "rampa", "zamansiz-cop", "su-sizintisi", "hasarin-karsilanmasi"} <= marked


def test_a_clear_category_of_a_public_body_has_no_department_here_and_a_company_s_has_its_liaison() -> None:
    for row in LEAVES.values():
        if row["body"] and row["is_ambiguous"] == "no":
            body = BODIES[row["body"]]
            expected = "" if body["is_public"] == "yes" else body["liaison"]
            assert row["candidates"] == expected, row["code"]


def test_keywords_are_lower_case_and_lead_to_one_category_each() -> None:
    every = [tr_fold(word) for row in LEAVES.values() for word in words(row["keywords"])]
    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    ("code", "short_code", "public"),
    [("iski", "185", "yes"), ("igdas", "187", "no"), ("ayedas", "186", "no"), ("ibb", "153", "yes")],
)
def test_the_bodies_of_the_handbook(code: str, short_code: str, public: str) -> None:
    body = BODIES[code]
    assert (body["short_code"], body["is_public"], body["serves_here"]) == (short_code, public, "yes")


def test_bedas_does_not_serve_this_side_and_owns_nothing() -> None:
    assert BODIES["bedas"]["serves_here"] == "no"
    assert all(row["body"] != "bedas" for row in [*rows("body_matters"), *CATEGORIES.values()])


def test_bodies_and_matters_refer_to_what_exists() -> None:
    assert all(row["liaison"] in OPEN for row in BODIES.values() if row["serves_here"] == "yes")
    for row in rows("body_matters"):
        assert row["body"] in BODIES
        assert words(row["keywords"])
    only_on_arteries = {row["body"] for row in rows("body_matters") if row["only_on_main_arteries"] == "yes"}
    assert only_on_arteries == {"ibb"}
