-- Who asks, as the second wall knows it. Installed after every migration, before functions.sql; see permissions/policies.py.
--
-- A ticket is signed by the application (backend/core/tickets.py) and says who asks. A function with its owner's rights
-- checks it, reads today's grants and keeps what it found as the seal of the transaction. All policies and functions read
-- the seal and nothing else. It lies in a parameter that the owner of the database may set and the web may not
-- (deploy/roles.sql): backtrace_functions, which names C functions for developers of PostgreSQL and does nothing with
-- words that are none. So it can be neither forged nor copied, and to read it costs what any setting costs.
SET LOCAL check_function_bodies = off;
CREATE SCHEMA IF NOT EXISTS app;
CREATE SCHEMA IF NOT EXISTS wall;  -- what no role of the web may use
REVOKE ALL ON SCHEMA wall FROM PUBLIC;
DROP FUNCTION IF EXISTS app.enter(bigint);
DROP FUNCTION IF EXISTS app.bearer(text);
DROP FUNCTION IF EXISTS app.department_grants(bigint);
DROP FUNCTION IF EXISTS app.programme_grants(bigint);
DROP FUNCTION IF EXISTS app.shares();
DROP FUNCTION IF EXISTS app.enter(text);
DROP FUNCTION IF EXISTS app.enter_bearer(text);
DROP FUNCTION IF EXISTS wall.admit(bigint);
DROP FUNCTION IF EXISTS wall.shares(bigint);

-- The keys of HMAC, padded; written by policies.install, left out of backups.
CREATE TABLE IF NOT EXISTS wall.ticket_key (inner_key bytea NOT NULL, outer_key bytea NOT NULL);

-- What policies.install made of a table or a view, and how PostgreSQL tells it: what is the same is not made anew.
CREATE TABLE IF NOT EXISTS wall.installed (name text PRIMARY KEY, declared text NOT NULL, found text NOT NULL);

-- What a ticket for this purpose says; null for one that is forged, or older than so many seconds (or as far ahead).
CREATE OR REPLACE FUNCTION app.verified(ticket text, purpose text, seconds integer) RETURNS text
LANGUAGE plpgsql STRICT VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  issued text := split_part(ticket, '.', 1);
  mac text := split_part(ticket, '.', 2);
  payload text := substr(ticket, length(issued) + length(mac) + 3);
  message bytea := convert_to(purpose || '.' || issued || '.' || payload, 'UTF8');
BEGIN
  IF issued ~ '^[0-9]{1,12}$' AND abs(extract(epoch FROM clock_timestamp()) - issued::bigint) <= seconds
     AND EXISTS (SELECT FROM wall.ticket_key k
                  WHERE encode(sha256(k.outer_key || sha256(k.inner_key || message)), 'hex') = mac) THEN
    RETURN payload;
  END IF;
  RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION wall.payload(ticket text, purpose text) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  payload text := app.verified(ticket, purpose, 30);
BEGIN
  IF payload IS NULL THEN
    RAISE EXCEPTION 'permission denied: this is no valid ticket' USING ERRCODE = 'insufficient_privilege',
      HINT = 'The clocks of application and database may differ by 30 seconds. After a change of SECRET_KEY run migrate.';
  END IF;
  RETURN payload;
END
$$;

-- -- the seal ------------------------------------------------------------------------------------------------------
-- Words between spaces: who acts (viewer: a department's; office: whoever sees all; action: whoever the rules allowed to
-- write; house: a job or command), their account, and what they see, as numbers between commas. Empty: nobody entered.
CREATE OR REPLACE FUNCTION app.seal() RETURNS text
LANGUAGE sql STABLE RETURN current_setting('backtrace_functions');

-- Not more than stable, as concat_ws is: else it is a call and not part of the expression that asks it.
CREATE OR REPLACE FUNCTION wall.sealed(who text, asker bigint, departments bigint[], contacts bigint[],
  memberships bigint[], knows boolean, shared bigint[], programmes bigint[], kept bigint[], press bigint[]) RETURNS text
