"""Story of a case in order of time: events, internal notes, messages to the citizen."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from functools import partial
from typing import Any

from django.contrib.admin.utils import label_for_field
from django.db.models import Model, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core.dates import day_text
from admin_ui.core.parts.messages import delivery_badge, undo_of
from admin_ui.core.stories import StoryItem, added, in_order, picture_of, word_changes
from backend.complaints.choices import DeliveryMethod, NoticeKind, NoticeStatus, Outcome, WaitingFor
from backend.complaints.models import (
    Attachment,
    Comment,
    Complaint,
    ComplaintLine,
    Notice,
    NoticeFile,
    SocialPost,
)
from backend.complaints.moves import Verb
from backend.complaints.story import EventType
from backend.organization.models import Department, OutsideBody, User
from backend.outbox.delivery import how_far
from permissions.complaints.rules import knows_person
from permissions.core import scope
from permissions.plans import querysets as plans

TOLD_OTHERWISE = {
    EventType.COMMENTED,
    EventType.ATTACHED,
    EventType.MESSAGED,
    EventType.SENT,
    EventType.DRAFTED,
    EventType.PROGRESS_NOTIFIED,
    EventType.FORWARDING_TOLD,
}
"""Lines whose note, file or message stands in the story itself."""


def story(complaint: Complaint) -> list[StoryItem]:
    """All entries, the oldest first, in a fixed number of queries."""
    others, posts = added(complaint), _posts(complaint)
    lines = _lines(complaint, {item.key for item in (*others, *posts)})
    words = (_comments(complaint), _notices(complaint), _files(complaint), posts)
    return in_order(lines, *words, others)


def _seen[M: Model](rows: QuerySet[M], complaint: Complaint) -> list[M]:
    return plans.rows(f"story: {rows.model._meta.label}", partial(_of_case, rows), complaint.pk)


def _of_case[M: Model](rows: QuerySet[M], pk: int) -> QuerySet[M]:
    return scope.visible(rows).filter(complaint=pk)


def _lines(complaint: Complaint, shown: set[str]) -> list[StoryItem]:
    """What happened. `shown`: keys of what stands in the story by itself."""
    rows = _seen(ComplaintLine.objects.select_related("actor", "department").order_by("at", "id"), complaint)
    names = _Names(rows)
    return [
        StoryItem(
            line.at,
            "heard" if line.verb == EventType.CITIZEN_ADDED else "event",
            EventType(line.verb).label if line.verb in EventType.values else line.verb,
            line.actor or _("automatic"),
            line.note,
            names.facts(line),
            changes=_changes(line),
        )
        for line in rows
        if line.verb not in TOLD_OTHERWISE
        and not shown & {line.details.get("mail"), line.details.get("post")}
    ]


def _changes(line: ComplaintLine) -> list[tuple[str, str]]:
    """What an approver changed in the reply."""
    if "was" not in line.details:
        return []
    return word_changes(str(line.details.get("was", "")), str(line.details.get("now", "")))


def _comments(complaint: Complaint) -> list[StoryItem]:
    rows = _seen(Comment.objects.select_related("author"), complaint)
    return [StoryItem(row.at, "note", _("Internal note"), row.author, row.body) for row in rows]


def _files(complaint: Complaint) -> list[StoryItem]:
    rows = _seen(Attachment.objects.select_related("uploaded_by"), complaint)
    return [
        StoryItem(
            row.uploaded_at,
            "file",
            row.name,
            row.uploaded_by,
            facts=[f"{max(1, row.size // 1024)} KB"],
            badge=(row.get_stage_display(), "blue") if row.stage else None,
            url=reverse("file", args=[row.key]),
            picture=picture_of(row),
        )
        for row in rows
    ]


def _posts(complaint: Complaint) -> list[StoryItem]:
    """What was posted on social media, as far as the viewer may know whose words they are."""
    return [
        StoryItem(
            row.posted_at or row.recorded_at,
            "heard",
            _("Post on social media"),
            row.author,
            row.text,
            badge=(row.get_network_display(), "blue"),
            url=row.link,
            picture=picture_of(row.picture) if row.picture else "",
            key=str(row.key),
        )
        for row in _seen(SocialPost.objects.select_related("picture"), complaint)
    ]


def _notices(complaint: Complaint) -> list[StoryItem]:
    taken_back = {"kind": NoticeKind.MESSAGE, "status": NoticeStatus.SET_ASIDE}
    people = Notice.objects.select_related("drafted_by", "approved_by", "notified_by").exclude(**taken_back)
    people = people.annotate(**how_far())
    along: dict[int, list[tuple[str, str]]] = defaultdict(list)
    current = NoticeFile.objects.current().select_related("attachment").order_by("pk")
    for row in _seen(current, complaint):
        along[row.notice_id].append((row.attachment.name, reverse("file", args=[row.attachment.key])))
    return [_notice(row, along[row.pk]) for row in _seen(people, complaint)]


def _notice(row: Notice, files: list[tuple[str, str]]) -> StoryItem:
    if row.status == NoticeStatus.SENT and row.notified_at:
        mark = delivery_badge(row)
        facts = [str(DeliveryMethod(row.means).label)]
        if row.proof and knows_person(scope.current_viewer(), row.complaint):
            facts.append(_("Proof: %(proof)s") % {"proof": row.proof})
        return StoryItem(
            row.notified_at,
            "citizen",
            row.get_kind_display(),
            row.notified_by or _("automatic"),
            row.body,
            facts,
            (_("notified the citizen"), "blue") if mark[1] == "blue" else mark,
            files=files,
            undo=undo_of(row.held_until, Verb.UNSEND if row.kind == NoticeKind.MESSAGE else Verb.RECALL),
        )
    tone = {"APPROVED": "green", "SET_ASIDE": "grey"}.get(row.status, "orange")
    return StoryItem(
        row.drafted_at,
        "making",
        row.get_kind_display(),
        row.drafted_by or "",
        row.body,
        [],
        (row.get_status_display(), tone),
        files=files,
    )


class _Names:
    """What the numbers and codes in the details of lines stand for, read once for all lines."""

    PEOPLE = ("with", "person", "former")
    FIELDS = ("raw_due_on", "legal_due_on", "target_on")

    def __init__(self, lines: list[ComplaintLine]) -> None:
        details = [line.details for line in lines]
        people = {d[word] for d in details for word in self.PEOPLE if isinstance(d.get(word), int)}
        cases = {d["of"] for d in details if isinstance(d.get("of"), int)}
        departments = {d["from_department"] for d in details if isinstance(d.get("from_department"), int)}
        bodies = {d["body"] for d in details if isinstance(d.get("body"), str)}
        self.people = {u.pk: str(u) for u in User.objects.filter(pk__in=people)} if people else {}
        self.departments = (
            {d.pk: d.name for d in Department.objects.filter(pk__in=departments)} if departments else {}
        )
        self.bodies = (
            {b.code: b.short_name for b in OutsideBody.objects.filter(code__in=bodies)} if bodies else {}
        )
        seen = scope.visible(Complaint).filter(pk__in=cases).values_list("pk", "reference") if cases else []
        self.cases = dict(seen)

    def facts(self, line: ComplaintLine) -> list[str]:
        """The details of a line in words; what the viewer may not see is left out."""
        details, result = line.details, []
        if line.department:
            result.append(str(line.department))
        if former := self.departments.get(details.get("from_department")):
            result.append(_("before: %(name)s") % {"name": former})
        if person := self.people.get(details.get("with") or details.get("person")):
            result.append(person)
        if former := self.people.get(details.get("former")):
            result.append(_("before: %(name)s") % {"name": former})
        if reference := self.cases.get(details.get("of")):
            result.append(reference)
        if body := self.bodies.get(details.get("body")):
            result.append(body)
        if (step := details.get("step")) in EventType.values:
            result.append(str(EventType(step).label))
        if number := details.get("number"):
            result.append(_("number %(number)s") % {"number": number})
        if isinstance(rating := details.get("rating"), int):
            result.append(_("%(rating)s of 5") % {"rating": rating})
        result += self._closed_lists(details)
        result += self._changed(details)
        return result

    def _closed_lists(self, details: dict[str, Any]) -> list[str]:
        items: list[str] = []
        for name, choices in (("outcome", Outcome), ("waiting_for", WaitingFor), ("means", DeliveryMethod)):
            if (value := details.get(name)) in choices.values:
                items.append(str(choices(value).label))
        if words := details.get("added"):
            items.append(_("added: %(words)s") % {"words": ", ".join(words)})
        if words := details.get("removed"):
            items.append(_("removed: %(words)s") % {"words": ", ".join(words)})
        return items

    def _changed(self, details: dict[str, Any]) -> list[str]:
        items = []
        for name in details.get("fields", []):
            label = label_for_field(name, Complaint, return_attr=False)
            old, new = details.get("values", {}).get(name, ("", ""))
            items.append(f"{label}: {_value(name, old)} → {_value(name, new)}" if new else label)
        for name, (old, new) in details.get("dates", {}).items():
            if name in self.FIELDS and old != new:
                label = label_for_field(name, Complaint, return_attr=False)
                items.append(f"{label}: {_iso(old)} → {_iso(new)}")
        return items


def _value(name: str, text: str) -> str:
    field: Any = Complaint._meta.get_field(name)
    if text in ("True", "False"):
        return _("yes") if text == "True" else _("no")
    return str(dict(field.flatchoices).get(text, text)) if field.choices else text


def _iso(text: str | None) -> str:
    return day_text(dt.date.fromisoformat(text)) if text else "–"
