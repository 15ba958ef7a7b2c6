"""Recording an invitation, setting it right, filing; what is ordered for it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import IO, Annotated, Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, local_date, today
from backend.core.models import NumberSequence
from backend.core.validation import choice, email_address, required, short
from backend.core.words.phones import normal_phone
from backend.core.words.text import clean, tr_fold
from backend.documents.intake import accept as accept_file
from backend.invitations import moves
from backend.invitations.actions.parameters import Note
from backend.invitations.actions.step import move, write_line
from backend.invitations.choices import DECIDED, Gift, Occasion, Status
from backend.invitations.models import GiftOrder, Invitation, InvitationAttachment
from backend.invitations.moves import Verb, invitation_action
from backend.invitations.story import EventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.partners.actions import standing
from backend.partners.models import Organisation
from backend.programme import actions as programme
from backend.programme import places
from backend.programme.choices import LIVE
from backend.programme.models import Principal

SEQUENCE = "invitation"
TEXTS = {"contact": 160, "place": 200, "wish": 300}
USUAL = dt.timedelta(hours=2)


OPEN_ORDER = Q(Exists(GiftOrder.objects.filter(invitation=OuterRef("pk"), done_at__isnull=True)))

OneOrder = Annotated[GiftOrder, Field(api="Which order.")]


class CorrectFields(TypedDict, total=False):
    occasion: Annotated[Occasion | None, Field(api="To what.")]
    title: Annotated[str | None, Field(api="What it is, in a line.")]
    host: Annotated[str | None, Field(api="Who invites.")]
    partner: Annotated[Organisation | None, Field(api="The inviting organisation's record.")]
    starts_at: Annotated[dt.datetime, Field(api="When it begins; an entry in the programme moves with it.")]
    ends_at: Annotated[dt.datetime, Field(api="When it ends.")]
    place: Annotated[str | None, Field(api="Where.")]
    contact: Annotated[str | None, Field(api="Whom to answer.")]
    phone: Annotated[str | None, Field(api="Their telephone.")]
    email: Annotated[str | None, Field(api="Their e-mail address.")]
    wish: Annotated[str | None, Field(api="What they wish of the principal.")]
    body: Annotated[str | None, Field(api="The text of the invitation.")]
    answer_by: Annotated[dt.date | None, Field(api="By when they wish an answer.", name="answerUntil")]


@transaction.atomic
def receive(principal: Principal, *, by: User | None, **facts: Any) -> Invitation:
    """Record an invitation: who invites, to what, where and when; without an end it lasts two hours. REQUIRED,
    INVALID."""
    if not principal.is_active:
        raise DomainError(ErrorCode.INVALID, _("This programme is no longer kept."), "principal")
    values = _checked({"occasion": Occasion.OTHER, "title": "", "host": ""} | facts)
    if values.get("starts_at") is None:
        raise DomainError(ErrorCode.REQUIRED, _("Say when it is."), "starts_at")
    values["ends_at"] = values.get("ends_at") or values["starts_at"] + USUAL
    _check_times(values["starts_at"], values["ends_at"])
    invitation = Invitation(principal=principal, registered_by=by, year=today().year, **values)
    invitation.number = NumberSequence.take(SEQUENCE, invitation.year)
    invitation.reference = f"DV-{invitation.year}/{invitation.number}"
    invitation.save(force_insert=True)
    write_line(invitation, EventType.RECEIVED, by=by, from_status="")
    return invitation


def alike(principal: Principal, host: str, starts_at: dt.datetime) -> QuerySet[Invitation]:
    """Those of the same host on the same local day, as far as the asker sees them: perhaps it is there already."""
    start = dt.datetime.combine(local_date(starts_at), dt.time(), ISTANBUL)
    rows = Invitation.objects.filter(
        principal=principal, starts_at__gte=start, starts_at__lt=start + dt.timedelta(days=1)
    )
    wanted = _folded(host)
    return rows.filter(pk__in=[pk for pk, name in rows.values_list("pk", "host") if _folded(name) == wanted])


def _folded(name: str) -> list[str]:
    return tr_fold(clean(name)).split()


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts as they are kept. TypeError for what is none."""
    if unknown := set(facts) - set(CorrectFields.__annotations__):
        raise TypeError(f"not facts of an invitation: {', '.join(sorted(unknown))}")
    checked = dict(facts)
    if "occasion" in checked:
        checked["occasion"] = choice(Occasion, checked["occasion"], "occasion")
    if "title" in checked:
        checked["title"] = required(checked["title"], "title", _("Write what it is."), 200)
    if "host" in checked:
        checked["host"] = required(checked["host"], "host", _("Write who invites."), 160)
    for field, longest in TEXTS.items():
        if field in checked:
            checked[field] = short(checked[field], field, longest)
    for field, check in CHECKS.items():
        if field in checked:
            checked[field] = check(checked[field])
    return checked


def _phone(text: str | None) -> str:
    value = clean(text or "")
    return normal_phone(value) if value else ""


CHECKS: dict[str, Callable[[Any], Any]] = {
    "body": lambda text: clean(text or ""),
    "email": email_address,
    "phone": _phone,
    "partner": standing,
}


