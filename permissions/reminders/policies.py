"""The second wall of reminders; see `permissions.policies`. The house sends them, and removes old ones."""

from permissions.core.conditions import OWN

OF_A_SEEN_CASE = f"""
    {OWN} AND EXISTS (SELECT FROM complaints_complaint c WHERE c.id = reminders_reminder.complaint_id)
"""
SECURED: dict[str, str] = {"reminders_reminder": OF_A_SEEN_CASE}
WITHHELD: dict[str, str] = {"reminders_reminder": f"{OF_A_SEEN_CASE} OR (select app.is_system())"}
