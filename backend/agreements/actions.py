"""What may happen to an agreement: one keyword-only function a verb, named as the verb, each one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.agreements import moves
from backend.agreements.choices import Kind, Side, Warned
from backend.agreements.models import (
    Agreement,
    AgreementAttachment,
    AgreementLine,
    AgreementParty,
    Obligation,
)
from backend.agreements.moves import MOVES, Verb
from backend.agreements.story import TELLS, Happened
from backend.core.errors import DomainError, ErrorCode
from backend.core.given import choice, required, short
from backend.core.localtime import today
from backend.core.models import NumberSequence
from backend.core.words.text import clean
from backend.documents.intake import accept as accept_file
from backend.journal.moves import Saying
from backend.organization.models import Department, User
from backend.partners.models import Organisation

SEQUENCE = "agreement"
FACTS = frozenset({"title", "subject", "department", "decision", "notice_days"})
LONGEST_NOTICE = 730

_saying = Saying(
    line=AgreementLine,
    of="agreement",
    moves=MOVES,
    tells=TELLS,
    meanwhile=_("Somebody else has changed this agreement in the meantime. Reload the page."),
)
move, write_line = _saying.move, _saying.write_line


@transaction.atomic
def draft(
    *,
    by: User | None,
    kind: str,
    title: str,
    department: Department,
    parties: Iterable[Organisation] = (),
    **facts: Any,
) -> Agreement:
    """Begin an agreement with at least one party. REQUIRED, INVALID."""
    given = {name: value for name, value in facts.items() if value is not None}
    found = _checked(given | {"title": title, "department": department})
    others = {one.pk: one for one in parties}
    if not others:
        raise DomainError(ErrorCode.REQUIRED, _("Name the organisation it is made with."), "parties")
    row = Agreement(kind=choice(Kind, kind, "kind"), drafted_by=by, year=today().year, **found)
    row.number = NumberSequence.take(SEQUENCE, row.year)
    row.reference = f"İB-{row.year}/{row.number}"
    row.save(force_insert=True)
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=row, organisation=one) for one in others.values()
    )
    write_line(row, Happened.DRAFTED, by=by, from_status="")
    return row


@transaction.atomic
def correct(agreement: Agreement, *, by: User | None, note: str = "", **facts: Any) -> Agreement:
    """Set facts right; the story has the old ones. Dates are those of signing and renewing."""
    moves.require(Verb.CORRECT, agreement.status)
    found = _checked(facts)
    changed = {name: value for name, value in found.items() if getattr(agreement, name) != value}
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    before = {name: str(getattr(agreement, name)) for name in sorted(changed)}
    if "notice_days" in changed:
        changed |= {"warn_on": _warn_on(agreement.valid_until, changed["notice_days"]), "warned": 0}
    move(agreement, Verb.CORRECT, by=by, note=clean(note), details={"before": before}, **changed)
    return agreement


@transaction.atomic
def add_party(agreement: Agreement, *, by: User | None, organisation: Organisation) -> Agreement:
    """One more party. DUPLICATE where it is one."""
    moves.require(Verb.ADD_PARTY, agreement.status)
    if agreement.parties.filter(organisation=organisation).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("This organisation is a party already."), "organisation")
    AgreementParty.objects.create(agreement=agreement, organisation=organisation)
    move(agreement, Verb.ADD_PARTY, by=by)
    return agreement


@transaction.atomic
def remove_party(agreement: Agreement, *, by: User | None, organisation: Organisation) -> Agreement:
    """Not a party after all. One must remain."""
    moves.require(Verb.REMOVE_PARTY, agreement.status)
    rows = agreement.parties.all()
    if not rows.filter(organisation=organisation).exists():
        raise DomainError(ErrorCode.NOT_FOUND, _("This organisation is no party of it."), "organisation")
    if rows.count() == 1:
        raise DomainError(ErrorCode.REQUIRED, _("Name the organisation it is made with."), "organisation")
    rows.filter(organisation=organisation).delete()
    move(agreement, Verb.REMOVE_PARTY, by=by)
    return agreement


@transaction.atomic
def oblige(
    agreement: Agreement,
    *,
    by: User | None,
    side: str,
    text: str,
    department: Department | None = None,
    due_on: dt.date | None = None,
) -> Obligation:
    """What one side has to do; a department that is named sees the agreement and is reminded."""
    moves.require(Verb.OBLIGE, agreement.status)
    if department is not None and not department.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), "department")
    said = required(text, "text", _("Write what is to be done."), 500)
    row = Obligation.objects.create(
        agreement=agreement, side=choice(Side, side, "side"), text=said, department=department, due_on=due_on
    )
    move(agreement, Verb.OBLIGE, by=by)
    return row


@transaction.atomic
def fulfil(
    agreement: Agreement,
    *,
    by: User | None,
    obligation: Obligation,
    on: dt.date | None = None,
    note: str = "",
) -> Obligation:
    """It was done. WRONG_STATE where that is recorded."""
    moves.require(Verb.FULFIL, agreement.status)
    row = _own(agreement, obligation)
    day = on or today()
    if row.done_on is not None:
        raise DomainError(ErrorCode.WRONG_STATE, _("That is recorded already."), "obligation")
    if day > today():
        raise DomainError(ErrorCode.INVALID, _("The day must not lie in the future."), "on")
    row.done_on, row.note = day, short(note, "note", 300)
    row.save(update_fields=["done_on", "note"])
    move(agreement, Verb.FULFIL, by=by, details={"text": row.text})
    return row


@transaction.atomic
def drop(agreement: Agreement, *, by: User | None, obligation: Obligation) -> Agreement:
    """It is no obligation after all."""
    moves.require(Verb.DROP, agreement.status)
    row = _own(agreement, obligation)
    move(agreement, Verb.DROP, by=by, details={"text": row.text})
    row.delete()
    return agreement


@transaction.atomic
def sign(
    agreement: Agreement,
    *,
    by: User | None,
    signed_on: dt.date,
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
    decision: str = "",
) -> Agreement:
    """It was signed, and is in force from that day or another until a day or for good. The council's decision is needed
    for a sister municipality (5393 m.74) and for joint services (m.75)."""
    moves.require(Verb.SIGN, agreement.status)
    first = valid_from or signed_on
    if signed_on > today():
        raise DomainError(ErrorCode.INVALID, _("The day must not lie in the future."), "signed_on")
    _period(first, valid_until)
    number = short(decision, "decision", 60) or agreement.decision
    if not number:
        message = _("Write the date and number of the council's decision (5393 m.74, m.75).")
        raise DomainError(ErrorCode.REQUIRED, message, "decision")
    move(
        agreement,
        Verb.SIGN,
        by=by,
        signed_on=signed_on,
        valid_from=first,
        valid_until=valid_until,
        decision=number,
        warn_on=_warn_on(valid_until, agreement.notice_days),
        warned=0,
    )
    return agreement


@transaction.atomic
def renew(agreement: Agreement, *, by: User | None, valid_until: dt.date, note: str = "") -> Agreement:
    """It holds until a later day; the house is warned anew before that."""
    moves.require(Verb.RENEW, agreement.status)
    if agreement.signed_on is None:
        raise DomainError(ErrorCode.WRONG_STATE, _("It was never signed."))
    if valid_until < today() or (agreement.valid_until and valid_until <= agreement.valid_until):
        raise DomainError(
            ErrorCode.INVALID, _("The new last day must lie behind the present one."), "valid_until"
        )
    details = {"before": {"valid_until": str(agreement.valid_until or "")}}
    warn_on = _warn_on(valid_until, agreement.notice_days)
    changes: dict[str, Any] = {"valid_until": valid_until, "warn_on": warn_on, "warned": 0}
    move(agreement, Verb.RENEW, by=by, note=clean(note), details=details, **changes)
    return agreement


@transaction.atomic
def end(agreement: Agreement, *, by: User | None, reason: str) -> Agreement:
    """It ends before its day, or is not made."""
    moves.require(Verb.END, agreement.status)
    why = required(reason, "reason", _("Write why it ends."))
    move(agreement, Verb.END, by=by, note=why, warn_on=None)
    return agreement


@transaction.atomic
def attach(agreement: Agreement, *, by: User | None, file: IO[bytes], name: str = "") -> AgreementAttachment:
    """Add a file; what it is was read from its content. Raises TOO_LARGE, UNSUPPORTED or INVALID."""
    moves.require(Verb.ATTACH, agreement.status)
    found = AgreementAttachment.keep(accept_file(file, name), by=by, agreement=agreement)
    move(agreement, Verb.ATTACH, by=by, details={"size": found.size})
    return found


def lapse(agreement: Agreement) -> None:
    """Its last day passed."""
    Agreement.objects.filter(pk=agreement.pk).update(status="ENDED", warned=agreement.warned | Warned.ENDED)
    agreement.status = "ENDED"
    write_line(agreement, Happened.LAPSED, by=None, from_status="IN_FORCE")


def _own(agreement: Agreement, obligation: Obligation) -> Obligation:
    """The obligation of this agreement, locked."""
    if obligation.agreement_id != agreement.pk:
        message = _("There is no such record, or you may not see it.")
        raise DomainError(ErrorCode.NOT_FOUND, message, "obligation")
    return Obligation.objects.select_for_update(of=("self",)).get(pk=obligation.pk)


def _period(first: dt.date, last: dt.date | None) -> None:
    if last is not None and last < first:
        raise DomainError(ErrorCode.INVALID, _("The last day lies before the first."), "valid_until")


def _warn_on(last: dt.date | None, days: int) -> dt.date | None:
    return None if last is None else last - dt.timedelta(days=days)


def _checked(facts: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(facts) - FACTS:
        raise TypeError(f"not facts of an agreement: {', '.join(sorted(unknown))}")
    found = dict(facts)
    if "title" in found:
        found["title"] = required(found["title"], "title", _("Write the title."), 200)
    if "subject" in found:
        found["subject"] = clean(found["subject"] or "")
    if "decision" in found:
        found["decision"] = short(found["decision"], "decision", 60)
    if "department" in found and (found["department"] is None or not found["department"].is_open()):
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), "department")
    if "notice_days" in found and not 0 <= (found["notice_days"] or 0) <= LONGEST_NOTICE:
        raise DomainError(ErrorCode.INVALID, _("At most two years before the end."), "notice_days")
    if found.get("notice_days", 0) is None:
        del found["notice_days"]
    return found
