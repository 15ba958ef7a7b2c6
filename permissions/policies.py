"""Second layer of protection: the permission rules again, as row-level security of PostgreSQL.

`SECURED` names every table with rows of persons or departments, with the condition under which a viewer outside the
office may *read* a row; each service's stand in `permissions/<service>/policies.py`. Only the office's role writes
them, under the seal of an action that the rules allowed or of the house (`sql/identity.sql`). Installed after every
migration, so that the database always matches these modules.
"""

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connections, transaction
from django.db.migrations import Migration

from backend.core import tickets
from backend.core.at_rest import columns, signed_rows
from backend.core.operation.live_migration import LOCK_WAIT, patiently
from backend.core.operation.migrating import reshaped
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
from permissions.map import policies as map_cells
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
from permissions.routing import policies as routing
from permissions.seating import policies as seating
from permissions.similarity import functions as similarity
from permissions.submissions import policies as submissions
from permissions.telephone import policies as telephone
from permissions.triage import policies as triage

SQL = Path(__file__).parent / "sql"
FUNCTIONS = tuple(SQL / name for name in ("identity.sql", "functions.sql", "accounts.sql", "happenings.sql"))

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
    map_cells,
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
    routing,
    seating,
    submissions,
    telephone,
    triage,
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
    "places_boundary",
    "places_door",
    "places_landmark",
    "places_registerimport",
    "places_street",
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
    "triage_routerscore",
)
ACCOUNTS = ("organization_user",)
SIGN_IN = (
    "axes_accessattempt",
    "axes_accessattemptexpiration",
    "axes_accessfailurelog",
    "axes_accesslog",
    "django_session",
    "mfa_authenticator",
    "organization_usedonce",
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
        ("complaints_openfigure", "map_publishedcell", "events_publishedevent", "events_eventpicture"),
        READS,
    ),
    "the framework's own; rights and numbers are written by actions": (FRAMEWORK, READS),
}
"""Why a table has no policy -> the tables without rows of a citizen's case, and what the web may do there."""

OPEN_TO_APP = {table: rights for tables, rights in OPEN.values() for table in tables}


def install_after_migrate(sender: Any, using: str, **kwargs: Any) -> None:
    """Signal handler: bring functions, rights and policies in line with these modules, as the owner."""
    install(using)


def install(using: str = "owner") -> None:
    """Make the database say what these modules say. Idempotent; runs as the owner of the tables.

    It is done while people work: each table in a transaction of its own, and only where something else stands,
    since a policy that is made anew keeps everybody from its table. A table has its wall before it has its rights.
    """
    with connections[using].cursor() as cursor:
        tables, readable = existing_tables(cursor), readable_columns(cursor)
    _install_piece(using, function_statements(tables), then=tickets.install_keys)
    _install_walls(using, walls(tables))
    for view, pieces in views(tables).items():
        _install_view(using, view, pieces)
    _install_piece(using, rights(tables, readable), then=_revoke_temporary)


def _install_piece(
    using: str, statements: list[str], *, then: Callable[[Any], object] = lambda _cursor: None
) -> None:
    def work() -> None:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_WAIT}'")
            for statement in statements:
                cursor.execute(statement)
            then(cursor)
            cursor.execute("SET LOCAL lock_timeout = 0")  # a test's own transaction goes on

    patiently(work)


def _revoke_temporary(cursor: Any) -> None:
    cursor.execute("SELECT format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database())")
    cursor.execute(cursor.fetchone()[0])


def _install_walls(using: str, wanted: dict[str, list[str]]) -> None:
    standing = _standing(using, STANDING_WALLS)
    changed = {table: list_ for table, list_ in wanted.items() if standing.get(table) != _digest(list_)}
    for statements in changed.values():
        _install_piece(using, statements)
    _note(using, STANDING_WALLS, {table: _digest(statements) for table, statements in changed.items()})


def _install_view(using: str, view: str, statements: list[str]) -> None:
    if _standing(using, STANDING_VIEWS).get(view) != _digest(statements):
        _install_piece(using, statements)
        _note(using, STANDING_VIEWS, {view: _digest(statements)})


STANDING_WALLS = """
    SELECT c.relname::text AS name, md5(concat_ws('|', c.relrowsecurity, c.relforcerowsecurity,
        (SELECT string_agg(concat_ws(',', p.polname, p.polcmd, p.polpermissive, p.polroles::regrole[],
                  pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid)), ';' ORDER BY p.polname)
           FROM pg_policy p WHERE p.polrelid = c.oid),
        (SELECT string_agg(concat_ws(',', pg_get_triggerdef(t.oid), t.tgenabled), ';' ORDER BY t.tgname)
           FROM pg_trigger t WHERE t.tgrelid = c.oid
            AND (t.tgname IN ('append_only', 'sealed_writes') OR t.tgname LIKE 'signed\\_%%')))) AS found
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
"""
STANDING_VIEWS = """
    SELECT c.relname::text AS name, md5(concat_ws('|', pg_get_viewdef(c.oid), c.reloptions)) AS found
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'v'
"""


