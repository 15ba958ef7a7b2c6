"""What the database writes into the journal of happenings, whoever changes a row: nobody can forget to tell."""

from __future__ import annotations

import pgtrigger

NEWS = "1 hour"
"""A line of the story that is older when it is written was brought in from elsewhere: nobody waits for it."""


def line_tells(kind: str, subject: str) -> pgtrigger.Trigger:
    """On a table of story lines: every line says that something happened to the row it names in `subject`, with the
    line's verb. One statement writes them all, however many lines there are. Both are constants of the code."""
    return pgtrigger.Trigger(
        name="line_tells",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="fresh"),
        func=f"""
            INSERT INTO journal_happening (kind, subject_id, verb)
            SELECT '{kind}', {subject}, verb FROM fresh WHERE at > now() - interval '{NEWS}';
            RETURN NULL;
        """,  # noqa: S608
    )


def change_tells(kind: str, subject: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """On a table: each row written says that something happened to the row it names in `subject`, or named before."""
    return pgtrigger.Trigger(
        name="change_tells",
        when=pgtrigger.After,
        operation=operation,
        func=f"""
            INSERT INTO journal_happening (kind, subject_id)
            SELECT DISTINCT '{kind}', told FROM unnest(ARRAY[OLD.{subject}, NEW.{subject}]) AS told
             WHERE told IS NOT NULL;
            RETURN NULL;
        """,  # noqa: S608
    )
