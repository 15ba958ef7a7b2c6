"""Triggers that write the change feed, whichever code changes a row."""

from __future__ import annotations

import pgtrigger

NEWS = "1 hour"
"""Story lines that are older than this when written come from an import and are not announced."""


def notify_trigger(kind: str, subject: str, *, verb: str = "verb", at: str = "at") -> pgtrigger.Trigger:
    """On a table of story lines: every line says that something happened to the row it names in `subject`, with the
    line's verb. One statement writes them all, however many lines there are. All are constants of the code."""
    return pgtrigger.Trigger(
        name="notify_line",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="fresh"),
        func=f"""
            INSERT INTO journal_changeevent (kind, subject_id, verb)
            SELECT '{kind}', {subject}, {verb} FROM fresh WHERE {at} > now() - interval '{NEWS}';
            RETURN NULL;
        """,  # noqa: S608
    )


def notify_change_trigger(kind: str, subject: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """On a table: each row written says that something happened to the row it names in `subject`, or named before."""
    return pgtrigger.Trigger(
        name="notify_change",
        when=pgtrigger.After,
        operation=operation,
        func=f"""
            INSERT INTO journal_changeevent (kind, subject_id)
            SELECT DISTINCT '{kind}', told FROM unnest(ARRAY[OLD.{subject}, NEW.{subject}]) AS told
             WHERE told IS NOT NULL;
            RETURN NULL;
        """,  # noqa: S608
    )
