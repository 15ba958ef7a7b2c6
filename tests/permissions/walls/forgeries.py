"""What somebody tries who may send any SQL as the application's role: each a list of statements, run one after another.

`{seal}` is a seal as the office has one, read elsewhere; `{stale}`, `{forged}`, `{altered}`, `{crossed}`, `{elsewhere}`
are tickets that must not be believed; `{case}` is the number of a case of another department, `{user}` of its head.
"""

from __future__ import annotations

OFFICE = "ozelkalem_office"

SETTINGS = {
    "the seal": [
        "SET backtrace_functions = '{seal}'",
        "SELECT set_config('backtrace_functions', '{seal}', true)",
    ],
    "the seal for good": ["SELECT set_config('backtrace_functions', '{seal}', false)"],
    "the seal through a view": [
        "UPDATE pg_settings SET setting = '{seal}' WHERE name = 'backtrace_functions'"
    ],
    "the seal of the role": ["ALTER ROLE ozelkalem_app SET backtrace_functions = '{seal}'"],
    "the seal of a block": ["DO $$ BEGIN PERFORM set_config('backtrace_functions', '{seal}', true); END $$"],
    "the seal for everybody": ["ALTER SYSTEM SET backtrace_functions = '{seal}'", "SELECT pg_reload_conf()"],
    "the right to it": ["GRANT SET ON PARAMETER backtrace_functions TO ozelkalem_app"],
    "a seal of an own name": [
        "SELECT set_config('app.seal', '{seal}', true), set_config('wall.seal', '{seal}', true)",
        f"SET LOCAL ROLE {OFFICE}",
    ],
    "the settings of old": [
        "SET LOCAL app.user_id = '{user}'; SET LOCAL app.departments = '{{1,2,3,4,5,6,7}}'",
        "SET LOCAL app.programmes = '{{1,2}}'; SET LOCAL app.shared = '{{{case}}}'",
    ],
    "no settings at all": ["RESET ALL", f"SET LOCAL ROLE {OFFICE}"],
    "row security off": ["SET LOCAL row_security = off"],
    "as a replica": ["SET LOCAL session_replication_role = replica"],
}
ROLES = {
    "the office's role": [f"SET LOCAL ROLE {OFFICE}"],
    "the office's role for good": [f"SET ROLE {OFFICE}"],
    "the office's role by a function": [
        f"SELECT set_config('role', '{OFFICE}', true)",
        "SELECT app.take_role()",
    ],
    "another session": [f"SET SESSION AUTHORIZATION {OFFICE}", "SET SESSION AUTHORIZATION ozelkalem_owner"],
    "the owner": ["SET ROLE ozelkalem_owner"],
    "the office's role and the settings of old": [
        f"SELECT set_config('app.user_id', '', true), set_config('app.departments', '', true),"
        f" set_config('role', '{OFFICE}', true)",
    ],
    "the role inherited": [f"GRANT {OFFICE} TO ozelkalem_app WITH INHERIT TRUE"],
}
TICKETS = {
    f"{kind} ticket for {door}": [f"SELECT app.{door}('{{{kind}}}')", f"SET LOCAL ROLE {OFFICE}"]
    for kind in ("stale", "forged", "altered", "crossed", "elsewhere")
    for door in ("enter", "enter_bearer", "enter_system", "assume", "admit", "admit_system", "admit_as")
} | {
    "no ticket": ["SELECT app.enter(NULL)", "SELECT app.enter_system(NULL)", "SELECT app.assume(NULL)"],
    "what stands behind the doors": [
        "SELECT * FROM wall.admit({user}, true)",
        "SELECT * FROM wall.department_grants({user})",
        "SELECT wall.payload('x', 'enter')",
    ],
    "the keys": ["SELECT * FROM wall.ticket_key", "COPY wall.ticket_key TO STDOUT"],
}
OBJECTS = {
    "a table to shadow": [
        "CREATE TEMP TABLE organization_user AS SELECT 1 AS id, true AS is_superuser, true AS is_active",
        "SET LOCAL search_path = pg_temp, public",
    ],
    "a function to leak": [
        "CREATE FUNCTION pg_temp.told(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS"
        " $$ BEGIN RAISE NOTICE '%', $1; RETURN true; END $$",
        "SELECT pg_temp.told(subject) FROM complaints_complaint",
    ],
    "a function in public": ["CREATE FUNCTION public.tr_fold(bigint) RETURNS text LANGUAGE sql RETURN 'x'"],
    "another seal": [
        "CREATE OR REPLACE FUNCTION app.seal() RETURNS text LANGUAGE sql STABLE RETURN '{seal}'"
    ],
    "a policy": ["CREATE POLICY mine ON complaints_complaint USING (true)"],
    "a view": ["CREATE TEMP VIEW told AS SELECT * FROM complaints_complaint", "SELECT * FROM told"],
    "a schema first": ["CREATE SCHEMA mine", "SET LOCAL search_path = mine, pg_catalog"],
    "an extension": ["CREATE EXTENSION dblink", "CREATE EXTENSION file_fdw"],
    "no policy": ["ALTER TABLE complaints_complaint DISABLE ROW LEVEL SECURITY"],
}
LEAKS = {
    f"{name} as {role}": [*taking, statement]
    for role, taking in (("itself", []), ("the office", [f"SET LOCAL ROLE {OFFICE}"]))
    for name, statement in {
        "a cast": "SELECT subject::integer FROM complaints_complaint",
        "a cast in a condition": "SELECT 1 FROM complaints_complaint WHERE subject::integer = 1",
        "a division": "SELECT 1 FROM complaints_complaint WHERE 1 / (length(subject) - length(subject)) = 1",
        "a cheap function": "SELECT 1 FROM complaints_complaint WHERE to_tsquery('simple', subject || ' & ''') IS NULL",
        "a pattern": "SELECT 1 FROM contacts_citizen WHERE first_name ~ ('(' || first_name)",
        "XML of a query": "SELECT query_to_xml('SELECT * FROM complaints_complaint', true, true, '')",
        "XML of the schema": "SELECT schema_to_xml('public', true, true, '')",
        "JSON": "SELECT row_to_json(c) FROM complaints_complaint c",
        "a plan": "EXPLAIN (ANALYZE, VERBOSE) SELECT subject FROM complaints_complaint",
        "a cursor": "DECLARE held CURSOR WITH HOLD FOR SELECT * FROM complaints_complaint; FETCH ALL FROM held",
        "a prepared statement": "PREPARE kept AS SELECT * FROM contacts_citizen; EXECUTE kept; DEALLOCATE kept",
        "COPY": "COPY complaints_complaint TO STDOUT",
        "COPY of a query": "COPY (SELECT * FROM contacts_citizen) TO STDOUT",
        "a join of open tables": "SELECT c.* FROM organization_user u JOIN complaints_complaint c ON true",
        "a lock": "SELECT * FROM complaints_complaint FOR UPDATE",
        "statistics": "SELECT * FROM pg_stats WHERE tablename IN ('complaints_complaint', 'contacts_citizen')",
        "raw statistics": "SELECT * FROM pg_statistic",
        "statistics of several columns": "SELECT * FROM pg_stats_ext, pg_stats_ext_exprs",
        "raw statistics of several": "SELECT * FROM pg_statistic_ext_data",
        "activity": "SELECT * FROM pg_stat_activity",
        "cursors and statements": "SELECT * FROM pg_cursors; SELECT * FROM pg_prepared_statements",
        "locks": "SELECT * FROM pg_locks",
        "large objects": "SELECT lo_get(oid) FROM pg_largeobject_metadata; SELECT lo_import('/etc/passwd')",
        "files": "SELECT pg_read_file('postgresql.conf'); SELECT pg_ls_dir('.')",
        "a program": "COPY complaints_complaint TO PROGRAM 'cat'",
        "a channel": "LISTEN procrastinate_any_queue; SELECT pg_notify('ozelkalem', 'x')",
    }.items()
}
WRITES = {
    f"{name} as {role}": [*taking, statement]
    for role, taking in (("itself", []), ("the office", [f"SET LOCAL ROLE {OFFICE}"]))
    for name, statement in {
        "a case changed": "UPDATE complaints_complaint SET subject = 'x'",
        "a case deleted": "DELETE FROM complaints_comment; DELETE FROM complaints_complaint",
        "a case made": "INSERT INTO complaints_comment (complaint_id, at, body, author_id)"
        " VALUES ({case}, now(), 'x', {user})",
        "a merge": "MERGE INTO complaints_complaint c USING organization_user u ON c.id = {case}"
        " WHEN MATCHED THEN UPDATE SET subject = 'x'",
        "everything emptied": "TRUNCATE complaints_complaint CASCADE",
        "a superuser": "UPDATE organization_user SET is_superuser = true",
        "an account": "INSERT INTO organization_user SELECT * FROM organization_user",
        "a grant": "INSERT INTO permissions_departmentgrant (user_id, content_object_id, permission_id, valid_from)"
        " SELECT {user}, id, 1, current_date FROM organization_department",
        "a department": "UPDATE organization_department SET is_private_office = true",
        "a closed department": "DELETE FROM organization_department",
        "a right": "INSERT INTO auth_permission (name, content_type_id, codename) VALUES ('x', 1, 'x')",
        "a number": "UPDATE core_numbersequence SET last = 0; DELETE FROM core_numbersequence",
        "history": "INSERT INTO journal_auditlog (at, verb) VALUES (now(), 'x')",
        "a holiday": "DELETE FROM organization_holidaycorrection; DELETE FROM programme_workinghours",
        "migrations": "DELETE FROM django_migrations",
    }.items()
}
FORGERIES: dict[str, list[str]] = {**SETTINGS, **ROLES, **TICKETS, **OBJECTS, **LEAKS, **WRITES}
