"""Turkish case endings of names of bodies and persons, by vowel harmony."""

from __future__ import annotations

import re

from backend.core.words.text import tr_lower, tr_upper

VOWELS = "aeıioöuü"
_CIRCUMFLEX = str.maketrans("âîû", "aiu")
_HIGH = {"a": "ı", "ı": "ı", "e": "i", "i": "i", "o": "u", "u": "u", "ö": "ü", "ü": "ü"}

# Words with a thin last l or t: they take front endings whatever their vowel. Among the names, those borrowed with it;
# native ones in -al and -ol (Ünal, Erdal, Vural, Birol) are as thick as they look.
_FRONT = re.compile(
    r"(kabul|hal|usul|rol|petrol|protokol|alkol|futbol|voleybol|basketbol|saat|sıhhat|dikkat|harf|hakikat|şefkat"
    r"|meşgul|kemal|cemal|celal|bilal|ikbal|istikbal|istiklal|emsal|ihtimal|ihmal|mahsul|mesul|festival|terminal|gol"
    r"|sembol|seyahat|hilal|iclal|ziraat|sadakat|menfaat|kontrol|meral|nihal|zuhal|neval|resul|ideal|medikal|dental"
    r"|kapital|metal|mineral|kristal|general|amiral|mareşal|santral|orijinal|final|moral|ihlal|işgal|iptal|misal|sual|makbul"
    r"|meçhul|termal|sosyal|global|liberal)"
)

# Bare words that end in a narrow vowel: no possessive, so -y- and not -n-.
_BARE = re.compile(
    r"(sanayi|kamu|yapı|gazi|mali|vali|kadı|taksi|mahalli|cami|büro|ordu|yalı|bayi|müftü|kredi|enerji|\w+loji|strateji"
    r"|metalurji|sinerji|akademi|endüstri|galeri|ekonomi|terapi|fizyoterapi|deri|emlakçı|kuyumcu|yayıncı|eczacı|nakliyeci)"
)

# An abbreviation with a point is read as the words it stands for; one of capitals as a word, or by its letters.
_READ = {"a.ş.": "şirketi", "şti.": "şirketi"}
_CAPITALS = re.compile(r"[A-ZÇĞİÖŞÜ]{2,7}")
_BY_LETTERS = re.compile(r"[^aeıioöuü]+|.*(?:[^aeıioöuü]{3}|([^aeıioöuü])\1|[^aeıioöuülmnrsş][^aeıioöuü])")


def _vowels(word: str) -> list[str]:
    return [letter for letter in tr_lower(word).translate(_CIRCUMFLEX) if letter in VOWELS]


def is_front(word: str) -> bool:
    """Whether its endings have e, i, ü."""
    result = _vowels(word)
    return _FRONT.fullmatch(tr_lower(word).translate(_CIRCUMFLEX)) is not None or (
        bool(result) and result[-1] in "eiöü"
    )


def _last_word(name: str) -> str:
    if not name.split():
        return ""
    word = tr_lower(name.split()[-1].strip("\"'”’)"))
    return _READ.get(word, "ke" if is_spelled_out(name) else word)


def is_abbreviation(name: str) -> bool:
    """Whether the name ends with an abbreviation of capitals, as “İGDAŞ” or “Esenler İETT”: not one that is all in
    capitals."""
    *before, last = name.split() or [""]
    return _CAPITALS.fullmatch(last) is not None and (
        not before or "".join(before) != tr_upper("".join(before))
    )


def is_spelled_out(name: str) -> bool:
    """Whether its abbreviation is read by letters: TRT, İETT, but not İGDAŞ."""
    return is_abbreviation(name) and _BY_LETTERS.fullmatch(tr_lower(name.split()[-1])) is not None


def is_possessed(name: str) -> bool:
    """Whether the name is a compound like “Sancaktepe Kaymakamlığı”, whose endings begin with -n-."""
    word = _last_word(name)
    if not word or word[-1] not in "ıiuü" or _BARE.fullmatch(word):
        return False
    return len(_vowels(word)) > 1 and not is_abbreviation(name)


def _softened(name: str) -> str:
    """k becomes ğ before a vowel in words of several syllables: Kaymakamlık, Kaymakamlığa."""
    word = _last_word(name)
    if is_abbreviation(name):
        return name
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
    if _last_word(name) == "su":  # the one word whose genitive has y: suyun
        return _joined(name, "y" + ending)
    return _joined(name, "n" + ending) if last in VOWELS else _joined(_softened(name), ending)


def genitive_of_person(name: str) -> str:
    """“Ayşe IŞIK” → “Ayşe IŞIK’ın”: a person's name keeps its letters, the ending follows an apostrophe."""
    spoken = tr_lower(name)  # a surname in capitals is no abbreviation
    last = _last_word(spoken)[-1:].translate(_CIRCUMFLEX)
    return f"{name}’{'n' if last in VOWELS else ''}{narrow(spoken)}n" if name else name


_KIN = re.compile(
    r"(anne|baba|eş|kardeş|ağabey|abla|oğul|kız|evlat|çocuk|torun|dede|nine|babaanne|anneanne|büyükanne|büyükbaba|amca"
    r"|dayı|hala|teyze|enişte|yenge|yeğen|kuzen|gelin|damat|kayınpeder|kayınvalide|kayınbaba|kayınanne|kayınbirader"
    r"|baldız|görümce|elti|bacanak|nişanlı|yakın)"
)
_CHANGED_STEMS = {"oğul": "oğl", "evlat": "evlad", "damat": "damad"}
_OF_OTHERS = {"oğlu": "oğul", "çocuğu": "çocuk", "evladı": "evlat", "damadı": "damat", "bacanağı": "bacanak"}


def yours(relative: str) -> str:
    """A word of kinship as one speaks to the bereaved: baba or babası → babanız, oğul → oğlunuz; other words as they
    are."""
    before, blank, last = relative.rpartition(" ")
    word = tr_lower(last)
    if not _KIN.fullmatch(word):
        word = _OF_OTHERS.get(word) or re.sub(r"(?<=[aeıioöuü])s[ıiuü]$|(?<=[^aeıioöuü])[ıiuü]$", "", word)
    if not _KIN.fullmatch(word):
        return relative
    stem = _softened(_CHANGED_STEMS.get(word, word))
    vowel = narrow(word)
    whole = f"{stem}{'' if stem[-1] in VOWELS else vowel}n{vowel}z"
    return f"{before}{blank}{last[0]}{whole[1:]}"


def narrow(name: str) -> str:
    """The narrow vowel of an ending."""
    word = _last_word(name)
    vowel = _HIGH[(_vowels(word) or ["e"])[-1]]
    return {"ı": "i", "u": "ü"}.get(vowel, vowel) if is_front(word) else vowel


def _joined(name: str, ending: str) -> str:
    if is_abbreviation(name):
        return f"{name}’{ending}"
    return name + (tr_upper(ending) if name[-1] == tr_upper(name[-1]) != tr_lower(name[-1]) else ending)
