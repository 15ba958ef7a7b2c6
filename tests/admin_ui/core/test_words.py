"""One word for one thing, wherever people read Turkish: catalogues, mails, papers, reference data; one way to write a
time, made in one place."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from backend.core.localtime import ISTANBUL, clock_text, moment_text
from tests.admin_ui.core.test_language import ROOT, loaded

FORBIDDEN = {
    r"\b[Yy]anıt": "cevap",
    r"[öÖ]n izleme": "önizleme",
    r"işçi süre|[İi]şçi(?:si|yi)? yanıt|işleyici|arka plan iş": "arka plan hizmeti",
    r"\bmd\. ?\d|\bm\.\d": "m. 7",
    r"(?<![\dT:+])(?:[01]?\d|2[0-3]):[0-5]\d(?![:\d])": "09.30 (TDK)",
    r"Bilgi İşlem(?:['’]|den\b|e\b)": "Bilgi İşlem Müdürlüğünden, -ne",
    r"Özel Kalem['’]": "Özel Kalemin (Kılavuz 13.6.9.8)",
    r"\b[İi]vedi": "acil; yazıda ACELE, GÜNLÜDÜR",
    r"[hH]ukuki saklama": "hukuki bekletme",
    r"rütbe": "adına, makamın yetkisiyle",
    r"hikâye": "geçmiş",
    r"[Hh]arf harf": "kodu kontrol ediniz",
    r"tutulan gün": "özel gün",
    r"[Ll]ütfen[^.]*\b[Ll]ütfen": "bir kez lütfen",
    r"çizil(?:ecek|di|ir)": "önizleme yenilenir",
    r"yine borç|bir sondur|sizden çıktı": "ayrıca bildirilmelidir; sona erer; müdürlüğünüzden çıktı",
    r"bağlantı artık cevaplan|arife günüdür": "bağlantıdan cevap verilemez; bayram 13.00’te başlar",
    r"gerekçesiyle bildirilmiştir": "gerekçesi belirtilerek",
    r"Bilgilerinize ve gereğini": "Bilgilerini ve gereğini",
    r"\balın\.": "alınız",
}
"""What is not written -> what is."""

PLACES = ("backend/**/*.txt", "backend/**/*.typ", "backend/**/data/*.csv", "backend/**/data/**/*.toml")
MACHINES = {  # data for other programs and files of tables, which Excel reads
    "backend/core/localtime.py",
    "backend/core/operation/logs.py",
    "backend/documents/table_writer.py",
    "backend/complaints/importing/cells.py",
    "backend/similarity/pairs.py",
    "admin_ui/core/fields.py",
}


def texts() -> Iterator[tuple[str, str]]:
    for text in loaded().values():
        yield "catalogue", text
    for place in PLACES:
        for path in sorted(ROOT.glob(place)):
            # A time of a template is a value (at = "09:30"), an expression of a template is no text.
            text = re.sub(
                r'^(?:at|starts|ends) = ".*"$|^//.*$', "", path.read_text(encoding="utf-8"), flags=re.M
            )
            yield str(path.relative_to(ROOT)), re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", text)


@pytest.mark.parametrize("wrong", FORBIDDEN)
def test_one_word_for_one_thing(wrong: str) -> None:
    found = [(place, match[0]) for place, text in texts() for match in re.finditer(wrong, text)]
    assert found == [], FORBIDDEN[wrong]


def test_the_list_finds_what_it_forbids() -> None:
    """Or it would forbid nothing."""
    for text in ("Yanıt bekliyor", "Ön izlemenin", "KVKK m.7", "3071 md. 7", "saat 09:30", "Bilgi İşlem’e"):
        assert any(re.search(wrong, text) for wrong in FORBIDDEN), text
    for text in (
        "Cevap",
        "kanıt",
        "m. 7",
        "09.30",
        "2026-05-24T00:00:00+03:00",
        "Bilgi İşlem Müdürlüğü",
        "alındı",
    ):
        assert not any(re.search(wrong, text) for wrong in FORBIDDEN), text


def test_a_time_is_written_with_a_point_in_turkish_alone() -> None:
    """TDK, Yazım Kılavuzu: saat 09.30."""
    moment = dt.datetime(2026, 11, 28, 6, 30, tzinfo=dt.UTC)
    with translation.override("tr"):
        assert clock_text(dt.time(9, 5)) == "09.05"
        assert clock_text(moment) == "09.30"
        assert moment_text(moment) == "28.11.2026 09.30"
        assert moment_text(moment.astimezone(ISTANBUL)) == "28.11.2026 09.30"
    with translation.override(None):
        assert clock_text(moment) == "09.30"
    with translation.override("en"):
        assert clock_text(moment) == "09:30"


def test_no_code_writes_a_time_by_itself() -> None:
    found = []
    for part in ("backend", "admin_ui", "permissions", "schema"):
        for path in sorted((ROOT / part).rglob("*.py")):
            name = str(path.relative_to(ROOT))
            if name in MACHINES or "/formats/" in name:
                continue
            for line in path.read_text(encoding="utf-8").splitlines():
                is_machine = re.search(r'%Y-%m-%d|format="%H:%M"', line)
                if re.search(r"%H[:.]%M", line) and not is_machine:
                    found.append((name, line.strip()))
    assert found == [], "clock_text and moment_text of backend/core/localtime.py write it"


def test_the_menu_names_are_those_of_the_office() -> None:
    with translation.override("tr"):
        shown = {
            text: translation.gettext(text) for text in ("Principals", "a person decides", "Begun: open")
        }
    assert shown == {
        "Principals": "Programı tutulanlar",
        "a person decides": "personel belirler",
        "Begun: open": "Taslağı aç",
    }


def test_offices_are_named_as_their_holders_are_called() -> None:
    file = Path(ROOT, "backend/organization/data/letter_forms_of_address.csv").read_text(encoding="utf-8")
    assert ",Cumhuriyet Başsavcısı," in file
    assert ",Emniyet Müdürü," in file
