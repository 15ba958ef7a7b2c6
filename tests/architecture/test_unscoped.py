"""A view for which no session is opened is marked, and known here: every other one runs as somebody on both walls."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLResolver, get_resolver

import website.urls
from backend.core.session import is_unscoped

OPEN_THEIR_OWN = {
    "accounts/directory/",
    "accounts/directory/back/",
    "accounts/directory/saml/",
    "accounts/directory/saml/metadata/",
    "accounts/directory/saml/out/",
    "graphql/",
    "graphql/schema.graphql",
    "graphql/stream/",
    "oauth/token",
    "oauth/revoke",
    "files/<uuid:key>",
    "files/<uuid:key>/picture/",
    "files/<uuid:key>/thumbnail/",
    "files/news/<uuid:key>/",
    "files/news/<uuid:key>/thumbnail/",
    "files/calendar/<uuid:key>/",
    "files/calendar/<uuid:key>/thumbnail/",
    "files/events/<str:id>/picture/",
    "files/press-releases/<str:id>/",
    "files/share/events/<uuid:key>.png",
    "files/share/news/<slug:slug>.png",
    "files/reply/<str:ticket>",
    "files/mails/<uuid:key>/original/",
    "files/messages/<str:id>/",
    "files/complaints/<str:id>/",
    "files/portal/complaints/",
    "files/portal/submissions/",
    "files/appointments/<str:id>/",
    "files/invitations/<str:id>/",
    "files/letters/<str:id>/",
    "files/letters/<uuid:key>/paper/",
    "files/instructions/<str:id>/",
    "files/events/<str:id>/",
    "files/agreements/<str:id>/",
    "files/engagements/<str:id>/",
    "lines/<uuid:key>/",
    "map/ground/outlines.json",
    "map/ground/<int:x>/<int:y>.json",
    "open311/discovery.<open311:format>",
    "open311/v2/services.<open311:format>",
    "open311/v2/services/<slug:code>.<open311:format>",
    "open311/v2/requests.<open311:format>",
    "open311/v2/requests/<slug:id>.<open311:format>",
    "open311/v2/servicerequestupdates.<open311:format>",
    "open311/v2/tokens/<slug:token>.<open311:format>",
}
TOUCH_NO_ROW = {
    ".well-known/oauth-authorization-server",
    "health/",
    "health/live/",
    "kimlik/arma.svg",
    "kimlik/renkler.css",
    "metrics",
}


def _addresses(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for pattern in patterns:
        address = f"{before}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            yield from _addresses(pattern.url_patterns, address)
        else:
            yield address, pattern.callback


def test_only_these_views_are_without_the_session_of_the_request() -> None:
    found = {address for address, view in _addresses(get_resolver().url_patterns) if is_unscoped(view)}
    site = {address for address, _view in _addresses(website.urls.urlpatterns)}  # it asks by the public API
    assert found - site == OPEN_THEIR_OWN | TOUCH_NO_ROW
    assert site <= found
