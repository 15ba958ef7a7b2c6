"""The second wall of instructions; see `permissions.policies`."""

from permissions.core.conditions import KEPT, MINE

ADDRESSED = f"""
    department_id = {MINE} OR collaborators && (select app.departments())::bigint[]
    OR person_id = (select app.person_id()) OR (select app.person_id()) = any (readers)
"""


OPEN_INSTRUCTION = f"NOT is_confidential OR {ADDRESSED}"
"""A confidential instruction is its named readers' and of whom it is addressed to, on every role."""


INSTRUCTION = f"{ADDRESSED} OR (NOT is_confidential AND principal_id = {KEPT})"


def of_instruction(table: str) -> str:
    """Visible exactly when its instruction is."""
    return f"EXISTS (SELECT FROM instructions_instruction i WHERE i.id = {table}.instruction_id)"


OF_INSTRUCTION = (
    "instructions_instructionline",
    "instructions_instructionattachment",
    "instructions_collaboration",
    "instructions_instructionreader",
)

OF_ROWS = {table: of_instruction(table) for table in OF_INSTRUCTION}
DICTATION = f"principal_id = {KEPT}"
SECURED: dict[str, str] = {
    "instructions_instruction": INSTRUCTION,
    "instructions_dictation": DICTATION,
    **OF_ROWS,
}
WITHHELD: dict[str, str] = {"instructions_instruction": OPEN_INSTRUCTION, **OF_ROWS}
APPEND_ONLY = ("instructions_instructionline",)
