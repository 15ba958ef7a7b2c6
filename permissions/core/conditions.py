"""The pieces that policies are made of, read once a statement."""

MINE = "any ((select app.departments())::bigint[])"
MY_CONTACTS = "any ((select app.contact_departments())::bigint[])"
KEPT = "any ((select app.kept_programmes())::bigint[])"
OWN = "user_id = (select app.user_id())"
OWN_OR_THE_HOUSE = f"{OWN} OR (select app.is_system())"
"""For the office's role: a person's own, or all for the house itself, which has no asker: its worker and its night."""
NEVER = "false"
ADMINISTERS = "(select app.administers())"
NAMED = "(select app.person_id()) = any (readers)"

OPEN_ENTRY = "entry_id IS NULL OR app.entry_is_open(entry_id)"
"""An invitation or a promise whose entry was made confidential is for those who read the entry, on every role."""
