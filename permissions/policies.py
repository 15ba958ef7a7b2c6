"""Second layer of protection: the permission rules again, as row-level security of PostgreSQL.

`SECURED` names every table with rows of persons or departments, with the condition under which a viewer outside the
office may *read* a row; each service's stand in `permissions/<service>/policies.py`. Only the office's role writes
them, under the seal of an action that the rules allowed or of the house (`sql/identity.sql`). Installed after every
migration, so that the database always matches these modules.
"""

import re
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import OperationalError, connections, transaction
from psycopg.errors import DeadlockDetected

from backend.core import tickets
from backend.core.at_rest import columns, signed_rows
from backend.mailboxes import conversation
from backend.retention import in_database
from backend.timeline import branches as timeline
from permissions.agreements import policies as agreements
from permissions.appointments import policies as appointments
from permissions.calendars import policies as calendars
from permissions.complaints import policies as complaints
from permissions.configuration import policies as configuration
from permissions.contacts import policies as contacts
from permissions.core import lookups
from permissions.drafts import policies as drafts
from permissions.engagements import policies as engagements
from permissions.events import policies as events
from permissions.exports import policies as exports
from permissions.greetings import policies as greetings
from permissions.guidance import policies as guidance
from permissions.instructions import policies as instructions
from permissions.invitations import policies as invitations
from permissions.journal import policies as journal
from permissions.letters import policies as letters
from permissions.mailboxes import policies as mailboxes
from permissions.news import policies as news
from permissions.notifications import policies as notifications
from permissions.organization import policies as organization
from permissions.partners import policies as partners
from permissions.portals import policies as portals
from permissions.presence import policies as presence
from permissions.programme import policies as programme
from permissions.protocol import policies as protocol
from permissions.reminders import policies as reminders
from permissions.retention import policies as retention
from permissions.seating import policies as seating
from permissions.submissions import policies as submissions
from permissions.telephone import policies as telephone

SQL = Path(__file__).parent / "sql"
FUNCTIONS = tuple(SQL / name for name in ("identity.sql", "functions.sql", "accounts.sql"))

SERVICES: tuple[Any, ...] = (
    agreements,
    appointments,
    calendars,
    complaints,
    configuration,
    contacts,
    drafts,
    engagements,
    events,
    exports,
    greetings,
    guidance,
    instructions,
    invitations,
    journal,
    letters,
    mailboxes,
    news,
    notifications,
    organization,
    partners,
    portals,
    presence,
    programme,
    protocol,
    reminders,
    retention,
    seating,
    submissions,
    telephone,
)

SECURED: dict[str, str] = {
    table: condition for service in SERVICES for table, condition in service.SECURED.items()
}
"""table -> who of the departments reads a row. The office's role reads and writes all of them but `WITHHELD`."""

WITHHELD: dict[str, str] = {
    table: condition for service in SERVICES for table, condition in getattr(service, "WITHHELD", {}).items()
}
"""table -> the rows that the office's role reads and writes, where these are not all: no bypass for anybody."""

SEES, WRITES = "(select app.acts_for_office())", "(select app.may_write())"

APPEND_ONLY = frozenset(table for service in SERVICES for table in getattr(service, "APPEND_ONLY", ()))
"""Append-only tables, for the office's role too."""

NEVER_DELETED = frozenset(complaints.SECURED) - set(complaints.FIGURES)
"""A case and all that belongs to it, but for sums: no role deletes a row. Retention empties them, as the owner."""