LANGUAGE sql STABLE RETURN concat_ws(' ', who, coalesce(asker::text, ''), array_to_string(departments, ','),
  array_to_string(contacts, ','), array_to_string(memberships, ','), CASE WHEN knows THEN 'on' ELSE 'off' END,
  array_to_string(shared, ','), array_to_string(programmes, ','), array_to_string(kept, ','), array_to_string(press, ','));

CREATE OR REPLACE FUNCTION app.sealed_ids(place integer) RETURNS bigint[]
LANGUAGE sql STABLE RETURN ('{' || split_part(app.seal(), ' ', place) || '}')::bigint[];

CREATE OR REPLACE FUNCTION app.user_id() RETURNS bigint
LANGUAGE sql STABLE RETURN nullif(split_part(app.seal(), ' ', 2), '')::bigint;

-- Read by policies as (select app.departments()): once a statement.
CREATE OR REPLACE FUNCTION app.departments() RETURNS bigint[]
LANGUAGE sql STABLE RETURN app.sealed_ids(3);

CREATE OR REPLACE FUNCTION app.contact_departments() RETURNS bigint[]
LANGUAGE sql STABLE RETURN app.sealed_ids(4);

-- Where the asker sees who has a role at an association, a union or a party (KVKK m.6).
CREATE OR REPLACE FUNCTION app.membership_departments() RETURNS bigint[]
LANGUAGE sql STABLE RETURN app.sealed_ids(5);

-- The same of all of them: who was given that in the private office, and the house itself.
CREATE OR REPLACE FUNCTION app.knows_memberships() RETURNS boolean
LANGUAGE sql STABLE RETURN split_part(app.seal(), ' ', 6) = 'on';

-- The cases that are shared with the asker one by one.
CREATE OR REPLACE FUNCTION app.shared() RETURNS bigint[]
LANGUAGE sql STABLE RETURN app.sealed_ids(7);

-- The principals whose whole programme the asker sees, those for whom they decide, those of whom they see the press view.
CREATE OR REPLACE FUNCTION app.programmes() RETURNS bigint[]
LANGUAGE sql STABLE RETURN app.sealed_ids(8);

CREATE OR REPLACE FUNCTION app.kept_programmes() RETURNS bigint[]
LANGUAGE sql STABLE RETURN app.sealed_ids(9);

CREATE OR REPLACE FUNCTION app.press_programmes() RETURNS bigint[]
LANGUAGE sql STABLE RETURN app.sealed_ids(10);

-- Who sees every row that is not withheld: the office, an action, the house.
CREATE OR REPLACE FUNCTION app.acts_for_office() RETURNS boolean
LANGUAGE sql STABLE RETURN split_part(app.seal(), ' ', 1) IN ('office', 'action', 'house');

-- Who writes: an action that the rules allowed, the house.
CREATE OR REPLACE FUNCTION app.may_write() RETURNS boolean
LANGUAGE sql STABLE RETURN split_part(app.seal(), ' ', 1) IN ('action', 'house');

CREATE OR REPLACE FUNCTION app.is_system() RETURNS boolean
LANGUAGE sql STABLE RETURN split_part(app.seal(), ' ', 1) = 'house';

-- Whoever entered, the house included; nobody and an anonymous visitor did not.
CREATE OR REPLACE FUNCTION app.is_known() RETURNS boolean
LANGUAGE sql STABLE RETURN app.user_id() IS NOT NULL OR app.acts_for_office();

-- The seal, and what tells this transaction from every other: a ticket to change the seal is bound to it.
CREATE OR REPLACE FUNCTION app.standing() RETURNS TABLE (transaction text, seal text)
LANGUAGE sql STABLE AS $$
  SELECT pg_backend_pid() || '_' || (extract(epoch FROM transaction_timestamp()) * 1000000)::bigint, app.seal()
$$;

-- The role is set by the caller, since nobody may do that with another's rights; it gives nothing that the seal does not.
CREATE OR REPLACE FUNCTION app.take_role() RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM set_config('role', CASE WHEN app.acts_for_office() THEN 'ozelkalem_office' ELSE 'none' END, true);
END
$$;

-- -- what somebody is today ----------------------------------------------------------------------------------------
-- Whether grants count for an account: bilgi işlem, who gives them, is nothing anywhere.
CREATE OR REPLACE FUNCTION wall.may_hold(asker bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM organization_user u WHERE u.id = asker AND u.is_active AND NOT u.is_superuser)
$$;

