"""Paper of an event: cards for those on the list, and the report of the file."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from admin_ui.core.screen import pdf_answer
from backend.core.errors import DomainError, ErrorCode
from backend.events import actions, paper
from backend.events.models import Event, Guest
from backend.events.moves import Verb
from permissions.core import scope
from permissions.events.rules import sees_whole_file


@require_POST
def cards(request: HttpRequest, key: UUID) -> HttpResponse:
    """The cards that were not printed yet, or of one guest, as PDF. That they were printed is remembered, with the name
    as it was printed."""
    with scope.authorized(Verb.INVITE, Event, key) as event:
        rows = scope.visible(Guest.objects.all()).filter(event=event)
        wanted = rows.listed().living().select_related("person").order_by("rank", "pk")
        if one := request.POST.get("guest", ""):
            wanted = wanted.filter(key=one)
        elif "again" not in request.POST:
            wanted = wanted.filter(printed_at__isnull=True)
        guests = list(wanted[: paper.MOST_CARDS])
        if not guests:
            messages.info(request, _("Every card was printed already."))
            return HttpResponseRedirect(reverse("admin:events_event_change", args=[event.key]))
        scope.log_access([guest.person_id for guest in guests], "admin: invitation cards")
        actions.note_printed(guests, by=scope.current_viewer().user)
        return pdf_answer(paper.cards(event, guests), f"Davetiyeler {event.reference}")


@require_GET
def report(request: HttpRequest, key: UUID) -> HttpResponse:
    """The file on paper, for who sees all of it."""
    event = scope.get(Event, key)
    if not sees_whole_file(scope.current_viewer(), event):
        raise DomainError(ErrorCode.FORBIDDEN, _("You are not allowed to do this."))
    return pdf_answer(paper.report(event), f"Etkinlik dosyası {event.reference}")
