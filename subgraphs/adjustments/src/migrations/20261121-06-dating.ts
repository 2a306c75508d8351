import type { MigrationInterface, QueryRunner } from 'typeorm';

const COUNTS = `category = 'INSURANCE_WRITEOFF'`;

/** "Insurance write-offs by the day of the procedure, of the claim, of the payment" (REV-59). */
export class Dating17636900000063 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
CREATE INDEX adjustment_entry_by_procedure ON adjustment_entry (clinic_id, (coalesce(procedure_date, adjustment_date))) WHERE ${COUNTS};
CREATE INDEX adjustment_entry_by_claim ON adjustment_entry (clinic_id, (coalesce(claim_date, adjustment_date))) WHERE ${COUNTS};
CREATE INDEX adjustment_entry_by_payment ON adjustment_entry (clinic_id, (coalesce(payment_date, adjustment_date))) WHERE ${COUNTS};`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
