"""Complaints as people write them: invented from a seed, misspelt, several matters in one, places in words, dialect.

Their sentences (`matters.toml`) are apart from the catalogue's words, a third of them appears only in the last third of
the time, and a few labels are wrong, as an office's are.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from backend.complaints.choices import Priority
from backend.core.words.text import tr_upper

MATTERS = Path(__file__).with_name("matters.toml")
DAYS = 730
SECOND_MATTER, WRONG_LABEL, BOUNCED = 0.12, 0.02, 0.25
"""Shares of the texts: those that name a second matter, those filed wrongly, and those of a matter with units that
return it which were sent there first."""
_GREETINGS = (
    "", "", "", "slm ", "merhaba ", "mrb ", "iyi günler ", "iyi akşamlar hocam ", "sayın başkanım ", "başkanım ",
    "kolay gelsin ", "selamün aleyküm ", "alo ", "yetkililere sesleniyorum ", "size daha önce de yazdım ",
)  # fmt: skip
_PLACES = (
    "", "", "caminin yanında ", "okulun arkasında ", "bim in karşısında ", "eczanenin oradaki sokakta ",
    "pazarın kurulduğu yerde ", "durağın dibinde ", "muhtarlığın alt sokağında ", "eski sinemanın orda ",
    "bizim mahallede ", "trafonun olduğu yerde ", "düğün salonunun yanında ", "{name} sokakta ", "{name} cad no {no} ",
    "{name} apartmanının önünde ", "{name} mah {no}. sokak ", "a101 in ordan sağa dönünce ", "köprünün altında ",
)  # fmt: skip
_NAMES = (
    "lale", "çınar", "papatya", "gül", "fatih", "yıldız", "barış", "menekşe", "karanfil", "akasya", "zafer", "huzur",
    "kardelen", "ihlamur", "çiçek", "ufuk",
)  # fmt: skip
_SINCE = (
    "",
    "",
    "",
    " kaç gündür",
    " aylardır böyle",
    " iki haftadır",
    " yazdan beri",
    " dünden beri",
    " yıllardır",
)
_DEMANDS = (
    "", "", "", " bi el atın", " gereğini arz ederim", " lütfen ilgilenin", " çözüm bekliyoruz", " kimse bakmıyo",
    " aradım açan yok", " oy verdik pişman etmeyin", " acil bakılsın", " Allah rızası için", " teşekkürler",
    " yeter artık ya", " foto da atarım", " yazıklar olsun", " şimdiden sağolun", " vergimizi veriyoruz",
)  # fmt: skip
_JOINTS = (" bide ", " bir de ", " ayrıca ", ". Ha bi de ", " ikinci olarak ")
_DIALECT = {
    "yapıyo": "yapıyi", "geliyo": "geliyi", "gelmiyo": "gelmiy", "bişey": "bişe", "değil": "deel", "ediyo": "edey",
    "çocuk": "uşak", "nereye": "nere", "böyle": "böle", "şöyle": "şöle", "orada": "orda", "buraya": "bura",
    "ne zaman": "nezman", "yok": "yoh", "bakıyo": "bahiy", "için": "içün", "kadar": "gadar", "kapı": "gapı",
    "köpek": "göpek", "kız": "gız", "var": "va",
}  # fmt: skip
_SHORT = {"bir": "1", "lütfen": "ltf", "mahalle": "mah", "sokak": "sk", "çok": "cok", "teşekkürler": "tşk"}
_PLAIN = str.maketrans("çğıöşüÇĞİÖŞÜ", "cgiosuCGIOSU")
_NEXT = {
    "a": "s",
    "e": "r",
    "i": "o",
    "k": "l",
    "n": "m",
    "r": "t",
    "t": "y",
    "l": "k",
    "o": "p",
    "m": "n",
    "s": "d",
}


@dataclass(frozen=True, slots=True)
class Invented:
    """A complaint as it was brought, and what the office made of it. Codes are the catalogue's; `returned_by` are the
    units that sent it back."""

    at: dt.datetime
    text: str
    category: str
    unit: str
    priority: str
    returned_by: tuple[str, ...]


def invent(count: int, seed: int, until: dt.datetime) -> list[Invented]:
    """That many complaints of the two years before a moment, in the order of time. The same for the same arguments."""
    random = Random(seed)  # noqa: S311 - invented data is repeatable, not secret
    ages = sorted((random.random() for _each in range(count)), reverse=True)
    return [_one(random, until - dt.timedelta(days=DAYS * age), 1 - age) for age in ages]


@cache
def _matters() -> dict[str, dict[str, Any]]:
    return tomllib.loads(MATTERS.read_text(encoding="utf-8"))


def _one(random: Random, at: dt.datetime, share: float) -> Invented:
    """A complaint at a moment that lies at this share of the time."""
    codes = list(_matters())
    code = random.choices(codes, [row["weight"] for row in _matters().values()])[0]
    matter = _matters()[code]
    text = _said(random, matter, share)
    if random.random() < SECOND_MATTER:
        other = _matters()[random.choice(codes)]
        text += random.choice(_JOINTS) + random.choice(other["early"])
    unit, wrong = matter["unit"], random.random() < WRONG_LABEL
    if wrong:
        code = random.choice(codes)
        unit = _matters()[code]["unit"]
    returns = matter.get("bounced", ())
    returned = (random.choice(returns),) if returns and random.random() < BOUNCED else ()
    return Invented(
        at=at,
        text=_written(random, text),
        category=code,
        unit=unit,
        priority=Priority.HIGH if "acil" in text or random.random() < 0.05 else Priority.NORMAL,
        returned_by=tuple(one for one in returned if one != unit),
    )


def _said(random: Random, matter: dict[str, Any], share: float) -> str:
    """Greeting, place, what is wrong, since when, what comes of it, what is asked; each of them may be left out."""
    known = [*matter["early"], *(matter["late"] * 2 if share > 2 / 3 else [])]
    place = random.choice(_PLACES).format(name=random.choice(_NAMES), no=random.randint(1, 140))
    problem = random.choice(known)
    if random.random() < 0.25:
        problem += " " + random.choice(known)
    effect = f" {random.choice(matter['effect'])}" if random.random() < 0.5 else ""
    parts = [place, problem, random.choice(_SINCE), effect, random.choice(_DEMANDS)]
    if random.random() < 0.2:  # the place at the end, as one adds it
        parts = [*parts[1:], " " + parts[0].strip()]
    return random.choice(_GREETINGS) + "".join(parts)


def _written(random: Random, text: str) -> str:
    """The text as a hand in a hurry writes it."""
    words = [_word(random, word) for word in text.split()]
    if random.random() < 0.15:  # a word cut in two, or two in one
        at = random.randrange(len(words))
        words[at : at + 2] = ["".join(words[at : at + 2])]
    result = " ".join(words)
    if random.random() < 0.4:
        result = result.translate(_PLAIN)
    style = random.random()
    if style < 0.08:
        result = tr_upper(result)
    elif style < 0.3:
        result = result[:1].upper() + result[1:]
    return result + random.choice(("", "", "", ".", "...", "!!", " !!!", "😡", " 🙏", "???"))


def _word(random: Random, word: str) -> str:
    chance = random.random()
    if chance < 0.06 and word in _DIALECT:
        return _DIALECT[word]
    if chance < 0.2 and word in _SHORT:
        return _SHORT[word]
    if len(word) < 4 or chance > 0.07:
        return word
    at = random.randrange(1, len(word) - 1)
    return random.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
            word[:at] + _NEXT.get(word[at], word[at]) + word[at + 1 :],
        )
    )


def rows(complaints: list[Invented]) -> Iterator[list[str]]:
    """The lines of a file, its heading first."""
    yield ["tarih", "metin", "kategori", "birim", "öncelik", "iade eden birimler"]
    for one in complaints:
        at = one.at.isoformat(timespec="minutes")
        yield [at, one.text, one.category, one.unit, one.priority, ";".join(one.returned_by)]
