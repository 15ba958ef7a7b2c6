"""Triggers that maintain copies of columns, which save a list from joining or from reading everything."""

from __future__ import annotations

import pgtrigger

from backend.complaints.choices import RoutingRole
from backend.complaints.reporting.statements import LINKS, READ

_TOGETHER = pgtrigger.Q(new__role=RoutingRole.COLLABORATING)

COLLABORATORS = pgtrigger.Trigger(
    name="collaborators",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("department_id", "role", "ended_at"),
    condition=_TOGETHER,
    func="""
        UPDATE complaints_complaint SET collaborators = coalesce(
            (SELECT array_agg(r.department_id ORDER BY r.department_id) FROM complaints_routing r
              WHERE r.complaint_id = NEW.complaint_id AND r.role = 'COLLABORATING' AND r.ended_at IS NULL), '{}')
        WHERE id = NEW.complaint_id;
        RETURN NULL;
    """,
)
"""Keeps `Complaint.collaborators` what the live routings say: visibility reads it in one look."""

COPIES_OF_THE_CASE = pgtrigger.Trigger(
    name="copies_of_the_case",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("role", "ended_at"),
    condition=_TOGETHER,
    func="""
        SELECT c.target_on, c.rises_on, c.registered_at, c.closed_at IS NULL
          INTO NEW.case_target_on, NEW.case_rises_on, NEW.case_registered_at, NEW.case_is_open
          FROM complaints_complaint c WHERE c.id = NEW.complaint_id;
        RETURN NEW;
    """,
)
COPIES_IN_COLLABORATIONS = pgtrigger.Trigger(
    name="copies_in_collaborations",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("target_on", "registered_at", "closed_at", "priority", "danger"),
    condition=pgtrigger.Condition(
        "NEW.collaborators <> '{}' AND (OLD.target_on, OLD.rises_on, OLD.registered_at, OLD.closed_at IS NULL)"
        " IS DISTINCT FROM (NEW.target_on, NEW.rises_on, NEW.registered_at, NEW.closed_at IS NULL)"
    ),
    func="""
        UPDATE complaints_routing
           SET case_target_on = NEW.target_on, case_rises_on = NEW.rises_on, case_registered_at = NEW.registered_at,
               case_is_open = NEW.closed_at IS NULL
         WHERE complaint_id = NEW.id AND role = 'COLLABORATING';
        RETURN NULL;
    """,
)
"""Both keep `Routing.case_…` what the case says."""

LOST_TELLS = pgtrigger.Trigger(
    name="notify_loss",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("responsible_department_id", "collaborators"),
    func="""
        INSERT INTO journal_changeevent (kind, subject_id, lost_by)
        SELECT 'complaint', NEW.id, lost.by FROM (SELECT array(
            SELECT had.id FROM unnest(OLD.collaborators || OLD.responsible_department_id) AS had (id)
             WHERE had.id IS NOT NULL EXCEPT
            SELECT has.id FROM unnest(NEW.collaborators || NEW.responsible_department_id) AS has (id)) AS by) AS lost
         WHERE lost.by <> '{}';
        RETURN NULL;
    """,
)
"""Record which departments lost the case, so that their subscribers are notified of the removal."""

_COUNTED = (*(f"{link}_id" for link in LINKS), *READ)
_OLD, _NEW = (", ".join(f"{row}.{column}" for column in _COUNTED) for row in ("OLD", "NEW"))

