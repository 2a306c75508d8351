import { tenantTable, type Roles } from '@practice-graph/kit';

/**
 * The months of the books that are not, or not any more, as they are from the start: open. For a migration of every
 * subgraph that posts. "What is the state of these months?" is the only question. The owner of the periods keeps more
 * columns; elsewhere it is a copy by event.
 */
export const postingMonthTable = (roles: Roles): string => `
CREATE TABLE posting_month (
  clinic_id uuid NOT NULL,
  month date NOT NULL CHECK (month = date_trunc('month', month)),
  status text NOT NULL CHECK (status IN ('OPEN', 'CLOSING', 'CLOSED', 'LOCKED')),
  version integer NOT NULL,
  PRIMARY KEY (clinic_id, month)
);
${tenantTable(roles, 'posting_month', 'SELECT, INSERT, UPDATE (status, version)')}`;
