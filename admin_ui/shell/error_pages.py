"""Error pages for requests that are not processed: too large, too late, too many at once. Without database access.

403, 404 and 500 are templates alone (`templates/404.html` ...); `site.py` decides what is a 404.
"""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from backend.core.errors import DomainError, ErrorCode


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
