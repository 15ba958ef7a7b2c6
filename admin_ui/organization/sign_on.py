"""Signing in by the provider of the directory, and out of it again."""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from backend.core.session import unscoped
from backend.organization.sign_on import oidc, providers
from backend.organization.sign_on.found import DirectoryAwayError, RefusedError, SignedOn
from backend.organization.sign_on.saml import flow as saml
from backend.organization.sign_on.saml.provider import SetupError, metadata
from backend.organization.sign_on.saml.provider import is_configured as is_saml
from permissions.core import scope
from permissions.core.account_setup import VOUCHED
from permissions.organization.directory import arrive

TICKET, NEXT = "directory.ticket", "directory.next"
DECLINED = "access_denied"
RETRY_SECONDS = 60


@unscoped
@never_cache
@require_safe
def begin(request: HttpRequest) -> HttpResponseBase:
    """Lead to the provider; `next`: the page to come back to. Nothing is open in the database meanwhile."""
    if not providers.is_configured():
        raise Http404
    request.session[NEXT] = _own(request.GET.get("next", ""))
    try:
        if is_saml():
            return redirect(saml.lead(request.session))
        return oidc.lead(request, settings.PUBLIC_URL + reverse("directory_back"))
    except DirectoryAwayError:
        return _away(request)


@unscoped
@never_cache
@require_safe
def back(request: HttpRequest) -> HttpResponseBase:
    """Take the answer of a provider of OpenID Connect: the person is signed in, or reads why not."""
    if not oidc.is_configured() or is_saml():
        raise Http404
    if request.GET.get("error") == DECLINED:
        return redirect("account_login")
    return _taken(request, lambda: oidc.take(request))


@unscoped
@csrf_exempt
@never_cache
@require_POST
def assertion(request: HttpRequest) -> HttpResponseBase:
    """Take the answer of a provider of SAML.

    A form of another site comes without our cookies (SameSite): a page of ours sends it once more, with them.
    """
    if not is_saml():
        raise Http404
    carried = request.POST.get("SAMLResponse", "")
    if "again" not in request.POST and not saml.is_awaited(request.session):
        return render(request, "account/onward.html", {"carried": carried})
    return _taken(request, lambda: saml.take(request.session, carried))


@unscoped
@never_cache
@require_safe
def out(request: HttpRequest) -> HttpResponseBase:
    """Follow a LogoutRequest of the provider of SAML, and answer it; or come back after one of ours."""
    if not is_saml():
        raise Http404
    if "SAMLRequest" not in request.GET:
        return redirect("account_login")
    ticket = request.session.get(TICKET)
    try:
        is_meant, where = saml.asked_out(
            request.META["QUERY_STRING"], ticket, request.GET.get("RelayState", "")
        )
    except DirectoryAwayError:
        return _away(request)
    except RefusedError:
        return _unfit(request)
    if is_meant:
        logout(request)
    return redirect(where or "account_login")


@unscoped
@require_safe
def described(request: HttpRequest) -> HttpResponse:
    """Say what a provider of SAML has to know of us."""
    if not is_saml():
        raise Http404
    try:
        return HttpResponse(metadata(), content_type="application/samlmetadata+xml")
    except SetupError:
        return _away(request)


def _taken(request: HttpRequest, take: Callable[[], SignedOn]) -> HttpResponseBase:
    try:
        signed = take()
    except DirectoryAwayError:
        return _away(request)
    except RefusedError:
        return _unfit(request)
    with scope.session(None):
        arrival = arrive(signed.found, is_fresh=False)
    if arrival.user is None:
        return _refused(request, str(arrival.refusal), 403)
    where = _own(request.session.pop(NEXT, ""))
    if request.user.is_authenticated and request.user.pk != arrival.user.pk:
        logout(request)
    request.session[TICKET] = signed.ticket
    if signed.has_second_factor:
        request.session[VOUCHED] = True
    request.directory_vouches = signed.has_second_factor  # type: ignore[attr-defined]
    with scope.session(None):
        record_authentication(request, arrival.user, method="directory")
        answer: HttpResponse = perform_login(request, arrival.user, redirect_url=where)
    return answer


def signed_out(request: HttpRequest, ticket: str | dict[str, str]) -> HttpResponse:
    """The page that leads on to the provider, which ends its own session: no form leads to another site (CSP)."""
    home = settings.PUBLIC_URL + reverse("account_login")
    return render(request, "account/signed_out.html", {"where": providers.way_out(ticket, home) or home})


def _unfit(request: HttpRequest) -> HttpResponse:
    sentence = _("The answer of the directory does not fit to what was asked. Begin the sign-in anew.")
    return _refused(request, sentence, 400)


def _away(request: HttpRequest) -> HttpResponse:
    sentence = _("The directory cannot be reached at the moment. Try again in a minute.")
    answer = _refused(request, sentence, 503)
    answer["Retry-After"] = str(RETRY_SECONDS)
    return answer


def _refused(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return render(request, "account/not_signed_in.html", {"sentence": sentence}, status=status)


def _own(where: str) -> str:
    """Where on this site to go on: never to another."""
    is_own = where.startswith("/") and url_has_allowed_host_and_scheme(where, allowed_hosts=None)
    return where if is_own else settings.LOGIN_REDIRECT_URL
