"""What a client says of meetings and visits."""

from __future__ import annotations

import datetime as dt

import strawberry

from schema.core.verbs import optional, required
from schema.engagements.types import EngagementKind


@strawberry.input(description="The file of a meeting or a visit to open.")
class EngagementOpenInput:
    principal: strawberry.ID = required("Who represents us.")
    kind: EngagementKind = required("What it is.")
    title: str = required("Its title.")
    starts_at: dt.datetime = required("When it begins.")
    ends_at: dt.datetime = required("When it ends.")
    organisation: strawberry.ID | None = optional("With whom.")
    department: strawberry.ID | None = optional("The department that prepares it.")
    place: str | None = optional("Where.")
    purpose: str | None = optional("What it is for.")
    agenda: list[str] | None = optional("The points of the agenda.")
    travel: str | None = optional("How one gets there.")
    vehicle: str | None = optional("By what.")
    lodging: str | None = optional("Where one sleeps.")
    gift_given: str | None = optional("The gift that we give.")
    host_contact: str | None = optional("Whom to call there.")
