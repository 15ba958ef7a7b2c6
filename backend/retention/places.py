# ruff: noqa: S608 - everything here is constants of this file
"""Places of personal data in the database, and how each is erased: the one list of them.

The database executes it (`app.forget`, generated from this list), since confidential parts are hidden from every
role, and histories and stories are append-only for all others. What must not be erased is in `RETAINED`.
"""

from __future__ import annotations

from dataclasses import dataclass

GONE = "Anonimleştirildi"
"""Replacement for required texts."""
MARK = "***"
"""What stands where a name, number or address was struck out of a text."""


@dataclass(frozen=True)
class Place:
    """Rows of a table (`where` refers to `ids`), and the columns to set; without any they are deleted. `files`:
    the rows are stored files, whose names are returned for deletion from the storage."""

    table: str
    where: str
    sets: str = ""
    files: bool = False

    def statement(self) -> str:
        if not self.sets:
            done = f"DELETE FROM {self.table} WHERE {self.where}"
            return f"RETURN QUERY {done} RETURNING file::text" if self.files else done
        if self.files:
            result = f"RETURN QUERY SELECT file::text FROM {self.table} WHERE {self.where} AND file <> ''"
            return f"{result};\n    UPDATE {self.table} SET {self.sets} WHERE {self.where}"
        return f"UPDATE {self.table} SET {self.sets} WHERE {self.where}"


@dataclass(frozen=True)
class Also:
    """All that a row of another kind holds is forgotten first."""

    kind: str
    keys: str

    def statement(self) -> str:
        return f"RETURN QUERY SELECT * FROM app.forget('{self.kind}', array({self.keys}))"


def _message(notice: str, where: str) -> Place:
    """The message of a notice; the address is a person's and so is the text."""
    of = f"id IN (SELECT message_id FROM {notice} WHERE {where})"
    return Place(
        "outbox_message",
        of,
        "address = '', subject = '', body = '', calendar = '', files = '[]', last_error = '', thread = '',"
        " provider_id = ''",
    )


def _story(table: str, where: str) -> Place:
    """Story lines keep verbs and dates, and lose notes and details."""
    return Place(table, where, "note = '', details = '{}'")


def _typed(table: str, of: str = "id") -> Place:
    """What people were typing on the page of a row and have not sent."""
    return Place("drafts_draft", f"about IN (SELECT key FROM {table} WHERE {of} = ANY (ids))")


WRITTEN_TO = """organisation_id IS NOT NULL
    AND (role_id IN (SELECT id FROM partners_role WHERE person_id = ANY (ids))
         OR EXISTS (SELECT FROM contacts_citizen c WHERE c.id = ANY (ids) AND mailboxes_writtenmessage.address <> ''
                       AND lower(mailboxes_writtenmessage.address) IN (lower(c.email), c.phone)))"""
"""What was written to a person at an organisation, by the role or by the address."""


def _written(where: str) -> tuple[Place, Place]:
    """Messages and notes, and their files; that something was written stays."""
    of = f"written_id IN (SELECT id FROM mailboxes_writtenmessage WHERE {where})"
    emptied = f"subject = '', body = '{GONE}', address = ''"
    return Place("mailboxes_writtenfile", of, files=True), Place("mailboxes_writtenmessage", where, emptied)


def _mails(where: str) -> tuple[Place, Place]:
    """Mails that came in, and the files of them: what was written, by whom, and the original."""
    mails = f"SELECT id FROM mailboxes_inboundmessage WHERE {where}"
    return (
        Place("mailboxes_inboundfile", f"mail_id IN ({mails})", files=True),
        Place(
            "mailboxes_inboundmessage",
            where,
            "file = '', message_id = '', from_address = '', from_name = '', to_addresses = '{}', subject = '',"
            " text = '', quoted_from = NULL, html = '', in_reply_to = '', thread = '{}', reply_key = '',"
            " authentication = '{}', left_out = '[]', set_aside_reason = '', version = version + 1",
            files=True,
        ),
    )


_OF_CASE = "complaint_id = ANY (ids)"
_OF_REQUEST = "request_id = ANY (ids)"
_OF_ENTRY = "entry_id = ANY (ids)"
_OF_INSTRUCTION = "instruction_id = ANY (ids)"
_OF_GUEST = "guest_id = ANY (ids)"
_ENTRIES = (
    "SELECT entry_id FROM appointments_appointmentrequest WHERE id = ANY (ids) AND entry_id IS NOT NULL"
)
_DRAFTS = "l.number IS NULL AND (l.signed_at IS NULL OR l.status IN ('CANCELLED', 'REFUSED'))"
"""Letters that were never issued and will not be: an olur is signed by its proposer before it is refused."""
_DRAFT_KEYS = f"SELECT l.id FROM letters_letter l WHERE {_DRAFTS}"

