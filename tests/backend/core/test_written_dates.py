"""Days and times are understood as people write them; what could be two days is none."""

from __future__ import annotations

import pytest
from freezegun import freeze_time

from backend.core.words.dates import clock_meant, day_meant, moment_meant
from backend.core.words.until import until_named

WEDNESDAY = "2026-11-25T08:00:00Z"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("03.12.2026", "2026-12-03"),
        ("3/12/2026", "2026-12-03"),
        ("12/01/2027", "2027-01-12"),  # never the first of December
        ("3.12.26", "2026-12-03"),
        ("2026-12-03", "2026-12-03"),
        ("3 Aralık", "2026-12-03"),
        ("3 ARALIK 2026", "2026-12-03"),
        ("3 Aralık'ta", "2026-12-03"),
        ("3 Aralık Perşembe", "2026-12-03"),
        ("03.12.2026 Perşembe", "2026-12-03"),
        ("1 ocak", "2027-01-01"),
        ("15 Ağu", "2027-08-15"),
        ("3 December 2026", "2026-12-03"),
        ("December 3", "2026-12-03"),
        ("bugün", "2026-11-25"),
        ("YARIN", "2026-11-26"),
        ("öbür gün", "2026-11-27"),
        ("dün", "2026-11-24"),
        ("perşembe", "2026-11-26"),
        ("Çar", "2026-12-02"),
        ("bu cuma günü", "2026-11-27"),
        ("haftaya salı", "2026-12-01"),
        ("gelecek hafta cuma", "2026-12-04"),
        ("haftaya", "2026-12-02"),
        ("10 gün sonra", "2026-12-05"),
        ("2 hafta önce", "2026-11-11"),
    ],
)
def test_a_day_is_understood_as_it_is_written(text: str, day: str) -> None:
    with freeze_time(WEDNESDAY):
        assert str(day_meant(text)) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("3 aralık", "2025-12-03"),
        ("24.11.", "2026-11-24"),
        ("cuma", "2026-11-20"),
        ("çarşamba", "2026-11-18"),
    ],
)
def test_a_day_that_is_past_is_the_last_such_one(text: str, day: str) -> None:
    with freeze_time(WEDNESDAY):
        assert str(day_meant(text, past=True)) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "31.02.2027",
        "2026-13-01",
        "3",
        "p",
        "cu",  # Friday or Saturday
        "ma",
        "3 a",  # three months begin so
        "3 m",
        "3 aralık 26 2026",
        "999999 gün sonra",
        "yarin yarin",
        "13.13.2026",
        "0.1.2026",
        "²",
        "😀",
        "perşembe cuma",
    ],
)
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert day_meant(text) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("3 aralık 14.30", "2026-12-03T14:30"),
        ("3 Aralık Perşembe saat 14:30'da", "2026-12-03T14:30"),
        ("saat 14.30 perşembe", "2026-11-26T14:30"),
        ("14:30 perşembe", "2026-11-26T14:30"),
        ("03.12.2026, 14.30", "2026-12-03T14:30"),
        ("3.12 9", "2026-12-03T09:00"),
        ("haftaya salı 9", "2026-12-01T09:00"),
        ("2026-12-03T14:30", "2026-12-03T14:30"),
        ("2026-12-03 14:30", "2026-12-03T14:30"),
    ],
)
def test_a_moment_is_understood_as_it_is_written(text: str, moment: str) -> None:
    with freeze_time(WEDNESDAY):
        found = moment_meant(text)
    assert found is not None
    assert f"{found:%Y-%m-%dT%H:%M}" == moment


@pytest.mark.parametrize(
    "text", ["03.12.2026", "3.12", "3 aralık", "3 aralık 2015", "3.12 perşembe", "yarın 24.00", "yarın 14.60"]
)
def test_a_day_alone_is_no_moment(text: str) -> None:
    with freeze_time(WEDNESDAY):
        assert moment_meant(text) is None


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("14.30", "14:30"),
        ("14:30", "14:30"),
        ("1430", "14:30"),
        ("930", "09:30"),
        ("saat 9", "09:00"),
        ("0", "00:00"),
    ],
)
def test_a_time_is_understood_as_it_is_written(text: str, clock: str) -> None:
    found = clock_meant(text)
    assert found is not None
    assert f"{found:%H:%M}" == clock


