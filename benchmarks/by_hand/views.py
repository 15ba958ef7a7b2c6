"""The limit: the same server, the same token, the same viewer and read log, and one statement written by hand."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from psycopg import RawCursor

from benchmarks.by_hand.statements import statement, taken
from permissions import scope
from schema.authentication import asker


@csrf_exempt
def answer(request: HttpRequest, key: str) -> HttpResponse:
    """The answer to one of the questions; the body of the request holds what it takes."""
    given = orjson.loads(request.body)
    who = asker(request)
    with scope.session(who.user, who.scopes) as viewer:
        values: dict[str, Any] = {
            "departments": sorted(viewer.departments),
            "contacts": sorted(viewer.contacts_in & viewer.departments),
            "user": viewer.user_id,
            **taken(given),
        }
        text, persons = fetched(*statement(key, viewer.sees_all, values))
        scope.note_reading(persons, purpose="GraphQL")
    response = HttpResponse(b'{"data":' + text + b"}", content_type="application/json; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response


def fetched(text: bytes, parameters: list[Any]) -> tuple[bytes, list[int]]:
    """Prepared from the second time on, on Django's connection; the answer's text is not looked into."""
    connection.ensure_connection()
    raw = connection.connection
    if raw.prepare_threshold is None:
        raw.prepare_threshold = 1
    with RawCursor(raw) as cursor:
        cursor.execute(text, parameters)
        result = cursor.pgresult
        assert result is not None  # noqa: S101 - a SELECT has a result
        persons = result.get_value(0, 1) or b"{}"
        return result.get_value(0, 0) or b"null", [int(one) for one in persons[1:-1].split(b",") if one]
