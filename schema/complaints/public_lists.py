"""What anybody may ask without a token: what a case may be about, the mahalle, and the privacy notice to show first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from django.db.models import QuerySet

from permissions.portals import public_lists
from permissions.portals.public_lists import OfTheHouse
from schema.contacts.privacy_types import PrivacyPurpose
from schema.contacts.types import Language
from schema.core.connection import (
    AS_THEY_ARE,
    Connection,
    Edge,
    Keyset,
    Listing,
    Page,
    PageInfo,
    connection_field,
)
from schema.organization.queries import BY_NAME

Purpose = Annotated[PrivacyPurpose, strawberry.argument(description="For what data is taken.")]
NoticeKey = Annotated[str, strawberry.argument(description="The key in its `url`.")]
InLanguage = Annotated[
    Language | None, strawberry.argument(description="In which language; where there is none, Turkish.")
]


def paged[T](
    rows: QuerySet[Any],
    keyset: Keyset,
    page: Page,
    make: Callable[[Any], T],
    note: Callable[[list[Any]], None] | None = None,
) -> Connection[T]:
    """Page of public rows, each converted by `make`. `note` is called with the rows shown."""
    whole: Any = OfTheHouse(rows)
    listing = Listing(rows, keyset, page, AS_THEY_ARE, whole)
    matches = list(OfTheHouse(listing.page_rows()))
    more, behind = len(matches) > page.count, page.cursor is not None
    shown = matches[: page.count][:: 1 if page.forwards else -1]
    if note is not None:
        note(shown)
    edges = [Edge(cursor=keyset.cursor(row), node=make(row)) for row in shown]
    return Connection(
        all_rows=whole,
        edges=edges,
        nodes=[edge.node for edge in edges],
        page_info=PageInfo(
            has_next_page=more if page.forwards else behind,
            has_previous_page=behind if page.forwards else more,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )


@strawberry.type(description="What a case may be about (konu).")
class PublicCategory:
    code: str = strawberry.field(description="By this it is chosen.")
    name: str = strawberry.field(description="Its name.")
    group: str | None = strawberry.field(description="The code of the group it belongs to, if it has one.")
    group_name: str | None = strawberry.field(description="The name of that group.")


@strawberry.type(description="A neighbourhood (mahalle).")
class PublicNeighbourhood:
    code: str = strawberry.field(description="By this it is chosen.")
    name: str = strawberry.field(description="Its name.")
    latitude: float | None = strawberry.field(description="Latitude of its centre, in degrees (WGS 84).")
    longitude: float | None = strawberry.field(description="Longitude of its centre, in degrees (WGS 84).")


@strawberry.type(
    description="What must be shown to citizens before their data is taken (aydınlatma metni, KVKK m.10)."
)
class PublicPrivacyNotice:
    code: str = strawberry.field(description="By this the version is named that was shown.")
    purpose: PrivacyPurpose = strawberry.field(description="For what the data is taken.")
    language: Language = strawberry.field(description="The language of the text.")
    version: int = strawberry.field(description="Counted from 1 within a purpose and language.")
    text: str = strawberry.field(description="The text, with an empty line between paragraphs.")
    valid_from: dt.date = strawberry.field(description="The first day on which it is shown.")
    title: str = strawberry.field(description="For what the data is taken, in words.")
    url: str = strawberry.field(
        description="The page of this version for good, from the municipality's address on."
    )
    is_in_force: bool = strawberry.field(description="Whether it is to be shown today.")


def public_category(row: Any) -> PublicCategory:
    group = row.parent
    return PublicCategory(
        code=row.code,
        name=row.name,
        group=group.code if group else None,
        group_name=group.name if group else None,
    )


def _neighbourhood(row: Any) -> PublicNeighbourhood:
    return PublicNeighbourhood(code=row.code, name=row.name, latitude=row.latitude, longitude=row.longitude)


def _notice(row: Any, is_in_force: bool) -> PublicPrivacyNotice:
    return PublicPrivacyNotice(
        code=row.code,
        purpose=PrivacyPurpose(row.purpose),
        language=Language(row.language),
        version=row.version,
        text=row.text,
        valid_from=row.valid_from,
        title=row.get_purpose_display(),
        url=f"/aydinlatma/{row.key}/",
        is_in_force=is_in_force,
    )


@strawberry.type
class PublicListQueries:
    @connection_field(
        description="What a case may be about, by name, with the groups they belong to.", public=True
    )
    def public_categories(self, page: Page) -> Connection[PublicCategory]:
        return paged(public_lists.categories(), BY_NAME, page, public_category)

    @connection_field(description="The neighbourhoods (mahalle), by name.", public=True)
    def public_neighbourhoods(self, page: Page) -> Connection[PublicNeighbourhood]:
        return paged(public_lists.neighbourhoods(), BY_NAME, page, _neighbourhood)

    @strawberry.field(description="The text to show before data is taken for a purpose; its code goes along.")
    def public_privacy_notice(
        self, purpose: Purpose, language: InLanguage = None
    ) -> PublicPrivacyNotice | None:
        what: Any = purpose
        tongue: Any = language
        result = public_lists.notice(what.value, tongue.value if tongue else "TR")
        return _notice(result, is_in_force=True) if result else None

    @strawberry.field(
        description="A version of such a text, also one that holds no longer: what a record names can always be read."
    )
    def public_privacy_notice_version(self, key: NoticeKey) -> PublicPrivacyNotice | None:
        found = public_lists.notice_version(key)
        return _notice(*found) if found else None
