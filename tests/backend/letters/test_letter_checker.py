"""The checker: every fault with its field, its article and what to do (acceptance case 21 and more)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from freezegun import freeze_time

from backend.letters.choices import AddresseeKind, Kind, Office, Purpose
from backend.letters.law.checker import errors, faults
from backend.letters.law.parts import Addressee, Annex, Draft, Reference, Signatory

MAYOR = Signatory("Alper Yeğin", "Belediye Başkanı", Office.MAYOR)
KAYMAKAM = Addressee(AddresseeKind.BODY, "Sancaktepe Kaymakamlığı", is_superior=True)
FEN = Addressee(AddresseeKind.DEPARTMENT, "Fen İşleri Müdürlüğü")
AYSE = Addressee(AddresseeKind.PERSON, "Ayşe", "Işık")
GOOD = Draft(
    subject="Park Talebi",
    addressees=[KAYMAKAM],
    body="Emek Mahallesinde yapılacak park için yer tahsisi talep edilmektedir.",
    closing="Gereğini arz ederim.",
    signatory=MAYOR,
)


def _codes(draft: Draft) -> list[str]:
    return [fault.code for fault in faults(draft)]


def test_a_good_letter_has_no_fault() -> None:
    assert _codes(GOOD) == []


def test_a_good_condolence_has_no_fault() -> None:
    letter = Draft(
        Kind.CONDOLENCE,
        addressees=[AYSE],
        salutation="Sayın Ayşe IŞIK,",
        body="Kıymetli babanızın vefatını derin üzüntüyle öğrendim. Merhuma Allah’tan rahmet, ailenize sabır dilerim.",
        closing="Saygılarımla.",
        signatory=MAYOR,
    )
    assert _codes(letter) == []


def test_a_sentence_in_lower_case_is_found_and_stops_no_signature() -> None:
    letter = replace(GOOD, body="Emek Sok. 3. kat için yer ayrılmıştır. işlem sürmektedir.")
    [fault] = faults(letter)
    assert (fault.code, fault.field, fault.is_error) == ("sentence_small", "body", False)
    assert "işlem" in fault.message
    assert "İşlem" in fault.remedy


# -- case 21 -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("changes", "code", "field", "article", "words"),
    [
        ({"subject": "Park talebi hakkında."}, "subject_stop", "subject", "m. 13", "nokta"),
        ({"confidentiality": "ÖZEL"}, "confidential_ozel", "confidentiality", "m. 25", "2022"),
        ({"urgency": "ACİL"}, "urgency_unknown", "urgency", "m. 26", "ACİL"),
        ({"urgency": "GÜNLÜDÜR"}, "dated_without_day", "due_on", "m. 26", "GÜNLÜDÜR"),
        (
            {"annexes": [Annex("Rapor", "3 sayfa", "HİZMETE ÖZEL")]},
            "confidential_annex",
            "confidentiality",
            "m. 25",
            "HİZMETE ÖZEL",
        ),
    ],
)
def test_the_five_faults_of_case_21(
    changes: dict[str, Any], code: str, field: str, article: str, words: str
) -> None:
    (fault,) = errors(replace(GOOD, **changes))
    assert (fault.code, fault.field, fault.article) == (code, field, article)
    assert words in fault.message
    assert fault.remedy


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"subject": ""}, ["subject_missing"]),
        ({"subject": "Park Yapım talebi"}, ["subject_capitals"]),
        ({"subject": "Park ve Bahçe İçin ISO 9001 Belgesi"}, ["subject_capitals"]),
        ({"subject": "Park ve Bahçe için ISO 9001 Belgesi"}, []),
        ({"subject": "Çok " * 40 + "Uzun"}, ["subject_long"]),
        ({"addressees": []}, ["addressee_missing"]),
        ({"addressees": [replace(KAYMAKAM, name="T.C. Sancaktepe Kaymakamlığı")]}, ["addressee_state"]),
        ({"body": ""}, ["body_missing"]),
        ({"closing": ""}, ["closing_missing"]),
        ({"closing": "Gereğini rica ederim."}, ["closing_wrong"]),
        ({"closing": "Bilgilerinizi arz ederim."}, ["closing_information"]),
        ({"closing": "Bilgilerinizi rica ederim."}, ["closing_information", "closing_wrong"]),
        ({"closing": "", "body": "Yer tahsisi yapılmıştır. Bilgilerinize arz ederim."}, []),
        ({"body": "İlgi yazıda belirtilen park yapılmıştır."}, ["reference_unknown"]),
        ({"references": [Reference(dt.date(2026, 11, 1), "E-11111111-010-1")]}, ["reference_unused"]),
        (
            {"references": [Reference(None, "E-11111111-010-1")], "body": "İlgi yazınız incelenmiştir."},
            ["reference_date"],
        ),
        (
            {"references": [Reference(dt.date(2026, 1, 1))], "body": "İlgi yazınız incelenmiştir."},
            ["reference_number"],
        ),
        (
            {
                "references": [Reference(dt.date(2026, 1, 1), "E-11111111-010-1")] * 2,
                "body": "İlgi (a) ve (c) incelenmiştir.",
            },
            ["reference_unknown"],
        ),
        ({"body": "Ekte sunulan rapor incelenmiştir."}, ["annex_missing"]),
        ({"annexes": [Annex("", "1 sayfa")]}, ["annex_untitled"]),
        ({"annexes": [Annex("Rapor")]}, ["annex_measure"]),
        ({"body": "Bedel 12500 liradır."}, ["number_grouping"]),
        ({"body": "Bedel {{ bedel }} liradır."}, ["placeholder"]),
        ({"body": "Sayın [AD SOYAD] ile görüşülmüştür."}, ["placeholder"]),
        ({"confidentiality": "GİZLİ"}, ["confidential_paper"]),
        ({"confidentiality": "GİZLİ", "medium": "Z"}, []),
        ({"confidentiality": "ÇOK ÖNEMLİ"}, ["confidential_unknown"]),
        ({"confidentiality": "hizmete özel", "annexes": [Annex("Rapor", "1 sayfa", "HİZMETE ÖZEL")]}, []),
        ({"annexes": [Annex("Rapor", "1 sayfa", "ÖZEL")]}, ["confidential_ozel"]),
        ({"urgency": "İVEDİ"}, ["urgency_unknown"]),
        ({"urgency": "ÇOK ACELE"}, ["urgency_unknown"]),
        ({"urgency": "ACELE"}, []),
        ({"urgency": "ACELE", "due_on": dt.date(2027, 1, 5)}, ["urgency_date"]),
        ({"urgency": "GÜNLÜDÜR", "due_on": dt.date(2027, 1, 5)}, ["dated_unsaid"]),
        (
            {
                "urgency": "GÜNLÜDÜR",
                "due_on": dt.date(2027, 1, 5),
                "body": "Cevabın 05.01.2027 tarihine kadar…",
            },
            [],
        ),
        (
            {"urgency": "GÜNLÜDÜR", "due_on": dt.date(2026, 1, 5), "body": "05.01.2026 tarihine kadar."},
            ["dated_past"],
        ),
        ({"signatory": None}, ["signatory_missing"]),
        ({"number": "E-24312041-702.03-1"}, ["number_early"]),
        ({"number": "E-2431-702.03-1", "is_registered": True}, ["number_wrong"]),
        ({"number": "E-24312041-702.03-1", "is_registered": True}, []),
        ({"kind": Kind.REPLY}, ["reply_reference"]),
        ({"kind": Kind.COVER}, ["cover_annex"]),
        ({"kind": Kind.REMINDER}, ["reminder_reference", "reminder_superior"]),
        (
            {"addressees": [replace(KAYMAKAM, purpose=Purpose.INFORMATION)] * 2},
            ["no_action"],
        ),
    ],
)
@freeze_time("2026-11-25")
def test_each_fault_is_found_and_nothing_else(changes: dict[str, Any], codes: list[str]) -> None:
    assert sorted(_codes(replace(GOOD, **changes))) == sorted(codes)


def test_an_approval_bears_its_words_and_no_urgency() -> None:
    olur = replace(GOOD, kind=Kind.APPROVAL, closing="Olurlarınıza arz ederim.")
    assert _codes(olur) == []
    assert _codes(replace(olur, urgency="ACELE")) == ["approval_urgent"]
    assert _codes(replace(olur, closing="Gereğini arz ederim.")) == ["approval_words"]


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        (Kind.CONDOLENCE, "Yeni görevinizi tebrik ederim.", True),
        (Kind.CONDOLENCE, "BAYRAMINIZ KUTLU OLSUN.", True),
        (Kind.CONDOLENCE, "Talebiniz incelenmiştir.", True),
        (Kind.CONDOLENCE, "Vefatını üzüntüyle öğrendim.", False),
        (Kind.CONGRATULATION, "Merhum babanız sizinle gurur duyardı.", True),
        (Kind.CONGRATULATION, "Görevinizi tebrik eder, başarılar dilerim.", False),
        (Kind.THANKS, "Acınızı paylaşırım.", True),
        (Kind.OFFICIAL, "Merhumun mirasçıları tebrik edilmiştir.", False),
    ],
)
def test_occasions_are_not_mixed(kind: str, text: str, found: bool) -> None:
    letter = Draft(
        kind,
        addressees=[AYSE],
        salutation="Sayın",
        subject="Konu",
        body=text,
        closing="Saygılarımla.",
        signatory=MAYOR,
    )
    assert ("mixed_occasion" in _codes(letter)) is found


def test_an_abbreviation_is_flagged_with_the_full_name() -> None:
    letter = replace(
        GOOD,
        addressees=[Addressee(AddresseeKind.BODY, "İSKİ Genel Müdürlüğü")],
        known_bodies={"İSKİ": "İstanbul Su ve Kanalizasyon İdaresi Genel Müdürlüğü"},
    )
    (fault,) = faults(letter)
    assert fault.code == "addressee_short"
    assert "İSTANBUL SU VE KANALİZASYON İDARESİ GENEL MÜDÜRLÜĞÜ" in fault.remedy


def test_all_faults_are_told_at_once() -> None:
    assert len(faults(Draft())) >= 4
