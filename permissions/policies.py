"""Second layer of protection: the permission rules again, as row-level security of PostgreSQL.

`SECURED` names every table with rows of persons or departments, with the condition under which a viewer outside the
office may *read* a row. Only the office's role writes them: actions take that role after the rules allowed the
action. Installed after every migration, so that the database always matches this module.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from backend.retention import in_database
from backend.timeline import branches as timeline
from permissions.core.conditions import KEPT, MINE, NAMED, NEVER, OPEN_ENTRY, OWN, OWN_OR_THE_HOUSE
from permissions.events import policies as event_policies
from permissions.instructions.policies import INSTRUCTION, OF_INSTRUCTION, OPEN_INSTRUCTION, of_instruction
from permissions.invitations.policies import INVITATION, OF_INVITATION, of_invitation
from permissions.letters import policies as letter_policies
from permissions.partners import policies as partner_policies
from permissions.portals import policies as client_policies
from permissions.search import lookups

FUNCTIONS = Path(__file__).parent / "sql" / "functions.sql"


COMPLAINT = f"""
    responsible_department_id = {MINE}
    OR collaborators && (select app.departments())::bigint[]
    OR id = any ((select app.shared())::bigint[])
"""


def child(table: str) -> str:
    """Visible exactly when its complaint is: the inner query is under the complaint's own policy."""
    return f"EXISTS (SELECT FROM complaints_complaint c WHERE c.id = {table}.complaint_id)"


CITIZEN = f"""
    {lookups.CITIZEN_OF_CASE} OR {lookups.CITIZEN_OF_REQUEST}
    OR EXISTS (SELECT FROM events_guest g WHERE g.person_id = contacts_citizen.id)
    OR EXISTS (SELECT FROM partners_role r WHERE r.person_id = contacts_citizen.id)
"""

REQUEST = f"principal_id = {KEPT} OR department_id = {MINE}"


def of_request(table: str) -> str:
    """Visible exactly when its request is."""
    return f"EXISTS (SELECT FROM appointments_appointmentrequest r WHERE r.id = {table}.request_id)"


OF_GREETINGS = (
    "greetings_occasion",
    "greetings_batch",
    "greetings_batchline",
    "greetings_recipient",
    "greetings_printrun",
    "greetings_keptday",
    "greetings_preference",
    "contacts_bereavement",
)
"""Greetings are the private office's alone."""

OF_RETENTION = (
    "retention_destructionitem",
    "retention_destructionline",
    "retention_destructionrun",
    "retention_erasurejob",
    "retention_legalhold",
    "retention_retentionrule",
    "retention_subjectrequest",
    "retention_subjectrequestline",
)
"""Retention and destruction are the private office's alone."""

GREETED_IN_A_ROLE = (
    "role_id IS NULL OR EXISTS (SELECT FROM partners_role r WHERE r.id = greetings_recipient.role_id)"
)

OPEN_OR_NAMED = f"NOT is_confidential OR {NAMED}"
"""A confidential entry is its named readers', on every role: the office's too."""

ENTRY = f"""
    ({OPEN_OR_NAMED})
    AND (principal_id = any ((select app.programmes())::bigint[]) OR {NAMED}
         OR (select app.person_id()) = any (staff))
"""


def of_entry(table: str) -> str:
    """Visible exactly when its entry is: the inner query is under the entry's own policy."""
    return f"EXISTS (SELECT FROM programme_entry e WHERE e.id = {table}.entry_id)"


def briefed(table: str) -> str:
    """Condition: the viewer sees the entry other than as a participant."""
    return (
        f"EXISTS (SELECT FROM programme_entry e WHERE e.id = {table}.entry_id"
        " AND (e.principal_id = any ((select app.programmes())::bigint[])"
        " OR (e.is_confidential AND (select app.person_id()) = any (e.readers))))"
    )


PEOPLE_OF_ENTRY = ("programme_participant", "programme_namedreader", "programme_entryline")


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
            )
        ),
    ]
)
"""One's own on every role, as long as one sees the row that it is about."""

