"""Who takes part in an entry: members of staff, who then see it, and guests by name."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import short
from backend.journal.action_table import Field, Trait
from backend.organization.models import User
from backend.programme import moves
from backend.programme.actions.step import move
from backend.programme.choices import LIVE, Status
from backend.programme.models import Entry, Participant
from backend.programme.moves import Verb, entry_action
from backend.programme.story import EventType


def seat(
    entry: Entry, *, user: User | None = None, name: str = "", organisation: str = "", role: str = ""
) -> Participant:
    """Write the row of one participant. DUPLICATE for a member of staff who takes part already."""
    if user is None and not name.strip():
        raise DomainError(ErrorCode.REQUIRED, _("Name the participant."), "name")
    if user is not None and Participant.objects.filter(entry=entry, user=user).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("This person takes part already."), "user")
    return Participant.objects.create(
        entry=entry,
        user=user,
        name=short(name, "name", 160),
        organisation=short(organisation, "organisation", 160),
        role=short(role, "role", 80),
    )


@entry_action(
    Verb.INVITE, event=EventType.INVITED, source=(*LIVE, Status.DONE), traits=Trait.PRIMARY | Trait.CONCURRENT
)
def invite(
    entry: Entry,
    *,
    by: User | None,
    user: Annotated[
        User | None, Field(_("Member of staff"), api="The member of staff.", empty=_("none"))
    ] = None,
    name: Annotated[str, Field(_("or the guest's name"), api="The name of a guest.", max_length=160)] = "",
    organisation: Annotated[
        str, Field(_("Organisation"), api="Where a guest comes from.", max_length=160)
    ] = "",
    role: Annotated[str, Field(_("Role"), api="As what.", max_length=80)] = "",
) -> Entry:
    """Add a participant.

    A member of staff, or a guest by name. Of a confidential entry only named readers see it, not all who take part.
    """
    moves.require(Verb.INVITE, entry.status)
    result = seat(entry, user=user, name=name, organisation=organisation, role=role)
    move(entry, Verb.INVITE, by=by, details={"who": str(result)})
    return entry


@entry_action(
    Verb.UNINVITE,
    event=EventType.UNINVITED,
    source=(*LIVE, Status.DONE),
    applies=Q(Exists(Participant.objects.filter(entry=OuterRef("pk")))),
    traits=Trait.CONCURRENT,
)
def uninvite(
    entry: Entry,
    *,
    by: User | None,
    participant: Annotated[Participant, Field(_("Who no longer takes part"), api="The participant.")],
) -> Entry:
    """Remove a participant.

    NOT_FOUND if they do not take part in this entry.
    """
    moves.require(Verb.UNINVITE, entry.status)
    who = str(participant)
    removed, _rows = Participant.objects.filter(pk=participant.pk, entry=entry).delete()
    if not removed:
        raise DomainError(ErrorCode.NOT_FOUND, _("This person does not take part."), "participant")
    move(entry, Verb.UNINVITE, by=by, details={"who": who})
    return entry
