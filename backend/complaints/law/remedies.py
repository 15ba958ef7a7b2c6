"""Where a citizen may turn against a decision, and until when: the constitution wants it in every one (Anayasa m.40/2).

A table of the code and not of the database: a text changes when its law does, with its source, its day and a test, and
no user can empty it. Texts are Turkish, as all that leaves the house.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from backend.complaints.law.deadlines import Matter, Regime

CHECKED_ON = dt.date(2026, 11, 28)
"""When the articles and their sources were read last."""


@dataclass(frozen=True, slots=True)
class Remedy:
    """Text that a decision ends with: the court or board and its term. `valid_from`: since when the articles say so."""

    article: str
    valid_from: dt.date
    source: str
    text: str


_7331 = dt.date(2021, 7, 14)  # R.G. 31541: thirty days in 2577 m.10 and m.11, which were sixty before

COURT = (
    Remedy(
        "2577 m.7, m.11",
        _7331,
        "kadimhukuk.com.tr (İYUK m.11), firatgultekin.com.tr (7331)",
        "Bu işleme karşı, tebliğini izleyen günden itibaren altmış gün içinde yetkili idare mahkemesinde dava"
        " açabilirsiniz (2577 sayılı İdari Yargılama Usulü Kanunu m. 7). Dava açmadan önce, aynı süre içinde"
        " Belediyemize başvurarak işlemin kaldırılmasını, geri alınmasını, değiştirilmesini veya yeni bir işlem"
        " yapılmasını da isteyebilirsiniz. Bu başvuru dava açma süresini durdurur; otuz gün içinde cevap"
        " verilmezse istek reddedilmiş sayılır ve süre kaldığı yerden işler (m. 11).",
    ),
)
BOARD_OF_INFORMATION = (
    Remedy(
        "4982 m.13; 2577 m.7",
        dt.date(2018, 7, 9),  # R.G. 30473/3. mükerrer: the Board as it is since KHK 703
        "bedk.adalet.gov.tr (Kurula başvuru)",
        "Bu karara karşı, tebliğinden itibaren on beş gün içinde Bilgi Edinme Değerlendirme Kuruluna yazılı"
        " olarak itiraz edebilirsiniz. Kurula itiraz, idari yargıya başvurma süresini durdurur (4982 sayılı Bilgi"
        " Edinme Hakkı Kanunu m. 13). Tebliği izleyen günden itibaren altmış gün içinde yetkili idare"
        " mahkemesinde dava açma hakkınız vardır (2577 sayılı İdari Yargılama Usulü Kanunu m. 7).",
    ),
)
BOARD_OF_DATA = (
    Remedy(
        "6698 m.14",
        dt.date(2016, 10, 7),  # six months after the law (6698 m.32)
        "kocatepehukuk.com (6698 m.14)",
        "Bu cevaba karşı, öğrendiğiniz tarihten itibaren otuz ve her hâlde başvuru tarihinizden itibaren altmış"
        " gün içinde Kişisel Verileri Koruma Kuruluna şikâyette bulunabilirsiniz (6698 sayılı Kişisel Verilerin"
        " Korunması Kanunu m. 14).",
    ),
)
NONE: tuple[Remedy, ...] = ()
"""Between public bodies: who asks is no person whose right the constitution speaks of."""

AGAINST_REFUSAL: dict[tuple[Regime, Matter], tuple[Remedy, ...]] = {
    (Regime.PETITION_3071, Matter.GENERAL): COURT,
    (Regime.INFORMATION_4982, Matter.GENERAL): BOARD_OF_INFORMATION,
    (Regime.KVKK_REQUEST, Matter.GENERAL): BOARD_OF_DATA,
    (Regime.CIMER, Matter.GENERAL): COURT,
    (Regime.CIMER, Matter.INFORMATION): BOARD_OF_INFORMATION,
    (Regime.SERVICE_REQUEST, Matter.GENERAL): COURT,
    (Regime.KDK_6328, Matter.GENERAL): NONE,
    (Regime.OFFICIAL_REQUEST, Matter.DOCUMENT): NONE,
    (Regime.OFFICIAL_REQUEST, Matter.OPINION): NONE,
}
"""Regime and matter → the versions of what stands in a refusal, the oldest first."""

SILENCE_DAYS = 30
"""So many days without an answer are a refusal (2577 m.10)."""

_AFTER_SILENCE = (
    "Başvurunuza süresinde cevap verilmediğinden isteğiniz, başvuru tarihinden itibaren otuz günün geçmesiyle"
    " reddedilmiş sayılır; otuz günün bittiği tarihten itibaren altmış gün içinde yetkili idare mahkemesinde dava"
    " açabilirsiniz (2577 sayılı İdari Yargılama Usulü Kanunu m. 7, m. 10)."
)
_SILENT_COURT = (
    Remedy(
        "2577 m.7, m.10", _7331, "kadimhukuk.com.tr (İYUK m.10), firatgultekin.com.tr (7331)", _AFTER_SILENCE
    ),
)
_SILENT_BOARD = (
    Remedy(
        "4982 m.13; 2577 m.7, m.10",
        _7331,
        "bedk.adalet.gov.tr (Kurula başvuru)",
        f"{_AFTER_SILENCE} Dava açma süresinin başladığı tarihten itibaren on beş gün içinde Bilgi Edinme Değerlendirme"
        " Kuruluna yazılı olarak itiraz da edebilirsiniz; itiraz bu süreyi durdurur (4982 sayılı Bilgi Edinme Hakkı"
        " Kanunu m. 13).",
    ),
)
_SILENT_DATA = (
    Remedy(
        "6698 m.14",
        dt.date(2016, 10, 7),
        "kocatepehukuk.com (6698 m.14)",
        "Başvurunuza otuz gün içinde cevap verilmediğinden, başvuru tarihinizden itibaren altmış gün içinde"
        " Kişisel Verileri Koruma Kuruluna şikâyette bulunabilirsiniz (6698 sayılı Kişisel Verilerin Korunması"
        " Kanunu m. 13, m. 14).",
    ),
)
AGAINST_SILENCE: dict[tuple[Regime, Matter], tuple[Remedy, ...]] = {
    (Regime.PETITION_3071, Matter.GENERAL): _SILENT_COURT,
    (Regime.INFORMATION_4982, Matter.GENERAL): _SILENT_BOARD,
    (Regime.KVKK_REQUEST, Matter.GENERAL): _SILENT_DATA,
    (Regime.CIMER, Matter.GENERAL): _SILENT_COURT,
    (Regime.CIMER, Matter.INFORMATION): _SILENT_BOARD,
}
"""What the tracking page shows if there was no answer in time; where no law sets a limit, silence decides nothing."""


def against_refusal(regime: str, matter: str, on: dt.date) -> Remedy | None:
    """The remedy that a refusal of this day must name; None where public bodies write to each other."""
    return in_force(AGAINST_REFUSAL[Regime(regime), Matter(matter)], on)


def against_silence(regime: str, matter: str, on: dt.date) -> Remedy | None:
    """The remedy against silence as of this day, for a case whose limit has passed unanswered; None without a limit."""
    return in_force(AGAINST_SILENCE.get((Regime(regime), Matter(matter)), NONE), on)


def in_force(versions: tuple[Remedy, ...], on: dt.date) -> Remedy | None:
    """The version of this day; of a day before the first, the first."""
    valid = [one for one in versions if one.valid_from <= on] or versions[:1]
    return valid[-1] if valid else None
