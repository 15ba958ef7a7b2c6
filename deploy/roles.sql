-- The roles and the database, made once by a superuser of the server (PostgreSQL 17 or newer); running it again
-- is harmless and sets the passwords anew. The embedded server uses this same file.
--
--   OZELKALEM_OWNER_PASSWORD=… OZELKALEM_APP_PASSWORD=… psql -X -d postgres -f deploy/roles.sql
--
-- ozelkalem_owner   owns the database: migrations, backup. The web never connects as it.
-- ozelkalem_app     the web and the workers. Row-level security holds for it: no SUPERUSER, no BYPASSRLS.
-- ozelkalem_office  cannot log in; sees every row, in a transaction that is sealed for that only. Reached by
--                   SET LOCAL ROLE, hence INHERIT FALSE: with INHERIT every department would be asked its policies.
-- The seal of a transaction lies in a parameter that the owner may set and the web may not: permissions/sql/identity.sql.
\set ON_ERROR_STOP on
\getenv owner_password OZELKALEM_OWNER_PASSWORD
\getenv app_password OZELKALEM_APP_PASSWORD
\if :{?owner_password}
\else
  \warn 'Set OZELKALEM_OWNER_PASSWORD to the password that ozelkalem_owner shall have.'
  SELECT 1 / 0 AS owner_password_is_missing;
\endif
\if :{?app_password}
\else
  \warn 'Set OZELKALEM_APP_PASSWORD to the password that ozelkalem_app shall have.'
  SELECT 1 / 0 AS app_password_is_missing;
\endif

SELECT format('CREATE ROLE %I', wanted.name)
FROM (VALUES ('ozelkalem_owner'), ('ozelkalem_app'), ('ozelkalem_office')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted.name) \gexec

ALTER ROLE ozelkalem_owner LOGIN NOSUPERUSER CREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'owner_password';
ALTER ROLE ozelkalem_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS NOINHERIT PASSWORD :'app_password';
ALTER ROLE ozelkalem_office NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
GRANT ozelkalem_office TO ozelkalem_app WITH INHERIT FALSE, SET TRUE, ADMIN FALSE;

SELECT 'CREATE DATABASE ozelkalem OWNER ozelkalem_owner'
WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'ozelkalem') \gexec
REVOKE ALL ON DATABASE ozelkalem FROM PUBLIC;
REVOKE TEMPORARY ON DATABASE ozelkalem FROM ozelkalem_app;
GRANT CONNECT ON DATABASE ozelkalem TO ozelkalem_app;
GRANT SET ON PARAMETER backtrace_functions TO ozelkalem_owner;
