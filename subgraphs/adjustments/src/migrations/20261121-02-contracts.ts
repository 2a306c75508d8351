import { rolesOf, tenantTable } from '@practice-graph/kit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('adjustments');

/** Fees agreed with payers, campaigns that grant discounts, and what an entry has to do with them. */
export class Contracts1763690000023 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
-- "The fee of a payer for a procedure on a day", "all fees in force on a day, by payer and procedure", "a fee by its id".
CREATE TABLE payer_fee (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  payer text NOT NULL,
  procedure_code text NOT NULL,
  usual_fee numeric(14,2) NOT NULL,
  contracted_fee numeric(14,2) NOT NULL,
  effective_from date NOT NULL,
  effective_to date,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id)
);
CREATE INDEX ON payer_fee (id);
CREATE UNIQUE INDEX ON payer_fee (clinic_id, payer, procedure_code, effective_from);
${tenantTable(roles, 'payer_fee', 'SELECT, INSERT, UPDATE (usual_fee, contracted_fee, effective_to, version)')}

-- "A campaign by its id", "the campaigns of a clinic by code".
CREATE TABLE promotion_campaign (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  code text NOT NULL,
  name text NOT NULL,
  starts_on date NOT NULL,
  ends_on date NOT NULL,
  budget numeric(14,2) NOT NULL,
  version integer NOT NULL DEFAULT 1,
  PRIMARY KEY (clinic_id, id)
);
CREATE INDEX ON promotion_campaign (id);
CREATE UNIQUE INDEX ON promotion_campaign (clinic_id, code);
${tenantTable(roles, 'promotion_campaign', 'SELECT, INSERT, UPDATE (code, name, starts_on, ends_on, budget, version)')}

-- What the contract lets expect is kept as of the recording. "What a campaign granted so far."
ALTER TABLE adjustment_entry ADD COLUMN expected_amount numeric(14,2);
ALTER TABLE adjustment_entry ADD COLUMN campaign_id uuid;
ALTER TABLE adjustment_entry ADD FOREIGN KEY (clinic_id, campaign_id) REFERENCES promotion_campaign (clinic_id, id);
CREATE INDEX ON adjustment_entry (clinic_id, campaign_id);`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
