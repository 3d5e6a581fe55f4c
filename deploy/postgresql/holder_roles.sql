-- Least-privilege roles of a key holder's database: another server, another organisation. Run it as a superuser
-- before `dat-keys init`, and again after it and every migrate:  psql -d dat_keys -v ON_ERROR_STOP=1 -f holder_roles.sql
--
--   dat_keys_owner     owns the tables; `dat-keys init`, `dat-keys migrate`
--   dat_keys_app       `dat-keys serve`: counts, logs, gives log entries their place
--   dat_keys_operator  `dat-keys admit`, `permit`, `reporter`, `disable`, `rotate`, by people; reads the log

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['dat_keys_owner', 'dat_keys_app', 'dat_keys_operator'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', name);
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name);
  END LOOP;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
END $$;

ALTER SCHEMA public OWNER TO dat_keys_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO dat_keys_app, dat_keys_operator;
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, dat_keys_app, dat_keys_operator;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, dat_keys_app, dat_keys_operator;

DO $$
DECLARE row record;
BEGIN
  FOR row IN SELECT * FROM (VALUES
    ('client',             'SELECT', 'SELECT, INSERT, UPDATE'),
    ('permission',         'SELECT', 'SELECT, INSERT, UPDATE, DELETE'),
    ('permission_list',    'SELECT', 'SELECT, INSERT'),
    ('reporter',           'SELECT', 'SELECT, INSERT, UPDATE, DELETE'),
    ('quota_used',         'SELECT, INSERT, UPDATE, DELETE', ''),
    ('data_key_ration',    'SELECT', 'SELECT, INSERT, UPDATE'),
    ('data_key_batch',     'SELECT, INSERT, UPDATE', ''),
    ('data_key_node',      'SELECT, INSERT, UPDATE, DELETE', ''),
    ('data_key_destroyed', 'SELECT, INSERT', ''),
    ('used_assertion',     'SELECT, INSERT, DELETE', ''),
    ('witnessed_log',      'SELECT', 'SELECT, INSERT'),
    ('witnessed_tree',     'SELECT, INSERT, UPDATE', 'SELECT'),
    ('evaluation_event',   'SELECT, INSERT', 'SELECT, INSERT'),
    ('evaluation_pending', 'SELECT, INSERT, DELETE', 'SELECT, INSERT'),
    ('evaluation_leaf',    'SELECT, INSERT', 'SELECT'),
    ('evaluation_node',    'SELECT, INSERT', 'SELECT'),
    ('evaluation_head',    'SELECT, INSERT, UPDATE', 'SELECT'),
    ('alembic_version',    'SELECT', 'SELECT')
  ) AS privilege (name, app, operator) LOOP
    CONTINUE WHEN to_regclass('public.' || row.name) IS NULL;  -- before init
    EXECUTE format('GRANT %s ON public.%I TO dat_keys_app', row.app, row.name);
    IF row.operator <> '' THEN
      EXECUTE format('GRANT %s ON public.%I TO dat_keys_operator', row.operator, row.name);
    END IF;
  END LOOP;
  IF to_regclass('public.evaluation_pending_seq_seq') IS NOT NULL THEN
    GRANT USAGE ON SEQUENCE public.evaluation_pending_seq_seq TO dat_keys_app, dat_keys_operator;
  END IF;
END $$;

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['dat_keys_app', 'dat_keys_operator'] LOOP
    EXECUTE format('ALTER ROLE %I SET log_parameter_max_length = 0', name);
    EXECUTE format('ALTER ROLE %I SET log_parameter_max_length_on_error = 0', name);
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''60s''', name);
  END LOOP;
END $$;
