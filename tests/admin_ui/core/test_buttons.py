"""What a page offers is what `viewerCan` lists: for every kind of row with verbs, in every state, for every member."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db import DatabaseError, transaction
from django.db.models import Model
from django.test import Client

from admin_ui.core.screen import ScopedAdmin
from backend.core.session import dry_run, system
from permissions.core.filters import VerbTable
from permissions.core.registry import VERB_TABLES
from schema.core.nodes import MODELS, encode
from tests.cast import CONTENT, Cast, Populated, in_mind
from tests.harness import tiers
from tests.schema.client import Asking

ELSEWHERE: dict[str, set[str]] = {
    "GreetingBatch": {"ADD", "REMOVE"},  # on the page of its recipients
    "Event": {"CHECK_IN"},  # at the door
    "ProgrammeEntry": {
        "HAND_OVER"
    },  # offered to somebody who keeps two programmes; that is no matter of the row
}
"""Verbs of a kind of row that are done on another page than its own."""


def _pages() -> Iterator[tuple[type[Model], VerbTable, ScopedAdmin]]:
    for model, table in VERB_TABLES.items():
        page = admin.site._registry.get(model)
        if isinstance(page, ScopedAdmin):
            yield model, table, page


def _offered(html: str, key: object, table: VerbTable) -> set[str]:
    """The verbs to which a link or a form of the page leads."""
    slugs = set(re.findall(r"\?do=([a-z_]+)", html)) | set(re.findall(rf"/{key}/([a-z_]+)/", html))
    return {str(verb) for verb in table.verbs if str(verb).lower() in slugs}


def _states(row: Model, table: VerbTable) -> Iterator[str]:
    """Put the row into each state that its table of the database allows, the one it is in first."""
    model, now = type(row), str(row.status)  # type: ignore[attr-defined]
    yield now
    for status in table.statuses.values:
        if status != now:
            try:
                with system(), transaction.atomic():
                    model._default_manager.filter(pk=row.pk).update(status=status)
            except DatabaseError:
                continue
            yield status


def _can(asking: Asking, name: str, row: Any) -> set[str] | None:
    query = f"query ($id: ID!) {{ node(id: $id) {{ ... on {name} {{ viewerCan }} }} }}"
    found = asking.data(query, id=encode(name, row.key))["node"]
    return None if found is None else set(found["viewerCan"])


def _differences(client: Client, asking: Asking, row: Any, table: VerbTable, page: ScopedAdmin) -> list[str]:
    name = MODELS[type(row)]
    can = _can(asking, name, row)
    answer = client.get(page.url_of(row), headers=CONTENT)
    if can is None:
        return [] if answer.status_code == 404 else [f"{name}: a page of a row that is no node"]
    if answer.status_code != 200:
        return [f"{name}: {answer.status_code}"]
    offered = _offered(answer.content.decode(), row.key, table)
    expected = can - ELSEWHERE.get(name, set())
    return (
        [f"{name} {row.status}: page {sorted(offered)}, viewerCan {sorted(expected)}"]
        if offered != expected
        else []
    )


@in_mind()
def test_a_page_offers_what_viewer_can_lists(cast: Cast, populated: Populated) -> None:
    # A program has no screens.
    askings = {member: Asking(user) for member, user in cast.people().items() if user.is_staff}
    differences: set[str] = set()
    for model, table, page in tiers.sample(list(_pages()), 9):
        with system():
            row: Any = model._default_manager.order_by("pk").first()
        assert row, model
        with dry_run():
            for status in _states(row, table):
                row.status = status
                for member, asking in askings.items():
                    differences |= {
                        f"{member}: {one}" for one in _differences(asking.client, asking, row, table, page)
                    }
    assert not differences, "\n".join(sorted(differences))
