"""Composition by string: each surface brings its own addresses."""

from django.conf import settings
from django.urls import include, path

from backend.core.session import unscoped

handler400 = "admin_ui.shell.error_pages.bad_request"
handler500 = "admin_ui.shell.error_pages.server_error"

urlpatterns = [
    path("", include("schema.urls")),
    path("", include("admin_ui.urls")),
]
if settings.ENVIRONMENT != "production":
    portal = path("ornek-portal/", include("example_portal.urls"))
    for (
        address
    ) in portal.url_patterns:  # it asks the product by its public API, and holds no transaction meanwhile
        if address.callback:
            unscoped(address.callback)
    urlpatterns.append(portal)
