"""What is asked of a request before a page is: neither too large nor too late, and an account that is set up."""

import logging
from collections.abc import Callable
from functools import cached_property
from typing import cast

from csp.constants import HEADER
from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.core.handlers.exception import convert_exception_to_response
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from admin_ui.map.frame import sources
from admin_ui.shell import error_pages
from admin_ui.shell.language import GRAPHQL
from backend.core.operation import logs
from backend.core.session import is_passing, out_of_time
from backend.core.words.addresses import client_address, current_address
from backend.gunicorn import WAITED
from permissions.core.account_setup import missing_step

ADMIN = "/admin/"
FIRST_STEPS = "first_steps"
"""In the session of an account that is being set up: pages say which of the three steps is next."""
UNUSED = (
    "accelerometer autoplay bluetooth browsing-topics display-capture encrypted-media geolocation gyroscope hid "
    "idle-detection magnetometer microphone midi payment picture-in-picture serial usb xr-spatial-tracking"
)
"""Features of browsers that no page of ours needs."""
POLICY = ", ".join(("camera=(self)", *(f"{feature}=()" for feature in UNUSED.split())))
NO_PAGE = "default-src 'none'; frame-ancestors 'none'"
Handler = Callable[[HttpRequest], HttpResponse]
log = logging.getLogger("admin_ui")


def permissions_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Say with every answer what no page of ours may use."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response

    return answer


class ContentPolicyMiddleware(CSPMiddleware):
    """Say what a page may load. An answer in JSON is no page and may load nothing."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if "json" not in response.headers.get("Content-Type", ""):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, NO_PAGE)
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Admit the background of maps, where one is set: on pages of staff, any of which may bring a map along."""
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith(ADMIN) and not report_only:
            parts.update = {**(parts.update or {}), **sources()}
        return parts


class RequestLimitsMiddleware:
    """Turns away what is too large or has waited too long, and says so where the database ran out of time.

    How long it has waited for a thread is written by `backend.web_worker`. An answer of 503 takes back all that
    was written (`permissions.core.middleware.ViewerMiddleware`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        current_address.set(client_address(request))
        if _number(request, WAITED) > settings.WEB_WAIT_SECONDS:
            return error_pages.busy(request)
        if _number(request, "Content-Length") > settings.REQUEST_MAX_BYTES:
            raise RequestDataTooBig
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if is_passing(exception):
            return error_pages.not_now(request, exception)
        late = out_of_time(exception) if isinstance(exception, DatabaseError) else None
        if late is None:
            return None
        log.warning({"event": "out_of_time", "request": request.path})
        return error_pages.too_late(request, late)


def _number(request: HttpRequest, header: str) -> float:
    try:
        return float(request.headers.get(header) or 0)
    except ValueError:
        return 0


class OwnAccountMiddleware:
    """Leads to the set-up of TOTP or a passkey first, with the setting MFA_REQUIRED_FOR_STAFF."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        path, user = request.path, request.user
        is_concerned = path.startswith(ADMIN) and path != f"{ADMIN}logout/"
        if is_concerned and user.is_authenticated:
            if step := missing_step(user, request.session):
                request.session[FIRST_STEPS] = True
                messages.warning(request, str(step))
                return HttpResponseRedirect(reverse("mfa_index"))
            if FIRST_STEPS in request.session:
                del request.session[FIRST_STEPS]
        return self.get_response(request)


class ProgramMiddleware:
    """Answers an operation of GraphQL that a token asks: what follows (files, session, CSRF, messages, account, viewer)
    is for browsers, and a request with an `Authorization` header never counts as one (`schema.http.authentication`).

    What programs get of it all the same, limits, language and the policies of a page that is none, is done here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_program = request.method == "POST" and "HTTP_AUTHORIZATION" in request.META
        if not is_program or request.path_info != GRAPHQL:
            return self.get_response(request)
        logs.bind(operation="graphql")
        translation.activate(translation.get_language_from_request(request))
        response = self.graphql(request)
        headers = response.headers
        headers.setdefault(HEADER, NO_PAGE)
        headers.setdefault("Permissions-Policy", POLICY)
        patch_vary_headers(response, ("Accept-Language",))
        headers.setdefault("Content-Language", translation.get_language() or settings.LANGUAGE_CODE)
        headers.setdefault("Content-Length", str(len(response.content)))
        return response

    @cached_property
    def graphql(self) -> Handler:
        """The view behind the limits, as Django calls both: what they raise becomes an answer."""
        view = cast(Handler, convert_exception_to_response(resolve(GRAPHQL).func))
        return cast(Handler, convert_exception_to_response(RequestLimitsMiddleware(view)))