@pytest.mark.parametrize("text", ["", "24.00", "14.60", "öğlen", "14.3", "-1", "²"])
def test_what_is_no_time_is_not_guessed(text: str) -> None:
    assert clock_meant(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Salıncak cuma gününe kadar onarılsın.", "2026-11-27"),
        ("CUMAYA KADAR BANA BİLGİ VERİLSİN", "2026-11-27"),
        ("Perşembe akşamına kadar", "2026-11-26"),
        ("haftaya salıya kadar", "2026-12-01"),
        ("Gelecek hafta çarşamba gününe kadar", "2026-12-02"),
        ("Önümüzdeki pazartesiye kadar", "2026-11-30"),
        ("Haftaya kadar bana bilgi versin", "2026-12-02"),
        ("yarına kadar", "2026-11-26"),
        ("Akşama kadar kapatılsın", "2026-11-25"),
        ("3 Aralık'a kadar bitsin", "2026-12-03"),
        ("3 aralığa kadar bitsin", "2026-12-03"),
        ("15.12.2026 tarihine kadar rapor", "2026-12-15"),
        ("15 Aralık 2026 Salı gününe kadar", "2026-12-15"),
        ("1 Ocak'a kadar", "2027-01-01"),
        ("31 Aralık 2028'e kadar", "2028-12-31"),
        ("Ay sonuna kadar", "2026-11-30"),
        ("En geç cuma günü bildirilsin.", "2026-11-27"),
        ("En geç 3 gün içinde", "2026-11-28"),
        ("iki hafta içinde", "2026-12-09"),
        ("Pazar gününe kadar yol açılsın", "2026-11-29"),
        ("Cumaya kadar, evet cuma gününe kadar", "2026-11-27"),
        ("Yarın akşama kadar bitsin", "2026-11-26"),
        ("Bugün akşama kadar", "2026-11-25"),
        ("Bu akşama kadar", "2026-11-25"),
        ("Mesai bitimine kadar", "2026-11-25"),
        ("Yarın mesai bitimine kadar", "2026-11-26"),
        ("Cuma günü mesai bitimine kadar", "2026-11-27"),
        ("Cuma günü mesai saati bitimine kadar", "2026-11-27"),
        ("15 Aralık mesai bitimine kadar", "2026-12-15"),
        ("15 Aralık 2026 Salı günü mesai bitimine kadar", "2026-12-15"),
        ("Yarın saat 17.00'ye kadar", "2026-11-26"),
        ("En geç cuma günü mesai bitimi", "2026-11-27"),
        ("Madde 3: en geç cuma günü", "2026-11-27"),
        ("Bu hafta cumaya kadar", "2026-11-27"),
        ("on iki gün içinde", "2026-12-07"),
        ("onbeş gün içinde", "2026-12-10"),
        ("yirmi beş gün içinde", "2026-12-20"),
        ("yirmi bir gün içinde", "2026-12-16"),
        ("kırk beş gün içinde", "2027-01-09"),
        ("Önümüzdeki iki hafta içinde", "2026-12-09"),
        ("iki haftaya kadar", "2026-12-09"),
        ("3 haftaya kadar", "2026-12-16"),
        ("3 güne kadar bitsin", "2026-11-28"),
        ("Gelecek haftaya kadar", "2026-12-02"),
        ("Yarın toplantı var. Akşama kadar not hazırlansın.", "2026-11-25"),
        ("15 gün içinde cevap verilsin, bilgi notu yapılmayan kalmasın", "2026-12-10"),
    ],
)
def test_the_day_is_found_in_the_sentence(text: str, day: str) -> None:
    with freeze_time(WEDNESDAY):
        assert str(until_named(text)) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bu kadar",
        "Pazara kadar yol asfaltlansın",
        "Meydana kadar asfalt",
        "100 metreye kadar",
        "Bugüne kadar yapılmayan işler",
        "Son iki hafta içinde gelen başvurular incelensin",
        "Cumaya kadar başlansın, 20 Aralık'a kadar bitsin",
        "24 Kasım'a kadar",  # was yesterday: hardly that of next year
        "31 Şubat'a kadar",
        "👍 kadar",
        "15 ... kadar",
        "Dün akşama kadar yapılmayan işler",
        "Yarın ekipler akşama kadar çalışsın",
        "Sabahtan akşama kadar yol kapalı",
        "Her cumaya kadar rapor",
        "Cumanın programı akşama kadar hazır olsun",
        "15 Aralık'taki tören akşama kadar sürecek",
        "1,5 hafta içinde",
        "yüz yirmi gün içinde",
        "iki üç gün içinde",
        "Tebliğden itibaren 15 gün içinde",
        "Toplantıdan sonraki 3 gün içinde",
        "Gelecek ay sonuna kadar",
        "Önümüzdeki ay sonuna kadar",
        "Gelecek yıl sonuna kadar",
        "Bu haftaya kadar",
        "Önümüzdeki haftanın cuma gününe kadar",
        "Bu hafta pazartesiye kadar",  # was the day before yesterday
        "15 gün içinde cevaplanmayan başvurular getirilsin",
        "15 gün içinde müdürlükçe cevaplanmayan başvurular getirilsin",
        "3 gün içinde yapılmazsa bana bildirilsin",
        "Geçtiğimiz iki hafta içinde gelen başvurular",
        "Önceki iki hafta içinde alınan kararlar",
        "Üç hafta içinde yapılan işler",
        "saat 10.12'ye kadar",
        "3/4'e kadar doldurulsun",
        "3.5 güne kadar",
        "En geç 3.5 saat",
        "Yarın ekipler en geç akşam bildirsin",
    ],
)
def test_what_names_no_day_or_several_names_none(text: str) -> None:
    with freeze_time(WEDNESDAY):
        assert until_named(text) is None
