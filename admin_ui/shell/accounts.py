"""Accounts and sign-in protection; there is no self-registration."""

from __future__ import annotations

import secrets
from base64 import b32encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from allauth.account.views import LoginView, LogoutView
from allauth.mfa.adapter import DefaultMFAAdapter
from axes.decorators import axes_dispatch, axes_form_invalid
from cryptography.fernet import InvalidToken
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.views import INTERNAL_RESET_SESSION_TOKEN, PasswordResetConfirmView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from admin_ui.core.forms import OfficeForm
from admin_ui.organization.sign_on import TICKET, signed_out
from admin_ui.shell.sign_in import remember_browser
from backend.configuration.office import configured
from backend.core.sealing import keyring
from backend.core.session import system
from backend.core.words.addresses import client_address
from backend.organization.accounts import choose_password, is_of_directory
from backend.organization.models import User
from backend.organization.sign_on import ldap, providers
from backend.organization.sign_on.actions import is_known_by_provider_alone


class SignOutView(LogoutView):
    """Signing out; what the browser kept of the pages is thrown away with the session. Its cookies stay: one says that
    the person has signed in here before, which keeps strangers from locking them out."""

    def post(self, *args: object, **kwargs: object) -> HttpResponse:
        ticket = self.request.session.get(TICKET)
        response: HttpResponse = super().post(*args, **kwargs)
        if ticket:
            response = signed_out(self.request, ticket)
        response["Clear-Site-Data"] = '"cache"'
        return response


class StaffAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request)

    def pre_login(self, request: HttpRequest, user: User, **login: object) -> HttpResponse | None:
        """Refuse interactive sign-in for accounts of programs, which use tokens, and a passkey of ours to whom only the
        provider could close: it would open after they have left."""
        if user.is_program:
            return self.respond_user_inactive(request, user)
        with system():
            is_by_provider = is_known_by_provider_alone(user)
        if is_by_provider and not hasattr(request, "directory_vouches"):
            sentence = _("You sign in by the directory: use its button.")
            return render(request, "account/not_signed_in.html", {"sentence": sentence}, status=403)
        return super().pre_login(request, user, **login)

    def post_login(self, request: HttpRequest, user: User, **login: object) -> HttpResponse:
        """Go on to where they wanted, and know this browser the next time."""
        response: HttpResponse = super().post_login(request, user, **login)
        remember_browser(request, response, user.username)
        return response

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Go on to the desk, which leads to the second factor first where that is missing."""
        return reverse("admin:index")

    def clean_password(self, password: str, user: User | None = None) -> str:
        """Require a different password: one is changed because another person may know it. Who signs in by the
        directory has none here: it would stay when the directory's is changed."""
        if user is not None and user.pk and is_of_directory(user):
            raise ValidationError(_("You sign in by the directory: change your password there."))
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError(_("This is your present password. Choose another one."))
        return str(super().clean_password(password, user))

    def set_password(self, user: User, password: str) -> None:
        choose_password(user, password)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Encrypts what a second factor is made of: the secret of an authenticator app, the seed of recovery codes."""

    def is_mfa_enabled(self, user: User, types: list[str] | None = None) -> bool:
        """Whether ours is asked for: not while a person comes in for whose second factor the directory vouches."""
        return not getattr(self.request, "directory_vouches", False) and super().is_mfa_enabled(user, types)

    def _get_site_name(self) -> str:
        """What an authenticator app and a browser call us."""
        name: str = configured.MUNICIPALITY_NAME
        return name

    def get_totp_issuer(self) -> str:
        return self._get_site_name()

    def encrypt(self, text: str) -> str:
        return keyring("second factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The text; without a key that fits, an unknown random secret, so that no code fits."""
        try:
            return keyring("second factor").decrypt(encrypted_text).decode()
        except InvalidToken:
            return b32encode(secrets.token_bytes(20)).decode()


class StaffLoginView(LoginView):
    """allauth's sign-in behind axes: after too many wrong passwords a name is locked for a while, and says so."""

    @method_decorator(axes_dispatch)
    def dispatch(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        offered = {"label": settings.SIGN_ON_LABEL, "passwords": ldap.asks_passwords()}
        directory = {**offered, "provider": providers.is_configured()}
        return {**super().get_context_data(**kwargs), "directory": directory}

    @axes_form_invalid
    def form_invalid(self, form: object) -> HttpResponse:
        return super().form_invalid(form)


class InvitationForm(OfficeForm):
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy(
            "At least ten characters; several words are good. You type it only this once."
        ),
    )

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.user)
        return password


class InvitationView(PasswordResetConfirmView):
    """Where a new member of staff chooses a password with the invitation they received, and is signed in.

    The address with the secret leads on to one without it, which then shows in no history and no log.
    """

    form_class = InvitationForm  # type: ignore[assignment] # neither asks for the rest of Django's own form
    template_name = "account/invitation.html"

    def get_user(self, uidb64: str) -> User | None:
        return User.objects.filter(key=uidb64, is_active=True, is_staff=True).first()

    def form_valid(self, form: Any) -> HttpResponse:
        choose_password(form.user, form.cleaned_data["password"])
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        record_authentication(self.request, form.user, method="password", reauthenticated=True)
        return perform_login(self.request, form.user)


@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    """Who is signed in now, and a token that is good for them: asked by a page before it sends what was typed."""
    return render(request, "admin_ui/includes/alive.html")