def _check_times(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if ends_at <= starts_at:
        raise DomainError(ErrorCode.INVALID, _("The end must lie after the beginning."), "ends_at")


@invitation_action(Verb.CORRECT, event=EventType.CORRECTED, source=(Status.NEW, Status.LAPSED, *DECIDED))
def correct(invitation: Invitation, *, by: User | None, **facts: Unpack[CorrectFields]) -> Invitation:
    """Set facts right.

    The story names the fields. A new time moves the entry with it. Raises CollisionError.
    """
    moves.require(Verb.CORRECT, invitation.status)
    changed = {f: value for f, value in _checked(dict(facts)).items() if getattr(invitation, f) != value}
    start = changed.get("starts_at", invitation.starts_at)
    if "starts_at" in changed and "ends_at" not in changed:
        changed["ends_at"] = start + (invitation.ends_at - invitation.starts_at)
    end = changed.get("ends_at", invitation.ends_at)
    _check_times(start, end)
    entry = invitation.entry
    if entry is not None and {"starts_at", "ends_at"} & set(changed):
        places.lock(entry.principal_id)
        entry.refresh_from_db()
        if entry.status in LIVE:
            programme.move_to(entry, by=by, starts_at=start, ends_at=end, accept_unusual=True)
    if changed:
        move(invitation, Verb.CORRECT, by=by, details={"fields": sorted(changed)}, **changed)
    return invitation


@invitation_action(
    Verb.LINK_PARTNER,
    event=EventType.PARTNER_LINKED,
    source=tuple(Status),
    traits=Trait.CONCURRENT,
    hint=_("What was written stays; the invitation then stands on the page of the organisation too."),
)
def link_partner(
    invitation: Invitation,
    *,
    by: User | None,
    partner: Annotated[Organisation, Field(_("Record of the host"), api="The record of the host.")],
) -> Invitation:
    """The host that was written is this organisation.

    In any state. INVALID where it is linked with that record already.
    """
    moves.require(Verb.LINK_PARTNER, invitation.status)
    row = standing(partner)
    if invitation.partner_id == row.pk:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."), "partner")
    move(invitation, Verb.LINK_PARTNER, by=by, partner=row)
    return invitation


@invitation_action(Verb.ORDER, event=EventType.ORDERED, source=tuple(Status), traits=Trait.CONCURRENT)
def order(
    invitation: Invitation,
    *,
    by: User | None,
    gift: Annotated[str, Field(_("What is sent?"), api="What is sent."), Gift],
    text: Annotated[str, Field(_("Text on it"), api="The text on it.", max_length=300)] = "",
    address: Annotated[str, Field(_("To where?"), api="To where.", max_length=200)],
    due_at: Annotated[dt.datetime, Field(_("By when?"), api="By when; without an offset local time.")],
) -> GiftOrder:
    """Order flowers, a wreath or a message."""
    what = choice(Gift, gift, "gift")
    row = GiftOrder.objects.create(
        invitation=invitation,
        gift=what,
        text=short(text, "text", 300),
        address=required(address, "address", _("Write where it is sent."), 200),
        due_at=due_at,
        ordered_by=by,
    )
    move(invitation, Verb.ORDER, by=by, details={"gift": what.value})
    return row


@invitation_action(Verb.FULFIL, event=EventType.FULFILLED, source=tuple(Status), applies=OPEN_ORDER)
def fulfil(invitation: Invitation, *, by: User | None, order: OneOrder) -> Invitation:
    """It was sent."""
    row = _open_order(invitation, order)
    GiftOrder.objects.filter(pk=row.pk).update(done_at=timezone.now(), done_by=by)
    move(invitation, Verb.FULFIL, by=by, details={"gift": row.gift})
    return invitation


@invitation_action(Verb.DROP, event=EventType.DROPPED, source=tuple(Status), applies=OPEN_ORDER)
def drop(invitation: Invitation, *, by: User | None, order: OneOrder, note: Note = "") -> Invitation:
    """It is not sent after all.

    The story keeps that it was ordered.
    """
    row = _open_order(invitation, order)
    row.delete()
    move(invitation, Verb.DROP, by=by, note=clean(note), details={"gift": row.gift})
    return invitation


def _open_order(invitation: Invitation, order: GiftOrder) -> GiftOrder:
    """The order of this invitation, locked."""
    row = GiftOrder.objects.select_for_update(of=("self",)).filter(invitation=invitation, pk=order.pk).first()
    if row is None:
        raise DomainError(ErrorCode.NOT_FOUND, _("There is no such order."), "order")
    if row.done_at is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("It was sent already."), "order")
    return row


@invitation_action(Verb.ATTACH, event=EventType.ATTACHED, source=tuple(Status), traits=Trait.CONCURRENT)
def attach(
    invitation: Invitation, *, by: User | None, file: Annotated[IO[bytes], Field(_("File"))], name: str = ""
) -> InvitationAttachment:
    """Add a file; what it is was read from its content. Raises TOO_LARGE, UNSUPPORTED or INVALID."""
    accepted = accept_file(file, name)
    attachment = InvitationAttachment.keep(accepted, by=by, invitation=invitation)
    move(invitation, Verb.ATTACH, by=by, details={"size": attachment.size})
    return attachment


def lapse() -> int:
    """Those whose day to answer is over, or that have begun, unanswered; how many. They can still be answered."""
    waiting = Invitation.objects.filter(status=Status.NEW)
    late = waiting.filter(answer_by__lt=today()) | waiting.filter(starts_at__lte=timezone.now())
    matches = list(Invitation.objects.filter(pk__in=late.values("pk")).select_for_update(skip_locked=True))
    for invitation in matches:
        Invitation.objects.filter(pk=invitation.pk).update(
            status=Status.LAPSED, version=invitation.version + 1
        )
        invitation.status = Status.LAPSED
        write_line(invitation, EventType.LAPSED, by=None, from_status=Status.NEW)
    return len(matches)
