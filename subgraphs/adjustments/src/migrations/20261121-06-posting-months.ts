import { rolesOf } from '@practice-graph/kit';
import { postingMonthTable } from '@practice-graph/practice';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('adjustments');

/** The months that take no postings, and the day of an entry that its decision settles. */
export class PostingMonths1763690000061 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
${postingMonthTable(roles)}

-- An entry that waits has a day that it is meant for. When that month has closed before the decision, it counts later.
GRANT UPDATE (adjustment_date, original_adjustment_date) ON adjustment_entry TO ${roles.app};`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
