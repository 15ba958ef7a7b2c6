"""For monitors: whether this process lives, whether the installation works, and its counters."""

from __future__ import annotations

import math
import re

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from backend.core.operation.refusals import RETRY_SECONDS
from backend.core.session import unscoped
from backend.monitoring.judging import State, judge
from backend.monitoring.measuring import measure
from backend.monitoring.metrics import exposition

NO_CONNECTIONS = re.compile("too many clients|connection slots are reserved|too many connections")
"""Of the server's words: libpq tells no SQLSTATE of a connection that was not made."""
STATES = {State.FAILED: "failed", State.ATTENTION: "warning"}


@unscoped
@never_cache
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """200: this process answers. Nothing else is asked; who starts processes again goes by this."""
    return JsonResponse({"status": "ok"})


@unscoped
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200, or 503 with what has failed in `problems`. `seconds` has the ages that decide: of the oldest due job,
    message and webhook, of the worker's and the schedule's last sign, of the backup. Needs no account: it says nothing
    about data."""
    try:
        measured = measure()
        fault, found = "read only" if measured.is_read_only else "", list(judge(measured))
    except Error as error:
        fault, found = "no connections left" if NO_CONNECTIONS.search(str(error)) else "unreachable", []
    problems = [each.check for each in found if each.state is State.FAILED]
    if fault and "database" not in problems:
        problems.insert(0, "database")
    answer = {
        "status": "failed" if problems else "ok",
        "problems": problems,
        "warnings": [each.check for each in found if each.state is State.ATTENTION],
        **{each.check: STATES.get(each.state, "ok") for each in found},
        "seconds": {each.check: math.floor(each.seconds) for each in found if each.seconds is not None},
        **({"database": fault} if fault else {}),
    }
    if not problems:
        return JsonResponse(answer)
    return JsonResponse(answer, status=503, headers={"Retry-After": str(RETRY_SECONDS)})


@unscoped
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, for holders of METRICS_TOKEN; 404 without that setting.

    The address proves nothing: behind a proxy all requests come from this machine.
    """
    wanted = f"Bearer {settings.METRICS_TOKEN}"
    value = request.headers.get("Authorization", "")
    if not settings.METRICS_TOKEN or not constant_time_compare(value, wanted):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
