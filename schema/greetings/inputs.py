"""Inputs of the greeting mutations."""

from __future__ import annotations

import datetime as dt

import strawberry

from backend.greetings.wording import API_PLACES
from schema.core.action_mutations import VERSION
from schema.core.verbs import optional, required
from schema.greetings.types import (
    GreetingBasis,
    GreetingChannel,
    GreetingDayKind,
    GreetingWish,
    OccasionKind,
)
from schema.letters.types import LetterKind


@strawberry.input(description="An occasion on which people are greeted.")
class GreetingOccasionMakeInput:
    name: str = required("Its name, such as Ramazan Bayramı 2027.")
    on: dt.date = required("The day.")
    kind: OccasionKind = required("Of what kind it is.")
    letter_kind: LetterKind = required("What the letters are; words of another kind are refused in them.")


@strawberry.input(description="A suggestion to act upon.")
class GreetingSuggestionTakeInput:
    code: str = required("Its code.")


@strawberry.input(description="The text of a batch and how it goes out.")
class GreetingTexts:
    subject: str | None = optional(f"The subject of e-mails.{API_PLACES}")
    salutation: str | None = optional(f"The greeting.{API_PLACES}")
    body: str | None = optional(f"The text.{API_PLACES}")
    closing: str | None = optional("The closing.")
    sms_text: str | None = optional(f"The text of SMS, at most 480 letters.{API_PLACES}")
    signatory: strawberry.ID | None = optional("Who signs.")
    signatory_name: str | None = optional("The name below; default that of who signs.")
    signatory_title: str | None = optional("The title below it; default that of who signs.")


@strawberry.input(description="A batch to prepare.")
class GreetingBatchPrepareInput(GreetingTexts):
    occasion: strawberry.ID = required("The occasion.")
    title: str = required("Its title.")
    channels: list[GreetingChannel] = required("How it goes out, in the order in which it is tried.")
    template: strawberry.ID | None = optional(
        "A standing text to begin with; the other fields of this input replace it."
    )


@strawberry.input(description="Recipients for a batch; who is on the list already stays on it once.")
class GreetingBatchAddInput:
    id: strawberry.ID = required("The batch.")
    version: int | None = optional(VERSION)
    citizens: list[strawberry.ID] | None = optional("Citizens.")
    departments: list[strawberry.ID] | None = optional("Departments.")
    bodies: list[strawberry.ID] | None = optional("Outside bodies.")
    offices: list[strawberry.ID] | None = optional(
        "Offices of the protocol: their holders on the day of the occasion; vacant ones are left out."
    )
    lists: list[strawberry.ID] | None = optional(
        "Lists of partners: their members of today, and who has a role at an organisation that is, with title and"
        " organisation; of those that the viewer may know there."
    )


@strawberry.input(description="A day of a person to keep, with the right by which it is kept.")
class GreetingDayKeepInput:
    citizen: strawberry.ID = required("Whose.")
    kind: GreetingDayKind = required("Which day.")
    month: int = required("The month.")
    day: int = required("The day of the month.")
    basis: GreetingBasis = required("By what right (KVKK m.5).")
    basis_note: str = required("Where that is seen.")
    of_what: str | None = optional("Of what an anniversary is.")
    since: int | None = optional("Since which year; not of a birthday.")


@strawberry.input(description="A day to keep no longer.")
class GreetingDayForgetInput:
    id: strawberry.ID = required("The day.")


@strawberry.input(description="A person's wish about greetings.")
class GreetingPreferInput:
    citizen: strawberry.ID = required("Who.")
    wish: GreetingWish = required("The wish.")
    proof: str = required("How they expressed it.")
    notified_on: dt.date | None = optional("When; default today.")


@strawberry.input(description="A bereavement.")
class CitizenRecordBereavementInput:
    id: strawberry.ID = required("The citizen.")
    on: dt.date = required("The day of death.")
    who: str | None = optional("Whom they lost, such as “babası”.")
    deceased: strawberry.ID | None = optional(
        "The record of who died: the day of death is kept there, and they are greeted no more."
    )
    without_record: bool | None = optional("Who died has no record; needed where none is named.")
