-- What PostGraphile needs of the database, in a schema of its own and for a role of its own. Again is harmless.
-- Which tables the role reads, and the policies of what hangs on a complaint, are made of the questions
-- (contenders/postgraphile.py): of what it may not read PostGraphile shows nothing.
-- All of it is one transaction. What gets policies is locked before any right is taken: an ANALYZE of such a table waits
-- for whoever changed its rights, and would be waited for by the policy.
LOCK TABLE complaints_complaint, contacts_citizen;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'ozelkalem_peer') THEN CREATE ROLE ozelkalem_peer; END IF;
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO ozelkalem_peer', current_database());
END $$;
ALTER ROLE ozelkalem_peer LOGIN NOINHERIT;
-- The tuned way takes the product's roles, and with them the product's policies.
GRANT ozelkalem_app, ozelkalem_office TO ozelkalem_peer WITH INHERIT FALSE, SET TRUE;
GRANT SET ON PARAMETER backtrace_functions TO ozelkalem_peer;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM ozelkalem_peer;
GRANT USAGE ON SCHEMA public, app TO ozelkalem_peer;

CREATE SCHEMA IF NOT EXISTS peer;

-- Who the asker is, as policies are usually written.
CREATE OR REPLACE FUNCTION peer.my_departments() RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT g.content_object_id FROM permissions_departmentgrant g
    JOIN auth_permission p ON p.id = g.permission_id AND p.codename <> 'contacts_department'
   WHERE g.user_id = nullif(current_setting('peer.user_id', true), '')::bigint
     AND g.valid_from <= app.today() AND (g.valid_until IS NULL OR g.valid_until >= app.today())
$$;

CREATE OR REPLACE FUNCTION peer.is_office() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM peer.my_departments() m JOIN organization_department d ON d.id = m AND d.is_private_office)
$$;

CREATE OR REPLACE FUNCTION peer.sees_all() RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT current_user = 'ozelkalem_office' OR current_user = 'ozelkalem_peer' AND peer.is_office()
$$;

-- The citizen of a case as far as the asker may know them from it, and the search.
CREATE OR REPLACE FUNCTION peer.complaints_complaint_known_applicant(c complaints_complaint)
RETURNS contacts_citizen LANGUAGE sql STABLE AS $$
  SELECT z FROM contacts_citizen z
   WHERE z.id = c.applicant_id AND (NOT c.identity_hidden OR (SELECT peer.sees_all()))
$$;

CREATE OR REPLACE FUNCTION peer.search_complaints(words text) RETURNS SETOF complaints_complaint
LANGUAGE sql STABLE AS $$
  SELECT * FROM complaints_complaint c
   WHERE c.words @@ to_tsquery('simple', $1)
   ORDER BY target_on, id
$$;

-- For words that few cases have: full-text search is not leakproof, so under a policy it does not reach its index.
CREATE OR REPLACE FUNCTION peer.found_complaints(words text) RETURNS SETOF complaints_complaint
LANGUAGE sql STABLE AS $$
  SELECT * FROM complaints_complaint WHERE id IN (SELECT app.matching_complaints($1))
   ORDER BY target_on, id
$$;

GRANT USAGE ON SCHEMA peer TO ozelkalem_peer, ozelkalem_app, ozelkalem_office;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA peer TO ozelkalem_peer, ozelkalem_app, ozelkalem_office;

-- Row security as it is usually written: the policies ask a function for the departments.
DROP POLICY IF EXISTS peer_reads ON complaints_complaint;
CREATE POLICY peer_reads ON complaints_complaint FOR SELECT TO ozelkalem_peer USING (
  (SELECT peer.is_office())
  OR responsible_department_id IN (SELECT peer.my_departments())
  OR collaborators && ARRAY(SELECT peer.my_departments()));

DROP POLICY IF EXISTS peer_reads ON contacts_citizen;
CREATE POLICY peer_reads ON contacts_citizen FOR SELECT TO ozelkalem_peer USING (
  (SELECT peer.is_office())
  OR EXISTS (SELECT FROM complaints_complaint c WHERE c.applicant_id = contacts_citizen.id AND NOT c.identity_hidden));
