"""The second wall of mailboxes; see `permissions.policies`. Who administers mailboxes and lines reads no message by
that."""

from backend.timeline.branches import KNOWN_CASE, KNOWN_REQUEST
from permissions.core.conditions import ADMINISTERS, MINE
from permissions.partners.policies import MEMBERSHIP

UNBOUND = "complaint_id IS NULL AND appointment_request_id IS NULL AND letter_id IS NULL AND organisation_id IS NULL"
KNOWS_THERE = f"o.departments && (select app.contact_departments())::bigint[] AND ({MEMBERSHIP})"
"""Of an organisation `o`: its people are known, so what they write is read."""


def of_letter(table: str, condition: str = "true") -> str:
    return f"EXISTS (SELECT FROM letters_letter l WHERE l.id = {table}.letter_id AND {condition})"


def of_organisation(table: str, condition: str = "true") -> str:
    return (
        f"EXISTS (SELECT FROM partners_organisation o WHERE o.id = {table}.organisation_id AND ({condition}))"
    )


def withheld(table: str, needs_no_person: str = "false") -> str:
    """For the office: nothing about a confidential letter that it does not read, and what the people of an association
    wrote only for who knows its members (KVKK m.6)."""
    known = f"{MEMBERSHIP} OR (select app.knows_memberships())"
    return (
        f"(letter_id IS NULL OR {of_letter(table)})"
        f" AND (organisation_id IS NULL OR {needs_no_person} OR {of_organisation(table, known)})"
    )


KNOWS_PERSONS = "cardinality((select app.contact_departments())) > 0"
MAIL = f"""
    (department_id = {MINE} AND {UNBOUND})
    OR EXISTS (SELECT FROM complaints_complaint c WHERE c.id = mailboxes_inboundmessage.complaint_id AND {KNOWN_CASE})
    OR EXISTS (SELECT FROM appointments_appointmentrequest r
        WHERE r.id = mailboxes_inboundmessage.appointment_request_id AND {KNOWN_REQUEST})
    OR {of_letter("mailboxes_inboundmessage", KNOWS_PERSONS)}
    OR {of_organisation("mailboxes_inboundmessage", KNOWS_THERE)}
"""
"""Its unit's until it is part of a matter; from then on of who sees that and may know its person, whom a mail names."""
OF_MAIL = "EXISTS (SELECT FROM mailboxes_inboundmessage m WHERE m.id = mailboxes_inboundfile.mail_id)"
WRITTEN = f"""
    EXISTS (SELECT FROM appointments_appointmentrequest r
        WHERE r.id = mailboxes_writtenmessage.appointment_request_id)
    OR {of_letter("mailboxes_writtenmessage", f"(is_note OR {KNOWS_PERSONS})")}
    OR {of_organisation("mailboxes_writtenmessage", f"is_note OR {KNOWS_THERE}")}
"""
"""An internal note is seen by who sees its matter; what was written to a person, by who may know people there."""
OF_WRITTEN = "EXISTS (SELECT FROM mailboxes_writtenmessage w WHERE w.id = mailboxes_writtenfile.written_id)"

SECURED: dict[str, str] = {
    "mailboxes_mailbox": f"department_id = {MINE} OR {ADMINISTERS}",
    "mailboxes_messageline": f"department_id = {MINE} OR {ADMINISTERS}",
    "mailboxes_inboundmessage": MAIL,
    "mailboxes_inboundfile": OF_MAIL,
    "mailboxes_writtenmessage": WRITTEN,
    "mailboxes_writtenfile": OF_WRITTEN,
}
WITHHELD: dict[str, str] = {
    "mailboxes_inboundmessage": withheld("mailboxes_inboundmessage"),
    "mailboxes_inboundfile": OF_MAIL,
    "mailboxes_writtenmessage": withheld("mailboxes_writtenmessage", "is_note"),
    "mailboxes_writtenfile": OF_WRITTEN,
}
