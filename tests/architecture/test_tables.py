"""Every table has a rule and a policy, or is named as needing none; the database says what the code says."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections

from backend.core.at_rest.columns import write_only_columns
from permissions import checks, policies
from permissions.core.filters import Action
from permissions.core.registry import RULES
from permissions.policies import APPEND_ONLY, NEVER_DELETED, OPEN, OPEN_TO_APP, SECURED
from tests.databases import CommittedDatabase

POLICIES = """
    SELECT tablename, policyname, permissive, roles::text, cmd, qual, with_check
      FROM pg_policies ORDER BY tablename, policyname
"""
RIGHTS = """
    SELECT c.relname, pg_get_userbyid(a.grantee), string_agg(a.privilege_type, ', ' ORDER BY a.privilege_type)
      FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.grantee <> c.relowner
     GROUP BY 1, 2 ORDER BY 1, 2
"""
COLUMN_RIGHTS = """
    SELECT c.relname, r.privilege_type, array_agg(a.attname::text ORDER BY a.attname)
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid CROSS JOIN LATERAL aclexplode(a.attacl) r
     WHERE c.relnamespace = 'public'::regnamespace GROUP BY 1, 2 ORDER BY 1, 2
"""
FUNCTIONS = """
    SELECT p.proname, pg_get_functiondef(p.oid), p.proacl::text FROM pg_proc p
      JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('app', 'wall') ORDER BY 1, p.oid
"""
SECURITY = """
    SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY 1
"""
TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
     WHERE tgname IN ('append_only', 'sealed_writes') OR tgname LIKE 'signed_%' ORDER BY 1, 2
"""
APP, OFFICE = f"{{{settings.APP_ROLE}}}", f"{{{settings.OFFICE_ROLE}}}"
POLICIES_OF_A_TABLE = {
    "department_reads": (APP, "SELECT"),
    "office_reads": (OFFICE, "SELECT"),
    "office_inserts": (OFFICE, "INSERT"),
    "office_updates": (OFFICE, "UPDATE"),
    "office_deletes": (OFFICE, "DELETE"),
    "owner_everything": ("{ozelkalem_owner}", "ALL"),
}


def _ask(question: str, alias: str = "default") -> list[tuple]:
    with connections[alias].cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchall()


def _wall(alias: str = "owner") -> dict[str, list[tuple]]:
    questions = {
        "policies": POLICIES,
        "rights": RIGHTS,
        "rights on columns": COLUMN_RIGHTS,
        "functions": FUNCTIONS,
        "on": SECURITY,
        "triggers": TRIGGERS,
    }
    return {name: _ask(question, alias) for name, question in questions.items()}


def test_every_model_has_a_rule_and_a_policy_or_a_reason_for_none() -> None:
    assert checks.every_table_has_a_rule(None) == []


