-- Least-privilege roles of the hub's database. Run it as a superuser in that database before the first
-- `dat-hub migrate`, and again after every migrate:  psql -d dat_hub -v ON_ERROR_STOP=1 -f roles.sql
-- It may run any number of times. Passwords are set by hand (\password), never in a file of this repository.
--
--   dat_hub_migrate   owns the tables; used by `dat-hub migrate` only
--   dat_hub_app       `dat-hub serve`: may not touch partners, keys, past log entries or the tree (it reads
--                     the tree's hashes, to prove what a receipt promises)
--   dat_hub_worker    `dat-hub worker`: matches, tells, and gives log entries their place
--   dat_hub_operator  `dat-hub partners` and `dat-hub teams`, by people
--   dat_hub_auditor   `dat-hub audit`: reads the log and what the fifteen questions ask, and writes nothing but the
--                     record that it did

DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['dat_hub_migrate', 'dat_hub_app', 'dat_hub_worker', 'dat_hub_operator',
                              'dat_hub_auditor'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS', name);
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(), name);
  END LOOP;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
END $$;

ALTER SCHEMA public OWNER TO dat_hub_migrate;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO dat_hub_app, dat_hub_worker, dat_hub_operator, dat_hub_auditor;
REVOKE ALL ON ALL TABLES IN SCHEMA public
  FROM PUBLIC, dat_hub_app, dat_hub_worker, dat_hub_operator, dat_hub_auditor;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public
  FROM PUBLIC, dat_hub_app, dat_hub_worker, dat_hub_operator, dat_hub_auditor;

-- SELECT ... FOR UPDATE needs UPDATE. Nobody but the owner has UPDATE or DELETE on audit_event and audit_leaf;
-- triggers refuse both to the owner too.
DO $$
DECLARE row record;
BEGIN
  FOR row IN SELECT * FROM (VALUES
    -- who may call
    ('organisation',          'SELECT', 'SELECT', 'SELECT, INSERT, UPDATE', 'SELECT'),
    ('organisation_location', 'SELECT', 'SELECT', 'SELECT, INSERT, UPDATE', ''),
    ('covenant',              'SELECT', 'SELECT', 'SELECT, INSERT, UPDATE', 'SELECT'),
    ('mandate',               'SELECT', 'SELECT', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT'),
    ('onboarding_dossier',    'SELECT', 'SELECT, UPDATE', 'SELECT, INSERT, UPDATE', ''),
    ('scheme_permission',     'SELECT', 'SELECT', 'SELECT, INSERT, UPDATE', 'SELECT'),
    ('staff',                 'SELECT', 'SELECT, UPDATE (trained_on, last_signalled_on)', 'SELECT, INSERT, UPDATE', 'SELECT'),
    ('staff_role',            'SELECT', 'SELECT', 'SELECT, INSERT, UPDATE', 'SELECT'),
    ('login_session',         'SELECT, INSERT, UPDATE', 'SELECT, DELETE', 'SELECT', 'SELECT (started_at)'),
    ('credential',            'SELECT', 'SELECT', 'SELECT, INSERT, UPDATE', ''),
    ('team',                  'SELECT', 'SELECT, INSERT, UPDATE', 'SELECT, INSERT, UPDATE', 'SELECT'),
    ('team_post',             'SELECT', 'SELECT, DELETE', 'SELECT, INSERT, UPDATE', 'SELECT'),
    ('staff_profile',         'SELECT', 'SELECT, DELETE', 'SELECT, INSERT, UPDATE', 'SELECT'),
    ('staff_absence',         'SELECT, INSERT', 'SELECT, DELETE', 'SELECT', 'SELECT'),
    ('school_contact',        'SELECT', 'SELECT, DELETE', 'SELECT, INSERT, UPDATE', 'SELECT'),
    ('location_coordinator',  'SELECT', 'SELECT, DELETE', 'SELECT, INSERT, UPDATE', 'SELECT'),
    ('used_assertion',        'SELECT, INSERT, DELETE', 'SELECT, DELETE', '', ''),
    ('change_proposal',       'SELECT, INSERT, UPDATE', 'SELECT, UPDATE, DELETE', 'SELECT, INSERT', 'SELECT'),
    ('arrangement',           'SELECT, INSERT', 'SELECT, UPDATE', 'SELECT', ''),
    ('policy_draft',          'SELECT', 'SELECT', 'SELECT, INSERT', ''),
    ('policy_set',            'SELECT, INSERT', 'SELECT', 'SELECT, INSERT', 'SELECT'),
    ('statistic_tally',       'SELECT', 'SELECT, INSERT', 'SELECT', ''),
    ('statistic_release',     'SELECT, INSERT', 'SELECT', 'SELECT, INSERT', ''),
    ('statistic_table',       'SELECT, INSERT', 'SELECT', 'SELECT, INSERT', ''),
    -- what was registered
    ('signal',                'SELECT, INSERT, UPDATE', 'SELECT, UPDATE, DELETE', 'SELECT', 'SELECT'),
    ('signal_submission',     'SELECT, INSERT', 'SELECT, DELETE', '', 'SELECT'),
    ('archive_answer',        'SELECT, UPDATE', 'SELECT, INSERT, DELETE', '', ''),
    ('notice_exception',      'SELECT, INSERT', 'SELECT, DELETE', '', 'SELECT'),
    ('signal_key',            'SELECT, INSERT', 'SELECT, DELETE', '', ''),
    ('caseload',              'SELECT, INSERT, UPDATE', 'SELECT, UPDATE, DELETE', 'SELECT', 'SELECT'),
    ('case_transfer',         'SELECT, INSERT, UPDATE', 'SELECT, DELETE', '', ''),
    ('quota_day',             'SELECT, INSERT, UPDATE', 'SELECT, DELETE', 'SELECT, INSERT, UPDATE', 'SELECT'),
    ('desk_day',              'SELECT, INSERT, UPDATE', 'SELECT, DELETE', 'SELECT', 'SELECT'),
    ('consent',               'SELECT, INSERT, UPDATE', 'SELECT, UPDATE, DELETE', 'SELECT', 'SELECT'),
    ('objection',             'SELECT, INSERT, UPDATE', 'SELECT, UPDATE, DELETE', 'SELECT', 'SELECT'),
    ('emergency_override',    'SELECT, INSERT, UPDATE', 'SELECT, UPDATE, DELETE', 'SELECT', 'SELECT'),
    ('registration',          'SELECT, INSERT, UPDATE, DELETE', 'SELECT, UPDATE, DELETE', 'SELECT',
     'SELECT (id, kind, organisation_id, active_from, active_until, ended_at, quarantine)'),  -- no tokens
    ('match_index',           'SELECT, INSERT, DELETE', 'SELECT, DELETE', '', ''),
    ('match_queue',           'SELECT, INSERT, UPDATE', 'SELECT, INSERT, UPDATE, DELETE', '', ''),
    -- what came of it
    ('decision',              'SELECT, INSERT', 'SELECT, INSERT, DELETE', 'SELECT', 'SELECT'),
    ('person_match',          'SELECT, INSERT, UPDATE', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT', 'SELECT'),
    ('assignment',            'SELECT, INSERT, UPDATE', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT', 'SELECT'),
    ('intake_item',           'SELECT, INSERT, UPDATE', 'SELECT, INSERT, UPDATE, DELETE', '', 'SELECT'),
    ('follow_up',             'SELECT, INSERT, UPDATE', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT', 'SELECT'),
    ('sender_feedback',       'SELECT, INSERT, UPDATE', 'SELECT, DELETE', '', ''),
    ('inquiry',               'SELECT, INSERT, UPDATE', 'SELECT, INSERT, DELETE', '', ''),
    ('inquiry_clock',         'SELECT, INSERT, UPDATE', 'SELECT, INSERT, UPDATE, DELETE', '', ''),
    ('escalation',            'SELECT, INSERT, DELETE', 'SELECT, INSERT, DELETE', 'SELECT', 'SELECT'),
    ('hand_over',             'SELECT, INSERT, UPDATE', 'SELECT, UPDATE, DELETE', '', ''),
    ('household',             'SELECT, UPDATE', 'SELECT, INSERT, UPDATE, DELETE', '', ''),
    ('household_match',       'SELECT, DELETE', 'SELECT, INSERT, DELETE', '', ''),
    ('household_lead',        'SELECT, INSERT, UPDATE', 'SELECT, UPDATE, DELETE', '', ''),
    ('excluded_address',      'SELECT, INSERT, DELETE', 'SELECT', '', ''),
    ('address_review',        'SELECT, INSERT', 'SELECT', '', ''),
    ('consult',               'SELECT, INSERT, UPDATE', 'SELECT, UPDATE, DELETE', '', 'SELECT'),
    ('match_viewer',          'SELECT, INSERT, UPDATE', 'SELECT, DELETE', '', ''),
    ('notice',                'SELECT, INSERT, UPDATE', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT', 'SELECT'),
    ('notice_mail',           'SELECT, INSERT, UPDATE, DELETE', 'SELECT, INSERT, UPDATE, DELETE', 'SELECT', 'SELECT'),
    ('mail_rhythm',           'SELECT, INSERT, UPDATE', 'SELECT', 'SELECT', ''),
    ('chore_run',             'SELECT', 'SELECT, INSERT, DELETE', '', ''),
    -- what citizens asked
    ('rights_request',        'SELECT, INSERT, UPDATE', 'SELECT, UPDATE, DELETE', 'SELECT', 'SELECT'),
    ('rights_finding',        'SELECT, INSERT, UPDATE', 'SELECT, DELETE', '', 'SELECT'),
    ('rights_forwarding',     'SELECT, INSERT', 'SELECT, DELETE', '', ''),
    ('rights_telling',        'SELECT, INSERT, UPDATE', 'SELECT, INSERT, UPDATE, DELETE', '', 'SELECT'),
    ('consent_task',          'SELECT, UPDATE', 'SELECT, INSERT, DELETE', '', 'SELECT'),
    ('rights_correction',     'SELECT, INSERT, UPDATE', 'SELECT, INSERT, DELETE', '', ''),
    ('rights_desk',           'SELECT', 'SELECT', 'SELECT, INSERT, UPDATE', 'SELECT'),
    ('retention_run',         'SELECT', 'SELECT, INSERT', 'SELECT', 'SELECT'),
    ('retention_place',       'SELECT', 'SELECT, INSERT', 'SELECT', 'SELECT'),
    ('retention_release',     '', 'SELECT, UPDATE', 'SELECT, INSERT', ''),
    -- what privacy officers are told
    ('alarm',                 'SELECT, INSERT, UPDATE', 'SELECT, INSERT', 'SELECT, UPDATE', 'SELECT'),
    ('sample_review',         'SELECT, INSERT', '', 'SELECT', ''),
    ('evaluation_hour',       'SELECT', 'SELECT, INSERT, UPDATE', '', 'SELECT'),
    ('declared_caseload',     '', 'SELECT', 'SELECT, INSERT, UPDATE', ''),
    ('logbook_delivery',      '', 'SELECT, INSERT, UPDATE', '', ''),
    ('honey_token',           'SELECT, INSERT', 'SELECT', '', ''),
    -- the log
    ('audit_event',           'INSERT', 'SELECT, INSERT', 'INSERT', 'SELECT, INSERT'),
    ('audit_private',         'INSERT', 'SELECT, INSERT', 'INSERT', 'SELECT, INSERT'),
    ('audit_actor',           'SELECT, INSERT', 'SELECT, INSERT', 'SELECT, INSERT', 'SELECT, INSERT'),
    ('audit_line',            'SELECT', 'SELECT, INSERT', 'SELECT', 'SELECT'),
    ('audit_subject',         'SELECT, INSERT', 'SELECT, INSERT, DELETE', 'INSERT', 'SELECT, INSERT'),
    ('destruction',           'SELECT, INSERT', 'SELECT, INSERT, UPDATE', '', 'SELECT'),
    ('destroyed_key',         'SELECT', 'SELECT, INSERT', '', 'SELECT'),
    ('audit_pending',         'SELECT, INSERT', 'SELECT, INSERT, DELETE', 'SELECT, INSERT', 'SELECT, INSERT'),
    ('audit_leaf',            'SELECT', 'SELECT, INSERT', '', 'SELECT'),
    ('audit_node',            'SELECT', 'SELECT, INSERT', '', 'SELECT'),
    ('audit_head',            'SELECT', 'SELECT, INSERT, UPDATE', '', 'SELECT'),
    ('audit_cosigned',        'SELECT', 'SELECT, INSERT, UPDATE', '', 'SELECT'),
    ('audit_wanted',          'SELECT, INSERT', 'SELECT, INSERT, DELETE', '', 'SELECT, INSERT'),
    ('alembic_version',       'SELECT', 'SELECT', 'SELECT', 'SELECT')
  ) AS privilege (name, app, worker, operator, auditor) LOOP
    CONTINUE WHEN to_regclass('public.' || row.name) IS NULL;  -- before the first migrate
    IF row.app <> '' THEN EXECUTE format('GRANT %s ON public.%I TO dat_hub_app', row.app, row.name); END IF;
    IF row.worker <> '' THEN EXECUTE format('GRANT %s ON public.%I TO dat_hub_worker', row.worker, row.name); END IF;
    IF row.operator <> '' THEN
      EXECUTE format('GRANT %s ON public.%I TO dat_hub_operator', row.operator, row.name);
    END IF;
    IF row.auditor <> '' THEN EXECUTE format('GRANT %s ON public.%I TO dat_hub_auditor', row.auditor, row.name); END IF;
  END LOOP;
  IF to_regclass('public.audit_pending_seq_seq') IS NOT NULL THEN
    GRANT USAGE ON SEQUENCE public.audit_pending_seq_seq
      TO dat_hub_app, dat_hub_worker, dat_hub_operator, dat_hub_auditor;
    GRANT USAGE ON SEQUENCE public.audit_wanted_seq_seq TO dat_hub_app, dat_hub_worker, dat_hub_auditor;
  END IF;
END $$;

-- What a statement said must not end up in the server's log when it fails.
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['dat_hub_app', 'dat_hub_worker', 'dat_hub_operator', 'dat_hub_auditor'] LOOP
    EXECUTE format('ALTER ROLE %I SET log_parameter_max_length = 0', name);
    EXECUTE format('ALTER ROLE %I SET log_parameter_max_length_on_error = 0', name);
    EXECUTE format('ALTER ROLE %I SET idle_in_transaction_session_timeout = ''60s''', name);
  END LOOP;
END $$;
