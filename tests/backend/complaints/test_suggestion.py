"""The first guess at who is responsible (handbook 4.3, 4.4; cases 9, 10, 11), with the shipped data."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.complaints.suggestion import Catalogue, CategoryRow, Suggestion, is_main_artery, suggest
from backend.triage.evaluation.shipped import catalogue
from tests.backend.reference_files import rows

IKLIM = "iklim-degisikligi-ve-sifir-atik"


def ask(text: str, **given: str) -> Suggestion:
    return suggest(text, catalogue(), **given)


@pytest.mark.parametrize(
    "text",
    [
        "Sokak lambası yanmıyor",
        "SOKAK LAMBALARI YANMIYOR",
        "IŞIKLAR yanmıyor",
        "Sokağımızdaki aydınlatma direği arızalı",
        "BEDAŞ'ı aradım, elektrik direği devrildi",
        "elektrik kesintisi var",
        "so\u0308yleyin sokak lambasi\u0307 yansin",
    ],
)
def test_a_street_lamp_is_the_anatolian_side_company_by_way_of_fen_isleri(text: str) -> None:
    answer = ask(text)
    assert (answer.body, answer.body_is_public, answer.liaison) == ("ayedas", False, "fen-isleri")
    assert answer.responsible == "fen-isleri"
    assert not answer.needs_choice


@pytest.mark.parametrize(
    "text", ["Park lambası yanmıyor", "Parkın içindeki lambalar yanmıyor", "PARKIMIZDA AYDINLATMA yok"]
)
def test_a_park_lamp_is_the_own_municipality_s(text: str) -> None:
    answer = ask(text)
    assert (answer.responsible, answer.body, answer.needs_choice) == ("park-ve-bahceler", None, False)


@pytest.mark.parametrize(
    "text", ["gürültü", "GÜRÜLTÜ var", "kaldırımda gürültü yapıyorlar", "inşaatın gürültüsü"]
)
def test_noise_is_never_settled_silently(text: str) -> None:
    answer = ask(text)
    assert answer.responsible is None
    assert answer.needs_choice
    assert {"zabita", IKLIM, "yapi-kontrol"} <= set(answer.candidates)


def test_whoever_is_chosen_has_the_others_as_collaborators() -> None:
    answer = ask("gürültü")
    assert answer.candidates == ("zabita", IKLIM, "yapi-kontrol")
    assert answer.collaborators("yapi-kontrol") == ("zabita", IKLIM)


@pytest.mark.parametrize("code", [row["code"] for row in rows("categories") if row["is_ambiguous"] == "yes"])
def test_an_ambiguous_category_needs_a_person_also_when_it_was_chosen(code: str) -> None:
    answer = ask("", category=code)
    assert answer.responsible is None
    assert answer.needs_choice


@pytest.mark.parametrize(
    "text", ["moloz dökmüşler", "rampa yapılsın", "zamansız çöp atıyorlar", "su sızıntısı var"]
)
def test_what_the_municipality_s_own_list_leaves_open_stays_open(text: str) -> None:
    answer = ask(text)
    assert answer.needs_choice
    assert len(answer.candidates) + (answer.body is not None) >= 2


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Su borusu patladı", "iski"),
        ("rögar kapağı kırık", "iski"),
        ("kanalizasyon taştı", "iski"),
        ("trafik ışıkları yanmıyor", "ibb"),
        ("otobüs gelmiyor", "ibb"),
        ("mezarlığın duvarı", "ibb"),
        ("itfaiye gelmedi", "ibb"),
        ("sokakta kavga var", "acil-cagri-112"),
    ],
)
def test_another_public_body_s_matter_is_forwarded_and_nobody_here_is_responsible(
    text: str, body: str
) -> None:
    answer = ask(text)
    assert (answer.body, answer.body_is_public, answer.responsible) == (body, True, None)
    assert not answer.needs_choice


@pytest.mark.parametrize(
    ("text", "body"),
    [("gaz kokusu geliyor", "igdas"), ("doğal gazımız yok", "igdas"), ("fiber gelmedi", "turk-telekom")],
)
def test_a_private_company_is_followed_through_its_liaison(text: str, body: str) -> None:
    answer = ask(text)
    assert (answer.body, answer.body_is_public, answer.responsible) == (body, False, "fen-isleri")


@pytest.mark.parametrize(
    ("text", "department"),
    [
        ("asfalt çöktü", "fen-isleri"), ("kaldırım taşları", "fen-isleri"), ("ızgara tıkalı", "fen-isleri"),
        ("kasis istiyoruz", "fen-isleri"), ("karlar küreniyor mu, kar küreme", "fen-isleri"),
        ("ağaç dalları", "park-ve-bahceler"), ("salıncak kırık", "park-ve-bahceler"),
        ("çöpler toplanmıyor", "temizlik-isleri"), ("konteynerimiz yok", "temizlik-isleri"),
        ("sokak yıkansın", "temizlik-isleri"),
        ("kaldırım işgali", "zabita"), ("seyyar satıcılar", "zabita"), ("dilenciler", "zabita"),
        ("pazar yerinde", "zabita"), ("hurda araç", "zabita"),
        ("kötü kokuyor", IKLIM), ("atık yağ", IKLIM),
        ("kaçak kat çıkıyorlar", "yapi-kontrol"), ("metruk bina", "yapi-kontrol"),
        ("şantiyede", "yapi-kontrol"),
        ("numarataj", "plan-ve-proje"), ("kentsel dönüşüm", "plan-ve-proje"),
        ("sokak tabelası", "plan-ve-proje"),
        ("ruhsatsız çalışıyor", "ruhsat-ve-denetim"), ("bozuk gıda", "ruhsat-ve-denetim"),
        ("başıboş köpeği alın", "saglik-isleri"), ("ilaçlama", "saglik-isleri"),
        ("hasta nakli", "saglik-isleri"),
        ("sosyal yardım", "sosyal-destek-hizmetleri"), ("emlak vergisi", "mali-hizmetler"),
        ("muhtarımız", "muhtarlik-isleri"), ("taziye", "muhtarlik-isleri"),
    ],
)  # fmt: skip
def test_the_routing_table_of_the_handbook(text: str, department: str) -> None:
    answer = ask(text, place="Enderun Cad. No: 2")
    assert (answer.responsible, answer.body, answer.needs_choice) == (department, None, False)


@pytest.mark.parametrize(
    "place", ["Demokrasi Caddesi", "DEMOKRASİ CAD. No: 5/3", "demokrasi cd", "Demokrasi caddesinde"]
)
def test_a_hole_in_a_main_artery_is_the_metropolitan_municipality_s(place: str) -> None:
    answer = ask("Asfaltta çukur var", place=place)
    assert (answer.body, answer.responsible, answer.on_main_artery) == ("ibb", None, True)


def test_the_same_hole_elsewhere_is_fen_isleri_s() -> None:
    answer = ask("Asfaltta çukur var", place="Gül Sokak No: 3")
    assert (answer.body, answer.responsible, answer.on_main_artery) == (None, "fen-isleri", False)
    assert not answer.needs_road_class


def test_a_hole_without_a_place_asks_which_road() -> None:
    assert ask("Asfaltta çukur var").needs_road_class
    assert not ask("köpekler").needs_road_class


def test_the_artery_may_stand_in_the_text() -> None:
    assert ask("Demokrasi caddesindeki asfalt bozuk").body == "ibb"


@pytest.mark.parametrize("text", ["kaldırım işgali", "park lambası yanmıyor", "çöpler toplanmıyor"])
def test_not_everything_on_a_main_artery_is_a_matter_of_the_road(text: str) -> None:
    assert ask(text, place="Demokrasi Caddesi").body is None


@pytest.mark.parametrize(
    "place", ["Demokrasi Sokak", "Fatih Mahallesi", "Şile Sokak", "Osmangazi Mah. Gül Sk.", ""]
)
def test_a_road_that_only_shares_a_word_is_no_main_artery(place: str) -> None:
    assert not is_main_artery(place, catalogue().arteries)


def test_a_chosen_category_wins_over_the_words() -> None:
    answer = ask("lamba köpek çöp", category="asfalt-bozuklugu", place="Gül Sokak")
    assert answer.categories == ("asfalt-bozuklugu",)
    assert answer.responsible == "fen-isleri"


def test_the_longer_phrase_is_the_better_guess_and_the_others_follow() -> None:
    assert ask("parkın lambası").categories[0] == "park-aydinlatmasi"
    assert "sokak-aydinlatmasi" in ask("parkın lambası").categories


def test_two_equally_good_categories_with_different_ways_need_a_person() -> None:
    two = Catalogue(
        (CategoryRow("a", "A", ("x",), keywords=("elma",)), CategoryRow("b", "B", ("y",), keywords=("ayva",)))
    )
    answer = suggest("elma ile ayva", two)
    assert (answer.responsible, answer.candidates, answer.needs_choice) == (None, ("x", "y"), True)


def test_two_equally_good_categories_of_the_same_department_are_clear() -> None:
    two = Catalogue(
        (CategoryRow("a", "A", ("x",), keywords=("elma",)), CategoryRow("b", "B", ("x",), keywords=("ayva",)))
    )
    assert suggest("elma ile ayva", two).responsible == "x"


@pytest.mark.parametrize("text", ["", "\x00", "🙂", "qwerty zxcv", "' OR 1=1 --"])
def test_an_unknown_text_proposes_nothing(text: str) -> None:
    answer = ask(text)
    assert answer == Suggestion()
    assert answer.needs_choice


@pytest.mark.parametrize("word", ["a", "kaldırım", "şile"])
def test_a_longer_text_costs_in_proportion(word: str) -> None:
    """Anybody who is signed in may ask for dozens of the greatest length in one request."""
    known = catalogue()

    def cost(length: int) -> float:
        text, spent = (f"{word} " * length)[:length], []
        for _again in range(3):
            before = time.process_time()
            suggest(text, known)
            spent.append(time.process_time() - before)
        return min(spent)

    assert cost(20_000) < 24 * cost(2_500)  # 8 times the text; 64 times the cost if it were squared


@given(st.text(st.sampled_from("lambaçöp gürültşikoy .'\x00\ud800")), st.text(max_size=20))
def test_a_proposal_never_contradicts_itself(text: str, place: str) -> None:
    answer = ask(text, place=place)
    assert answer.responsible is None or answer.candidates == (answer.responsible,)
    assert not (answer.is_ambiguous and answer.responsible)
    assert answer.body != "bedas"
