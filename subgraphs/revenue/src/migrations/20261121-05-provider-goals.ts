import { rolesOf, tenantTable } from '@practice-graph/kit';

const roles = rolesOf('revenue');

/** Goals of providers by month, with every value that they had. */
export class ProviderGoals17636900000052 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
-- "The goal of a provider for a month", "the goals of a clinic for the months of a year".
CREATE TABLE provider_goal (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  provider_id uuid NOT NULL,
  month text NOT NULL CHECK (month ~ '^[0-9]{4}-[0-9]{2}$'),
  metric text NOT NULL CHECK (metric IN ('GROSS', 'NET', 'STARTS')),
  target numeric(14,2) NOT NULL CHECK (target >= 0),
  set_by text NOT NULL,
  set_at timestamptz NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, provider_id, month, metric),
  FOREIGN KEY (clinic_id, provider_id) REFERENCES provider (clinic_id, id)
);
CREATE INDEX ON provider_goal (id);
CREATE INDEX ON provider_goal (clinic_id, month);
${tenantTable(roles, 'provider_goal', 'SELECT, INSERT, UPDATE (target, set_by, set_at, version)')}

-- "Every value that a goal had", "the value in force on a day".
CREATE TABLE provider_goal_version (
  clinic_id uuid NOT NULL,
  goal_id uuid NOT NULL,
  version integer NOT NULL,
  target numeric(14,2) NOT NULL,
  set_by text NOT NULL,
  set_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, goal_id, version),
  FOREIGN KEY (clinic_id, goal_id) REFERENCES provider_goal (clinic_id, id)
);
${tenantTable(roles, 'provider_goal_version', 'SELECT, INSERT')}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
