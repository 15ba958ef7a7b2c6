"""Turkish text (handbook section 5, case 25): cleaning, case, folding, order, and the search query."""

import random
import re
import unicodedata

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from backend.core.words.text import (
    MAX_QUERY_TOKENS,
    clean,
    ends_a_sentence,
    first_capital,
    official_name,
    official_title,
    prefix_query,
    small_beginnings,
    tr_fold,
    tr_lower,
    tr_sort_key,
    tr_title,
    tr_tokens,
    tr_upper,
    with_capitals,
)

ALPHABET = "ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ"
SMALL = "abcçdefgğhıijklmnoöprsştuüvyz"


def test_decomposed_input_becomes_composed() -> None:
    assert clean("S\u0327ikayet") == "Şikayet"


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b", "\x7f", "\x85\x9f", "\ufeff", "\u202e", "\ud800"])
def test_characters_that_are_not_text_are_dropped(bad: str) -> None:
    assert clean(f"a{bad}b") in ("ab", "a\nb")


def test_newline_and_tab_stay_and_line_ends_become_one_kind() -> None:
    assert clean(" a\tb\r\nc\rd\n ") == "a\tb\nc\nd"


@given(st.text(st.characters()))
def test_cleaning_twice_is_cleaning_once_and_the_result_can_be_stored(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [c for c in cleaned if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    cleaned.encode()


def test_the_whole_alphabet_changes_case_both_ways() -> None:
    assert tr_lower(ALPHABET) == SMALL
    assert tr_upper(SMALL) == ALPHABET


@pytest.mark.parametrize(
    ("upper", "lower"),
    [("IĞDIR", "ığdır"), ("İSTANBUL", "istanbul"), ("ISPARTA", "ısparta"), ("FEN İŞLERİ", "fen işleri")],
)
def test_case_of_the_words_that_python_gets_wrong(upper: str, lower: str) -> None:
    assert tr_lower(upper) == lower
    assert tr_upper(lower) == upper


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("IŞIL", "Işıl"),
        ("iSTANBUL", "İstanbul"),
        ("fen işleri müdürlüğü", "Fen İşleri Müdürlüğü"),
        ("TÜRKİYE'NİN yolu", "Türkiye'nin Yolu"),
        ("ali-veli (ışık)", "Ali-Veli (Işık)"),
        ("2.kat 5a", "2.Kat 5a"),
        ("", ""),
    ],
)
def test_title_case_follows_the_turkish_alphabet(text: str, title: str) -> None:
    assert tr_title(text) == title


@given(st.text())
def test_lower_case_keeps_one_character_for_one(text: str) -> None:
    assert len(tr_lower(text)) == len(text)


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert tr_fold(tr_fold(text)) == tr_fold(text)


def test_every_spelling_of_a_word_folds_to_the_same() -> None:
    spellings = ("isik", "IŞIK", "ışık", "Işık", "ISIK", "İŞİK", clean("IS\u0327IK"))
    assert {tr_fold(word) for word in spellings} == {"isik"}
    assert tr_fold("KÂĞIT ÇÖĞÜR ÎÛ") == "kagit cogur iu"


def test_the_names_of_the_handbook_stand_in_the_order_of_the_alphabet() -> None:
    names = ["Cem", "Çınar", "Ilgın", "ırmak", "İlker", "irem", "Oya", "Öykü", "Sena", "Şule"]
    shuffled = random.Random(7).sample(names, len(names))
    assert sorted(shuffled, key=tr_sort_key) == names


def test_the_alphabet_itself_is_in_order_in_both_cases() -> None:
    for letters in (ALPHABET, SMALL):
        assert "".join(sorted(letters, key=tr_sort_key)) == letters


def test_a_circumflex_does_not_send_a_name_to_the_end() -> None:
    mixed = ["Zeki", "Kâmil", "Kaya", "Hâkim", "Halil", "Kadir", "Hakan"]
    assert sorted(mixed, key=tr_sort_key) == ["Hakan", "Hâkim", "Halil", "Kadir", "Kâmil", "Kaya", "Zeki"]


def test_a_word_comes_before_a_longer_one_that_begins_with_it() -> None:
    assert sorted(["Ali Veli", "Alisa", "Ali"], key=tr_sort_key) == ["Ali", "Ali Veli", "Alisa"]


