"""The library of words as files of the reference data."""

from __future__ import annotations

from backend.letters.models import FormOfAddress, LetterTemplate, Phrase
from backend.organization.reference_sheets import CODE, SOURCED, Column, Sheet, day, whole_or_usual, words

_DAYS = (Column("valid_from", day, required=True), Column("valid_to", day))

SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "letter_phrases.csv",
        Phrase,
        (
            CODE,
            Column("part", required=True),
            Column("kinds", words),
            Column("closing"),
            Column("text", required=True),
            Column("position", whole_or_usual),
            Column("category", refers_to="categories.csv"),
            Column("department", refers_to="departments.csv"),
            *_DAYS,
            *SOURCED,
        ),
    ),
    Sheet(
        "letter_templates.csv",
        LetterTemplate,
        (
            CODE,
            Column("name", required=True),
            Column("kind", required=True),
            Column("subject"),
            Column("body", required=True),
            Column("closing"),
            *SOURCED,
        ),
    ),
    Sheet(
        "letter_forms_of_address.csv",
        FormOfAddress,
        (
            CODE,
            Column("office", required=True),
            Column("salutation", required=True),
            Column("kinds", words),
            *_DAYS,
            *SOURCED,
        ),
    ),
)