Step = Place | Also

PLACES: dict[str, tuple[Step, ...]] = {
    "CASE": (
        _typed("complaints_complaint"),
        Also("INSTRUCTION", f"SELECT id FROM instructions_instruction WHERE {_OF_CASE}"),
        Also("DRAFT", f"SELECT l.id FROM letters_letter l WHERE l.complaint_id = ANY (ids) AND {_DRAFTS}"),
        Place("complaints_noticefile", _OF_CASE),
        Place("reminders_reminder", _OF_CASE),
        Place("submissions_affectedperson", _OF_CASE),
        *_mails(_OF_CASE),
        Place("complaints_socialpost", _OF_CASE),
        Place("complaints_attachment", _OF_CASE, files=True),
        Place("notifications_notification", _OF_CASE),
        _message("complaints_notice", _OF_CASE),
        Place("complaints_notice", _OF_CASE, "body = '', proof = ''"),
        Place("complaints_comment", _OF_CASE, "body = ''"),
        _story("complaints_complaintline", _OF_CASE),
        Place("complaints_routing", _OF_CASE, "note = '', reason = ''"),
        Place("complaints_extension", _OF_CASE, "reason = ''"),
        Place("permissions_complaintgrant", "content_object_id = ANY (ids)", "reason = ''"),
        Place(
            "complaints_complaint",
            "id = ANY (ids)",
            f"subject = '{GONE}', body = '', place = '', latitude = NULL, longitude = NULL, tags = '{{}}',"
            " point_source = 'NONE', applicant_id = NULL, on_behalf_of_id = NULL, signature_given = false,"
            " rating_remark = '',"
            " source_number = CASE WHEN source_number = '' THEN '' ELSE 'anonim-' || id END,"
            " tracking_code = upper(substr(md5(gen_random_uuid()::text), 1, 14)),"
            " anonymised_at = coalesce(anonymised_at, now()), version = version + 1",
        ),
        Place("complaints_complaintevent", "pgh_obj_id = ANY (ids)"),
    ),
    "REQUEST": (
        _typed("appointments_appointmentrequest"),
        Also("INSTRUCTION", f"SELECT id FROM instructions_instruction WHERE {_OF_REQUEST}"),
        Also("DRAFT", f"SELECT l.id FROM letters_letter l WHERE l.request_id = ANY (ids) AND {_DRAFTS}"),
        Also("ENTRY", _ENTRIES),
        Also("PROMISE", f"SELECT id FROM appointments_promise WHERE {_OF_REQUEST}"),
        *_mails("appointment_request_id = ANY (ids)"),
        Place("appointments_requestattachment", _OF_REQUEST, files=True),
        _message("appointments_requestnotice", _OF_REQUEST),
        Place("appointments_requestnotice", _OF_REQUEST, "body = ''"),
        Place("mailboxes_writtenmessage", "appointment_request_id = ANY (ids)"),
        _story("appointments_requestline", _OF_REQUEST),
        Place(
            "appointments_appointmentrequest",
            "id = ANY (ids)",
            f"subject = '{GONE}', body = '', organisation = '', companion_names = '', wish = '', plate = '',"
            " reason = '', outcome_note = '', applicant_id = NULL, anonymised_at = coalesce(anonymised_at, now()),"
            " version = version + 1",
        ),
    ),
    "PROMISE": (
        _typed("appointments_promise"),
        Also("INSTRUCTION", "SELECT id FROM instructions_instruction WHERE promise_id = ANY (ids)"),
        Place("notifications_notification", "promise_id = ANY (ids)"),
        Place("appointments_promise", "id = ANY (ids)", f"text = '{GONE}', note = ''"),
    ),
    "ENTRY": (
        _typed("programme_entry"),
        _typed("programme_departmentnote", "entry_id"),
        Also("PROMISE", f"SELECT id FROM appointments_promise WHERE {_OF_ENTRY}"),
        Place("programme_participant", _OF_ENTRY),
        Place("programme_preparation", _OF_ENTRY),
        Place(
            "notifications_notification",
            f"note_id IN (SELECT id FROM programme_departmentnote WHERE {_OF_ENTRY})",
        ),
        Place("programme_departmentnote", _OF_ENTRY),
        Place("programme_pressitem", _OF_ENTRY, f"title = '{GONE}', note = ''"),
        _story("programme_entryline", _OF_ENTRY),
        Place("programme_entry", "id = ANY (ids)", f"title = '{GONE}', description = '', outcome = ''"),
    ),
    "INSTRUCTION": (
        _typed("instructions_instruction"),
        Place("instructions_instructionattachment", _OF_INSTRUCTION, files=True),
        Place("notifications_notification", _OF_INSTRUCTION),
        _story("instructions_instructionline", _OF_INSTRUCTION),
        Place(
            "instructions_instruction",
            "id = ANY (ids)",
            f"subject = '{GONE}', text = '{GONE}', result = '', place = ''",
        ),
    ),
    "DRAFT": (  # of letters only what never was registered
        _typed("letters_letter"),
        Place("letters_letterattachment", "letter_id = ANY (ids)", files=True),
        _story("letters_letterline", "letter_id = ANY (ids)"),
        *_written("letter_id = ANY (ids)"),
        Place(
            "letters_addressee",
            "letter_id = ANY (ids) AND citizen_id IS NOT NULL",
            f"name = '{GONE}', surname = '', title = '', unit = '', address = '', email = '', proof = '',"
            " citizen_id = NULL",
        ),
        Place(
            "letters_letter",
            "id = ANY (ids)",
            f"subject = '{GONE}', salutation = '', body = '', closing = '', to_names = ''",
        ),
    ),
    "GUEST": (
        _typed("events_guest"),
        _message("events_guest", "id = ANY (ids)"),
        _story("events_guestline", _OF_GUEST),
        Place(
            "events_guest",
            "id = ANY (ids)",
            "title = '', organisation = '', delegation = '', office_note = '', companion_names = '',"
            f" representative = CASE WHEN representative = '' THEN '' ELSE '{GONE}' END,"
            " plate = '', diet = '', note = '', printed_name = ''",
        ),
    ),
    "GUEST_LIST": (  # of an event: attendance is deleted; its report keeps the figures
        _typed("events_guest", "event_id"),
        _message("events_guest", "event_id = ANY (ids)"),
        Place(
            "seating_seatingplan",
            "event_id = ANY (ids)",
            "host_guest_id = NULL",
        ),
        Place("seating_planseat", "guest_id IN (SELECT id FROM events_guest WHERE event_id = ANY (ids))"),
        Place("events_arrival", "event_id = ANY (ids)"),
        Place("events_guestorigin", "guest_id IN (SELECT id FROM events_guest WHERE event_id = ANY (ids))"),
        Place("events_guestline", "guest_id IN (SELECT id FROM events_guest WHERE event_id = ANY (ids))"),
        Place("events_guest", "event_id = ANY (ids)"),
    ),
    "GREETING": (  # of a batch: its story keeps the figures
        _message("greetings_recipient", "batch_id = ANY (ids) AND citizen_id IS NOT NULL"),
        Place("greetings_printrun", "batch_id = ANY (ids)", "file = '', size = 0", files=True),
        Place("greetings_recipient", "batch_id = ANY (ids) AND citizen_id IS NOT NULL"),
    ),
    "CITIZEN": (
        _typed("contacts_citizen"),
        # Who is meant by a text that belongs to no row yet is unknown: one with the words of the whole name goes.
        Place(
            "drafts_draft",
            "EXISTS (SELECT FROM contacts_citizen c WHERE c.id = ANY (ids) AND c.last_name <> ''"
            " AND regexp_split_to_array(tr_fold(drafts_draft.text), '[^[:alnum:]]+')"
            " @> regexp_split_to_array(tr_fold(trim(c.first_name || ' ' || c.last_name)), '[^[:alnum:]]+'))",
        ),
        Also(
            "CASE",
            "SELECT id FROM complaints_complaint WHERE applicant_id = ANY (ids)"
            " OR applicant_id IS NULL AND on_behalf_of_id = ANY (ids)",
        ),
        # Another's petition that was made on their behalf stays that other's: only the link to them goes.
        Place(
            "complaints_complaint",
            "on_behalf_of_id = ANY (ids)",
            "on_behalf_of_id = NULL, version = version + 1",
        ),
        Place("complaints_complaintevent", "on_behalf_of_id = ANY (ids)", "on_behalf_of_id = NULL"),
        Place("complaints_complaintevent", "applicant_id = ANY (ids)", "applicant_id = NULL"),
        Also("REQUEST", "SELECT id FROM appointments_appointmentrequest WHERE applicant_id = ANY (ids)"),
        Also("GUEST", "SELECT id FROM events_guest WHERE person_id = ANY (ids)"),
        Also(
            "DRAFT",
            "SELECT l.id FROM letters_letter l JOIN letters_addressee a ON a.letter_id = l.id"
            f" WHERE a.citizen_id = ANY (ids) AND {_DRAFTS}",
        ),
        # A registered letter stays as it is; that it was this record's is no part of it.
        Place("letters_addressee", "citizen_id = ANY (ids)", "citizen_id = NULL"),
        _message("greetings_recipient", "citizen_id = ANY (ids)"),
        Place(
            "greetings_printrun",
            "id IN (SELECT print_run_id FROM greetings_recipient WHERE citizen_id = ANY (ids))",
            "file = '', size = 0",
            files=True,
        ),
        Place(
            "greetings_recipient",
            "citizen_id = ANY (ids)",
            "name = '', address = '', title = '', organisation = ''",
        ),
        # The persons in an export are unknown: it is deleted, and made again if still needed.
        Place("exports_export", "status NOT IN ('WAITING', 'RUNNING')", files=True),
        Place(
            "exports_export",
            "status = 'RUNNING'",
            "status = 'STOPPED', ended_at = now(), asked = '{}', file = '', fault = ''",
            files=True,
        ),
        # Whole answers, stored for repeated requests within a day.
        Place("portals_idempotentresponse", "true"),
        # Whom cases of others affect is known by the contact alone.
        Place(
            "submissions_affectedperson",
            "EXISTS (SELECT FROM contacts_citizen c WHERE c.id = ANY (ids) AND"
            " (c.email <> '' AND lower(c.email) = submissions_affectedperson.email"
            " OR c.phone <> '' AND c.phone = submissions_affectedperson.phone))",
        ),
        # Who calls at this moment is known by the number alone.
        Place(
            "telephone_call",
            "EXISTS (SELECT FROM contacts_citizen c WHERE c.id = ANY (ids) AND c.phone <> ''"
            " AND c.phone = telephone_call.number)",
        ),
        # So is who wrote a message that became nothing.
        *_mails(
            "complaint_id IS NULL AND appointment_request_id IS NULL AND letter_id IS NULL AND EXISTS (SELECT FROM"
            " contacts_citizen c WHERE c.id = ANY (ids) AND mailboxes_inboundmessage.from_address <> ''"
            " AND (lower(c.email) = mailboxes_inboundmessage.from_address"
            " OR c.phone = mailboxes_inboundmessage.from_address))"
        ),
        _message("mailboxes_writtenmessage", WRITTEN_TO),
        *_written(WRITTEN_TO),
        Place("greetings_keptday", "citizen_id = ANY (ids)"),
        Place("greetings_preference", "citizen_id = ANY (ids)"),
        Place("contacts_bereavement", "citizen_id = ANY (ids)"),
        Place(
            "partners_listmember",
            "person_id = ANY (ids) OR role_id IN (SELECT id FROM partners_role WHERE person_id = ANY (ids))",
        ),
        Place(
            "engagements_attendee",
            "role_id IN (SELECT id FROM partners_role WHERE person_id = ANY (ids))",
            "note = ''",
        ),
        Place(
            "partners_role",
            "person_id = ANY (ids)",
            f"title = '{GONE}', salutation = '', phone = '', email = ''",
        ),
        Place("partners_roleevent", "person_id = ANY (ids)"),
        Place("protocol_holding", "person_id = ANY (ids)", "basis = ''"),
        # The register is the proof of what was answered; that it was this record's is no part of it.
        Place("retention_subjectrequest", "citizen_id = ANY (ids)", "citizen_id = NULL"),
        # Else the emptied record would lead by it to the application that names the person.
        # The running one does so itself at its end, so that its progress stays visible.
        Place(
            "retention_erasurejob",
            "citizen_id = ANY (ids) AND status NOT IN ('WAITING', 'RUNNING')",
            "citizen_id = NULL, family = '{}'",
        ),
        Place(
            "contacts_citizen",
            "id = ANY (ids)",
            f"first_name = '{GONE}', last_name = '', title = '', salutation = '', languages = '{{}}', phone = '',"
            " email = '', address = '', national_id_sealed = NULL, national_id_index = '', national_id_tail = '',"
            " national_id_repeats = false, note = '', deceased_on = NULL,"
            " anonymised_at = coalesce(anonymised_at, now())",
        ),
        Place("contacts_citizenevent", "pgh_obj_id = ANY (ids)"),
    ),
    "MAIL": (  # that became nothing; its hash stays, so that it is not fetched again
        _typed("mailboxes_inboundmessage"),
        *_mails("id = ANY (ids)"),
    ),
    "WRITTEN": _written("id = ANY (ids)"),
    "SUBJECT_REQUEST": (
        _typed("retention_subjectrequest"),
        _story("retention_subjectrequestline", _OF_REQUEST),
        Place(
            "retention_subjectrequest",
            "id = ANY (ids)",
            f"requester = '{GONE}', contact = '', text = '', answer = '', sent_number = '', citizen_id = NULL,"
            " anonymised_at = coalesce(anonymised_at, now()), version = version + 1",
        ),
    ),
    "READING": (Place("journal_accesslog", "id = ANY (ids)"),),
    "ALONE": (  # a record of whom nothing is left
        Place("contacts_citizen", "id = ANY (ids)"),
        Place("contacts_citizenevent", "pgh_obj_id = ANY (ids)"),
    ),
}

