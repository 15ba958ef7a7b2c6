"""Spelling that the guide names for letters: names of bodies take their endings without an apostrophe."""

from __future__ import annotations

import re
from collections.abc import Iterator

# What the name of a body ends with: of a whole name (possessed), or standing alone for it.
_BODIES = (
    r"(?:Müdürlüğü|Başkanlığı|Bakanlığı|Kaymakamlığı|Valiliği|Rektörlüğü|Dekanlığı|Müftülüğü|Komutanlığı|Amirliği"
    r"|Müsteşarlığı|Savcılığı|Başsavcılığı|Muhtarlığı|Şefliği|Birliği|Belediyesi|Üniversitesi|Fakültesi|Okulu"
    r"|İlkokulu|Ortaokulu|Lisesi|Kurumu|Kurulu|Meclisi|Encümeni|Komisyonu|Mahkemesi|Hastanesi|Merkezi|İdaresi|Odası"
    r"|Derneği|Vakfı|Sendikası|Şirketi|Kooperatifi|Federasyonu|Bankası|Kütüphanesi"
    r"|Müdürlük|Başkanlık|Bakanlık|Kaymakamlık|Valilik|Belediye|Belediyemiz|Müdürlüğümüz|Başkanlığımız)"
)
_PARTED = re.compile(rf"(?<!\w)({_BODIES})['’]([a-zçğıöşü]+)")
_VOWELS = "aeıioöuü"


def parted(text: str) -> Iterator[tuple[str, str]]:
    """Names of bodies whose ending is parted by an apostrophe, each with how it is written: “Müdürlüğü’nün” →
    “Müdürlüğünün”."""
    for found in _PARTED.finditer(text):
        name, ending = found[1], found[2]
        if name.endswith("k") and ending[0] in _VOWELS:
            name = f"{name[:-1]}ğ"
        yield found[0], name + ending
