import { rolesOf, tenantTable } from '@practice-graph/kit';

const roles = rolesOf('revenue');

/** One sheet for each place and day on which something was posted; books kept before get theirs. */
export class DaySheets17636900000043 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
-- "A sheet by its id", "the sheet of a place and day", "the sheets of a clinic by day", "the open ones of a month".
CREATE TABLE day_sheet (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid NOT NULL,
  business_date date NOT NULL,
  status text NOT NULL CHECK (status IN ('OPEN', 'CLOSED')),
  closed_at timestamptz,
  closed_by text,
  frozen json,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  UNIQUE (clinic_id, location_id, business_date)
);
CREATE INDEX ON day_sheet (id);
CREATE INDEX ON day_sheet (clinic_id, business_date, id);
${tenantTable(roles, 'day_sheet', 'SELECT, INSERT, UPDATE (status, closed_at, closed_by, frozen, version)')}

INSERT INTO day_sheet (clinic_id, id, location_id, business_date, status)
SELECT clinic_id, gen_random_uuid(), location_id, production_date, 'OPEN'
FROM (SELECT DISTINCT clinic_id, location_id, production_date FROM production_entry WHERE status NOT IN ('PENDING', 'VOIDED')) d`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