ARCHIVE = (
    "what was registered as official correspondence is kept as it is: Devlet Arşiv Hizmetleri Hakkında Yönetmelik,"
    " 3473 sayılı Kanun, saklama süreli standart dosya planı (KVKK m.7: such a law prevails)"
)
PROOF = (
    "who applied under KVKK m.11 and what was answered is the proof of it, and of the destruction that was asked for"
    " (Silme Yönetmeliği m.7/3: three years at least); the register's own retention rule ends it"
)
RETAINED: dict[str, tuple[str, str]] = {
    "retention_subjectrequest": ("false", PROOF),
    "retention_subjectrequestline": ("false", PROOF),
    "letters_letter": (_DRAFTS.replace("l.", ""), ARCHIVE),
    "mailboxes_inboundmessage": ("letter_id IS NULL", ARCHIVE),
    "mailboxes_writtenmessage": (f"letter_id IS NULL OR letter_id IN ({_DRAFT_KEYS})", ARCHIVE),
    "mailboxes_writtenfile": (
        "EXISTS (SELECT FROM mailboxes_writtenmessage w WHERE w.id = mailboxes_writtenfile.written_id"
        " AND w.letter_id IS NULL)",
        ARCHIVE,
    ),
    "mailboxes_inboundfile": (
        "EXISTS (SELECT FROM mailboxes_inboundmessage m WHERE m.id = mailboxes_inboundfile.mail_id"
        " AND m.letter_id IS NULL)",
        ARCHIVE,
    ),
    **{
        table: (
            f"EXISTS (SELECT FROM letters_letter l WHERE l.id = {table}.letter_id AND {_DRAFTS})",
            ARCHIVE,
        )
        for table in (
            "letters_addressee",
            "letters_annex",
            "letters_letterattachment",
            "letters_letterline",
            "letters_letterreference",
            "letters_step",
        )
    },
}
"""table -> (the rows of it that may be forgotten, why the others may not)."""

