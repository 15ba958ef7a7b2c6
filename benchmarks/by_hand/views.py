"""The limit: the same server, the same token, the same viewer and read log, and one statement written by hand."""

from __future__ import annotations

from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from backend.core.session import prepared
from benchmarks.by_hand.statements import statement, taken
from permissions.core import scope
from schema.http.authentication import session


@csrf_exempt
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """The answer to one of the questions; the body of the request holds what it takes."""
    given = orjson.loads(request.body)
    with session(request) as viewer:
        values: dict[str, Any] = {
            "departments": sorted(viewer.departments),
            "contacts": sorted(viewer.contacts_in & viewer.departments),
            "user": viewer.user_id,
            **taken(given),
        }
        with prepared(*statement(key, viewer.sees_all, values)) as cursor:
            result = cursor.pgresult
            assert result is not None  # noqa: S101 - a SELECT has a result
            text, persons = result.get_value(0, 0) or b"null", result.get_value(0, 1) or b"{}"
        scope.log_access(map(int, filter(None, persons[1:-1].split(b","))), purpose="GraphQL")
    response = HttpResponse(b'{"data":' + text + b"}", content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
