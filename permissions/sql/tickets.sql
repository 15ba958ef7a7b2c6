-- Tickets that the web signs (backend/core/tickets.py). The keys are written by permissions/policies.py.
CREATE TABLE IF NOT EXISTS app.ticket_keys (inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);

-- What a ticket says, or NULL when it was not signed for this purpose within so many seconds.
CREATE OR REPLACE FUNCTION app.verified(ticket text, purpose text, seconds integer) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  body text := substr(ticket, 66);
BEGIN
  IF NOT EXISTS (SELECT FROM app.ticket_keys k
                  WHERE left(ticket, 64) = encode(sha256(k.outer_pad || sha256(k.inner_pad ||
                          convert_to(purpose || '.' || body, 'UTF8'))), 'hex')) THEN
    RETURN NULL;
  END IF;
  IF split_part(body, '.', 1)::bigint < extract(epoch FROM clock_timestamp()) - seconds THEN
    RETURN NULL;
  END IF;
  RETURN substr(body, strpos(body, '.') + 1);
END
$$;
