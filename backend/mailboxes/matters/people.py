"""Where the people of a matter are reached, as it is on record now."""

from __future__ import annotations

from backend.appointments.actions.notices import reachable as reachable_applicant
from backend.appointments.models import AppointmentRequest
from backend.complaints.actions.notices import reachable
from backend.complaints.models import Complaint
from backend.mailboxes.choices import MessageMethod
from backend.mailboxes.models import Matter
from backend.partners.models import Organisation


def addresses_of(matter: Matter, means: MessageMethod) -> set[str]:
    """The e-mail addresses, in small letters, or the telephones (E.164) of who brought a matter. Who has a letter is
    known by its messages alone, and a partner by its address."""
    found: set[str] = set()
    if isinstance(matter, Complaint):
        found = {reachable(person, means) for person in (matter.applicant, matter.on_behalf_of)}
    elif isinstance(matter, AppointmentRequest):
        found = {reachable_applicant(matter, means)}
    elif isinstance(matter, Organisation) and means == MessageMethod.EMAIL:
        found = {matter.email}
    return {address.lower() for address in found if address}
