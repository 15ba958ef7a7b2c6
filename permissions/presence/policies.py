"""The second wall of presence; see `permissions.policies`."""

SECURED: dict[str, str] = {
    "presence_presence": "EXISTS (SELECT FROM complaints_complaint c WHERE c.id = presence_presence.complaint_id)"
}
