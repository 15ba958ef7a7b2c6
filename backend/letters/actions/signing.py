"""The way of a letter to its signature: put forward, initialled, signed, sent back."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Annotated, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required, short
from backend.core.words.text import official_name
from backend.journal.action_table import Field, Trait
from backend.journal.actions import record
from backend.journal.state_machine import changed_meanwhile
from backend.letters import drafts, moves
from backend.letters.actions.handing_over import signed, to_whose_turn, to_writer
from backend.letters.actions.step import move
from backend.letters.choices import ON_THE_WAY, PERSONAL, WRITABLE, Capacity, Form, Kind, Status
from backend.letters.law import checker, numbers
from backend.letters.law.parts import Fault
from backend.letters.models import Addressee, Letter, Step, Substitution
from backend.letters.moves import Verb, letter_action
from backend.letters.story import EventType
from backend.letters.templates_and_substitutes import waits_for
from backend.organization.models import User


class FaultyError(DomainError):
    """The letter has errors; `faults` names them all, the message the first."""

    def __init__(self, faults: list[Fault]) -> None:
        first = faults[0]
        message = f"{first.message} {first.remedy}"
        if len(faults) > 1:
            more = _("And %(count)s more: look at the checker.") % {"count": len(faults) - 1}
            message = f"{message} {more}"
        super().__init__(ErrorCode.INVALID, message, first.field)
        self.faults = faults


@letter_action(
    Verb.SUBMIT,
    event=EventType.SUBMITTED,
    source=WRITABLE,
    target=Status.INITIALS,  # the signature where nobody initials
    traits=Trait.PRIMARY,
    hands_over=to_whose_turn,
)
def submit(letter: Letter, *, by: User | None) -> Letter:
    """Put it forward for signature.

    It goes to the first whose initials it needs, or to the signatory. INVALID while the checker finds an error;
    REQUIRED without a signatory who has an account, without a file plan code for an official letter, or without who
    approves for an olur.
    """
    moves.require(Verb.SUBMIT, letter.status)
    require_living(letter)
    draft = drafts.as_draft(drafts.sheet_of(letter))
    if faults := checker.errors(draft):
        raise FaultyError(faults)
    if letter.signatory_id is None:
        raise DomainError(ErrorCode.REQUIRED, _("Choose who signs."), "signatory")
    if draft.form == Form.OFFICIAL and letter.file_code_id is None:
        raise DomainError(ErrorCode.REQUIRED, _("Choose the code of the file plan."), "file_code")
    if letter.file_code is not None and not letter.file_code.is_verified:
        message = _("The code %(code)s was not compared with its source. Choose another, or ask Bilgi İşlem.")
        raise DomainError(ErrorCode.INVALID, message % {"code": letter.file_code.code}, "file_code")
    if letter.kind == Kind.APPROVAL:
        if letter.approver_id is None:
            raise DomainError(ErrorCode.REQUIRED, _("Choose who gives the olur."), "approver")
        if letter.approver_id == letter.signatory_id:
            message = _("Who proposes does not give the olur. Choose two people.")
            raise DomainError(ErrorCode.INVALID, message, "approver")
    Step.objects.filter(letter=letter).update(done_at=None, done_by=None)
    people = list(Step.objects.filter(letter=letter).values_list("person", flat=True))
    readers = sorted({*letter.readers, *people, letter.signatory_id, *filter(None, [letter.approver_id])})
    turn = people[0] if people else letter.signatory_id
    after = Status.INITIALS if people else Status.SIGNATURE
    move(letter, Verb.SUBMIT, by=by, to=after, turn_of_id=turn, readers=readers)
    return letter


@letter_action(
    Verb.INITIAL,
    event=EventType.INITIALLED,
    source=Status.INITIALS,  # the last one leads to the signature
    traits=Trait.PRIMARY,
    hands_over=to_whose_turn,
)
def initial(
    letter: Letter,
    *,
    by: User,
    note: Annotated[str, Field(_("Note"), api="A remark for the story.", rows=2)] = "",
) -> Letter:
    """Initial it.

    As whose turn it is, or as their substitute of today; the next one's turn follows.
    """
    moves.require(Verb.INITIAL, letter.status)
    require_turn(letter, by)
    steps = list(Step.objects.filter(letter=letter, done_at__isnull=True).select_for_update(of=("self",)))
    if not steps or steps[0].person_id != letter.turn_of_id:
        raise changed_meanwhile()
    Step.objects.filter(pk=steps[0].pk).update(done_at=timezone.now(), done_by=by)
    following = steps[1].person_id if len(steps) > 1 else letter.signatory_id
    after = Status.INITIALS if len(steps) > 1 else Status.SIGNATURE
    move(
        letter,
        Verb.INITIAL,
        by=by,
        to=after,
        note=short(note, "note", 500),
        turn_of_id=following,
        readers=readers_with(letter, by),
    )
    return letter


@letter_action(
    Verb.SIGN,
    event=EventType.SIGNED,
    source=Status.SIGNATURE,
    target=Status.SIGNED,  # of an olur, who gives it follows (m.20)
    traits=Trait.PRIMARY,
    hands_over=signed,
)
def sign(letter: Letter, *, by: User) -> Letter:
    """Sign it.

    From now on nothing that stands on it changes, and a digest of it is kept. A substitute of today, and who acts as
    mayor (5393 m.40), signs with “V.”, the office staying whose it is (m.17). An olur goes to who gives it (m.20).
    """
    moves.require(Verb.SIGN, letter.status)
    require_turn(letter, by)
    require_living(letter)
    sheet = drafts.sheet_of(letter)
    if faults := checker.errors(drafts.as_draft(sheet)):
        raise FaultyError(faults)
    changes: dict[str, Any] = _acting(letter, by) if by.pk != letter.signatory_id else {}
    for name, value in changes.items():
        setattr(letter, name, value)
    digest = content_digest(sheet)
    is_olur = letter.kind == Kind.APPROVAL
    move(
        letter,
        Verb.SIGN,
        by=by,
        to=Status.APPROVAL if is_olur else None,
        signed_at=timezone.now(),
        signed_by=by,
        content_sha256=digest,
        turn_of_id=letter.approver_id if is_olur else None,
        readers=readers_with(letter, by),
        **changes,
    )
    return letter


def require_living(letter: Letter, *addressees: Addressee) -> None:
    """INVALID where the mayor would write as a person to one who has died; of these addressees, or of all."""
    if letter.kind not in PERSONAL:
        return
    rows = Addressee.objects.filter(letter=letter)
    rows = rows.filter(pk__in=[one.pk for one in addressees]) if addressees else rows
    died = Q(citizen__deceased_on__isnull=False) | Q(citizen__merged_into__deceased_on__isnull=False)
    if rows.filter(died).exists():
        message = _("A death was recorded of an addressee: take them off the letter.")
        raise DomainError(ErrorCode.INVALID, message, "addressees")


def acting_title(title: str) -> str:
    """The title of an office as a substitute bears it (m.17)."""
    return f"{title.removesuffix(' V.')} V."


def _acting(letter: Letter, by: User) -> dict[str, Any]:
    return {
        "signatory_name": official_name(by.first_name, by.last_name),
        "signatory_title": acting_title(letter.signatory_title),
        "capacity": Capacity.ACTING,
    }


def readers_with(letter: Letter, by: User) -> list[int]:
    """The readers, and those who initialled or signed as a substitute."""
    return sorted({*letter.readers, by.pk})


def require_turn(letter: Letter, by: User) -> None:
    """FORBIDDEN unless it is this person's turn, or that of a person they stand in for today."""
    if letter.turn_of_id != by.pk and not Letter.objects.filter(waits_for(by.pk), pk=letter.pk).exists():
        raise DomainError(ErrorCode.FORBIDDEN, _("It is not your turn."))


