"""The second wall of citizens; see `permissions.policies`."""

from permissions.core import lookups
from permissions.core.conditions import NEVER

CITIZEN = f"""
    {lookups.CITIZEN_OF_CASE} OR {lookups.CITIZEN_OF_REQUEST}
    OR EXISTS (SELECT FROM events_guest g WHERE g.person_id = contacts_citizen.id)
    OR EXISTS (SELECT FROM partners_role r WHERE r.person_id = contacts_citizen.id)
"""

SECURED: dict[str, str] = {"contacts_citizen": CITIZEN, "contacts_citizenevent": NEVER}
APPEND_ONLY = ("contacts_citizenevent",)
