"""The retention rules as a file of the reference data."""

from __future__ import annotations

from backend.organization.reference_sheets import CODE, SOURCED, Column, Sheet, whole_or_usual
from backend.retention.models import RetentionRule

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "retention_rules.csv",
        RetentionRule,
        (
            CODE,
            Column("kind", required=True),
            Column("regime"),
            Column("years", whole_or_usual, required=True),
            Column("method", required=True),
            *SOURCED,
        ),
    ),
)