SECURED: dict[str, str] = {
    "complaints_complaint": COMPLAINT,
    "complaints_routing": f"department_id = {MINE} OR {child('complaints_routing')}",
    **{
        table: child(table)
        for table in (
            "complaints_complaintline",
            "complaints_comment",
            "complaints_notice",
            "complaints_extension",
            "complaints_feenotice",
            "complaints_forwarding",
            "complaints_attachment",
        )
    },
    "contacts_citizen": CITIZEN,
    "programme_entry": ENTRY,
    **{table: of_entry(table) for table in PEOPLE_OF_ENTRY},
    "programme_preparation": briefed("programme_preparation"),
    "programme_departmentnote": (
        f"(NOT is_withheld AND department_id = {MINE}) OR {briefed('programme_departmentnote')}"
    ),
    "programme_pressitem": (
        f"principal_id = any ((select app.press_programmes())::bigint[]) OR {of_entry('programme_pressitem')}"
    ),
    "appointments_appointmentrequest": REQUEST,
    **{
        table: of_request(table)
        for table in (
            "appointments_requestline",
            "appointments_requestnotice",
            "appointments_requestattachment",
            "appointments_visit",
        )
    },
    "appointments_promise": (
        f"(({OPEN_ENTRY}) AND (department_id = {MINE} OR person_id = (select app.person_id())))"
        f" OR {of_request('appointments_promise')} OR {of_entry('appointments_promise')}"
    ),
    "complaints_fileimport": NEVER,
    "invitations_invitation": INVITATION,
    **{table: of_invitation(table) for table in OF_INVITATION},
    **letter_policies.SECURED,
    "instructions_instruction": INSTRUCTION,
    **{table: of_instruction(table) for table in OF_INSTRUCTION},
    "protocol_holding": NEVER,
    "protocol_snapshot": NEVER,
    "protocol_snapshotline": NEVER,
    **dict.fromkeys(OF_GREETINGS, NEVER),
    **dict.fromkeys(OF_RETENTION, NEVER),
    **event_policies.SECURED,
    **partner_policies.SECURED,
    "outbox_message": NEVER,
    "journal_auditlog": "(select app.administers())",
    "journal_accesslog": "(select app.administers())",
    "journal_changeevent": NEVER,
    "portals_apitoken": f"{OWN} OR (select app.administers())",
    **client_policies.SECURED,
    "permissions_departmentgrant": f"{OWN} OR (select app.administers())",
    "permissions_principalgrant": f"{OWN} OR (select app.administers())",
    "permissions_complaintgrant": OWN,
    "organization_savedfilter": OWN,
    "portals_idempotentresponse": OWN,
    "calendars_feed": OWN,
    "exports_export": OWN,
    "calendars_reminderchoice": OWN,
    "notifications_notification": NOTIFICATION,
    "notifications_preference": OWN,
    "complaints_complaintevent": NEVER,
    "contacts_citizenevent": NEVER,
    "organization_departmentevent": NEVER,
    "permissions_departmentgrantevent": NEVER,
    "permissions_principalgrantevent": NEVER,
}
"""table -> who of the departments reads a row. The office's role reads and writes all of them but `WITHHELD`."""

WITHHELD: dict[str, str] = {
    "programme_entry": OPEN_OR_NAMED,
    **{
        table: of_entry(table)
        for table in (*PEOPLE_OF_ENTRY, "programme_preparation", "programme_departmentnote")
    },
    "invitations_invitation": OPEN_ENTRY,
    **{table: of_invitation(table) for table in OF_INVITATION},
    "appointments_promise": OPEN_ENTRY,
    **letter_policies.WITHHELD,
    "instructions_instruction": OPEN_INSTRUCTION,
    **{table: of_instruction(table) for table in OF_INSTRUCTION},
    **partner_policies.WITHHELD,
    "greetings_recipient": GREETED_IN_A_ROLE,
    "greetings_printrun": "NOT names_members OR (select app.knows_memberships())",
    "organization_savedfilter": OWN,
    "portals_idempotentresponse": OWN,
    "calendars_feed": OWN,
    "exports_export": OWN_OR_THE_HOUSE,
    "calendars_reminderchoice": OWN,
    "notifications_notification": NOTIFICATION,
    "notifications_preference": OWN,
}
"""table -> the rows that the office's role reads and writes, where these are not all: no bypass for anybody."""

APPEND_ONLY = frozenset(
    {
        "complaints_complaintline",
        "programme_entryline",
        "appointments_requestline",
        "invitations_invitationline",
        "instructions_instructionline",
        "letters_letterline",
        "events_eventline",
        "events_guestline",
        "journal_auditlog",
        "journal_accesslog",
        "complaints_complaintevent",
        "contacts_citizenevent",
        "organization_departmentevent",
        "permissions_departmentgrantevent",
        "permissions_principalgrantevent",
        "pghistory_context",
        "retention_destructionline",
        "retention_subjectrequestline",
        *partner_policies.APPEND_ONLY,
    }
)
"""Append-only tables, for the office's role too."""

