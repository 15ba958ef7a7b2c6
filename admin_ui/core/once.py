"""A form that is sent twice is carried out once: the session remembers what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from http import HTTPStatus

from django.contrib.messages import ERROR
from django.db import connection
from django.forms import Form
from django.http import HttpRequest, HttpResponseBase

TAKEN = "calls_taken"
"""Where the session remembers what became of the last forms that were sent: {token of the form: what to
show}.
"""


REMEMBERED = 5


def once(request: HttpRequest, form: Form, record: Callable[[], dict[str, str]]) -> dict[str, str]:
    """What became of this form: `record` makes it, and says what to show, unless it was sent before."""
    token = str(form.cleaned_data["once"])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [token])
    _fresh(request)
    taken: dict[str, dict[str, str]] = dict(request.session.get(TAKEN, {}))
    if token not in taken:
        taken = dict([*taken.items(), (token, record())][-REMEMBERED:])
        request.session[TAKEN] = taken
        request.session.save()
    return taken[token]


def what_became(request: HttpRequest, key: uuid.UUID) -> dict[str, str]:
    """What a form that this person sent a moment ago led to; nothing for everybody else."""
    taken = request.session.get(TAKEN, {}).values()
    return next((dict(item) for item in taken if item["key"] == str(key)), {})


PRESSED = "pressed"
"""Where the session remembers the last buttons that were pressed and carried out."""


def pressed(request: HttpRequest, mark: str) -> None:
    """Remember that a button without a form was pressed and carried out."""
    _fresh(request)
    request.session[PRESSED] = [*request.session.get(PRESSED, []), mark][-REMEMBERED:]
    request.session.save()


def was_pressed(request: HttpRequest, mark: str) -> bool:
    """Whether the same press was carried out a moment ago, also by a request at the same time."""
    _fresh(request)
    return bool(mark) and mark in request.session.get(PRESSED, [])


def _fresh(request: HttpRequest) -> None:
    """Read the session again: with what another request saved meanwhile."""
    request.session.__dict__.pop("_session_cache", None)


def was_carried_out(request: HttpRequest, answer: HttpResponseBase) -> bool:
    """Whether a form was carried out: its POST led on, and the page that it leads to will show no error."""
    led_on = answer.status_code in (HTTPStatus.FOUND, HTTPStatus.SEE_OTHER) or "HX-Redirect" in answer.headers
    queued = getattr(getattr(request, "_messages", None), "_queued_messages", ())
    return request.method == "POST" and led_on and not any(message.level >= ERROR for message in queued)
