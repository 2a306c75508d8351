import { batchLoader, prepared } from '@practice-graph/kit';
import { keptMonths, unconfirmed, type KeptMonth } from './financial-month.service';
import { monthsOfPeriod, periodLabel, periodRowId, periodState, type PeriodSpan } from './financial-period.rules';
import { FinancialPeriod } from './financial-period.types';

/** A period of a clinic, with what its label depends on. */
export interface PeriodKey extends PeriodSpan {
  readonly clinicId: string;
  readonly fiscalYearStartMonth: number;
}

const latest = (months: readonly KeptMonth[], when: 'closed_at' | 'locked_at' | 'reopened_at') =>
  months.reduce<KeptMonth | undefined>((last, month) => {
    const at = month[when];
    const before = last?.[when];
    return at && (!before || at >= before) ? month : last;
  }, undefined);

/** A period as the months that it consists of make it; a month without a trace is open since ever. */
function periodOfMonths(key: PeriodKey, kept: readonly KeptMonth[]): FinancialPeriod {
  const { clinicId, type, from, to } = key;
  const firsts = monthsOfPeriod(key);
  const months = firsts.flatMap((first) => kept.find((row) => row.clinic_id === clinicId && row.month === first) ?? []);
  const states = firsts.map((first) => months.find(({ month }) => month === first)?.status ?? 'OPEN');
  const status = periodState(states);
  const isShut = status === 'CLOSED' || status === 'LOCKED';
  const closed = isShut ? latest(months, 'closed_at') : undefined;
  const missing = new Set(months.flatMap(unconfirmed));
  return Object.assign(new FinancialPeriod(), {
    clinicUuid: clinicId,
    rowId: periodRowId(key),
    type,
    from,
    to,
    period: { from, to, label: periodLabel(key, key.fiscalYearStartMonth) },
    status,
    unconfirmedDomains: status === 'CLOSING' ? [...missing].sort() : [],
    closedAt: closed?.closed_at ?? null,
    closedBy: closed?.closed_by ?? null,
    lockedAt: status === 'LOCKED' ? (latest(months, 'locked_at')?.locked_at ?? null) : null,
    reopenReason: latest(months, 'reopened_at')?.reopen_reason ?? null,
    version: firsts.length + months.reduce((sum, month) => sum + month.version - 1, 0),
  });
}

/** Periods as they stand; one statement for all of a fetch. */
export const financialPeriods = batchLoader<PeriodKey, FinancialPeriod>(
  async (tx, keys) => {
    const kept = await keptMonths(tx, keys);
    return keys.map((key) => periodOfMonths(key, kept));
  },
  ({ clinicId, type, from }) => `${clinicId}/${type}/${from}`,
);

/** Counts the rows "t" of a table in N periods, with one statement; `where` may use the viewer's places and providers. */
const countIn = (table: string, day: string, where: string) => {
  const text = `
SELECT k.n::int AS n, (SELECT count(*)::int FROM ${table} t
  WHERE t.clinic_id = k.clinic_id AND t.${day} BETWEEN k.first AND k.last AND ${where}) AS count
FROM unnest($1::int[], $2::uuid[], $3::date[], $4::date[]) AS k (n, clinic_id, first, last)
CROSS JOIN (SELECT $5::uuid[] AS locations, $6::uuid[] AS providers) v`;
  return batchLoader<FinancialPeriod, number>(
    async (tx, periods, { viewer }) => {
      const found = await prepared<{ n: number; count: number }>(tx, text, [
        periods.map((_, n) => n),
        periods.map((period) => period.clinicUuid),
        periods.map((period) => period.from),
        periods.map((period) => period.to),
        viewer.restrictions['locations'] ?? null,
        viewer.restrictions['providers'] ?? null,
      ]);
      return periods.map((_, n) => found.find((row) => row.n === n)?.count ?? 0);
    },
    (period) => period.globalId,
  );
};

const AT_PLACES = '(v.locations IS NULL OR t.location_id = ANY (v.locations))';

/** Production entries of periods that wait to be posted, as far as the viewer may see them. */
export const pendingEntryCounts = countIn(
  'production_entry',
  'production_date',
  `t.status = 'PENDING' AND ${AT_PLACES} AND (v.providers IS NULL OR t.provider_id = ANY (v.providers))`,
);

/** Day sheets of periods that are still open, at the places that the viewer may see. */
export const openDaySheetCounts = countIn('day_sheet', 'business_date', `t.status = 'OPEN' AND ${AT_PLACES}`);
