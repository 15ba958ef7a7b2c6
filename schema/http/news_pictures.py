"""Photographs of published news, for everybody; of what is not published, or no more, there is nothing."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from backend.core.errors import DomainError
from backend.core.session import system, unscoped
from backend.documents import disarming, scanning
from permissions.news import public

SHORTLY = "public, max-age=300"
"""So that what is withdrawn is soon gone from caches too."""


@unscoped
def news_picture(request: HttpRequest, key: UUID, size: str) -> HttpResponseBase:
    """A photograph of published news, whole or small. It shows nobody who is no part of the published news."""
    if request.method not in ("GET", "HEAD"):
        return _missing()
    with system():
        photo = public.photo(key)
        if photo is None:
            return _missing()
        stored, name = photo.file, str(photo.file.name)
        try:
            scanning.require_scanned(stored.storage, name)
        except DomainError:
            return _missing()
        if not stored.storage.exists(name):
            return _missing()
        answer: HttpResponseBase
        if size == "small":
            answer = HttpResponse(disarming.thumbnail_of(stored), content_type="image/jpeg")
        else:
            answer = FileResponse(stored.open("rb"), content_type=photo.content_type)
    answer["Content-Disposition"] = "inline"
    answer["Cache-Control"] = SHORTLY
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _missing() -> HttpResponse:
    answer = HttpResponse(_("Not found."), status=404, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer
