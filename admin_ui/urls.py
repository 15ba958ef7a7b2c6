"""Addresses of the screens: the admin, sign-in, the public tracking page and the health check."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from admin_ui import health, tracking
from admin_ui.accounts import StaffLoginView

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="home"),
    path("admin/", admin.site.urls),
    path("accounts/login/", StaffLoginView.as_view(), name="account_login"),
    path("accounts/", include("allauth.urls")),
    path("takip/", tracking.track, name="tracking"),
    path("health/", health.health, name="health"),
]
