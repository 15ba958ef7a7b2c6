"""The decision: attend, send a representative, decline; changed with a reason, the story keeps each."""

from __future__ import annotations

from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import choice, required, short
from backend.core.words.text import clean
from backend.invitations import moves
from backend.invitations.actions.notices import notify, notify_representative
from backend.invitations.actions.parameters import (
    AcceptUnusual,
    Body,
    ChosenMeans,
    Note,
    Reason,
    TravelMinutes,
)
from backend.invitations.actions.step import move
from backend.invitations.choices import DECIDED, DeclineGround, NoticeKind, Status
from backend.invitations.models import Invitation
from backend.invitations.moves import Verb, invitation_action
from backend.invitations.story import EventType
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.programme import actions as programme
from backend.programme import places
from backend.programme.actions.standing_in import other_in_office
from backend.programme.choices import LIVE, Kind
from backend.programme.choices import Status as EntryStatus
from backend.programme.models import Entry, Principal


@invitation_action(
    Verb.ATTEND,
    event=EventType.ATTENDED,
    source=(Status.NEW, Status.LAPSED, Status.REPRESENTED, Status.DECLINED),
    target=Status.ATTENDING,
    traits=Trait.PRIMARY,
    notifies=True,
)
def attend(
    invitation: Invitation,
    *,
    by: User | None,
    reason: Reason = "",
    travel_minutes: TravelMinutes = None,
    accept_unusual: AcceptUnusual = False,
    means: ChosenMeans = "",
    body: Body = "",
) -> Invitation:
    """The principal attends.

    It enters their programme at its time, and the host is notified. Raises CollisionError,
    UnusualError, REQUIRED where another decision is changed without a reason.
    """
    moves.require(Verb.ATTEND, invitation.status)
    why = _why(invitation, reason)
    _give_back(invitation, by, why)
    entry = _plan(invitation, invitation.principal, by, travel_minutes, accept_unusual)
    _decide(invitation, Verb.ATTEND, by, why, entry=entry)
    notify(invitation, NoticeKind.ATTEND, by=by, means=means, body=body)
    return invitation


@invitation_action(
    Verb.REPRESENT,
    event=EventType.REPRESENTED,
    source=(Status.NEW, Status.LAPSED, *DECIDED),
    target=Status.REPRESENTED,
    notifies=True,
)
def represent(
    invitation: Invitation,
    *,
    by: User | None,
    deputy: Annotated[
        Principal | None,
        Field(_("A principal"), api="A principal whose programme the viewer keeps too; it gets the event."),
    ] = None,
    representative: Annotated[
        User | None, Field(_("or a member of staff"), api="A member of staff.", empty="–")
    ] = None,
    name: Annotated[
        str, Field(_("or another person by name"), api="Another person by name.", max_length=160)
    ] = "",
    reason: Reason = "",
    note: Annotated[
        str,
        Field(
            _("Note for the representative"),
            api="A further message to the representative.",
            help=_("They are written to by e-mail, if they have an address."),
            rows=2,
        ),
    ] = "",
    travel_minutes: TravelMinutes = None,
    accept_unusual: AcceptUnusual = False,
    means: ChosenMeans = "",
    body: Body = "",
) -> Invitation:
    """Send a representative, who is notified.

    Name the representative: another principal, whose programme gets the entry, a member of staff, or a name. They are
    notified with `note` where they have an address, and the host is informed who comes.
    """
    moves.require(Verb.REPRESENT, invitation.status)
    who = short(name, "name", 160)
    if len([one for one in (deputy, representative, who) if one]) != 1:
        message = _("Name one representative: a principal, a member of staff, or another person by name.")
        raise DomainError(ErrorCode.REQUIRED, message, "deputy")
    if deputy is not None:
        other_in_office(invitation.principal, deputy, "deputy")
    why = _why(invitation, reason)
    _give_back(invitation, by, why)
    entry = _plan(invitation, deputy, by, travel_minutes, accept_unusual) if deputy else None
    sent = {"deputy": deputy, "representative": representative, "representative_name": who}
    shown = deputy.name if deputy else str(representative) if representative else who
    _decide(invitation, Verb.REPRESENT, by, why, details={"who": shown}, entry=entry, **sent)
    notify_representative(invitation, note)
    notify(invitation, NoticeKind.REPRESENT, by=by, means=means, body=body)
    return invitation