REFERENCE = (
    "appointments_publicdaysession",
    "complaints_checklisttemplateitem",
    "configuration_settingchange",
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
    "organization_dangersign",
    "organization_department",
    "organization_fileplancode",
    "organization_holidaycorrection",
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
    "stickers_sticker",
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
READS, EVERYTHING = "SELECT", "SELECT, INSERT, UPDATE, DELETE"
SIGNS_IN = "SELECT, UPDATE (password, last_login, language)"
"""Of a person's own row only what a sign-in, a new password and a choice of language write: not the name, not the
rank."""

WRITABLE = re.compile(r"UPDATE \(([^)]*)\)")

OPEN: dict[str, tuple[tuple[str, ...], str]] = {
    "reference data that every member of staff reads": (REFERENCE, READS),
    "names of the staff; a sign-in and a new password are written before anybody is known": (
        ACCOUNTS,
        SIGNS_IN,
    ),
    "sign-in and sessions, read and written before anybody is known": (SIGN_IN, EVERYTHING),
    "the job queue of the worker, whose arguments are keys only": (JOBS, EVERYTHING),
    "what is published for everybody": (
        ("complaints_openfigure", "events_publishedevent", "events_eventpicture"),
        READS,
    ),
    "the framework's own; rights and numbers are written by actions": (FRAMEWORK, READS),
}
"""Why a table has no policy -> the tables without rows of a citizen's case, and what the web may do there."""

OPEN_TO_APP = {table: rights for tables, rights in OPEN.values() for table in tables}


def install_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Signal handler: bring functions, rights and policies in line with these modules, as the owner.

    Whoever works meanwhile holds locks in another order: what ends in a deadlock begins again.
    """
    for pause in (1, 2, 4, 8, 0):
        try:
            return install(using)
        except OperationalError as error:
            if not (pause and isinstance(error.__cause__, DeadlockDetected)):
                raise
            time.sleep(pause)
    return None


def install(using: str = "owner") -> None:
    """Make the database say what these modules say. Idempotent; runs as the owner of the tables."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for file in FUNCTIONS:
            cursor.execute(file.read_text(encoding="utf-8"))
        for statement in statements(existing_tables(cursor), readable_columns(cursor)):
            cursor.execute(statement)
        for statement in views(existing_tables(cursor)):
            cursor.execute(statement)
        tickets.install_keys(cursor)
        cursor.execute("SELECT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database())")
        cursor.execute(cursor.fetchone()[0])


VIEWS: dict[Any, str] = {timeline: "partners_role", conversation: "mailboxes_inboundmessage"}
"""Each view, and the table that is made last of those it reads."""


def drop_views(sender: Any, using: str, **kwargs: Any) -> None:
    """Signal handler: before a migration, for a column that a view reads cannot be changed."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        for view in VIEWS:
            cursor.execute(f"DROP VIEW IF EXISTS {view.VIEW}")


def views(tables: set[str]) -> list[str]:
    """Views over these tables with the viewer's rights (`security_invoker`)."""
    readers = f"{settings.APP_ROLE}, {settings.OFFICE_ROLE}"
    return [
        statement
        for view, last_table in VIEWS.items()
        if last_table in tables  # else: a database that is migrated step by step
        for statement in (
            f"DROP VIEW IF EXISTS {view.VIEW}",
            view.view(),
            f"GRANT SELECT ON {view.VIEW} TO {readers}",
        )
    ]


def existing_tables(cursor: Any) -> set[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return {name for (name,) in cursor.fetchall()}


def readable_columns(cursor: Any) -> dict[str, str]:
    """Of each table with a column that no role of the web reads: the others, as they are written in a GRANT."""
    found = {}
    for table, hidden in columns.write_only_columns().items():
        cursor.execute(
            "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
            " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND NOT attisdropped AND attname <> ALL (%s)",
            [table, list(hidden)],
        )
        found[table] = cursor.fetchone()[0]
    return found


def statements(tables: set[str], readable: dict[str, str]) -> list[str]:
    """All statements of the second wall over these tables, in order."""
    app, office = settings.APP_ROLE, settings.OFFICE_ROLE
    select = {table: f"SELECT ({readable[table]})" if table in readable else "SELECT" for table in tables}
    result = lookups.functions(tables, SECURED, WITHHELD) + in_database.functions(tables)
    result += [
        f"GRANT USAGE ON SCHEMA public, app TO {app}, {office}",
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app, wall FROM PUBLIC",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO {app}, {office}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {app}, {office}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}, {office}",
    ]
    for table in sorted(tables):
        writes = "" if table in APPEND_ONLY else ", UPDATE" if table in NEVER_DELETED else ", UPDATE, DELETE"
        result.append(f"GRANT {select[table]}, INSERT{writes} ON {table} TO {office}")
        if table in APPEND_ONLY:
            result.append(
                f"CREATE OR REPLACE TRIGGER append_only BEFORE TRUNCATE ON {table}"
                " EXECUTE FUNCTION app.refuse_truncate()"
            )
        if table in SECURED:
            result.append(f"GRANT {select[table]} ON {table} TO {app}")
            result += _secure(table, SECURED[table])
        elif table in OPEN_TO_APP:
            rights = OPEN_TO_APP[table]
            result.append(f"GRANT {rights.replace('SELECT', select[table])} ON {table} TO {app}")
            if rights == EVERYTHING:
                continue
            free = ", ".join(f"'{name}'" for names in WRITABLE.findall(rights) for name in names.split(", "))
            result.append(
                f"CREATE OR REPLACE TRIGGER sealed_writes BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW"
                f" WHEN (current_user = '{office}' AND NOT app.may_write())"
                f" EXECUTE FUNCTION app.refuse_write({free})"
            )
    return result + signed_rows.triggers(tables)


def _secure(table: str, condition: str) -> list[str]:
    """The policies of a table. What the office's role may do depends on the seal: the role alone gives nothing."""
    app, office = settings.APP_ROLE, settings.OFFICE_ROLE
    everything = WITHHELD.get(table, "true")
    sees, writes = f"{SEES} AND ({everything})", f"{WRITES} AND ({everything})"
    policies = {
        "department_reads": f"FOR SELECT TO {app} USING ({condition})",
        "office_reads": f"FOR SELECT TO {office} USING ({sees})",
        "office_inserts": f"FOR INSERT TO {office} WITH CHECK ({writes})",
        "office_updates": f"FOR UPDATE TO {office} USING ({writes}) WITH CHECK ({writes})",
        "office_deletes": f"FOR DELETE TO {office} USING ({writes})",
        "owner_everything": "TO CURRENT_USER USING (true) WITH CHECK (true)",
    }
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"DROP POLICY IF EXISTS office_everything ON {table}",  # as it was until 2026-11-28
        *(f"DROP POLICY IF EXISTS {name} ON {table}" for name in policies),
        *(f"CREATE POLICY {name} ON {table} {rule}" for name, rule in policies.items()),
    ]
