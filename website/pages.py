"""What every page of the site is: its policy, its frame, and what is shown when the product does not answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from csp.constants import NONE, SELF
from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache

from website import api

POLICY = {
    "default-src": [NONE],
    "script-src": [SELF],
    "style-src": [SELF],
    "img-src": [SELF, "blob:", "data:"],
    "connect-src": [SELF],
    "manifest-src": [SELF],
    "worker-src": [SELF],
    "form-action": [SELF],
    "base-uri": [NONE],
    "frame-ancestors": [NONE],
}
FEATURES = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
"""What the browser may offer: the camera for photographs, and the visitor's own place where they press for it."""
RETRY_SECONDS = 60
SCRIPTS = ("admin_ui/phone.js", "website/kept.js")
"""What the worker of applications shares with their pages."""
View = Callable[..., HttpResponseBase]


def page(view: View) -> View:
    """A page of the site: kept by nobody on the way, without inline script or style, and in the site's words where the
    product does not answer."""

    @wraps(view)
    def run(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **named)
        except api.Unavailable as refusal:
            response = unavailable(request, refusal)
        response["Permissions-Policy"] = FEATURES
        return response

    return never_cache(csp_replace(POLICY)(run))


def shown(
    request: HttpRequest, template: str, context: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a template, in the frame of the municipality."""
    town = api.public(request, "municipality")["publicMunicipality"]
    frame = {"town": town, "app": _app(request), "was_refused": status == 422}
    return render(request, template, {**frame, **(context or {})}, status=status)


def _app(request: HttpRequest) -> str:
    """The address of the worker that keeps the form of an application for the time without a line, on the pages where
    one may be written; it names the scripts that it shares with them."""
    if not settings.WEBSITE or not (
        request.path == reverse("website") or request.path.startswith(reverse("apply"))
    ):
        return ""
    return f"{reverse('apply_worker')}?{urlencode({'script': [static(one) for one in SCRIPTS]}, doseq=True)}"


def unavailable(request: HttpRequest, refusal: api.Unavailable) -> HttpResponse:
    """The page for when nothing can be asked: too much (429), or the product is away (503)."""
    context = {"is_too_much": refusal.status == 429, "was_sent": request.method == "POST"}
    response = render(request, "website/unavailable.html", context, status=refusal.status)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def posted(home: str) -> Callable[[View], View]:
    """Mark a view that only does something: who comes to its address otherwise is led to the page `home` (a name)."""

    def mark(view: View) -> View:
        @wraps(view)
        def run(request: HttpRequest, *args: Any, **named: Any) -> HttpResponseBase:
            return view(request, *args, **named) if request.method == "POST" else redirect(home)

        return run

    return mark
