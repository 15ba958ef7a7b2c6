"""The address from which a calendar program reads a feed: no account, the secret says whose it is."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import get_conditional_response
from django.utils.http import http_date

from permissions.calendars import access as feeds


def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar; 304 where the program has it already. A revoked feed, a closed account and a secret that never was
    are the same 404.

    Only the ETag decides what is new: a right that was lost changes what is shown, and no date with it.
    """
    result = feeds.find(secret) if request.method in ("GET", "HEAD") else None
    if result is None:
        raise Http404
    response = get_conditional_response(request, etag=result.etag)
    if not isinstance(response, HttpResponseNotModified):
        response = HttpResponse(result.text(), content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="takvim.ics"'
    response["ETag"] = result.etag
    if result.changed_at:
        response["Last-Modified"] = http_date(result.changed_at.timestamp())
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response
