import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Indexes that answer reports without visiting the rows themselves. */
export class Reports1763690000031 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
-- "The sums of a stretch of days by reason, state or several dimensions at once", where slices do not carry them.
CREATE INDEX adjustment_entry_report ON adjustment_entry (clinic_id, adjustment_date)
  INCLUDE (category, reason_code, approval_status, provider_id, location_id, is_reversal, affects_net_production, amount, patient_id);

-- "The months or days of all places or providers of a clinic".
CREATE INDEX ON adjustment_slice (clinic_id, dim, grain, period);`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
