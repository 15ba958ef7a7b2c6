"""From cells to values: text, moments, words of a closed list, telephone numbers.

A cell that cannot be read raises `CellError`, whose text says what to write instead.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import Any

from django.db.models import Choices
from django.utils import translation
from django.utils.translation import gettext as _

from backend.complaints.choices import Channel, Kind, Outcome, Priority, Status
from backend.complaints.law.deadlines import Regime
from backend.core.errors import DomainError
from backend.core.localtime import ISTANBUL
from backend.core.table_reader.workbooks import UNCOMPUTED
from backend.core.words.phones import normal_phone
from backend.core.words.text import clean, tr_fold, tr_tokens

_MONTHS = "ocak subat mart nisan mayis haziran temmuz agustos eylul ekim kasim aralik".split()  # noqa: SIM905
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:[ T,]+(.+))?")
_NAMED = re.compile(r"(\d{1,2})\s+([a-z]+)\s+(\d{4})(?:\s+\D*?(\d.+))?")
_TIME = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d+)?)?")
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?[eE]\+\d+")
# Whether a number of 50x to 55x is valid hangs on its first three digits alone, so these need one look each.
_MOBILE = re.compile(r"(?:\+90|0090|90|0)?[\s(]*(5[0345][\d\s().-]{8,16})")
_NO_DIGIT = re.compile(r"\D")
_YES = frozenset({"evet", "e", "x", "1", "true", "dogru", "var", "gizli", "yes", "imzali"})
_NO = frozenset({"", "hayir", "h", "0", "false", "yanlis", "yok", "acik", "no", "imzasiz"})
_FIRST_YEAR = 2000


class CellError(ValueError):
    """Why a cell cannot be read, and what to write there."""


def text(value: Any) -> str:
    """The cell as text: whole numbers without decimals, dates as 24.11.2026."""
    if value is None:
        return ""
    if value is UNCOMPUTED:
        raise CellError(_("The cell holds a formula without a result. Open the file in Excel and save it."))
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return f"{value:%d.%m.%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    return clean(str(value))


def filled(number: str) -> str:
    if not number:
        raise CellError(_("The number of the application is missing."))
    return number


def number_of_source(value: Any) -> str:
    """The number in the other system, as it stands."""
    result = filled(text(value))
    if _SCIENTIFIC.fullmatch(result):
        raise CellError(
            _("Excel has shortened the number (%(value)s). Format the column as text and export again.")
            % {"value": result}
        )
    if len(result) > 60:
        raise CellError(_("The number of the application is longer than 60 letters."))
    return result


def moment(value: Any, time_value: Any = None) -> dt.datetime:
    """A local date and time with zone, from 24.11.2026 14:30, 2026-11-24, 24 Kasım 2026 or Excel's serial."""
    result = _moment(value)
    if time_value not in (None, "") and result.time() == dt.time():
        result = dt.datetime.combine(result.date(), _time(time_value))
    if result.year < _FIRST_YEAR:
        raise CellError(_("The date %(date)s is too long ago; correct it.") % {"date": f"{result:%d.%m.%Y}"})
    return result.replace(tzinfo=ISTANBUL) if result.tzinfo is None else result.astimezone(ISTANBUL)


def moment_or_none(value: Any) -> dt.datetime | None:
    """`moment`; None from an empty cell."""
    return None if text(value) == "" else moment(value)


def day(value: Any) -> dt.date | None:
    return None if text(value) == "" else moment(value).date()


def _moment(value: Any) -> dt.datetime:
    if isinstance(value, dt.datetime):
        return value
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _serial(float(value))
    return _written(text(value))


def _serial(value: float) -> dt.datetime:
    from openpyxl.utils.datetime import from_excel  # here: no command starts slower for it

    if not 30_000 <= value < 80_000:  # 1982 to 2119
        raise CellError(_not_a_date(str(value)))
    result = from_excel(value)
    return result if isinstance(result, dt.datetime) else dt.datetime.combine(result, dt.time())


def _written(found: str) -> dt.datetime:
    if not found:
        raise CellError(_("The date is missing. Write it as 24.11.2026 14:30."))
    if _SERIAL.fullmatch(found):
        return _serial(float(found.replace(",", ".")))
    try:
        if match := _DAY_FIRST.fullmatch(found):
            day_, month, year, rest = match.groups()
            whole_year = int(year) + (2000 if len(year) == 2 else 0)
            return dt.datetime.combine(dt.date(whole_year, int(month), int(day_)), _time(rest or ""))
        if match := _NAMED.fullmatch(tr_fold(found)):
            day_, name, year, rest = match.groups()
            return dt.datetime.combine(
                dt.date(int(year), _MONTHS.index(name) + 1, int(day_)), _time(rest or "")
            )
        return dt.datetime.fromisoformat(found)
    except ValueError as error:
        raise CellError(_not_a_date(found)) from error


def _not_a_date(found: str) -> str:
    return _("“%(value)s” is no date. Write it as 24.11.2026 14:30.") % {"value": found[:40]}


