import { audit, eventOf, rows, type GraphEvent, type Tx } from '@practice-graph/kit';
import { endOfMonth, lockMonthsAlone, periodFact, startOfMonth, type Day } from '@practice-graph/practice';
import { closeSheetsOf } from '../day-sheets/day-sheet.service';
import { keepTotals } from './financial-month.service';

/** A month of the books that was closed in another system, or locked there. */
export interface ImportedPeriod {
  /** Any day of the month. */
  readonly month: Day;
  readonly closedAt: Date;
  readonly closedBy: string;
  /** Null for one that may be reopened. */
  readonly lockedAt: Date | null;
}

const IMPORT = `
INSERT INTO posting_month (clinic_id, month, status, version, needed_domains, closed_at, closed_by, locked_at)
SELECT $1, month, CASE WHEN locked_at IS NULL THEN 'CLOSED' ELSE 'LOCKED' END, CASE WHEN locked_at IS NULL THEN 3 ELSE 4 END, '{}', closed_at, closed_by, locked_at
FROM unnest($2::date[], $3::timestamptz[], $4::text[], $5::timestamptz[]) AS p (month, closed_at, closed_by, locked_at)
ON CONFLICT (clinic_id, month) DO NOTHING
RETURNING month, status, version`;

/**
 * Takes over months of one clinic that were closed elsewhere, once their facts are imported in every domain: nothing is
 * waited for, and open day sheets are closed. A month that was moved here before stays as it is. Answers the events that they are to other domains; they
 * are not enqueued, so that a loader may hand them over in bulk.
 */
export async function importPeriods(
  tx: Tx,
  clinicId: string,
  periods: readonly ImportedPeriod[],
): Promise<GraphEvent[]> {
  const months = periods.map(({ month }) => startOfMonth(month));
  await lockMonthsAlone(tx, clinicId, months);
  const written = await rows<{ month: Day; status: 'CLOSED' | 'LOCKED'; version: number }>(tx, IMPORT, [
    clinicId,
    months,
    periods.map(({ closedAt }) => closedAt),
    periods.map(({ closedBy }) => closedBy),
    periods.map(({ lockedAt }) => lockedAt),
  ]);
  for (const { month, closedAt, closedBy } of periods)
    await closeSheetsOf(
      tx,
      clinicId,
      { from: startOfMonth(month), to: endOfMonth(month) },
      { at: closedAt, by: closedBy },
    );
  await keepTotals(
    tx,
    clinicId,
    written.map(({ month }) => month),
  );
  await audit(tx, clinicId, {
    action: 'financialPeriod.import',
    entityType: 'FinancialPeriod',
    rowCount: written.length,
  });
  return written.map((state) => eventOf(clinicId, periodFact(state), tx.session.at));
}
