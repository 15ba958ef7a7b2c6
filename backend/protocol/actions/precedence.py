"""Orders of precedence: a version is established, its order rewritten whole, and copied for an event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import today
from backend.core.validation import choice, required, short
from backend.journal.actions import record
from backend.organization.models import User
from backend.protocol.choices import ListKind
from backend.protocol.models import Office, PrecedenceEntry, PrecedenceList, Snapshot, SnapshotLine

Order = Sequence[Sequence[Office]]
"""Order of precedence, highest first; offices of one group are equal and keep their order."""
MOST = 2000


@transaction.atomic
def establish_list(
    *,
    by: User | None,
    kind: str,
    name: str,
    source: str,
    order: Order,
    valid_from: dt.date | None = None,
) -> PrecedenceList:
    """A new version of the order for a province or a district; the one before holds until the day before it begins."""
    row = PrecedenceList(
        kind=choice(ListKind, kind, "kind"),
        name=required(name, "name", _("Give it a name."), 160),
        source=required(source, "source", _("Say where the order comes from."), 400),
        valid_from=valid_from or today(),
        recorded_by=by,
    )
    if PrecedenceList.objects.filter(kind=row.kind, valid_from=row.valid_from).exists():
        message = _(
            "An order of this kind begins on that day already. Change that one, or choose another day."
        )
        raise DomainError(ErrorCode.DUPLICATE, message, "valid_from")
    row.save()
    _write(row, order)
    record(verb="precedence_established", about=row, by=by, note=f"{row.valid_from:%d.%m.%Y}")
    return row


@transaction.atomic
def rewrite(precedence: PrecedenceList, *, by: User | None, order: Order, note: str = "") -> PrecedenceList:
    """Set the whole order anew: what is left out leaves the list. Events that took it keep theirs."""
    note = short(note, "note", 300)
    before = _places(precedence)
    precedence.version += 1
    precedence.save(update_fields=["version"])
    precedence.entries.all().delete()
    _write(precedence, order)
    record(
        verb="precedence_rewritten", about=precedence, by=by, note=_told(before, _places(precedence), note)
    )
    return precedence


@transaction.atomic
def withdraw_list(precedence: PrecedenceList, *, by: User | None) -> None:
    """Take a version back that no event has taken; the one before holds again. WRONG_STATE otherwise."""
    if precedence.snapshots.exists():
        message = _("An event took this order. Record a newer one instead.")
        raise DomainError(ErrorCode.WRONG_STATE, message)
    record(verb="precedence_withdrawn", about=precedence, by=by)
    precedence.delete()


def _places(precedence: PrecedenceList) -> dict[str, int]:
    return dict(precedence.entries.values_list("office__short_title", "place"))


def _told(before: dict[str, int], after: dict[str, int], note: str) -> str:
    """What moved, in the words of a journal, no longer than a few."""
    moved = [f"{name}: {before.get(name, '–')} → {after.get(name, '–')}" for name in {**before, **after}]
    moved = [text for text in moved if text.split(": ")[-1].split(" → ")[0] != text.split(" → ")[-1]]
    return "; ".join(filter(None, [note, *moved[:20], "…" if len(moved) > 20 else ""]))


def checked(order: Order) -> list[list[Office]]:
    """The order without empty groups. REQUIRED for none, DUPLICATE for an office that stands twice."""
    groups = [list(group) for group in order if group]
    if not groups:
        raise DomainError(ErrorCode.REQUIRED, _("An order needs at least one office."), "order")
    seen: set[int] = set()
    for office in (office for group in groups for office in group):
        if office.pk in seen:
            message = _("“%(office)s” stands in the order twice.") % {"office": office.title}
            raise DomainError(ErrorCode.DUPLICATE, message, "order")
        seen.add(office.pk)
    if len(seen) > MOST:
        raise DomainError(ErrorCode.OVER_LIMIT, _("An order has at most 2000 offices."), "order")
    return groups


def _write(precedence: PrecedenceList, order: Order) -> None:
    numbered = [(place, office) for place, group in enumerate(checked(order), start=1) for office in group]
    PrecedenceEntry.objects.bulk_create(
        PrecedenceEntry(precedence=precedence, office=office, place=place, position=position)
        for position, (place, office) in enumerate(numbered, start=1)
    )


@transaction.atomic
def take_snapshot(precedence: PrecedenceList, *, by: User | None) -> Snapshot:
    """A copy of the order as it stands now, for one event: nothing that happens to the list later reaches it."""
    # Version and order must belong together: lock against concurrent rewriting.
    locked = PrecedenceList.objects.select_for_update().get(pk=precedence.pk)
    snapshot = Snapshot.objects.create(precedence=locked, list_version=locked.version, taken_by=by)
    SnapshotLine.objects.bulk_create(
        SnapshotLine(
            snapshot=snapshot,
            office=entry.office,
            title=entry.office.title,
            short_title=entry.office.short_title,
            place=entry.place,
            position=entry.position,
            listed_place=entry.place,
        )
        for entry in locked.entries.select_related("office")
    )
    return snapshot
