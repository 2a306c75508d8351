import { rolesOf } from '@practice-graph/kit';
import { postingMonthTable } from '@practice-graph/practice';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const roles = rolesOf('appliance_supply');

/** The months that take no postings. */
export class PostingMonths1763690400061 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
${postingMonthTable(roles)}`);
  }

  down(): Promise<void> {
    return Promise.reject(new Error('migrations go forward only'));
  }
}
