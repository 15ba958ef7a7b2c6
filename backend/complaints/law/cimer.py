"""CİMER's number of an application: one spelling of what people write in many."""

from __future__ import annotations

import re
import unicodedata

from backend.core.symbolic import symbolic
from backend.core.words.text import clean, tr_fold

NORMAL = r"^[0-9A-Z]*$"
"""What a normalised number is made of; the database asks for it too."""
_DECIMALS = re.compile(
    r"(?<=\d)[.,]0{1,2}$"
)  # what a spreadsheet adds; a group of thousands has three digits
_REST = re.compile(r"[^0-9a-z]+")


@symbolic(str)
def cimer_number(text: str) -> str:
    """The number without spaces, dashes and dots, in the digits 0 to 9 whatever script wrote them.

    “2600 123456”, “2600-123456” and “２６００１２３４５６” are 2600123456. Idempotent.
    """
    result = unicodedata.normalize("NFKC", clean(text))
    result = "".join(str(unicodedata.decimal(letter, letter)) for letter in result)
    return _REST.sub("", tr_fold(_DECIMALS.sub("", result))).upper()[:60]
