"""Who may have an account, and how signing in is locked: nobody signs up by themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.views import LoginView
from axes.decorators import axes_dispatch, axes_form_invalid
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator


class StaffAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class StaffLoginView(LoginView):
    """allauth's sign-in behind axes: after too many wrong passwords a name is locked, and says so."""

    @method_decorator(axes_dispatch)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return super().dispatch(request, *args, **kwargs)

    @axes_form_invalid
    def form_invalid(self, form: Any) -> HttpResponse:
        return super().form_invalid(form)


def tried_name(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str | None:
    """The user name that was tried, wherever axes asks from."""
    if credentials and credentials.get("username"):
        return str(credentials["username"])
    return request.POST.get("login") if request is not None else None
