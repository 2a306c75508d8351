import { rolesOf, tenantTable } from '@practice-graph/kit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('adjustments');

/** The rules of a clinic over time, decisions on entries, and what waits for one. */
export class Approval1763690000021 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
-- Rules that a clinic set. "The rules in force on a day", "the number of settings so far".
CREATE TABLE adjustment_policy (
  clinic_id uuid NOT NULL,
  effective_from date NOT NULL,
  approval_rules json NOT NULL,
  cumulative_window_days integer NOT NULL,
  separation_of_duties boolean NOT NULL,
  small_balance_limit numeric(14,2) NOT NULL,
  min_collection_efforts integer NOT NULL,
  max_backdate_days integer NOT NULL,
  categories json NOT NULL,
  benchmarks json NOT NULL,
  watch_margin numeric(18,6) NOT NULL,
  set_by text NOT NULL,
  set_at timestamptz NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (clinic_id, effective_from)
);
${tenantTable(roles, 'adjustment_policy', 'SELECT, INSERT, UPDATE (approval_rules, cumulative_window_days, separation_of_duties, small_balance_limit, min_collection_efforts, max_backdate_days, categories, benchmarks, watch_margin, set_by, set_at, version)')}

-- A decision moves the state of an entry and nothing else.
GRANT UPDATE (approval_status, decided_by, decided_at) ON adjustment_entry TO ${roles.app};

-- "What waits for a decision, oldest first."
CREATE INDEX ON adjustment_entry (clinic_id, created_at) WHERE approval_status = 'PENDING';

-- What waits stands beside what counts: its amount, the part that would reduce net production, and how many it is.
ALTER TABLE adjustment_slice ADD COLUMN pending numeric(16,2) NOT NULL DEFAULT 0;
ALTER TABLE adjustment_slice ADD COLUMN pending_effect numeric(16,2) NOT NULL DEFAULT 0;
ALTER TABLE adjustment_slice ADD COLUMN pending_entries integer NOT NULL DEFAULT 0;
GRANT UPDATE (pending, pending_effect, pending_entries) ON adjustment_slice TO ${roles.app};`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
