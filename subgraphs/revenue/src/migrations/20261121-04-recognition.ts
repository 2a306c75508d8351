import { rolesOf, tenantTable } from '@practice-graph/kit';

const roles = rolesOf('revenue');

/** How fees are recognised from a day on, and the parts of the fee of each case that was started under such a policy. */
export class Recognition17636900000044 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
-- Each setting is a row of its own, because running schedules keep theirs. "The policy in force on a day", "that version".
CREATE TABLE recognition_policy (
  clinic_id uuid NOT NULL,
  version integer NOT NULL,
  effective_from date NOT NULL,
  method text NOT NULL CHECK (method IN ('FULL_AT_START', 'SPLIT')),
  initial_share numeric(18,6),
  monthly_share numeric(18,6),
  debond_share numeric(18,6),
  months integer,
  set_by text NOT NULL,
  set_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, version)
);
CREATE INDEX ON recognition_policy (clinic_id, effective_from, version);
${tenantTable(roles, 'recognition_policy', 'SELECT, INSERT')}

-- A case has one schedule per start: a start that was undone leaves its own, cancelled. Version 0 is the default policy.
CREATE TABLE recognition_schedule (
  clinic_id uuid NOT NULL,
  plan_id uuid NOT NULL,
  run smallint NOT NULL,
  policy_version integer NOT NULL,
  fee numeric(14,2) NOT NULL,
  PRIMARY KEY (clinic_id, plan_id, run)
);
${tenantTable(roles, 'recognition_schedule', 'SELECT, INSERT')}

-- "The parts of a case", "the part that an entry recognised", "the monthly parts that are due".
CREATE TABLE recognition_part (
  clinic_id uuid NOT NULL,
  plan_id uuid NOT NULL,
  run smallint NOT NULL,
  line smallint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('START', 'MONTH', 'DEBOND')),
  amount numeric(14,2) NOT NULL,
  due_on date NOT NULL,
  status text NOT NULL CHECK (status IN ('SCHEDULED', 'RECOGNIZED', 'ACCELERATED', 'CANCELLED')),
  entry_id uuid,
  PRIMARY KEY (clinic_id, plan_id, run, line)
);
CREATE INDEX ON recognition_part (clinic_id, entry_id);
CREATE INDEX ON recognition_part (clinic_id, due_on) WHERE status = 'SCHEDULED' AND kind = 'MONTH';
${tenantTable(roles, 'recognition_part', 'SELECT, INSERT, UPDATE (due_on, status, entry_id)')}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
