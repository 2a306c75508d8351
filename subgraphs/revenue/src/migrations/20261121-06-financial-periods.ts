import { rolesOf, tenantTable } from '@practice-graph/kit';
import { postingMonthTable } from '@practice-graph/practice';

const roles = rolesOf('revenue');

/** The months of the books with what happened to them, and who confirmed that nothing more comes. */
export class FinancialPeriods1763690000061 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`${postingMonthTable(roles)}
-- The owner of the periods keeps beside the state whose confirmations the closing needs, who closed and why it was opened.
ALTER TABLE posting_month
  ADD COLUMN needed_domains text[] NOT NULL DEFAULT '{}',
  ADD COLUMN closed_at timestamptz,
  ADD COLUMN closed_by text,
  ADD COLUMN locked_at timestamptz,
  ADD COLUMN reopened_at timestamptz,
  ADD COLUMN reopen_reason text;
GRANT UPDATE (needed_domains, closed_at, closed_by, locked_at, reopened_at, reopen_reason) ON posting_month TO ${roles.app};

-- "Who has confirmed this attempt to close a month?" An attempt is known by the version with which it began.
CREATE TABLE period_confirmation (
  clinic_id uuid NOT NULL,
  month date NOT NULL,
  version integer NOT NULL,
  domain text NOT NULL,
  confirmed_at timestamptz NOT NULL,
  PRIMARY KEY (clinic_id, month, version, domain)
);
${tenantTable(roles, 'period_confirmation', 'SELECT, INSERT')}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
