"""The second wall of the programme; see `permissions.policies`."""

from permissions.core.conditions import MINE, NAMED

OPEN_OR_NAMED = f"NOT is_confidential OR {NAMED}"
"""A confidential entry is its named readers', on every role: the office's too."""

ENTRY = f"""
    ({OPEN_OR_NAMED})
    AND (principal_id = any ((select app.programmes())::bigint[]) OR {NAMED}
         OR (select app.person_id()) = any (staff))
"""


def of_entry(table: str) -> str:
    """Visible exactly when its entry is: the inner query is under the entry's own policy."""
    return f"EXISTS (SELECT FROM programme_entry e WHERE e.id = {table}.entry_id)"


def briefed(table: str) -> str:
    """Condition: the viewer sees the entry other than as a participant."""
    return (
        f"EXISTS (SELECT FROM programme_entry e WHERE e.id = {table}.entry_id"
        " AND (e.principal_id = any ((select app.programmes())::bigint[])"
        " OR (e.is_confidential AND (select app.person_id()) = any (e.readers))))"
    )


PEOPLE_OF_ENTRY = ("programme_participant", "programme_namedreader", "programme_entryline")

SECURED: dict[str, str] = {
    "programme_entry": ENTRY,
    **{table: of_entry(table) for table in PEOPLE_OF_ENTRY},
    "programme_preparation": briefed("programme_preparation"),
    "programme_departmentnote": (
        f"(NOT is_withheld AND department_id = {MINE}) OR {briefed('programme_departmentnote')}"
    ),
    "programme_pressitem": (
        f"principal_id = any ((select app.press_programmes())::bigint[]) OR {of_entry('programme_pressitem')}"
    ),
}
WITHHELD: dict[str, str] = {
    "programme_entry": OPEN_OR_NAMED,
    **{
        table: of_entry(table)
        for table in (*PEOPLE_OF_ENTRY, "programme_preparation", "programme_departmentnote")
    },
}
APPEND_ONLY = ("programme_entryline",)
