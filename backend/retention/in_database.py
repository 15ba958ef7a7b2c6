# ruff: noqa: S608 - everything here is constants of this package
"""The functions of the database that `places` is made into. They see and write what no role of the house does; only the
office's role may call them."""

from __future__ import annotations

from backend.retention.places import MARK, NOT_OF_CITIZENS, PLACES, RETAINED, Place


def functions(tables: set[str]) -> list[str]:
    """The functions of the database that this list is made into; none where a table is still to be made."""
    named = {step.table for steps in PLACES.values() for step in steps if isinstance(step, Place)}
    if not named | {"retention_legalhold"} <= tables:
        return []
    return [_forget(), _strike(), _mentions(), STANDS_AGAINST, ALONE]


GUARD = """
  IF current_setting('role', true) IS DISTINCT FROM 'ozelkalem_office' THEN
    RAISE EXCEPTION 'permission denied' USING ERRCODE = 'insufficient_privilege';
  END IF;"""
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
BEGIN{GUARD}
  IF ids = '{{}}' THEN
    RETURN;
  END IF;
{chr(10).join(branches)}
  ELSE
    RAISE EXCEPTION 'nothing is known of this kind';
  END IF;
END
$$"""


def _columns() -> str:
    """Every column of the database in which a citizen may be spoken of, histories last: they take the old row. A column
    that is unique by itself is a code or number that the house made."""
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
                THEN ' || substr(md5(gen_random_uuid()::text), 1, 8)' ELSE '' END AS apart
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
       AND a.attgenerated = '' AND {skipped}
       AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'jsonb'::regtype, 'text[]'::regtype,
                          'varchar[]'::regtype)
       AND NOT EXISTS (SELECT FROM pg_index i
                        WHERE i.indrelid = c.oid AND i.indisunique AND i.indnkeyatts = 1 AND a.attnum = ANY (i.indkey))
     ORDER BY c.relname LIKE '%event' AND c.relname <> 'events_event', c.relname, a.attnum"""


def _strike() -> str:
    return f"""
CREATE OR REPLACE FUNCTION app.strike_out(pattern text) RETURNS bigint
LANGUAGE plpgsql VOLATILE {_DEFINER}
DECLARE
  place record;
  touched bigint;
  total bigint := 0;
BEGIN{GUARD}
  FOR place IN {_columns()}
  LOOP
    EXECUTE format('UPDATE public.%1$I SET %2$I = regexp_replace(%2$I::text, $1, ''{MARK}''%5$s, ''gi'')::%3$s'
                   ' WHERE %2$I::text ~* $1 AND %4$s',
                   place.relname, place.attname, place.kind, place.allowed, place.apart)
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


STANDS_AGAINST = f"""
CREATE OR REPLACE FUNCTION app.stands_against(ids bigint[]) RETURNS TABLE (what text, hits bigint)
LANGUAGE plpgsql STABLE {_DEFINER}
BEGIN{GUARD}
  RETURN QUERY SELECT s.kind, s.number FROM (
    SELECT 'OPEN_CASE' AS kind, count(*) AS number FROM complaints_complaint
     WHERE (applicant_id = ANY (ids) OR on_behalf_of_id = ANY (ids)) AND closed_at IS NULL
    UNION ALL SELECT 'OPEN_REQUEST', count(*) FROM appointments_appointmentrequest
     WHERE applicant_id = ANY (ids) AND status IN ('NEW', 'PROPOSED', 'APPROVED', 'ON_PUBLIC_DAY', 'REDIRECTED')
    UNION ALL SELECT 'COMING_EVENT', count(*) FROM events_guest g JOIN events_event e ON e.id = g.event_id
     WHERE g.person_id = ANY (ids) AND e.status IN ('PLANNED', 'ANNOUNCED')
    UNION ALL SELECT 'OPEN_LETTER', count(DISTINCT l.id) FROM letters_letter l
      JOIN letters_addressee a ON a.letter_id = l.id
     WHERE a.citizen_id = ANY (ids) AND l.status IN ('DRAFT', 'INITIALS', 'SIGNATURE', 'SIGNED')
    UNION ALL SELECT 'ROLE', count(*) FROM partners_role
     WHERE person_id = ANY (ids) AND (valid_to IS NULL OR valid_to >= app.today())
    UNION ALL SELECT 'HOLDING', count(*) FROM protocol_holding
     WHERE person_id = ANY (ids) AND (valid_until IS NULL OR valid_until >= app.today())
    UNION ALL SELECT 'GREETING', count(*) FROM greetings_recipient
     WHERE citizen_id = ANY (ids) AND outcome IN ('PENDING', 'FLAGGED')
    UNION ALL SELECT 'HOLD', count(*) FROM retention_legalhold h
     WHERE h.lifted_at IS NULL AND (h.citizen_id = ANY (ids)
        OR (h.kind = 'CITIZEN' AND h.citizen_id IS NULL)
        OR EXISTS (SELECT FROM complaints_complaint c WHERE c.id = h.complaint_id
                    AND (c.applicant_id = ANY (ids) OR c.on_behalf_of_id = ANY (ids)))
        OR EXISTS (SELECT FROM appointments_appointmentrequest r WHERE r.id = h.request_id
                    AND r.applicant_id = ANY (ids))
        OR EXISTS (SELECT FROM events_guest g WHERE g.event_id = h.event_id AND g.person_id = ANY (ids)))
  ) s WHERE s.number > 0;
END
$$"""

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
