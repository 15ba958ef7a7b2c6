"""What is printed of an event: invitation cards with their QR, and the file as a report. Paper speaks Turkish."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Sum
from django.utils import timezone, translation
from django.utils.formats import date_format

from backend.configuration.office import configured
from backend.core.localtime import ISTANBUL, clock_text
from backend.core.words.text import official_name, tr_upper
from backend.documents import typesetting
from backend.events import links
from backend.events.choices import Answer, GuestStatus, TaskStatus
from backend.events.models import Event, EventPart, Guest

MOST_CARDS = 500
CARD, REPORT = "events/print/card.typ", "events/print/report.typ"


def cards(event: Event, guests: Sequence[Guest]) -> bytes:
    """PDF with one card per guest (A5 across), in the passed order."""
    return typesetting.pdf(CARD, _cards(event, guests))


def card_pages(event: Event, guests: Sequence[Guest]) -> list[bytes]:
    """Render the cards as PNG pages, for a preview."""
    return typesetting.pages(CARD, _cards(event, guests))


def _cards(event: Event, guests: Sequence[Guest]) -> dict[str, Any]:
    with translation.override("tr"):
        return {**_of_event(event), "guests": [_card(guest) for guest in guests]}


def _of_event(event: Event) -> dict[str, Any]:
    part = EventPart.objects.filter(event=event, is_main=True).first() or event
    phone = event.answer_phone.as_national if event.answer_phone else configured.MUNICIPALITY_PHONE
    until = f"{event.answer_by:%d.%m.%Y} tarihine kadar " if event.answer_by else ""
    to = f" ({event.answer_to})" if event.answer_to else ""
    return {
        "document_title": f"Davetiye: {event.title}",
        "title": event.title,
        "text": event.invitation_text,
        "day": _day(part.starts_at),
        "clock": clock_text(part.starts_at),
        "place": (part.place if isinstance(part, EventPart) else "") or event.place,
        "dress_code": event.dress_code,
        "answer": f"LCV: {until}{phone}{to}",
        "host": list(filter(None, [event.principal.holder, event.principal.name])),
        "municipality": tr_upper(configured.MUNICIPALITY_NAME),
        "qr_says": "Davetlinin cevap ve giriş karekodu",
    }


def _card(guest: Guest) -> dict[str, str]:
    person = guest.person
    name = guest.printed_name or official_name(person.first_name, person.last_name)
    return {
        "name": f"Sayın {name}{' ve Eşi' if guest.with_spouse else ''}",
        "title": guest.title,
        "qr": typesetting.qr(links.address_for(guest)),
    }


def _day(moment: Any) -> str:
    with translation.override("tr"):
        return date_format(timezone.localtime(moment, ISTANBUL), "j F Y l")


def report(event: Event) -> bytes:
    """PDF file of an event: programme, tasks with planned and actual cost, guests in figures. Without names."""
    with translation.override("tr"):
        return typesetting.pdf(REPORT, _report(event))


def _report(event: Event) -> dict[str, Any]:
    tasks = event.tasks.exclude(status=TaskStatus.DROPPED).select_related("department", "person")
    sums = tasks.aggregate(planned=Sum("planned_cost"), actual=Sum("actual_cost"))
    return {
        "title": event.title,
        "reference": event.reference,
        "municipality": configured.MUNICIPALITY_NAME,
        "facts": [
            ["Tür", event.get_kind_display()],
            ["Makam", event.principal.name],
            ["Durum", event.get_status_display()],
            ["Yer", event.place or "–"],
            ["Tarih", f"{_day(event.starts_at)} {clock_text(event.starts_at)}"],
        ],
        "parts": [
            {
                "title": part.title,
                "when": f"{_day(part.starts_at)} {clock_text(part.starts_at)}",
                "place": part.place or event.place,
                "steps": [
                    [
                        clock_text(step.starts_at),
                        step.title,
                        step.who,
                        f"{step.minutes} dk",
                    ]
                    for step in part.items.order_by("starts_at", "id")
                ],
            }
            for part in event.parts.order_by("starts_at", "id")
        ],
        "tasks": [
            [
                task.title,
                str(task.department.short_name if task.department else task.person or task.supplier or "–"),
                _amount(task.planned_cost),
                _amount(task.actual_cost),
                task.get_status_display(),
            ]
            for task in tasks.order_by("due_on", "id")
        ],
        "sums": [_amount(sums["planned"]), _amount(sums["actual"])],
        "guests": guests_in_figures(event),
        "report": event.report,
        "day": _day(timezone.now()),
    }


def _amount(value: Any) -> str:
    if value is None:
        return "–"
    whole, _dot, cents = f"{value:,.2f}".partition(".")
    return f"{whole.replace(',', '.')},{cents}"


def guests_in_figures(event: Event) -> list[list[str]]:
    listed = Guest.objects.filter(event=event, status=GuestStatus.LISTED)
    arrived = listed.arrived()
    people = arrived.count() + int(arrived.aggregate(more=Sum("arrived_with"))["more"] or 0)
    figures = [
        ("Davet edilen", listed.count()),
        ("Katılacağını bildiren", listed.filter(answer=Answer.COMING).count()),
        ("Temsilci bildiren", listed.filter(answer=Answer.REPRESENTED).count()),
        ("Katılamayacağını bildiren", listed.filter(answer=Answer.NOT_COMING).count()),
        ("Cevap vermeyen", listed.filter(answer=Answer.WAITING).count()),
        ("Gelen davetli", arrived.count()),
        ("Gelen kişi (refakatçilerle)", people),
    ]
    return [[words, str(count)] for words, count in figures]
