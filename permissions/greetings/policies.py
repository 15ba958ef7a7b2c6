"""The second wall of greetings; see `permissions.policies`."""

from permissions.core.conditions import NEVER

OF_GREETINGS = (
    "greetings_occasion",
    "greetings_batch",
    "greetings_batchline",
    "greetings_recipient",
    "greetings_printrun",
    "greetings_keptday",
    "greetings_preference",
    "contacts_bereavement",
)
"""Greetings are the private office's alone."""

GREETED_IN_A_ROLE = (
    "role_id IS NULL OR EXISTS (SELECT FROM partners_role r WHERE r.id = greetings_recipient.role_id)"
)

SECURED: dict[str, str] = dict.fromkeys(OF_GREETINGS, NEVER)
WITHHELD: dict[str, str] = {
    "greetings_recipient": GREETED_IN_A_ROLE,
    "greetings_printrun": "NOT names_members OR (select app.knows_memberships())",
}
