"""The second wall of mailboxes; see `permissions.policies`. Who administers mailboxes and lines reads no message by
that."""

from backend.timeline.branches import KNOWN_CASE, KNOWN_REQUEST
from permissions.core.conditions import ADMINISTERS, MINE

UNBOUND = "complaint_id IS NULL AND appointment_request_id IS NULL AND letter_id IS NULL"
MAIL = f"""
    (department_id = {MINE} AND {UNBOUND})
    OR EXISTS (SELECT FROM complaints_complaint c WHERE c.id = mailboxes_inboundmessage.complaint_id AND {KNOWN_CASE})
    OR EXISTS (SELECT FROM appointments_appointmentrequest r
        WHERE r.id = mailboxes_inboundmessage.appointment_request_id AND {KNOWN_REQUEST})
    OR cardinality((select app.contact_departments())) > 0
        AND EXISTS (SELECT FROM letters_letter l WHERE l.id = mailboxes_inboundmessage.letter_id)
"""
"""Its unit's until it is part of a matter; from then on of who sees that and may know its person, whom a mail names."""
OF_MAIL = "EXISTS (SELECT FROM mailboxes_inboundmessage m WHERE m.id = mailboxes_inboundfile.mail_id)"

SECURED: dict[str, str] = {
    "mailboxes_mailbox": f"department_id = {MINE} OR {ADMINISTERS}",
    "mailboxes_messageline": f"department_id = {MINE} OR {ADMINISTERS}",
    "mailboxes_inboundmessage": MAIL,
    "mailboxes_inboundfile": OF_MAIL,
}
