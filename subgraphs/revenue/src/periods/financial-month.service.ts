import { prepared, rows, type Tx } from '@practice-graph/kit';
import type { Day, PeriodState } from '@practice-graph/practice';

/** What is kept of a month that was moved at least once. */
export interface KeptMonth {
  readonly clinic_id: string;
  readonly month: Day;
  readonly status: PeriodState;
  readonly version: number;
  readonly needed_domains: readonly string[];
  readonly closed_at: Date | null;
  readonly closed_by: string | null;
  readonly locked_at: Date | null;
  readonly reopened_at: Date | null;
  readonly reopen_reason: string | null;
  /** Domains that confirmed the present attempt to close it. */
  readonly confirmed: readonly string[];
}

const MONTHS = `
SELECT m.clinic_id, m.month, m.status, m.version, m.needed_domains, m.closed_at, m.closed_by, m.locked_at, m.reopened_at, m.reopen_reason,
  ARRAY (SELECT c.domain FROM period_confirmation c WHERE c.clinic_id = m.clinic_id AND c.month = m.month AND c.version = m.version) AS confirmed
FROM (SELECT clinic_id, min(first) AS first, max(last) AS last FROM unnest($1::uuid[], $2::date[], $3::date[]) AS k (clinic_id, first, last) GROUP BY clinic_id) k
JOIN posting_month m ON m.clinic_id = k.clinic_id AND m.month BETWEEN k.first AND k.last`;

/** What is kept of the months between the first days given, with one statement. */
export const keptMonths = (tx: Tx, ranges: readonly { clinicId: string; from: Day; to: Day }[]): Promise<KeptMonth[]> =>
  prepared<KeptMonth>(tx, MONTHS, [
    ranges.map((range) => range.clinicId),
    ranges.map((range) => range.from),
    ranges.map((range) => range.to),
  ]);

/** Domains whose confirmation a month that is closing still waits for. */
export const unconfirmed = (month: Pick<KeptMonth, 'status' | 'needed_domains' | 'confirmed'>): string[] =>
  month.status === 'CLOSING' ? month.needed_domains.filter((domain) => !month.confirmed.includes(domain)) : [];

/** Totals of a month as its slices have them. */
export const TOTALS = `
SELECT json_build_object('gross', coalesce(sum(gross), 0)::numeric(16,2)::text, 'adjustments', coalesce(sum(adjustments), 0)::numeric(16,2)::text,
  'collected', coalesce(sum(collected), 0)::numeric(16,2)::text, 'insurance', coalesce(sum(insurance), 0)::numeric(16,2)::text,
  'entries', coalesce(sum(entry_count), 0), 'starts', coalesce(sum(start_count), 0), 'debonds', coalesce(sum(debond_count), 0),
  'visits', coalesce(sum(visit_count), 0))
FROM production_slice s WHERE s.clinic_id = m.clinic_id AND s.dim = 'T' AND s.grain = 'M' AND s.period = m.month`;

/** Notes what closed months come to: verification compares it with what they come to later. */
export async function keepTotals(tx: Tx, clinicId: string, months: readonly string[]): Promise<void> {
  await rows(
    tx,
    `UPDATE posting_month m SET closed_totals = (${TOTALS}) WHERE m.clinic_id = $1 AND m.month = ANY ($2::date[])`,
    [clinicId, months],
  );
}