-- What a person is today, and where. Reads the grants as their owner: the asker sees only their own. From the departments
-- of the grants to those open today in their place, and back to all that these took over (app.successions, but asked
-- for a few departments instead of all: it is run for each request).
CREATE OR REPLACE FUNCTION wall.department_grants(asker bigint)
RETURNS TABLE (department_id bigint, codename text, is_office boolean)
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE mine AS (
    SELECT (SELECT p.codename::text FROM auth_permission p WHERE p.id = g.permission_id) AS codename,
           d.id, d.successor_id, d.is_private_office, 0 AS depth,
           d.valid_from <= app.today() AND (d.valid_to IS NULL OR d.valid_to >= app.today()) AS open
      FROM permissions_departmentgrant g JOIN organization_department d ON d.id = g.content_object_id
     WHERE g.user_id = asker AND g.valid_from <= app.today()
       AND (g.valid_until IS NULL OR g.valid_until >= app.today())
    UNION ALL
    SELECT m.codename, d.id, d.successor_id, d.is_private_office, m.depth + 1,
           d.valid_from <= app.today() AND (d.valid_to IS NULL OR d.valid_to >= app.today())
      FROM mine m JOIN organization_department d ON d.id = m.successor_id
     WHERE NOT m.open AND m.depth < 20
  ), theirs AS (
    -- The office is who has its rights today: a department that took over a closed office's cases is not one.
    SELECT m.id, m.codename, m.is_private_office, 0 AS depth FROM mine m WHERE m.open
    UNION ALL
    SELECT d.id, t.codename, t.is_private_office, t.depth + 1
      FROM theirs t JOIN organization_department d ON d.successor_id = t.id
     WHERE NOT (d.valid_from <= app.today() AND (d.valid_to IS NULL OR d.valid_to >= app.today()))
       AND t.depth < 20
  )
  SELECT DISTINCT t.id, t.codename, t.is_private_office FROM theirs t
$$;

