"""The product's WSGI application with its stages marked; `/_stages` gives what they took since it was asked last."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from django.db import transaction
from gunicorn.http.wsgi import Response

from backend.core.operation.request_log import RequestLogMiddleware
from backend.wsgi import application as product
from benchmarks.stages.marks import mark, marks, staged
from permissions.core import scope
from permissions.plans import one_trip
from permissions.portals import quota
from schema.http import compiled, pipeline
from schema.http.metering import Metered


def _mark_everything() -> None:
    mark(RequestLogMiddleware, "__call__", "middleware")
    mark(pipeline, "answer", "view")
    mark(Metered, "consume_quota", "spend")
    mark(quota, "consume_quota", "spend", asks=True)
    mark(transaction.Atomic, "__enter__", "begin", asks=True)
    mark(transaction.Atomic, "__exit__", "commit", asks=True)
    mark(scope, "_entered", "token, enter", asks=True)
    mark(scope, "_enter_bearer", "token, enter")
    mark(compiled, "asked", "limits")
    mark(compiled.plans, "plan", "plan")
    mark(compiled, "fetched", "statement", asks=True)
    mark(compiled, "noted", "read log")
    mark(one_trip, "read", "one trip", asks=True)
    mark(pipeline, "note", "read log", asks=True)
    for name in ("send_headers", "write", "close"):
        mark(Response, name, "send")


_mark_everything()
answer = staged(product, "WSGI")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    if environ["PATH_INFO"] == "/_stages":
        body = orjson.dumps(marks.taken())
        start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
        return [body]
    response: Iterable[bytes] = answer(environ, start_response)
    marks.know_database()
    return response
