"""What the office knows of persons in order to greet them, each with the right by which it knows it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, required, short
from backend.greetings.choices import Basis, KeptKind, Wish
from backend.greetings.models import KeptDay, Preference
from backend.journal import actions as journal
from backend.organization.models import User

_A_LEAP_YEAR = 2028


@transaction.atomic
def keep_day(
    citizen: Citizen,
    *,
    by: User | None,
    kind: str,
    month: int,
    day: int,
    basis: str,
    basis_note: str,
    of_what: str = "",
    since: int | None = None,
) -> KeptDay:
    """Keep a birthday (without its year, KVKK m.4) or an anniversary of a person, with its basis in KVKK m.5 and where
    that is seen. INVALID, REQUIRED; kept already, it is set right."""
    which = choice(KeptKind, kind, "kind")
    if citizen.deceased_on is not None:
        raise DomainError(ErrorCode.INVALID, _("This person has died."), "citizen")
    try:
        dt.date(_A_LEAP_YEAR, month, day)
    except ValueError:
        raise DomainError(ErrorCode.INVALID, _("There is no such day of the year."), "day") from None
    if since is not None and not 1900 <= since <= today().year:
        raise DomainError(ErrorCode.INVALID, _("Write a year that has begun."), "since")
    row, _is_new = KeptDay.objects.update_or_create(
        citizen=citizen,
        kind=which,
        of_what="" if which == KeptKind.BIRTHDAY else short(of_what, "of_what", 120),
        defaults={
            "month": month,
            "day": day,
            "since": None if which == KeptKind.BIRTHDAY else since,
            "basis": choice(Basis, basis, "basis"),
            "basis_note": required(basis_note, "basis_note", _("Write where the basis is seen."), 200),
            "recorded_by": by,
        },
    )
    journal.record(verb="greeting_day_kept", about=citizen, by=by, label="", note=which.value)
    return row


@transaction.atomic
def forget_day(row: KeptDay, *, by: User | None) -> None:
    """Keep it no longer (KVKK m.7): nothing of it stays but that it was forgotten."""
    journal.record(verb="greeting_day_forgotten", about=row.citizen, by=by, label="", note=row.kind)
    row.delete()


@transaction.atomic
def prefer(
    citizen: Citizen, *, by: User | None, wish: str, proof: str, notified_on: dt.date | None = None
) -> Preference:
    """Record a preference about greetings, and its proof; the latest counts."""
    day = notified_on or today()
    if day > today():
        raise DomainError(ErrorCode.INVALID, _("The date lies in the future."), "notified_on")
    row, _is_new = Preference.objects.update_or_create(
        citizen=citizen,
        defaults={
            "wish": choice(Wish, wish, "wish"),
            "notified_on": day,
            "proof": required(proof, "proof", _("Write how they expressed it."), 200),
            "recorded_by": by,
        },
    )
    journal.record(verb="greeting_wish_recorded", about=citizen, by=by, label="", note=row.wish)
    return row


@transaction.atomic
def forget_preference(row: Preference, *, by: User | None) -> None:
    """Delete a preference recorded by mistake."""
    journal.record(verb="greeting_wish_forgotten", about=row.citizen, by=by, label="", note=row.wish)
    row.delete()
