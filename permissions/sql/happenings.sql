-- The change feed by weeks, as the house keeps it (backend/journal/change_feed.py, ADR 0099). Partitions lie in the schema
-- `wall`, which no role of the web may use: their rows are reached through the table alone, by its policies.

-- Make the partitions of the weeks from `kept` days ago to `ahead` days from now, and drop those that ended before. What had no
-- partition when it happened moves from the one for the rest into its week. How many were dropped.
CREATE OR REPLACE FUNCTION app.keep_happenings(kept integer, ahead integer) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  since timestamptz := now() - make_interval(days => kept);
  week timestamptz;
  name text;
  dropped integer := 0;
BEGIN
  IF NOT app.is_system() THEN
    RAISE EXCEPTION 'permission denied' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM set_config('lock_timeout', '300ms', true);  -- whoever follows waits no longer behind this
  FOR week IN SELECT generate_series(date_trunc('week', since, 'UTC'), now() + make_interval(days => ahead), interval '7 days') LOOP
    name := 'journal_changeevent_' || to_char(week AT TIME ZONE 'UTC', 'YYYYMMDD');
    CONTINUE WHEN to_regclass('wall.' || name) IS NOT NULL;
    LOCK TABLE wall.journal_changeevent_rest IN ACCESS EXCLUSIVE MODE;
    EXECUTE format('CREATE TABLE wall.%I (LIKE journal_changeevent INCLUDING DEFAULTS)', name);
    EXECUTE format(
      'WITH moved AS (DELETE FROM wall.journal_changeevent_rest WHERE at >= $1 AND at < $2 RETURNING *)'
      ' INSERT INTO wall.%I SELECT * FROM moved', name) USING week, week + interval '7 days';
    EXECUTE format(
      'ALTER TABLE journal_changeevent ATTACH PARTITION wall.%I FOR VALUES FROM (%L) TO (%L)',
      name, week, week + interval '7 days');
  END LOOP;
  DELETE FROM wall.journal_changeevent_rest WHERE at < since;
  FOR name IN
    SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = 'journal_changeevent'::regclass AND c.relname ~ '_\d{8}$'
       AND right(c.relname, 8) < to_char(date_trunc('week', since, 'UTC') AT TIME ZONE 'UTC', 'YYYYMMDD')
  LOOP
    EXECUTE format('DROP TABLE wall.%I', name);
    dropped := dropped + 1;
  END LOOP;
  RETURN dropped;
END $$;
