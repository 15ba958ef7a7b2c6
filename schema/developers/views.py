"""`/gelistirici/`: pages for the developer on the other side. Public, the same for everybody, and made once a process.

The frame is in the reader's language; the reference, the guide and the errors are English.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from schema.developers import changes, markdown, reference

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = {
    "rehber": (_("Guide"), "portals.md"),
    "hatalar": (_("Error codes"), "errors.md"),
    "degisiklikler": (_("Changes of the schema"), "schema-changes.md"),
}
"""Address -> title and file below docs/."""


def _public(view: Any) -> Any:
    """Everybody may keep it for five minutes, and asks then whether it is still the same."""
    return require_safe(conditional_page(cache_control(public=True, max_age=300)(view)))


def _page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    documents = [
        (reverse("developer_document", args=[at]), title) for at, (title, _file) in DOCUMENTS.items()
    ]
    return render(request, f"schema/developers/{template}.html", {"documents": documents, **context})


@_public
def start(request: HttpRequest) -> HttpResponse:
    """The way in: the guide, what portals ask and say, and every type by its kind."""
    return _page(request, "start", portals=reference.for_portals(), kinds=reference.by_kind())


@_public
def search(request: HttpRequest) -> HttpResponse:
    """Types and fields that are called so, or are described so."""
    asked = request.GET.get("q", "")[:100]
    match = reference.search(asked)
    return _page(request, "search", asked=asked, found=match, many=len(match) == reference.FOUND)


@_public
def type_page(request: HttpRequest, name: str) -> HttpResponse:
    """One type of the schema."""
    result = reference.page(name)
    if result is None:
        raise Http404
    return _page(request, "type", type=result)


@_public
def document(request: HttpRequest, name: str) -> HttpResponse:
    """A page of docs/. That of the changes begins with what is not released yet."""
    if name not in DOCUMENTS:
        raise Http404
    title, file = DOCUMENTS[name]
    latest = ""
    if file == "schema-changes.md" and (result := changes.since_release()):
        latest = markdown.html(changes.markdown(result, changes.accepted()))
    safe = mark_safe(latest)  # noqa: S308 - escaped by markdown
    body, sections = _body(file), _contents(file)
    return _page(request, "document", title=title, body=body, contents=sections, latest=safe)


@cache
def _contents(file: str) -> list[tuple[str, str]]:
    return markdown.contents((ROOT / "docs" / file).read_text(encoding="utf-8"))


@cache
def _body(file: str) -> str:
    text = (ROOT / "docs" / file).read_text(encoding="utf-8")
    return mark_safe(markdown.html(text, _link))  # noqa: S308 - escaped by markdown


def _link(to: str) -> str:
    """Where a link of docs/ leads here: to the page of that file, or nowhere if no page shows it."""
    if to.startswith(("https://", "http://", "#")):
        return to
    file, _hash, part = to.partition("#")
    for name, (_title, known) in DOCUMENTS.items():
        if file.rpartition("/")[2] == known:
            return reverse("developer_document", args=[name]) + (f"#{part}" if part else "")
    if file.endswith("schema.graphql"):
        return reverse("graphql_sdl")
    return to if file.startswith("/") else ""
