"""The second wall of the journal; see `permissions.policies`."""

from permissions.core.conditions import ADMINISTERS, NEVER

SECURED: dict[str, str] = {
    "journal_auditlog": ADMINISTERS,
    "journal_accesslog": ADMINISTERS,
    "journal_changeevent": NEVER,
}
APPEND_ONLY = ("journal_auditlog", "journal_accesslog", "pghistory_context")
