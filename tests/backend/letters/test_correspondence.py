"""The law of official correspondence: muhatap, closing, ilgi, dağıtım, sayı (acceptance cases 18 to 20)."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import pytest

from backend.core.words.text import tr_upper
from backend.letters.choices import AddresseeKind, Capacity, Kind, Office, Purpose
from backend.letters.law import addressing, numbers, references
from backend.letters.law.addressing import addressed, distribution, full_name, muhatap
from backend.letters.law.articles import ARZ, ARZ_VE_RICA, RICA, SAYGI
from backend.letters.law.closing import formula_of, propose
from backend.letters.law.grammar import dative, genitive, genitive_of_person, yours
from backend.letters.law.parts import Addressee, Draft, Reference, Signatory
from backend.organization import reference

BODY, COMPANY, DEPARTMENT, PERSON = (
    AddresseeKind.BODY,
    AddresseeKind.COMPANY,
    AddresseeKind.DEPARTMENT,
    AddresseeKind.PERSON,
)
KNOWN = {
    "İSKİ": "İstanbul Su ve Kanalizasyon İdaresi Genel Müdürlüğü",
    "İBB": "İstanbul Büyükşehir Belediyesi Başkanlığı",
    "Kaymakamlık": "Sancaktepe Kaymakamlığı",
}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sancaktepe Kaymakamlığı", "Sancaktepe Kaymakamlığına"),
        ("İstanbul Valiliği", "İstanbul Valiliğine"),
        ("Fen İşleri Müdürlüğü", "Fen İşleri Müdürlüğüne"),
        ("İstanbul Büyükşehir Belediyesi Başkanlığı", "İstanbul Büyükşehir Belediyesi Başkanlığına"),
        ("İçişleri Bakanlığı", "İçişleri Bakanlığına"),
        ("Sancaktepe Müftülüğü", "Sancaktepe Müftülüğüne"),
        ("Kadıköy Belediyesi", "Kadıköy Belediyesine"),
        ("Sosyal Yardımlaşma ve Dayanışma Vakfı", "Sosyal Yardımlaşma ve Dayanışma Vakfına"),
        ("Rumeli Kültür Derneği", "Rumeli Kültür Derneğine"),
        ("Sancaktepe Muhtarlar Birliği", "Sancaktepe Muhtarlar Birliğine"),
        ("İstanbul Ticaret Odası", "İstanbul Ticaret Odasına"),
        ("Türkiye Radyo Televizyon Kurumu", "Türkiye Radyo Televizyon Kurumuna"),
        ("Emniyet Genel Müdürlüğü", "Emniyet Genel Müdürlüğüne"),
        ("Çınar İlkokulu", "Çınar İlkokuluna"),
        ("Teftiş Kurulu", "Teftiş Kuruluna"),
        ("Belediye Meclisi", "Belediye Meclisine"),
        ("Marmara Üniversitesi Rektörlüğü", "Marmara Üniversitesi Rektörlüğüne"),
        ("Gaz Dağıtım Anonim Şirketi", "Gaz Dağıtım Anonim Şirketine"),
        ("Kaymakamlık", "Kaymakamlığa"),
        ("Başkanlık", "Başkanlığa"),
        ("Rektörlük", "Rektörlüğe"),
        ("Belediye", "Belediyeye"),
        ("Kütüphane", "Kütüphaneye"),
        ("Banka", "Bankaya"),
        ("Holding", "Holdinge"),
        ("Yılmaz İnşaat", "Yılmaz İnşaata"),
        ("Demir Sanayi", "Demir Sanayiye"),
        ("Uluslararası Festival", "Uluslararası Festivale"),
        ("KAYMAKAMLIĞI", "KAYMAKAMLIĞINA"),
        ("VALİLİĞİ", "VALİLİĞİNE"),
        ("Sancaktepe Su", "Sancaktepe Suya"),
        ("SANCAKTEPE SU", "SANCAKTEPE SUYA"),
        ("Tarım Kredi", "Tarım Krediye"),
        ("İstanbul Enerji", "İstanbul Enerjiye"),
        ("Anadolu Teknoloji", "Anadolu Teknolojiye"),
        ("Köy Evi", "Köy Evine"),
        ("İGDAŞ", "İGDAŞ’a"),
        ("AYEDAŞ", "AYEDAŞ’a"),
        ("İSKİ", "İSKİ’ye"),
        ("TRT", "TRT’ye"),
        ("İETT", "İETT’ye"),
        ("İSPARK", "İSPARK’a"),
        ("Türk Telekom", "Türk Telekoma"),
        ("Demir Yapı A.Ş.", "Demir Yapı A.Ş.ne"),
        ("Işıl Ltd. Şti.", "Işıl Ltd. Şti.ne"),
        ("", ""),
    ],
)
def test_whom_a_letter_goes_to_has_the_right_ending(name: str, expected: str) -> None:
    assert dative(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sancaktepe Kaymakamlığı", "Sancaktepe Kaymakamlığının"),
        ("İstanbul Valiliği", "İstanbul Valiliğinin"),
        ("Fen İşleri Müdürlüğü", "Fen İşleri Müdürlüğünün"),
        ("Teftiş Kurulu", "Teftiş Kurulunun"),
        ("Kaymakamlık", "Kaymakamlığın"),
        ("Belediye", "Belediyenin"),
        ("Holding", "Holdingin"),
        ("Sancaktepe Su", "Sancaktepe Suyun"),
        ("Tarım Kredi", "Tarım Kredinin"),
        ("İGDAŞ", "İGDAŞ’ın"),
        ("SGK", "SGK’nin"),
        ("Demir Yapı A.Ş.", "Demir Yapı A.Ş.nin"),
    ],
)
def test_whose_letter_it_was_has_the_right_ending(name: str, expected: str) -> None:
    assert genitive(name) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ayşe IŞIK", "Ayşe IŞIK’ın"),
        ("Ali ÖZDEMİR", "Ali ÖZDEMİR’in"),
        ("Can KAYA", "Can KAYA’nın"),
        ("Efe GÜL", "Efe GÜL’ün"),
        ("Ali MERAL", "Ali MERAL’in"),
        ("Ece NİHAL", "Ece NİHAL’in"),
        ("Can İDEAL", "Can İDEAL’in"),
        ("Naz CEMAL", "Naz CEMAL’in"),
        ("Su KEMÂL", "Su KEMÂL’in"),
        ("Oya RESUL", "Oya RESUL’ün"),
        ("Ece ÜNAL", "Ece ÜNAL’ın"),
        ("Can VURAL", "Can VURAL’ın"),
        ("Efe BİROL", "Efe BİROL’un"),
        ("Ali KURT", "Ali KURT’un"),
        ("Ali SU", "Ali SU’nun"),
    ],
)
def test_a_person_keeps_their_letters(name: str, expected: str) -> None:
    assert genitive_of_person(name) == expected


@pytest.mark.parametrize(
    ("relative", "said"),
    [
        ("baba", "babanız"),
        ("Anne", "Anneniz"),
        ("eş", "eşiniz"),
        ("oğul", "oğlunuz"),
        ("kız", "kızınız"),
        ("kardeş", "kardeşiniz"),
        ("çocuk", "çocuğunuz"),
        ("evlat", "evladınız"),
        ("dayı", "dayınız"),
        ("kıymetli baba", "kıymetli babanız"),
        ("annesi", "anneniz"),
        ("eşi", "eşiniz"),
        ("oğlu", "oğlunuz"),
        ("Dayısı", "Dayınız"),
        ("babanız", "babanız"),
        ("komşumuz", "komşumuz"),
        ("", ""),
    ],
)
def test_a_relative_is_named_as_one_speaks_to_the_bereaved(relative: str, said: str) -> None:
    assert yours(relative) == said


def test_the_ending_of_a_name_is_the_same_in_capitals() -> None:
    names = [row["name"] for name in ("bodies", "departments") for row in _rows(name)]
    assert len(names) > 20
    for name in names:
        assert dative(tr_upper(full_name(name))) == tr_upper(dative(full_name(name))), name
        assert genitive(tr_upper(full_name(name))) == tr_upper(genitive(full_name(name))), name


def _rows(name: str) -> list[dict[str, str]]:
    file = Path(reference.__file__).parent / "data" / f"{name}.csv"
    return list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))


# -- case 20 -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("addressee", "expected"),
    [
        (Addressee(BODY, "Sancaktepe Kaymakamlığı"), ["SANCAKTEPE KAYMAKAMLIĞINA"]),
        (Addressee(BODY, "T.C. İstanbul Valiliği"), ["İSTANBUL VALİLİĞİNE"]),
        (
            Addressee(BODY, "İSKİ Genel Müdürlüğü"),
            ["İSTANBUL SU VE KANALİZASYON İDARESİ GENEL MÜDÜRLÜĞÜNE"],
        ),
        (Addressee(BODY, "İSKİ"), ["İSTANBUL SU VE KANALİZASYON İDARESİ GENEL MÜDÜRLÜĞÜNE"]),
        (
            Addressee(BODY, "İBB", unit="Ulaşım Daire Başkanlığı"),
            ["İSTANBUL BÜYÜKŞEHİR BELEDİYESİ BAŞKANLIĞINA", "(Ulaşım Daire Başkanlığı)"],
        ),
        (
            Addressee(COMPANY, "İstanbul Gaz Dağıtım Sanayi ve Ticaret A.Ş."),
            ["İSTANBUL GAZ DAĞITIM SANAYİ VE TİCARET ANONİM ŞİRKETİNE"],
        ),
        (Addressee(COMPANY, "Işıl Tic. Ltd. Şti."), ["IŞIL TİCARET LİMİTED ŞİRKETİNE"]),
        (Addressee(DEPARTMENT, "Fen İşleri Müdürlüğü"), ["FEN İŞLERİ MÜDÜRLÜĞÜNE"]),
        (Addressee(PERSON, "Ayşe", surname="Işık"), ["Sayın Ayşe IŞIK"]),
        (Addressee(PERSON, "Ali Yiğit"), ["Sayın Ali YİĞİT"]),
        (Addressee(AddresseeKind.MAYORALTY, "Başkanlık"), ["BAŞKANLIK MAKAMINA"]),
    ],
)
def test_the_addressee_stands_in_capitals_with_its_ending_and_without_abbreviation(
    addressee: Addressee, expected: list[str]
) -> None:
    assert addressed(addressee, KNOWN) == expected


def test_an_abbreviation_is_named() -> None:
    assert addressing.abbreviations("İSKİ Genel Müdürlüğü", KNOWN) == ["İSKİ"]
    assert addressing.abbreviations("Işıl Tic. Ltd. Şti.") == ["Tic.", "Ltd.", "Şti."]
    assert addressing.abbreviations("SANCAKTEPE KAYMAKAMLIĞI") == []
    assert addressing.abbreviations("Karayolları Genel Müdürlüğü 1. Bölge Müdürlüğü") == []


def test_several_addressees_stand_in_the_distribution_in_protocol_order() -> None:
    several = [
        Addressee(PERSON, "Ayşe", "Işık", purpose=Purpose.INFORMATION),
        Addressee(DEPARTMENT, "Zabıta Müdürlüğü", rank=2),
        Addressee(DEPARTMENT, "Fen İşleri Müdürlüğü", rank=1),
        Addressee(BODY, "Sancaktepe Kaymakamlığı", rank=2, purpose=Purpose.INFORMATION),
        Addressee(BODY, "İstanbul Valiliği", rank=1, purpose=Purpose.INFORMATION),
    ]
    assert muhatap(several) == ["DAĞITIM YERLERİNE"]
    assert distribution(several) == {
        Purpose.ACTION: ["Fen İşleri Müdürlüğüne", "Zabıta Müdürlüğüne"],
        Purpose.INFORMATION: ["İstanbul Valiliğine", "Sancaktepe Kaymakamlığına", "Sayın Ayşe IŞIK"],
    }
    assert distribution(several[:1]) == {}


# -- case 18 -------------------------------------------------------------------------------------------------
MAYOR = Signatory("Alper Yeğin", "Belediye Başkanı", Office.MAYOR)
HEAD = Signatory("Selin Ak", "Özel Kalem Müdürü", Office.HEAD)
FOR_MAYOR = Signatory("Selin Ak", "Özel Kalem Müdürü", Office.HEAD, Capacity.ON_BEHALF, Office.MAYOR)
ACTING_HEAD = Signatory("Ali Can", "Özel Kalem Müdürü V.", Office.HEAD, Capacity.ACTING, Office.HEAD)
KAYMAKAM = Addressee(BODY, "Sancaktepe Kaymakamlığı")
FEN = Addressee(DEPARTMENT, "Fen İşleri Müdürlüğü")
IGDAS = Addressee(COMPANY, "İGDAŞ A.Ş.")
AYSE = Addressee(PERSON, "Ayşe", "Yılmaz")


@pytest.mark.parametrize(
    ("signatory", "addressees", "expected"),
    [
        (MAYOR, [KAYMAKAM], ARZ),
        (MAYOR, [Addressee(BODY, "İSKİ")], ARZ),
        (MAYOR, [FEN], RICA),
        (HEAD, [FEN], ARZ),
        (FOR_MAYOR, [FEN], RICA),
        (ACTING_HEAD, [FEN], ARZ),
        (MAYOR, [IGDAS], RICA),
        (MAYOR, [KAYMAKAM, FEN], ARZ_VE_RICA),
        (MAYOR, [FEN, IGDAS], RICA),
        (MAYOR, [AYSE], SAYGI),
        (MAYOR, [AYSE, FEN], RICA),
        (HEAD, [Addressee(AddresseeKind.MAYORALTY, "Başkanlık Makamı")], ARZ),
        (Signatory("İlker Ünal", "Başkan Yardımcısı", Office.DEPUTY_MAYOR), [FEN], RICA),
        (MAYOR, [], ARZ),
    ],
)
def test_the_closing_follows_from_whose_rank_signs_and_who_is_addressed(
    signatory: Signatory, addressees: list[Addressee], expected: str
) -> None:
    proposed = propose(signatory, addressees)
    assert proposed.text == expected
    assert proposed.reasons
    assert proposed.article == "m. 16/12"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gereğini arz ederim.", ARZ),
        ("Bilgilerinizi ve gereğini rica ederim.", RICA),
        ("Gereğini arz ve rica ederim.", ARZ_VE_RICA),
        ("GEREĞİNİ ARZ EDERİM.", ARZ),
        ("Saygılarımla.", SAYGI),
        ("İyi dileklerimle.", SAYGI),
        ("Bilgilerinize sunulur.", SAYGI),
        ("Arz ederim ki bu iş uzadı.", ""),
        ("Park yapıldı.", ""),
        ("", ""),
    ],
)
def test_the_closing_of_a_text_is_recognised(text: str, expected: str) -> None:
    assert formula_of(text) == expected


# -- ilgi ----------------------------------------------------------------------------------------------------
def test_references_stand_in_order_of_date_with_turkish_letters() -> None:
    four = [
        Reference(dt.date(2026, 11, 12), "E-24312041-702.03-4", is_ours=True),
        Reference(dt.date(2026, 11, 2), "E-11111111-010-1", author="Sancaktepe Kaymakamlığı"),
        Reference(dt.date(2026, 11, 20), "", author="Ayşe Işık", is_person=True, what="dilekçe"),
        Reference(dt.date(2026, 11, 14), "E-22222222-010-7"),
    ]
    assert references.lines(four) == [
        ("a", "Sancaktepe Kaymakamlığının 02.11.2026 tarihli ve E-11111111-010-1 sayılı yazısı."),
        ("b", "12.11.2026 tarihli ve E-24312041-702.03-4 sayılı yazımız."),
        ("c", "14.11.2026 tarihli ve E-22222222-010-7 sayılı yazınız."),
        ("ç", "Ayşe IŞIK’ın 20.11.2026 tarihli dilekçesi."),
    ]
    assert references.lines(four[:1]) == [("", "12.11.2026 tarihli ve E-24312041-702.03-4 sayılı yazımız.")]
    assert (
        references.line(Reference(dt.date(2026, 11, 1), what="dilekçe")) == "01.11.2026 tarihli dilekçeniz."
    )


# -- case 19: sayı -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "number", ["E-24312041-702.03-1", "Z-24312041-010-77", "O-24312041-702.03.01.05-1234", "E-24312041-702-1"]
)
def test_a_number_of_the_right_form(number: str) -> None:
    assert numbers.faulty(number) == ""


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("24312041-702.03-1", "E, Z veya O"),
        ("E-2431204-702.03-1", "sekiz"),
        ("E-24312041-702.3-1", "702.03"),
        ("E-24312041-702.03-", "rakam"),
        ("X-24312041-702.03-1", "E, Z veya O"),
        ("", "E, Z veya O"),
        ("E-24312041-702.03-1\n", "rakam"),
        ("E-24312041-702.03-١", "rakam"),
        ("E-2431204१-702.03-1", "sekiz"),
    ],
)
def test_what_is_wrong_with_a_number_is_said(number: str, told: str) -> None:
    assert told in numbers.faulty(number)


def test_a_number_is_composed_or_refused() -> None:
    assert numbers.compose("E", "24312041", "702.03", 1) == "E-24312041-702.03-1"
    with pytest.raises(ValueError):
        numbers.compose("E", "2431", "702.03", 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Toplam 12500 lira ödenmiştir.", [("12500", "12.500")]),
        ("1234567 adet", [("1234567", "1.234.567")]),
        ("Yol 3.5 metre genişletildi.", [("3.5", "3,5")]),
        ("2026 yılında 5393 sayılı Kanun", []),
        ("12.500 lira ve 3,5 metre", []),
        ("21.08.2026 tarihli ve E-24312041-702.03-12345 sayılı", []),
        ("Tel: 02163111111, 0216 311 11 11", []),
        ("1234 sayılı karar, ada no: 4567", []),
        ("Nüfus 4500 kişidir.", [("4500", "4.500")]),
    ],
)
def test_numbers_in_a_text_are_grouped(text: str, found: list[tuple[str, str]]) -> None:
    assert list(numbers.ungrouped(text)) == found


def test_dates_in_both_forms() -> None:
    day = dt.date(2019, 8, 21)
    assert (numbers.short_date(day), numbers.long_date(day)) == ("21.08.2019", "21 Ağustos 2019")
    assert numbers.says_date("En geç 21 Ağustos 2019 tarihine kadar", day)
    assert not numbers.says_date("22.08.2019", day)


def test_a_congratulation_to_a_body_takes_the_official_form() -> None:
    assert Draft(Kind.CONGRATULATION, addressees=[AYSE]).form == "PERSONAL"
    assert Draft(Kind.CONGRATULATION, addressees=[KAYMAKAM]).form == "OFFICIAL"
    assert Draft(Kind.OFFICIAL, addressees=[AYSE]).form == "OFFICIAL"
