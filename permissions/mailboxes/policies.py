"""The second wall of mailboxes; see `permissions.policies`. Who administers mailboxes reads no mail by that."""

from permissions.core.conditions import ADMINISTERS, MINE

MAIL = f"department_id = {MINE}"
OF_MAIL = "EXISTS (SELECT FROM mailboxes_inboundmail m WHERE m.id = mailboxes_inboundfile.mail_id)"

SECURED: dict[str, str] = {
    "mailboxes_mailbox": f"department_id = {MINE} OR {ADMINISTERS}",
    "mailboxes_inboundmail": MAIL,
    "mailboxes_inboundfile": OF_MAIL,
}
