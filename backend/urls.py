"""Composition by string: each surface brings its own addresses."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from backend.core.session import unscoped

handler400 = "admin_ui.shell.error_pages.bad_request"
handler500 = "admin_ui.shell.error_pages.server_error"


def _asking_by_the_api(site: URLPattern | URLResolver) -> URLPattern | URLResolver:
    """Mark the views of a site that asks the product as a client: none of them holds a transaction meanwhile."""
    if isinstance(site, URLResolver):
        for address in site.url_patterns:
            _asking_by_the_api(address)
    else:
        unscoped(site.callback)
    return site


urlpatterns: list[URLPattern | URLResolver] = [path("", include("schema.urls"))]
site = "website.urls" if settings.WEBSITE else "website.always_urls"
urlpatterns.append(_asking_by_the_api(path("", include(site))))
urlpatterns.append(path("", include("admin_ui.urls")))