CHANGES_FIGURES = pgtrigger.Trigger(
    name="changes_figures",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition(f"ROW({_OLD}) IS DISTINCT FROM ROW({_NEW})"),
    func="""
        INSERT INTO complaints_reportchange (complaint_id, department_id)
        SELECT DISTINCT NEW.id, had.id
          FROM unnest(ARRAY[OLD.responsible_department_id, NEW.responsible_department_id]) AS had (id);
        RETURN NULL;
    """,
)
ADDS_TO_FIGURES = pgtrigger.Trigger(
    name="adds_to_figures",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    func="""
        INSERT INTO complaints_reportchange (complaint_id, department_id)
        VALUES (NEW.id, NEW.responsible_department_id);
        RETURN NULL;
    """,
)
LEAVES_FIGURES = pgtrigger.Trigger(
    name="leaves_figures",
    when=pgtrigger.After,
    operation=pgtrigger.Delete,
    func="""
        INSERT INTO complaints_reportchange (complaint_id, department_id)
        VALUES (OLD.id, OLD.responsible_department_id);
        RETURN NULL;
    """,
)
"""A line of what changed, which no other change waits for; `reporting.keeping` sums it up later."""

_OF_MAP = (
    "longitude",
    "latitude",
    "responsible_department_id",
    "collaborators",
    "closed_at",
    "status",
    "target_on",
    "regime",
    "waiting_since",
    "deadline_inputs",
    "priority",
    "danger",
)
"""What the map counts a case by."""


def _counted_on_map(row: str, sign: int) -> str:
    """Count a case in its cell of the map, or take it out again: a line of its own, which no other change waits for."""
    return f"""
        INSERT INTO map_keptcell (departments, x, y, is_closed, is_urgent, target_on,
                                  cases, longitudes, latitudes)
        SELECT {on_map(row)},
               {sign}, {sign} * ({row}.longitude * 1e7)::bigint, {sign} * ({row}.latitude * 1e7)::bigint
         WHERE {row}.longitude IS NOT NULL AND {row}.latitude IS NOT NULL;"""


def on_map(row: str) -> str:
    """Return the columns by which cases are counted together (`backend.map.models.KeptCell`), of a row of the table."""
    stopped = f"""({row}.regime = 'SERVICE_REQUEST' AND {row}.waiting_since IS NOT NULL
                   AND {row}.target_on >= {row}.waiting_since) OR {row}.deadline_inputs ? 'payment_due'"""
    departments = f"{row}.collaborators || {row}.responsible_department_id"
    return f"""ARRAY(SELECT DISTINCT had.id FROM unnest({departments}) AS had (id)
                      WHERE had.id IS NOT NULL ORDER BY had.id),
               floor({row}.longitude * 256)::integer, floor({row}.latitude * 256)::integer,
               {row}.closed_at IS NOT NULL,
               {row}.closed_at IS NULL AND ({row}.priority = 'URGENT' OR {row}.danger <> ''),
               CASE WHEN {row}.closed_at IS NULL AND {row}.status <> 'REPLIED' AND NOT ({stopped})
                    THEN {row}.target_on END"""  # noqa: S608 - constants


_BEFORE, _AFTER = (", ".join(f"{row}.{column}" for column in _OF_MAP) for row in ("OLD", "NEW"))

ADDS_TO_MAP = pgtrigger.Trigger(
    name="adds_to_map",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    condition=pgtrigger.Condition("NEW.longitude IS NOT NULL"),
    func=f"{_counted_on_map('NEW', 1)}\n        RETURN NULL;\n    ",
)
CHANGES_MAP = pgtrigger.Trigger(
    name="changes_map",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    condition=pgtrigger.Condition(f"ROW({_BEFORE}) IS DISTINCT FROM ROW({_AFTER})"),
    func=f"{_counted_on_map('OLD', -1)}{_counted_on_map('NEW', 1)}\n        RETURN NULL;\n    ",
)
LEAVES_MAP = pgtrigger.Trigger(
    name="leaves_map",
    when=pgtrigger.After,
    operation=pgtrigger.Delete,
    condition=pgtrigger.Condition("OLD.longitude IS NOT NULL"),
    func=f"{_counted_on_map('OLD', -1)}\n        RETURN NULL;\n    ",
)
"""Keep the numbers of the map's cells what the cases say, in the same transaction; `map.keeping` sums up at night."""