REFERENCE = (
    "appointments_publicdaysession",
    "contacts_privacynotice",
    "events_electionperiod",
    "letters_formofaddress",
    "letters_lettertemplate",
    "letters_phrase",
    "letters_substitution",
    "organization_administrativeleave",
    "organization_bodymatter",
    "organization_category",
    "organization_categorycandidate",
    "organization_department",
    "organization_fileplancode",
    "organization_mainartery",
    "organization_neighbourhood",
    "organization_outsidebody",
    "organization_section",
    "programme_principal",
    "programme_publicdayrule",
    "programme_standin",
    "programme_workinghours",
    "protocol_office",
    "protocol_precedenceentry",
    "protocol_precedencelist",
    "seating_hall",
    "seating_hallrow",
)
ACCOUNTS = ("organization_user",)
SIGN_IN = (
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
    "django_session",
    "mfa_authenticator",
    "usersessions_usersession",
)
JOBS = (
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
)
FRAMEWORK = (
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "core_numbersequence",
    "django_admin_log",
    "django_content_type",
    "django_migrations",
    "guardian_groupobjectpermission",
    "guardian_userobjectpermission",
    "organization_user_groups",
    "organization_user_user_permissions",
    "pghistory_context",
)
READS, WRITES = "SELECT", "SELECT, INSERT, UPDATE, DELETE"
SIGNS_IN = "SELECT, UPDATE (password, last_login, must_change_password, language)"
"""Of a person's own row only what a sign-in, a new password and a choice of language write: not the name, not the
rank."""

OPEN: dict[str, tuple[tuple[str, ...], str]] = {
    "reference data that every member of staff reads": (REFERENCE, READS),
    "names of the staff; a sign-in and a new password are written before anybody is known": (
        ACCOUNTS,
        SIGNS_IN,
    ),
    "sign-in and sessions, read and written before anybody is known": (SIGN_IN, WRITES),
    "the job queue of the worker, whose arguments are keys only": (JOBS, WRITES),
    "what is published for everybody": (("events_publishedevent",), READS),
    "the framework's own; rights and numbers are written by actions": (FRAMEWORK, READS),
}
"""Why a table has no policy -> the tables without rows of a citizen's case, and what the web may do there."""

OPEN_TO_APP = {table: rights for tables, rights in OPEN.values() for table in tables}


def install_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Signal handler: bring functions, rights and policies in line with this file, as the owner."""
    install(using)


def install(using: str = "owner") -> None:
    """Make the database say what this file says. Idempotent; runs as the owner of the tables."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(FUNCTIONS.read_text(encoding="utf-8"))
        for statement in statements(existing_tables(cursor)):
            cursor.execute(statement)
        for statement in views(existing_tables(cursor)):
            cursor.execute(statement)


def drop_views(sender: Any, using: str, **kwargs: Any) -> None:
    """Signal handler: before a migration, for a column that a view reads cannot be changed."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute(f"DROP VIEW IF EXISTS {timeline.VIEW}")


def views(tables: set[str]) -> list[str]:
    """Views over these tables with the viewer's rights (`security_invoker`)."""
    if "partners_role" not in tables:  # a database that is migrated step by step
        return []
    readers = f"{settings.APP_ROLE}, {settings.OFFICE_ROLE}"
    return [
        f"DROP VIEW IF EXISTS {timeline.VIEW}",
        timeline.view(),
        f"GRANT SELECT ON {timeline.VIEW} TO {readers}",
    ]


def existing_tables(cursor: Any) -> set[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {name for (name,) in cursor.fetchall()}


def statements(tables: set[str]) -> list[str]:
    """All statements of the second wall over these tables, in order."""
    app, office = settings.APP_ROLE, settings.OFFICE_ROLE
    result = lookups.functions(tables, SECURED, WITHHELD) + in_database.functions(tables)
    result += [
        f"GRANT USAGE ON SCHEMA public, app TO {app}, {office}",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO {app}, {office}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {app}, {office}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}, {office}",
    ]
    for table in sorted(tables):
        writes = "" if table in APPEND_ONLY else ", UPDATE, DELETE"
        result.append(f"GRANT SELECT, INSERT{writes} ON {table} TO {office}")
        if table in APPEND_ONLY:
            result.append(
                f"CREATE OR REPLACE TRIGGER append_only BEFORE TRUNCATE ON {table}"
                " EXECUTE FUNCTION app.refuse_truncate()"
            )
        if table in SECURED:
            result += _secure(table, SECURED[table])
        elif table in OPEN_TO_APP:
            result.append(f"GRANT {OPEN_TO_APP[table]} ON {table} TO {app}")
    return result


def _secure(table: str, condition: str) -> list[str]:
    app, office = settings.APP_ROLE, settings.OFFICE_ROLE
    everything = WITHHELD.get(table, "true")
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"GRANT SELECT ON {table} TO {app}",
        f"DROP POLICY IF EXISTS department_reads ON {table}",
        f"DROP POLICY IF EXISTS office_everything ON {table}",
        f"DROP POLICY IF EXISTS owner_everything ON {table}",
        f"CREATE POLICY department_reads ON {table} FOR SELECT TO {app} USING ({condition})",
        f"CREATE POLICY office_everything ON {table} TO {office} USING ({everything}) WITH CHECK ({everything})",
        f"CREATE POLICY owner_everything ON {table} TO CURRENT_USER USING (true) WITH CHECK (true)",
    ]
