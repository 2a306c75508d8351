import { rolesOf, tenantTable } from '@practice-graph/kit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('adjustments');

/** Documented tries to collect, and the bad debt that each of them documents. */
export class Collection1763690000022 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
-- "A try by its id", "the tries of a patient in order of time".
CREATE TABLE collection_effort (
  clinic_id uuid NOT NULL,
  id uuid NOT NULL,
  patient_id uuid NOT NULL,
  at timestamptz NOT NULL,
  channel text NOT NULL CHECK (channel IN ('PHONE', 'EMAIL', 'LETTER', 'SMS', 'AGENCY', 'IN_PERSON')),
  outcome text NOT NULL,
  document_reference text,
  created_at timestamptz NOT NULL,
  created_by text NOT NULL,
  PRIMARY KEY (clinic_id, id)
);
CREATE INDEX ON collection_effort (id);
CREATE INDEX ON collection_effort (clinic_id, patient_id, at);
${tenantTable(roles, 'collection_effort', 'SELECT, INSERT')}

-- "The tries that document a bad debt", and the other way round.
CREATE TABLE bad_debt_effort (
  clinic_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  effort_id uuid NOT NULL,
  PRIMARY KEY (clinic_id, entry_id, effort_id),
  FOREIGN KEY (clinic_id, entry_id) REFERENCES adjustment_entry (clinic_id, id),
  FOREIGN KEY (clinic_id, effort_id) REFERENCES collection_effort (clinic_id, id)
);
CREATE INDEX ON bad_debt_effort (clinic_id, effort_id);
${tenantTable(roles, 'bad_debt_effort', 'SELECT, INSERT')}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
