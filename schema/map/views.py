"""The ground of the map in bounded pieces of JSON at fixed addresses, for anybody: streets and outlines of mahalle."""

from __future__ import annotations

import hashlib
from typing import Any

import orjson
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from backend.core.session import unscoped
from backend.map import squares
from permissions.map import ground

FOR_AN_HOUR = "public, max-age=3600"


@unscoped
@require_safe
def outlines(request: HttpRequest) -> HttpResponse:
    """Every mahalle with its middle and its polygons."""
    return _answer(request, {"places": ground.outlines()})


@unscoped
@require_safe
def square(request: HttpRequest, x: int, y: int) -> HttpResponse:
    """The streets of a square of the web's map at zoom 15. 404 for a square that there is not."""
    bounds = squares.bounds_of(x, y)
    if bounds is None:
        raise Http404
    return _answer(request, {"streets": ground.streets(bounds)})


def _answer(request: HttpRequest, content: dict[str, Any]) -> HttpResponse:
    """Answer with the content, or that it is what the asker has."""
    body = orjson.dumps(content)
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    answer = HttpResponse(
        body, content_type="application/json", headers={"ETag": tag, "Cache-Control": FOR_AN_HOUR}
    )
    known = get_conditional_response(request, etag=tag, response=answer)
    return known if isinstance(known, HttpResponseNotModified) else answer
