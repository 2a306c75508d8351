import { rolesOf, tenantTable } from '@practice-graph/kit';

const roles = rolesOf('revenue');

/** Entries that wait before they count, and the shares of other providers in an entry. */
export class PendingAndSplits17636900000041 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
-- Whether a pending entry makes its case started is known only when it is posted.
GRANT UPDATE (start_count, debond_count) ON production_entry TO ${roles.app};

-- "The pending entries of a clinic by day": few, so the index holds only them.
CREATE INDEX production_entry_pending ON production_entry (clinic_id, production_date) WHERE status = 'PENDING';

-- Shares of other providers, as amounts of what the entry was worth when it was recorded. "The shares of an entry", "the
-- entries in which a provider has a share".
CREATE TABLE production_split (
  clinic_id uuid NOT NULL,
  entry_id uuid NOT NULL,
  line smallint NOT NULL,
  provider_id uuid NOT NULL,
  role text NOT NULL,
  weight numeric(14,2) NOT NULL CHECK (weight >= 0),
  PRIMARY KEY (clinic_id, entry_id, line)
);
CREATE INDEX ON production_split (clinic_id, provider_id);
${tenantTable(roles, 'production_split', 'SELECT, INSERT')}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
