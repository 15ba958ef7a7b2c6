"""THE TABLE: who may do what to which rows. Everything else asks it through `permissions.core.scope`.

A *relation* is what a viewer is to a row, written as a filter over its table. A rule names the relations that may
do a thing; each service's stand in `permissions/<service>/rules.py`. The second wall (`permissions.policies`) says the
VIEW rows again in SQL; a test holds the two together.
"""

from __future__ import annotations

from typing import Any

from permissions.agreements import rules as agreements
from permissions.appointments import rules as appointments
from permissions.calendars import rules as calendars
from permissions.complaints import rules as complaints
from permissions.configuration import rules as configuration
from permissions.contacts import rules as contacts
from permissions.core.registry import PUBLISHED, RULES, VERB_TABLES
from permissions.drafts import rules as drafts
from permissions.engagements import rules as engagements
from permissions.events import rules as events
from permissions.exports import rules as exports
from permissions.greetings import rules as greetings
from permissions.guidance import rules as guidance
from permissions.instructions import rules as instructions
from permissions.invitations import rules as invitations
from permissions.journal import rules as journal
from permissions.letters import rules as letters
from permissions.mailboxes import rules as mailboxes
from permissions.map import rules as map_cells
from permissions.news import rules as news
from permissions.notifications import rules as notifications
from permissions.organization import rules as organization
from permissions.partners import rules as partners
from permissions.places import rules as places
from permissions.portals import rules as portals
from permissions.presence import rules as presence
from permissions.programme import rules as programme
from permissions.protocol import rules as protocol
from permissions.reminders import rules as reminders
from permissions.retention import rules as retention
from permissions.routing import rules as routing
from permissions.seating import rules as seating
from permissions.stickers import rules as stickers
from permissions.submissions import rules as submissions
from permissions.telephone import rules as telephone
from permissions.timeline import rules as timeline
from permissions.triage import rules as triage

SERVICES: tuple[Any, ...] = (
    complaints,
    contacts,
    configuration,
    organization,
    journal,
    drafts,
    guidance,
    exports,
    calendars,
    programme,
    appointments,
    invitations,
    letters,
    mailboxes,
    map_cells,
    instructions,
    protocol,
    greetings,
    events,
    partners,
    engagements,
    news,
    agreements,
    seating,
    stickers,
    places,
    submissions,
    telephone,
    triage,
    presence,
    reminders,
    retention,
    routing,
    portals,
)

for _service in SERVICES:
    if twice := RULES.keys() & _service.RULES.keys():
        raise ImportError(f"rules of {twice} in two services")
    RULES.update(_service.RULES)
    VERB_TABLES.update({table.model: table for table in getattr(_service, "VERB_TABLES", ())})
    PUBLISHED.update(getattr(_service, "PUBLISHED", ()))
# Seen as far as what they are about is seen.
RULES.update(notifications.rules_after(RULES))
RULES.update(timeline.rules_after(RULES))
