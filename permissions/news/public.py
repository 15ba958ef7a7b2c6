"""What everybody reads of the press releases: those that are published now, with their photographs."""

from __future__ import annotations

import uuid

from django.db.models import Exists, OuterRef, Prefetch

from backend.core.session import system
from backend.events.models import PublishedEvent
from backend.news.models import Release, ReleasePhoto, ReleaseQuerySet


def published() -> ReleaseQuerySet:
    """Return what is published, with its photographs; to be read under the role of the house."""
    photos = Prefetch("photos", ReleasePhoto.objects.order_by("id"))
    return Release.objects.published().prefetch_related(photos)


def item(slug: str) -> tuple[Release, PublishedEvent | None] | None:
    """Return the published press release of this address, and the event it is about as far as that is public."""
    with system():
        row = published().filter(slug=slug).first()
        if row is None:
            return None
        list(row.photos.all())
        event = PublishedEvent.objects.filter(event=row.event_id).first() if row.event_id else None
        return row, event


def photo(key: uuid.UUID) -> ReleasePhoto | None:
    """Return the photograph with this key while its press release is published; under the role of the house."""
    is_public = Exists(Release.objects.published().filter(pk=OuterRef("release")))
    return ReleasePhoto.objects.filter(is_public, key=key).first()
