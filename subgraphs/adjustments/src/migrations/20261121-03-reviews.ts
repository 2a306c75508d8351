import { rolesOf, tenantTable } from '@practice-graph/kit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('adjustments');

/** Management reviews of months with the totals they kept; a month may be reviewed again when it changed. */
export class Reviews1763690000032 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
-- "The last review of each month of a year".
CREATE TABLE adjustment_review (
  clinic_id uuid NOT NULL,
  month date NOT NULL,
  revision integer NOT NULL,
  reviewed_by text NOT NULL,
  reviewed_at timestamptz NOT NULL,
  notes text,
  sums json NOT NULL,
  source_high_water_mark text,
  PRIMARY KEY (clinic_id, month, revision)
);
${tenantTable(roles, 'adjustment_review', 'SELECT, INSERT')}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
