"""Dragging in the calendar: each entry is moved by the verb of what it belongs to, with that verb's rules.

An entry of its own is moved as such, an appointment at its request, whose applicant is notified, a part of an event at
the event. What writes to somebody, and what belongs to a series, is asked about first; what is done can be undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse, HttpResponseBadRequest, JsonResponse
from django.utils.translation import gettext as _

from admin_ui.core.dates import date_text
from admin_ui.core.page_access import StaffRequest
from admin_ui.programme.reading import local, slot_text
from backend.appointments import actions as appointments
from backend.appointments.actions.notices import default_means
from backend.appointments.choices import DeliveryMethod
from backend.appointments.models import AppointmentRequest
from backend.appointments.moves import Verb as RequestVerb
from backend.core.errors import DomainError, ErrorCode
from backend.core.localtime import ISTANBUL, clock_text
from backend.events.actions import put_part
from backend.events.models import Event, EventPart
from backend.events.moves import Verb as EventVerb
from backend.programme import actions
from backend.programme.choices import LIVE, Reach
from backend.programme.models import Entry
from backend.programme.moves import Verb
from backend.programme.places import CollisionError
from permissions.appointments import applicants
from permissions.core import scope


@dataclass(frozen=True)
class Owner:
    """What an entry is moved at: itself, its request, or its event; `version` is that row's."""

    row: Entry | AppointmentRequest | Event

    @property
    def version(self) -> int:
        return self.row.version


def owners(entries: list[Entry]) -> dict[int, Owner]:
    """Return at what each entry may be moved by the viewer, in a fixed number of queries; others cannot be moved.

    The entries must have been read with what may be done to them (`scope.with_relations`).
    """
    found = {row.pk: Owner(row) for row in entries if Verb.MOVE in scope.allowed_actions(row)}
    others = [row.pk for row in entries if row.is_requested]
    if not others:
        return found
    for request in scope.with_relations(scope.visible(AppointmentRequest)).filter(entry__in=others):
        if request.entry_id and RequestVerb.RESCHEDULE in scope.allowed_actions(request):
            found[request.entry_id] = Owner(request)
    events = scope.with_relations(scope.visible(Event)).filter(parts__entry__in=others).distinct()
    able = {event.pk: Owner(event) for event in events if EventVerb.PUT_PART in scope.allowed_actions(event)}
    parts = scope.visible(EventPart).filter(event__in=list(able), entry__in=others)
    for entry, event in parts.values_list("entry", "event"):
        found[entry] = able[event]
    return found


class DragForm(forms.Form):
    starts_at = forms.DateTimeField()
    ends_at = forms.DateTimeField()
    version = forms.IntegerField()
    reach = forms.ChoiceField(choices=Reach.choices, required=False)
    accept_unusual = forms.BooleanField(required=False)
    confirmed = forms.BooleanField(required=False)
    means = forms.ChoiceField(choices=[("", ""), *DeliveryMethod.choices], required=False)


def drag(request: StaffRequest, key: UUID) -> HttpResponse:
    """Move an entry from the calendar, and answer what has become of it: `done` with a sentence and how it is undone,
    `ask` with the question that comes first, or a refusal with free times. The calendar then restores the entry.
    """
    if request.method != "POST":
        raise scope.not_found()
    form = DragForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest()
    entry = scope.with_relations(scope.visible(Entry)).filter(key=key).first()
    if entry is None:
        raise scope.not_found()
    owner = owners([entry]).get(entry.pk)
    try:
        return JsonResponse(_moved(request, entry, owner.row if owner else entry, form.cleaned_data))
    except DomainError as error:
        if error.code in {ErrorCode.NOT_FOUND, ErrorCode.FORBIDDEN}:
            raise
        return JsonResponse(_refusal(error), status=409)


def _moved(
    request: StaffRequest, entry: Entry, row: Entry | AppointmentRequest | Event, asked: dict[str, Any]
) -> dict[str, object]:
    if isinstance(row, AppointmentRequest):
        return _reschedule(request, entry, row, asked)
    if isinstance(row, Event):
        return _move_part(request, entry, row, asked)
    return _move_entry(request, entry, asked)


