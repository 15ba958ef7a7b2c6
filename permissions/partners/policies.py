"""The second wall of partners; see `permissions.policies`."""

from permissions.core.conditions import MINE, NEVER

ORGANISATION = "departments && (select app.departments())::bigint[]"
MEMBERSHIP = "NOT o.is_membership OR o.departments && (select app.membership_departments())::bigint[]"


def role_where(condition: str) -> str:
    """Of a role, by its organisation. Who has one at an association or a union is seen by fewer (KVKK m.6)."""
    return (
        "EXISTS (SELECT FROM partners_organisation o WHERE o.id = partners_role.organisation_id"
        f" AND ({condition}))"
    )


def of_organisation(table: str) -> str:
    """Visible exactly when its organisation is."""
    return f"EXISTS (SELECT FROM partners_organisation o WHERE o.id = {table}.organisation_id)"


ON_LIST = "EXISTS (SELECT FROM partners_contactlist l WHERE l.id = partners_listmember.contact_list_id)"
ROLE_ON_LIST = (
    "role_id IS NULL OR EXISTS (SELECT FROM partners_role r WHERE r.id = partners_listmember.role_id)"
)
"""Membership of a list does not make a row visible: organisations and roles follow their own rules, persons need
the right to see every citizen."""

OF_ORGANISATION = ("partners_liaison", "partners_organisationline")

SECURED: dict[str, str] = {
    "partners_organisation": ORGANISATION,
    **{table: of_organisation(table) for table in OF_ORGANISATION},
    "partners_role": role_where(
        f"o.departments && (select app.contact_departments())::bigint[] AND ({MEMBERSHIP})"
    ),
    "partners_contactlist": f"department_id = {MINE}",
    "partners_listmember": (
        f"person_id IS NULL AND ({ROLE_ON_LIST}) AND {ON_LIST} AND (organisation_id IS NULL OR EXISTS"
        " (SELECT FROM partners_organisation o WHERE o.id = partners_listmember.organisation_id))"
    ),
    "partners_roleevent": NEVER,
}

WITHHELD: dict[str, str] = {
    "partners_role": role_where(f"{MEMBERSHIP} OR (select app.knows_memberships())"),
    "partners_listmember": ROLE_ON_LIST,
}

APPEND_ONLY = (
    "partners_organisationline",
    "partners_roleevent",
)
