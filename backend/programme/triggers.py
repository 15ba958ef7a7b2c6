"""Triggers of an entry: its time with buffers, its arrays of people."""

from __future__ import annotations

import pgtrigger

from backend.core.triggers import denormalised_array

BLOCKS = pgtrigger.Trigger(
    name="blocks",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func="""
        NEW.blocks_from := NEW.starts_at
            - (NEW.preparation_minutes + NEW.travel_minutes) * interval '1 minute';
        NEW.blocks_until := NEW.ends_at + NEW.follow_up_minutes * interval '1 minute';
        RETURN NEW;
    """,
)
"""Trigger that computes the time with buffers, for every writer of the row."""


def kept_people(column: str, table: str) -> pgtrigger.Trigger:
    """Keeps an array of an entry what the rows of people say: visibility reads it in one look."""
    return denormalised_array(column, table, of="programme_entry", by="entry_id")
