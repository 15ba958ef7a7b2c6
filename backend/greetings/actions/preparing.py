"""Preparing a batch: its text, its channels, and to whom it goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, required, short
from backend.core.words.text import official_name
from backend.greetings import days, moves, wording
from backend.greetings.actions.step import move, write_line
from backend.greetings.choices import Channel, Source, Status
from backend.greetings.models import Batch, Occasion, Recipient
from backend.greetings.moves import Verb, batch_action
from backend.greetings.story import EventType
from backend.greetings.suggestions import NO_PERSONS
from backend.greetings.wording import API_PLACES
from backend.journal.action_table import Field, Trait
from backend.letters.models import LetterTemplate
from backend.organization.models import Department, OutsideBody, User
from backend.outbox.actions import require_channel
from backend.partners.choices import RoleKind
from backend.partners.models import Role

MOST = 50_000
LONGEST = {"subject": 200, "salutation": 200, "body": 10_000, "closing": 200, "sms_text": 480}
_SIGNED = {"signatory_name": 160, "signatory_title": 120}


class HeadFields(TypedDict, total=False):
    title: Annotated[str, Field(api="Its title.")]
    channels: Annotated[list[Channel], Field(api="How it goes out.")]


class TextFields(TypedDict, total=False):
    subject: Annotated[str, Field(api=f"The subject of e-mails.{API_PLACES}")]
    salutation: Annotated[str, Field(api=f"The greeting.{API_PLACES}")]
    body: Annotated[str, Field(api=f"The text.{API_PLACES}")]
    closing: Annotated[str, Field(api="The closing.")]
    sms_text: Annotated[str, Field(api=f"The text of SMS.{API_PLACES}")]
    signatory: Annotated[User, Field(api="Who signs.")]
    signatory_name: Annotated[str, Field(api="The name below.")]
    signatory_title: Annotated[str, Field(api="The title below it.")]


class WriteFields(HeadFields, TextFields, total=False): ...


@dataclass(frozen=True)
class Named:
    """Recipient, as input: a citizen, a department or a body, with the office and organisation of a citizen for
    the text. `role`: their role, whose address is used."""

    citizen: Citizen | None = None
    department: Department | None = None
    body: OutsideBody | None = None
    role: Role | None = None
    title: str = ""
    organisation: str = ""


@dataclass(frozen=True)
class Added:
    """How many of those named are new in the batch, and how many were in it already."""

    added: int
    already_there: int


@transaction.atomic
def prepare(
    occasion: Occasion,
    *,
    by: User | None,
    title: str,
    channels: Sequence[str],
    template: LetterTemplate | None = None,
    **facts: Unpack[TextFields],
) -> Batch:
    """Prepare a batch for an occasion, with the editable text of a template. UNSUPPORTED for SMS without a
    configured gateway; INVALID for a text that mixes occasions or uses unavailable placeholders."""
    if template is not None and template.kind != occasion.letter_kind:
        message = _("The template is of another kind of letter than the occasion.")
        raise DomainError(ErrorCode.INVALID, message, "template")
    texts = {name: getattr(template, name) for name in wording.LETTER_TEXTS} if template else {}
    batch = Batch(
        occasion=occasion,
        template=template,
        prepared_by=by,
        title=required(title, "title", _("Give the batch a title."), 120),
        channels=_channels(channels),
        **_checked(occasion, texts | {name: value for name, value in facts.items() if value is not None}),
    )
    batch.save(force_insert=True)
    write_line(batch, EventType.PREPARED, by=by, from_status="")
    return batch


@batch_action(Verb.WRITE, event=EventType.WRITTEN, source=Status.PREPARING, traits=Trait.PRIMARY)
def write(batch: Batch, *, by: User | None, **facts: Unpack[WriteFields]) -> Batch:
    """Change text, channels or who signs."""
    moves.require(Verb.WRITE, batch.status)
    values: dict[str, Any] = dict(facts)
    changes: dict[str, Any] = {}
    if "title" in values:
        changes["title"] = required(values.pop("title"), "title", _("Give the batch a title."), 120)
    if "channels" in values:
        changes["channels"] = _channels(values.pop("channels"))
    changes |= _checked(batch.occasion, values)
    changed = {name: value for name, value in changes.items() if getattr(batch, name) != value}
    if changed:
        move(batch, Verb.WRITE, by=by, details={"fields": sorted(changed)}, **changed)
    return batch


@batch_action(Verb.ADD, event=EventType.ADDED, source=Status.PREPARING)
def add(batch: Batch, *, by: User | None, recipients: Iterable[Named], source: str) -> Added:
    """Put recipients on the list.

    Each is on it once, a merged citizen as the record that stands for them. INVALID for persons on a day about whom
    health data would tell (KVKK m.6).
    """
    moves.require(Verb.ADD, batch.status)
    origin, named = choice(Source, source, "source"), list(recipients)
    if days.is_of_health_data(batch.occasion.code):
        _require_no_list_of_persons(origin, named)
    before = batch.recipients.count()
    if before + len(named) > MOST:
        message = _("A batch takes at most %(count)s recipients. Divide the list.") % {"count": MOST}
        raise DomainError(ErrorCode.TOO_LARGE, message, "recipients")
    standing = _standing({one.citizen for one in named if one.citizen is not None})
    rows = [
        Recipient(
            batch=batch,
            occasion_id=batch.occasion_id,
            citizen_id=standing[one.citizen.pk] if one.citizen else None,
            department=one.department,
            body=one.body,
            role=one.role,
            source=origin,
            title=short(one.title, "title", 120),
            organisation=short(one.organisation, "organisation", 160),
        )
        for one in named
    ]
    Recipient.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
    added = batch.recipients.count() - before
    # How many of them were there already would tell of recipients who are not seen (members of an association).
    details = {"source": origin.value, "named": len(named)}
    move(batch, Verb.ADD, by=by, details=details)
    return Added(added, len(named) - added)


def _require_no_list_of_persons(origin: Source, named: list[Named]) -> None:
    """INVALID for who neither holds an office nor represents an organisation."""
    if origin == Source.PROTOCOL:
        return
    if any(one.citizen and (one.role is None or one.role.kind == RoleKind.MEMBER) for one in named):
        raise DomainError(ErrorCode.INVALID, NO_PERSONS, "recipients")


def _standing(people: set[Citizen]) -> dict[int, int]:
    """Key -> the key of the record that stands for it today."""
    mapping = {person.pk: person.pk for person in people}
    merged = {person.pk for person in people if person.merged_into_id is not None}
    for pk, members in contacts.families(merged).items():
        mapping[pk] = Citizen.objects.standing().filter(pk__in=members).values_list("pk", flat=True)[0]
    return mapping


@batch_action(Verb.REMOVE, event=EventType.REMOVED, source=Status.PREPARING)
def remove(
    batch: Batch, *, by: User | None, recipients: Annotated[Iterable[Recipient], Field(api="The recipients.")]
) -> Batch:
    """Take recipients off the list.

    NOT_FOUND for one of another batch.
    """
    moves.require(Verb.REMOVE, batch.status)
    rows = list(recipients)
    if any(row.batch_id != batch.pk for row in rows):
        raise DomainError(ErrorCode.NOT_FOUND, _("There is no such recipient in this batch."), "recipients")
    Recipient.objects.filter(batch=batch, pk__in=[row.pk for row in rows]).delete()
    move(batch, Verb.REMOVE, by=by, details={"removed": len(rows)})
    return batch


@batch_action(
    Verb.CANCEL,
    event=EventType.CANCELLED,
    source=Status.PREPARING,
    target=Status.CANCELLED,
    traits=Trait.DESTRUCTIVE,
)
def cancel(
    batch: Batch, *, by: User | None, reason: Annotated[str, Field(_("Reason"), api="Why.", rows=3)]
) -> Batch:
    """Give it up before it was sent.

    It stays with its story.
    """
    why = required(reason, "reason", _("Write why the batch is abandoned."))
    move(batch, Verb.CANCEL, by=by, note=why)
    return batch


def _channels(asked: Sequence[str]) -> list[str]:
    """In the order in which they are tried, each once."""
    channels = list(dict.fromkeys(choice(Channel, one, "channels").value for one in asked))
    if not channels:
        raise DomainError(ErrorCode.REQUIRED, _("Choose how the greetings go out."), "channels")
    if Channel.SMS in channels:
        try:
            require_channel(Channel.SMS)
        except DomainError as error:
            raise DomainError(error.code, error.message, "channels") from None
    return channels


def _checked(occasion: Occasion, facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as they are kept. TypeError for what is none; INVALID."""
    if unknown := set(facts) - set(TextFields.__annotations__):
        raise TypeError(f"not facts of a batch: {', '.join(sorted(unknown))}")
    checked = {
        name: short(value, name, (LONGEST | _SIGNED)[name])
        for name, value in facts.items()
        if name != "signatory"
    }
    wording.check(
        occasion.letter_kind, {name: text for name, text in checked.items() if name in wording.TEXTS}
    )
    signs: User | None = facts.get("signatory")
    if signs is not None:
        checked["signatory_name"] = checked.get("signatory_name") or official_name(
            signs.first_name, signs.last_name
        )
        checked["signatory_title"] = checked.get("signatory_title") or signs.title
        return {**checked, "signatory": signs}
    return dict(checked)