def _time(value: Any) -> dt.time:
    if isinstance(value, dt.datetime):
        return value.time()
    if isinstance(value, dt.time):
        return value
    if isinstance(value, float) and 0 <= value < 1:
        seconds = round(value * 86_400)
        return dt.time(min(seconds // 3600, 23), seconds % 3600 // 60, seconds % 60)
    result = text(value)
    if not result:
        return dt.time()
    match = _TIME.fullmatch(result)
    try:
        if match:
            return dt.time(int(match[1]), int(match[2]), int(match[3] or 0))
    except ValueError:
        pass
    raise CellError(_("“%(value)s” is no time of day. Write it as 14:30.") % {"value": result[:20]})


def flag(value: Any) -> bool:
    """Yes or no, as people write it."""
    result = tr_fold(text(value))
    if result in _YES or result in _NO:
        return result in _YES
    raise CellError(
        _("“%(value)s” is neither yes nor no. Write Evet or Hayır.") % {"value": text(value)[:20]}
    )


def phone(found: str) -> str:
    """E.164, or CellError."""
    mobile = _MOBILE.fullmatch(found)
    if mobile and (digits := _NO_DIGIT.sub("", mobile[1])) and len(digits) == 10:
        return f"{_checked_phone(digits[:3] + '0000000')[:-7]}{digits[3:]}"
    return _checked_phone(found)


@lru_cache(maxsize=50_000)
def _checked_phone(found: str) -> str:
    try:
        return normal_phone(found)
    except DomainError as error:
        raise CellError(str(error)) from None


_WORDS: dict[type[Choices], dict[str, str]] = {
    Kind: {
        "COMPLAINT": "şikayet",
        "REQUEST": "talep; istek; istek talep; arıza",
        "SUGGESTION": "öneri; görüş; görüş öneri; görüş ve öneri",
        "THANKS": "teşekkür",
        "TIP_OFF": "ihbar",
        "INFORMATION_REQUEST": "bilgi edinme; bilgi edinme başvurusu; bilgi talebi; bilgi",
        "PARTICIPATION": "yönetime katıl",
    },
    Channel: {
        "PHONE": "telefon; çağrı merkezi; çağrı; alo 153; 153; 444",
        "COUNTER": "beyaz masa; açık kapı; gişe; yüz yüze; şahsen; danışma",
        "WHATSAPP": "whatsapp; whatsapp hattı",
        "SMS": "sms; kısa mesaj",
        "WEB": "web; web sitesi; internet; internet sitesi",
        "EMAIL": "e-posta; mail; e-mail; email",
        "CIMER": "cimer",
        "PETITION": "dilekçe; evrak; yazılı",
        "KEP": "kep",
        "MUHTAR": "muhtar; muhtarlık",
        "FIELD_TEAM": "saha; saha ekibi",
        "SOCIAL_MEDIA": "sosyal medya; twitter; x; instagram; facebook",
        "PUBLIC_DAY": "halk günü",
        "E_MUNICIPALITY": "e-belediye; ebelediye; mobil uygulama; mobil",
        "E_DEVLET": "e-devlet; edevlet; e-devlet kapısı; turkiye.gov.tr",
    },
    Priority: {
        "NORMAL": "normal; düşük; orta",
        "HIGH": "yüksek; öncelikli",
        "URGENT": "acil; çok acil; ivedi",
    },
    Status: {
        "NEW": "açık; yeni; açıldı; kayıt alındı; beklemede; bekliyor; işlemde; işleme alındı; devam ediyor; atandı; "
        "yönlendirildi; havale edildi; inceleniyor; çalışılıyor",
        "CLOSED": "kapalı; kapandı; kapatıldı; tamamlandı; tamam; bitti; sonuçlandı; sonuçlandırıldı; çözüldü; "
        "çözümlendi; çözülemedi; yapılamadı; giderildi; cevaplandı; cevaplandırıldı; yanıtlandı; bilgi verildi; "
        "bilgilendirildi; olumlu; olumsuz; mükerrer; yinelenen",
        "WITHDRAWN": "geri çekildi; vazgeçildi; vazgeçti; iptal; iptal edildi",
        "REJECTED": "reddedildi; ret; red",
        "NOT_EXAMINABLE": "incelenemez; işleme alınmadı",
    },
    Outcome: {
        "SOLVED": "çözüldü; çözümlendi; giderildi; yapıldı; olumlu",
        "INFORMED": "bilgi verildi; bilgilendirildi; cevaplandı; cevaplandırıldı; yanıtlandı",
        "NOT_POSSIBLE": "çözülemedi; yapılamadı; olumsuz",
        "REJECTED": "ret; red",
        "NOT_EXAMINABLE": "incelenemez; işleme alınmadı",
        "WITHDRAWN": "vazgeçildi; vazgeçti; iptal; iptal edildi",
        "DUPLICATE": "mükerrer; yinelenen",
    },
    Regime: {
        "PETITION_3071": "3071; 3071 sayılı kanun; dilekçe; dilekçe hakkı",
        "INFORMATION_4982": "4982; 4982 sayılı kanun; bilgi edinme",
        "KVKK_REQUEST": "6698; kvkk",
        "CIMER": "cimer",
        "KDK_6328": "6328; kdk; kamu denetçiliği",
        "OFFICIAL_REQUEST": "resmi yazı; resmi talep",
        "SERVICE_REQUEST": "hizmet; hizmet talebi; talep",
    },
}
"""What call centres and CİMER write for a stored value; the labels on the screen are understood as well."""


@lru_cache(maxsize=32)
def _known(choices: type[Choices]) -> dict[str, str]:
    with translation.override("tr"):
        labels = {tr_tokens(str(label)): str(value) for value, label in choices.choices}
    values = {tr_tokens(str(value)): str(value) for value in choices.values}
    written = {
        tr_tokens(word): value for value, words in _WORDS[choices].items() for word in words.split(";")
    }
    return labels | values | written


def word(choices: type[Choices], value: Any) -> str:
    """The stored value of a closed list from its Turkish label or a common word; "" from an empty cell."""
    result = text(value)
    if not result:
        return ""
    if (stored := _known(choices).get(tr_tokens(result))) is None:
        with translation.override("tr"):
            allowed = ", ".join(str(label) for label in choices.labels)
        raise CellError(
            _("“%(value)s” is not known here. Write one of: %(allowed)s.")
            % {"value": result[:40], "allowed": allowed}
        )
    return stored
