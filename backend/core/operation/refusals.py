"""How a door says in its own form that a request is not served: its programs read JSON, XML or a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

RETRY_SECONDS = 10
"""What Retry-After says while the database is away."""
_FORM = "refusal_form"


class Refusal(NamedTuple):
    """A refusal for the client: the code that programs read, the sentence for people, the HTTP status."""

    code: str
    message: str
    status: int


Form = Callable[..., HttpResponse | None]
"""(request, refusal, the arguments of the address) -> the answer; None: as a page is answered."""


def refusing_as[V: Callable[..., Any]](form: Form) -> Callable[[V], V]:
    """Mark a view whose clients expect refusals in a form of their own. Put it outermost."""

    def marked(view: V) -> V:
        setattr(view, _FORM, form)
        return view

    return marked


def in_its_form(request: HttpRequest, refusal: Refusal) -> HttpResponse | None:
    """Answer as the view of this address does; None where it has no form of its own. Asks no database."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return None
    form: Form | None = getattr(match.func, _FORM, None)
    return form(request, refusal, **match.kwargs) if form else None
