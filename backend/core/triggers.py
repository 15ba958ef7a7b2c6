"""Triggers shared by several tables."""

from __future__ import annotations

import pgtrigger


def denormalised_array(
    column: str, table: str, *, of: str, by: str, value: str = "user_id"
) -> pgtrigger.Trigger:
    """On `table`: keeps the array `column` of the owner's table `of` what the rows that name it in `by` say, so that
    visibility reads it in one look. All five are constants of the code."""
    return pgtrigger.Trigger(
        name=column,
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            UPDATE {of} SET {column} = coalesce(
                (SELECT array_agg(p.{value} ORDER BY p.{value}) FROM {table} p
                  WHERE p.{by} = coalesce(NEW.{by}, OLD.{by}) AND p.{value} IS NOT NULL), '{{}}')
            WHERE id = coalesce(NEW.{by}, OLD.{by});
            RETURN NULL;
        """,  # noqa: S608
    )
