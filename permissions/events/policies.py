"""The second wall of events and their guests; see `permissions.policies`."""

from permissions.core.conditions import KEPT, MINE
from permissions.partners.policies import of_organisation

NAMED_TEAM = "(select app.person_id()) = any (team)"
EVENT_INSIDE = f"principal_id = {KEPT} OR {NAMED_TEAM}"
"""Viewers of an event with its guests: keepers of the programme, and its team."""
EVENT_TASKED = f"{EVENT_INSIDE} OR departments && (select app.departments())::bigint[]"
EVENT_PRESS = (
    "status = any ('{ANNOUNCED,HELD,CLOSED}')"  # an IN would come back from a backup in other words
    " AND principal_id = any ((select app.press_programmes())::bigint[])"
)
EVENT = f"{EVENT_TASKED} OR ({EVENT_PRESS})"


def at_event(table: str, condition: str = "true") -> str:
    """Visible when its event is, under its own policy, and meets the condition."""
    return f"EXISTS (SELECT FROM events_event e WHERE e.id = {table}.event_id AND ({condition}))"


def of_guest(table: str) -> str:
    """Visible exactly when its guest is."""
    return f"EXISTS (SELECT FROM events_guest g WHERE g.id = {table}.guest_id)"


SECURED: dict[str, str] = {
    "events_event": EVENT,
    **{
        table: at_event(table)
        for table in ("events_eventpart", "events_agendaitem", "events_eventattachment")
    },
    "events_eventtask": (
        f"{at_event('events_eventtask', EVENT_INSIDE)} OR department_id = {MINE}"
        " OR person_id = (select app.person_id())"
    ),
    **{
        table: at_event(table, EVENT_INSIDE)
        for table in ("events_teammember", "events_eventline", "events_guestgroup", "events_guest")
    },
    "events_eventpartner": (
        f"{at_event('events_eventpartner')} AND {of_organisation('events_eventpartner')}"
    ),
    "events_picturepermission": at_event("events_picturepermission", f"principal_id = {KEPT}"),
    "events_eventnote": (
        f"{at_event('events_eventnote', f'principal_id = {KEPT}')}"
        f" OR (audience = 'ORGANISER' AND {at_event('events_eventnote', EVENT_TASKED)})"
        f" OR (audience = 'PRESS' AND {at_event('events_eventnote', f'({EVENT_PRESS}) OR {NAMED_TEAM}')})"
    ),
    **{table: of_guest(table) for table in ("events_guestorigin", "events_guestline", "events_arrival")},
}

APPEND_ONLY = ("events_eventline", "events_guestline")
