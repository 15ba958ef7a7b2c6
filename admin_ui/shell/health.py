"""Whether the installation works: the database answers, the worker lives, there is room for files. And its counters."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from backend.core.operation.worker import worker_lives
from backend.core.refusals import RETRY_SECONDS
from backend.core.session import unscoped

ROOM_NEEDED = 512 * 1024 * 1024
NO_CONNECTIONS = re.compile("too many clients|connection slots are reserved|too many connections")
"""Of the server's words: libpq tells no SQLSTATE of a connection that was not made."""


@unscoped
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 and `ok` for each part, or 503 and what it is. Says nothing about the data, so that a monitor needs no
    account."""
    parts = {name: _state(check) for name, check in CHECKS.items()}
    good = set(parts.values()) == {"ok"}
    response = JsonResponse({"status": "ok" if good else "failed", **parts}, status=200 if good else 503)
    if not good:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


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
    return ExportToDjangoView(request)


def _state(check: Callable[[], str]) -> str:
    try:
        return check()
    except Error as error:
        return "no connections left" if NO_CONNECTIONS.search(str(error)) else "unreachable"
    except OSError:
        return "failed"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean")
        return "read only" if cursor.fetchone() == (True,) else "ok"


def _worker() -> str:
    return "ok" if worker_lives() else "failed"


def _disk() -> str:
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    return "ok" if shutil.disk_usage(settings.MEDIA_ROOT).free >= ROOM_NEEDED else "failed"


CHECKS: dict[str, Callable[[], str]] = {"database": _database, "worker": _worker, "disk": _disk}
