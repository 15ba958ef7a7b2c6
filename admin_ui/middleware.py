"""A member of staff whose account is not yet their own and safe gets no further than making it so."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ADMIN = "/admin/"
ONES_OWN = (ADMIN, "/accounts/2fa/", "/accounts/sessions/")
"""What nobody reaches with a password that somebody else knows: the second factor is its owner's to set up."""

CHANGE_PASSWORD = _("This password was given to you. Choose your own first.")
SECOND_FACTOR = _("Set up a second factor first: an authenticator app or a passkey.")


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
