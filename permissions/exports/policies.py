"""The second wall of exports; see `permissions.policies`."""

from permissions.core.conditions import OWN, OWN_OR_THE_HOUSE

SECURED: dict[str, str] = {"exports_export": OWN}
WITHHELD: dict[str, str] = {"exports_export": OWN_OR_THE_HOUSE}