def content_digest(sheet: drafts.Sheet) -> str:
    text = json.dumps(drafts.content(sheet), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


@letter_action(
    Verb.SEND_BACK,
    event=EventType.SENT_BACK,
    source=ON_THE_WAY,
    target=Status.DRAFT,
    traits=Trait.DESTRUCTIVE,
    hands_over=to_writer("letters/sent_back"),
)
def send_back(
    letter: Letter,
    *,
    by: User | None,
    reason: Annotated[str, Field(_("Reason"), api="What is to be changed.", rows=3)],
) -> Letter:
    """Send it back to the writer.

    With what is to be changed; who initialled it initials it again.
    """
    why = required(reason, "reason", _("Write what is to be changed."))
    # An olur was signed by who proposed it already: written on, it is signed anew.
    move(letter, Verb.SEND_BACK, by=by, note=why, turn_of=None, signed_at=None, signed_by=None)
    Step.objects.filter(letter=letter).update(done_at=None, done_by=None)
    return letter


@transaction.atomic
def substitute(
    person: User, *, substitute: User, valid_from: dt.date, valid_until: dt.date, by: User | None
) -> Substitution:
    """Appoint a substitute who initials and signs on these days."""
    if valid_until < valid_from:
        raise DomainError(ErrorCode.INVALID, _("The last day is before the first."), "valid_until")
    if person == substitute:
        raise DomainError(ErrorCode.INVALID, _("Nobody stands in for themselves."), "substitute")
    row = Substitution.objects.create(
        person=person, substitute=substitute, valid_from=valid_from, valid_until=valid_until, made_by=by
    )
    days = f"{numbers.short_date(valid_from)}–{numbers.short_date(valid_until)}"
    record(verb="letter_substituted", about=row, by=by, label=str(row), note=days)
    return row
