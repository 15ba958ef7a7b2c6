"""The second wall of mails; see `permissions.policies`."""

from permissions.core.conditions import NEVER

SECURED: dict[str, str] = {"outbox_message": NEVER}
