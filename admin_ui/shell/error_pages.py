"""Error pages for requests that are not processed: too large, too late, too many at once. Without database access.

403, 404 and 500 are templates alone (`templates/404.html` ...); `site.py` decides what is a 404.
"""

from __future__ import annotations

import logging
import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views import defaults

from backend.core.errors import DomainError, ErrorCode
from backend.core.operation.refusals import RETRY_SECONDS, Refusal, in_its_form
from backend.core.session import is_passing, unavailable

log = logging.getLogger("admin_ui")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler of 400: a body that is too large, has too many parts, or is no form."""
    if isinstance(exception, RequestDataTooBig):
        megabytes = settings.REQUEST_MAX_BYTES // (1024 * 1024)
        message = _(
            "What you sent is too large (at most %(most)s MB with its files). Divide the text or the file."
        )
        return _sorry(request, ErrorCode.TOO_LARGE, message % {"most": megabytes}, 413)
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        message = _("Too many fields or files were sent at once. Send them in several parts.")
        return _sorry(request, ErrorCode.TOO_LARGE, message, 413)
    message = _("The request did not arrive as it should. Reload the page and try again.")
    return _sorry(request, "BAD_REQUEST", message, 400)


def too_late(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The database ended a statement that took too long."""
    return _sorry(request, error.code, str(error.message), 503)


def busy(request: HttpRequest) -> HttpResponse:
    """More is asked than there are hands for."""
    message = _("The system is very busy at the moment and did not take this request. Try again in a minute.")
    response = _sorry(request, "BUSY", message, 503)
    response["Retry-After"] = "30"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of 500, for whatever was raised, in a middleware too: in the form that the door's clients read.

    503 if it passes (`is_passing`).
    """
    if is_passing(fault := sys.exception()):
        return not_now(request, fault)
    message = _("Something went wrong on our side. It has been recorded.")
    answer = in_its_form(request, Refusal(ErrorCode.INTERNAL, message, 500))
    return answer or defaults.server_error(request)


def not_now(request: HttpRequest, fault: BaseException | None) -> HttpResponse:
    """The database is away, or it or the disk is full."""
    log.warning({"event": "unavailable", "request": request.path, "error": type(fault).__name__})
    refusal, status = unavailable(), 503
    shown = Refusal(str(refusal.code), str(refusal.message), status)
    response = in_its_form(request, shown) or _sorry(request, shown.code, shown.message, status)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _sorry(request: HttpRequest, code: str, message: str, status: int) -> HttpResponse:
    """A page for people, JSON for programs. Without the request: its user and messages may not be there to read."""
    if "text/html" in request.headers.get("Accept", ""):
        page = render_to_string("sorry.html", {"message": message, "again": status == 503})
        response = HttpResponse(page, status=status)
    else:
        shown = {"code": str(code), "message": message, "extensions": {"code": str(code)}}
        response = JsonResponse({"errors": [shown]}, status=status)
    response["Cache-Control"] = "no-store"
    return response
