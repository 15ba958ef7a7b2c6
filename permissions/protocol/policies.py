"""The second wall of protocol; see `permissions.policies`."""

from permissions.core.conditions import NEVER

SECURED: dict[str, str] = {
    "protocol_holding": NEVER,
    "protocol_snapshot": NEVER,
    "protocol_snapshotline": NEVER,
}
