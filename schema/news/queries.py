"""Lists of press releases: the office's, and what everybody reads."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.events.models import PublishedEvent as EventRow
from backend.news.actions import MOST_PHOTOS
from backend.news.models import Release, ReleasePhoto
from permissions.news import public
from schema.complaints.public_lists import paged
from schema.core.connection import (
    Connection,
    Keyset,
    Page,
    connection_field,
    listed,
)
from schema.core.nodes import global_id
from schema.core.scalars import cleaned
from schema.news.types import PressRelease, PressReleaseStatus

NEWEST = Keyset("release", "drafted_at", dt.datetime, descending=True)
LATEST = Keyset("news", "published_at", dt.datetime, descending=True)


@strawberry.type(
    description="A photograph of published news; its address answers while the news is published."
)
class PublicNewsPhoto:
    url: str = strawberry.field(description="The whole picture.")
    thumbnail_url: str = strawberry.field(description="A small one, JPEG.")
    caption: str = strawberry.field(description="What stands below it; may be empty.")
    alternative_text: str = strawberry.field(description="What it shows, for those who do not see it.")


@strawberry.type(description="The event that news are about, as far as the public calendar has it.")
class PublicNewsEvent:
    id: strawberry.ID = strawberry.field(description="Its id in `publishedEvents`.")
    title: str = strawberry.field(description="Its title there.")
    starts_at: dt.datetime = strawberry.field(description="When it begins.")
    place: str = strawberry.field(description="Where it is.")


@strawberry.type(description="Published news, as a list shows them (haber).")
class PublicNews:
    slug: str = strawberry.field(description="Its address: `publicNewsItem(slug:)`.")
    title: str = strawberry.field(description="Its title.")
    lead: str = strawberry.field(description="The sentence or two that say the most.")
    published_at: dt.datetime = strawberry.field(description="Since when it is public.")
    corrected_at: dt.datetime | None = strawberry.field(description="When it was last corrected.")
    photo: PublicNewsPhoto | None = strawberry.field(description="Its first photograph.")
    share_url: str = strawberry.field(
        description="A picture for social media with title, day and crest (PNG, 1200 × 630)."
    )


@strawberry.type(description="Published news with its text and photographs (haber).")
class PublicNewsItem(PublicNews):
    text: str = strawberry.field(description="The text, with an empty line between paragraphs.")
    correction: str = strawberry.field(description="What was corrected, to be shown with it; else empty.")
    shown: strawberry.Private[list[PublicNewsPhoto]]
    event: PublicNewsEvent | None = strawberry.field(description="The public event it is about.")

    @strawberry.field(description="Its photographs, in the order in which they are shown.")
    def photos(
        self,
        first: Annotated[int, strawberry.argument(description="How many at most.")] = MOST_PHOTOS,
    ) -> list[PublicNewsPhoto]:
        return self.shown[: max(0, min(first, MOST_PHOTOS))]


def _photo(row: ReleasePhoto) -> PublicNewsPhoto:
    return PublicNewsPhoto(
        url=f"/files/news/{row.key}/",
        thumbnail_url=f"/files/news/{row.key}/thumbnail/",
        caption=row.caption,
        alternative_text=row.alternative_text,
    )


def _head(row: Release) -> dict[str, Any]:
    photos = [_photo(one) for one in row.photos.all()[:1]]
    return {
        **{name: getattr(row, name) for name in ("slug", "title", "lead", "published_at", "corrected_at")},
        "photo": photos[0] if photos else None,
        "share_url": f"/files/share/news/{row.slug}.png",
    }


def _news(row: Release) -> PublicNews:
    return PublicNews(**_head(row))


def _event(row: EventRow) -> PublicNewsEvent:
    return PublicNewsEvent(id=global_id(row), title=row.title, starts_at=row.starts_at, place=row.place)


@strawberry.type
class NewsQueries:
    @connection_field(description="The press releases, the newest first. For the office.")
    def press_releases(
        self,
        info: strawberry.Info,
        page: Page,
        status: Annotated[
            list[PressReleaseStatus] | None,
            strawberry.argument(description="Where they stand; any of these."),
        ] = None,
    ) -> Connection[PressRelease]:
        rows: Any = Release.objects.all()
        wanted: Any = status
        if wanted is not None:
            rows = rows.filter(status__in=[one.value for one in wanted])
        return listed(rows, NEWEST, page, info)

    @connection_field(description="The published news, the latest first.", public=True)
    def public_news(self, page: Page) -> Connection[PublicNews]:
        return paged(public.published(), LATEST, page, _news)

    @strawberry.field(description="Published news by its address; null for what is not public, or no more.")
    def public_news_item(
        self, slug: Annotated[str, strawberry.argument(description="Its address.")]
    ) -> PublicNewsItem | None:
        found = public.item(cleaned(slug)[:200])
        if found is None:
            return None
        row, event = found
        return PublicNewsItem(
            **_head(row),
            text=row.text,
            correction=row.correction,
            shown=[_photo(one) for one in row.photos.all()],
            event=_event(event) if event else None,
        )
