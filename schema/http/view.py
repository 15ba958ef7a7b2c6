"""The address of GraphQL over HTTP: an operation, or for a person in a browser the page to explore."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.http import conditional_page, require_safe
from django.views.decorators.vary import vary_on_headers

from backend.core.errors import DomainError
from backend.core.operation.refusals import refusing_as
from backend.core.session import unscoped
from schema.app import portal_schema
from schema.http import pipeline, responses
from schema.http.authentication import session
from schema.http.responses import in_this_form

SDL = Path(__file__).resolve().parents[1] / "schema.graphql"
EXAMPLE = """query Inbox {
  complaints(first: 10, orderBy: {field: TARGET_ON}) {
    totalCount
    nodes {
      reference
      subject
      status
      targetOn
      responsibleDepartment {
        shortName
      }
      viewerCan
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""


@unscoped
@refusing_as(in_this_form)
@csrf_exempt  # the session's CSRF token is asked for in `authentication.session`; a bearer needs none
def graphql(request: HttpRequest) -> HttpResponse:
    """POST runs an operation, GET a query of a program with its token; to a person who is signed in, GET shows the page
    to explore. What a query by GET names stands in its address: ask by POST for whatever is personal."""
    if request.method == "GET" and "text/html" in request.headers.get("Accept", "") and not request.GET:
        return explorer(request)
    if request.method == "OPTIONS":
        return responses.options(request)
    return pipeline.answer(request)


@unscoped
@require_safe
@vary_on_headers("Authorization")
@conditional_page
def sdl(request: HttpRequest) -> HttpResponse:
    """The schema as a file, for generators of code; with a portal's token the part that portals use."""
    has_token = "Authorization" in request.headers
    try:
        with session(request) if has_token else nullcontext() as viewer:
            is_portal = viewer is not None and not viewer.may("READ")
    except DomainError as error:
        return responses.refused(request, error)
    response = HttpResponse(_sdl(is_portal), content_type="text/plain; charset=utf-8")
    patch_cache_control(response, private=has_token, public=not has_token, max_age=300)
    return response


@cache
def _sdl(is_portal: bool) -> str:
    return portal_schema().as_str() if is_portal else SDL.read_text(encoding="utf-8")


@ensure_csrf_cookie
def explorer(request: HttpRequest) -> HttpResponse:
    """The GraphiQL page from our own files."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse(settings.LOGIN_URL)}?next={request.path}")
    response = render(request, "schema/graphiql.html", {"example": EXAMPLE})
    response["Cache-Control"] = "no-store"
    return response
