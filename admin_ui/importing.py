"""Bringing in the file of a call centre or of CİMER: first what would happen, then the same file for good."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from admin_ui import gates
from admin_ui.base import scope_not_found


def upload(request: HttpRequest) -> HttpResponse:
    if not gates.office():
        raise scope_not_found()
    raise scope_not_found()
