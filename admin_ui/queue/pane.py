"""The row at the side of the queue: which one an address opens, and its page as a piece of the home."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.admin import AdminSite
from django.http import HttpRequest, QueryDict
from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from admin_ui.core.actions import ActionAdmin
from admin_ui.core.parts import frames
from admin_ui.core.parts.trail import FROM, Trail, number, token
from backend.core.errors import DomainError
from permissions.queue.reading import Item
from permissions.queue.sources import SOURCES

MODELS = {source.model._meta.model_name: source.model for source in SOURCES}


@dataclass(frozen=True)
class Opening:
    """What an address asks to be opened: a row and its place, the one behind it, or what stands there after a deed."""

    row: str = ""
    place: int | None = None
    goes_on: bool = False
    is_done: bool = False

    @classmethod
    def of(cls, asked: QueryDict) -> Opening:
        return cls(asked.get("at", ""), number(asked.get("place", "")), "next" in asked, "done" in asked)

    def among(self, items: Sequence[Item], first: int) -> int | None:
        """The place of what is to be opened. After a deed that is the same row while it still waits, else the one that
        took its place; None: the row itself, which is not among these."""
        found = next((place for place, item in enumerate(items, first) if token(item.row) == self.row), None)
        if found is not None:
            return found + self.goes_on
        return self.place if self.goes_on or self.is_done else None


def content(site: AdminSite, request: HttpRequest, row: str, trail: Trail) -> SafeString | None:
    """The page of a row as a piece, and the form of the step that the address names; None where the row is not seen."""
    name, _sign, key = row.partition("-")
    model: Any = MODELS.get(name)
    admin = site._registry.get(model)
    if not isinstance(admin, ActionAdmin) or not type(admin).gate():
        return None
    inner = copy.copy(request)
    inner.method = "GET"
    query = {FROM: trail.value, **({"do": request.GET["do"]} if "do" in request.GET else {})}
    inner.GET = QueryDict(urlencode(query))
    with frames.inside(request):
        try:
            answer = admin.change_view(inner, UUID(key))
        except (DomainError, ValueError):
            return None
        if isinstance(answer, TemplateResponse):
            answer.render()
    return mark_safe(answer.content.decode())  # noqa: S308 - a page of ours