def _standing(using: str, question: str) -> dict[str, str]:
    """Name -> digest of what was declared when it was made, of what has not been changed in the database since."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"SELECT i.name, i.declared FROM wall.installed i JOIN ({question}) s ON s.name = i.name"
            " AND s.found = i.found WHERE %s",
            [True],
        )
        return dict(cursor.fetchall())


def _note(using: str, question: str, declared: dict[str, str]) -> None:
    """Keep what was made, as PostgreSQL tells it."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            f"INSERT INTO wall.installed (name, declared, found)"
            f" SELECT s.name, d.value, s.found FROM ({question}) s"
            " JOIN jsonb_each_text(%s::jsonb) d ON d.key = s.name"
            " ON CONFLICT (name) DO UPDATE SET declared = excluded.declared, found = excluded.found",
            [json.dumps(declared)],
        )


def _digest(statements: list[str]) -> str:
    return hashlib.sha256("\n".join(statements).encode()).hexdigest()


VIEWS: dict[Any, str] = {timeline: "partners_role", conversation: "mailboxes_inboundmessage"}
"""Each view, and the table that is made last of those it reads."""
READ_BY_VIEWS = (
    "SELECT view_name, table_name, column_name FROM information_schema.view_column_usage"
    " WHERE view_schema = 'public'"
)


def drop_views(sender: Any, using: str, plan: Sequence[tuple[Migration, bool]] = (), **kwargs: Any) -> None:
    """Signal handler: before a migration that changes a column which a view reads, for PostgreSQL refuses that.

    Whoever reads a view until it is there again is answered 500: no migration after the first release does this.
    """
    touched = {column for migration, _backwards in plan for column in reshaped(migration)}
    with connections[using].cursor() as cursor:
        if touched & read_by_views(cursor):
            for view in VIEWS:
                cursor.execute(f"DROP VIEW IF EXISTS {view.VIEW}")


def read_by_views(cursor: Any) -> set[tuple[str, str]]:
    """Table and column of each that a view reads; "" stands for the table itself."""
    cursor.execute(READ_BY_VIEWS)
    return {
        one
        for _view, table, column in cursor.fetchall()
        for one in ((str(table), str(column)), (str(table), ""))
    }


def views(tables: set[str]) -> dict[str, list[str]]:
    """Views over these tables with the viewer's rights (`security_invoker`): name -> statements."""
    return {
        view.VIEW: [
            f"DROP VIEW IF EXISTS {view.VIEW}",
            view.view(),
            f"GRANT SELECT ON {view.VIEW} TO {settings.APP_ROLE}, {settings.OFFICE_ROLE}",
        ]
        for view, last_table in VIEWS.items()
        if last_table in tables  # else: a database that is migrated step by step
    }


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


def function_statements(tables: set[str]) -> list[str]:
    """The functions of the second wall over these tables, and who may call them."""
    app, office = settings.APP_ROLE, settings.OFFICE_ROLE
    return [
        *(file.read_text(encoding="utf-8") for file in FUNCTIONS),
        *lookups.functions(tables, SECURED, WITHHELD),
        *in_database.functions(tables),
        *similarity.functions(tables),
        f"GRANT USAGE ON SCHEMA public, app TO {app}, {office}",
        "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app, wall FROM PUBLIC",
        f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA app TO {app}, {office}",
    ]


def rights(tables: set[str], readable: dict[str, str]) -> list[str]:
    """Who may read and write which table at all."""
    app, office = settings.APP_ROLE, settings.OFFICE_ROLE
    select = {table: f"SELECT ({readable[table]})" if table in readable else "SELECT" for table in tables}
    result = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {app}, {office}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {app}, {office}",
        *(f"GRANT SELECT ON {view} TO {app}, {office}" for view in views(tables)),
    ]
    for table in sorted(tables):
        writes = "" if table in APPEND_ONLY else ", UPDATE" if table in NEVER_DELETED else ", UPDATE, DELETE"
        result.append(f"GRANT {select[table]}, INSERT{writes} ON {table} TO {office}")
        if table in SECURED:
            result.append(f"GRANT {select[table]} ON {table} TO {app}")
        elif table in OPEN_TO_APP:
            result.append(f"GRANT {OPEN_TO_APP[table].replace('SELECT', select[table])} ON {table} TO {app}")
    return result


def walls(tables: set[str]) -> dict[str, list[str]]:
    """Table -> the statements of its policies and triggers, in order."""
    result = {table: signed_rows.triggers({table}) for table in sorted(tables)}
    for table, made in result.items():
        if table in APPEND_ONLY:
            made.append(
                f"CREATE OR REPLACE TRIGGER append_only BEFORE TRUNCATE ON {table}"
                " EXECUTE FUNCTION app.refuse_truncate()"
            )
        if table in SECURED:
            made += _secure(table, SECURED[table])
        elif table in OPEN_TO_APP and OPEN_TO_APP[table] != EVERYTHING:
            written = WRITABLE.findall(OPEN_TO_APP[table])
            free = ", ".join(f"'{name}'" for names in written for name in names.split(", "))
            made.append(
                f"CREATE OR REPLACE TRIGGER sealed_writes BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW"
                f" WHEN (current_user = '{settings.OFFICE_ROLE}' AND NOT app.may_write())"
                f" EXECUTE FUNCTION app.refuse_write({free})"
            )
    return {table: made for table, made in result.items() if made}


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
