"""Who takes part in an entry: members of staff, who then see it, and guests by name."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.given import short
from backend.organization.models import User
from backend.programme import moves
from backend.programme.actions.step import move
from backend.programme.models import Entry, Participant
from backend.programme.moves import Verb


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


@transaction.atomic
def invite(
    entry: Entry,
    *,
    by: User | None,
    user: User | None = None,
    name: str = "",
    organisation: str = "",
    role: str = "",
) -> Entry:
    """Add a participant: a member of staff, or a guest by name. Of a confidential entry only named readers see it,
    whoever takes part."""
    moves.require(Verb.INVITE, entry.status)
    found = seat(entry, user=user, name=name, organisation=organisation, role=role)
    move(entry, Verb.INVITE, by=by, details={"who": str(found)})
    return entry


@transaction.atomic
def uninvite(entry: Entry, *, by: User | None, participant: str) -> Entry:
    """Remove the participant with this key. NOT_FOUND if there is none."""
    moves.require(Verb.UNINVITE, entry.status)
    found = Participant.objects.filter(entry=entry, key=participant).first()
    if found is None:
        raise DomainError(ErrorCode.NOT_FOUND, _("This person does not take part."), "participant")
    who = str(found)
    found.delete()
    move(entry, Verb.UNINVITE, by=by, details={"who": who})
    return entry
