"""Words of one occasion in a letter of another: no tebrik in a taziye, no sorrow in a congratulation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from backend.core.words.text import tr_lower
from backend.letters.choices import Kind


@dataclass(frozen=True)
class Vocabulary:
    """What gives an occasion away: beginnings of words and fixed phrases. `doubtful`: what may also refer to other
    times, as of a happy memory."""

    name: str
    words: tuple[str, ...]
    doubtful: tuple[str, ...] = ()

    def found(self, text: str) -> list[str]:
        lowered = tr_lower(text)
        return [w for w in (*self.words, *self.doubtful) if re.search(rf"(?<!\w){re.escape(w)}", lowered)]


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
        "mutlu yıllar",
        "hayırlı olsun",
        "hayırlı uğurlu",
        "başarılarınızın devam",
        "sevincinizi",
        "nice yıllara",
        "mübarek olsun",
        "gözünüz aydın",
    ),
    doubtful=("mutluluk",),
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


def mixed(kind: str, text: str) -> Iterator[tuple[str, list[str], bool]]:
    """The other occasions that the text of this kind speaks of, with the words that do, and whether they must go."""
    for vocabulary in NOT_IN.get(kind, ()):
        if words := vocabulary.found(text):
            yield vocabulary.name, words, any(word in vocabulary.words for word in words)


def forbidden(kind: str, text: str) -> Iterator[tuple[str, list[str]]]:
    """What of it may never stand there, as in a text that is kept for many letters."""
    for name, words, is_error in mixed(kind, text):
        if is_error:
            yield name, words
