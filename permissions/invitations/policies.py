"""The second wall of invitations; see `permissions.policies`."""

from permissions.core.conditions import KEPT, OPEN_ENTRY

INVITATION = f"principal_id = {KEPT} AND ({OPEN_ENTRY})"


def of_invitation(table: str) -> str:
    """Visible exactly when its invitation is."""
    return f"EXISTS (SELECT FROM invitations_invitation i WHERE i.id = {table}.invitation_id)"


OF_INVITATION = (
    "invitations_invitationline",
    "invitations_invitationnotice",
    "invitations_invitationattachment",
    "invitations_giftorder",
)

OF_ROWS = {table: of_invitation(table) for table in OF_INVITATION}
SECURED: dict[str, str] = {"invitations_invitation": INVITATION, **OF_ROWS}
WITHHELD: dict[str, str] = {"invitations_invitation": OPEN_ENTRY, **OF_ROWS}
APPEND_ONLY = ("invitations_invitationline",)
