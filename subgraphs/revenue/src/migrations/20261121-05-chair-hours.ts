import { rolesOf, tenantTable } from '@practice-graph/kit';
import { sliceTable } from '@practice-graph/practice';

const roles = rolesOf('revenue');

/** Time of chairs by day, and its slices. */
export class ChairHours17636900000053 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
-- "The time of a chair on a day", "the records of a clinic, newest day first". A record replaces the one before.
CREATE TABLE chair_hours (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid NOT NULL,
  chair_id text NOT NULL,
  business_date date NOT NULL,
  provider_id uuid,
  available_minutes integer NOT NULL CHECK (available_minutes >= 0),
  used_minutes integer NOT NULL CHECK (used_minutes >= 0),
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, location_id, chair_id, business_date)
);
CREATE INDEX ON chair_hours (id);
CREATE INDEX ON chair_hours (clinic_id, business_date, id);
${tenantTable(roles, 'chair_hours', 'SELECT, INSERT, UPDATE (provider_id, available_minutes, used_minutes, created_at, created_by)')}

-- Minutes by day and month: all together, by location, by provider, by both.
${sliceTable(roles, {
  table: 'chair_slice',
  dims: ['T', 'L', 'P', 'LP'],
  measures: { available_minutes: 'integer', used_minutes: 'integer' },
})}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
