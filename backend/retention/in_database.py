# ruff: noqa: S608 - everything here is constants of this package
"""The functions of the database that `places` is made into. They see and write what no role of the house does; only the
office's role may call them."""

from __future__ import annotations

from backend.retention.places import MARK, NOT_OF_CITIZENS, PLACES, RETAINED, WRITTEN_TO, Place


def functions(tables: set[str]) -> list[str]:
    """The functions of the database that this list is made into; none where a table is still to be made."""
    named = {step.table for steps in PLACES.values() for step in steps if isinstance(step, Place)}
    if not named | {"retention_legalhold", "retention_retentionrule"} <= tables:
        return []
    return [
        _forget(),
        WITHOUT_A_TABLE,
        _tables(),
        _strike(),
        _mentions(),
        HELD_CITIZENS,
        IS_HELD,
        STANDS_AGAINST,
        KEPT_BY_LAW,
        ALONE,
        NAMED_IN,
    ]


_REFUSAL = "RAISE EXCEPTION 'permission denied' USING ERRCODE = 'insufficient_privilege'"
GUARD = f"""
  IF NOT app.acts_for_office() THEN
    {_REFUSAL};
  END IF;"""
WRITE_GUARD = GUARD.replace("acts_for_office", "may_write")
_DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp AS $$"


def _forget() -> str:
    branches = []
    for number, (kind, steps) in enumerate(PLACES.items()):
        word = "ELSIF" if number else "IF"
        body = ";\n    ".join(step.statement() for step in steps)
        branches.append(f"  {word} what = '{kind}' THEN\n    {body};")
    return f"""
CREATE OR REPLACE FUNCTION app.forget(what text, ids bigint[]) RETURNS SETOF text
LANGUAGE plpgsql VOLATILE {_DEFINER}
BEGIN{WRITE_GUARD}
  IF ids = '{{}}' THEN
    RETURN;
  END IF;
{chr(10).join(branches)}
  ELSE
    RAISE EXCEPTION 'nothing is known of this kind';
  END IF;
END
$$"""


_HELD_BY = ", ".join(
    f"('{of}', '{name}', '{what}')"
    for of, name, what in (
        ("", "complaint_id", "CASE"),
        ("", "request_id", "APPOINTMENT"),
        ("", "appointment_request_id", "APPOINTMENT"),
        ("", "event_id", "GUEST_LIST"),
        ("complaints_complaint", "id", "CASE"),
        ("complaints_complaintevent", "pgh_obj_id", "CASE"),
        ("appointments_appointmentrequest", "id", "APPOINTMENT"),
        ("events_event", "id", "GUEST_LIST"),
        ("contacts_citizen", "id", "CITIZEN"),
        ("contacts_citizenevent", "pgh_obj_id", "CITIZEN"),
    )
)
"""(table or "" for any, column, kind): a text of a row whose column names something that is held is evidence."""


def _columns() -> str:
    """Every column of the database in which a citizen may be spoken of, histories last: they take the old row. A column
    that is unique by itself is a code or number that the house made; how another citizen is reached is theirs."""
    skipped = " AND ".join(
        f"c.relname NOT LIKE '{name.replace('_', chr(92) + '_')}%'" for name in NOT_OF_CITIZENS
    )
    allowed = " ".join(
        f"WHEN '{table}' THEN '{condition.replace(chr(39), chr(39) * 2)}'"
        for table, (condition, _why) in RETAINED.items()
    )
    return f"""
    SELECT c.relname, a.attname, format_type(a.atttypid, NULL) AS kind,
           CASE c.relname {allowed} ELSE 'true' END AS allowed,
           CASE WHEN EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique
                                AND a.attnum = ANY (i.indkey))
                THEN ' || substr(md5(gen_random_uuid()::text), 1, 8)' ELSE '' END AS apart,
           coalesce((SELECT string_agg(format(' AND NOT coalesce(app.is_held(%L, %I), false)', h.what, h.name), '')
                       FROM (VALUES {_HELD_BY}) AS h(tab, name, what)
                       JOIN pg_attribute b ON b.attrelid = c.oid AND b.attname = h.name AND NOT b.attisdropped
                      WHERE h.tab IN ('', c.relname)), '') AS unheld
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
       AND NOT (c.relname IN ('contacts_citizen', 'contacts_citizenevent') AND a.attname IN ('phone', 'email'))
       AND a.attgenerated = '' AND {skipped}
       AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype, 'text[]'::regtype,
                          'varchar[]'::regtype)
       AND NOT EXISTS (SELECT FROM pg_index i
                        WHERE i.indrelid = c.oid AND i.indisunique AND i.indnkeyatts = 1 AND a.attnum = ANY (i.indkey))
     ORDER BY c.relname LIKE '%event' AND c.relname <> 'events_event', c.relname, a.attnum"""