def _move_entry(request: StaffRequest, entry: Entry, asked: dict[str, Any]) -> dict[str, object]:
    reach = asked["reach"] or Reach.THIS
    if entry.series is not None and not asked["reach"]:
        question = _("“%(title)s” belongs to a series: %(from)s → %(to)s. What shall move?")
        return {"ask": "reach", "question": question % _words(entry, asked)}
    series = scope.visible(Entry).filter(series=entry.series, status__in=LIVE) if entry.series else None
    before = set(series.values_list("pk", flat=True)) if series is not None else set()
    with scope.authorized(Verb.MOVE, Entry, entry.key, version=asked["version"]) as row:
        moved = actions.move_to(
            row,
            by=request.user,
            reach=reach,
            starts_at=asked["starts_at"],
            ends_at=asked["ends_at"],
            accept_unusual=asked["accept_unusual"],
        )
    answer = _done(entry, asked, moved.version)
    if reach != Reach.THIS:
        now = scope.visible(Entry).filter(pk__in=before, status__in=LIVE).count()
        if now != len(before):  # what the rule for holidays left out does not come back by moving
            del answer["undo"]
        else:
            answer["undo"] = {**_back(entry, moved.version), "reach": Reach.ALL}
    elif entry.series is not None:
        answer["undo"] = {**_back(entry, moved.version), "reach": Reach.THIS}
    return answer


def _reschedule(
    request: StaffRequest, entry: Entry, row: AppointmentRequest, asked: dict[str, Any]
) -> dict[str, object]:
    values = {name: asked[name] for name in ("starts_at", "ends_at", "accept_unusual")}
    version = asked["version"]
    if not asked["confirmed"]:
        means = default_means(row) or DeliveryMethod.PHONE
        message = applicants.rehearsed_letter(
            RequestVerb.RESCHEDULE,
            row.key,
            lambda one: appointments.reschedule(one, by=request.user, means=means, **values),
            version=version,
        )
        question = _("Move “%(title)s” to %(to)s? This is what the applicant will read.") % _words(
            entry, asked
        )
        return {"ask": "confirm", "question": question, "text": message[1] if message else "", "means": means}
    means = asked["means"] or default_means(row) or DeliveryMethod.PHONE
    with scope.authorized(RequestVerb.RESCHEDULE, AppointmentRequest, row.key, version=version) as locked:
        moved = appointments.reschedule(locked, by=request.user, means=means, **values)
    return _done(entry, asked, moved.version)


def _move_part(request: StaffRequest, entry: Entry, row: Event, asked: dict[str, Any]) -> dict[str, object]:
    if not asked["confirmed"]:
        question = _("Move “%(title)s” to %(to)s? Its steps move with it; guests are not written to.")
        return {"ask": "confirm", "question": question % _words(entry, asked), "text": "", "means": ""}
    part = scope.visible(EventPart).get(event=row, entry=entry)
    with scope.authorized(EventVerb.PUT_PART, Event, row.key, version=asked["version"]) as locked:
        put_part(
            locked,
            by=request.user,
            part=part,
            starts_at=asked["starts_at"],
            ends_at=asked["ends_at"],
            accept_unusual=asked["accept_unusual"],
        )
    return _done(entry, asked, scope.visible(Event).values_list("version", flat=True).get(pk=row.pk))


def _done(entry: Entry, asked: dict[str, object], version: int) -> dict[str, object]:
    """`entry` as it was before."""
    sentence = _("“%(title)s” was moved: %(from)s → %(to)s") % _words(entry, asked)
    return {"done": True, "sentence": sentence, "undo": _back(entry, version)}


def _back(entry: Entry, version: int) -> dict[str, object]:
    return {
        "starts_at": local(entry.starts_at),
        "ends_at": local(entry.ends_at),
        "version": version,
        "accept_unusual": "on",  # it stood there
    }


def _words(entry: Entry, asked: dict[str, Any]) -> dict[str, str]:
    """Title and both times: the clock alone where the day stays, the length too where only the end moves."""
    old = (entry.starts_at.astimezone(ISTANBUL), entry.ends_at.astimezone(ISTANBUL))
    new = (asked["starts_at"].astimezone(ISTANBUL), asked["ends_at"].astimezone(ISTANBUL))
    if old[0] == new[0]:
        texts = ["–".join(clock_text(moment) for moment in span) for span in (old, new)]
    elif old[0].date() == new[0].date():
        texts = [clock_text(span[0]) for span in (old, new)]
    else:
        texts = [date_text(span[0], "D j M H:i") for span in (old, new)]
    return {"title": entry.title, "from": texts[0], "to": texts[1]}


def _refusal(error: DomainError) -> dict[str, object]:
    free = error.free if isinstance(error, CollisionError) else []
    return {
        "sentence": str(error),
        "isUnusual": error.code == ErrorCode.UNUSUAL and error.field == "accept_unusual",
        "free": [{"start": local(one.start), "end": local(one.end), "text": slot_text(one)} for one in free],
    }
