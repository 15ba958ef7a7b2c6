"""A list finds what it shows: the number, the heading and the kind of its first row, as they stand there."""

from __future__ import annotations

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.contrib import admin

from admin_ui.core.screen import ScopedAdmin
from backend.core.words.text import tr_lower, tr_upper
from backend.letters.models import Letter
from tests.cast import Cast, Populated, as_viewer, signed_in

NOT_SEARCHED = {"DepartmentGrant", "AdministrativeLeave", "AccessLog", "Citizen"}
NOT_SEARCHED |= {"RuleTrial", "RouterVersion", "RouterScore"}
"""A table of rights, days without words, who looked where (by day alone), persons (`tests/permissions/search`), periods
tried, and versions and months of figures."""
LISTS = {
    model.__name__: page
    for model, page in admin.site._registry.items()
    if isinstance(page, ScopedAdmin) and model.__name__ not in NOT_SEARCHED
}
SHOWN = {"reference", "subject", "title", "name", "text", "question", "label", "host", "office"}
"""Own columns whose words a list shows as they are stored."""
KINDS = {"kind", "register", "occasion"}
READERS = ("office_head", "secretary", "administrator")


def _first_row(html: str) -> str:
    return html.partition("<tbody>")[2].partition("</tr>")[0]


def _words(cell: str) -> str:
    return " ".join(unescape(re.sub("<[^>]+>", " ", cell)).split())


def _asked(row: Any, name: str) -> dict[str, str]:
    """What of the row a person would type, by column."""
    fields = [field for field in row._meta.fields if field.name in SHOWN | KINDS]
    texts = {
        field.name: str(
            getattr(row, f"get_{field.name}_display")() if field.choices else getattr(row, field.name)
        )
        for field in fields
        if not (field.name in KINDS and name == "Complaint")
    }
    return {column: text for column, text in texts.items() if text}


def test_every_list_finds_its_first_row_by_what_it_shows(cast: Cast, populated: Populated) -> None:
    missed, tried, empty = [], 0, set()
    for name, page in LISTS.items():
        assert page.searches, f"{name} cannot be searched"
        address = page.url("changelist")
        rows = ""
        for who in READERS:
            person = getattr(cast, who)
            client = signed_in(person)
            answer = client.get(f"{address}?tab=all")
            rows = _first_row(answer.content.decode()) if answer.status_code == 200 else ""
            if rows:
                break
        if not rows:
            empty.add(name)
            continue
        row = answer.context["list"].objects[0]
        with as_viewer(person):
            asked = _asked(row, name)
        for field, text in asked.items():
            if text not in _words(rows):
                continue
            tried += 1
            found = client.get(f"{address}?{urlencode({'tab': 'all', 'q': text[:80]})}")
            if row not in found.context["list"].objects:
                missed.append((name, field, text))
    assert not missed
    assert tried > 45, tried
    assert len(empty) <= 8, empty


def test_a_letter_is_found_by_its_own_number_in_any_spelling_and_by_its_kind(
    cast: Cast, populated: Populated
) -> None:
    with as_viewer(cast.secretary):
        letter = Letter.objects.filter(reference__gt="").order_by("pk")[0]
        number, kind, word = letter.reference, letter.get_kind_display(), letter.subject.split()[0]
    prefix, _dash, rest = number.partition("-")
    client = signed_in(cast.secretary)
    for typed in (number, tr_lower(number), f"{prefix} {rest}", rest, kind, tr_upper(kind), f"{kind} {word}"):
        answer = client.get("/admin/letters/letter/", {"tab": "all", "q": typed})
        assert letter in answer.context["list"].objects, typed
    answer = client.get("/admin/letters/letter/", {"tab": "all", "q": f"{kind} bulunmayacak"})
    assert not answer.context["list"].objects
