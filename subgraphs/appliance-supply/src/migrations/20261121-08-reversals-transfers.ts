import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Uses that undo others, and movements that belong together. */
export class ReversalsTransfers17636900000081 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
-- "The row that undid this use": at most one, which the unique index holds against any interleaving.
ALTER TABLE appliance_usage ADD COLUMN reverses_id uuid;
ALTER TABLE appliance_usage ADD FOREIGN KEY (clinic_id, reverses_id) REFERENCES appliance_usage (clinic_id, id) ON DELETE RESTRICT;
ALTER TABLE appliance_usage ADD UNIQUE (clinic_id, reverses_id);
-- A reversal takes away, everything else adds.
ALTER TABLE appliance_usage ADD CONSTRAINT appliance_usage_reverses_id_check CHECK ((reverses_id IS NULL) = (quantity > 0));

-- The other half of a transfer, written by the same statement.
ALTER TABLE supply_transaction ADD COLUMN counterpart_id uuid;
ALTER TABLE supply_transaction ADD FOREIGN KEY (clinic_id, counterpart_id) REFERENCES supply_transaction (clinic_id, id) ON DELETE RESTRICT;
`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
