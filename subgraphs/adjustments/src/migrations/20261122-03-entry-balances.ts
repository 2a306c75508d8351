import { rolesOf, tenantTable } from '@practice-graph/kit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('adjustments');

/**
 * What is to be collected of production entries, as revenue tells it. Nothing can be filled in here: a resync brings the
 * entries from before, and until then an adjustment of theirs is checked as one of an entry that is not known.
 */
export class EntryBalances17637800000031 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
-- "What is to be collected of these entries, alone with them?"
CREATE TABLE production_entry_balance (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  patient_id uuid NOT NULL,
  gross numeric(14,2) NOT NULL,
  collected numeric(14,2) NOT NULL,
  stands boolean NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (clinic_id, id)
);
${tenantTable(roles, 'production_entry_balance', 'SELECT, INSERT, UPDATE (collected, stands, version)')}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