WITHOUT_A_TABLE = "DROP FUNCTION IF EXISTS app.redact(text)"
"""As it was called until 2026-11-26."""


def _tables() -> str:
    return f"""
CREATE OR REPLACE FUNCTION app.text_tables() RETURNS SETOF text
LANGUAGE plpgsql STABLE {_DEFINER}
BEGIN{GUARD}
  RETURN QUERY SELECT here.relname::text FROM ({_columns()}) here
                GROUP BY here.relname
                ORDER BY here.relname LIKE '%event' AND here.relname <> 'events_event', here.relname;
END
$$"""


def _strike() -> str:
    return f"""
CREATE OR REPLACE FUNCTION app.redact(pattern text, place_table text) RETURNS bigint
LANGUAGE plpgsql VOLATILE {_DEFINER}
DECLARE
  place record;
  touched bigint;
  total bigint := 0;
BEGIN{WRITE_GUARD}
  FOR place IN SELECT * FROM ({_columns()}) here WHERE here.relname = place_table
  LOOP
    EXECUTE format('UPDATE public.%1$I SET %2$I = regexp_replace(%2$I::text, $1, ''{MARK}''%5$s, ''gi'')::%3$s'
                   ' WHERE %2$I::text ~* $1 AND %4$s%6$s',
                   place.relname, place.attname, place.kind, place.allowed, place.apart, place.unheld)
      USING pattern;
    GET DIAGNOSTICS touched = ROW_COUNT;
    total := total + touched;
  END LOOP;
  RETURN total;
END
$$"""


def _mentions() -> str:
    return f"""
CREATE OR REPLACE FUNCTION app.mentions(pattern text) RETURNS TABLE (place text, hits bigint)
LANGUAGE plpgsql STABLE {_DEFINER}
DECLARE
  here record;
BEGIN{GUARD}
  FOR here IN {_columns()}
  LOOP
    place := here.relname;
    EXECUTE format('SELECT count(*) FROM public.%I WHERE %I::text ~* $1', here.relname, here.attname)
      INTO hits USING pattern;
    IF hits > 0 THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END
$$"""


HELD_CITIZENS = f"""
CREATE OR REPLACE FUNCTION app.held_citizens() RETURNS SETOF bigint
LANGUAGE plpgsql STABLE {_DEFINER}
BEGIN{GUARD}
  RETURN QUERY WITH RECURSIVE family(id) AS (
    SELECT h.citizen_id FROM retention_legalhold h WHERE h.lifted_at IS NULL AND h.citizen_id IS NOT NULL
    UNION
    SELECT near.id FROM family f CROSS JOIN LATERAL (
      SELECT c.id FROM contacts_citizen c WHERE c.merged_into_id = f.id
      UNION ALL
      SELECT c.merged_into_id FROM contacts_citizen c WHERE c.id = f.id AND c.merged_into_id IS NOT NULL
    ) near
  )
  SELECT f.id FROM family f;
END
$$"""
"""Every record of the persons on whom a hold stands: whatever was merged with theirs, either way."""

