"""What a citizen has running with the municipality, for whoever proved by a code that the contact is theirs.

A telephone may be a family's. So a session speaks for one name, and where a contact is on record with other names too,
a person's matters are listed only with a tracking code of one of them: docs/adr/0076-matters-of-a-proved-contact.md.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.appointments import choices, links
from backend.appointments.models import AppointmentRequest
from backend.complaints.actions import citizens
from backend.complaints.actions.citizens import CitizenAction
from backend.complaints.choices import Status
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.session import system
from backend.core.words.text import search_form
from backend.organization.models import User
from backend.submissions import proofs
from backend.submissions.proofs import Holder
from permissions.appointments import portal as appointments
from permissions.complaints.public import IS_HELD, STANDING, PublicStatus, plain_code
from permissions.core.access_log import log_access
from permissions.events import public_sign_ups
from permissions.events.public_sign_ups import SignUp
from permissions.submissions import affected
from permissions.submissions.affected import Joined

MOST = 50
MOST_CODES = 5
MOST_RECORDS = 200
ANSWERABLE = (choices.Status.NEW, choices.Status.PROPOSED, choices.Status.APPROVED)
STAYS = dt.timedelta(days=365)
"""So long what has ended is still listed."""


@dataclass(frozen=True)
class CaseMatter:
    """A case in the list; its code opens the page of it."""

    reference: str
    tracking_code: str
    kind: str
    about: str
    registered_at: dt.datetime
    answer_due_on: dt.date | None
    status: PublicStatus
    is_awaited: bool
    may_rate: bool
    may_reopen: bool
    open_until: dt.date | None


@dataclass(frozen=True)
class AppointmentMatter:
    """A request for an appointment. `token`: the key to the page on which it is answered, while there is a time."""

    listed: appointments.Listed
    token: str


@dataclass(frozen=True)
class Matters:
    """The newest first, at most fifty of each."""

    ends_at: dt.datetime
    cases: list[CaseMatter]
    appointments: list[AppointmentMatter]
    sign_ups: list[SignUp]
    joined: list[Joined]


def matters(session: str, *, by: User, codes: Iterable[str] = ()) -> Matters:
    """What the holder of the session has running. `codes`: tracking codes of theirs. WRONG_STATE without a session.

    What was brought in by another way than this portal belongs to it too, since the citizen asks for it themselves. A
    case whose identity is hidden is never listed.
    """
    with system():
        found = proofs.holder_of(session, by=by)
        people = _people(found.holder, list(codes)[:MOST_CODES])
        cases, requests = list(_cases(people)), list(_requests(people))
        result = Matters(
            found.ends_at,
            [_case(case) for case in cases],
            [_appointment(request) for request in requests],
            public_sign_ups.of_people(people),
            affected.of_holder(found.holder),
        )
    log_access(people if cases or requests or result.sign_ups else [], purpose="portal")
    return result


def _people(holder: Holder, codes: list[str]) -> list[int]:
    """The records with this contact and this name. A portal makes a new record each time, so one name is one person."""
    by_contact = Q(email__iexact=holder.email) & ~Q(email="") if holder.email else Q(phone=holder.phone)
    rows = Citizen.objects.filter(by_contact, anonymised_at__isnull=True)
    families: dict[int, set[str]] = defaultdict(set)
    records: dict[int, list[int]] = defaultdict(list)
    for row in rows.only("first_name", "last_name", "merged_into").order_by("-pk")[:MOST_RECORDS]:
        family = row.merged_into_id or row.pk
        families[family].add(search_form(f"{row.first_name} {row.last_name}"))
        records[family].append(row.pk)
    mine = {family for family, names in families.items() if holder.name in names}
    result = [pk for family in mine for pk in records[family]]
    if mine != families.keys():  # the contact is others' too: everybody opens theirs with a code of their own
        plain = [code for code in map(plain_code, codes) if code]
        cases = Complaint.objects.filter(tracking_code__in=plain, applicant__in=result)
        return result if plain and cases.exists() else []
    return result


def _cases(people: list[int]) -> QuerySet[Complaint]:
    """Their cases, the newest first, with whether a reply still waits for its moment."""
    rows = Complaint.objects.filter(applicant__in=people, identity_hidden=False)
    rows = rows.filter(Q(closed_at=None) | Q(closed_at__gt=timezone.now() - STAYS))
    return rows.select_related("category").annotate(is_held=IS_HELD).order_by("-registered_at", "-pk")[:MOST]


def _requests(people: list[int]) -> QuerySet[AppointmentRequest]:
    rows = AppointmentRequest.objects.filter(applicant__in=people, registered_at__gt=timezone.now() - STAYS)
    return rows.select_related("principal", "entry", "visit").order_by("-registered_at", "-pk")[:MOST]


def _case(case: Any) -> CaseMatter:
    may = citizens.allowed(case)
    is_held = case.is_held and case.status == Status.REPLIED
    return CaseMatter(
        reference=case.reference,
        tracking_code=case.tracking_code,
        kind=case.kind,
        about=case.category.name if case.category else "",
        registered_at=case.registered_at,
        answer_due_on=case.target_on if case.is_open and case.replied_at is None else None,
        status=STANDING[Status.APPROVED if is_held else case.status],
        is_awaited=citizens.is_awaited(case),
        may_rate=CitizenAction.RATE in may and case.rating is None and not is_held,
        may_reopen=CitizenAction.REOPEN in may,
        open_until=citizens.reopens_until(case),
    )


def _appointment(request: AppointmentRequest) -> AppointmentMatter:
    is_over = request.entry is None or request.entry.ends_at <= timezone.now()
    token = "" if is_over or request.status not in ANSWERABLE else links.token_for(request)
    return AppointmentMatter(appointments.listed(request), token)
