"""Hand delivery (zimmet): a day's letters as a list, and as a receipt sheet to be signed by the recipients."""

from __future__ import annotations

import datetime as dt

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from admin_ui.core import page_access
from admin_ui.core.dates import day_asked, day_text
from admin_ui.core.screen import page, pdf_answer
from backend.configuration.office import configured
from backend.core.localtime import clock_text
from backend.documents import typesetting
from backend.letters.models import Addressee, Letter
from backend.letters.papers import rendering
from permissions.core import scope
from permissions.core.filters import Action
from permissions.letters import access

MOST = 500


def _rows(day: dt.date) -> list[Addressee]:
    """Recipients of a day's hand-delivered letters, in order of dispatch."""
    rows = Addressee.objects.handed_out(day)
    matches = scope.visible(rows.select_related("letter", "sent_by", "body")).order_by("sent_at", "id")
    return list(matches[:MOST])


def show(request: HttpRequest) -> HttpResponse:
    """The day's list; another day by the form above it."""
    page_access.require(Letter, Action.BEGIN)
    day = day_asked(request, "day", past=True)
    rows = _rows(day)
    access.log_access([row.letter for row in rows], "admin: letters by hand")
    context = {
        "title": _("Letters delivered by hand"),
        "parents": [(_("Letters"), reverse("admin:letters_letter_changelist"))],
        "day": day,
        "rows": rows,
        "print_url": f"{reverse('admin:letters_letter_handed_pdf')}?day={day.isoformat()}",
    }
    return page(admin.site, request, "admin_ui/letter_handed.html", context)


def pdf(request: HttpRequest) -> HttpResponse:
    """Receipt sheet; confidential letters appear by number only, since all recipients sign the same sheet."""
    page_access.require(Letter, Action.BEGIN)
    day = day_asked(request, "day", past=True)
    rows = _rows(day)
    access.log_access([row.letter for row in rows], "admin: letters by hand")
    values = {
        "title": _("List of letters delivered by hand"),
        "municipality": configured.MUNICIPALITY_NAME,
        "office": _("Private office"),
        "day": day_text(day),
        "columns": [_("No."), _("Number"), _("To whom"), _("Subject"), _("Taken by: name, signature, hour")],
        "rows": [_line(number, row) for number, row in enumerate(rows, 1)],
        "empty": _("No letter was delivered by hand on this day."),
        "given_by": _("Given out by"),
    }
    return pdf_answer(typesetting.pdf("letters/print/handed.typ", values), f"Zimmet listesi {day:%d.%m.%Y}")


def _line(number: int, row: Addressee) -> dict[str, str]:
    letter = row.letter
    return {
        "place": str(number),
        "number": letter.document_number or letter.reference,
        "to": "\n".join(rendering.addressed(row)),
        "subject": "" if letter.is_confidential else letter.subject or str(letter.get_kind_display()),
        "at": clock_text(row.sent_at) if row.sent_at else "",
    }
