"""The second wall of who sits where; see `permissions.policies`."""

from permissions.events.policies import EVENT_INSIDE, at_event


def of_plan(table: str) -> str:
    """Visible exactly when its seating plan is."""
    return f"EXISTS (SELECT FROM seating_seatingplan p WHERE p.id = {table}.plan_id)"


SECURED: dict[str, str] = {
    "seating_seatingplan": at_event("seating_seatingplan", EVENT_INSIDE),
    **{table: of_plan(table) for table in ("seating_planrow", "seating_planseat")},
}
