"""The second wall of agreements; see `permissions.policies`."""

from permissions.core.conditions import MINE

AGREEMENT = f"department_id = {MINE} OR departments && (select app.departments())::bigint[]"
OF_AGREEMENT = (
    "agreements_agreementparty",
    "agreements_obligation",
    "agreements_agreementline",
    "agreements_agreementattachment",
)


def of_agreement(table: str) -> str:
    """Visible exactly when its agreement is."""
    return f"EXISTS (SELECT FROM agreements_agreement a WHERE a.id = {table}.agreement_id)"


SECURED: dict[str, str] = {
    "agreements_agreement": AGREEMENT,
    **{table: of_agreement(table) for table in OF_AGREEMENT},
}
APPEND_ONLY = ("agreements_agreementline",)
