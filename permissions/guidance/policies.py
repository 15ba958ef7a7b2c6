"""The second wall of pins and first steps; see `permissions.policies`."""

from permissions.core.conditions import OWN

SECURED: dict[str, str] = {"guidance_pin": OWN, "guidance_firststep": OWN}
WITHHELD: dict[str, str] = dict(SECURED)
