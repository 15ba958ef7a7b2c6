"""What the page of one case shows: facts and clock, story, what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from admin_ui.complaints.actions import next_verb
from admin_ui.complaints.clock import clock
from admin_ui.complaints.story import story
from admin_ui.core import page_access
from admin_ui.core.dates import moment_text
from admin_ui.core.links.maps import Point, map_url
from admin_ui.core.page_access import StaffRequest
from admin_ui.core.stories import has_messages
from backend.appointments.models import AppointmentRequest
from backend.complaints import actions
from backend.complaints.actions.answering import sent_back
from backend.complaints.actions.notices import pending_reply
from backend.complaints.choices import RoutingRole
from backend.complaints.locating.pointing import lies_outside
from backend.complaints.models import Complaint, Extension, FeeNotice, Forwarding, Routing
from backend.complaints.moves import Verb
from backend.complaints.reporting.information_report import lacks_ground
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.localtime import local_date
from backend.places.choices import DERIVED
from backend.retention.models import SubjectRequest
from permissions.complaints import access, persons
from permissions.core import scope
from permissions.core.filters import Action
from permissions.models import ComplaintGrant

OTHERS = 5


def details(request: HttpRequest, complaint: Complaint) -> dict[str, object]:
    """What the page shows in addition to the row and its actions."""
    applicant, reply, items = _applicant(complaint), pending_reply(complaint), story(complaint)
    routings = list(
        scope.visible(Routing).filter(complaint=complaint, ended_at__isnull=True).select_related("department")
    )
    return {
        "title": complaint.reference,
        "parents": [(_("Applications"), reverse("admin:complaints_complaint_changelist"))],
        "case": complaint,
        "clock": clock(complaint),
        "story": items,
        "has_messages": has_messages(items),
        "applicant": applicant,
        "sees_all": scope.current_viewer().sees_all,
        "may_apply": page_access.holds(SubjectRequest, Action.REGISTER),
        "represented": _represented(complaint),
        "hides_applicant": complaint.applicant_id is not None and applicant is None,
        "others": _others(complaint, applicant),
        "collaborators": [r.department for r in routings if r.role == RoutingRole.COLLABORATING],
        "lacks_ground": lacks_ground(complaint),
        "lacks_elements": complaint.is_open and applicant is not None and complaint.awaits_elements,
        "next": next_verb(complaint),
        **_on_site(request, complaint),
        "sent_back": sent_back(complaint, reply),
        "approved_on": local_date(reply.approved_at) if reply and reply.approved_at else None,
        "same_number": _same_number(complaint),
        **_children(complaint),
    }


def _on_site(request: HttpRequest, complaint: Complaint) -> dict[str, object]:
    """What a crew needs at the place: the way there, the camera, and the one step that ends their work."""
    able = scope.allowed_actions(complaint)
    verbs: tuple[Verb, ...] = () if page_access.office() else (Verb.SUBMIT, Verb.DRAFT)
    step = next((verb for verb in verbs if verb in able), None)
    url = reverse("admin:complaints_complaint_change", args=[complaint.key])
    return {
        "map_url": map_url(request, *where(complaint)),
        "point": complaint.get_point_source_display() if complaint.latitude is not None else "",
        "photo_may_point": complaint.point_source in ("", *DERIVED),
        "lies_outside": lies_outside(complaint),
        "files_url": reverse("admin:complaints_complaint_files", args=[complaint.key])
        if Verb.ATTACH in able
        else "",
        "finish_url": f"{url}?do={step.lower()}#do" if step else "",
        "finish_form": "verb-submit" if step is Verb.SUBMIT else "",
    }


def where(complaint: Complaint) -> tuple[str, Point | None]:
    """Return the place of a case in words, and its point; nothing of the person."""
    words = [
        complaint.place,
        complaint.neighbourhood.name if complaint.neighbourhood and complaint.place else "",
    ]
    if complaint.latitude is None or complaint.longitude is None:
        return ", ".join(part for part in words if part), None
    return ", ".join(part for part in words if part), (complaint.latitude, complaint.longitude)


def _applicant(complaint: Complaint) -> Citizen | None:
    """Who it is, if the viewer may know; showing it is noted in the read log."""
    found = persons.applicant_of(complaint)
    if found:
        scope.log_access([found.pk], "admin: case")
        complaint.applicant = found
    return found


def _represented(complaint: Complaint) -> Citizen | None:
    """On whose behalf it is brought, as `_applicant`."""
    found = persons.represented_on(complaint)
    if found:
        scope.log_access([found.pk], "admin: case")
    return found


def _same_number(complaint: Complaint) -> list[Complaint]:
    """Other visible cases with the same CİMER number: its recorder may not have seen the other."""
    if not (complaint.came_through_cimer and complaint.source_number):
        return []
    same = Complaint.objects.with_cimer_number(complaint.source_number).exclude(pk=complaint.pk)
    return list(scope.visible(same).order_by("pk")[:OTHERS])


def compared(*sides: Complaint) -> dict[str, object]:
    """The cases side by side, as far as the viewer may know each."""
    people = [_applicant(case) for case in sides]
    rows = [
        (_("Applicant"), [person.full_name if person else "–" for person in people]),
        (_("Phone"), [str(person.phone) if person and person.phone else "–" for person in people]),
        (_("Subject"), [case.subject for case in sides]),
        (_("Text"), [case.body or "–" for case in sides]),
        (_("Neighbourhood"), [case.neighbourhood.name if case.neighbourhood else "–" for case in sides]),
        (_("Place"), [case.place or "–" for case in sides]),
        (_("Registered"), [moment_text(localtime(case.registered_at)) for case in sides]),
        (_("Department"), [str(case.responsible_department or "–") for case in sides]),
        (_("Status"), [case.get_status_display() for case in sides]),
    ]
    addresses = [reverse("admin:complaints_complaint_change", args=[case.key]) for case in sides]
    return {
        "heads": [(case.reference, url) for case, url in zip(sides, addresses, strict=True)],
        "rows": rows,
    }


def _others(complaint: Complaint, applicant: Citizen | None) -> list[Complaint]:
    """Other open cases of the same citizen, as far as the viewer sees them and whose they are."""
    if applicant is None:
        return []
    rows = persons.brought_by(Complaint.objects.open(), [applicant]).exclude(pk=complaint.pk)
    return list(rows.order_by("-registered_at")[:OTHERS])


def _children(complaint: Complaint) -> dict[str, object]:
    def rows(model: Any) -> Any:
        return scope.visible(model).filter(complaint=complaint)

    def all_of(name: str, read: Callable[[], Iterable[object]]) -> list[object]:
        return list(read()) if name in there else []

    there = access.around(complaint)
    forwardings = Forwarding.objects.select_related("body", "notice")
    shares = ComplaintGrant.dated.select_related("user")
    return {
        "extension": rows(Extension).first() if "extension" in there else None,
        "fees": all_of("fees", lambda: rows(FeeNotice).order_by("pk")),
        "forwardings": all_of("forwardings", lambda: rows(forwardings).order_by("pk")),
        "came_of": all_of("came_of", lambda: rows(AppointmentRequest)),
        "leader": complaint.linked_to_id
        and scope.visible(Complaint).filter(pk=complaint.linked_to_id).first(),
        "linked": all_of(
            "linked", lambda: scope.visible(Complaint).filter(linked_to=complaint).order_by("pk")
        ),
        "whole": complaint.split_from_id
        and scope.visible(Complaint).filter(pk=complaint.split_from_id).first(),
        "parts": all_of(
            "parts", lambda: scope.visible(Complaint).filter(split_from=complaint).order_by("pk")
        ),
        "shares": all_of("shares", lambda: scope.visible(shares).filter(content_object=complaint)),
    }


def add_files(request: StaffRequest, key: UUID) -> HttpResponse:
    """Attach what was chosen, each file by itself: a refused one leaves the others. Scripts ask for text."""
    home = reverse("admin:complaints_complaint_change", args=[key])
    refused = []
    if request.method == "POST":
        for file in request.FILES.getlist("file"):
            try:
                with transaction.atomic(), scope.authorized(Verb.ATTACH, Complaint, key) as row:
                    actions.attach(
                        row,
                        by=request.user,
                        file=file,
                        name=file.name or "",
                        use_place="use_place" in request.POST,
                    )
            except DomainError as error:
                refused.append(f"{file.name}: {error}")
    if request.headers.get("Accept") == "text/plain":
        text = " ".join(refused)
        return HttpResponse(text, status=400 if refused else 200, content_type="text/plain; charset=utf-8")
    for sentence in refused:
        messages.error(request, sentence)
    return HttpResponseRedirect(home)