-- The cases that are shared with them today. This and its like give rows, since PostgreSQL makes such a function a part
-- of the statement that asks it; one that gives a value is a statement of its own each time.
CREATE OR REPLACE FUNCTION wall.shared_cases(asker bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
  SELECT g.content_object_id FROM permissions_complaintgrant g
   WHERE g.user_id = asker AND g.valid_from <= app.today()
     AND (g.valid_until IS NULL OR g.valid_until >= app.today())
$$;

-- Whose programmes a person keeps, reads or sees the press view of today, and whose they are themselves.
CREATE OR REPLACE FUNCTION wall.programme_grants(asker bigint) RETURNS TABLE (principal_id bigint, codename text)
LANGUAGE sql STABLE AS $$
  SELECT DISTINCT g.content_object_id,
         (SELECT p.codename::text FROM auth_permission p WHERE p.id = g.permission_id)
    FROM permissions_principalgrant g
   WHERE g.user_id = asker AND g.valid_from <= app.today()
     AND (g.valid_until IS NULL OR g.valid_until >= app.today())
  UNION ALL
  SELECT p.id, 'principal' FROM programme_principal p WHERE p.person_id = asker AND p.is_active
$$;

-- Seal the transaction for an account (null: a visitor, who sees no row of anybody) and return its grants, if any count
-- for it. Of a word about programmes `department_id` is the principal. All grants are read by one statement.
CREATE OR REPLACE FUNCTION wall.admit(asker bigint, may_hold boolean)
RETURNS TABLE (department_id bigint, codename text, is_office boolean)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  seen bigint[] := '{}';
  contacts bigint[] := '{}';
  memberships bigint[] := '{}';
  knows boolean := false;
  programmes bigint[] := '{}';
  kept bigint[] := '{}';
  press bigint[] := '{}';
  shared bigint[] := '{}';
  office boolean := false;
  kind text;
BEGIN
  IF may_hold THEN
    FOR kind, department_id, codename, is_office IN
      SELECT 'department', d.department_id, d.codename, d.is_office FROM wall.department_grants(asker) d
      UNION ALL SELECT 'programme', p.principal_id, p.codename, false FROM wall.programme_grants(asker) p
      UNION ALL SELECT 'case', s.case_id, NULL, false FROM wall.shared_cases(asker) s(case_id)
    LOOP
      IF kind = 'case' THEN
        shared := shared || department_id;
        CONTINUE;
      ELSIF kind = 'programme' THEN
        IF codename = 'press_programme' THEN
          press := press || department_id;
        ELSE
          programmes := programmes || department_id;
          IF codename <> 'read_programme' THEN
            kept := kept || department_id;
          END IF;
        END IF;
      ELSIF codename = 'contacts_department' THEN
        contacts := contacts || department_id;
      ELSIF codename = 'memberships_department' THEN
        memberships := memberships || department_id;
        knows := knows OR is_office;
      ELSE
        seen := seen || department_id;
        office := office OR is_office;
      END IF;
      RETURN NEXT;
    END LOOP;
  END IF;
  -- No further than the departments that they see, and memberships no further than contacts.
  IF contacts <> '{}' THEN
    contacts := ARRAY(SELECT c FROM unnest(contacts) c WHERE c = ANY (seen));
  END IF;
  IF memberships <> '{}' THEN
    memberships := ARRAY(SELECT m FROM unnest(memberships) m WHERE m = ANY (contacts));
  END IF;
  PERFORM set_config('backtrace_functions', CASE WHEN asker IS NULL THEN '' ELSE wall.sealed(
    CASE WHEN office THEN 'office' ELSE 'viewer' END, asker, seen, contacts, memberships,
    knows, shared, programmes, kept, press) END, true);
END
$$;

-- The account, if its tokens and feeds sleep: no reading of a directory closes it, and its provider, which alone
-- would say no, has not let its owner in for a week. They wake with the next sign-in (docs/operations/sign-on.md).
CREATE OR REPLACE FUNCTION wall.sleeping(account bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
  SELECT p.user_id FROM organization_directoryperson p WHERE p.user_id = account AND p.source <> 'ldap'
     AND p.seen_at <= clock_timestamp() - interval '7 days'
$$;

-- The account of a live token and how far it reaches: no further than its client may now, and a person's speaks for no
-- citizen. Its last use is noted, at most once a minute and without waiting for another request that does.
CREATE OR REPLACE FUNCTION wall.bearer(secret_digest text)
RETURNS TABLE (user_id bigint, is_superuser boolean, scopes text[], client_id bigint)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  token record;
BEGIN
  SELECT t.id, t.user_id AS account, u.is_superuser AS administers, t.client_id AS client,
         ARRAY(SELECT s FROM unnest(t.scopes::text[]) s
                WHERE (c.id IS NULL OR s = ANY (c.scopes::text[]))
                  AND (s NOT IN ('SUBMIT', 'FOLLOW') OR NOT u.is_staff)) AS reach,
         t.last_used_at IS NULL OR t.last_used_at <= clock_timestamp() - interval '1 minute' AS is_due
    INTO token
    FROM portals_apitoken t JOIN organization_user u ON u.id = t.user_id AND u.is_active
    LEFT JOIN portals_client c ON c.id = t.client_id
   WHERE t.digest = secret_digest AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp() AND c.closed_at IS NULL
     AND NOT EXISTS (SELECT FROM wall.sleeping(t.user_id));
  IF NOT FOUND THEN
    RETURN;
  END IF;
  IF token.is_due THEN
    UPDATE portals_apitoken SET last_used_at = clock_timestamp()
     WHERE id IN (SELECT id FROM portals_apitoken WHERE id = token.id FOR UPDATE SKIP LOCKED);
  END IF;
  RETURN QUERY SELECT token.account, token.administers, token.reach, token.client;
END
$$;

-- -- entering: each of these takes a ticket, and then the caller takes the role --------------------------------------
CREATE OR REPLACE FUNCTION app.admit(ticket text)
RETURNS TABLE (department_id bigint, codename text, is_office boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  asker bigint;
BEGIN
  asker := nullif(wall.payload(ticket, 'enter'), '')::bigint;
  RETURN QUERY SELECT * FROM wall.admit(asker, wall.may_hold(asker));
END
$$;

-- One row of the account, and one more for each grant. No row: no such token.
CREATE OR REPLACE FUNCTION app.admit_bearer(ticket text)
RETURNS TABLE (user_id bigint, is_superuser boolean, scopes text[], client_id bigint,
               department_id bigint, codename text, is_office boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  SELECT b.user_id, b.is_superuser, b.scopes, b.client_id
    INTO user_id, is_superuser, scopes, client_id FROM wall.bearer(wall.payload(ticket, 'bearer')) b;
  IF FOUND THEN
    RETURN NEXT;
    FOR department_id, codename, is_office IN SELECT * FROM wall.admit(user_id, NOT is_superuser) LOOP
      RETURN NEXT;
    END LOOP;
  END IF;
END
$$;

CREATE OR REPLACE FUNCTION app.admit_system(ticket text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM wall.payload(ticket, 'system');
  PERFORM set_config('backtrace_functions',
                     wall.sealed('house', NULL, '{}', '{}', '{}', true, '{}', '{}', '{}', '{}'), true);
END
$$;

-- The seal that a ticket for this very transaction names: to act, or to go back to whoever asked before.
CREATE OR REPLACE FUNCTION app.admit_as(ticket text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  named text := wall.payload(ticket, 'assume');
BEGIN
  IF split_part(named, ' ', 1) <> (SELECT s.transaction FROM app.standing() s) THEN
    RAISE EXCEPTION 'permission denied: this ticket is of another transaction' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM set_config('backtrace_functions', substr(named, position(' ' IN named) + 1), true);
END
$$;

-- The limits of a request: how long a statement and a transaction without one may take. One call for all of it, since what
-- carries a ticket is no kept statement and is parsed each time.
CREATE OR REPLACE FUNCTION app.limit_request(patience text, idle text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF patience IS NOT NULL THEN
    PERFORM set_config('statement_timeout', patience, true), set_config('idle_in_transaction_session_timeout', idle, true),
            set_config('plan_cache_mode', 'force_generic_plan', true), set_config('random_page_cost', '1.1', true);
  END IF;
END
$$;

CREATE OR REPLACE FUNCTION app.enter(ticket text, patience text DEFAULT NULL, idle text DEFAULT NULL)
RETURNS TABLE (department_id bigint, codename text, is_office boolean)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM app.limit_request(patience, idle);
  RETURN QUERY SELECT * FROM app.admit(ticket);
  PERFORM app.take_role();
END
$$;

CREATE OR REPLACE FUNCTION app.enter_bearer(ticket text, patience text DEFAULT NULL, idle text DEFAULT NULL)
RETURNS TABLE (user_id bigint, is_superuser boolean, scopes text[], client_id bigint,
               department_id bigint, codename text, is_office boolean)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM app.limit_request(patience, idle);
  RETURN QUERY SELECT * FROM app.admit_bearer(ticket);
  PERFORM app.take_role();
END
$$;

CREATE OR REPLACE FUNCTION app.enter_system(ticket text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM app.admit_system(ticket);
  PERFORM app.take_role();
END
$$;

CREATE OR REPLACE FUNCTION app.assume(ticket text) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM app.admit_as(ticket);
  PERFORM app.take_role();
END
$$;

-- -- the same on a hot standby ---------------------------------------------------------------------------------------
-- Refuse to answer before so much of the primary's log was replayed; where it was, the primary knew a moment ago.
CREATE OR REPLACE FUNCTION app.require_position(required bigint) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  IF (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END) - '0/0' < required THEN
    RAISE EXCEPTION 'this standby is behind' USING ERRCODE = 'serialization_failure';
  END IF;
END
$$;

CREATE OR REPLACE FUNCTION app.enter_standby(ticket text, patience text, idle text, required bigint)
RETURNS TABLE (department_id bigint, codename text, is_office boolean)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM app.require_position(required);
  RETURN QUERY SELECT * FROM app.enter(ticket, patience, idle);
END
$$;

CREATE OR REPLACE FUNCTION app.enter_bearer_standby(ticket text, patience text, idle text, required bigint)
RETURNS TABLE (user_id bigint, is_superuser boolean, scopes text[], client_id bigint,
               department_id bigint, codename text, is_office boolean)
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM app.require_position(required);
  RETURN QUERY SELECT * FROM app.enter_bearer(ticket, patience, idle);
END
$$;
