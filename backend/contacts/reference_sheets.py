"""The privacy notices as a file of the reference data: new versions are added, none is ever changed."""

from __future__ import annotations

from backend.contacts.models import PrivacyNotice
from backend.organization.reference_sheets import CODE, SOURCED, Column, Sheet, day, whole_or_usual

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "privacy_notices.csv",
        PrivacyNotice,
        (
            CODE,
            Column("purpose", required=True),
            Column("language", required=True),
            Column("version", whole_or_usual, required=True),
            Column("valid_from", day, required=True),
            *SOURCED,
            Column("text", required=True),
        ),
    ),
)