IS_HELD = f"""
CREATE OR REPLACE FUNCTION app.is_held(what text, row_id bigint) RETURNS boolean
LANGUAGE plpgsql STABLE {_DEFINER}
BEGIN{GUARD}
  RETURN EXISTS (SELECT FROM retention_legalhold h WHERE h.lifted_at IS NULL AND (
      (h.kind = what AND h.complaint_id IS NULL AND h.request_id IS NULL AND h.event_id IS NULL
       AND h.citizen_id IS NULL)
      OR CASE what
         WHEN 'CASE' THEN h.complaint_id = row_id OR EXISTS (SELECT FROM appointments_appointmentrequest r
              WHERE r.id = h.request_id AND r.complaint_id = row_id)
         WHEN 'APPOINTMENT' THEN h.request_id = row_id WHEN 'GUEST_LIST' THEN h.event_id = row_id ELSE false END))
    OR row_id IN (SELECT app.held_citizens()) AND what = 'CITIZEN'
    OR what = 'CASE' AND EXISTS (SELECT FROM complaints_complaint c JOIN app.held_citizens() AS held(id)
        ON held.id IN (c.applicant_id, c.on_behalf_of_id) WHERE c.id = row_id)
    OR what = 'APPOINTMENT' AND EXISTS (SELECT FROM appointments_appointmentrequest r
        JOIN app.held_citizens() AS held(id) ON held.id = r.applicant_id WHERE r.id = row_id);
END
$$"""
"""Whether a hold stands on a case, request, event or person, by itself, through a person, or on its whole kind."""

_CASES = "(c.applicant_id = ANY (ids) OR c.on_behalf_of_id = ANY (ids))"
_OWN_CASES = "(c.applicant_id = ANY (ids) OR c.applicant_id IS NULL AND c.on_behalf_of_id = ANY (ids))"
_PROMISES = """SELECT p.id FROM appointments_promise p JOIN appointments_appointmentrequest r
      ON p.request_id = r.id OR p.entry_id = r.entry_id WHERE r.applicant_id = ANY (ids)"""
_CASE_ROWS = f"SELECT c.id FROM complaints_complaint c WHERE {_CASES}"
_REQUEST_ROWS = "SELECT r.id FROM appointments_appointmentrequest r WHERE r.applicant_id = ANY (ids)"
_WHOLE = {
    "CASE": f"EXISTS ({_CASE_ROWS})",
    "APPOINTMENT": f"EXISTS ({_REQUEST_ROWS})",
    "GUEST_LIST": "EXISTS (SELECT FROM events_guest g WHERE g.person_id = ANY (ids))",
    "GREETING": "EXISTS (SELECT FROM greetings_recipient g WHERE g.citizen_id = ANY (ids))",
    "MESSAGE": f"""EXISTS (SELECT FROM complaints_notice n
                      WHERE n.message_id IS NOT NULL AND n.complaint_id IN ({_CASE_ROWS}))
          OR EXISTS (SELECT FROM appointments_requestnotice n
                      WHERE n.message_id IS NOT NULL AND n.request_id IN ({_REQUEST_ROWS}))
          OR EXISTS (SELECT FROM events_guest g WHERE g.message_id IS NOT NULL AND g.person_id = ANY (ids))
          OR EXISTS (SELECT FROM greetings_recipient g
                      WHERE g.message_id IS NOT NULL AND g.citizen_id = ANY (ids))
          OR EXISTS (SELECT FROM mailboxes_writtenmessage WHERE message_id IS NOT NULL AND {WRITTEN_TO})""",
    "INBOUND": """EXISTS (SELECT FROM mailboxes_inboundmessage m JOIN contacts_citizen c
                      ON m.from_address IN (lower(c.email), c.phone) WHERE c.id = ANY (ids) AND m.from_address <> ''
                      AND m.complaint_id IS NULL AND m.appointment_request_id IS NULL AND m.letter_id IS NULL)""",
    "CITIZEN": "true",
}
"""Kind -> whether a hold on the whole of it is on something of this person that would go. The read log stays."""
_ON_A_KIND = " ".join(f"WHEN '{kind}' THEN {rows}" for kind, rows in _WHOLE.items())

