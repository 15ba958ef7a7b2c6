"""Invented reports with known duplicates: one hole in ten people's words. Seeded: the same seed is the same file.

A matter is reported once or by several people, days or weeks apart. Each says it in words of their own, misspells some,
names another corner of the same place or none, and their telephones are 5 to 80 m off. Beside it live matters of the
same category that are not the same, some only a few doors away, and reports of one place about something else.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

from backend.places.geometry import METRES_A_DEGREE

CENTRE = (41.0030, 29.2310)
STREETS = (
    "Aydın", "Ilgaz", "Yayla", "Menekşe", "Güneş", "Şehit Onbaşı", "Çınarlı", "İğdeli", "Üzümcü", "Ihlamur", "Kardelen",
    "Söğütlü", "Barbaros", "Gülistan", "Akşemsettin", "Mimoza", "Karanfil", "Leylak", "Dereboyu", "Okul", "Çeşme",
    "Pınarbaşı", "Zambak", "Yıldız", "Bahar", "Çamlık", "Fatih", "Nergis", "Papatya", "Şirin", "Toprak", "Umut",
)  # fmt: skip
KINDS = ("Sokak", "Sokak", "Sokak", "Cadde")
SPELT = {"Sokak": ("Sokak", "Sk.", "sokağı", "sok", "SOKAK"), "Cadde": ("Caddesi", "Cad.", "cd", "cadde")}
MARKS = ("caminin yanı", "okulun önü", "parkın karşısı", "marketin köşesi", "eczanenin önü", "durağın orası")
TOPICS: dict[str, tuple[Sequence[str], ...]] = {
    "yol": (
        ("yolda", "sokakta", "asfaltta", "caddede", "evin önünde", "dönemeçte", "kavşakta"),
        ("çukur", "koca bir delik", "göçük", "oyuk", "çökme", "kuyu gibi bir çukur", "çöküntü"),
        ("var", "açıldı", "oluştu", "duruyor", "büyüdü", "oldu, kimse bakmıyor"),
        (
            "arabamın lastiği patladı",
            "araçlar zarar görüyor",
            "motorlu düşüyor",
            "geçemiyoruz",
            "kaza olacak",
            "tekerim gitti",
            "jantım eğildi",
            "otobüs sarsılıyor",
        ),
    ),
    "lamba": (
        ("sokak lambası", "direkteki lamba", "aydınlatma", "elektrik direğinin ışığı", "lambalar"),
        ("yanmıyor", "söndü", "çalışmıyor", "yanıp sönüyor", "kaç gündür karanlık", "bozuk"),
        ("gece", "akşamları", "hava kararınca", "üç gündür", "bir haftadır", "dünden beri"),
        ("göz gözü görmüyor", "kızım korkuyor", "zifiri karanlık", "hırsızlık oluyor", "yürünmüyor"),
    ),
    "cop": (
        ("çöpler", "konteyner", "çöp kutusu", "çöp bidonu", "poşetler"),
        ("alınmıyor", "doldu taştı", "toplanmadı", "günlerdir duruyor", "devrilmiş", "kokuyor"),
        ("iki gündür", "pazartesiden beri", "sabahtan beri", "bayramdan beri", "kaç gündür"),
        ("sinek bastı", "leş gibi", "kediler dağıtıyor", "koku dayanılmaz", "çocuklar hasta olacak"),
    ),
    "kaldirim": (
        ("kaldırım taşları", "yaya yolu", "bordür", "parke taşı", "kaldırım"),
        ("kırık", "yerinden oynamış", "sökülmüş", "çökmüş", "dağılmış", "bozuk"),
        ("aylardır", "yağmurdan sonra", "kazıdan sonra", "doğalgaz kazdı", "geçen haftadan beri"),
        ("annem düştü", "bebek arabası geçmiyor", "yaşlılar takılıyor", "tekerlekli sandalye geçemiyor"),
    ),
    "agac": (
        ("ağaç", "dallar", "çınarın dalı", "kuru ağaç", "budanmamış ağaç"),
        ("devrilecek", "kırıldı", "yola sarktı", "elektrik teline değiyor", "devrildi", "kurumuş"),
        ("rüzgârda", "fırtınadan beri", "kaç yıldır", "dün gece", "lodosta"),
        ("üzerimize düşecek", "arabaların üstünde", "camımıza vuruyor", "yolu kapattı"),
    ),
    "su": (
        ("su", "yağmur suyu", "mazgal", "rögar", "ızgara", "kanal"),
        ("taşıyor", "tıkalı", "göl olmuş", "birikiyor", "patlamış", "kapağı yok"),
        ("her yağmurda", "dün akşamdan beri", "sabahtan beri", "iki gündür"),
        ("dükkânı su bastı", "bodruma su giriyor", "karşıya geçilmiyor", "kokudan durulmuyor"),
    ),
    "kopek": (
        ("başıboş köpekler", "sokak köpekleri", "köpek sürüsü", "sahipsiz köpek", "itler"),
        ("saldırıyor", "havlıyor", "çocukları kovalıyor", "toplandı", "ısırdı", "dolaşıyor"),
        ("okul çıkışı", "geceleri", "sabah erken", "parkta", "her gün"),
        ("çocuğum okula gidemiyor", "korkudan çıkamıyoruz", "toplanmasını istiyoruz", "can güvenliği yok"),
    ),
    "gurultu": (
        ("inşaat", "kafe", "düğün salonu", "atölye", "komşu dükkân"),
        ("gürültü yapıyor", "sabaha kadar müzik çalıyor", "hafta sonu çalışıyor", "ses yapıyor"),
        ("gece yarısı", "her gece", "sabahın altısında", "pazar günü"),
        ("uyuyamıyoruz", "bebek uyumuyor", "hasta var", "şikâyetçiyim"),
    ),
}
"""Category -> what is said of it: where or what, how, since when, and what comes of it."""
OPENERS = (
    "",
    "",
    "",
    "merhaba ",
    "iyi günler ",
    "sayın yetkili ",
    "arkadaşlar ",
    "başkanım ",
    "allah rızası için ",
)
CLOSERS = (
    "",
    "",
    "",
    " lütfen ilgilenin",
    " gereğini arz ederim",
    " bi bakın artık",
    " ne zaman yapılacak",
    " teşekkürler",
)
FIELDS = ("id", "date", "category", "latitude", "longitude", "address", "text", "duplicate_of")


@dataclass(frozen=True)
class Spot:
    street: str
    kind: str
    door: int
    mark: str
    point: tuple[float, float]


def reports(matters: int, seed: int = 1, *, days: int = 365) -> list[dict[str, str]]:
    """Return the reports of so many matters in the order of their moments; `duplicate_of` names the first one."""
    source = random.Random(seed)  # noqa: S311 - invented, not secret
    found = list(_all(source, matters, days))
    found.sort(key=lambda row: row["date"])
    return found


def write(rows: Sequence[dict[str, str]], file: TextIO) -> None:
    writer = csv.DictWriter(file, FIELDS, delimiter=";")
    writer.writeheader()
    writer.writerows(rows)


def _all(source: random.Random, matters: int, days: int) -> Iterator[dict[str, str]]:
    began = dt.datetime(2025, 1, 1, 8, tzinfo=dt.UTC)
    spots: list[tuple[Spot, str]] = []
    for number in range(matters):
        category = source.choices(tuple(TOPICS), weights=(6, 4, 5, 3, 2, 3, 2, 1))[0]
        spot = _spot(source, spots, category)
        spots.append((spot, category))
        at = began + dt.timedelta(days=source.uniform(0, days))
        first = f"B{number:05d}-0"
        yield _report(source, first, at, category, spot, "")
        for more in range(_others(source)):
            weeks = source.random() < 0.15  # it was mended badly, or forgotten
            at_other = at + dt.timedelta(days=source.uniform(14, 50) if weeks else source.expovariate(1 / 4))
            named = category if source.random() < 0.92 else source.choice(tuple(TOPICS))
            yield _report(source, f"B{number:05d}-{more + 1}", at_other, category, spot, first, named)


def _others(source: random.Random) -> int:
    """How many more report it: mostly nobody, sometimes the whole street."""
    return source.choices((0, 1, 2, 4, 9), weights=(62, 22, 9, 5, 2))[0]


def _spot(source: random.Random, spots: list[tuple[Spot, str]], category: str) -> Spot:
    """Somewhere in the district; one of five beside a matter that is there already, a few doors away."""
    if spots and source.random() < 0.2:
        near = source.choice(spots)[0]
        door = near.door + source.choice((-12, -8, -4, 4, 8, 12, 20))
        point = _moved(source, near.point, 50, 200)
        return Spot(near.street, near.kind, max(1, door), source.choice(MARKS), point)
    street = source.choice(STREETS)
    kind = KINDS[STREETS.index(street) % len(KINDS)]
    place = random.Random(street)  # noqa: S311 - a street lies always there
    base = _moved(place, CENTRE, 100, 3500)
    return Spot(street, kind, source.randint(1, 90), source.choice(MARKS), _moved(source, base, 5, 400))


def _moved(
    source: random.Random, point: tuple[float, float], least: float, most: float
) -> tuple[float, float]:
    metres, angle = source.uniform(least, most) / METRES_A_DEGREE, source.uniform(0, 2 * math.pi)
    latitude, longitude = point
    wide = metres / math.cos(math.radians(latitude))
    return latitude + metres * math.sin(angle), longitude + wide * math.cos(angle)


def _report(
    source: random.Random,
    key: str,
    at: dt.datetime,
    category: str,
    spot: Spot,
    original: str,
    named: str | None = None,
) -> dict[str, str]:
    latitude, longitude = _moved(source, spot.point, 5, 80)
    is_placed = source.random() < 0.75
    return {
        "id": key,
        "date": at.strftime("%Y-%m-%d %H:%M:%S"),
        "category": named or category,
        "latitude": f"{latitude:.6f}" if is_placed else "",
        "longitude": f"{longitude:.6f}" if is_placed else "",
        "address": _address(source, spot),
        "text": _text(source, category),
        "duplicate_of": original,
    }


def _address(source: random.Random, spot: Spot) -> str:
    if source.random() < 0.12:
        return ""
    door = spot.door if source.random() < 0.6 else spot.door + source.choice((-2, 2, 1, 4))
    name = f"{spot.street} {source.choice(SPELT[spot.kind])}"
    shape = source.random()
    if shape < 0.55:
        return _misspelt(source, f"{name} No: {max(1, door)}", 0.1)
    if shape < 0.8:
        return _misspelt(source, f"{name} {spot.mark}", 0.1)
    return _misspelt(source, name, 0.1)


def _text(source: random.Random, category: str) -> str:
    parts = [source.choice(one) for one in TOPICS[category]]
    if source.random() < 0.4:
        parts.pop(source.choice((2, 3)))
    if source.random() < 0.2:
        source.shuffle(parts)
    whole = f"{source.choice(OPENERS)}{' '.join(parts)}{source.choice(CLOSERS)}"
    return _misspelt(source, whole, 0.35)


def _misspelt(source: random.Random, text: str, share: float) -> str:
    if source.random() < 0.25:
        text = text.translate(str.maketrans("ığüşöçİĞÜŞÖÇâ", "igusocIGUSOCa"))
    if source.random() < share and len(text) > 6:
        at = source.randrange(1, len(text) - 2)
        text = source.choice(
            (
                text[:at] + text[at + 1 :],
                text[:at] + text[at + 1] + text[at] + text[at + 2 :],
                text[:at] + text[at] + text[at:],
            )
        )
    return text.upper() if source.random() < 0.08 else text
