"""Whether the installation works: the database answers, the worker lives, there is room for files. And its counters."""

from __future__ import annotations

import shutil
from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from backend.core.operation.worker import worker_lives
from backend.core.session import unscoped

ROOM_NEEDED = 512 * 1024 * 1024


@unscoped
@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 and `ok` for each part, or 503. Says nothing about the data, so that a monitor needs no account."""
    answers = {name: _passes(check) for name, check in CHECKS.items()}
    good = all(answers.values())
    parts = {name: "ok" if passed else "failed" for name, passed in answers.items()}
    return JsonResponse({"status": "ok" if good else "failed", **parts}, status=200 if good else 503)


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


def _passes(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, OSError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _disk() -> bool:
    settings.MEDIA_ROOT.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(settings.MEDIA_ROOT).free >= ROOM_NEEDED


CHECKS: dict[str, Callable[[], bool]] = {"database": _database, "worker": worker_lives, "disk": _disk}
