"""Search functions: two per table, in the database.

Neither full-text search nor similarity of words is leakproof: under a policy either would read every row that the
viewer sees. The functions read an index, and check the policy's own condition. `matching_…` finds beginnings of
words. Words that PostgreSQL expects in more than `FREQUENT` rows are looked for in the viewer's departments, and for
the office along the newest rows until `NEWEST` are found: a single typed letter would otherwise read the whole table.
`alike_…` finds the `NEAREST` similar names or titles among the viewer's rows. For cases the viewer's `LATEST` are
compared, found along the access paths of a list (`permissions.complaints.paths`), since thousands have the same
words. `newest_complaints` finds the newest `FOUND` cases with words: ranking all matches of a frequent word costs
more than anyone reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from permissions.core.conditions import KEPT, MY_CONTACTS

FREQUENT, NEWEST, NEAREST = 10_000, 5_000, 50
LATEST, FOUND = 1_000, 200
LIKENESS = 0.5
"""Of the pieces of three letters this share must be the same: one wrong letter in a name of five."""


@dataclass(frozen=True)
class Lookup:
    """What the functions of a table are called, and which of its columns they read."""

    name: str
    newest: str
    fold: str
    words: str = "words"
    is_case: bool = False
    """Words are found by functions of their own (`sql/functions.sql`)."""


def known_in_case(case: str) -> str:
    """That the asker may know who is behind the case of this alias (`known_persons`)."""
    return f"""
    NOT {case}.identity_hidden
    AND ({case}.responsible_department_id = {MY_CONTACTS}
         OR {case}.collaborators && (select app.contact_departments())::bigint[])
"""


CITIZEN_OF_CASE = " OR ".join(
    f"(SELECT c.id FROM complaints_complaint c WHERE c.{way} = contacts_citizen.id AND {known_in_case('c')} LIMIT 1)"
    " IS NOT NULL"
    for way in ("applicant_id", "on_behalf_of_id")
)
"""Two ways and not one with OR: the first is answered by the index of applicants alone. Not EXISTS: behind an OR the
planner hashes it, and reads every case of the department for one page of citizens."""
CITIZEN_OF_REQUEST = f"""
    EXISTS (SELECT FROM appointments_appointmentrequest r
             WHERE r.applicant_id = contacts_citizen.id
               AND (r.principal_id = {KEPT} OR r.department_id = {MY_CONTACTS}))
