"""Answers by status: what the alerts and the dashboard read of each request besides its time."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django_prometheus.middleware import Metrics


class ResponseMetricsMiddleware:
    """Counts answers under the name that `django_prometheus` gives them.

    Its own middleware writes eleven series for each request, by view, transport, charset and size, each into a shared
    file: a twentieth of a small answer. The line of the log has them (`request_log`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.answers = Metrics.get_instance().responses_by_status

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        self.answers.labels(status=response.status_code).inc()
        return response
