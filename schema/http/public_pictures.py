"""Pictures for everybody: photographs of published news and of the public calendar, and what social media show of
both. Of what is not public, or no more, there is nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from backend.core.errors import DomainError
from backend.core.localtime import ISTANBUL, clock_text
from backend.core.session import system, unscoped
from backend.documents import disarming, scanning, share_picture
from backend.documents.models import StoredFile
from backend.events.models import EventPicture, PublishedEvent
from permissions.news import public

SHORTLY, FOR_A_WHILE = "public, max-age=300", "public, max-age=600"
"""So that what is withdrawn is soon gone from caches too."""


@unscoped
def news_picture(request: HttpRequest, key: UUID, size: str) -> HttpResponseBase:
    """A photograph of published news, whole or small. It shows nobody who is no part of the published news."""
    if request.method not in ("GET", "HEAD"):
        return _missing()
    with system():
        return _picture(public.photo(key), size)


@unscoped
def calendar_picture(request: HttpRequest, key: UUID, size: str) -> HttpResponseBase:
    """A picture of the public calendar, whole or small."""
    if request.method not in ("GET", "HEAD"):
        return _missing()
    with system():
        return _picture(EventPicture.objects.filter(key=key).first(), size)


def _picture(row: StoredFile | None, size: str) -> HttpResponseBase:
    if row is None:
        return _missing()
    stored, name = row.file, str(row.file.name)
    answer: HttpResponseBase
    try:
        scanning.require_scanned(stored.storage, name)
        if not stored.storage.exists(name):
            return _missing()
        if size == "small":
            answer = HttpResponse(disarming.thumbnail_of(stored), content_type="image/jpeg")
        else:
            answer = FileResponse(stored.open("rb"), content_type=row.content_type)
    except DomainError:  # infected, not scanned yet, or damaged
        return _missing()
    answer["Content-Disposition"] = "inline"
    answer["Cache-Control"] = SHORTLY
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@unscoped
def event_picture(request: HttpRequest, key: UUID) -> HttpResponse:
    """The picture of an event of the public calendar."""
    with system():
        row = PublishedEvent.objects.filter(key=key).first()
        if row is None:
            return _missing()
        when = f"{_day(row.starts_at)}, {clock_text(row.starts_at)}"
        cancelled = "İptal edildi: " if row.is_cancelled else ""
        return _answer(request, f"{cancelled}{row.title}", when, row.place)


@unscoped
def news_share_picture(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture of published news."""
    found = public.item(slug)
    if found is None or found[0].published_at is None:
        return _missing()
    with system():
        return _answer(request, found[0].title, _day(found[0].published_at), "")


def _answer(request: HttpRequest, title: str, day: str, place: str) -> HttpResponse:
    with translation.override("tr"):
        picture, mark = share_picture.drawn(title, day, place)
    tag = f'"{mark}"'
    answer: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(picture, content_type="image/png")
    answer["ETag"] = tag
    answer["Cache-Control"] = FOR_A_WHILE
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _day(moment: Any) -> str:
    with translation.override("tr"):
        return date_format(timezone.localtime(moment, ISTANBUL), "j F Y l")


def _missing() -> HttpResponse:
    answer = HttpResponse(_("Not found."), status=404, content_type="text/plain; charset=utf-8")
    answer["Cache-Control"] = "no-store"
    return answer
