"""What other services add to the page of a row: panels on it, and pages below it.

A service registers what it adds; the page imports none of them. Its template says where panels stand:
`{% panels "side" row %}`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import HttpResponse

Context = Callable[[Any], dict[str, object]]
View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Panel:
    """`context`: what its template shows of a row; empty where the viewer may not see it, and then it is not there.

    It is called while the page is drawn, so it refuses nothing: no DomainError."""

    template: str
    context: Context


PANELS: dict[tuple[type, str], list[Panel]] = defaultdict(list)
PAGES: dict[type[Model], list[tuple[str, View, str]]] = defaultdict(list)
"""Below the address of a row: the tail of the address, the view, the name."""


def panel(template: str, place: str, *models: type) -> Callable[[Context], Context]:
    """Register the decorated function as the context of a panel on the pages of these models, or of what is no row."""

    def register(context: Context) -> Context:
        for model in models:
            PANELS[model, place].append(Panel(template, context))
        return context

    return register


def panels_of(row: object, place: str) -> list[tuple[str, dict[str, object]]]:
    """The panels of a row that the viewer sees there, in the order of their registration: template and context."""
    shown = [(one.template, one.context(row)) for one in PANELS.get((type(row), place), ())]
    return [(template, context) for template, context in shown if context]
