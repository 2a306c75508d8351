import { kitTables, rolesOf, tenantTable } from '@practice-graph/kit';
import { directoryTables, sliceTable } from '@practice-graph/practice';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('adjustments');

/** The ledger of adjustments with its reasons and slices. Ledger facts are append-only by privilege. */
export class AdjustmentLedger1763690000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
${kitTables(roles)}
${directoryTables(roles)}

-- Reasons that a clinic saved or used. A standard one that it never used is not stored.
-- "The reason of a code", "all reasons of a clinic".
CREATE TABLE reason_code (
  clinic_id uuid NOT NULL,
  code text NOT NULL,
  label text NOT NULL,
  category text NOT NULL CHECK (category IN ('INSURANCE_WRITEOFF', 'COURTESY_DISCOUNT', 'PROFESSIONAL_DISCOUNT', 'FAMILY_DISCOUNT', 'BAD_DEBT', 'SMALL_BALANCE', 'PROMOTIONAL', 'TIMING_ADJUSTMENT', 'ERROR_CORRECTION', 'RECOVERY', 'OTHER')),
  requires_documentation boolean NOT NULL,
  requires_approval boolean NOT NULL,
  active boolean NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (clinic_id, code)
);
${tenantTable(roles, 'reason_code', 'SELECT, INSERT, UPDATE (label, category, requires_documentation, requires_approval, active, version)')}

-- "An entry by its id", "those of a clinic by day or by the moment of recording", "of a patient by day" (also for the
-- sum over days that asks for approval), "of a case, production entry or invoice", "an equal one of the same
-- transaction", "whether a reason is in use", "recoveries of a bad debt", "the reversal of an entry", of which only one may stand.
CREATE TABLE adjustment_entry (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  location_id uuid,
  patient_id uuid NOT NULL,
  provider_id uuid,
  treatment_plan_id uuid,
  production_entry_id uuid,
  invoice_id uuid,
  transaction_id text,
  adjustment_date date NOT NULL,
  original_adjustment_date date,
  category text NOT NULL CHECK (category IN ('INSURANCE_WRITEOFF', 'COURTESY_DISCOUNT', 'PROFESSIONAL_DISCOUNT', 'FAMILY_DISCOUNT', 'BAD_DEBT', 'SMALL_BALANCE', 'PROMOTIONAL', 'TIMING_ADJUSTMENT', 'ERROR_CORRECTION', 'RECOVERY', 'OTHER')),
  reason_code text NOT NULL,
  description text,
  amount numeric(14,2) NOT NULL CHECK (amount <> 0),
  affects_net_production boolean NOT NULL,
  payer text,
  procedure_date date,
  claim_date date,
  estimated_amount numeric(14,2),
  payment_date date,
  requires_approval boolean NOT NULL,
  approval_reasons text[] NOT NULL,
  approval_status text NOT NULL CHECK (approval_status IN ('PENDING', 'APPROVED', 'REJECTED', 'AUTO_APPROVED')),
  decided_by text,
  decided_at timestamptz,
  is_reversal boolean NOT NULL CONSTRAINT adjustment_entry_is_reversal_check CHECK (is_reversal = (reverses_id IS NOT NULL)),
  reverses_id uuid,
  reversed_by_id uuid,
  recovery_of_id uuid,
  possible_duplicate_of_id uuid,
  is_imported boolean NOT NULL,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id),
  FOREIGN KEY (clinic_id, reason_code) REFERENCES reason_code (clinic_id, code),
  FOREIGN KEY (clinic_id, reverses_id) REFERENCES adjustment_entry (clinic_id, id),
  FOREIGN KEY (clinic_id, reversed_by_id) REFERENCES adjustment_entry (clinic_id, id),
  FOREIGN KEY (clinic_id, recovery_of_id) REFERENCES adjustment_entry (clinic_id, id),
  FOREIGN KEY (clinic_id, possible_duplicate_of_id) REFERENCES adjustment_entry (clinic_id, id)
);
CREATE INDEX ON adjustment_entry (id);
CREATE INDEX ON adjustment_entry (clinic_id, adjustment_date, id);
CREATE INDEX ON adjustment_entry (clinic_id, created_at, id);
CREATE INDEX ON adjustment_entry (clinic_id, patient_id, adjustment_date, id);
CREATE INDEX ON adjustment_entry (clinic_id, treatment_plan_id);
CREATE INDEX ON adjustment_entry (clinic_id, production_entry_id);
CREATE INDEX ON adjustment_entry (clinic_id, invoice_id);
CREATE INDEX ON adjustment_entry (clinic_id, transaction_id);
CREATE INDEX ON adjustment_entry (clinic_id, reason_code);
CREATE INDEX ON adjustment_entry (clinic_id, recovery_of_id);
CREATE UNIQUE INDEX ON adjustment_entry (clinic_id, reverses_id) WHERE approval_status <> 'REJECTED';
${tenantTable(roles, 'adjustment_entry', 'SELECT, INSERT, UPDATE (reversed_by_id, version)')}

-- Sums of counting entries by category; "absolute" without sign, "effect" the part that reduces net production, of
-- which "unlinked_effect" names no production entry; "entries" counts originals minus reversals.
${sliceTable(roles, {
  table: 'adjustment_slice',
  dims: ['T', 'L', 'P', 'LP'],
  splits: ['category'],
  measures: {
    amount: 'numeric(16,2)',
    absolute: 'numeric(16,2)',
    effect: 'numeric(16,2)',
    unlinked_effect: 'numeric(16,2)',
    entries: 'integer',
  },
})}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
