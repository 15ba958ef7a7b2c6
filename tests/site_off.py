"""The addresses of an installation whose citizens' site is off."""

from django.urls import include, path

urlpatterns = [path("", include("website.always_urls")), path("", include("admin_ui.urls"))]
