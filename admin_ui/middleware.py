"""A member of staff without a second factor gets no further than setting one up."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

GUARDED = "/admin/"


class SecondFactorMiddleware:
    """With the setting MFA_REQUIRED_FOR_STAFF the admin leads to the set-up of TOTP or a passkey until
    there is one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        guarded = settings.MFA_REQUIRED_FOR_STAFF and request.path.startswith(GUARDED)
        leaving = request.path == f"{GUARDED}logout/"
        if guarded and not leaving and request.user.is_authenticated and not is_mfa_enabled(request.user):
            messages.warning(request, _("Set up a second factor first: an authenticator app or a passkey."))
            return HttpResponseRedirect(reverse("mfa_index"))
        return self.get_response(request)
