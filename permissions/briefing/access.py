"""Briefing sheet of a meeting, collected when read, each part as far as the reader may see it.

For viewers of the entry other than participants; access is written to the read log.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from backend.appointments.models import AppointmentRequest, Promise
from backend.complaints.models import Complaint
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.letters.models import Addressee, Letter
from backend.programme.models import DepartmentNote, Entry, Participant, Preparation
from permissions.appointments import applicants
from permissions.appointments.rules import knows_applicant
from permissions.complaints import persons
from permissions.core import scope
from permissions.core.filters import Action
from permissions.letters import access as letters

MOST = 10
"""So many of a kind stand on a sheet, the newest or most pressing first."""
PURPOSE = "briefing sheet"


@dataclass
class Sheet:
    """What is known before a meeting. What the reader may not see is not there."""

    entry: Entry
    preparation: Preparation | None = None
    participants: list[Participant] = field(default_factory=list)
    notes: list[DepartmentNote] = field(default_factory=list)
    request: AppointmentRequest | None = None
    applicant: Citizen | None = None
    earlier: list[AppointmentRequest] = field(default_factory=list)
    """Earlier requests, appointments and places on a halk günü of the same citizen or institution."""
    complaints: list[Complaint] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    """To the same citizen, the newest first."""
    promises: list[Promise] = field(default_factory=list)
    """Open ones: made to the same citizen or institution, in the same series, or where the institution of a participant
    took part."""


def sheet(key: UUID | str) -> Sheet:
    """The sheet of one entry. NOT_FOUND if the entry, or its sheet, is not for the viewer."""
    entry = scope.get(Entry, key)
    match = sheets([entry]).get(entry.pk)
    if match is None:
        raise scope.not_found()
    return match


def sheets(entries: Iterable[Entry]) -> dict[int, Sheet]:
    """The sheets of these entries by their numbers, as far as they are for the viewer; in a fixed number of queries."""
    pks = [entry.pk for entry in entries]
    rows = scope.visible(Entry, action=Action.BRIEF).filter(pk__in=pks).select_related("principal")
    values = {row.pk: Sheet(row) for row in rows}
    _put_own_parts(values)
    _put_applicants(values)
    _put_history(values)
    return values


def _put_own_parts(found: dict[int, Sheet]) -> None:
    for preparation in scope.visible(Preparation).filter(entry__in=found):
        found[preparation.entry_id].preparation = preparation
    for one in scope.visible(Participant).filter(entry__in=found).select_related("user").order_by("id"):
        found[one.entry_id].participants.append(one)
    notes = scope.visible(DepartmentNote).filter(entry__in=found).select_related("department", "written_by")
    for note in notes.order_by("due_at", "id"):
        found[note.entry_id].notes.append(note)


def _put_applicants(found: dict[int, Sheet]) -> None:
    """Who asked to be received, where the reader may know them from this request."""
    viewer = scope.current_viewer()
    rows = AppointmentRequest.objects.select_related("principal", "requested_by")
    for request in scope.visible(rows).filter(entry__in=found):
        found[request.entry_id].request = request
    asked = [one.request for one in found.values() if one.request is not None]
    known = {row.applicant_id for row in asked if row.applicant_id and knows_applicant(viewer, row)}
    citizens = scope.visible(Citizen).select_related("neighbourhood").in_bulk(list(known)) if known else {}
    for one in found.values():
        if one.request is not None and one.request.applicant_id in known:
            one.applicant = citizens.get(one.request.applicant_id)
    scope.log_access(citizens, PURPOSE)


def _put_history(found: dict[int, Sheet]) -> None:
    """What there was with the same person, under whatever record, or with the same institution."""
    people = {one.applicant.pk for one in found.values() if one.applicant is not None}
    families = contacts.families(people) if people else {}
    everyone = {pk for family in families.values() for pk in family}
    institutions = {
        one.request.organisation for one in found.values() if one.request and one.request.organisation
    }
    most = 5 * MOST * len(found)
    of_people = applicants.asked_by(everyone).select_related("entry", "principal", "visit__session")
    earlier = {row.pk: row for row in of_people.order_by("-registered_at")[:most]} if everyone else {}
    if institutions:
        theirs = scope.visible(AppointmentRequest).filter(organisation__in=institutions)
        theirs = theirs.select_related("entry", "principal", "visit__session").order_by("-registered_at")
        earlier |= {row.pk: row for row in theirs[:most]}
    complaints = _open_complaints(everyone, most)
    written = _letters(everyone, most)
    meetings = _meetings(found, institutions, most)
    asked_or_met = Q(request__in=list(earlier)) | Q(entry__in=list(meetings))
    rows = scope.visible(Promise.objects.open()).filter(asked_or_met)
    promises = list(rows.select_related("department", "person").order_by("due_on", "id"))
    for one in found.values():
        family = families.get(one.applicant.pk, set()) if one.applicant else set()
        institution = one.request.organisation if one.request else ""
        own = [row for row in earlier.values() if _is_theirs(row, family, institution)]
        own.sort(key=lambda row: row.registered_at, reverse=True)
        made = {row.pk for row in own}
        one.earlier = [row for row in own if row != one.request][:MOST]
        one.complaints = [row for row in complaints if row.applicant_id in family][:MOST]
        one.letters = [letter for letter, to in written if to & family][:MOST]
        met = {pk for pk, meeting in meetings.items() if pk == one.entry.pk or _is_alike(one, meeting)}
        one.promises = [row for row in promises if row.request_id in made or row.entry_id in met][:MOST]


@dataclass(frozen=True)
class Meeting:
    """By what a meeting is known again."""

    series: UUID | None
    institutions: frozenset[str]


def _institutions(sheet: Sheet) -> set[str]:
    asked = [sheet.request.organisation] if sheet.request else []
    return {
        name for name in [*asked, *(participant.organisation for participant in sheet.participants)] if name
    }


def _meetings(found: dict[int, Sheet], asked: set[str], most: int) -> dict[int, Meeting]:
    """The visible meetings with a promise that are alike to one of these, and these themselves, by their numbers."""
    institutions = asked.union(*(_institutions(one) for one in found.values()))
    series = {one.entry.series for one in found.values() if one.entry.series}
    guests = Participant.objects.filter(entry=OuterRef("pk"), organisation__in=institutions)
    alike = Q(pk__in=list(found)) | Q(series__in=series) | Q(Exists(guests))
    promised = Promise.objects.open().filter(entry=OuterRef("pk"))
    rows = scope.visible(Entry, action=Action.BRIEF).filter(alike, Exists(promised)).order_by("-starts_at")
    kept = {row.pk: row for row in rows[:most]}
    came: defaultdict[int, set[str]] = defaultdict(set)
    for one in scope.visible(Participant).filter(entry__in=kept, organisation__in=institutions):
        came[one.entry_id].add(one.organisation)
    return {pk: Meeting(row.series, frozenset(came[pk])) for pk, row in kept.items()}


def _is_alike(sheet: Sheet, meeting: Meeting) -> bool:
    same_series = meeting.series is not None and meeting.series == sheet.entry.series
    return same_series or bool(meeting.institutions & _institutions(sheet))


def _open_complaints(everyone: set[int], most: int) -> list[Complaint]:
    if not everyone:
        return []
    rows = persons.brought_by(Complaint.objects.open(), everyone).select_related("responsible_department")
    return list(rows.order_by("target_on", "pk")[:most])


def _letters(everyone: set[int], most: int) -> list[tuple[Letter, set[int]]]:
    """Letters to any of these citizens, each with the ones to whom it goes."""
    rows = list(letters.written_to(everyone).order_by("-drafted_at", "-pk")[:most]) if everyone else []
    to: defaultdict[int, set[int]] = defaultdict(set)
    for one in scope.visible(Addressee).filter(letter__in=rows, citizen__in=everyone):
        to[one.letter_id].add(one.citizen_id)  # type: ignore[arg-type]
    return [(row, to[row.pk]) for row in rows]


def _is_theirs(row: AppointmentRequest, family: set[int], institution: str) -> bool:
    return row.applicant_id in family or bool(institution and row.organisation == institution)
