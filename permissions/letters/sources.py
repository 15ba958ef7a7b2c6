"""Letters created from a source row: prefilled, and linked in the same step.

The source and its persons must be visible to the viewer. A letter from a confidential source is confidential too and
repeats none of its text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from backend.appointments.models import AppointmentRequest
from backend.complaints.actions.notices import answer_text
from backend.complaints.law.deadlines import Regime
from backend.complaints.models import Complaint
from backend.contacts.models import Citizen
from backend.core.errors import DomainError, ErrorCode
from backend.events.models import Event
from backend.instructions.models import Instruction
from backend.invitations.models import Invitation
from backend.letters import actions, library
from backend.letters.actions.writing import Recipient, Referred
from backend.letters.choices import Confidentiality, Kind
from backend.letters.law.addressing import guess_kind
from backend.letters.law.articles import SAYGI
from backend.letters.law.check_parts import capitalised
from backend.letters.models import Letter
from backend.partners.models import Organisation
from backend.programme.models import Entry
from permissions.appointments import applicants
from permissions.complaints import persons
from permissions.core import scope
from permissions.letters.access import drafting


def of_complaint(key: UUID | str) -> Letter:
    """The answer to a case as a letter to its applicant, with what the reply says so far, its remedy included, or with
    the notice of the end. NOT_FOUND for a hidden case,
    INVALID where the viewer knows no applicant."""
    complaint = scope.get(Complaint, key, field="complaint")
    applicant = persons.applicant_of(complaint)
    if applicant is None:
        message = _("Nobody is known to you who could be written to.")
        raise DomainError(ErrorCode.INVALID, message, "complaint")
    petition = complaint.regime in (Regime.PETITION_3071, Regime.INFORMATION_4982)
    return _drafted(
        kind=Kind.REPLY,
        subject=capitalised(complaint.subject),
        addressees=[Recipient(citizen=applicant)],
        references=[Referred(on=complaint.registered_on, what="dilekçe" if petition else "başvuru")],
        body=answer_text(complaint),
        closing=SAYGI,
        complaint=complaint,
    )


def of_entry(key: UUID | str) -> Letter:
    """Letter about a meeting, to its applicant if the viewer may know them."""
    entry = scope.get(Entry, key, field="entry")
    asked = scope.visible(AppointmentRequest).filter(entry=entry).first()
    known = applicants.applicant_of(asked) if asked else None
    secret = entry.is_confidential
    return _drafted(
        kind=Kind.OFFICE,
        subject="" if secret else capitalised(entry.title),
        **_to_person(known),
        entry=entry,
        confidentiality=_degree(secret),
    )


def of_request(key: UUID | str) -> Letter:
    """Letter to the applicant of a request, with or without a time: the organisation, else the citizen."""
    asked = scope.get(AppointmentRequest, key, field="request")
    to = _to_person(applicants.applicant_of(asked))
    if asked.organisation:
        to = _to_name(asked.organisation)
    return _drafted(
        kind=Kind.OFFICE,
        subject=capitalised(asked.subject),
        **to,
        request=asked,
    )


def of_invitation(key: UUID | str) -> Letter:
    """Letter to the host of an invitation: acceptance, refusal or thanks."""
    invited = scope.get(Invitation, key, field="invitation")
    secret = (
        invited.entry_id is not None
        and Entry.objects.filter(pk=invited.entry_id, is_confidential=True).exists()
    )
    to: dict[str, Any] = {} if secret else _to_name(invited.host, invited.email)
    return _drafted(
        kind=Kind.OFFICE,
        subject="" if secret else capitalised(invited.title),
        **to,
        invitation=invited,
        confidentiality=_degree(secret),
    )


def of_instruction(key: UUID | str) -> Letter:
    """A letter that carries an instruction out, in the name of the department that does."""
    instruction = scope.get(Instruction, key, field="instruction")
    secret = instruction.is_confidential
    return _drafted(
        prefer=instruction.department_id,
        kind=Kind.OFFICIAL,
        subject="" if secret else capitalised(instruction.subject),
        instruction=instruction,
        confidentiality=_degree(secret),
    )


def of_event(key: UUID | str) -> Letter:
    """A letter that belongs to an event: an invitation, a permit, a request for a place."""
    event = scope.get(Event, key, field="event")
    return _drafted(kind=Kind.OFFICIAL, subject=capitalised(event.title), event=event)


def to_citizen(key: UUID | str) -> Letter:
    """A letter to a citizen whom the viewer may know."""
    return _drafted(kind=Kind.OFFICE, **_to_person(scope.get(Citizen, key, field="citizen")))


def to_organisation(key: UUID | str) -> Letter:
    """A letter to an organisation that the viewer sees."""
    row = scope.get(Organisation, key, field="organisation")
    return _drafted(kind=Kind.OFFICIAL, **_to_name(row.name, row.email))


SOURCES: dict[str, tuple[type[Any], Callable[[UUID | str], Letter]]] = {
    "complaint": (Complaint, of_complaint),
    "entry": (Entry, of_entry),
    "request": (AppointmentRequest, of_request),
    "invitation": (Invitation, of_invitation),
    "instruction": (Instruction, of_instruction),
    "event": (Event, of_event),
}
"""Of what a letter may be made, by the name of its link."""


def _to_person(person: Citizen | None) -> dict[str, Any]:
    if person is None:
        return {}
    return {
        "addressees": [Recipient(citizen=person)],
        "salutation": library.salutation(person, Kind.OFFICE),
        "closing": SAYGI,
    }


def _to_name(name: str, email: str = "") -> dict[str, Any]:
    """Addressee without a record: the kind is guessed, and the composer proposes the closing."""
    return {"addressees": [Recipient(kind=guess_kind(name), name=name, email=email)]}


def _degree(secret: bool) -> str:
    return Confidentiality.SERVICE if secret else Confidentiality.NONE


def _drafted(prefer: int | None = None, **fields: Any) -> Letter:
    """`prefer`: the department in whose name it is written, where the viewer works in it."""
    with drafting(prefer=prefer) as (viewer, own):
        return actions.draft(own, by=viewer.user, **fields)
