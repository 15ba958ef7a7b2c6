"""The tables inside pages that people take along: of each its columns, and the rows that its page shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from admin_ui.appointments import public_day_rows
from admin_ui.complaints.cimer import TO_ENTER
from admin_ui.core.display import or_dash
from admin_ui.core.listing import Column
from admin_ui.core.page_tables import PageTable, provide
from admin_ui.events import calls as event_calls
from admin_ui.events.display import name_of
from admin_ui.instructions import open_list as instruction_open
from admin_ui.partners import lists as partner_lists
from admin_ui.timeline import page as timeline
from backend.appointments.models import PublicDaySession
from backend.contacts.models import Citizen
from backend.events.models import AgendaItem, Event, EventTask
from backend.greetings.choices import Outcome
from backend.greetings.models import Batch, Recipient
from backend.partners.models import ContactList, Organisation
from backend.protocol.models import Snapshot
from backend.timeline.choices import Kind
from backend.timeline.models import Moment
from permissions.appointments import applicants
from permissions.contacts import cards
from permissions.core import scope
from permissions.events.rules import knows_guests
from permissions.partners import access as partners

TableQuery = Mapping[str, str]
MOST_MOMENTS, MOST_PEOPLE = 2_000, 5_000


def _page(name: str) -> Callable[[Any], str]:
    return lambda row: reverse(f"admin:{name}", args=[row.key])


def _people(purpose: str, of: Callable[[Any], int | None]) -> Callable[[Sequence[Any]], object]:
    return lambda rows: scope.log_access([pk for row in rows if (pk := of(row))], purpose)


# -- events ---------------------------------------------------------------------------------------------------
CALLS = PageTable(
    "event_calls",
    _("Calling list"),
    (
        Column(_("Name"), name_of),
        Column(_("Office or title"), lambda r: or_dash(r.title)),
        Column(_("Organisation"), lambda r: or_dash(r.organisation)),
        Column(_("Phone"), lambda r: r.person.phone.as_national),
        Column(_("Calls"), lambda r: r.calls),
        Column(_("What came of it"), lambda r: or_dash(r.get_call_display() if r.call else "")),
        Column(_("Called last"), lambda r: r.called_at),
    ),
    lambda event, asked: event_calls.waiting(event),
    _page("events_guest_calls"),
    Event,
    note=_people("admin: calling list", lambda row: row.person_id),
    gate=lambda event: knows_guests(scope.current_viewer(), event),
)


def _whose(task: EventTask) -> str:
    shown = [task.department.short_name if task.department else "", str(task.person or ""), task.supplier]
    return or_dash(" · ".join(filter(None, shown)))


TASKS = PageTable(
    "event_tasks",
    _("Tasks and costs"),
    (
        Column(_("What is to be done"), lambda r: r.title),
        Column(_("Kind"), lambda r: r.get_kind_display()),
        Column(_("Quantity"), lambda r: r.quantity),
        Column(_("By whom"), _whose),
        Column(_("To be done by"), lambda r: r.due_on),
        Column(_("Planned cost (TL)"), lambda r: r.planned_cost),
        Column(_("Actual cost (TL)"), lambda r: r.actual_cost),
        Column(_("Status"), lambda r: r.get_status_display()),
    ),
    lambda event, asked: (
        scope.visible(EventTask)
        .filter(event=event)
        .select_related("department", "person")
        .order_by("due_on", "id")
    ),
    _page("events_event_change"),
    Event,
)

PROGRAMME = PageTable(
    "event_programme",
    _("Programme"),
    (
        Column(_("Part"), lambda r: r.part.title),
        Column(_("At"), lambda r: r.starts_at),
        Column(_("Step"), lambda r: r.title),
        Column(_("By whom"), lambda r: or_dash(r.who)),
        Column(_("Minutes"), lambda r: r.minutes),
        Column(_("Note"), lambda r: or_dash(r.note)),
    ),
    lambda event, asked: (
        scope.visible(AgendaItem).filter(event=event).select_related("part").order_by("starts_at", "id")
    ),
    _page("events_event_change"),
    Event,
)

ORDER = PageTable(
    "event_order",
    _("Order of the event"),
    (
        Column(_("Place in the order"), lambda r: r.place),
        Column(_("Office"), lambda r: r.title),
        Column(_("In the list"), lambda r: r.listed_place),
        Column(_("Reason"), lambda r: or_dash(r.why)),
    ),
    lambda snapshot, asked: scope.visible(snapshot.lines.all()).order_by("position"),
    _page("protocol_snapshot_change"),
    Snapshot,
)


# -- greetings ------------------------------------------------------------------------------------------------
def _recipients(batch: Batch, asked: TableQuery) -> object:
    rows = scope.visible(Recipient).filter(batch=batch)
    if asked.get("outcome") in Outcome.values:
        rows = rows.filter(outcome=asked["outcome"])
    return rows.select_related("citizen", "department", "body").order_by("pk")


RECIPIENTS = PageTable(
    "greeting_recipients",
    _("Recipients of the greeting"),
    (
        Column(_("Recipient"), lambda r: r.name or str(r)),
        Column(_("Office or title"), lambda r: or_dash(r.title)),
        Column(_("Organisation"), lambda r: or_dash(r.organisation)),
        Column(_("Where from"), lambda r: r.get_source_display()),
        Column(_("Outcome"), lambda r: r.get_outcome_display()),
        Column(_("Reason"), lambda r: or_dash(r.get_reason_display() if r.reason else "")),
        Column(_("How"), lambda r: or_dash(r.get_channel_display() if r.channel else "")),
        Column(_("Address"), lambda r: or_dash(r.address)),
    ),
    _recipients,
    _page("greetings_batch_change"),
    Batch,
    asks=("outcome",),
    note=_people("admin: list of a greeting", lambda row: row.citizen_id),
)


# -- instructions ---------------------------------------------------------------------------------------------
def _instructions(row: None, asked: TableQuery) -> object:
    return instruction_open.rows_of(dict(asked))


OPEN = PageTable(
    "instructions_open",
    _("Open instructions"),
    (
        Column(_("Department"), lambda r: r.department.short_name),
        Column(_("Number"), lambda r: r.reference),
        Column(_("What is to be done"), lambda r: r.subject),
        Column(_("Given by"), lambda r: r.principal.name),
        Column(_("Responsible person"), lambda r: or_dash(str(r.person or ""))),
        Column(_("Priority"), lambda r: r.get_priority_display()),
        Column(_("To be done by"), lambda r: r.due_on),
        Column(_("Status"), lambda r: r.get_status_display()),
    ),
    _instructions,
    lambda row: reverse("admin:instructions_instruction_open"),
    asks=("which", "department", "principal"),
)


# -- appointments ---------------------------------------------------------------------------------------------
VISITS = PageTable(
    "public_day_visits",
    _("Who comes to the public day"),
    (
        Column(_("At"), lambda r: r.visit.at),
        Column(_("Number"), lambda r: r.reference),
        Column(_("Who asks"), applicants.who_asks),
        Column(_("Subject"), lambda r: r.subject),
        Column(_("People"), lambda r: r.party_size),
        Column(_("Status"), lambda r: r.visit.get_status_display()),
    ),
    lambda session, asked: public_day_rows.visitors(session),
    _page("appointments_publicdaysession_change"),
    PublicDaySession,
    gate=lambda session: public_day_rows.sessions().filter(pk=session.pk).exists(),
)


# -- partners and persons -------------------------------------------------------------------------------------
ON_LIST = PageTable(
    "contact_list",
    _("Who is on the list"),
    (
        Column(_("Name"), lambda one: one.name),
        Column(_("Title"), lambda one: or_dash(one.role.title if one.role else "")),
        Column(_("Organisation"), lambda one: or_dash(one.organisation.name if one.organisation else "")),
        Column(_("Salutation"), lambda one: or_dash(one.role.salutation if one.role else "")),
        Column(_("E-mail"), lambda one: or_dash(one.email)),
        Column(_("Address"), partner_lists.address_of),
    ),
    lambda row, asked: partners.on_list(row, MOST_PEOPLE),
    _page("partners_contactlist_change"),
    ContactList,
    identity=lambda one: one.identity,
    most=MOST_PEOPLE,
)

MOMENTS = (
    Column(_("When"), timeline.when),
    Column(_("What it is"), lambda r: r.get_kind_display()),
    Column(_("Subject"), lambda r: r.title),
    Column(_("Number"), lambda r: or_dash(r.reference)),
    Column(_("More"), lambda r: or_dash(timeline.detail(r))),
)


def _note_roles(rows: Sequence[Moment]) -> None:
    roles = [row.role_id for row in rows if row.kind == Kind.ROLE]
    scope.log_access([pk for pk in roles if pk], "admin: timeline", kind="partners.role")


def _of_person(row: Citizen, asked: TableQuery) -> object:
    scope.log_access([row.pk], "admin: timeline")
    return cards.seen(cards.moments_of(row))


OF_PERSON = PageTable(
    "citizen_timeline",
    _("Timeline of a person"),
    MOMENTS,
    _of_person,
    _page("contacts_citizen_timeline"),
    Citizen,
    note=_note_roles,
    most=MOST_MOMENTS,
)
OF_ORGANISATION = PageTable(
    "organisation_timeline",
    _("Timeline of an organisation"),
    MOMENTS,
    lambda row, asked: cards.seen(cards.moments_of(row)),
    _page("partners_organisation_timeline"),
    Organisation,
    note=_note_roles,
    most=MOST_MOMENTS,
)

provide(
    CALLS, TASKS, PROGRAMME, ORDER, RECIPIENTS, OPEN, TO_ENTER, VISITS, ON_LIST, OF_PERSON, OF_ORGANISATION
)  # fmt: skip