"""


def citizens(role: str) -> str:
    """The citizens who are looked up (`citizens_looked_up`), where no policy is asked; `role`: that of roles."""
    of_role = (
        f"EXISTS (SELECT FROM partners_role WHERE partners_role.person_id = contacts_citizen.id AND {role})"
    )
    return f"{CITIZEN_OF_CASE} OR {CITIZEN_OF_REQUEST} OR {of_role}"


NAMES = "to_tsvector('simple', coalesce(name_fold, ''))"


LOOKUPS = {
    "agreements_agreement": Lookup("agreements", "drafted_at", "tr_fold(title)"),
    "appointments_appointmentrequest": Lookup("requests", "registered_at", "tr_fold(subject)"),
    "complaints_complaint": Lookup("complaints", "registered_at", "tr_fold(subject)", is_case=True),
    "contacts_citizen": Lookup("citizens", "created_at", "name_fold", NAMES),
    "engagements_engagement": Lookup("engagements", "starts_at", "tr_fold(title)"),
    "events_event": Lookup("events", "starts_at", "tr_fold(title)"),
    "instructions_instruction": Lookup("instructions", "given_at", "tr_fold(subject)"),
    "invitations_invitation": Lookup("invitations", "starts_at", "tr_fold(title)"),
    "letters_letter": Lookup("letters", "drafted_at", "tr_fold(subject)"),
    "mailboxes_inboundmessage": Lookup("inbound_messages", "received_at", "tr_fold(subject)"),
    "partners_organisation": Lookup("organisations", "recorded_at", "tr_fold(name)"),
    "programme_entry": Lookup("entries", "starts_at", "tr_fold(title)"),
}
"""Table -> how it is looked up."""


def functions(tables: set[str], secured: Mapping[str, str], withheld: Mapping[str, str]) -> list[str]:
    """The statements that make the functions of these tables."""
    seen_as = {**secured, "contacts_citizen": citizens(secured["partners_role"])}
    items = []
    for table, lookup in LOOKUPS.items():
        if table in tables:
            seen = seen_as[table]
            whole = withheld.get(table, "true")
            items.append(_newest_cases() if lookup.is_case else _matching(table, lookup, seen, whole))
            items.append(_alike(table, lookup, seen, whole))
    return items


def _matching(table: str, lookup: Lookup, seen: str, whole: str) -> str:
    words, newest = lookup.words, lookup.newest

    def found(words: str, condition: str) -> str:
        return f"RETURN QUERY SELECT id FROM {table} WHERE {words} AND ({condition})"

    looked_up, along = f"{words} @@ query", f"CASE WHEN {words} @@ query THEN true END"
    expected = f"EXPLAIN (FORMAT JSON) SELECT FROM {table} WHERE {words} @@ %L::tsquery".replace("'", "''")
    return f"""
    CREATE OR REPLACE FUNCTION app.matching_{lookup.name}(text) RETURNS SETOF bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 500 SET search_path = public, pg_temp AS $$
    DECLARE
      query tsquery := to_tsquery('simple', $1);
      is_office boolean := app.acts_for_office();
      plan json;
    BEGIN
      EXECUTE format('{expected}', query) INTO plan;
      IF (plan #>> '{{0,Plan,Plan Rows}}')::float > {FREQUENT} THEN
        IF is_office THEN
          {found(along, whole)} ORDER BY {newest} DESC, id DESC LIMIT {NEWEST};
        ELSE
          {found(along, seen)};
        END IF;
      ELSIF is_office THEN
        {found(looked_up, whole)};
      ELSE
        {found(looked_up, seen)};
      END IF;
    END
    $$"""


_OF_EACH = "FROM unnest(app.departments()) mine CROSS JOIN LATERAL"


def _every_latest(most: int, condition: str = "true") -> str:
    return f"""
    SELECT c.id FROM complaints_complaint c WHERE {condition} ORDER BY c.registered_at DESC, c.id DESC LIMIT {most}
"""


def _latest(most: int, condition: str = "true") -> str:
    """The asker's newest cases for which the condition on `c` holds, along the ways of a list."""
    of_case = "SELECT FROM complaints_complaint c WHERE c.id = complaint_id"
    together = "true" if condition == "true" else f"EXISTS ({of_case} AND {condition})"
    return f"""
    SELECT way.id FROM (
      SELECT a.id, a.at {_OF_EACH} (
        SELECT c.id, c.registered_at AS at FROM complaints_complaint c
         WHERE c.responsible_department_id = mine AND {condition}
         ORDER BY c.registered_at DESC, c.id DESC LIMIT {most}) a
      UNION ALL
      SELECT b.id, b.at {_OF_EACH} (
        SELECT complaint_id AS id, case_registered_at AS at FROM complaints_routing
         WHERE department_id = mine AND role = 'COLLABORATING' AND ended_at IS NULL AND {together}
         ORDER BY case_registered_at DESC, complaint_id DESC LIMIT {most}) b
      UNION ALL
      SELECT c.id, c.registered_at FROM complaints_complaint c WHERE c.id = ANY (app.shared()) AND {condition}) way
     ORDER BY way.at DESC, way.id DESC LIMIT {most}
"""


def _newest_cases() -> str:
    """The newest of the asker's cases with words, found in the way that costs least (`permissions.core.matching`)."""
    along = "CASE WHEN c.words @@ query THEN true END"
    every, mine = (
        f"c.id = ANY (ARRAY(SELECT app.{way}($1)))"
        for way in ("every_matching_complaint", "matching_complaints")
    )
    return f"""
    CREATE OR REPLACE FUNCTION app.newest_complaints(text) RETURNS SETOF bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS {FOUND} SET search_path = public, pg_temp AS $$
    DECLARE
      query tsquery := to_tsquery('simple', $1);
      is_office boolean := app.acts_for_office();
    BEGIN
      IF app.is_frequent($1) AND is_office THEN
        RETURN QUERY {_every_latest(FOUND, along)};
      ELSIF app.is_frequent($1) THEN
        RETURN QUERY {_latest(FOUND, along)};
      ELSIF is_office THEN
        RETURN QUERY {_every_latest(FOUND, every)};
      ELSE
        RETURN QUERY {_every_latest(FOUND, mine)};
      END IF;
    END
    $$"""


def _alike(table: str, lookup: Lookup, seen: str, whole: str) -> str:
    fold, newest = lookup.fold, lookup.newest
    likeness = f"word_similarity($1, {fold}) DESC"

    def found(condition: str) -> str:
        rows = f"$1 <% {fold} AND ({condition})"
        if lookup.is_case:
            latest = (_every_latest if condition == whole else _latest)(LATEST)
            rows = f"id = ANY (ARRAY({latest})) AND $1 <% {fold} AND ({condition})"
        return (
            f"RETURN QUERY SELECT id FROM {table} WHERE {rows}"
            f" ORDER BY {likeness}, {newest} DESC, id DESC LIMIT {NEAREST}"
        )

    return f"""
    CREATE OR REPLACE FUNCTION app.alike_{lookup.name}(text) RETURNS SETOF bigint
    LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS {NEAREST} SET search_path = public, pg_temp AS $$
    BEGIN
      PERFORM set_config('pg_trgm.word_similarity_threshold', '{LIKENESS}', true);
      IF app.acts_for_office() THEN
        {found(whole)};
      ELSE
        {found(seen)};
      END IF;
    END
    $$"""
