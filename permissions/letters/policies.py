"""The second wall of letters; see `permissions.policies`."""

from permissions.core.conditions import NAMED

OF_LETTER = (
    "letters_addressee",
    "letters_letterreference",
    "letters_annex",
    "letters_step",
    "letters_letterline",
    "letters_letterattachment",
)

OPEN_LETTER = f"confidentiality = 'NONE' OR {NAMED}"
TURN = (
    "turn_of_id = (select app.person_id()) OR turn_of_id IN (SELECT s.person_id FROM letters_substitution s"
    " WHERE s.substitute_id = (select app.person_id())"
    " AND (select app.today()) BETWEEN s.valid_from AND s.valid_until)"
    " OR turn_of_id IN (SELECT p.person_id FROM programme_standin v"
    " JOIN programme_principal p ON p.id = v.principal_id AND p.office = 'MAYOR'"
    " JOIN programme_principal d ON d.id = v.deputy_id AND d.person_id = (select app.person_id())"
    " WHERE (select app.today()) BETWEEN v.valid_from AND v.valid_until)"
)
LETTER = f"""
    (departments && (select app.departments())::bigint[] AND ({OPEN_LETTER})) OR {NAMED} OR {TURN}
"""
"""What a department wrote or is addressed in; a confidential one is its readers', and whose turn it is."""


def of_letter(table: str) -> str:
    """Visible exactly when its letter is."""
    return f"EXISTS (SELECT FROM letters_letter l WHERE l.id = {table}.letter_id)"


OF_LETTERS = {table: of_letter(table) for table in OF_LETTER}
SECURED: dict[str, str] = {"letters_letter": LETTER, **OF_LETTERS}
WITHHELD: dict[str, str] = {"letters_letter": f"{OPEN_LETTER} OR {TURN}", **OF_LETTERS}
APPEND_ONLY = ("letters_letterline",)
