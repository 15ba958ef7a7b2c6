"""The second wall of grants and of saved filters; see `permissions.policies`."""

from permissions.core.conditions import ADMINISTERS, NEVER, OWN

HISTORY = (
    "organization_departmentevent",
    "permissions_departmentgrantevent",
    "permissions_principalgrantevent",
)

SECURED: dict[str, str] = {
    "permissions_departmentgrant": f"{OWN} OR {ADMINISTERS}",
    "permissions_principalgrant": f"{OWN} OR {ADMINISTERS}",
    "permissions_complaintgrant": OWN,
    "organization_savedfilter": OWN,
    "organization_directoryrule": ADMINISTERS,
    "organization_directoryperson": f"{OWN} OR {ADMINISTERS}",
    "organization_directoryreading": ADMINISTERS,
    **dict.fromkeys(HISTORY, NEVER),
}
WITHHELD: dict[str, str] = {"organization_savedfilter": OWN}
APPEND_ONLY = HISTORY
