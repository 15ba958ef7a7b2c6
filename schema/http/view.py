"""The address of GraphQL over HTTP: an operation, or for a person in a browser the page to explore."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie

from backend.core.refusals import refusing_as
from backend.core.session import unscoped
from schema.http import pipeline
from schema.http.responses import in_this_form

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
    return pipeline.answer(request)


@ensure_csrf_cookie
def explorer(request: HttpRequest) -> HttpResponse:
    """The GraphiQL page from our own files."""
    if not request.user.is_authenticated:
        return redirect(f"{reverse(settings.LOGIN_URL)}?next={request.path}")
    response = render(request, "schema/graphiql.html", {"example": EXAMPLE})
    response["Cache-Control"] = "no-store"
    return response
