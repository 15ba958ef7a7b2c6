"""The second wall of meetings and visits; see `permissions.policies`."""

from permissions.core.conditions import KEPT, MINE, OPEN_ENTRY

ENGAGEMENT = f"""
    ({OPEN_ENTRY}) AND (principal_id = {KEPT} OR department_id = {MINE} OR (select app.person_id()) = any (staff))
"""


def of_engagement(table: str) -> str:
    """Visible exactly when its engagement is."""
    return f"EXISTS (SELECT FROM engagements_engagement e WHERE e.id = {table}.engagement_id)"


ROLE_ATTENDS = (
    "role_id IS NULL OR EXISTS (SELECT FROM partners_role r WHERE r.id = engagements_attendee.role_id)"
)
OF_ENGAGEMENT = (
    "engagements_agendaitem",
    "engagements_decision",
    "engagements_engagementline",
    "engagements_engagementattachment",
)

OF_ROWS = {
    "engagements_attendee": f"({ROLE_ATTENDS}) AND {of_engagement('engagements_attendee')}",
    **{table: of_engagement(table) for table in OF_ENGAGEMENT},
}
SECURED: dict[str, str] = {"engagements_engagement": ENGAGEMENT, **OF_ROWS}
WITHHELD: dict[str, str] = {"engagements_engagement": OPEN_ENTRY, **OF_ROWS}
APPEND_ONLY = ("engagements_engagementline",)
