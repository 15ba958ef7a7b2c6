"""The function of the database that finds what is alike: it reads indexes whose operators are not leakproof, and
checks the policy's own condition on each row that it reads (ADR 0023)."""

from __future__ import annotations

from backend.complaints.choices import Kind, Status
from backend.places.choices import APPROXIMATE
from backend.similarity.statement import Source, function
from permissions.complaints.policies import COMPLAINT

CASES = "complaints_complaint"
JOINABLE = f"""
    closed_at IS NULL AND status <> '{Status.REPLIED}' AND NOT identity_hidden
    AND kind IN ('{Kind.COMPLAINT}', '{Kind.REQUEST}')
    AND category_id IN (SELECT id FROM organization_category WHERE others_may_join)
"""  # noqa: S608 - constants
"""`backend.submissions.affected.joinable` in SQL: what anybody may know of."""

ROUGHLY = "{0}.point_source IN (" + ", ".join(f"'{source}'" for source in APPROXIMATE) + ")"
"""The middle of a street or a neighbourhood, at which nothing need be."""


def functions(tables: set[str]) -> list[str]:
    """The statement that makes the function, where there is the table of cases."""
    if CASES not in tables:
        return []
    whole, mine = (Source(CASES, seen, JOINABLE, ROUGHLY) for seen in ("true", COMPLAINT))
    return [function("app.similar_complaints", whole, mine)]
