"""Greetings, as they are read: occasions, batches, who is on their lists and what became of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Count, IntegerField, OuterRef, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat

from backend.contacts.models import Bereavement as BereavementRow
from backend.greetings import choices, models, moves, story
from backend.outbox.models import Message
from permissions.greetings.rules import GREETINGS_TABLE
from schema.contacts.types import Citizen
from schema.core.fields import choice, column, expression, owned, viewer_can
from schema.core.nodes import Node, Scoped, file_url, node_type
from schema.core.scalars import described_enum
from schema.letters.templates import LetterTemplate
from schema.letters.types import Letter, LetterKind
from schema.organization.types import Department, OutsideBody, StaffMember
from schema.partners.types import OrganisationRole

OccasionKind = described_enum(choices.OccasionKind, "GreetingOccasionKind", "Of what kind an occasion is.")
GreetingChannel = described_enum(choices.Channel, "GreetingChannel", "How a greeting is sent.")
GreetingStatus = described_enum(choices.Status, "GreetingBatchStatus", "Where a batch stands.")
GreetingOutcome = described_enum(choices.Outcome, "GreetingOutcome", "What became of a recipient.")
GreetingReason = described_enum(
    choices.Reason, "GreetingReason", "Why a greeting was refused, or is to be decided on."
)
GreetingDecision = described_enum(
    choices.Decision, "GreetingDecision", "The decision on a flagged recipient."
)
GreetingSource = described_enum(choices.Source, "GreetingSource", "Where a recipient was taken from.")
GreetingVerb = described_enum(moves.Verb, "GreetingVerb", "What may be done to a batch.")
GreetingEventType = described_enum(story.EventType, "GreetingEventType", "What happened to a batch.")
GreetingDayKind = described_enum(choices.KeptKind, "GreetingDayKind", "Which day of a person is kept.")
GreetingBasis = described_enum(choices.Basis, "GreetingBasis", "By what right a day is kept (KVKK m.5).")
GreetingWish = described_enum(choices.Wish, "GreetingWish", "A person's wish about greetings.")


def _count(**which: Any) -> Any:
    """How many recipients of the batch these are, as a part of the statement."""
    rows = models.Recipient.objects.filter(batch=OuterRef("pk"), **which).order_by()
    counted = rows.values("batch").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), Value(0))


def _of(outcome: choices.Outcome, description: str) -> Any:
    return expression(description, _count(outcome=outcome))


@node_type(models.Occasion, "GreetingOccasion")
class GreetingOccasion(Node, Scoped):
    """What people are greeted for (vesile): a person is greeted once on it."""

    name: str = column("Its name, such as Ramazan Bayramı 2027.")
    kind: OccasionKind = column("Of what kind it is.")
    day: dt.date = column("The day.", "on")
    letter_kind: LetterKind = column("What the letters for it are.")
    letter: Letter | None = column("The letter, where the occasion is one person's.")
    recorded_at: dt.datetime = column("When it was recorded.")
    recorded_by: StaffMember | None = column("Who recorded it.")


@strawberry_django.type(
    models.BatchLine, name="GreetingBatchLine", description="One thing that happened to a batch."
)
class GreetingBatchLine(Scoped):
    verb: GreetingEventType = column("What happened.")
    at: dt.datetime = column("When.")
    actor: StaffMember | None = column("Who did it; null for the worker.")
    note: str = column("The remark made with it.")
    old_status: GreetingStatus | None = choice("Where it stood before.", "from_status", name="fromStatus")
    new_status: GreetingStatus | None = choice("Where it stood after.", "to_status", name="toStatus")


@node_type(models.PrintRun, "GreetingPrintRun")
class GreetingPrintRun(Node, Scoped):
    """The letters of a batch that go out on paper, as one PDF, frozen with its digest (baskı)."""

    letters: int = column("How many letters.")
    size: int = column("In bytes.")
    sha256: str = column("SHA-256 of the PDF.")
    uploaded_at: dt.datetime = column("When it was made.", name="madeAt")

    @strawberry_django.field(
        description="Where to fetch it, for viewers who may see it.",
        only=["key"],
        metadata={"sql": Concat(Value("/files/"), Cast("key", TextField()), output_field=TextField())},
    )
    def url(self) -> str:
        return file_url(self)


@node_type(models.Recipient, "GreetingRecipient")
class GreetingRecipient(Node, Scoped):
    """To whom a batch goes (alıcı): exactly one of a citizen, a department and a body."""

    citizen: Citizen | None = column("The citizen, if the viewer may know them.")
    department: Department | None = column("The department.")
    body: OutsideBody | None = column("The outside body.")
    role: OrganisationRole | None = column("For what they are greeted at an organisation.")
    source: GreetingSource = column("Where it was taken from.")
    title: str = column("Their office, as the text may say it.")
    organisation: str = column("Their organisation, as the text may say it.")
    outcome: GreetingOutcome = column("What became of it.")
    refusal: GreetingReason | None = choice(
        "Why it was refused, or is to be decided on.", "reason", name="refusal"
    )
    decided: GreetingDecision | None = choice(
        "The decision on a flagged recipient.", "decision", name="decided"
    )
    by_channel: GreetingChannel | None = choice("How it went out.", "channel", name="byChannel")
    settled_at: dt.datetime | None = column("When that was settled.")
    print_run: GreetingPrintRun | None = column("The print run that its letter stands in.")


@node_type(models.Batch, "GreetingBatch")
class GreetingBatch(Node, Scoped):
    """Letters for one occasion to a list of recipients (toplu tebrik), with its result in numbers."""

    occasion: GreetingOccasion | None = column("For what.")
    title: str = column("Its title.")
    status: GreetingStatus = column("Where it stands.")
    template: LetterTemplate | None = column("The standing text that it was begun with.")
    subject: str = column("The subject of its e-mails.")
    salutation: str = column("The greeting, with its places.")
    body: str = column("The text, with its places.")
    closing: str = column("The closing.")
    sms_text: str = column("The text of its SMS.")
    channels: list[GreetingChannel] = column("How it goes out, in the order in which it is tried.")
    signatory_name: str = column("Who signs.")
    signatory_title: str = column("The title below the name.")
    prepared_at: dt.datetime = column("When it was prepared.")
    prepared_by: StaffMember | None = column("Who prepared it.")
    started_at: dt.datetime | None = column("When the worker began with it.")
    ended_at: dt.datetime | None = column("When it ended.")
    fault: str = column("Why it failed, and what to do; empty if it did not.")
    version: int = column("Rises with every change; pass it along to be refused after a concurrent change.")
    total: int = expression("How many recipients are on its list.", _count())
    pending: int = _of(choices.Outcome.PENDING, "How many are not settled yet: the rest is the progress.")
    sent: int = _of(choices.Outcome.SENT, "How many were greeted by it.")
    no_address: int = _of(choices.Outcome.NO_ADDRESS, "How many cannot be reached by its channels.")
    deceased: int = _of(choices.Outcome.DECEASED, "How many were left out because they died.")
    flagged: int = _of(choices.Outcome.FLAGGED, "How many are to be decided on: each says why.")
    left_out: int = _of(choices.Outcome.LEFT_OUT, "How many were left out by decision.")
    already_greeted: int = _of(choices.Outcome.ALREADY_GREETED, "How many had been greeted on the occasion.")
    refused: int = _of(choices.Outcome.REFUSED, "How many were refused; each says why.")
    on_paper: int = expression(
        "How many of its letters go out on paper.",
        _count(outcome=choices.Outcome.SENT, channel=choices.Channel.PRINT),
    )
    printed: int = expression(
        "How many of these stand in a print run: the rest is the progress.", _count(print_run__isnull=False)
    )
    undelivered: int = expression(
        "How many of its messages came back or were not accepted.",
        _count(message__status=Message.Status.FAILED),
    )
    print_runs: list[GreetingPrintRun] = owned("Its print runs, the newest first.", ["-uploaded_at", "-id"])
    lines: list[GreetingBatchLine] = owned("The story, the newest first.", ["-at", "-id"])
    can = viewer_can(GREETINGS_TABLE, GreetingVerb)


@node_type(models.KeptDay, "GreetingDay")
class GreetingDay(Node, Scoped):
    """A day of a person that is kept in order to greet them, with the right by which it is kept."""

    citizen: Citizen | None = column("Whose.")
    kind: GreetingDayKind = column("Which day.")
    of_what: str = column("Of what an anniversary is.")
    month: int = column("The month.")
    day: int = column("The day of the month.")
    since: int | None = column("Since which year; never of a birthday.")
    basis: GreetingBasis = column("By what right it is kept.")
    basis_note: str = column("Where that is seen.")


@node_type(models.Preference, "GreetingPreference")
class GreetingPreference(Node, Scoped):
    """A person's wish about greetings."""

    citizen: Citizen | None = column("Who.")
    wish: GreetingWish = column("The wish.")
    notified_on: dt.date = column("When.")
    proof: str = column("How it is proven.")


@node_type(BereavementRow, "Bereavement")
class Bereavement(Node, Scoped):
    """A person's bereavement."""

    citizen: Citizen | None = column("Who was bereaved.")
    day: dt.date = column("The day of death.", "on")
    who: str = column("Whom they lost.")
    recorded_at: dt.datetime = column("When it was recorded.")


@strawberry.type(description="One letter, or one batch, that could be written in the coming days.")
class GreetingSuggestion:
    code: str = strawberry.field(description="Names it; pass it to `greetingSuggestionTake`.")
    kind: OccasionKind = strawberry.field(description="Of what kind the occasion is.")
    name: str = strawberry.field(description="The occasion.")
    day: dt.date = strawberry.field(description="The day.")
    letter_kind: LetterKind = strawberry.field(description="What would be written.")
    why: str = strawberry.field(description="By what source or right it is known.")
    audience: str = strawberry.field(description="Who is greeted on a day of a profession or group.")
    caution: str = strawberry.field(
        description="What is to be minded of whom to greet, such as KVKK m.6; empty if nothing."
    )
    is_for_one: bool = strawberry.field(description="A letter to one person; otherwise a batch.")
    is_taken: bool = strawberry.field(description="Something is being written for it already.")
