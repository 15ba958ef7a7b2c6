"""The second wall of routing rules; see `permissions.policies`."""

from permissions.core.conditions import ADMINISTERS, NEVER

SECURED: dict[str, str] = {
    "routing_routingrule": ADMINISTERS,
    "routing_ruletrial": ADMINISTERS,
    "routing_routingruleevent": NEVER,
}
APPEND_ONLY = ("routing_routingruleevent",)
