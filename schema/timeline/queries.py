"""The timeline of a person or an organisation: everything of all services, as far as the viewer sees it."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.contacts.models import Citizen as CitizenRow
from backend.core.errors import DomainError, ErrorCode
from backend.timeline import models
from permissions.core import scope
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.nodes import MODELS, decode
from schema.partners.queries import family_of
from schema.timeline.types import TimelineKind, TimelineMoment

NEWEST = Keyset("moment", "at", dt.datetime, descending=True)


@strawberry.type
class TimelineQueries:
    @connection_field(
        description="Everything of all services about a person or with an organisation, the newest first: with the"
        " records that were merged into theirs, and as far as the viewer sees it. Give exactly one."
    )
    def timeline(
        self,
        info: strawberry.Info,
        page: Page,
        person: Annotated[strawberry.ID | None, strawberry.argument(description="A citizen.")] = None,
        organisation: Annotated[
            strawberry.ID | None, strawberry.argument(description="An organisation.")
        ] = None,
        kind: Annotated[
            list[TimelineKind] | None, strawberry.argument(description="Only these kinds.")
        ] = None,
    ) -> Connection[TimelineMoment]:
        rows = _about(person, organisation)
        if kind is not None:
            rows = rows.filter(kind__in=[choice.value for choice in kind])  # type: ignore[attr-defined]
        return listed(rows, NEWEST, page, info)


def _about(person: str | None, organisation: str | None) -> Any:
    if (person is None) is (organisation is None):
        raise DomainError(ErrorCode.INVALID, _("Give a person or an organisation."), "person")
    rows: Any = models.Moment.objects.all()
    if organisation is not None:
        return rows.with_organisation(family_of(organisation))
    result = decode(person or "")
    if result is None or result[0] != MODELS[CitizenRow]:
        return rows.none()
    key = result[1]
    family = Q(key=key) | Q(merged_into__key=key) | Q(merged_into__merged_into__key=key)
    return rows.about(scope.visible(CitizenRow.objects.filter(family)))
