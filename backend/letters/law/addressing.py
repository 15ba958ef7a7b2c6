"""Muhatap: how a letter names the one it goes to (m.14), and the order of several (dağıtım, m.19)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from backend.core.words.text import clean, line, official_name, tr_fold, tr_lower, tr_upper
from backend.letters.choices import AddresseeKind, Purpose
from backend.letters.law.grammar import dative
from backend.letters.law.parts import Addressee

TO_SEVERAL = "DAĞITIM YERLERİNE"
TO_MAYORALTY = "BAŞKANLIK MAKAMINA"

_ABBREVIATIONS = {
    r"A\.\s?Ş\.?(?=\s|$)": "Anonim Şirketi",
    r"Ltd\.\s?Şti\.?(?=\s|$)": "Limited Şirketi",
    r"\bŞti\.": "Şirketi",
    r"\bLtd\.": "Limited",
    r"\bSan\.": "Sanayi",
    r"\bTic\.": "Ticaret",
    r"\bİnş\.": "İnşaat",
    r"\bGn\.\s?Md\.?\b": "Genel Müdürlüğü",
    r"\b(?:Müd|Md)\.(?=\s|$)": "Müdürlüğü",
    r"\bBşk\.(?=\s|$)": "Başkanlığı",
    r"\bBel\.\s": "Belediyesi ",
}
_STATE = re.compile(r"^T\.?\s?C\.?\s+")
_CAPITALS = re.compile(r"^[A-ZÇĞİÖŞÜ]{2,6}$")
_DOTTED = re.compile(r"\w\.(\s|$)")


def full_name(name: str, known: Mapping[str, str] | None = None) -> str:
    """The name without T.C. and without abbreviations: known bodies by their record, usual ones written out."""
    text = _STATE.sub("", line(name))
    text = _of_record(text, known or {})
    for pattern, words in _ABBREVIATIONS.items():
        text = re.sub(pattern, words, text)
    return text


def _of_record(text: str, known: Mapping[str, str]) -> str:
    """“İSKİ”, “İSKİ Genel Müdürlüğü” → the full name, whose end the rest may repeat."""
    by_fold = {tr_fold(short): full for short, full in known.items() if short}
    if (full := by_fold.get(tr_fold(text))) is not None:
        return full
    first, _blank, rest = text.partition(" ")
    full = by_fold.get(tr_fold(first)) if _CAPITALS.match(first) else None
    if full is None:
        return text
    return full if tr_fold(full).endswith(tr_fold(rest)) else f"{full} {rest}"


def abbreviations(name: str, known: Mapping[str, str] | None = None) -> list[str]:
    """What in a typed name is an abbreviation, and so may not stand in a muhatap."""
    text = _STATE.sub("", clean(name))
    words = text.split()
    shouted = text == tr_upper(text)
    short = {tr_fold(one) for one in known or {} if _CAPITALS.match(one)}
    items = [w for w in words if tr_fold(w) in short or (not shouted and _CAPITALS.match(w))]
    return items + [w for w in words if _DOTTED.search(w) and not w[0].isdigit() and w not in items]


def addressed(addressee: Addressee, known: Mapping[str, str] | None = None) -> list[str]:
    """The lines of a muhatap: the name in capitals with its ending, a unit in brackets below; a person after Sayın,
    the office they hold below."""
    if addressee.kind == AddresseeKind.PERSON:
        return [line for line in (f"Sayın {person_name(addressee)}", clean(addressee.title)) if line]
    if addressee.kind == AddresseeKind.MAYORALTY:
        return [TO_MAYORALTY]
    name = full_name(addressee.full_name or addressee.name, known)
    unit = f"({full_name(addressee.unit)})" if addressee.unit else ""
    return [line for line in (tr_upper(dative(name)), unit) if line]


def person_name(addressee: Addressee) -> str:
    """“Ayşe IŞIK”. Without a surname of its own the last word is taken for it."""
    first, last = clean(addressee.name), clean(addressee.surname)
    if not last:
        first, _blank, last = first.rpartition(" ")
    return official_name(first, last)


_OFFICIAL = re.compile(
    r"(müdürlüğü|başkanlığı|kaymakamlığı|valiliği|bakanlığı|rektörlüğü|müftülüğü|komutanlığı|savcılığı|dekanlığı"
    r"|muhtarlığı|belediyesi|üniversitesi|okulu|lisesi|kurumu|hastanesi|kurulu|mahkemesi|merkezi)$"
)
_PRIVATE = re.compile(
    r"(a\.\s?ş\.?|şti\.?|şirketi|derneği|vakfı|sendikası|kooperatifi|federasyonu|konfederasyonu|holding|odası|birliği)$"
)


def guess_kind(name: str) -> AddresseeKind:
    """What a typed name that is on no record most likely is: by its last word, otherwise a person."""
    lowered = tr_lower(clean(name))
    if lowered.startswith("sayın "):
        return AddresseeKind.PERSON
    if _OFFICIAL.search(lowered):
        return AddresseeKind.BODY
    return AddresseeKind.COMPANY if _PRIVATE.search(lowered) else AddresseeKind.PERSON


def muhatap(addressees: Sequence[Addressee], known: Mapping[str, str] | None = None) -> list[str]:
    """What stands above the text: the one addressee, or DAĞITIM YERLERİNE for several."""
    if not addressees:
        return []
    return addressed(addressees[0], known) if len(addressees) == 1 else [TO_SEVERAL]


def in_protocol(addressees: Iterable[Addressee]) -> list[Addressee]:
    """By rank in protocol; what has the same rank keeps its order. Bodies, departments, companies, persons."""
    order = {AddresseeKind.BODY: 0, AddresseeKind.MAYORALTY: 0}
    order |= {AddresseeKind.DEPARTMENT: 1, AddresseeKind.COMPANY: 2, AddresseeKind.PERSON: 3}
    return sorted(addressees, key=lambda one: (order[AddresseeKind(one.kind)], one.rank))


def in_distribution(addressee: Addressee, known: Mapping[str, str] | None = None) -> str:
    """One line of a dağıtım: the name as it is, with its ending; a person after Sayın."""
    if addressee.kind == AddresseeKind.PERSON:
        held = f" ({clean(addressee.title)})" if clean(addressee.title) else ""
        return f"Sayın {person_name(addressee)}{held}"
    if addressee.kind == AddresseeKind.MAYORALTY:
        return "Başkanlık Makamına"
    name = dative(full_name(addressee.full_name or addressee.name, known))
    return f"{name} ({full_name(addressee.unit)})" if addressee.unit else name


def distribution(
    addressees: Sequence[Addressee], known: Mapping[str, str] | None = None
) -> dict[str, list[str]]:
    """Gereği and Bilgi, each in protocol order; empty for a single addressee."""
    if len(addressees) < 2:
        return {}
    ordered = in_protocol(addressees)
    return {
        purpose: [in_distribution(one, known) for one in ordered if one.purpose == purpose]
        for purpose in (Purpose.ACTION, Purpose.INFORMATION)
    }
