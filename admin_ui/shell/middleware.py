"""What is asked of a request before a page is: neither too large nor too late, and an account that is one's own."""

import logging
from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from admin_ui.shell import error_pages as sorry
from backend.core.session import out_of_time
from backend.gunicorn import WAITED

ADMIN = "/admin/"
ONES_OWN = (ADMIN, "/accounts/2fa/", "/accounts/sessions/")
"""What nobody reaches with a password that somebody else knows: the second factor is its owner's to set up."""

CHANGE_PASSWORD = _("This password was given to you. Choose your own first.")
SECOND_FACTOR = _("Set up a second factor first: an authenticator app or a passkey.")
log = logging.getLogger("admin_ui")


class DoorMiddleware:
    """Turns away what is too large or has waited too long, and says so where the database ran out of time.

    How long it has waited for a thread is written by `backend.web_worker`. An answer of 503 takes back all that
    was written (`permissions.core.middleware.ViewerMiddleware`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _number(request, WAITED) > settings.WEB_WAIT_SECONDS:
            return sorry.busy(request)
        if _number(request, "Content-Length") > settings.REQUEST_MAX_BYTES:
            raise RequestDataTooBig
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        late = out_of_time(exception) if isinstance(exception, DatabaseError) else None
        if late is None:
            return None
        log.warning({"event": "out_of_time", "request": request.path})
        return sorry.too_late(request, late)


def _number(request: HttpRequest, header: str) -> float:
    try:
        return float(request.headers.get(header) or 0)
    except ValueError:
        return 0


class OwnAccountMiddleware:
    """Leads from a first password to choosing one's own, and then, with the setting MFA_REQUIRED_FOR_STAFF, to the
    set-up of TOTP or a passkey.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if missing := self._missing(request):
            message, name = missing
            messages.warning(request, str(message))
            return HttpResponseRedirect(reverse(name))
        return self.get_response(request)

    def _missing(self, request: HttpRequest) -> tuple[str | Promise, str] | None:
        path = request.path
        if not path.startswith(ONES_OWN) or path == f"{ADMIN}logout/" or not request.user.is_authenticated:
            return None
        if request.user.must_change_password:
            return CHANGE_PASSWORD, "account_change_password"
        wants_factor = settings.MFA_REQUIRED_FOR_STAFF and path.startswith(ADMIN)
        if wants_factor and not is_mfa_enabled(request.user):
            return SECOND_FACTOR, "mfa_index"
        return None