@pytest.mark.parametrize(
    ("typed", "query"),
    [
        ("ışık yan", "isik:* & yan:*"),
        ("  IŞIK   IŞIK ", "isik:*"),
        ("S\u0327ikayet", "sikayet:*"),
        ("fen.işleri@x", "fen:* & isleri:* & x:*"),
        ("2027/1", "2027 & 1"),
        ("17", "17:*"),
        ("Aydın 17a", "aydin:* & 17a:*"),
        ("Aydın 12345", "aydin:* & 12345:*"),
        ("a' | !b:* & (c) <-> \"d\\", "a:* & b:* & c:* & d:*"),
        ("çöp\x00lük 🙂", "copluk:*"),
        ("a_b%c", "a:* & b:* & c:*"),
        ("taş։ocak", "tas:* & ocak:*"),  # an Armenian full stop
        ("Gül Sk. 3", "gul:* & (sk:* | sok | sokagi:* | sokak:*) & 3"),
        ("SOK", "(sok:* | sk)"),
    ],
)
def test_what_is_typed_becomes_a_prefix_query(typed: str, query: str) -> None:
    assert prefix_query(typed) == query


@pytest.mark.parametrize("nothing", ["", "   ", "\x00", "!!! ''' \"\" ()|&:*", "🙂🙃", "—…«»", "\ud800"])
def test_nothing_to_look_for_is_no_query(nothing: str) -> None:
    assert prefix_query(nothing) is None


@given(st.text(st.characters()))
def test_any_input_makes_a_safe_query(text: str) -> None:
    query = prefix_query(text)
    if query is None:
        assert not re.search(r"[^\W_]", tr_tokens(clean(text)))
    else:
        term = r"(?:[0-9]{1,4}|[^\W_]+:\*|\([^\W_]+:\*(?: \| [^\W_]+(?::\*)?)+\))"
        assert re.fullmatch(f"{term}(?: & {term})*", query)
        assert query.count("&") < MAX_QUERY_TOKENS


def test_a_very_long_input_makes_a_short_query() -> None:
    query = prefix_query(" ".join(f"kelime{n}" for n in range(5000)) + "x" * 100_000)
    assert query is not None
    assert len(query) < 1000


def test_a_title_has_capitals_but_in_its_conjunctions() -> None:
    assert official_title("Özel kalem personeli") == "Özel Kalem Personeli"
    assert official_title(" ruhsat ve denetim müdürü (izinli) ") == "Ruhsat ve Denetim Müdürü (İzinli)"
    assert official_title("VHKİ") == "VHKİ"


def test_an_official_name_has_its_surname_in_capitals() -> None:
    assert official_name("Ayşe", "Yılmaz") == "Ayşe YILMAZ"
    assert official_name(" Ali Can ", "Işık Yiğit") == "Ali Can IŞIK YİĞİT"
    assert official_name("Ayşe", "") == "Ayşe"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("işe başlandı. ilk ekip yolda! ışık yandı?", "İşe başlandı. İlk ekip yolda! Işık yandı?"),
        ("Bugün geldi.\n\nyarın gelecek", "Bugün geldi.\n\nYarın gelecek"),
        ("Meral Sok. no: 3. kat 2", "Meral Sok. no: 3. kat 2"),
        ("ABC A.Ş. ile, Ltd. Şti. tarafından", "ABC A.Ş. ile, Ltd. Şti. tarafından"),
        ("3071 s. Kanun m. 7 uyarınca", "3071 s. Kanun m. 7 uyarınca"),
        ("Adresimiz budur. www.ornek.org/a", "Adresimiz budur. www.ornek.org/a"),
        ("Park, bahçe vb. işler", "Park, bahçe vb. işler"),
        ("Geldi. 🙂 sonra gitti", "Geldi. 🙂 sonra gitti"),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_and_an_abbreviation_ends_none(typed: str, written: str) -> None:
    assert with_capitals(typed) == written
    assert with_capitals(written) == written
    assert bool(small_beginnings(typed)) == (typed != written)


@pytest.mark.parametrize(
    ("before", "is_end"),
    [("", True), ("Geldi. ", True), ("Geldi.\n", True), ("Sayın Valimiz, ", False), ("Meral Sok. ", False)],
)
def test_what_stands_before_says_whether_a_sentence_begins(before: str, is_end: bool) -> None:
    assert ends_a_sentence(before) is is_end


def test_a_heading_begins_with_the_capital_of_its_language() -> None:
    with translation.override("tr"):
        assert first_capital("istemciler") == "İstemciler"
    with translation.override("en"):
        assert first_capital("imports") == "Imports"
    assert first_capital("") == ""
