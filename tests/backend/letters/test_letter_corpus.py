"""A corpus of sentences and letters, right and wrong: what the checker says of each, and what it does not say.

Each line has the article it stands for (m.: Resmî Yazışma Yönetmeliği; Kılavuz: its guide; TDK: Yazım Kılavuzu, which
m. 16 makes the rule), what is written, and the codes of what is to be said: none where nothing is.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from freezegun import freeze_time

from backend.core.session import system
from backend.letters import library
from backend.letters.choices import AddresseeKind, Kind, Office, PhrasePart
from backend.letters.law.addressing import addressed
from backend.letters.law.checker import faults
from backend.letters.law.parts import Addressee, Draft, Reference, Signatory
from backend.letters.law.wording import SAYS, Phrase
from backend.organization.models import OutsideBody
from backend.organization.reference import load
from tests.cast import Cast

MAYOR = Signatory("Alper Yeğin", "Belediye Başkanı", Office.MAYOR)
KAYMAKAM = Addressee(AddresseeKind.BODY, "Sancaktepe Kaymakamlığı", is_superior=True)
FEN = Addressee(AddresseeKind.DEPARTMENT, "Fen İşleri Müdürlüğü")
AYSE = Addressee(AddresseeKind.PERSON, "Ayşe", "Işık")
LETTER = Draft(
    subject="Park Talebi",
    addressees=[KAYMAKAM],
    body="Emek Mahallesinde park yapılmıştır.",
    closing="Gereğini arz ederim.",
    signatory=MAYOR,
)
ONE = [Reference(dt.date(2026, 11, 2), "E-11111111-010-1")]
TWO = [*ONE, Reference(dt.date(2026, 11, 5), "E-22222222-010-7")]
PETITION = [Reference(dt.date(2026, 11, 2), author="Ayşe Işık", is_person=True, what="dilekçe")]

NUMBER, CLOCK, APOSTROPHE = "number_grouping", "time_colon", "body_apostrophe"

# An article, a sentence, and what is said of it.
TEXTS: list[tuple[str, str, list[str]]] = [
    # -- numbers that are no quantities: nothing is said ------------------------------------------------------
    ("TDK saat", "Toplantı 01.12.2026 tarihinde saat 14.30’da yapılacaktır.", []),
    ("TDK saat", "Program 09.30 ile 11.00 saatleri arasında uygulanacaktır.", []),
    ("TDK saat", "Yol 22.00-06.00 saatlerinde trafiğe kapatılacaktır.", []),
    ("m. 16", "5393 ve 5216 sayılı kanunlar uyarınca işlem yapılmıştır.", []),
    ("m. 16", "5393, 5216 ve 3194 sayılı Kanun hükümleri saklıdır.", []),
    ("m. 16", "4982 sayılı Kanunun 13 üncü maddesi uyarınca bilgi edinilmiştir.", []),
    ("m. 16", "6698 sayılı Kanun ile 3071 sayılı Kanun birlikte değerlendirilmiştir.", []),
    ("m. 16", "2026/1453 esas sayılı dosya incelenmiştir.", []),
    ("m. 16", "1234. Sok. No: 5678 adresindeki çukur kapatılmıştır.", []),
    ("m. 16", "Emek Mahallesi 2045. Sokak 12 numarada çalışma yapılmıştır.", []),
    ("m. 16", "34 ABC 1234 plakalı araç çekilmiştir.", []),
    ("m. 16", "34 SNC 4567 araç listeye alınmıştır.", []),
    ("m. 16", "0216 622 33 33 numaralı telefondan bilgi alınabilir.", []),
    ("m. 16", "Telefon: 02166223333, dahili 4100.", []),
    ("m. 16", "12345678950 T.C. kimlik numaralı Ayşe IŞIK’ın talebi incelenmiştir.", []),
    ("m. 16", "T.C. Kimlik No: 12345678950 olan talep sahibine yardım yapılmıştır.", []),
    ("m. 16", "1453 ada 12 parselde kayıtlı taşınmaz incelenmiştir.", []),
    ("m. 16", "Ada 7012, parsel 1045 üzerindeki yapı incelenmiştir.", []),
    ("m. 16", "34885 Sancaktepe/İstanbul adresine tebligat yapılmıştır.", []),
    ("m. 16", "2026 Yıllık Faaliyet Raporu hazırlanmıştır.", []),
    ("m. 16", "2025 ve 2026 yıllarında çalışma yapılmıştır.", []),
    ("m. 16", "Encümenin 12.11.2026 tarihli ve 1187 sayılı kararı uygulanmıştır.", []),
    ("m. 16", "Şartnamenin 4.1 ve 4.12 maddeleri uygulanmıştır.", []),
    ("m. 16", "TR12 0001 0012 3456 7890 1234 56 numaralı hesaba yatırılmıştır.", []),
    ("m. 16", "Nüfus 4.500 kişi, yol 3,5 metre, oran %12,5 olarak hesaplanmıştır.", []),
    # -- quantities that are written wrongly ------------------------------------------------------------------
    ("m. 16", "Toplam 12500 lira ödenmiştir.", [NUMBER]),
    ("m. 16", "Park için 1234567 TL harcanmıştır.", [NUMBER]),
    ("m. 16", "Nüfus 4500 kişidir.", [NUMBER]),
    ("m. 16", "Salon 1500-2500 kişiliktir.", [NUMBER, NUMBER]),
    ("m. 16", "Yol 3.5 metre genişletilmiştir.", [NUMBER]),
    ("m. 16", "Bütçe 2.5 milyon liradır.", [NUMBER]),
    ("m. 16", "Katılım yüzde 12.5 artmıştır.", [NUMBER]),
    ("m. 16", "Bedel 12500.50 liradır.", [NUMBER]),
    # -- times with a colon -----------------------------------------------------------------------------------
    ("TDK saat", "Toplantı saat 14:30’da yapılacaktır.", [CLOCK]),
    ("TDK saat", "Program 9:30 ile 11:00 arasında uygulanacaktır.", [CLOCK, CLOCK]),
    ("TDK saat", "1:500 ölçekli plan incelenmiştir.", []),
    # -- names of bodies and their endings --------------------------------------------------------------------
    ("Kılavuz 13.6.9.8", "Fen İşleri Müdürlüğü’nün raporu incelenmiştir.", [APOSTROPHE]),
    ("Kılavuz 13.6.9.8", "Sancaktepe Kaymakamlığı'na bilgi verilmiştir.", [APOSTROPHE]),
    ("Kılavuz 13.6.9.8", "Belediyemiz’in çalışmaları sürmektedir.", [APOSTROPHE]),
    ("Kılavuz 13.6.9.8", "İçişleri Bakanlığı’nca uygun görülmüştür.", [APOSTROPHE]),
    ("Kılavuz 13.6.9.8", "Fen İşleri Müdürlüğünün raporu incelenmiştir.", []),
    ("TDK kesme", "Atatürk Caddesi’nde ve Emek Parkı’nda çalışma yapılmıştır.", []),
    ("TDK kesme", "Ayşe IŞIK’ın talebi incelenmiştir.", []),
    ("TDK kesme", "İSKİ’ye ve İETT’ye bilgi verilmiştir.", []),
    # -- what is left to be filled in, what is spoken of and not there ----------------------------------------
    ("m. 16", "Sayın … ile [TARİH] günü görüşülmüştür.", ["placeholder"]),
    ("m. 18", "Ekte sunulan rapor incelenmiştir.", ["annex_missing"]),
    ("m. 15", "İlgi yazınızda belirtilen park yapılmıştır.", ["reference_unknown"]),
    ("Kılavuz 13.2", "İlgi’de kayıtlı yazınızda belirtilen park yapılmıştır.", ["reference_unknown"]),
    ("m. 15", "Park yoğun ilgi görmüştür; ilginize teşekkür edilir.", []),
    ("m. 15", "Vatandaşların ilgi alanına giren konular görüşülmüştür.", []),
]

# An article, what is changed on the letter, and what is said of it.
LETTERS: list[tuple[str, dict[str, Any], list[str]]] = [
    # -- İlgi -------------------------------------------------------------------------------------------------
    ("Kılavuz 13.2", {"references": ONE, "body": "İlgi’de kayıtlı yazınız incelenmiştir."}, []),
    ("Kılavuz 13.2", {"references": ONE, "body": "İlgi'de kayıtlı yazınız incelenmiştir."}, []),
    ("m. 15", {"references": ONE, "body": "İlgi yazınız incelenmiştir."}, []),
    ("m. 15", {"references": ONE, "body": "İlgide belirtilen husus incelenmiştir."}, []),
    ("m. 15", {"references": TWO, "body": "İlgi (a) ve (b) yazılar incelenmiştir."}, []),
    ("m. 15", {"references": PETITION, "body": "İlgi dilekçe incelenmiştir."}, []),
    ("m. 15", {"references": ONE}, ["reference_unused"]),
    ("m. 15", {"references": TWO, "body": "İlgi (c) incelenmiştir."}, ["reference_unknown"]),
    (
        "m. 15/6",
        {"references": [Reference(dt.date(2026, 11, 2), "1187")]},
        ["reference_short", "reference_unused"],
    ),
    (
        "m. 15/6",
        {"references": [Reference(dt.date(2026, 11, 2), "2026/55")], "body": "İlgi yazınız incelenmiştir."},
        ["reference_short"],
    ),
    (
        "m. 15/6",
        {"references": [Reference(dt.date(2026, 11, 2), what="yazı")], "body": "İlgi yazınız incelenmiştir."},
        ["reference_number"],
    ),
    (
        "m. 15/6",
        {
            "references": [Reference(dt.date(2026, 11, 2), "2026/55", author="Demir Yapı A.Ş.")],
            "body": "İlgi yazı incelenmiştir.",
        },
        [],
    ),
    (
        "m. 15/6",
        {
            "references": [Reference(dt.date(2015, 3, 2), "12345678-010.07-55")],
            "body": "İlgi yazınız incelenmiştir.",
        },
        [],
    ),
    # -- requests have a day, ACELE has none ------------------------------------------------------------------
    (
        "m. 33/1",
        {"body": "Konuya ilişkin bilgi ve belgelerin Başkanlığımıza gönderilmesi hususunda"},
        ["request_undated"],
    ),
    (
        "m. 33/1",
        {"addressees": [FEN], "body": "Park.", "closing": "Görüşünüzün bildirilmesini rica ederim."},
        ["request_undated"],
    ),
    (
        "m. 33/1",
        {
            "urgency": "GÜNLÜDÜR",
            "due_on": dt.date(2027, 1, 5),
            "body": "Bilgilerin 05.01.2027 tarihine kadar gönderilmesi hususunda",
        },
        [],
    ),
    ("m. 33/1", {"body": "Toplantıda bilgi verilmesi amacıyla sunum hazırlanmıştır."}, []),
    ("m. 33/1", {"addressees": [FEN], "closing": "Bilgi edinilmesini rica ederim."}, []),
    (
        "m. 33/1",
        {
            "kind": Kind.REMINDER,
            "addressees": [FEN],
            "references": ONE,
            "body": "İlgi yazımıza konu bilgilerin gönderilmesi hususunda",
            "closing": "Gereğini rica ederim.",
        },
        [],
    ),
    (
        "Kılavuz 23",
        {
            "urgency": "ACELE",
            "body": "Ekiplerin 05.01.2027 tarihine kadar görevlendirilmesi uygun olacaktır.",
        },
        ["urgent_dated"],
    ),
    (
        "Kılavuz 23",
        {"urgency": "ACELE", "body": "Ekiplerin en geç 5 Ocak 2027 günü görevlendirilmesi uygun olacaktır."},
        ["urgent_dated"],
    ),
    ("Kılavuz 23", {"urgency": "ACELE", "body": "20.11.2026 tarihli yağışta taşkın olmuştur."}, []),
    # -- muhatap: offices are written out, companies as they are registered -----------------------------------
    (
        "Kılavuz 11.4",
        {
            "addressees": [Addressee(AddresseeKind.COMPANY, "İstanbul Gaz Dağıtım Sanayi ve Ticaret A.Ş.")],
            "closing": "Gereğini rica ederim.",
        },
        [],
    ),
    (
        "Kılavuz 11.4",
        {"addressees": [Addressee(AddresseeKind.COMPANY, "AYEDAŞ")], "closing": "Gereğini rica ederim."},
        [],
    ),
    (
        "Kılavuz 11.4",
        {"addressees": [Addressee(AddresseeKind.BODY, "Sancaktepe İlçe Emn. Md.")]},
        ["addressee_short"],
    ),
    ("m. 14", {"addressees": [replace(KAYMAKAM, name="T.C. Sancaktepe Kaymakamlığı")]}, ["addressee_state"]),
    # -- kapanış ----------------------------------------------------------------------------------------------
    ("m. 16/12", {"closing": "Bilgilerini ve gereğini arz ederim."}, []),
    ("m. 16/12", {"closing": "Gereğini bilgilerinize arz ederim."}, []),
    ("m. 16/12", {"closing": "Bilgilerinize arz ederim."}, []),
    (
        "m. 16/12",
        {"addressees": [KAYMAKAM, FEN], "closing": "Gereğini arz/rica ederim."},
        ["closing_unapproved"],
    ),
    ("m. 16/12", {"addressees": [FEN], "closing": "Gereğini bilgilerinize rica ederim."}, []),
    ("m. 16/12", {"addressees": [FEN], "closing": "Gereğini arz ederim."}, ["closing_wrong"]),
    ("m. 16/12", {"closing": "Bilgilerinizi arz ederim."}, ["closing_information", "closing_unapproved"]),
    ("m. 16/12", {"closing": "Bilgilerinize ve gereğini arz ederim."}, ["closing_unapproved"]),
    ("m. 16/12", {"closing": "İyi çalışmalar."}, ["closing_missing"]),
    # -- olur -------------------------------------------------------------------------------------------------
    ("m. 20", {"kind": Kind.APPROVAL, "closing": "Olurlarınıza arz ederim."}, []),
    ("m. 20", {"kind": Kind.APPROVAL, "closing": "Gereğini arz ederim."}, ["approval_words"]),
]

CLOSINGS = [
    Phrase(PhrasePart.CLOSING, text.format(word), closing=SAYS[says])
    for says, word in (
        ("Arz ederim.", "arz ederim"),
        ("Rica ederim.", "rica ederim"),
        ("Arz ve rica ederim.", "arz ve rica ederim"),
    )
    for text in (
        "Gereğini {}.",
        "Bilgilerinize {}.",
        "Bilgilerini ve gereğini {}.",
        "Gereğini bilgilerinize {}.",
        "Bilgi edinilmesini {}.",
        "Görüşünüzün bildirilmesini {}.",
        "Olurlarınıza {}.",
    )
]


def test_the_corpus_is_large_and_each_line_names_its_article() -> None:
    assert len(TEXTS) + len(LETTERS) >= 80
    assert all(article for article, *_rest in (*TEXTS, *LETTERS))


@pytest.mark.parametrize(("article", "text", "codes"), TEXTS, ids=[text for _article, text, _codes in TEXTS])
@freeze_time("2026-11-25")
def test_a_sentence(article: str, text: str, codes: list[str]) -> None:
    assert [fault.code for fault in faults(replace(LETTER, body=text))] == codes, article


@pytest.mark.parametrize(("article", "changes", "codes"), LETTERS)
@freeze_time("2026-11-25")
def test_a_letter(article: str, changes: dict[str, Any], codes: list[str]) -> None:
    letter = replace(LETTER, **{"phrases": CLOSINGS, "closing": _fitting(changes), **changes})
    assert sorted(fault.code for fault in faults(letter)) == sorted(codes), article


def _fitting(changes: dict[str, Any]) -> str:
    return "Gereğini rica ederim." if changes.get("addressees") == [FEN] else LETTER.closing


def test_what_is_told_says_how_it_is_right() -> None:
    def remedy(text: str) -> str:
        (fault,) = faults(replace(LETTER, body=text))
        return fault.remedy

    assert "12.500,50" in remedy("Bedel 12500.50 liradır.")
    assert "2,5" in remedy("Bütçe 2.5 milyon liradır.")
    assert "09.30" in remedy("Toplantı 9:30’da yapılacaktır.")
    assert "Müdürlüğünün" in remedy("Fen İşleri Müdürlüğü’nün raporu incelenmiştir.")
    assert "Kaymakamlığa" in remedy("Kaymakamlık’a bilgi verilmiştir.")
    (unused,) = faults(replace(LETTER, references=ONE))
    assert "(a)" not in unused.remedy
    (unused,) = faults(replace(LETTER, references=TWO))
    assert "(a)" in unused.remedy


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("Merhumu mutlulukla andığımızı bilmenizi isterim.", [("mixed_occasion", False)]),
        ("Bayramınız kutlu olsun.", [("mixed_occasion", True)]),
        ("Kıymetli babanızın vefatını üzüntüyle öğrendim.", []),
    ],
)
def test_a_happy_memory_stops_no_condolence(body: str, codes: list[tuple[str, bool]]) -> None:
    """Custom of the office: no article."""
    letter = Draft(
        Kind.CONDOLENCE,
        addressees=[AYSE],
        salutation="Sayın Ayşe IŞIK,",
        body=body,
        closing="Saygılarımla.",
        signatory=MAYOR,
    )
    assert [(fault.code, fault.is_error) for fault in faults(letter)] == codes


def test_each_shipped_private_body_can_be_written_to_and_is_printed_with_its_whole_name(cast: Cast) -> None:
    """Kılavuz 11.4 speaks of idareler; a company's title is written as it is registered."""
    with system():
        load()
        known = dict(OutsideBody.objects.values_list("short_name", "name"))
        names = list(OutsideBody.objects.filter(is_public=False).values_list("short_name", "name"))
        closings = library.phrases()
    assert {"İGDAŞ", "AYEDAŞ", "BEDAŞ", "Türk Telekom"} <= {short for short, _name in names}
    for name in {name for both in names for name in both}:
        to = Addressee(AddresseeKind.COMPANY, name)
        letter = replace(
            LETTER, addressees=[to], closing="Gereğini rica ederim.", known_bodies=known, phrases=closings
        )
        assert faults(letter) == [], name
        (line,) = addressed(to, known)
        assert line.endswith(" ANONİM ŞİRKETİNE"), line
