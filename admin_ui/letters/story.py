"""Story of a letter in order of time: events, what was sent to whom, files, and what others add."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext as _

from admin_ui.core.parts.messages import Mark, delivery_badge, delivery_mark
from admin_ui.core.stories import StoryItem, added, in_order, of_files, of_lines
from backend.letters.choices import DeliveryMethod
from backend.letters.models import Addressee, Letter, LetterAttachment, LetterLine
from backend.letters.story import EventType
from backend.outbox.delivery import Delivery, how_far
from permissions.core import scope


def story(row: Letter) -> list[StoryItem]:
    """What happened and what came, the oldest first."""
    others, sent = added(row), _sent(row)
    shown = {item.key for item in others}
    lines = scope.visible(LetterLine).filter(letter=row).select_related("actor")
    items = [
        line
        for line in lines
        if not shown.intersection((line.details.get("mail"), line.details.get("written")))
        and not (sent and line.verb == EventType.DISPATCHED)
    ]
    files = scope.visible(LetterAttachment).filter(letter=row).select_related("uploaded_by")
    return in_order(of_lines(items, EventType, _facts, kind=_kind), of_files(files), sent, others)


def _kind(line: LetterLine) -> str:
    return "heard" if line.verb == EventType.RECEIVED else "event"


def _facts(line: LetterLine) -> list[str]:
    return [str(line.details[name]) for name in ("number", "to") if name in line.details]


def _sent(row: Letter) -> list[StoryItem]:
    """The letter as it went to each addressee."""
    sent = Q(sent_at__isnull=False) | Q(failed_at__isnull=False)
    rows = scope.visible(Addressee).filter(sent, letter=row).annotate(**how_far())
    return [
        StoryItem(
            at,
            "citizen",
            _("Sent to %(name)s") % {"name": one},
            one.sent_by or "",
            "",
            [str(DeliveryMethod(one.means).label)] if one.means else [],
            _how_far(one),
        )
        for one in rows.select_related("sent_by")
        if (at := one.sent_at or one.failed_at) is not None
    ]


def _how_far(one: Addressee) -> Mark:
    if one.sent_at is None:
        return delivery_mark(Delivery.FAILED, one.failed_at)
    return (_("delivered"), "green") if one.delivered_on else delivery_badge(one)
