"""Inputs of the programme mutations. An omitted field is not passed to the action."""

from __future__ import annotations

import datetime as dt

import strawberry

from schema.core.verbs import optional, required
from schema.programme.types import (
    PrincipalOffice,
    ProgrammeKind,
    SeriesFrequency,
    SeriesOnHoliday,
)

NOTE = "A remark for the story."
UNUSUAL = (
    "It is meant, though it is unusual: a holiday, a half day, outside working hours, the daily maximum."
)


@strawberry.input(description="How a series goes on from its first day.")
class SeriesInput:
    frequency: SeriesFrequency = required("How it goes on.")
    until: dt.date = required("The last day; two years and two hundred entries at most.")
    interval: int = required("Every how many weeks or months.", default=1)
    weekdays: list[int] = required("Of a weekly series: the days, 0 is Monday.", default_factory=list)
    on_holiday: SeriesOnHoliday = required("On a holiday.", default=SeriesOnHoliday.SKIP)


@strawberry.input(description="Something to enter into a programme.")
class ProgrammeEntryPlanInput:
    principal: strawberry.ID = required("Whose programme.")
    kind: ProgrammeKind = required("What it is.")
    title: str = required("What it is, in a line.")
    starts_at: dt.datetime = required("When it begins; without an offset local time.")
    ends_at: dt.datetime | None = optional("When it ends; default the principal's usual length.")
    place: str | None = optional("Where.")
    description: str | None = optional("What else is to be known.")
    preparation_minutes: int | None = optional("Preparation; default the principal's usual one.")
    travel_minutes: int | None = optional("The way there.")
    follow_up_minutes: int | None = optional("The time after it; default the principal's usual one.")
    hold_until: dt.datetime | None = optional("Hold it until then; without it is confirmed.")
    participants: list[strawberry.ID] | None = optional("Members of staff who take part.")
    is_confidential: bool | None = optional("Only the viewer and the named readers see it.")
    readers: list[strawberry.ID] | None = optional("Who reads it, where it is confidential.")
    series: SeriesInput | None = optional("Enter a whole series.")
    accept_unusual: bool | None = optional(UNUSUAL)


@strawberry.input(description="A substitution for a principal (vekâlet).")
class StandInAppointInput:
    principal: strawberry.ID = required("Who is away.")
    deputy: strawberry.ID = required(
        "The principal who stands in; for the mayor a member of the council (5393 m.40)."
    )
    valid_from: dt.date = required("The first day.")
    valid_until: dt.date = required("The last day.")
    reason: str | None = optional("Why; it stands in the journal alone.")


@strawberry.input(description="The principal is back: yesterday was the last day.")
class StandInEndInput:
    stand_in: strawberry.ID = required("Which one.")


@strawberry.input(description="A new programme. It has no keeper until one is appointed.")
class PrincipalEstablishInput:
    office: PrincipalOffice = required("Whose programme it is.")
    name: str = required("As it is shown.")
    person: strawberry.ID | None = optional("The account of the person.")
    position: int | None = optional("The place in the order of principals.")


@strawberry.input(description="What is usual for a principal; what is left out stays, null empties.")
class PrincipalChangeInput:
    id: strawberry.ID = required("The principal.")
    name: str | None = optional("As it is shown.")
    person: strawberry.ID | None = optional("The account of the person.")
    position: int | None = optional("The place in the order of principals.")
    is_active: bool | None = optional("In office.")
    slot_minutes: int | None = optional("How long an appointment usually lasts.")
    preparation_minutes: int | None = optional("Usual preparation.")
    follow_up_minutes: int | None = optional("Usual time after.")
    daily_maximum: int | None = optional("Appointments a day at most; null for no limit.")
    applicants_move: bool | None = optional(
        "Whether an applicant has the free time they choose by their link at once, without the office."
    )
    publishes_busy: bool | None = optional("Whether anybody may ask when they are busy, and nothing else.")


@strawberry.input(description="Working hours of one weekday, or of a part of it.")
class HoursInput:
    weekday: int = required("0 is Monday.")
    begins: dt.time = required("From.")
    ends: dt.time = required("Until.")


@strawberry.input(description="The working hours of the whole week; they replace what was there.")
class PrincipalSetHoursInput:
    id: strawberry.ID = required("The principal.")
    hours: list[HoursInput] = required("The week; several for a day with a break.")


@strawberry.input(description="When the halk günü is, from a day on; a rule before it ends.")
class PublicDaySetInput:
    principal: strawberry.ID = required("Whose.")
    weekday: int = required("0 is Monday.")
    begins: dt.time = required("From.")
    ends: dt.time = required("Until.")
    capacity: int = required("People at most.")
    slot_minutes: int = required("Minutes for each.", default=10)
    place: str = required("Where.", default="")
    valid_from: dt.date | None = optional("From which day; default today.")


@strawberry.input(description="There is no such halk günü after a day.")
class PublicDayEndInput:
    rule: strawberry.ID = required("The rule.")
    last_day: dt.date | None = optional("The last day; default today.")
