"""The second wall of calendar feeds and reminders; see `permissions.policies`."""

from permissions.core.conditions import OWN

SECURED: dict[str, str] = {"calendars_feed": OWN, "calendars_reminderchoice": OWN}
WITHHELD = SECURED
