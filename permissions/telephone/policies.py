"""The second wall of calls; see `permissions.policies`. Each is of who is called alone."""

from permissions.core.conditions import OWN, OWN_OR_THE_HOUSE

SECURED: dict[str, str] = {"telephone_call": OWN}
WITHHELD: dict[str, str] = {"telephone_call": OWN_OR_THE_HOUSE}