@invitation_action(
    Verb.DECLINE,
    event=EventType.DECLINED,
    source=(Status.NEW, Status.LAPSED, Status.ATTENDING, Status.REPRESENTED),
    target=Status.DECLINED,
    traits=Trait.DESTRUCTIVE,
    notifies=True,
)
def decline(
    invitation: Invitation,
    *,
    by: User | None,
    ground: Annotated[
        str, Field(_("Reason that the host reads"), api="Why, as the host reads it."), DeclineGround
    ],
    reason: Reason = "",
    means: ChosenMeans = "",
    body: Body = "",
) -> Invitation:
    """Decline with courtesy and the reason.

    The notice states the ground in its approved words, followed by `body`; OTHER needs a `body`. `reason` stays in the
    house, REQUIRED where another decision is changed.
    """
    moves.require(Verb.DECLINE, invitation.status)
    chosen = choice(DeclineGround, ground, "ground")
    if chosen is DeclineGround.OTHER:
        required(body, "body", _("Write the reason that the host reads."))
    why = _why(invitation, reason)
    _give_back(invitation, by, why or str(chosen.label))
    _decide(invitation, Verb.DECLINE, by, why, details={"ground": chosen.value}, ground=chosen)
    notify(invitation, NoticeKind.DECLINE, by=by, means=means, body=body)
    return invitation


@invitation_action(
    Verb.CANCEL,
    event=EventType.CANCELLED,
    source=(Status.NEW, Status.LAPSED, *DECIDED),
    target=Status.CANCELLED,
    traits=Trait.DESTRUCTIVE,
)
def cancel(
    invitation: Invitation,
    *,
    by: User | None,
    note: Note = "",
) -> Invitation:
    """The host cancelled.

    What was planned for it is free again.
    """
    moves.require(Verb.CANCEL, invitation.status)
    text = clean(note)
    _give_back(invitation, by, text or str(_("Cancelled by the host")))
    move(invitation, Verb.CANCEL, by=by, note=text, entry=None)
    return invitation


@invitation_action(
    Verb.REOPEN,
    event=EventType.REOPENED,
    source=(Status.DECLINED, Status.CANCELLED, Status.LAPSED),
    target=Status.NEW,
)
def reopen(
    invitation: Invitation,
    *,
    by: User | None,
    note: Note = "",
) -> Invitation:
    """Decide it anew.

    As if it had just come in.
    """
    moves.require(Verb.REOPEN, invitation.status)
    move(
        invitation,
        Verb.REOPEN,
        by=by,
        note=clean(note),
        **_NOBODY,
        reason="",
        decided_at=None,
        decided_by=None,
    )
    return invitation


_NOBODY: dict[str, Any] = {
    "ground": "",
    "entry": None,
    "deputy": None,
    "representative": None,
    "representative_name": "",
}


def _why(invitation: Invitation, reason: str) -> str:
    """The reason, which only a first decision may lack."""
    if invitation.status not in DECIDED:
        return clean(reason)
    return required(reason, "reason", _("Write why the decision is changed."))


def _decide(
    invitation: Invitation, verb: Verb, by: User | None, why: str, details: Any = None, **changes: Any
) -> None:
    facts = _NOBODY | changes | {"reason": why, "decided_at": timezone.now(), "decided_by": by}
    move(invitation, verb, by=by, note=why, details=details, **facts)


def _plan(
    invitation: Invitation, principal: Principal, by: User | None, travel: int | None, accept_unusual: bool
) -> Entry:
    notes = [invitation.host, invitation.wish, invitation.body]
    return programme.plan(
        principal,
        by=by,
        kind=Kind.EVENT,
        title=invitation.title,
        place=invitation.place,
        description="\n".join(filter(None, notes)),
        starts_at=invitation.starts_at,
        ends_at=invitation.ends_at,
        travel_minutes=travel,
        follow_up_minutes=travel,
        accept_unusual=accept_unusual,
    )


def _give_back(invitation: Invitation, by: User | None, reason: str) -> None:
    """Free the time that an earlier decision took. WRONG_STATE if it has taken place."""
    entry = invitation.entry
    if entry is None:
        return
    places.lock(entry.principal_id)
    entry.refresh_from_db()
    if entry.status == EntryStatus.DONE:
        raise DomainError(ErrorCode.WRONG_STATE, _("It has taken place already."))
    if entry.status in LIVE:
        programme.cancel(entry, by=by, reason=reason)
