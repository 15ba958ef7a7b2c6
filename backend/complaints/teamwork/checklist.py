"""The list of what is to be done on a case: copied from its category, ticked by who works it."""

from __future__ import annotations

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.complaints.actions.step import journal_line
from backend.complaints.models import Complaint
from backend.complaints.story import EventType
from backend.complaints.teamwork.models import ChecklistItem, ChecklistTemplateItem, ItemStatus
from backend.core.errors import DomainError, ErrorCode
from backend.core.validation import required
from backend.journal.action_table import ActionTable, Trait
from backend.journal.actions import record
from backend.journal.state_machine import change
from backend.organization.models import Category, User

MOST = 30
"""So many items one category has."""


class ChecklistVerb(models.TextChoices):
    """Everything that may be done to an item. The same word is the action, the mutation and the permission."""

    TICK = "TICK", _("Tick off")
    UNTICK = "UNTICK", _("Take the tick off")


checklist_action = ActionTable(ChecklistVerb, ItemStatus)


@checklist_action(
    ChecklistVerb.TICK,
    event=EventType.TICKED,
    source=ItemStatus.OPEN,
    target=ItemStatus.DONE,
    applies=models.Q(complaint__closed_at__isnull=True),
    traits=Trait.PRIMARY,
)
def tick(item: ChecklistItem, *, by: User | None) -> ChecklistItem:
    """Say that it is done."""
    checklist_action.require(ChecklistVerb.TICK, item.status)
    _require_open(item)
    change(item, ItemStatus.DONE, done_at=timezone.now(), done_by=by)
    journal_line(item.complaint, EventType.TICKED, by=by, note=item.text)
    return item


@checklist_action(
    ChecklistVerb.UNTICK,
    event=EventType.UNTICKED,
    source=ItemStatus.DONE,
    target=ItemStatus.OPEN,
    applies=models.Q(complaint__closed_at__isnull=True),
)
def untick(item: ChecklistItem, *, by: User | None) -> ChecklistItem:
    """Say that it is not done after all."""
    checklist_action.require(ChecklistVerb.UNTICK, item.status)
    _require_open(item)
    change(item, ItemStatus.OPEN, done_at=None, done_by=None)
    journal_line(item.complaint, EventType.UNTICKED, by=by, note=item.text)
    return item


def _require_open(item: ChecklistItem) -> None:
    if not item.complaint.is_open:
        raise DomainError(ErrorCode.WRONG_STATE, _("The application is closed."))


def follow_category(complaint: Complaint) -> None:
    """Give the case the list of its category and of the group above it, and drop what only another category asked for.
    What is done stays."""
    category = complaint.category
    wanted: list[ChecklistTemplateItem] = []
    if category is not None:
        groups = [pk for pk in (category.pk, category.parent_id) if pk]
        rows = ChecklistTemplateItem.objects.filter(category__in=groups, is_active=True)
        wanted = list(rows.order_by("position", "pk"))
    there = {row.template_id: row for row in ChecklistItem.objects.filter(complaint=complaint)}
    if not wanted and not there:
        return
    keys = [row.pk for row in wanted]
    asked_for = ChecklistItem.objects.open().filter(complaint=complaint, is_extra=False)
    asked_for.exclude(template__in=keys).update(status=ItemStatus.DROPPED)
    ChecklistItem.objects.filter(complaint=complaint, template__in=keys, status=ItemStatus.DROPPED).update(
        status=ItemStatus.OPEN
    )
    _copy([row for row in wanted if row.pk not in there], complaint)


def add_list_of(complaint: Complaint, category: Category) -> int:
    """Give the case the list of another category too, which stays whatever its own becomes; how many items are new."""
    there = ChecklistItem.objects.filter(complaint=complaint).values("template")
    rows = ChecklistTemplateItem.objects.filter(category=category, is_active=True).exclude(pk__in=there)
    return _copy(list(rows.order_by("position", "pk")), complaint, is_extra=True)


def _copy(rows: list[ChecklistTemplateItem], complaint: Complaint, *, is_extra: bool = False) -> int:
    items = [
        ChecklistItem(
            complaint=complaint,
            template=row,
            text=row.text,
            position=row.position,
            is_required=row.is_required,
            is_extra=is_extra,
        )
        for row in rows
    ]
    return len(ChecklistItem.objects.bulk_create(items))


def require_done(complaint: Complaint) -> None:
    """REQUIRED, naming them, where something is open that has to be done before the reply is submitted."""
    rows = ChecklistItem.objects.open().filter(complaint=complaint, is_required=True)
    texts = list(rows.order_by("position", "pk").values_list("text", flat=True)[:5])
    if texts:
        message = _("Before the reply is submitted this has to be done and ticked off: %(items)s.")
        raise DomainError(ErrorCode.REQUIRED, message % {"items": "; ".join(texts)})


@transaction.atomic
def save_template_item(
    item: ChecklistTemplateItem | None = None,
    *,
    by: User | None,
    category: Category,
    text: str,
    position: int = 100,
    is_required: bool = False,
    is_active: bool = True,
) -> ChecklistTemplateItem:
    """Add an item to the list of a category, or correct one: cases keep what they have. REQUIRED, OVER_LIMIT."""
    row = item or ChecklistTemplateItem()
    row.category, row.position = category, position
    row.text = required(text, "text", _("Write what is to be done."), 200)
    row.is_required, row.is_active = is_required, is_active
    others = ChecklistTemplateItem.objects.filter(category=category, is_active=True).exclude(pk=row.pk)
    if is_active and others.count() >= MOST:
        message = _("A list has at most %(most)s items.")
        raise DomainError(ErrorCode.OVER_LIMIT, message % {"most": MOST}, "category")
    row.save()
    record(verb="checklist_item_saved", about=row, by=by, label=f"{category.name}: {row.text}"[:200])
    return row
