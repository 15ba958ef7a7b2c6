"""Addresses of the screens: the admin, sign-in, the public tracking page and the health check."""

from allauth.account import urls as account
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from admin_ui import health, tracking
from admin_ui.accounts import StaffLoginView


def account_urls() -> list[URLPattern | URLResolver]:
    """allauth's pages but the reset of a forgotten password by e-mail: Bilgi İşlem does that, face to
    face.
    """
    own = [item for item in account.urlpatterns if not (item.name or "").startswith("account_reset_password")]
    return [
        *own,
        path("2fa/", include("allauth.mfa.urls")),
        path("sessions/", include("allauth.usersessions.urls")),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/", admin.site.urls),
    path("accounts/login/", StaffLoginView.as_view(), name="account_login"),
    path("accounts/", include(account_urls())),
    path("takip/", tracking.track, name="tracking"),
    path("health/", health.health, name="health"),
]
