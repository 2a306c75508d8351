import { rolesOf } from '@practice-graph/kit';

const roles = rolesOf('revenue');

/** What a month came to when it was closed, for the proof that it never changed. */
export class ClosedTotals17636900000062 {
  async up(runner: { query(sql: string): Promise<unknown> }): Promise<void> {
    await runner.query(`
ALTER TABLE posting_month ADD COLUMN closed_totals json;
GRANT UPDATE (closed_totals) ON posting_month TO ${roles.app};`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
