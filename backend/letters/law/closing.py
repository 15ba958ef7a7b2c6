"""arz / rica (m.16/12): the closing that follows from whose rank signs and who is addressed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from backend.core.words.text import clean, tr_lower
from backend.letters.choices import AddresseeKind, Capacity, Office
from backend.letters.law import articles
from backend.letters.law.articles import ARZ, ARZ_VE_RICA, RICA, SAYGI
from backend.letters.law.parts import Addressee, Signatory

_ENDING = re.compile(r"(arz ve rica|arz/rica|arz|rica) ederi[mz]\W*$|(arz olunur|rica olunur)\W*$")
_PERSONAL = re.compile(
    r"(saygılarımla|saygılarımızla|saygı ve sevgilerimle|dileklerimle|dileklerimizle|sunulur|sunarım)\W*$"
)


@dataclass(frozen=True)
class Closing:
    """The proposed last words, why, and by which article."""

    text: str
    reasons: tuple[str, ...]
    article: str = articles.CLOSING
    usual: tuple[str, ...] = ()
    """Whole last sentences that are approved for it."""


def asks(signatory: Signatory, addressee: Addressee) -> str:
    """ARZ, RICA or SAYGI towards one addressee. A public body gets arz, since the municipality is superior to
    none."""
    match addressee.kind:
        case AddresseeKind.PERSON:
            return SAYGI
        case AddresseeKind.COMPANY:
            return RICA
        case AddresseeKind.DEPARTMENT:
            return ARZ if signatory.rank == Office.HEAD else RICA
        case _:
            return ARZ


def propose(signatory: Signatory, addressees: Sequence[Addressee]) -> Closing:
    """Propose the closing formula for these addressees, with reasons. Without addressees: arz, which is always
    polite."""
    if not addressees:
        return Closing(ARZ, (_("As long as there is no addressee: arz, which is always polite."),))
    result = tuple(_reason(signatory, addressee) for addressee in addressees)
    wanted = {asks(signatory, addressee) for addressee in addressees} - {SAYGI}
    if not wanted:
        return Closing(SAYGI, result)
    if wanted == {ARZ, RICA}:
        mixed = _("Some of the addressees get arz and others rica: arz ve rica.")
        return Closing(ARZ_VE_RICA, (*result, mixed))
    return Closing(wanted.pop(), result)


def _reason(signatory: Signatory, addressee: Addressee) -> str:
    who = {"name": addressee.name, "office": Office(signatory.rank).label}
    match addressee.kind:
        case AddresseeKind.PERSON:
            return _("A person is written to with respects (Saygılarımla).")
        case AddresseeKind.COMPANY:
            return _("%(name)s: a legal person of private law gets rica.") % who
        case AddresseeKind.DEPARTMENT if signatory.rank == Office.HEAD:
            return _("%(name)s: a department is the equal of the one that signs: arz.") % who
        case AddresseeKind.DEPARTMENT if signatory.capacity == Capacity.OWN:
            return _("%(name)s: stands below the office that signs (%(office)s): rica.") % who
        case AddresseeKind.DEPARTMENT:
            return (
                _("%(name)s: the letter is signed with the rank of another office (%(office)s): rica.") % who
            )
        case AddresseeKind.MAYORALTY:
            return _("The mayor's office stands above: arz.")
        case _:
            return _("%(name)s: a public body above or of equal rank: arz.") % who


def formula_of(text: str) -> str:
    """The closing that a text ends with: ARZ, RICA, ARZ_VE_RICA, SAYGI, or nothing."""
    end = tr_lower(clean(text))
    if match := _ENDING.search(end):
        word = (match[1] or match[2]).removesuffix(" olunur")
        return {"arz": ARZ, "rica": RICA}.get(word, ARZ_VE_RICA)
    return SAYGI if _PERSONAL.search(end) else ""