STANDS_AGAINST = f"""
CREATE OR REPLACE FUNCTION app.stands_against(ids bigint[]) RETURNS TABLE (what text, hits bigint)
LANGUAGE plpgsql STABLE {_DEFINER}
BEGIN{GUARD}
  RETURN QUERY SELECT s.kind, sum(s.number)::bigint FROM (
    SELECT 'OPEN_CASE' AS kind, count(*) AS number FROM complaints_complaint
     WHERE (applicant_id = ANY (ids) OR on_behalf_of_id = ANY (ids)) AND closed_at IS NULL
    UNION ALL SELECT 'OPEN_REQUEST', count(*) FROM appointments_appointmentrequest
     WHERE applicant_id = ANY (ids) AND status IN ('NEW', 'PROPOSED', 'APPROVED', 'ON_PUBLIC_DAY', 'REDIRECTED')
    UNION ALL SELECT 'COMING_EVENT', count(*) FROM events_guest g JOIN events_event e ON e.id = g.event_id
     WHERE g.person_id = ANY (ids) AND e.status IN ('PLANNED', 'ANNOUNCED')
    UNION ALL SELECT 'OPEN_LETTER', count(DISTINCT l.id) FROM letters_letter l
      JOIN letters_addressee a ON a.letter_id = l.id
     WHERE a.citizen_id = ANY (ids) AND l.status IN ('DRAFT', 'INITIALS', 'SIGNATURE', 'APPROVAL', 'SIGNED')
    UNION ALL SELECT 'ROLE', count(*) FROM partners_role
     WHERE person_id = ANY (ids) AND (valid_to IS NULL OR valid_to >= app.today())
    UNION ALL SELECT 'HOLDING', count(*) FROM protocol_holding
     WHERE person_id = ANY (ids) AND (valid_until IS NULL OR valid_until >= app.today())
    UNION ALL SELECT 'GREETING', count(*) FROM greetings_recipient
     WHERE citizen_id = ANY (ids) AND outcome IN ('PENDING', 'FLAGGED')
    UNION ALL SELECT 'PROMISE', count(*) FROM appointments_promise WHERE status = 'OPEN' AND id IN ({_PROMISES})
    UNION ALL SELECT 'INSTRUCTION', count(*) FROM instructions_instruction
     WHERE status IN ('GIVEN', 'ACKNOWLEDGED', 'TIME_ASKED', 'REFUSED', 'DONE')
       AND (complaint_id IN (SELECT c.id FROM complaints_complaint c WHERE {_OWN_CASES})
            OR request_id IN ({_REQUEST_ROWS}) OR promise_id IN ({_PROMISES}))
    UNION ALL SELECT 'HOLD', count(*) FROM retention_legalhold h
     WHERE h.lifted_at IS NULL AND (h.citizen_id = ANY (ids)
        OR h.complaint_id IN ({_CASE_ROWS})
        OR h.request_id IN ({_REQUEST_ROWS})
        OR h.request_id IN (SELECT r.id FROM appointments_appointmentrequest r WHERE r.complaint_id IN ({_CASE_ROWS}))
        OR EXISTS (SELECT FROM events_guest g WHERE g.event_id = h.event_id AND g.person_id = ANY (ids))
        OR (h.complaint_id IS NULL AND h.request_id IS NULL AND h.event_id IS NULL AND h.citizen_id IS NULL
            AND CASE h.kind {_ON_A_KIND} ELSE false END))
    UNION ALL SELECT 'HOLD', count(*) FROM complaints_complaint c
     WHERE {_CASES} AND EXISTS (SELECT FROM app.held_citizens() AS held(id)
        WHERE held.id IN (c.applicant_id, c.on_behalf_of_id) AND held.id <> ALL (ids))
  ) s GROUP BY s.kind HAVING sum(s.number) > 0;
END
$$"""

