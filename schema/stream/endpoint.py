"""Endpoint of subscriptions: accepts or refuses a request; `application` streams the events."""

from __future__ import annotations

from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from backend.core.errors import DomainError
from backend.core.operation.refusals import refusing_as
from backend.core.session import unscoped
from schema.http.pipeline import Exchange, check_admission
from schema.http.request_errors import BadRequest
from schema.http.responses import in_this_form, refused
from schema.stream.subscriber import Subscriber

EVENTS = "text/event-stream"


class Opened(HttpResponse):
    """Accepted: its subscriber knows the first and the following events."""

    def __init__(self, subscriber: Subscriber) -> None:
        super().__init__(content_type=f"{EVENTS}; charset=utf-8")
        self.subscriber = subscriber
        self["Cache-Control"] = "no-store"
        self["X-Accel-Buffering"] = "no"
        self["X-Content-Type-Options"] = "nosniff"


@unscoped
@refusing_as(in_this_form)
@csrf_exempt  # the session's CSRF token is asked for in `authentication.session`; a bearer needs none
def stream(request: HttpRequest) -> HttpResponse:
    """POST a subscription, by GET with a token: graphql-sse in its mode of distinct connections."""
    exchange = Exchange.of(request)
    try:
        if not hasattr(request, "follows"):
            message = _(
                "Subscriptions are followed in another process, which does not answer. Ask again, by query."
            )
            raise BadRequest(message, 503, "BUSY")
        if EVENTS not in request.headers.get("Accept", "") and "*/*" not in request.headers.get(
            "Accept", "*/*"
        ):
            raise BadRequest(_("Subscriptions are sent as text/event-stream: accept it."), 406)
        check_admission(exchange)
        subscriber = Subscriber(exchange.operation)
        subscriber.begin(request)
        opened = Opened(subscriber)
        exchange.metered.set_headers(opened, failed=False)
        return opened
    except (BadRequest, DomainError, Error) as error:
        response = refused(request, error)
        exchange.metered.set_headers(response, failed=True)
        return response
