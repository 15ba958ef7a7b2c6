"""Turkish case endings of names of bodies and persons, by vowel harmony."""

from __future__ import annotations

import re

from backend.core.words.text import tr_lower, tr_upper

VOWELS = "aeıioöuü"
_CIRCUMFLEX = str.maketrans("âîû", "aiu")
_HIGH = {"a": "ı", "ı": "ı", "e": "i", "i": "i", "o": "u", "u": "u", "ö": "ü", "ü": "ü"}

# Words with a thin last l or t: they take front endings whatever their vowel.
_FRONT = re.compile(
    r"(kabul|hal|usul|rol|petrol|protokol|alkol|futbol|voleybol|basketbol|saat|sıhhat|dikkat|harf|hakikat|şefkat"
    r"|meşgul|kemal|celal|bilal|ikbal|istikbal|istiklal|emsal|ihtimal|ihmal|mahsul|mesul|festival|terminal|gol"
    r"|sembol|seyahat|hilal|iclal|ziraat|sadakat|menfaat|kontrol)"
)

# Bare words that end in a narrow vowel: no possessive, so -y- and not -n-.
_BARE = re.compile(r"(sanayi|kamu|yapı|gazi|mali|vali|kadı|taksi|mahalli|cami|büro|ordu|yalı|bayi|müftü)")


def _vowels(word: str) -> list[str]:
    return [letter for letter in tr_lower(word).translate(_CIRCUMFLEX) if letter in VOWELS]


def is_front(word: str) -> bool:
    """Whether its endings have e, i, ü."""
    result = _vowels(word)
    return _FRONT.fullmatch(tr_lower(word).translate(_CIRCUMFLEX)) is not None or (
        bool(result) and result[-1] in "eiöü"
    )


def _last_word(name: str) -> str:
    return tr_lower(name.split()[-1].strip("\"'”’)")) if name.split() else ""


def is_possessed(name: str) -> bool:
    """Whether the name is a compound like “Sancaktepe Kaymakamlığı”, whose endings begin with -n-."""
    word = _last_word(name)
    if not word or word[-1] not in "ıiuü" or _BARE.fullmatch(word):
        return False
    return len(_vowels(word)) > 1 or len(name.split()) > 1


def _softened(name: str) -> str:
    """k becomes ğ before a vowel in words of several syllables: Kaymakamlık, Kaymakamlığa."""
    word = _last_word(name)
    if word.endswith("k") and len(_vowels(word)) > 1 and word[-2] in VOWELS:
        return name[:-1] + ("Ğ" if name[-1] == "K" else "ğ")
    return name


def dative(name: str) -> str:
    """To whom (yönelme): “Fen İşleri Müdürlüğü” → “Fen İşleri Müdürlüğüne”. As large as the name's last letter."""
    if not name:
        return name
    vowel = "e" if is_front(_last_word(name)) else "a"
    last = _last_word(name)[-1:].translate(_CIRCUMFLEX)
    if is_possessed(name):
        return _joined(name, "n" + vowel)
    return _joined(name, "y" + vowel) if last in VOWELS else _joined(_softened(name), vowel)


def genitive(name: str) -> str:
    """Whose (tamlayan): “Sancaktepe Kaymakamlığı” → “Sancaktepe Kaymakamlığının”."""
    if not name:
        return name
    ending = narrow(name) + "n"
    last = _last_word(name)[-1:].translate(_CIRCUMFLEX)
    return _joined(name, "n" + ending) if last in VOWELS else _joined(_softened(name), ending)


def genitive_of_person(name: str) -> str:
    """“Ayşe IŞIK” → “Ayşe IŞIK’ın”: a person's name keeps its letters, the ending follows an apostrophe."""
    last = _last_word(name)[-1:].translate(_CIRCUMFLEX)
    return f"{name}’{'n' if last in VOWELS else ''}{narrow(name)}n" if name else name


def narrow(name: str) -> str:
    """The narrow vowel of an ending."""
    word = _last_word(name)
    vowel = _HIGH[(_vowels(word) or ["e"])[-1]]
    return {"ı": "i", "u": "ü"}.get(vowel, vowel) if is_front(word) else vowel


def _joined(name: str, ending: str) -> str:
    return name + (tr_upper(ending) if name[-1] == tr_upper(name[-1]) != tr_lower(name[-1]) else ending)
