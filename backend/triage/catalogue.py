"""What the catalogue says to the router: its words as if they were texts, and which of its codes a label means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from backend.complaints.suggestion import Catalogue
from backend.core.words.text import tr_tokens
from backend.organization.models import Category, Department
from backend.triage.learning.fitting import Example

CATEGORY, UNIT, PRIORITY = "category", "unit", "priority"
_ENDINGS = (" mudurlugu", " sube mudurlugu", " baskanligi", " birimi", " servisi")


@dataclass(frozen=True)
class Names:
    """What labels may be called: folded name or code -> code; `parent`: category -> the one above it."""

    categories: dict[str, str]
    units: dict[str, str]
    parent: dict[str, str]

    def category_of(self, label: str) -> str | None:
        return self.categories.get(folded(label))

    def unit_of(self, label: str) -> str | None:
        return self.units.get(folded(label))


def folded(label: str) -> str:
    """A label as it is compared: "Fen İşleri Müdürlüğü", "fen-isleri" and "FEN ISLERI" are one."""
    name = tr_tokens(label)
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return name


def words_of(catalogue: Catalogue) -> list[Example]:
    """The name and the words of each category, labelled with it and with its unit where that is one."""
    return [
        Example(
            f"{row.name} {' '.join(row.keywords)}",
            {CATEGORY: row.code}
            | ({UNIT: row.candidates[0]} if len(row.candidates) == 1 and not row.is_ambiguous else {}),
        )
        for row in catalogue.categories
        if row.keywords
    ]


def names() -> Names:
    """The names of what the house has."""
    categories = Category.objects.values_list("code", "name", "parent__code")
    units = Department.objects.values_list("code", "name", "short_name")
    return named(list(categories), list(units))


def named(categories: Iterable[tuple[str, str, str | None]], units: Iterable[tuple[str, str, str]]) -> Names:
    """Names of categories (code, name, code of the parent) and of units (code, name, short name)."""
    rows = list(categories)
    return Names(
        categories={folded(text): code for code, name, _parent in rows for text in (code, name)},
        units={folded(text): code for code, *texts in units for text in (code, *texts)},
        parent={code: parent for code, _name, parent in rows if parent},
    )
