/**
 * SQL pieces of migrations. A migration keeps the text it ran with: these functions may gain parameters, and what they
 * print for given ones must not change.
 */

/** Roles of one subgraph: `owner` migrates and owns, `app` serves, `worker` runs jobs. */
export interface Roles {
  readonly owner: string;
  readonly app: string;
  readonly worker: string;
}

export const rolesOf = (database: string): Roles => ({
  owner: `${database}_owner`,
  app: `${database}_app`,
  worker: `${database}_worker`,
});

const TENANTS = `(SELECT unnest(string_to_array(nullif(current_setting('app.clinic_ids', true), ''), ',')::uuid[]))`;

/**
 * Row-level security, forced, for a tenant table, and exactly these privileges for the service, for example
 * `SELECT, INSERT, UPDATE (status)`. The sub-select is a hashed plan evaluated once per statement; \`= ANY\` misleads
 * the planner into reading whole clinics. The owner's policy lets data migrations see rows.
 */
export const tenantTable = (roles: Roles, table: string, privileges: string, worker = ''): string => `
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE ${table} FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ${table} USING (clinic_id IN ${TENANTS});
CREATE POLICY maintenance ON ${table} TO ${roles.owner} USING (true);
GRANT ${privileges} ON ${table} TO ${roles.app};
${worker ? `GRANT ${worker} ON ${table} TO ${roles.worker};` : ''}`;

/** Tables of the kit's own mechanisms, first migration of every subgraph. */
export const kitTables = (roles: Roles): string => `
-- Answers of changes by key (E-20). "What did this key of this actor do?" is the only question.
CREATE TABLE idempotency (
  clinic_id uuid NOT NULL,
  mutation text NOT NULL,
  actor_id text NOT NULL,
  key text NOT NULL,
  input_hash bytea NOT NULL,
  result json,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, mutation, actor_id, key)
);
${tenantTable(roles, 'idempotency', 'SELECT, INSERT, UPDATE (result)')}

-- Events that were applied: makes delivery at least once into effect exactly once.
CREATE TABLE inbox (
  clinic_id uuid NOT NULL,
  event_id uuid NOT NULL,
  type text NOT NULL,
  received_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, event_id)
);
${tenantTable(roles, 'inbox', 'SELECT, INSERT')}

-- Who did or read what. "The newest events of a clinic", "the events of a record", "of an actor".
CREATE TABLE audit_event (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  at timestamptz NOT NULL,
  actor_id text NOT NULL,
  actor_role text,
  action text NOT NULL,
  entity_type text,
  entity_id uuid,
  from_state text,
  to_state text,
  note text,
  purpose text,
  outcome text NOT NULL CHECK (outcome IN ('ALLOWED', 'DENIED', 'REFUSED')),
  filter json,
  row_count integer,
  request_id text NOT NULL,
  PRIMARY KEY (clinic_id, id)
);
CREATE INDEX ON audit_event (clinic_id, at, id);
CREATE INDEX ON audit_event (clinic_id, entity_id);
${tenantTable(roles, 'audit_event', 'SELECT, INSERT', 'SELECT')}

-- People concerned by an event, by keyed hash. "Who touched this person's records?"
CREATE TABLE audit_subject (
  clinic_id uuid NOT NULL,
  event_id uuid NOT NULL,
  subject_hash text NOT NULL,
  PRIMARY KEY (clinic_id, event_id, subject_hash)
);
CREATE INDEX ON audit_subject (clinic_id, subject_hash);
${tenantTable(roles, 'audit_subject', 'SELECT, INSERT', 'SELECT')}

-- Events that wait for their link. Transactions commit out of order, so a watermark would lose some.
CREATE TABLE audit_unsealed (
  clinic_id uuid NOT NULL,
  event_id uuid NOT NULL,
  PRIMARY KEY (clinic_id, event_id)
);
${tenantTable(roles, 'audit_unsealed', 'SELECT, INSERT', 'SELECT, DELETE')}

-- The chain: each hash covers its event and the hash before.
CREATE TABLE audit_seal (
  clinic_id uuid NOT NULL,
  seq bigint NOT NULL,
  event_id uuid NOT NULL,
  hash text NOT NULL,
  PRIMARY KEY (clinic_id, seq),
  UNIQUE (clinic_id, event_id)
);
${tenantTable(roles, 'audit_seal', 'SELECT', 'SELECT, INSERT')}

-- The worker seals each clinic under its own tenant; only the list of clinics crosses tenants.
CREATE FUNCTION unsealed_clinics() RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER STABLE SET search_path = public
  AS $$ SELECT DISTINCT clinic_id FROM audit_unsealed $$;
REVOKE ALL ON FUNCTION unsealed_clinics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION unsealed_clinics() TO ${roles.worker};
`;

/** Lists the clinics known here, for verification, rebuilds and resync; only the worker's role may ask. */
export const clinicList = (roles: Roles, table: string): string => `
CREATE FUNCTION known_clinics() RETURNS SETOF uuid LANGUAGE sql SECURITY DEFINER STABLE SET search_path = public
  AS $$ SELECT DISTINCT clinic_id FROM ${table} $$;
REVOKE ALL ON FUNCTION known_clinics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION known_clinics() TO ${roles.worker};
`;

/** The outbox, made as the worker's role, which owns the job tables; the service may only call this one function. */
export const outboxSchema = (roles: Roles): string => `
CREATE SCHEMA IF NOT EXISTS outbox;
CREATE OR REPLACE FUNCTION outbox.enqueue(task text, payload json, key text, attempts int DEFAULT 20) RETURNS void
  LANGUAGE sql SECURITY DEFINER SET search_path = ''
  AS $$ SELECT graphile_worker.add_job(task, payload, null, null, attempts, key) $$;
REVOKE ALL ON FUNCTION outbox.enqueue(text, json, text, int) FROM PUBLIC;
GRANT USAGE ON SCHEMA outbox TO ${roles.app};
GRANT EXECUTE ON FUNCTION outbox.enqueue(text, json, text, int) TO ${roles.app};
`;
