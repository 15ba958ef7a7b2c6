"""The SQL functions say what their Python twins say, and can stand in indexes and generated columns."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from backend.core.words.text import clean, prefix_query, tr_fold, tr_lower, tr_sort_key, tr_tokens

pytestmark = pytest.mark.django_db

SAMPLES = [
    "IĞDIR İSTANBUL ığdır istanbul",
    "ÇĞIİÖŞÜ çğıiöşü ÂÎÛ âîû",
    "Kâmil, Hakkâri'de; (2027/1) e-posta: a.b@c.tr",
    "ΣΑΣ Ärger ÉCOLE Жук ẞ ǅ",
    "بلدية עיר 東京 🙂 ½ ² _ %",
    "yanmıyor.acil!IŞIK",
    "a\tb\nc",
    "×÷",
]


@pytest.mark.parametrize("text", SAMPLES)
@pytest.mark.parametrize(
    ("function", "twin"),
    [("tr_lower", tr_lower), ("tr_fold", tr_fold), ("tr_sortkey", tr_sort_key), ("tr_tokens", tr_tokens)],
)
def test_sql_and_python_agree(function: str, twin: Callable[[str], str], text: str) -> None:
    assert one(f"select {function}(%s)", clean(text)) == twin(clean(text))


@pytest.mark.parametrize("function", ["tr_lower", "tr_fold", "tr_sortkey", "tr_tokens"])
def test_the_functions_are_immutable_strict_and_parallel_safe_with_a_standard_body(function: str) -> None:
    flags = "provolatile::text || proparallel::text, proisstrict, prosqlbody is not null"
    with connection.cursor() as cursor:
        cursor.execute(f"select {flags} from pg_proc where proname = %s", [function])
        assert cursor.fetchall() == [("is", True, True)]


def test_the_database_sorts_the_names_of_the_handbook_as_the_alphabet_does() -> None:
    names = ["Cem", "Çınar", "Ilgın", "ırmak", "İlker", "irem", "Oya", "Öykü", "Sena", "Şule"]
    ordered = 'select array_agg(n order by tr_sortkey(n) collate "C") from unnest(%s::text[]) n'
    assert one(ordered, names[::-1]) == names


@pytest.mark.parametrize("typed", ["isik", "IŞIK", "ışık", "IS\u0327IK", "ışıkl yan", "acil", "yanmiyor"])
def test_every_spelling_finds_the_lights(typed: str) -> None:
    assert finds("Sokakta IŞIKLAR yanmıyor.Acil!", typed)


@pytest.mark.parametrize(
    "token", ["12e5", "1.5", "-1", "2027-1", "a-12", "x@y.tr", "http://a.b/c?d", "4x4", "İ"]
)
def test_whatever_is_stored_is_found_by_the_same_words(token: str) -> None:
    assert finds(f"önce {token} sonra", token)


@pytest.mark.parametrize(
    "typed", ["Karanfil Sk. 39", "karanfil sokağı", "Karanfil Sok.", "KARANFİL SOKAK No 39", "numara 39"]
)
@pytest.mark.parametrize("stored", ["Karanfil Sokak No: 39", "Karanfil Sk. No: 39", "karanfil sokağı no 39"])
def test_a_street_is_found_however_its_kind_is_written(stored: str, typed: str) -> None:
    assert finds(stored, typed)
    assert not finds("Karanfil Caddesi 40", typed)
    assert not finds("Karanfil Sokak No: 390", "Karanfil Sokak 39"), "a door is whole"


@pytest.mark.parametrize("typed", ["'", "a' & !b", "x:*:*", "\\", "(((", "🙂 a", "<->", "a\x00b"])
def test_no_input_breaks_the_query(typed: str) -> None:
    query = prefix_query(typed)
    if query is not None:
        assert one("select to_tsquery('simple', %s) is not null", query)


def finds(stored: str, typed: str) -> Any:
    sql = "select to_tsvector('simple', tr_tokens(%s)) @@ to_tsquery('simple', %s)"
    return one(sql, clean(stored), prefix_query(typed))


def one(sql: str, *values: str | list[str] | None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]
