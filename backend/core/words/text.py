"""Turkish text: cleaning at the door, case, folding for search, keys for sorting.

`tr_lower`, `tr_fold`, `tr_sort_key` and `tr_tokens` give exactly what the SQL functions of `sql/turkish.sql`
give (there the third is called `tr_sortkey`), so a value made here may be compared with an indexed column.
All of them expect NFC, which `clean` makes.  Python's own `lower`/`upper` are wrong for I and i in Turkish;
`str.capitalize` likewise.
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.translation import get_language

from backend.core.symbolic import symbolic
from backend.core.words.spellings import spellings

_UPPER_TO_LOWER = str.maketrans({"I": "ı", "İ": "i", "Σ": "σ"})  # Σ: Python's lower() would look at its place
_LOWER_TO_UPPER = str.maketrans({"i": "İ", "ı": "I"})
_FOLD = str.maketrans("ığüşöçâîû", "igusocaiu")
_ALPHABET = "abcçdefgğhıijklmnoöpqrsştuüvwxyzâîû"
_RANKS = "abcdefghijklmnopqrstuvwxyz{|}~¡¢alz"  # â, î, û stand with a, i, u: Kâmil before Kaya
_SORT = str.maketrans(_ALPHABET, _RANKS)

_LINE_ENDS = re.compile(r"\r\n?|[\x85\u2028\u2029]")
# C0 and C1 controls but tab and newline; lone surrogates (not storable); the byte order mark; and the marks
# that change the reading direction, with which a text can be made to show something it does not say.
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\u202a-\u202e\u2066-\u2069]")
# The letters and digits a token is made of (after folding); the same class stands in sql/turkish.sql.
_NOT_WORD = re.compile("[^0-9a-zß-öø-ɏͰ-ۿ]+")
_BETWEEN_WORDS = re.compile(r"[\W_]+")  # the ranges above hold marks of other scripts, as the database's do
_TITLE_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_CONJUNCTIONS = frozenset({"ve", "veya", "ile"})
# The end of a sentence and the small letter behind it. A number (“3. kat”), a letter (“A.Ş.”), a short word with a
# capital (“Sok.”) and the small ones named here end none.
_SENTENCE = re.compile(
    r"(?:\A|(?<![^\s\"“(])(?!(?:vb|vs|vd|bkz|örn|çev|haz|krş|ort|yay|der|tel|sok|cad|mah|sah)\.)"
    r"(?:[A-ZÇĞİÖŞÜ]?[a-zçğıöşüâîû’']{4,}|[a-zçğıöşüâîû’']{2,})[.!?]+[\"”’)]*\s+|[!?][\"”’)]*\s+)"
    r"([\"“(]*[a-zçğıöşüâîû])(?![\w.]*[@/])"
)
_WORD_START = re.compile(r"(?<![^\W_])(?<![^\W_]['’])[^\W\d_]")

_DOOR = re.compile("[0-9]{1,4}")

MAX_QUERY_TOKENS = 12
MAX_TOKEN_LENGTH = 60


@symbolic(str)
def clean(text: str) -> str:
    """Return `text` as it may be stored: NFC, one kind of line end, no control characters, trimmed.

    Newline and tab stay.  Lone surrogates, which PostgreSQL and UTF-8 refuse, are dropped.  Idempotent.
    """
    text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()


def line(text: str) -> str:
    """`clean`, in one line, with single blanks."""
    return " ".join(clean(text).split())


def tr_lower(text: str) -> str:
    """Lower case by the Turkish alphabet: I→ı, İ→i; one character for one character."""
    return text.translate(_UPPER_TO_LOWER).lower()


def tr_upper(text: str) -> str:
    """Upper case by the Turkish alphabet: i→İ, ı→I."""
    return text.translate(_LOWER_TO_UPPER).upper()


def tr_title(text: str) -> str:
    """Every word with a capital first letter, the rest small: "ıŞIK sokağı'nda" → "Işık Sokağı'nda"."""
    return _WORD_START.sub(lambda match: tr_upper(match[0]), tr_lower(text))


def first_capital(text: object) -> str:
    """The text with a capital first letter, by the alphabet of the language that is shown: imha → İmha in Turkish."""
    message = str(text)
    is_turkish = (get_language() or "").startswith("tr")
    return (tr_upper(message[:1]) if is_turkish else message[:1].upper()) + message[1:]


def ends_a_sentence(text: str) -> bool:
    """Whether what follows a text begins a sentence: nothing stands before it, or a full stop does."""
    return _SENTENCE.search(f"{text} a" if text.strip() else "a", max(len(text) - 80, 0)) is not None and (
        not text.strip() or text.rstrip('"”’) \n\t')[-1:] in ".!?"
    )


def small_beginnings(text: str) -> list[str]:
    """The words with which a sentence begins in lower case."""
    starts = (match.start(1) for match in _SENTENCE.finditer(text))
    return [text[at:].split(maxsplit=1)[0].strip('"“(.,;:!?”’)') for at in starts]


def with_capitals(text: str) -> str:
    """Begin each sentence with a capital, by the Turkish alphabet: "işe başlandı. ilk" → "İşe başlandı. İlk"."""
    return _SENTENCE.sub(lambda match: match[0][: -len(match[1])] + tr_upper(match[1]), text)


def tr_fold(text: str) -> str:
    """Fold case and the Turkish diacritics away, for search only: "IŞIKLAR" → "isiklar".  Idempotent."""
    return tr_lower(text).translate(_FOLD)


def search_form(text: str) -> str:
    """A name as it is looked for: cleaned, in search form, with single blanks."""
    return " ".join(tr_fold(clean(text)).split())


def tr_sort_key(text: str) -> str:
    """A key whose order by code point (`COLLATE "C"`) is the order of the Turkish alphabet, case ignored."""
    return tr_lower(text).translate(_SORT)


def tr_tokens(text: str) -> str:
    """The folded words of `text` with single spaces between them and nothing else: what search looks at."""
    return _NOT_WORD.sub(" ", tr_fold(text)).strip()


@symbolic(str)
def prefix_query(text: str) -> str | None:
    """Convert user input into a safe tsquery text: every word, as a prefix ("isik:* & yan:*").

    A generic word of an address is looked for in all its spellings ("gul:* & (sk:* | sok | sokak:*)"). A number of up
    to four digits among other words is that of a door, and whole: 17 is not 175. Whatever the input (quotes,
    operators, NUL, emoji), the result holds only folded letters and digits, `:*`, `()`, ` & ` and ` | `, so
    `to_tsquery('simple', …)` accepts it. None without letter or digit. At most `MAX_QUERY_TOKENS` words count, each
    once.
    """
    words = _BETWEEN_WORDS.split(tr_tokens(clean(text)))
    tokens = list(dict.fromkeys(word[:MAX_TOKEN_LENGTH] for word in words if word))[:MAX_QUERY_TOKENS]
    return " & ".join(_term(token, is_alone=len(tokens) == 1) for token in tokens) or None


def _term(token: str, *, is_alone: bool) -> str:
    if not is_alone and _DOOR.fullmatch(token):
        return token
    others = spellings(token)
    return f"({' | '.join((f'{token}:*', *others))})" if others else f"{token}:*"


def official_name(first_name: str, last_name: str) -> str:
    """The name as official text writes it, surname in capitals: "Ayşe YILMAZ"."""
    return f"{clean(first_name)} {tr_upper(clean(last_name))}".strip()


def official_title(title: str) -> str:
    """The title as official text writes it: "Ruhsat ve denetim müdürü" → "Ruhsat ve Denetim Müdürü"."""
    return _TITLE_WORD.sub(
        lambda match: match[0] if match[0] in _CONJUNCTIONS else tr_upper(match[0][0]) + match[0][1:],
        clean(title),
    )
