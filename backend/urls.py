"""Composition by string: each surface brings its own addresses."""

from django.conf import settings
from django.urls import include, path

handler400 = "admin_ui.shell.error_pages.bad_request"

urlpatterns = [
    path("", include("schema.urls")),
    path("", include("admin_ui.urls")),
]
if settings.ENVIRONMENT != "production":
    urlpatterns.append(path("ornek-portal/", include("example_portal.urls")))
