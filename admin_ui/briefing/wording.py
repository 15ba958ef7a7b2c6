"""A briefing sheet in words: the same sections for the screen, for the printed day and for the PDF."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from admin_ui.appointments.promises import responsible
from admin_ui.core.dates import date_text, day_text, moment_text
from admin_ui.programme.reading import Line
from backend.appointments.models import AppointmentRequest
from backend.configuration.office import configured
from backend.core.localtime import today
from backend.letters.models import Letter
from backend.programme.choices import NoteStatus
from backend.programme.models import DepartmentNote
from backend.programme.slots import Span
from permissions.briefing.access import Sheet


@dataclass
class Item:
    """Row of a section: subject, time or place, and remarks."""

    main: str
    side: str = ""
    text: str = ""
    url: str = ""


@dataclass
class Section:
    title: str
    body: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    empty: str = ""


def sections(sheet: Sheet) -> list[Section]:
    """All of a sheet in the order in which one prepares. What is not known, or not for the reader, is not there."""
    entries = [_who(sheet)]
    preparation = sheet.preparation
    if preparation and preparation.talking_points:
        entries.append(Section(_("Talking points"), body=preparation.talking_points))
    if sheet.notes:
        entries.append(Section(_("Departments' notes"), items=[_note(row) for row in sheet.notes]))
    if sheet.entry.description:
        entries.append(Section(_("Preparation and notes"), body=sheet.entry.description))
    if sheet.applicant is not None or sheet.earlier:
        entries += _history(sheet)
    if preparation and preparation.logistics:
        entries.append(Section(_("Logistics"), body=preparation.logistics))
    return entries


def _who(sheet: Sheet) -> Section:
    request, section = sheet.request, Section(_("Who comes"))
    if sheet.applicant is not None:
        section.facts.append((_("Name"), sheet.applicant.full_name))
    if request is not None:
        items = [
            (_("Institution"), request.organisation),
            (_("Member of staff"), str(request.requested_by or "")),
            (_("Subject"), request.subject),
            (_("Kind"), request.get_kind_display()),
            (_("People"), str(request.party_size)),
            (_("Names of companions"), request.companion_names if sheet.applicant is not None else ""),
            (_("What they say"), request.body),
            (_("Car plate"), request.plate),
        ]
        section.facts += [(label, value) for label, value in items if value]
    if sheet.applicant is not None and sheet.applicant.neighbourhood:
        section.facts.append((_("Neighbourhood"), sheet.applicant.neighbourhood.name))
    if sheet.participants:
        section.facts.append(
            (_("Participants"), "; ".join(_participant(participant) for participant in sheet.participants))
        )
    if not section.facts:
        section.empty = _("Nobody was named.")
    return section


def _participant(one: Any) -> str:
    words = [str(one), one.organisation, f"({one.role})" if one.role else ""]
    return ", ".join(word for word in words[:2] if word) + (f" {words[2]}" if words[2] else "")


def standing(note: DepartmentNote) -> str:
    """Asked for, there, or late."""
    return str(_("late")) if note.is_late else str(note.get_status_display())


def _note(note: DepartmentNote) -> Item:
    url = reverse("admin:programme_departmentnote_change", args=[note.key])
    if note.status == NoteStatus.WRITTEN:
        written = moment_text(localtime(note.written_at)) if note.written_at else ""
        return Item(note.department.name, written, f"{note.question}\n{note.text}", url)
    due = _("by %(time)s") % {"time": moment_text(localtime(note.due_at))}
    return Item(note.department.name, f"{standing(note)} · {due}", note.question, url)


def _history(sheet: Sheet) -> list[Section]:
    earlier = Section(_("Other visits and requests"), items=[_visit(row) for row in sheet.earlier])
    earlier.empty = "" if earlier.items else _("None is known.")
    complaints = Section(
        _("Open applications"),
        items=[
            Item(
                f"{row.reference} {row.subject}",
                f"{row.get_status_display()} · {day_text(row.target_on)}",
                row.responsible_department.name if row.responsible_department else "",
                reverse("admin:complaints_complaint_change", args=[row.key]),
            )
            for row in sheet.complaints
        ],
    )
    complaints.empty = "" if complaints.items else _("No open application is known.")
    promises = Section(
        _("Promises still open"),
        items=[
            Item(
                row.text,
                day_text(row.due_on) + (f" · {_('late')}" if row.due_on < today() else ""),
                responsible(row),
                reverse("admin:appointments_promise_change", args=[row.key]),
            )
            for row in sheet.promises
        ],
    )
    promises.empty = "" if promises.items else _("No promise is open.")
    letters = Section(_("Letters"), items=[_letter(row) for row in sheet.letters])
    return [earlier, complaints, promises, *([letters] if letters.items else [])]


def _letter(row: Letter) -> Item:
    on = row.shown_date or localtime(row.drafted_at).date()
    main = " ".join(filter(None, [row.reference, row.subject or str(row.get_kind_display())]))
    side = f"{row.get_status_display()} · {day_text(on)}"
    return Item(main, side, url=reverse("admin:letters_letter_change", args=[row.key]))


def _visit(row: AppointmentRequest) -> Item:
    visit = getattr(row, "visit", None)
    if row.entry is not None:
        side = day_text(localtime(row.entry.starts_at))
    elif visit is not None:
        side = f"{day_text(localtime(visit.at))} · {_('Public day')}"
    else:
        side = day_text(localtime(row.registered_at))
    stands = row.get_outcome_display() if row.outcome else row.get_status_display()
    url = reverse("admin:appointments_appointmentrequest_change", args=[row.key])
    return Item(row.subject, f"{side} · {stands}", row.outcome_note, url)


def when(sheet: Sheet) -> str:
    start = localtime(sheet.entry.starts_at)
    clock = Line(Span(sheet.entry.starts_at, sheet.entry.ends_at)).clock
    return f"{date_text(start, 'j F Y l')} {clock}"


def as_values(sheet: Sheet) -> dict[str, object]:
    """Values for the template of the PDF."""
    made = moment_text(timezone.localtime())
    return {
        "municipality": configured.MUNICIPALITY_NAME,
        "principal": " ".join(filter(None, [sheet.entry.principal.name, sheet.entry.principal.holder])),
        "title": sheet.entry.title,
        "when": when(sheet),
        "place": sheet.entry.place,
        "sections": [asdict(section) for section in sections(sheet)],
        "footer": _("Briefing sheet, %(moment)s. Personal data: for whom it was printed only.")
        % {"moment": made},
    }
