"""For monitors: whether this process lives, whether the installation works, and its counters."""

from __future__ import annotations

import math
import re
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from backend.core.operation.probes import bears_metrics_token
from backend.core.operation.refusals import RETRY_SECONDS
from backend.core.session import unscoped
from backend.core.words.addresses import client_address
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
    """200, or 503. Monitors (`_is_monitor`) read what has failed in `problems`, and in `seconds` the ages that decide:
    of the oldest due job, message and webhook, of the worker's and the schedule's last sign, of the backup. Others read
    whether all works: what is amiss, and since when, tells an attacker when to come."""
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
    if not _is_monitor(request):
        answer = {"status": answer["status"]}
    if not problems:
        return JsonResponse(answer)
    return JsonResponse(answer, status=503, headers={"Retry-After": str(RETRY_SECONDS)})


def _is_monitor(request: HttpRequest) -> bool:
    """Whether it asks from a network of HEALTH_NETWORKS, or with the token of the metrics.

    Behind a proxy that is not counted (PROXY_COUNT) the peer is the proxy and says nothing about who asks.
    """
    if bears_metrics_token(request.headers.get("Authorization", "")):
        return True
    if "X-Forwarded-For" in request.headers and not settings.PROXY_COUNT:
        return False
    address = ip_address(client_address(request))
    return any(address in ip_network(network) for network in settings.HEALTH_NETWORKS if network)


@unscoped
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus metrics, for holders of METRICS_TOKEN; 404 without that setting.

    The address proves nothing: behind a proxy all requests come from this machine.
    """
    if not bears_metrics_token(request.headers.get("Authorization", "")):
        raise Http404
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)
