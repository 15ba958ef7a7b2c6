"""Words of one occasion in a letter of another: no tebrik in a taziye, no sorrow in a congratulation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from backend.core.words.text import tr_lower
from backend.letters.choices import Kind


@dataclass(frozen=True)
class Vocabulary:
    """What gives an occasion away: beginnings of words and fixed phrases."""

    name: str
    words: tuple[str, ...]

    def found(self, text: str) -> list[str]:
        lowered = tr_lower(text)
        return [w for w in self.words if re.search(rf"(?<!\w){re.escape(w)}", lowered)]


SORROW = Vocabulary(
    "taziye",
    (
        "taziye",
        "başsağlığı",
        "baş sağlığı",
        "başınız sağ ol",
        "merhum",
        "vefat",
        "allah’tan rahmet",
        "allah'tan rahmet",
        "rahmet dil",
        "sabır dil",
        "sabrı cemil",
        "acınız",
        "acınızı",
        "kederli",
        "cenaze",
        "derin üzüntü",
        "mekânı cennet",
        "mekanı cennet",
        "nur içinde",
    ),
)
JOY = Vocabulary(
    "tebrik",
    (
        "tebrik",
        "kutlar",
        "kutlu olsun",
        "kutluyor",
        "mutluluk",
        "mutlu yıllar",
        "hayırlı olsun",
        "hayırlı uğurlu",
        "başarılarınızın devam",
        "sevincinizi",
        "nice yıllara",
        "mübarek olsun",
        "gözünüz aydın",
    ),
)
BUSINESS = Vocabulary(
    "iş",
    (
        "gereğini",
        "talebiniz",
        "başvurunuz",
        "ruhsat",
        "ihale",
        "ödeme",
        "borcunuz",
        "toplantıya katıl",
        "randevu",
    ),
)

NOT_IN: dict[str, tuple[Vocabulary, ...]] = {
    Kind.CONDOLENCE: (JOY, BUSINESS),
    Kind.CONGRATULATION: (SORROW,),
    Kind.THANKS: (SORROW,),
    Kind.INVITATION: (SORROW,),
}
"""Kind -> what its text may not speak of."""


def mixed(kind: str, text: str) -> Iterator[tuple[str, list[str]]]:
    """The other occasions that the text of this kind speaks of, with the words that do."""
    for vocabulary in NOT_IN.get(kind, ()):
        if words := vocabulary.found(text):
            yield vocabulary.name, words