NOT_OF_CITIZENS: dict[str, str] = {
    "account_": "sign-in of staff",
    "auth_": "rights",
    "axes_": "sign-in of staff",
    "contacts_privacynotice": "public texts that never change",
    "core_": "counters",
    "django_": "the framework's own; a session ends by itself",
    "guardian_": "rights",
    **dict.fromkeys(("letters_formofaddress", "letters_lettertemplate", "letters_phrase"), "reference data"),
    "letters_substitution": "reference data",
    "mailboxes_mailbox": "mailboxes of the house",
    "mailboxes_messageline": "numbers of the house",
    "mfa_": "sign-in of staff",
    "organization_": "staff and reference data",
    "permissions_departmentgrant": "rights of staff",
    "permissions_principalgrant": "rights of staff",
    "pghistory_": "the framework's own",
    "places_": "names of streets and numbers of houses, of no person",
    "portals_apitoken": "tokens",
    "portals_client": "programs, and whom to call about them",
    "portals_trusteddocument": "questions that programs ask",
    "procrastinate_": "jobs, whose arguments are keys",
    "retention_destruction": "names no person",
    "retention_legalhold": "names no person",
    "retention_retentionrule": "reference data",
    "stickers_": "names of places and objects, which may be called after a person",
    "usersessions_": "sign-in of staff",
}
"""Tables, by the beginning of their name, in which nothing is struck out, and why."""
