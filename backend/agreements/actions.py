"""What may happen to an agreement: one keyword-only function a verb, named as the verb, each one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import IO, Annotated, Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from backend.agreements import moves
from backend.agreements.choices import Kind, Side, Status, Warned
from backend.agreements.models import (
    Agreement,
    AgreementAttachment,
    AgreementLine,
    AgreementParty,
    Obligation,
)
from backend.agreements.moves import Verb, agreement_action
from backend.agreements.story import EventType
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.models import NumberSequence
from backend.core.validation import choice, required, short
from backend.core.words.text import clean
from backend.documents.intake import accept as accept_file
from backend.journal.action_table import Field, Trait
from backend.journal.state_machine import StateMachine
from backend.organization.models import Department, User
from backend.partners.models import Organisation

SEQUENCE = "agreement"
LONGEST_NOTICE = 730

_saying = StateMachine(line=AgreementLine, of="agreement", moves=agreement_action)
move, write_line = _saying.move, _saying.write_line


OPEN_OBLIGATION = Q(Exists(Obligation.objects.filter(agreement=OuterRef("pk"), done_on__isnull=True)))

OneOrganisation = Annotated[Organisation, Field(_("Organisation"), api="Which organisation.")]
OneObligation = Annotated[Obligation, Field(_("Obligation"), api="Which one.")]


class CorrectFields(TypedDict, total=False):
    title: Annotated[str | None, Field(api="Its title.")]
    subject: Annotated[str | None, Field(api="What is agreed.")]
    department: Annotated[Department | None, Field(api="The department that is responsible.")]
    decision: Annotated[str | None, Field(api="The decision of the council.")]
    notice_days: Annotated[int | None, Field(api="So many days before the end the house is warned.")]


@transaction.atomic
def draft(
    *,
    by: User | None,
    kind: str,
    title: str,
    department: Department,
    parties: Iterable[Organisation] = (),
    subject: str | None = None,
    decision: str | None = None,
    notice_days: int | None = None,
) -> Agreement:
    """Begin an agreement with at least one party. REQUIRED, INVALID."""
    facts: dict[str, Any] = {"title": title, "subject": subject, "department": department}
    facts |= {"decision": decision, "notice_days": notice_days}
    checked = _checked({name: value for name, value in facts.items() if value is not None})
    others = {party.pk: party for party in parties}
    if not others:
        raise DomainError(ErrorCode.REQUIRED, _("Name the organisation it is made with."), "parties")
    row = Agreement(kind=choice(Kind, kind, "kind"), drafted_by=by, year=today().year, **checked)
    row.number = NumberSequence.take(SEQUENCE, row.year)
    row.reference = f"İB-{row.year}/{row.number}"
    row.save(force_insert=True)
    AgreementParty.objects.bulk_create(
        AgreementParty(agreement=row, organisation=other) for other in others.values()
    )
    write_line(row, EventType.DRAFTED, by=by, from_status="")
    return row


@agreement_action(Verb.CORRECT, event=EventType.CORRECTED, source=(Status.DRAFT, Status.IN_FORCE))
def correct(
    agreement: Agreement,
    *,
    by: User | None,
    note: Annotated[str, Field(api="A remark.")] = "",
    **facts: Unpack[CorrectFields],
) -> Agreement:
    """Set facts right.

    The story has the old ones. Dates are those of signing and renewing.
    """
    moves.require(Verb.CORRECT, agreement.status)
    result = _checked(dict(facts))
    changed = {name: value for name, value in result.items() if getattr(agreement, name) != value}
    if not changed:
        raise DomainError(ErrorCode.INVALID, _("Nothing was changed."))
    before = {name: str(getattr(agreement, name)) for name in sorted(changed)}
    if "notice_days" in changed:
        changed |= {"warn_on": _warn_on(agreement.valid_until, changed["notice_days"]), "warned": 0}
    move(agreement, Verb.CORRECT, by=by, note=clean(note), details={"before": before}, **changed)
    return agreement


@agreement_action(Verb.ADD_PARTY, event=EventType.PARTY_ADDED, source=Status.DRAFT)
def add_party(agreement: Agreement, *, by: User | None, organisation: OneOrganisation) -> Agreement:
    """One more party.

    DUPLICATE where it is one.
    """
    moves.require(Verb.ADD_PARTY, agreement.status)
    if agreement.parties.filter(organisation=organisation).exists():
        raise DomainError(ErrorCode.DUPLICATE, _("This organisation is a party already."), "organisation")
    AgreementParty.objects.create(agreement=agreement, organisation=organisation)
    move(agreement, Verb.ADD_PARTY, by=by)
    return agreement


@agreement_action(Verb.REMOVE_PARTY, event=EventType.PARTY_REMOVED, source=Status.DRAFT)
def remove_party(agreement: Agreement, *, by: User | None, organisation: OneOrganisation) -> Agreement:
    """Not a party.

    One must remain.
    """
    moves.require(Verb.REMOVE_PARTY, agreement.status)
    rows = agreement.parties.all()
    if not rows.filter(organisation=organisation).exists():
        raise DomainError(ErrorCode.NOT_FOUND, _("This organisation is no party of it."), "organisation")
    if rows.count() == 1:
        raise DomainError(ErrorCode.REQUIRED, _("Name the organisation it is made with."), "organisation")
    rows.filter(organisation=organisation).delete()
    move(agreement, Verb.REMOVE_PARTY, by=by)
    return agreement


@agreement_action(
    Verb.ADD_OBLIGATION, event=EventType.OBLIGED, source=(Status.DRAFT, Status.IN_FORCE), traits=Trait.PRIMARY
)
def add_obligation(
    agreement: Agreement,
    *,
    by: User | None,
    side: Annotated[Side, Field(_("Whose?"), api="Whose it is.")],
    text: Annotated[str, Field(_("What is to be done?"), api="What is to be done.", rows=2)],
    department: Annotated[
        Department | None,
        Field(
            _("Our department that does it or looks after it"),
            api="Our department that does it, or looks after it.",
            empty=_("Choose a department"),
        ),
    ] = None,
    due_on: Annotated[dt.date | None, Field(_("Until when?"), api="By when.")] = None,
) -> Obligation:
    """What one side has to do.

    A department that is named sees the agreement and is reminded.
    """
    moves.require(Verb.ADD_OBLIGATION, agreement.status)
    if department is not None and not department.is_open():
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), "department")
    message = required(text, "text", _("Write what is to be done."), 500)
    row = Obligation.objects.create(
        agreement=agreement,
        side=choice(Side, side, "side"),
        text=message,
        department=department,
        due_on=due_on,
    )
    move(agreement, Verb.ADD_OBLIGATION, by=by)
    return row


@agreement_action(
    Verb.FULFIL,
    event=EventType.FULFILLED,
    source=tuple(Status),
    applies=OPEN_OBLIGATION,
    traits=Trait.PRIMARY,
)
def fulfil(
    agreement: Agreement,
    *,
    by: User | None,
    obligation: OneObligation,
    on: Annotated[
        dt.date | None, Field(_("When?"), api="When; today by default.", help=_("Empty: today."))
    ] = None,
    note: Annotated[str, Field(_("Note"), api="What is to be known.", max_length=300)] = "",
) -> Obligation:
    """It was done.

    WRONG_STATE where that is recorded.
    """
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


@agreement_action(
    Verb.DROP,
    event=EventType.DROPPED,
    source=(Status.DRAFT, Status.IN_FORCE),
    applies=OPEN_OBLIGATION,
)
def drop(agreement: Agreement, *, by: User | None, obligation: OneObligation) -> Agreement:
    """It is no obligation."""
    moves.require(Verb.DROP, agreement.status)
    row = _own(agreement, obligation)
    move(agreement, Verb.DROP, by=by, details={"text": row.text})
    row.delete()
    return agreement


@agreement_action(
    Verb.SIGN, event=EventType.SIGNED, source=Status.DRAFT, target=Status.IN_FORCE, traits=Trait.PRIMARY
)
def sign(
    agreement: Agreement,
    *,
    by: User | None,
    signed_on: Annotated[dt.date, Field(_("Signed on"), api="When.")],
    valid_from: Annotated[
        dt.date | None,
        Field(
            _("In force from"),
            api="In force from; the day of signing by default.",
            help=_("Empty: the day of signing."),
        ),
    ] = None,
    valid_until: Annotated[
        dt.date | None,
        Field(
            _("In force until"), api="In force until; indefinitely by default.", help=_("Empty: for good.")
        ),
    ] = None,
    decision: Annotated[
        str, Field(_("Decision of the council"), api="The decision of the council.", max_length=60)
    ] = "",
) -> Agreement:
    """It was signed, and is in force.

    From that day or another, until a day or for good. The council's decision is needed for a sister municipality
    (5393 m.74) and for joint services (m.75).
    """
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


@agreement_action(
    Verb.RENEW,
    event=EventType.RENEWED,
    source=(Status.IN_FORCE, Status.ENDED),
    target=Status.IN_FORCE,
    applies=Q(signed_on__isnull=False, valid_until__isnull=False),
    traits=Trait.PRIMARY,
)
def renew(
    agreement: Agreement,
    *,
    by: User | None,
    valid_until: Annotated[dt.date, Field(_("In force until"), api="The new last day.")],
    note: Annotated[str, Field(_("Note"), api="A remark.", rows=2)] = "",
) -> Agreement:
    """It holds until a later day.

    The house is warned anew before that.
    """
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


@agreement_action(
    Verb.END,
    event=EventType.ENDED,
    source=(Status.DRAFT, Status.IN_FORCE),
    target=Status.ENDED,
    traits=Trait.DESTRUCTIVE,
)
def end(
    agreement: Agreement, *, by: User | None, reason: Annotated[str, Field(_("Reason"), api="Why.", rows=2)]
) -> Agreement:
    """It ends.

    Before its day, or it is not made.
    """
    moves.require(Verb.END, agreement.status)
    why = required(reason, "reason", _("Write why it ends."))
    move(agreement, Verb.END, by=by, note=why, warn_on=None)
    return agreement


@agreement_action(Verb.ATTACH, event=EventType.ATTACHED, source=tuple(Status))
def attach(
    agreement: Agreement, *, by: User | None, file: Annotated[IO[bytes], Field(_("File"))], name: str = ""
) -> AgreementAttachment:
    """Add a file; what it is was read from its content. Raises TOO_LARGE, UNSUPPORTED or INVALID."""
    moves.require(Verb.ATTACH, agreement.status)
    attachment = AgreementAttachment.keep(accept_file(file, name), by=by, agreement=agreement)
    move(agreement, Verb.ATTACH, by=by, details={"size": attachment.size})
    return attachment


def lapse(agreement: Agreement) -> None:
    """Its last day passed."""
    Agreement.objects.filter(pk=agreement.pk).update(status="ENDED", warned=agreement.warned | Warned.ENDED)
    agreement.status = "ENDED"
    write_line(agreement, EventType.LAPSED, by=None, from_status="IN_FORCE")


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
    if unknown := set(facts) - set(CorrectFields.__annotations__):
        raise TypeError(f"not facts of an agreement: {', '.join(sorted(unknown))}")
    values = dict(facts)
    if "title" in values:
        values["title"] = required(values["title"], "title", _("Write the title."), 200)
    if "subject" in values:
        values["subject"] = clean(values["subject"] or "")
    if "decision" in values:
        values["decision"] = short(values["decision"], "decision", 60)
    if "department" in values and (values["department"] is None or not values["department"].is_open()):
        raise DomainError(ErrorCode.INVALID, _("This department is closed."), "department")
    if "notice_days" in values and not 0 <= (values["notice_days"] or 0) <= LONGEST_NOTICE:
        raise DomainError(ErrorCode.INVALID, _("At most two years before the end."), "notice_days")
    if values.get("notice_days", 0) is None:
        del values["notice_days"]
    return values
