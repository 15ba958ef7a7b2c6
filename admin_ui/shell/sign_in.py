"""How often a name may be tried: fewer times at one address, more in all, and apart in a browser that is known.

Guessing from many addresses is stopped by the name; a browser is not shut out by it in which they have
signed in before (OWASP's device cookie). A lock doubles with every further failure and never lasts for good.
"""

from __future__ import annotations

import datetime as dt
import secrets
from http import HTTPStatus
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db.models import Max, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac

SHORTEST, LONGEST = dt.timedelta(minutes=15), dt.timedelta(hours=4)
PEOPLE = 5
"""How many people a browser is known by: a desk may be shared."""
_SALT = "known browser"


def tried_name(request: HttpRequest | None, credentials: dict[str, object] | None = None) -> str | None:
    """The user name that was tried, wherever axes asks from: one name for all spellings that find the same account.

    What is tried in a browser that is known for this name counts by itself.
    """
    value = (credentials or {}).get("username") or (
        request.POST.get("login") if request is not None else None
    )
    if value is None:
        return None
    name = str(value).replace("\0", "").strip().lower()
    known = _known(request) if request is not None else {}
    return f"{name[:150]} {known['browser']}" if _mark(name) in known.get("names", ()) else name


def remember_browser(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Know this browser from now on as one in which the person with this user name has signed in."""
    known, mark = _known(request), _mark(name.lower())
    names = [mark, *(other for other in known.get("names", ()) if other != mark)][:PEOPLE]
    response.set_cookie(
        settings.KNOWN_BROWSER_COOKIE_NAME,
        signing.dumps({"browser": known.get("browser") or secrets.token_hex(12), "names": names}, salt=_SALT),
        max_age=settings.KNOWN_BROWSER_COOKIE_AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _known(request: HttpRequest) -> dict[str, Any]:
    sent = request.COOKIES.get(settings.KNOWN_BROWSER_COOKIE_NAME, "")
    try:
        known: dict[str, Any] = signing.loads(sent, salt=_SALT, max_age=settings.KNOWN_BROWSER_COOKIE_AGE)
    except signing.BadSignature:
        return {}
    return known


def _mark(name: str) -> str:
    return salted_hmac(_SALT, name, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


class SignInHandler(AxesDatabaseHandler):
    """axes' records of failures, with a lock that grows; what is older than AXES_COOLOFF_TIME is forgotten."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, object] | None = None) -> int:
        until = self.locked_until(request, credentials)
        return settings.AXES_FAILURE_LIMIT if until is not None and until > timezone.now() else 0

    def locked_until(
        self, request: HttpRequest, credentials: dict[str, object] | None = None
    ) -> dt.datetime | None:
        """The end of the lock of this name here; None if it never failed so often."""
        near = Q(ip_address=request.axes_ip_address)  # type: ignore[attr-defined]
        since = timezone.now() - dt.timedelta(hours=settings.AXES_COOLOFF_TIME)
        found = AccessAttempt.objects.filter(
            username=tried_name(request, credentials), attempt_time__gte=since
        ).aggregate(
            here=Sum("failures_since_start", filter=near),
            last_here=Max("attempt_time", filter=near),
            all=Sum("failures_since_start"),
            last=Max("attempt_time"),
        )
        ends = [
            _end(found["here"], settings.AXES_FAILURE_LIMIT, found["last_here"]),
            _end(found["all"], settings.SIGN_IN_NAME_LIMIT, found["last"]),
        ]
        return max((end for end in ends if end is not None), default=None)


def _end(failures: int | None, limit: int, last: dt.datetime | None) -> dt.datetime | None:
    if last is None or (failures or 0) < limit:
        return None
    doubled = min((failures or 0) - limit, 10)  # far beyond the longest already
    return last + min(SHORTEST * 2**doubled, LONGEST)


def locked(request: HttpRequest, response: object, credentials: dict[str, object] | None) -> HttpResponse:
    """The page that says until when the name is locked."""
    context = {"until": SignInHandler().locked_until(request, credentials)}
    return render(request, "account/locked.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
