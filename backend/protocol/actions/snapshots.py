"""The order of one event: a place is changed there, with a reason, and the list never learns of it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required
from backend.journal.actions import record
from backend.organization.models import User
from backend.protocol.models import Office, Snapshot, SnapshotLine


@transaction.atomic
def move_in_snapshot(
    snapshot: Snapshot,
    *,
    by: User | None,
    office: Office,
    reason: str,
    before: Office | None = None,
    beside: Office | None = None,
) -> SnapshotLine:
    """Move an office before another one, next to one (equal rank), or to the end; offices outside the list can be
    added. Needs a reason, which the journal records. INVALID if the other office is not in this order."""
    why = required(reason, "reason", _("Say why the order is another at this event."), 300)
    if before and beside:
        raise DomainError(ErrorCode.INVALID, _("Choose either before whom or equal to whom."), "beside")
    groups = _groups(snapshot, without=office)
    moved = snapshot.lines.filter(office=office).first() or SnapshotLine(
        snapshot=snapshot, office=office, title=office.title, short_title=office.short_title
    )
    old, moved.why = moved.place, why
    _put(groups, moved, before, beside)
    _renumber(groups)
    Snapshot.objects.filter(pk=snapshot.pk).update(version=F("version") + 1)
    note = f"{moved.short_title}: {old or '–'} → {moved.place}; {why}"
    record(verb="precedence_overridden", about=snapshot, by=by, note=note)
    return moved


def _groups(snapshot: Snapshot, without: Office) -> list[list[SnapshotLine]]:
    groups: dict[int, list[SnapshotLine]] = {}
    for line in snapshot.lines.exclude(office=without).order_by("position"):
        groups.setdefault(line.place, []).append(line)
    return list(groups.values())


def _put(
    groups: list[list[SnapshotLine]], moved: SnapshotLine, before: Office | None, beside: Office | None
) -> None:
    """Into a group of its own before the other's, or into the other's; at the end where neither is named."""
    other = before or beside
    if other is None:
        groups.append([moved])
        return
    for number, group in enumerate(groups):
        if any(line.office_id == other.pk for line in group):
            if beside:
                group.append(moved)
            else:
                groups.insert(number, [moved])
            return
    message = _("“%(office)s” does not stand in the order of this event.") % {"office": other.title}
    raise DomainError(ErrorCode.INVALID, message, "before" if before else "beside")


def _renumber(groups: list[list[SnapshotLine]]) -> None:
    numbered = [(place, line) for place, group in enumerate(groups, start=1) for line in group]
    for position, (place, line) in enumerate(numbered, start=1):
        line.place, line.position = place, position
    new = [line for _place, line in numbered if line.pk is None]
    SnapshotLine.objects.bulk_create(new)
    old = [line for _place, line in numbered if line not in new]
    SnapshotLine.objects.bulk_update(old, ["place", "position", "why"])
