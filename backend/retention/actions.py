"""What may happen to rules, holds and destruction runs: one keyword-only function a verb, each one transaction."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import local_date, today
from backend.core.models import NumberSequence
from backend.core.session import without_timeout
from backend.core.validation import choice, required
from backend.journal.action_table import Field, Trait
from backend.journal.actions import record
from backend.journal.state_machine import StateMachine
from backend.organization.models import User
from backend.retention import due, moves
from backend.retention.choices import BY_DAY, METHODS, Kind, Method, Status
from backend.retention.models import (
    DestructionItem,
    DestructionLine,
    DestructionRun,
    LegalHold,
    RetentionRule,
)
from backend.retention.moves import Verb, destruction_action
from backend.retention.story import EventType

SEQUENCE = "destruction"
BATCH = 1000
AT_LEAST_EVERY = 6
"""Months: periodic destruction happens at least twice a year (Silme Yönetmeliği m.11/2)."""

_saying = StateMachine(line=DestructionLine, of="destruction", moves=destruction_action)
move, write_line = _saying.move, _saying.write_line


# -- rules ------------------------------------------------------------------------------------------------
@transaction.atomic
def save_rule(
    rule: RetentionRule, *, by: User | None, years: int, source: str, is_active: bool = True
) -> RetentionRule:
    """Change how long a kind is kept. What is on a list already under the rule as it was is left out when its turn
    comes. REQUIRED, INVALID."""
    if not 1 <= years <= 101:
        raise DomainError(ErrorCode.INVALID, _("Between one and 101 years."), "years")
    ground = required(source, "source", _("Write the law or the decision that says so."), 300)
    if (rule.years, rule.source, rule.is_active) == (years, ground, is_active):
        return rule
    before = f"{rule.years} → {years}"
    rule.years, rule.source, rule.is_active = years, ground, is_active
    rule.save()
    record(verb="retention_rule_changed", about=rule, by=by, label=rule.code, note=before)
    return rule


# -- holds ------------------------------------------------------------------------------------------------
@transaction.atomic
def place_hold(*, by: User | None, kind: str, reason: str, on: Any = None) -> LegalHold:
    """Nothing of this is destroyed until the hold is lifted. `on`: a case, request, event or citizen; None: the whole
    kind. REQUIRED; DUPLICATE where one stands on it already; WRONG_STATE for what was anonymised."""
    what = choice(Kind, kind, "kind")
    why = required(
        reason, "reason", _("Write why: the lawsuit, inspection or objection, with its number."), 300
    )
    place = {} if on is None else {_column(on): on}
    nowhere = dict.fromkeys(("complaint", "request", "event", "citizen"))
    due.hold_alone()
    if on is not None and hasattr(on, "anonymised_at"):
        on.refresh_from_db(fields=["anonymised_at"])
        if on.anonymised_at:
            message = _("This record was anonymised already: there is nothing left to hold.")
            raise DomainError(ErrorCode.WRONG_STATE, message, "on")
    if (
        LegalHold.objects.standing()
        .filter(kind=what, **{f"{k}": v for k, v in (nowhere | place).items()})
        .exists()
    ):
        raise DomainError(ErrorCode.DUPLICATE, _("A hold stands on this already."), "on")
    row = LegalHold.objects.create(kind=what, reason=why, placed_by=by, **place)
    record(verb="legal_hold_placed", about=row, by=by, label=what.value)
    return row


@transaction.atomic
def lift_hold(hold: LegalHold, *, by: User | None, reason: str) -> LegalHold:
    """It stands no longer; the record of it stays. WRONG_STATE if it was lifted already."""
    why = required(reason, "reason", _("Write why it is lifted."), 300)
    lifted = LegalHold.objects.standing().filter(pk=hold.pk)
    if not lifted.update(lifted_at=timezone.now(), lifted_by=by, lift_reason=why):
        raise DomainError(ErrorCode.WRONG_STATE, _("This hold was lifted already."))
    hold.refresh_from_db()
    record(verb="legal_hold_lifted", about=hold, by=by, label=hold.kind)
    return hold


_COLUMNS = {
    "complaints.complaint": "complaint",
    "appointments.appointmentrequest": "request",
    "events.event": "event",
    "contacts.citizen": "citizen",
}


def _column(on: Any) -> str:
    return _COLUMNS[on._meta.label_lower]


# -- runs -------------------------------------------------------------------------------------------------
@transaction.atomic
def prepare(*, by: User | None) -> DestructionRun:
    """Freeze the list of all that is due today by the rules in force. WRONG_STATE while another run is under way;
    REQUIRED where nothing is due."""
    without_timeout()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('destruction', 12))")
    if other := DestructionRun.objects.under_way().first():
        message = _("%(reference)s is still under way. Carry it out or reject it first.")
        raise DomainError(ErrorCode.WRONG_STATE, message % {"reference": other.reference})
    year = today().year
    run = DestructionRun(prepared_by=by)
    number = NumberSequence.take(SEQUENCE, year)
    run.reference = f"İMHA-{year}/{number}"
    run.save(force_insert=True)
    for rule in RetentionRule.objects.filter(is_active=True).order_by("kind", "-regime"):
        run.items += _freeze(run, rule)
    if not run.items:
        raise DomainError(
            ErrorCode.REQUIRED, _("Nothing is due by the rules in force: there is no list to prepare.")
        )
    run.save(update_fields=["items"])
    write_line(run, EventType.PREPARED, by=by, from_status="", details={"items": run.items})
    return run


def _freeze(run: DestructionRun, rule: RetentionRule) -> int:
    by_day, made = rule.kind in BY_DAY, 0
    batch: list[DestructionItem] = []
    for result in due.lines(rule).iterator(chunk_size=BATCH):
        facts: dict[str, Any] = (
            {"day": result[0], "due_on": result[1]}
            if by_day
            else {
                "subject": result[0],
                "subject_key": result[1],
                "label": result[2][:40],
                "due_on": result[3],
            }
        )
        batch.append(
            DestructionItem(
                destruction=run,
                kind=rule.kind,
                method=rule.method,
                rule=rule,
                rule_version=rule.version,
                ground=rule.source,
                **facts,
            )
        )
        if len(batch) == BATCH:
            made += len(DestructionItem.objects.bulk_create(batch))
            batch = []
    return made + len(DestructionItem.objects.bulk_create(batch))


@destruction_action(
    Verb.APPROVE,
    event=EventType.APPROVED,
    source=Status.PREPARED,
    target=Status.APPROVED,
    traits=Trait.PRIMARY,
    hint=_("You have looked at the list. What is carried out cannot be undone."),
)
def approve(run: DestructionRun, *, by: User) -> DestructionRun:
    """Approve the list: another person than who prepared it.

    FORBIDDEN to the person who prepared it.
    """
    moves.require(Verb.APPROVE, run.status)
    if run.prepared_by_id == by.pk:
        message = _("Whoever prepared the list does not approve it: another person must look at it.")
        raise DomainError(ErrorCode.FORBIDDEN, message)
    move(run, Verb.APPROVE, by=by, approved_by=by, approved_at=timezone.now())
    return run


@destruction_action(
    Verb.REJECT,
    event=EventType.REJECTED,
    source=(Status.PREPARED, Status.APPROVED, Status.STOPPED),
    target=Status.REJECTED,
    traits=Trait.DESTRUCTIVE,
)
def reject(
    run: DestructionRun, *, by: User, reason: Annotated[str, Field(_("Reason"), api="Why.", rows=2)]
) -> DestructionRun:
    """Carry nothing (more) of it out.

    REQUIRED: why.
    """
    why = required(reason, "reason", _("Write why the list is rejected."))
    move(run, Verb.REJECT, by=by, note=why, ended_at=timezone.now())
    return run


@destruction_action(
    Verb.START,
    event=EventType.STARTED,
    source=(Status.APPROVED, Status.STOPPED),
    target=Status.RUNNING,
    traits=Trait.PRIMARY | Trait.DESTRUCTIVE,
    hint=_("Each line is looked at again first. What is carried out cannot be undone."),
)
def start(run: DestructionRun, *, by: User) -> DestructionRun:
    """Give it to the worker, or again.

    After a stop it goes on where it was.
    """
    move(run, Verb.START, by=by, run=run.run + 1, started_at=run.started_at or timezone.now())
    app.configure_task("retention.carry_out").defer(key=str(run.key), run=run.run)
    return run


@destruction_action(
    Verb.STOP, event=EventType.STOPPED, source=Status.RUNNING, target=Status.STOPPED, traits=Trait.PRIMARY
)
def stop(run: DestructionRun, *, by: User) -> DestructionRun:
    """Let the worker end after its line.

    What is destroyed stays destroyed.
    """
    move(run, Verb.STOP, by=by)
    return run


def last_done_on() -> dt.date | None:
    """The local day on which the last run was carried out."""
    rows = DestructionRun.objects.filter(status=Status.DONE, ended_at__isnull=False)
    ended = rows.order_by("-ended_at").values_list("ended_at", flat=True).first()
    return local_date(ended) if ended else None


def next_due_on() -> dt.date | None:
    """The last day for the next run: six months after the last one (m.11/2); None where there was none: at once."""
    last = last_done_on()
    if last is None:
        return None
    months = last.year * 12 + last.month - 1 + AT_LEAST_EVERY
    year, month = divmod(months, 12)
    for day in (last.day, 30, 29, 28):
        try:
            return dt.date(year, month + 1, day)
        except ValueError:
            continue
    raise AssertionError


def is_overdue() -> bool:
    """Whether the law asks for a run now."""
    day = next_due_on()
    return day is None or day < today()


def allowed_methods(kind: str) -> tuple[Method, ...]:
    return METHODS[Kind(kind)]
