-- What opens a door: the web writes it signed, and reads it back against a ticket or not at all.
-- See backend/core/at_rest.

-- The hash of one account's password, for whoever holds a ticket about it.
CREATE OR REPLACE FUNCTION app.password_hash(ticket text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT u.password FROM organization_user u WHERE u.id = (SELECT app.verified(ticket, 'password', 30)::bigint)
$$;

-- The token, and the secret of a client, that have this digest: it is known to whoever has the secret itself.
CREATE OR REPLACE FUNCTION app.token_of(secret_digest text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT t.id FROM portals_apitoken t WHERE t.digest = secret_digest
$$;

CREATE OR REPLACE FUNCTION app.client_secret_of(secret_digest text) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT s.id FROM portals_clientsecret s WHERE s.digest = secret_digest
$$;

-- The values of the columns that the trigger names have to be signed: the web's roles write them in no other way.
CREATE OR REPLACE FUNCTION app.require_signature() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
  written jsonb := to_jsonb(coalesce(NEW, OLD));
  wanted jsonb;
BEGIN
  IF current_user NOT IN ('ozelkalem_app', 'ozelkalem_office') THEN
    RETURN coalesce(NEW, OLD);
  END IF;
  wanted := (SELECT jsonb_object_agg(name, written -> name) FROM unnest(TG_ARGV) name);
  IF TG_OP = 'UPDATE'
     AND wanted = (SELECT jsonb_object_agg(name, to_jsonb(OLD) -> name) FROM unnest(TG_ARGV) name) THEN
    RETURN NEW;
  END IF;
  IF wanted IS DISTINCT FROM app.verified(current_setting('app.signature', true), TG_TABLE_NAME, 60)::jsonb THEN
    RAISE EXCEPTION 'permission denied: % without a signature', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN coalesce(NEW, OLD);
END
$$;