KEPT_BY_LAW = f"""
CREATE OR REPLACE FUNCTION app.kept_by_law(ids bigint[]) RETURNS TABLE (hits bigint, until date)
LANGUAGE plpgsql STABLE {_DEFINER}
BEGIN{GUARD}
  RETURN QUERY SELECT count(*), max((k.day + make_interval(years => k.years))::date) FROM (
    SELECT (c.closed_at AT TIME ZONE 'Europe/Istanbul')::date AS day, rule.years::int AS years
      FROM complaints_complaint c CROSS JOIN LATERAL (
        SELECT r.years, r.is_active FROM retention_retentionrule r
         WHERE r.kind = 'CASE' AND r.regime IN (c.regime, '') ORDER BY r.regime DESC LIMIT 1) rule
     WHERE {_OWN_CASES} AND c.closed_at IS NOT NULL AND c.anonymised_at IS NULL AND rule.is_active
    UNION ALL
    SELECT (coalesce(e.ends_at, a.registered_at) AT TIME ZONE 'Europe/Istanbul')::date, r.years::int
      FROM appointments_appointmentrequest a JOIN retention_retentionrule r ON r.kind = 'APPOINTMENT' AND r.is_active
      LEFT JOIN programme_entry e ON e.id = a.entry_id
     WHERE a.applicant_id = ANY (ids) AND a.requested_by_id IS NULL AND a.anonymised_at IS NULL
       AND a.status NOT IN ('NEW', 'PROPOSED', 'APPROVED', 'ON_PUBLIC_DAY', 'REDIRECTED')
  ) k WHERE k.day > (app.today() - make_interval(years => k.years))::date;
END
$$"""
"""The closed cases and requests of these that a rule in force keeps still, and until which day the last of them."""

ALONE = f"""
CREATE OR REPLACE FUNCTION app.citizens_alone(before timestamptz) RETURNS SETOF bigint
LANGUAGE plpgsql STABLE {_DEFINER}
DECLARE
  named text;
BEGIN{GUARD}
  SELECT string_agg(format('NOT EXISTS (SELECT FROM public.%I t WHERE t.%I = c.id)', k.relname, a.attname), ' AND ')
    INTO named
    FROM pg_constraint f JOIN pg_class k ON k.oid = f.conrelid
    JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
   WHERE f.contype = 'f' AND f.confrelid = 'contacts_citizen'::regclass;
  RETURN QUERY EXECUTE 'SELECT c.id FROM contacts_citizen c WHERE c.created_at < $1 AND c.merged_into_id IS NULL AND '
                       || named USING before;
END
$$"""

NAMED_IN = f"""
CREATE OR REPLACE FUNCTION app.named_in(ids bigint[]) RETURNS TABLE (place text, hits bigint)
LANGUAGE plpgsql STABLE {_DEFINER}
DECLARE
  here record;
BEGIN{GUARD}
  FOR here IN
    SELECT k.relname, string_agg(format('t.%I = ANY ($1)', a.attname), ' OR ' ORDER BY a.attnum) AS names
      FROM pg_constraint f JOIN pg_class k ON k.oid = f.conrelid
      JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
     WHERE f.contype = 'f' AND f.confrelid = 'contacts_citizen'::regclass AND k.relname <> 'contacts_citizen'
     GROUP BY k.relname ORDER BY k.relname
  LOOP
    place := here.relname;
    EXECUTE format('SELECT count(*) FROM public.%I t WHERE %s', here.relname, here.names) INTO hits USING ids;
    IF hits > 0 THEN
      RETURN NEXT;
    END IF;
  END LOOP;
END
$$"""
"""Every table with rows that reference one of these keys, regardless of rights, and their number."""
