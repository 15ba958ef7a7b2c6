"""Who is behind a request for an appointment, and what they will be told.

A citizen may be known from one request and hidden in another, so that the row of the citizen being visible does not
yet say that this request is theirs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q, QuerySet

from backend.appointments.actions import telling
from backend.appointments.models import AppointmentRequest, RequestNotice
from backend.appointments.moves import Verb
from backend.contacts import actions as contacts
from backend.contacts.models import Citizen
from backend.core.errors import DomainError
from backend.core.session import rehearsed
from backend.core.text import prefix_query
from permissions import scope
from permissions.appointment_rules import known_applicants, knows_applicant
from permissions.filters import EVERYTHING, NOTHING

_LINK = re.compile(r"/randevu/[^\s/]+/")
HIDDEN_LINK = "/randevu/••••/"
_REFERENCE = re.compile(r"(?:RT-)?(\d{4}/\d+)", re.IGNORECASE)
_NUMBER = re.compile(r"[\d\s()+-]{7,}")


def asked_by(citizens: Iterable[Citizen | int]) -> QuerySet[AppointmentRequest]:
    """The visible requests of these citizens, as far as the viewer may know whose they are."""
    rows = AppointmentRequest.objects.select_related("entry", "principal")
    rule = known_applicants(scope.current_viewer())
    if rule == NOTHING:
        return rows.none()
    theirs = scope.visible(rows).filter(applicant__in=list(citizens))
    return theirs if rule == EVERYTHING else theirs.filter(rule)


def applicant_of(request: AppointmentRequest) -> Citizen | None:
    """The applicant, if the viewer may know them from this request."""
    if request.applicant_id is None or not knows_applicant(scope.current_viewer(), request):
        return None
    rows = scope.visible(Citizen).select_related("neighbourhood")
    return rows.filter(pk=request.applicant_id).first()


def who_asks(request: AppointmentRequest) -> str:
    """Who wishes to come, as far as the viewer may know: the organisation, the member of staff, else the citizen.

    For lists: `applicant` and `requested_by` were selected along."""
    if request.organisation:
        return request.organisation
    if request.requested_by is not None:
        return str(request.requested_by)
    if not knows_applicant(scope.current_viewer(), request):
        return ""
    return request.visible_applicant.full_name if request.visible_applicant else ""


def rehearsed_letter(
    verb: Verb, key: UUID | str, run: Callable[[AppointmentRequest], Any], *, version: int | None = None
) -> tuple[str, str] | None:
    """(subject, text) that the applicant would be sent if `run` were done, or None; nothing of it is done.

    Whoever may not know the applicant reads the text without its salutation, and nobody reads the link by which
    the applicant answers.
    """
    with rehearsed(), scope.acting(verb, AppointmentRequest, key, version=version) as row:
        before = RequestNotice.objects.filter(request=row).count()
        run(row)
        notices = RequestNotice.objects.filter(request=row).select_related("message").order_by("pk")
        notice = notices[before:].first()
        if notice is None:
            return None
        if notice.message is None or not knows_applicant(scope.current_viewer(), row):
            return str(notice), notice.body
        return notice.message.subject, _LINK.sub(HIDDEN_LINK, notice.message.body)


def message_preview(
    request: AppointmentRequest, kind: str, body: str, *, means: str, **moments: Any
) -> tuple[str, str]:
    """(subject, text) of a message about a visible request, as the viewer may read it; the link as above."""
    named = knows_applicant(scope.current_viewer(), request)
    subject, text = telling.message_preview(request, kind, body, means=means, named=named, **moments)
    return subject, _LINK.sub(HIDDEN_LINK, text)


def find(rows: QuerySet[AppointmentRequest], text: str) -> QuerySet[AppointmentRequest]:
    """Those of visible `rows` that `text` names: by number, by words of subject and institution, by the telephone or
    the name of an applicant whom the viewer may know."""
    if number := _REFERENCE.fullmatch(text.strip()):
        return rows.filter(reference=f"RT-{number[1]}")
    rule = known_applicants(scope.current_viewer())
    people = Citizen.objects.none() if rule == NOTHING else _named(text)
    theirs = Q(applicant__in=scope.visible(people).values("pk"))
    words = AppointmentRequest.objects.search(text).values("pk")  # type: ignore[attr-defined]
    return rows.filter(Q(pk__in=words) | (theirs if rule == EVERYTHING else theirs & rule))


def _named(text: str) -> QuerySet[Citizen]:
    if _NUMBER.fullmatch(text.strip()):
        try:
            keys = {key for citizen in contacts.find_by_phone(text)[:20] for key in contacts.family(citizen)}
        except DomainError:
            return Citizen.objects.none()
        return Citizen.objects.filter(pk__in=keys)
    query = prefix_query(text)
    if query is None:
        return Citizen.objects.none()
    words = SearchQuery(query, config="simple", search_type="raw")
    return Citizen.objects.alias(words=SearchVector("name_fold", config="simple")).filter(words=words)
