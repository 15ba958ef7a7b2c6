"""A list without rows says what would stand there and what to do; one that is only narrowed says that instead."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.utils.html import escape
from django.utils.translation import override

from admin_ui.core.listing import Dates
from admin_ui.core.screen import ScopedAdmin
from tests.cast import Cast, signed_in
from tests.factories import make_complaint

NO_LIST = {"DepartmentGrant"}
"""Who may what is a table of all departments, never a list of rows."""
LISTS = {
    model.__name__: page
    for model, page in admin.site._registry.items()
    if isinstance(page, ScopedAdmin) and model.__name__ not in NO_LIST
}
NARROWED = "Aradığınıza uyan kayıt yok."
OTHER_TAB = "Bu sekmede şu anda kayıt yok."


def _sentence(page: ScopedAdmin) -> str:
    with override("tr"):
        return str(page.empty)


def test_every_list_has_a_sentence_of_its_own_in_turkish() -> None:
    turkish = [_sentence(page) for page in LISTS.values()]
    assert len(set(turkish)) == len(turkish) >= 17
    with override("en"):
        assert not {str(page.empty) for page in LISTS.values()} & set(turkish)
    for sentence in turkish:
        assert sentence.count(".") >= 2 or ":" in sentence, f"what to do is missing: {sentence}"
        assert "süzgeç" not in sentence.lower()


@pytest.mark.parametrize("name", sorted(LISTS))
def test_an_empty_list_says_what_would_stand_here_and_a_narrowed_one_does_not(
    name: str, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = LISTS[name]
    nothing = page.model._default_manager.none()
    monkeypatch.setattr(type(page), "get_queryset", lambda *_args: nothing)
    reader = signed_in(cast.office_head)
    if name == "ApiToken":
        reader = signed_in(cast.administrator)
    address = page.url("changelist")
    empty = _told(reader.get(address))
    assert escape(_sentence(page)) in empty
    assert NARROWED not in empty
    query = next((f"{item.name}_from=2100-01-01" for item in page.filters if isinstance(item, Dates)), "")
    query = "q=bulunmayacak" if page.searches else query
    if query:
        narrowed = _told(reader.get(f"{address}?{query}"))
        assert NARROWED in narrowed
        assert escape(_sentence(page)) not in narrowed


def _told(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode().split('<div class="ok-empty">')[1])


def test_a_tab_without_rows_leads_to_the_others(cast: Cast) -> None:
    make_complaint(to=cast.fen)
    clerk = signed_in(cast.fen_clerk)
    assert OTHER_TAB in _told(clerk.get("/admin/complaints/complaint/?tab=closed"))
    assert "Önünüzde henüz başvuru yok." in _told(
        signed_in(cast.park_clerk).get("/admin/complaints/complaint/?tab=closed")
    )
