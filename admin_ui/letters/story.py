"""Story of a letter in order of time: events, what was sent to whom, files, and what others add."""

from __future__ import annotations

from django.utils.translation import gettext as _

from admin_ui.core.parts.messages import delivery_badge
from admin_ui.core.stories import StoryItem, added, in_order, of_files, of_lines
from backend.letters.choices import DeliveryMethod
from backend.letters.models import Addressee, Letter, LetterAttachment, LetterLine
from backend.letters.story import EventType
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
    rows = scope.visible(Addressee).filter(letter=row, sent_at__isnull=False)
    return [
        StoryItem(
            one.sent_at,
            "citizen",
            _("Sent to %(name)s") % {"name": one},
            one.sent_by or "",
            "",
            [str(DeliveryMethod(one.means).label)] if one.means else [],
            (_("delivered"), "green") if one.delivered_on else delivery_badge(one.message, one.held_until),
        )
        for one in rows.select_related("sent_by", "message")
        if one.sent_at is not None
    ]