def test_every_table_of_the_database_is_secured_or_named_as_open(db: None) -> None:
    tables = {name for (name,) in _ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
    assert tables == set(SECURED) | set(OPEN_TO_APP)
    assert not set(SECURED) & set(OPEN_TO_APP)
    assert all(reason for reason in OPEN)


def test_a_table_without_a_reason_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(policies.OPEN_TO_APP, "django_session")
    assert [error.id for error in checks.every_table_has_a_rule(None)] == ["permissions.E001"]


def test_a_secured_table_without_a_rule_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(RULES, apps.get_model("complaints", "Comment"))
    assert [error.id for error in checks.every_table_has_a_rule(None)] == ["permissions.E002"]


def test_every_rule_says_who_sees_the_row() -> None:
    assert all(Action.VIEW in rules for rules in RULES.values())


def test_installing_the_wall_again_changes_nothing(committed_db: CommittedDatabase) -> None:
    """So what stands in the database is what stands in the code."""
    before = _wall()
    assert len(before["policies"]) == len(POLICIES_OF_A_TABLE) * len(SECURED)
    policies.install("owner")
    assert _wall() == before


@pytest.mark.parametrize(
    "drift",
    [
        "ALTER POLICY department_reads ON complaints_complaint USING (true)",
        "ALTER POLICY department_reads ON complaints_comment TO PUBLIC",
        "DROP POLICY office_reads ON contacts_citizen",
        "GRANT UPDATE ON complaints_complaint TO ozelkalem_app",
        "GRANT UPDATE (is_superuser) ON organization_user TO ozelkalem_app",
        "ALTER TABLE complaints_notice NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE complaints_notice DISABLE ROW LEVEL SECURITY",
        "DROP TRIGGER append_only ON journal_auditlog",
        "DROP TRIGGER sealed_writes ON organization_user",
        "GRANT EXECUTE ON FUNCTION app.admit(text) TO PUBLIC",
        "DROP TRIGGER signed_insert ON organization_user",
        "GRANT SELECT ON organization_user TO ozelkalem_office",
        "GRANT SELECT (digest) ON portals_apitoken TO ozelkalem_app",
        "CREATE OR REPLACE FUNCTION app.administers() RETURNS boolean LANGUAGE sql STABLE RETURN true",
    ],
)
def test_a_database_that_says_something_else_is_put_right(
    drift: str, committed_db: CommittedDatabase
) -> None:
    before = _wall()
    with connections["owner"].cursor() as cursor:
        cursor.execute(drift)
    assert _wall() != before
    policies.install("owner")
    assert _wall() == before


def test_row_level_security_is_on_and_forced_exactly_where_it_is_said(db: None) -> None:
    state = {name: (enabled, forced) for name, enabled, forced in _ask(SECURITY)}
    assert {name for name, on in state.items() if on == (True, True)} == set(SECURED)
    assert {name for name, on in state.items() if on == (False, False)} == set(OPEN_TO_APP)


def test_each_policy_says_what_the_code_says(db: None) -> None:
    found = {
        (table, name): (permissive, roles, command)
        for table, name, permissive, roles, command, *_ in _ask(POLICIES)
    }
    expected = {
        (table, name): ("PERMISSIVE", *of_policy)
        for table in SECURED
        for name, of_policy in POLICIES_OF_A_TABLE.items()
    }
    assert found == expected


def test_the_roles_are_what_the_wall_stands_on(db: None) -> None:
    roles = _ask("""
        SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolinherit, rolcreaterole, rolreplication
          FROM pg_roles WHERE rolname IN ('ozelkalem_app', 'ozelkalem_office', 'ozelkalem_owner') ORDER BY 1
    """)
    assert roles == [
        ("ozelkalem_app", True, False, False, False, False, False),
        ("ozelkalem_office", False, False, False, roles[1][4], False, False),
        ("ozelkalem_owner", True, False, False, roles[2][4], False, False),
    ]
    members = _ask("""
        SELECT g.rolname, m.rolname, a.inherit_option, a.set_option, a.admin_option FROM pg_auth_members a
          JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member
         WHERE m.rolname IN ('ozelkalem_app', 'ozelkalem_office')
    """)
    assert members == [("ozelkalem_office", "ozelkalem_app", False, True, False)]


def test_what_the_web_may_do_to_a_table_is_what_is_said(db: None) -> None:
    rights: dict[tuple[str, str], set[str]] = {}
    for table, grantee, privileges in _ask(RIGHTS):
        rights[table, grantee] = set(privileges.split(", "))
    columns = {(table, right): set(names) for table, right, names in _ask(COLUMN_RIGHTS)}
    for table, hidden in write_only_columns().items():  # all of the others, for both roles
        every = {name for (name,) in _ask(f"SELECT attname FROM pg_attribute WHERE attrelid = '{table}'::regclass"
                                          " AND attnum > 0 AND NOT attisdropped")}  # fmt: skip
        assert columns.pop((table, "SELECT")) == every - set(hidden), table
        for role in (settings.APP_ROLE, settings.OFFICE_ROLE):
            assert "SELECT" not in rights.setdefault((table, role), set()), table
            rights[table, role].add("SELECT")
    for table in SECURED:
        assert rights[table, settings.APP_ROLE] == {"SELECT"}, table
    for table, allowed in OPEN_TO_APP.items():
        whole, _separator, of_columns = allowed.partition(", UPDATE (")
        assert rights[table, settings.APP_ROLE] == set(whole.split(", ")), table
        if of_columns:
            assert columns.pop((table, "UPDATE")) == set(of_columns.removesuffix(")").split(", ")), table
    assert columns == {}
    for table in set(SECURED) | set(OPEN_TO_APP):
        office = {"SELECT", "INSERT", "UPDATE", "DELETE"}
        office -= {"UPDATE", "DELETE"} if table in APPEND_ONLY else set()
        office -= {"DELETE"} if table in NEVER_DELETED else set()
        assert rights[table, settings.OFFICE_ROLE] == office, table
    assert {grantee for _table, grantee in rights} == {settings.APP_ROLE, settings.OFFICE_ROLE}


def test_no_view_goes_round_the_wall(db: None) -> None:
    """A view reads with its owner's eyes unless it says security_invoker; a materialised one always does."""
    views = _ask("""
        SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
           AND (c.relkind = 'm' OR c.relkind = 'v'
                AND NOT coalesce(c.reloptions @> '{security_invoker=true}', false))
    """)
    assert views == []


def test_only_these_functions_read_with_their_owners_eyes(db: None) -> None:
    definers = _ask("""
        SELECT n.nspname, p.proname, p.proconfig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 2
    """)
    assert [name for _schema, name, _configuration in definers] == [
        "administers",
        "admit",
        "admit_as",
        "admit_bearer",
        "admit_system",
        "alike_agreements",
        "alike_citizens",
        "alike_complaints",
        "alike_engagements",
        "alike_entries",
        "alike_events",
        "alike_inbound_messages",
        "alike_instructions",
        "alike_invitations",
        "alike_letters",
        "alike_organisations",
        "alike_requests",
        "busy",
        "cases_of_named",
        "citizens_alone",
        "client_secret_of",
        "confidential_instructions",
        "confidential_warned",
        "delivery",
        "delivery_at",
        "entry_is_open",
        "every_matching_complaint",
        "expected_complaints",
        "feed",
        "files_kept",
        "forget",
        "forget_answers",
        "forget_notifications",
        "held_citizens",
        "is_held",
        "keep_happenings",
        "keepers",
        "kept_by_law",
        "log_access",
        "log_access_of",
        "looked_frequent",
        "matching_agreements",
        "matching_citizens",
        "matching_complaints",
        "matching_engagements",
        "matching_entries",
        "matching_events",
        "matching_inbound_messages",
        "matching_instructions",
        "matching_invitations",
        "matching_letters",
        "matching_organisations",
        "matching_requests",
        "members_of",
        "mentions",
        "named_in",
        "newest_complaints",
        "note_failure",
        "notify",
        "password_hash",
        "readers_of_case",
        "redact",
        "release_expired_holds",
        "remember_answer",
        "reminded",
        "remove_old_notifications",
        "settle_notifications",
        "similar_complaints",
        "spend",
        "standings",
        "stands_against",
        "stored_response",
        "successions",
        "text_tables",
        "to_be_told",
        "token_of",
        "trusted_text",
        "verified",
        "verified_letter",
    ]
    assert all(configuration[0] == "search_path=public, pg_temp" for *_, configuration in definers)
    more = {entry for *_, configuration in definers for entry in configuration[1:]}
    assert more == {"plan_cache_mode=force_generic_plan"}


def test_the_owner_of_every_table_is_not_the_role_of_the_web(db: None) -> None:
    owners = _ask("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")
    assert owners == [("ozelkalem_owner",)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_schema_privilege('ozelkalem_app', 'public', 'CREATE')")
        assert cursor.fetchone() == (False,)
