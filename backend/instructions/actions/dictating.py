"""Dictating an instruction: words of a principal that wait until the secretariat records them."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required
from backend.core.words.text import with_capitals
from backend.instructions.models import Dictation
from backend.journal.actions import record
from backend.organization.models import User
from backend.programme.models import Principal

LONGEST = 4000


@transaction.atomic
def dictate(principal: Principal, *, by: User, text: str) -> Dictation:
    """Keep what a principal dictates until it is recorded as an instruction. REQUIRED, TOO_LARGE, INVALID."""
    if not principal.is_active:
        raise DomainError(ErrorCode.INVALID, _("This principal is no longer in office."), "principal")
    words = with_capitals(required(text, "text", _("Say or write what is to be done.")))
    if len(words) > LONGEST:
        message = _("At most %(most)s letters.") % {"most": LONGEST}
        raise DomainError(ErrorCode.TOO_LARGE, message, "text")
    row = Dictation.objects.create(principal=principal, text=words, said_by=by)
    record(verb="instruction_dictated", about=row, by=by)
    return row


@transaction.atomic
def discard(dictation: Dictation, *, by: User | None, reference: str = "") -> None:
    """Delete a dictated instruction; `reference`: the number of the instruction that it became."""
    record(
        verb="dictation_recorded" if reference else "dictation_discarded",
        about=dictation,
        by=by,
        note=reference,
    )
    dictation.delete()
