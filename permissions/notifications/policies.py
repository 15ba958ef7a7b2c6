"""The second wall of notifications and mails; see `permissions.policies`."""

from permissions.core.conditions import NEVER, OWN


def _none_or_visible(column: str, table: str) -> str:
    of = f"notifications_notification.{column}"
    return f"({of} IS NULL OR EXISTS (SELECT FROM {table} r WHERE r.id = {of}))"


NOTIFICATION = " AND ".join(
    [
        OWN,
        *(
            _none_or_visible(*about)
            for about in (
                ("complaint_id", "complaints_complaint"),
                ("instruction_id", "instructions_instruction"),
                ("note_id", "programme_departmentnote"),
                ("promise_id", "appointments_promise"),
                ("agreement_id", "agreements_agreement"),
                ("event_id", "events_event"),
                ("subject_request_id", "retention_subjectrequest"),
                ("letter_id", "letters_letter"),
                ("request_id", "appointments_appointmentrequest"),
                ("organisation_id", "partners_organisation"),
            )
        ),
    ]
)
"""One's own on every role, as long as one sees the row that it is about."""

WITHHELD: dict[str, str] = {"notifications_notification": NOTIFICATION, "notifications_preference": OWN}
SECURED: dict[str, str] = {**WITHHELD, "outbox_message": NEVER, "outbox_smspart": NEVER}
