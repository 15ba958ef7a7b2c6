"""Sign-on of citizens by OpenID Connect: who somebody is, made sure by e-Devlet Kapısı or any other provider.

It makes no account. For half an hour the session, which is sealed, knows the name; a petition is signed by it
(3071 m.4).
"""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe
from joserfc.errors import JoseError

from website.pages import RETRY_SECONDS, page, posted, shown

SECONDS = 1800
PATIENCE = 10
"""Seconds to wait for the provider."""
KEY, NEXT = "website.identity", "website.identity.next"
DECLINED = "access_denied"


@dataclass(frozen=True)
class Identity:
    """Who somebody is, as the provider says; `national_id` is empty where it does not say it."""

    first_name: str
    last_name: str
    national_id: str
    until: float


def name() -> str:
    """What the provider is called; empty where there is none."""
    return settings.CITIZEN_SIGN_ON["name"] if settings.CITIZEN_SIGN_ON["issuer"] else ""


def of(request: HttpRequest) -> Identity | None:
    """Who has signed on in this browser within the half hour."""
    kept = request.session.get(KEY)
    if not name() or not kept or kept["until"] < time.time():
        return None
    return Identity(**kept)


@page
@require_safe
def start(request: HttpRequest) -> HttpResponseBase:
    """Lead to the provider; `next`: the page of this site to come back to."""
    request.session[NEXT] = _own(request.GET.get("next", ""))
    try:
        where = settings.PUBLIC_URL + reverse("website_identity_back")
        answer: HttpResponseBase = _provider().authorize_redirect(request, where)
    except (AuthlibBaseError, OSError, ValueError):
        return _failed(request, 503)
    return answer


@page
@require_safe
def back(request: HttpRequest) -> HttpResponseBase:
    """Take the provider's answer: state, nonce and signature are right, or nobody is known afterwards."""
    if request.GET.get("error") == DECLINED:
        return redirect(_next(request))
    try:
        claims = _claims(_provider(), request)
    except OSError:  # what `requests` raises is one
        return _failed(request, 503)
    except (AuthlibBaseError, JoseError, ValueError, KeyError):
        return _failed(request, 400)
    first, last = (_spelled(str(claims.get(claim) or "")) for claim in ("given_name", "family_name"))
    if not first or not last:
        return _failed(request, 400)
    number = str(claims.get(settings.CITIZEN_SIGN_ON["national_id_claim"]) or "")
    found = Identity(first, last, number, time.time() + SECONDS)
    request.session.cycle_key()
    request.session[KEY] = asdict(found)
    return redirect(_next(request))


@page
@posted("website")
def leave(request: HttpRequest) -> HttpResponseBase:
    """Forget who signed on."""
    request.session.pop(KEY, None)
    return redirect(_own(request.POST.get("next", "")))


def _claims(provider: Any, request: HttpRequest) -> dict[str, Any]:
    """What the provider says, in the token of identity or, where that is short, at its address for it."""
    token = provider.authorize_access_token(request)
    claims = dict(token["userinfo"])
    if not claims.get("family_name"):
        more = dict(provider.userinfo(token=token))
        if more.get("sub") == claims["sub"]:  # OpenID Connect Core 5.3.2: else it is somebody else's
            claims = {**more, **claims}
    return claims


@cache
def _registered(issuer: str, client_id: str, client_secret: str, scope: str) -> Any:
    return OAuth().register(
        "citizens",
        client_id=client_id,
        client_secret=client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": scope, "code_challenge_method": "S256", "default_timeout": PATIENCE},
    )


def _provider() -> Any:
    if not name():
        raise Http404
    chosen = settings.CITIZEN_SIGN_ON
    return _registered(chosen["issuer"], chosen["client_id"], chosen["client_secret"], chosen["scope"])


def _failed(request: HttpRequest, status: int) -> HttpResponseBase:
    context = {"provider": name(), "is_away": status == 503, "onward": request.session.get(NEXT) or "/"}
    response = shown(request, "website/identity_failed.html", context, status)
    if status == 503:
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _next(request: HttpRequest) -> str:
    return _own(request.session.pop(NEXT, ""))


def _own(where: str) -> str:
    """Where on this site to go on: never to another."""
    is_own = where.startswith("/") and url_has_allowed_host_and_scheme(where, allowed_hosts=None)
    return where if is_own else reverse("website")


def _spelled(text: str) -> str:
    """A name of registers, which are in capitals, as it is written: AYŞE GÜL IŞIK -> Ayşe Gül Işık."""
    if text != text.upper():
        return text.strip()
    lower = text.replace("I", "ı").replace("İ", "i").lower()
    return " ".join(word[0].replace("i", "İ").replace("ı", "I").upper() + word[1:] for word in lower.split())
