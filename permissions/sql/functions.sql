-- What the second wall looks up and does for whoever entered (identity.sql). Installed after every migration; see
-- permissions/policies.py.
DROP FUNCTION IF EXISTS app.rarest(text);
DROP FUNCTION IF EXISTS wall.sleeps(bigint);

CREATE OR REPLACE FUNCTION app.today() RETURNS date
LANGUAGE sql STABLE RETURN (now() AT TIME ZONE 'Europe/Istanbul')::date;

-- Each department and the one that has its rights today: itself, or the open end of its chain of successors.
CREATE OR REPLACE FUNCTION app.successions() RETURNS TABLE (department_id bigint, current_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH RECURSIVE chain AS (
    SELECT d.id AS start_id, d.id, d.successor_id, 0 AS depth,
           d.valid_from <= app.today() AND (d.valid_to IS NULL OR d.valid_to >= app.today()) AS open
      FROM organization_department d
    UNION ALL
    SELECT c.start_id, d.id, d.successor_id, c.depth + 1,
           d.valid_from <= app.today() AND (d.valid_to IS NULL OR d.valid_to >= app.today())
      FROM chain c JOIN organization_department d ON d.id = c.successor_id
     WHERE NOT c.open AND c.depth < 20
  )
  SELECT start_id, id FROM chain WHERE open
$$;

-- These organisations with all records of the same ones: the one that stands for each, and whatever was merged into it.
-- Reads as whoever asks: what they do not see leads nowhere.
CREATE OR REPLACE FUNCTION app.organisations_of(ids bigint[]) RETURNS bigint[]
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE above AS (
    SELECT o.id, o.merged_into_id FROM public.partners_organisation o WHERE o.id = ANY (ids)
    UNION
    SELECT o.id, o.merged_into_id FROM above a JOIN public.partners_organisation o ON o.id = a.merged_into_id
  ), below AS (
    SELECT a.id FROM above a
    UNION
    SELECT o.id FROM below b JOIN public.partners_organisation o ON o.merged_into_id = b.id
  )
  SELECT coalesce(array_agg(b.id), '{}') FROM below b
$$;

-- Who keeps a programme today; for the house alone, which writes to them.
CREATE OR REPLACE FUNCTION app.keepers(asked bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT DISTINCT g.user_id
    FROM permissions_principalgrant g
    JOIN organization_user u ON u.id = g.user_id AND u.is_active AND NOT u.is_superuser
    JOIN auth_permission p ON p.id = g.permission_id AND p.codename = 'keep_programme'
   WHERE g.content_object_id = asked AND g.valid_from <= app.today()
     AND (g.valid_until IS NULL OR g.valid_until >= app.today())
     AND app.acts_for_office()
$$;

-- Bilgi işlem: runs the installation (accounts, grants, tokens, journals) and sees no case by that.
CREATE OR REPLACE FUNCTION app.administers() RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM organization_user u
                  WHERE u.id = app.user_id() AND u.is_superuser AND u.is_active)
$$;

-- Who asks as a person who may be named or take part; bilgi işlem is nobody.
CREATE OR REPLACE FUNCTION app.person_id() RETURNS bigint
LANGUAGE sql STABLE RETURN CASE WHEN app.administers() THEN NULL ELSE app.user_id() END;

-- How far a message of ours is, and since when: for who entered and has its key from a row that they see. Nothing of
-- its text or its address.
CREATE OR REPLACE FUNCTION app.delivery(asked uuid) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN m.status = 'SENT' AND m.read_at IS NOT NULL THEN 'READ'
              WHEN m.status = 'SENT' AND m.delivered_at IS NOT NULL THEN 'DELIVERED'
              WHEN m.status = 'RECALLED' THEN 'WAITING'
              ELSE m.status END
    FROM outbox_message m WHERE m.id = asked AND app.is_known()
$$;
CREATE OR REPLACE FUNCTION app.delivery_at(asked uuid) RETURNS timestamptz
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT CASE WHEN m.status = 'SENT' THEN coalesce(m.read_at, m.delivered_at, m.sent_at)
              WHEN m.status = 'FAILED' THEN coalesce(m.failed_at, m.sent_at) END
    FROM outbox_message m WHERE m.id = asked AND app.is_known()
$$;

-- Whose live feed has this secret; that it was read is noted, at most once a minute and without waiting.
CREATE OR REPLACE FUNCTION app.feed(secret_digest text) RETURNS TABLE (feed_id bigint, owner_id bigint)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  SELECT f.id, f.user_id INTO feed_id, owner_id
    FROM calendars_feed f JOIN organization_user u ON u.id = f.user_id AND u.is_active
   WHERE f.digest = secret_digest AND f.revoked_at IS NULL AND NOT EXISTS (SELECT FROM wall.sleeping(f.user_id));
  IF FOUND THEN
    UPDATE calendars_feed SET last_used_at = clock_timestamp()
     WHERE id IN (SELECT id FROM calendars_feed WHERE id = feed_id
                     AND (last_used_at IS NULL OR last_used_at <= clock_timestamp() - interval '1 minute')
                     FOR UPDATE SKIP LOCKED);
    RETURN NEXT;
  END IF;
END
$$;

-- Who keeps a programme today, or has it themselves, and when they want to be reminded (null: they never chose). For
-- the house itself, which sends the mails; to an asker it tells nothing.
CREATE OR REPLACE FUNCTION app.reminded() RETURNS TABLE (user_id bigint, principals bigint[], moments text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.id, array_agg(DISTINCT kept.principal_id), c.moments::text[]
    FROM (SELECT g.user_id AS person, g.content_object_id AS principal_id
            FROM permissions_principalgrant g JOIN auth_permission p ON p.id = g.permission_id
           WHERE p.codename = 'keep_programme' AND g.valid_from <= app.today()
             AND (g.valid_until IS NULL OR g.valid_until >= app.today())
           UNION ALL
          SELECT p.person_id, p.id FROM programme_principal p WHERE p.is_active) kept
    JOIN organization_user u ON u.id = kept.person AND u.is_active AND NOT u.is_superuser AND u.email <> ''
    LEFT JOIN calendars_reminderchoice c ON c.user_id = u.id
   WHERE app.is_system()
   GROUP BY u.id, c.moments
$$;

-- What each of these may at this moment, as a digest that changes with it: by the token or the browser's session with this
-- digest, of this account. No row for who may no longer ask. For the stream, which tells many from one reading.
CREATE OR REPLACE FUNCTION app.standings(tokens text[], sessions text[], accounts bigint[])
RETURNS TABLE (place bigint, standing text)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.place, md5(ROW(u.is_superuser, u.is_staff, u.password, t.scopes, t.client_id, c.scopes, s.session_data,
           (SELECT count(*) FROM mfa_authenticator m WHERE m.user_id = u.id),
           (SELECT array_agg(ROW(d.codename, d.department_id, d.is_office)::text ORDER BY 1)
              FROM wall.department_grants(u.id) d),
           (SELECT array_agg(ROW(p.codename, p.principal_id)::text ORDER BY 1) FROM wall.programme_grants(u.id) p))::text)
    FROM unnest(tokens, sessions, accounts) WITH ORDINALITY AS a(token, session, account, place)
    JOIN organization_user u ON u.id = a.account AND u.is_active
    LEFT JOIN portals_apitoken t
           ON t.digest = a.token AND t.user_id = u.id AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp()
    LEFT JOIN portals_client c ON c.id = t.client_id
    LEFT JOIN django_session s ON s.session_key = a.session AND s.expire_date > clock_timestamp()
   WHERE CASE WHEN a.token <> '' THEN t.id IS NOT NULL AND c.closed_at IS NULL ELSE s.session_key IS NOT NULL END
     AND app.is_system()
$$;

-- Remember that the asker was shown these rows. Whoever reads may add such a line, as themselves only.
CREATE OR REPLACE FUNCTION app.log_access(kind text, ids bigint[], purpose text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO journal_accesslog (at, reader_id, subject_kind, subject_ids, purpose)
  SELECT clock_timestamp(), app.user_id(), kind, ids, purpose WHERE app.is_known()
$$;

-- The same of what a standby is about to show, by a ticket: there is no session here.
CREATE OR REPLACE FUNCTION app.log_access_of(ticket text, kind text, ids bigint[], purpose text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO journal_accesslog (at, reader_id, subject_kind, subject_ids, purpose)
  VALUES (clock_timestamp(), wall.payload(ticket, 'reading')::bigint, kind, ids, purpose);
END
$$;

-- How many cases PostgreSQL expects to have these words, from its statistics.
CREATE OR REPLACE FUNCTION app.expected_complaints(words text) RETURNS float
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  plan json;
BEGIN
  IF NOT app.is_known() THEN
    RETURN 0;
  END IF;
  EXECUTE format('EXPLAIN (FORMAT JSON) SELECT FROM complaints_complaint a WHERE a.words @@ to_tsquery(''simple'', %L)',
                 words) INTO plan;
  RETURN (plan #>> '{0,Plan,Plan Rows}')::float;
END
$$;

-- The rarest of these words, with those about as rare: an index of words reads all that it has of each, so it is not
-- asked for the frequent ones.
CREATE OR REPLACE FUNCTION app.rare_ones(words text) RETURNS text
LANGUAGE sql VOLATILE AS $$
  SELECT string_agg(word, ' & ') FILTER (WHERE expected <= 4 * least)
    FROM (SELECT word, expected, min(expected) OVER () AS least
            FROM unnest(string_to_array($1, ' & ')) word
           CROSS JOIN LATERAL (SELECT CASE WHEN $1 LIKE '% & %' THEN app.expected_complaints(word) ELSE 0 END) e(expected)) w
$$;

-- Whether so many cases have these words that the first of a list are found sooner by going along the list than by
-- looking all of them up. A word may be frequent and yet rare in the asker's departments: five hundred of their cases,
-- from all along three years, are looked at. Decides how rows are found, never which. A statement asks it for each way
-- of finding them, and people ask for the same words again: the connection keeps its last answers for ten minutes, by a
-- digest of the words and of what the asker sees, in one of 64 places.
CREATE OR REPLACE FUNCTION app.is_frequent(words text) RETURNS boolean
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  asked bigint := hashtextextended(
    concat_ws(' ', app.acts_for_office(), app.departments(), extract(epoch FROM now())::bigint / 600, words), 0);
  place text := 'app.frequent_' || (asked & 63);
  kept text := current_setting(place, true);
  frequent boolean;
BEGIN
  IF split_part(kept, ' ', 1) = asked::text THEN
    RETURN split_part(kept, ' ', 2)::boolean;
  END IF;
  frequent := app.looked_frequent(words);
  PERFORM set_config(place, asked || ' ' || frequent, false);
  RETURN frequent;
END
$$;

CREATE OR REPLACE FUNCTION app.looked_frequent(words text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  query tsquery := to_tsquery('simple', words);
BEGIN
  IF app.expected_complaints(words) ^ 2
     <= 10 * (SELECT reltuples FROM pg_class WHERE oid = 'complaints_complaint'::regclass) THEN
    RETURN false;
  END IF;
  RETURN app.acts_for_office() OR (
    SELECT count(*) FILTER (WHERE seen.words @@ query) * 100 >= count(*)
      FROM unnest(app.departments()) mine CROSS JOIN generate_series(0, 99) n
     CROSS JOIN LATERAL (SELECT a.words FROM complaints_complaint a
                          WHERE a.responsible_department_id = mine
                            AND a.registered_at <= now() - n * n * interval '160 minutes'
                          ORDER BY a.registered_at DESC, a.id DESC LIMIT 5) seen);
END
$$;

-- The asker's complaints with these words. Full-text search is not leakproof, so under a policy it would first read
-- the asker's whole department; this reads the index of words and departments, and applies the scope itself.
CREATE OR REPLACE FUNCTION app.matching_complaints(words text) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 500 SET search_path = public, pg_temp AS $$
DECLARE
  query tsquery := to_tsquery('simple', words);
  rare tsquery := to_tsquery('simple', app.rare_ones(words));
BEGIN
  RETURN QUERY
  SELECT a.id FROM unnest(app.departments()) mine CROSS JOIN LATERAL (
    SELECT c.id, c.words FROM complaints_complaint c WHERE c.responsible_department_id = mine AND c.words @@ rare) a
   WHERE CASE WHEN a.words @@ query THEN true END
  UNION ALL
  SELECT a.id FROM complaints_complaint a
   WHERE a.collaborators && app.departments() AND CASE WHEN a.words @@ query THEN true END
  UNION ALL
  SELECT a.id FROM complaints_complaint a
   WHERE a.id = any (app.shared()) AND CASE WHEN a.words @@ query THEN true END;
END
$$;

-- The same for who sees every case. With its owner's eyes for the same reason: the office's policy too comes first.
CREATE OR REPLACE FUNCTION app.every_matching_complaint(words text) RETURNS SETOF bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER ROWS 500 SET search_path = public, pg_temp AS $$
DECLARE
  query tsquery := to_tsquery('simple', words);
  rare tsquery := to_tsquery('simple', app.rare_ones(words));
BEGIN
  IF app.acts_for_office() THEN
    RETURN QUERY SELECT a.id FROM complaints_complaint a
                  WHERE a.words @@ rare AND CASE WHEN a.words @@ query THEN true END;
  END IF;
END
$$;

-- The asker's complaints whose applicant has such a name and may be known to them (rules.known_persons): for the same
-- reason, and as narrow as the policy of contacts_citizen, whose rows the office reads all.
CREATE OR REPLACE FUNCTION app.cases_of_named(words text) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER ROWS 500 SET search_path = public, pg_temp AS $$
  SELECT c.id FROM contacts_citizen p JOIN complaints_complaint c ON c.applicant_id = p.id
   WHERE to_tsvector('simple', coalesce(p.name_fold, '')) @@ to_tsquery('simple', $1)
     AND ((SELECT app.acts_for_office())
          OR (NOT c.identity_hidden
              AND (c.responsible_department_id = any(app.contact_departments())
                   OR c.collaborators && app.contact_departments())))
$$;

-- When a principal is not free: ranges without a word of what they are, joined where they touch, confidential
-- entries included. Whoever asks must be somebody, or the house itself.
CREATE OR REPLACE FUNCTION app.busy(asked bigint, since timestamptz, until timestamptz, leaving_out bigint[] = '{}')
RETURNS SETOF tstzrange
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT unnest(range_agg(tstzrange(e.blocks_from, e.blocks_until)))
    FROM programme_entry e
   WHERE e.principal_id = asked AND e.status IN ('HELD', 'CONFIRMED', 'DONE')
     AND tstzrange(e.blocks_from, e.blocks_until) && tstzrange(since, until)
     AND e.id <> ALL (leaving_out)
     AND (e.hold_expires_at IS NULL OR e.hold_expires_at > now())
     AND app.is_known()
$$;

-- Whether an entry is open, or names the asker: what hangs on it (an invitation) is for nobody else. Says nothing else.
CREATE OR REPLACE FUNCTION app.entry_is_open(entry bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT app.is_known() AND coalesce((SELECT NOT e.is_confidential OR coalesce(app.person_id() = ANY (e.readers), false)
                                        FROM programme_entry e WHERE e.id = entry), false)
$$;

-- What anybody may know of a paper by the code printed on it: that it is genuine, its number and date, what it is about
-- unless it is confidential, the digest of the file, and whose seal it bears. Nothing of whom it went to.
DROP FUNCTION IF EXISTS app.verified_letter(text);
CREATE FUNCTION app.verified_letter(code text)
RETURNS TABLE (document_number text, registered_on date, subject text, paper_sha256 text, sealed_by text,
               seal_is_trusted boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(nullif(l.document_number, ''), l.reference), l.registered_on,
         CASE WHEN l.confidentiality = 'NONE' AND l.kind IN ('OFFICIAL', 'COVER', 'REPLY', 'REMINDER', 'APPROVAL')
              THEN l.subject ELSE '' END,
         l.paper_sha256, l.sealed_by, l.seal_is_trusted
    FROM letters_letter l
   WHERE code <> '' AND l.verification = code
$$;

-- Holds that are over, of one programme or of all, with a line in each story. Confidential ones too, which no job
-- could see. It tells how many and nothing else.
CREATE OR REPLACE FUNCTION app.release_expired_holds(asked bigint) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  programmes bigint[];
  ended bigint[];
  one bigint;
BEGIN
  IF NOT app.may_write() THEN
    RAISE EXCEPTION 'permission denied' USING ERRCODE = 'insufficient_privilege';
  END IF;
  programmes := ARRAY(SELECT DISTINCT principal_id FROM programme_entry
                       WHERE status = 'HELD' AND hold_expires_at <= now() AND (asked IS NULL OR principal_id = asked)
                       ORDER BY 1);
  -- Programme by programme, in line with everybody else who changes one (backend/programme/locks.py).
  FOREACH one IN ARRAY programmes LOOP
    PERFORM pg_advisory_xact_lock(1347571527, one::integer);
  END LOOP;
  WITH freed AS (
    UPDATE programme_entry SET status = 'RELEASED', hold_expires_at = NULL, version = version + 1
     WHERE status = 'HELD' AND hold_expires_at <= now() AND principal_id = ANY (programmes)
    RETURNING id
  ), told AS (
    INSERT INTO programme_entryline (at, note, verb, from_status, to_status, details, entry_id)
    SELECT now(), '', 'expired', 'HELD', 'RELEASED', '{}', id FROM freed
  ), unasked AS (
    UPDATE programme_departmentnote SET status = 'WITHDRAWN', version = version + 1
     WHERE status IN ('ASKED', 'RETURNED') AND entry_id IN (SELECT id FROM freed)
  ), hidden AS (
    DELETE FROM programme_pressitem WHERE entry_id IN (SELECT id FROM freed)
  )
  SELECT array_agg(id) INTO ended FROM freed;
  RETURN coalesce(cardinality(ended), 0);
END
$$;

-- Confidential instructions that a department still has to carry out: what a warning needs and nothing of what was said.
-- For the house itself, which has no eyes for them; to an asker it tells nothing.
CREATE OR REPLACE FUNCTION app.confidential_instructions() RETURNS TABLE (
  id bigint, reference text, due_on date, status text, addressed_at timestamptz, warned integer, department_id bigint,
  person_id bigint, readers bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT i.id, i.reference, i.due_on, i.status, i.addressed_at, i.warned, i.department_id, i.person_id, i.readers
    FROM instructions_instruction i
   WHERE i.is_confidential AND i.status IN ('GIVEN', 'ACKNOWLEDGED', 'TIME_ASKED')
     AND app.is_system()
   ORDER BY i.due_on, i.id
$$;

-- One of them was warned of, with its line in the story; whether it was not so before.
CREATE OR REPLACE FUNCTION app.confidential_warned(asked bigint, mark integer, level text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  stands text;
BEGIN
  IF NOT app.is_system() THEN
    RETURN false;
  END IF;
  UPDATE instructions_instruction SET warned = warned | mark
   WHERE id = asked AND is_confidential AND warned & mark = 0
  RETURNING status INTO stands;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  INSERT INTO instructions_instructionline (at, note, verb, from_status, to_status, details, instruction_id)
  VALUES (now(), '', 'warned', stands, stands, jsonb_build_object('level', level), asked);
  RETURN true;
END
$$;

-- Which of these stored files belong to a row of a table of files, one that the house has no eyes for included: so that
-- looking after the storage deletes none of them. For the house itself; it repeats names it was told and nothing else.
CREATE OR REPLACE FUNCTION app.files_kept(kind text, names text[]) RETURNS SETOF text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF app.is_system() THEN
    RETURN QUERY EXECUTE format('SELECT f.%1$I::text FROM public.%2$I f WHERE f.%1$I = ANY ($1)',
      CASE kind WHEN 'letters_letter' THEN 'paper' ELSE 'file' END, kind) USING names;
  END IF;
END
$$;

-- Journals are only ever added to. Rights already keep the web from it; this also stops the owner's TRUNCATE.
CREATE OR REPLACE FUNCTION app.refuse_truncate() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'permission denied: % is append-only', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

-- The office's role writes where no policy stands, too, only for an action or the house; but for the columns that are
-- named, which the web writes of a row without either. What is generated is not there yet.
CREATE OR REPLACE FUNCTION app.refuse_write() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  free text[] := TG_ARGV || ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = TG_RELID AND a.attgenerated <> '');
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - free = to_jsonb(OLD) - free THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'permission denied: % is written by actions', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Tell people of rows, each as an object with the columns of a notification. For the house alone, which acts or wakes up
-- by itself: a person's notifications are nobody else's, on no role. Whether they stand in the page is their choice.
CREATE OR REPLACE FUNCTION app.notify(told jsonb, written_at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO notifications_notification
    (key, user_id, kind, text, facts, is_urgent, complaint_id, instruction_id, note_id, promise_id, agreement_id,
     event_id, subject_request_id, letter_id, request_id, organisation_id, in_page, waits_for, due_at, created_at)
  SELECT gen_random_uuid(), t.user_id, t.kind, t.text, t.facts, t.is_urgent, t.complaint_id, t.instruction_id, t.note_id,
         t.promise_id, t.agreement_id, t.event_id, t.subject_request_id, t.letter_id, t.request_id,
         t.organisation_id,
         coalesce(c.choices -> t.kind ->> 'PAGE', 'AT_ONCE') <> 'OFF', '{EMAIL,SMS}', written_at, written_at
    FROM jsonb_to_recordset(told) AS t(user_id bigint, kind text, text text, facts jsonb, is_urgent boolean,
           complaint_id bigint, instruction_id bigint, note_id bigint, promise_id bigint, agreement_id bigint,
           event_id bigint, subject_request_id bigint, letter_id bigint, request_id bigint,
           organisation_id bigint)
    LEFT JOIN notifications_preference c ON c.user_id = t.user_id
   WHERE app.may_write()
$$;

-- What asked for a deed on this row, and was done by somebody, is seen by all; what was not sent of it yet is not. For the
-- house alone, which acts: a person's notifications are nobody else's.
DROP FUNCTION IF EXISTS app.settle_notifications(text, bigint, text[]);
CREATE OR REPLACE FUNCTION app.settle_notifications(about text, asked bigint, texts text[], since timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  UPDATE notifications_notification n SET seen_at = now(), waits_for = '{}'
   WHERE (about = 'complaint' AND n.complaint_id = asked OR about = 'letter' AND n.letter_id = asked
          OR about = 'request' AND n.request_id = asked)
     AND n.text = any (texts) AND n.seen_at IS NULL AND n.created_at >= coalesce(since, '-infinity') AND app.may_write()
$$;

-- Who works in these units today, by these grants; of one's own units, and of all for whoever sees every case.
CREATE OR REPLACE FUNCTION app.members_of(asked bigint[], kinds text[]) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH here AS MATERIALIZED (SELECT s.department_id, s.current_id FROM app.successions() s)
  SELECT DISTINCT g.user_id
    FROM permissions_departmentgrant g
    JOIN organization_user u ON u.id = g.user_id AND u.is_active AND u.is_staff AND NOT u.is_superuser
    JOIN auth_permission p ON p.id = g.permission_id AND p.codename = any (kinds)
    JOIN here mine ON mine.department_id = g.content_object_id
    JOIN here theirs ON theirs.current_id = mine.current_id
   WHERE theirs.department_id = any (asked) AND (app.acts_for_office() OR theirs.department_id = any (app.departments()))
     AND g.valid_from <= app.today() AND (g.valid_until IS NULL OR g.valid_until >= app.today())
$$;

-- Who may see this case today, as the rules of complaints say; for whoever sees it themselves.
CREATE OR REPLACE FUNCTION app.readers_of_case(asked bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH here AS MATERIALIZED (SELECT s.department_id, s.current_id FROM app.successions() s),
  one AS MATERIALIZED (
    SELECT c.id, c.responsible_department_id, c.collaborators FROM complaints_complaint c
     WHERE c.id = asked
       AND (app.acts_for_office() OR c.responsible_department_id = any (app.departments())
            OR c.collaborators && app.departments() OR c.id = any (app.shared()))),
  granted AS (
    SELECT g.user_id FROM one
      JOIN here theirs ON true
      JOIN here mine ON mine.current_id = theirs.current_id
      JOIN organization_department d ON d.id = theirs.current_id
      JOIN permissions_departmentgrant g ON g.content_object_id = mine.department_id
      JOIN auth_permission p ON p.id = g.permission_id
       AND p.codename IN ('work_department', 'head_department', 'oversee_department')
     WHERE (d.is_private_office OR theirs.department_id = one.responsible_department_id
            OR theirs.department_id = any (one.collaborators))
       AND g.valid_from <= app.today() AND (g.valid_until IS NULL OR g.valid_until >= app.today())
     UNION
    SELECT g.user_id FROM one JOIN permissions_complaintgrant g ON g.content_object_id = one.id
     WHERE g.valid_from <= app.today() AND (g.valid_until IS NULL OR g.valid_until >= app.today()))
  SELECT u.id FROM organization_user u JOIN granted ON granted.user_id = u.id
   WHERE u.is_active AND u.is_staff AND NOT u.is_superuser
$$;

-- Of whom something is to be looked at now, and which; for the house alone, which sends it as them.
CREATE OR REPLACE FUNCTION app.to_be_told(now timestamptz)
RETURNS TABLE (user_id bigint, is_active boolean, ids bigint[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT n.user_id, u.is_active AND u.is_staff, array_agg(n.id ORDER BY n.id)
    FROM notifications_notification n JOIN organization_user u ON u.id = n.user_id
   WHERE NOT (n.waits_for = '{}'::varchar(5)[]) AND n.due_at <= now
     AND app.is_system()
   GROUP BY n.user_id, u.is_active, u.is_staff
   ORDER BY n.user_id
$$;

-- What somebody was to be told of a row that they do not see any more leaves nothing: they cannot remove it themselves.
CREATE OR REPLACE FUNCTION app.forget_notifications(whose bigint, gone bigint[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  DELETE FROM notifications_notification n
   WHERE n.user_id = whose AND n.id = any (gone)
     AND (app.user_id() = whose OR app.is_system())
$$;

-- Those that were seen long ago, or that stand in no page and were sent; all of closed accounts; and a year later what
-- nobody looked at and nothing waits of, in sight or not. For the house alone. How many.
CREATE OR REPLACE FUNCTION app.remove_old_notifications(until timestamptz) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH removed AS (
    DELETE FROM notifications_notification n
     WHERE (n.seen_at < until
            OR (n.created_at < until AND (
                  (n.waits_for = '{}'::varchar(5)[] AND (NOT n.in_page OR n.created_at < until - interval '1 year'))
                  OR n.user_id IN (SELECT u.id FROM organization_user u WHERE NOT (u.is_active AND u.is_staff)))))
       AND app.is_system()
    RETURNING 1)
  SELECT count(*) FROM removed
$$;

-- An answer that the asker was given under this key, and whether the same was asked.
CREATE OR REPLACE FUNCTION app.stored_response(key text, of_digest text)
RETURNS TABLE (is_same boolean, status int, body text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT a.digest = of_digest, a.status::int, a.body FROM portals_idempotentresponse a
   WHERE a.user_id = app.user_id() AND a.idempotency_key = key AND a.at > now() - interval '1 day'
$$;

-- Remember the answer of this transaction, as the asker's own only.
CREATE OR REPLACE FUNCTION app.remember_answer(key text, of_digest text, of_status int, of_body text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  INSERT INTO portals_idempotentresponse AS a (user_id, idempotency_key, digest, status, body, at)
  VALUES (app.user_id(), key, of_digest, of_status, of_body, now())
  ON CONFLICT (user_id, idempotency_key) DO UPDATE
     SET digest = of_digest, status = of_status, body = of_body, at = now() WHERE a.at <= now() - interval '1 day'
$$;

-- How many answers were older than a day, and are gone now. For the house itself.
CREATE OR REPLACE FUNCTION app.forget_answers() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH gone AS (DELETE FROM portals_idempotentresponse WHERE at <= now() - interval '1 day' AND app.is_system() RETURNING 1)
  SELECT count(*) FROM gone
$$;

-- Whether the asker has this key to themselves until the transaction ends; false while another request of theirs has it.
CREATE OR REPLACE FUNCTION app.takes_key(key text) RETURNS boolean
LANGUAGE sql VOLATILE AS $$
  SELECT pg_try_advisory_xact_lock(hashtextextended('idempotency ' || app.user_id() || ' ' || $1, 0))
$$;

-- A client's token asks for something of this cost: it is counted in the minute, whether it is within the client's limits
-- or not. A transaction of its own, before the one that answers: it counts what is rolled back too, and holds no lock
-- while an answer is made. It does not wait for the disk: of a crash the last moments are not counted. `document`: the
-- SHA-256 of what is asked, null for what is no document. No row: no such token, or nobody's that is counted.
CREATE OR REPLACE FUNCTION app.spend(secret_digest text, asked bigint, document text, moment timestamptz)
RETURNS TABLE (client bigint, counted_in timestamptz, is_taken boolean, is_trusted boolean, documents_only boolean,
               most_at_once integer, requests_limit integer, requests_left integer, cost_limit integer, cost_left bigint,
               seconds_left integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  used record;
  here timestamptz := coalesce(moment, clock_timestamp());
BEGIN
  SELECT c.id, c.documents_only, c.cost_per_document, c.requests_per_minute, c.cost_per_minute
    INTO client, documents_only, most_at_once, requests_limit, cost_limit
    FROM portals_apitoken t JOIN portals_client c ON c.id = t.client_id AND c.closed_at IS NULL
   WHERE t.digest = secret_digest AND t.revoked_at IS NULL AND t.expires_at > clock_timestamp();
  IF NOT FOUND THEN
    RETURN;
  END IF;
  PERFORM set_config('synchronous_commit', 'off', true);
  is_trusted := document IS NOT NULL AND EXISTS (
    SELECT FROM portals_trusteddocument d WHERE d.client_id = client AND d.sha256 = document AND d.retired_at IS NULL);
  counted_in := date_trunc('minute', here);
  seconds_left := ceil(extract(epoch FROM counted_in + interval '1 minute' - here));
  INSERT INTO portals_clientminute (client_id, minute, requests, cost, errors, refused)
  VALUES (client, counted_in, 0, 0, 0, 0) ON CONFLICT DO NOTHING;
  is_taken := (is_trusted OR NOT documents_only OR document IS NULL) AND asked <= most_at_once;
  IF is_taken THEN
    UPDATE portals_clientminute m SET requests = m.requests + 1, cost = m.cost + asked
     WHERE m.client_id = client AND m.minute = counted_in
       AND m.requests < requests_limit AND m.cost + asked <= cost_limit
    RETURNING m.requests, m.cost INTO used;
    is_taken := FOUND;
  END IF;
  IF NOT is_taken THEN
    UPDATE portals_clientminute m SET refused = m.refused + 1
     WHERE m.client_id = client AND m.minute = counted_in RETURNING m.requests, m.cost INTO used;
  END IF;
  requests_left := greatest(requests_limit - used.requests, 0);
  cost_left := greatest(cost_limit - used.cost, 0);
  RETURN NEXT;
END
$$;

-- What was counted ended with an error.
CREATE OR REPLACE FUNCTION app.note_failure(of_client bigint, in_minute timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  UPDATE portals_clientminute SET errors = errors + 1
   WHERE client_id = of_client AND minute = in_minute AND errors < requests;
END
$$;

-- The text of a document that a client registered and did not retire. It is what its name says, whoever registered it.
CREATE OR REPLACE FUNCTION app.trusted_text(document text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT d.text FROM portals_trusteddocument d JOIN portals_client c ON c.id = d.client_id AND c.closed_at IS NULL
   WHERE d.sha256 = document AND d.retired_at IS NULL LIMIT 1
$$;
