"""Asking for greetings, preparing batches and letting them go out; what is suggested for the coming days."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import strawberry

from backend.contacts.models import Bereavement as BereavementRow
from backend.greetings import models
from backend.greetings.suggestions import AHEAD, MOST_AHEAD
from permissions.core import scope
from permissions.greetings import access
from schema.core.connection import Connection, Keyset, Page, connection_field, listed
from schema.core.nodes import decode
from schema.core.scalars import values
from schema.core.verbs import optional
from schema.greetings.types import (
    Bereavement,
    GreetingBatch,
    GreetingDay,
    GreetingOccasion,
    GreetingOutcome,
    GreetingPreference,
    GreetingRecipient,
    GreetingStatus,
    GreetingSuggestion,
)

BY_DAY = Keyset("greeting-occasion", "on", dt.date, descending=True)


NEWEST = Keyset("greeting-batch", "prepared_at", dt.datetime, descending=True)


IN_ORDER = Keyset("greeting-recipient", "id", int)


BY_LOSS = Keyset("bereavement", "on", dt.date, descending=True)


BY_RECORD = Keyset("greeting-day", "recorded_at", dt.datetime, descending=True)


@strawberry.input(description="Which batches: all of these must hold; within a list, any.")
class GreetingBatchFilter:
    status: list[GreetingStatus] | None = optional("Where it stands.")
    occasion: strawberry.ID | None = optional("For what.")


@strawberry.input(description="Which recipients.")
class GreetingRecipientFilter:
    outcome: list[GreetingOutcome] | None = optional("What became of it.")


def _keyed(rows: Any, field: str, value: str | None) -> Any:
    """Narrowed to the row that an id names; an id of another kind finds nothing."""
    result = decode(value) if value else None
    return rows.filter(**{f"{field}__key": result[1]}) if result else rows.none()


@strawberry.type
class GreetingQueries:
    @connection_field(description="The occasions, the latest day first. The private office only.")
    def greeting_occasions(self, info: strawberry.Info, page: Page) -> Connection[GreetingOccasion]:
        return listed(models.Occasion.objects.all(), BY_DAY, page, info)

    @connection_field(description="The batches of greetings, the newest first. The private office only.")
    def greeting_batches(
        self,
        info: strawberry.Info,
        page: Page,
        filter: Annotated[GreetingBatchFilter | None, strawberry.argument(description="Which ones.")] = None,
    ) -> Connection[GreetingBatch]:
        rows: Any = models.Batch.objects.all()
        asked = {
            name: value for name, value in (values(filter) if filter else {}).items() if value is not None
        }
        if "status" in asked:
            rows = rows.filter(status__in=[one.value for one in asked["status"]])
        if "occasion" in asked:
            rows = _keyed(rows, "occasion", asked["occasion"])
        return listed(rows, NEWEST, page, info)

    @connection_field(description="Who is on the list of a batch, in the order in which they were put there.")
    def greeting_recipients(
        self,
        info: strawberry.Info,
        batch: Annotated[strawberry.ID, strawberry.argument(description="The batch.")],
        page: Page,
        filter: Annotated[
            GreetingRecipientFilter | None, strawberry.argument(description="Which ones.")
        ] = None,
    ) -> Connection[GreetingRecipient]:
        rows = _keyed(models.Recipient.objects.all(), "batch", batch)
        if filter and filter.outcome:
            rows = rows.filter(outcome__in=[one.value for one in values(filter)["outcome"]])
        return listed(rows, IN_ORDER, page, info)

    @strawberry.field(description="What could be written in the coming days, the nearest first.")
    def greeting_suggestions(
        self,
        info: strawberry.Info,
        days: Annotated[
            int, strawberry.argument(description=f"How many days from today on (up to {MOST_AHEAD}).")
        ] = AHEAD,
    ) -> list[GreetingSuggestion]:
        scope.require_viewer()
        return [
            GreetingSuggestion(
                code=one.code,
                kind=one.kind,
                name=one.name,
                day=one.on,
                letter_kind=one.letter_kind,
                why=one.why,
                audience=one.audience,
                caution=one.caution,
                is_for_one=one.is_for_one,
                is_taken=one.occasion is not None,
            )
            for one in access.coming(days)
        ]

    @connection_field(description="Days of persons that are kept, the newest record first.")
    def greeting_days(self, info: strawberry.Info, page: Page) -> Connection[GreetingDay]:
        return listed(models.KeptDay.objects.all(), BY_RECORD, page, info)

    @connection_field(description="The wishes of persons about greetings, the newest record first.")
    def greeting_preferences(self, info: strawberry.Info, page: Page) -> Connection[GreetingPreference]:
        return listed(models.Preference.objects.all(), BY_RECORD, page, info)

    @connection_field(description="Losses that persons suffered, the latest first.")
    def bereavements(self, info: strawberry.Info, page: Page) -> Connection[Bereavement]:
        return listed(BereavementRow.objects.all(), BY_LOSS, page, info)
