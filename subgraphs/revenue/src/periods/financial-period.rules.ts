import { addDays, addMonths, fiscalYearName, startOfMonth, type Day, type PeriodState } from '@practice-graph/practice';

export type PeriodType = 'MONTH' | 'QUARTER' | 'YEAR';

/** A month, quarter or fiscal year of a clinic: what its key says. */
export interface PeriodSpan {
  readonly type: PeriodType;
  readonly from: Day;
  readonly to: Day;
}

const MONTHS: Readonly<Record<PeriodType, number>> = { MONTH: 1, QUARTER: 3, YEAR: 12 };
const TYPES: readonly PeriodType[] = ['MONTH', 'QUARTER', 'YEAR'];

const spanFrom = (type: PeriodType, from: Day): PeriodSpan => ({
  type,
  from,
  to: addDays(addMonths(from, MONTHS[type]), -1),
});

const monthNumber = (day: Day): number => Number(day.slice(5, 7));

/** The period of a kind that begins on a day; null when none begins there in a fiscal year with this first month. */
export function periodFrom(type: PeriodType, from: Day, fiscalYearStartMonth: number): PeriodSpan | null {
  if (from !== startOfMonth(from)) return null;
  return (monthNumber(from) - fiscalYearStartMonth + 12) % MONTHS[type] === 0 ? spanFrom(type, from) : null;
}

/**
 * Periods of a fiscal year, named by the calendar year in which it starts: its months, its quarters, the year itself; or
 * those of one kind.
 */
export function periodsOfYear(year: number, fiscalYearStartMonth: number, only: PeriodType | null): PeriodSpan[] {
  const first = `${String(year).padStart(4, '0')}-${String(fiscalYearStartMonth).padStart(2, '0')}-01`;
  return TYPES.filter((type) => only === null || type === only).flatMap((type) =>
    Array.from({ length: 12 / MONTHS[type] }, (_, n) => spanFrom(type, addMonths(first, n * MONTHS[type]))),
  );
}

/** First days of the months of a period. */
export const monthsOfPeriod = ({ type, from }: PeriodSpan): Day[] =>
  Array.from({ length: MONTHS[type] }, (_, n) => addMonths(from, n));

/** Name of a period for people: 2026-03, Q1 2026, 2026, or Q1 FY 2026/27 where a fiscal year lies in two years. */
export function periodLabel({ type, from, to }: PeriodSpan, fiscalYearStartMonth: number): string {
  if (type === 'MONTH') return from.slice(0, 7);
  const quarter = Math.floor(((monthNumber(from) - fiscalYearStartMonth + 12) % 12) / 3) + 1;
  const first = addMonths(from, -(quarter - 1) * 3);
  const last = type === 'YEAR' ? to : addDays(addMonths(first, 12), -1);
  const year = fiscalYearStartMonth === 1 ? from.slice(0, 4) : fiscalYearName(first, last);
  return type === 'YEAR' ? year : `Q${String(quarter)} ${year}`;
}

/** Row uuid of a period: it says which it is, so that a period has an identifier before anything happened to it. */
export const periodRowId = ({ type, from }: Pick<PeriodSpan, 'type' | 'from'>): string =>
  `${from.replaceAll('-', '')}-000${String(TYPES.indexOf(type) + 1)}-8000-8000-000000000000`;

/** The period behind a row uuid; null for any other uuid and for one that the fiscal year does not have. */
export function periodOfRowId(id: string, fiscalYearStartMonth: number): PeriodSpan | null {
  const found = /^(\d{4})(0[1-9]|1[0-2])01-000([123])-8000-8000-000000000000$/.exec(id);
  const type = TYPES[Number(found?.[3]) - 1];
  return found && type ? periodFrom(type, `${String(found[1])}-${String(found[2])}-01`, fiscalYearStartMonth) : null;
}

/**
 * State of a period by those of its months: OPEN while anything may be posted into it, CLOSING while nothing may and a
 * confirmation is awaited, then CLOSED, and LOCKED when all of it is.
 */
export function periodState(months: readonly PeriodState[]): PeriodState {
  if (months.some((status) => status === 'OPEN')) return 'OPEN';
  if (months.some((status) => status === 'CLOSING')) return 'CLOSING';
  return months.every((status) => status === 'LOCKED') ? 'LOCKED' : 'CLOSED';
}

export type PeriodStep = 'startClosing' | 'close' | 'lock' | 'reopen';

/** Where each step leads, and which months of a period it moves. */
const STEPS: Readonly<
  Record<PeriodStep, { period: readonly PeriodState[]; months: readonly PeriodState[]; to: PeriodState }>
> = {
  startClosing: { period: ['OPEN'], months: ['OPEN'], to: 'CLOSING' },
  close: { period: ['CLOSING'], months: ['CLOSING'], to: 'CLOSED' },
  lock: { period: ['CLOSED'], months: ['CLOSED'], to: 'LOCKED' },
  reopen: { period: ['CLOSING', 'CLOSED'], months: ['CLOSING', 'CLOSED'], to: 'OPEN' },
};

/** State to which a step leads. */
export const stateAfter = (step: PeriodStep): PeriodState => STEPS[step].to;

/**
 * Which months a step moves, by their states in order; null when the workflow does not allow the step (G-11). A period
 * with a locked month is not reopened as a whole, because locked is final.
 */
export function monthsMoved(step: PeriodStep, months: readonly PeriodState[]): boolean[] | null {
  if (!STEPS[step].period.includes(periodState(months))) return null;
  if (step === 'reopen' && months.includes('LOCKED')) return null;
  return months.map((status) => STEPS[step].months.includes(status));
}

const DOMAINS = {
  ADJUSTMENTS: 'adjustments',
  APPLIANCE_SUPPLY: 'appliance-supply',
  SPA_INVENTORY: 'spa-inventory',
} as const;

/** Domains whose confirmation a closing needs: those switched on for the clinic when it begins (E-21). */
export const neededDomains = (capabilities: readonly string[]): string[] =>
  Object.entries(DOMAINS).flatMap(([capability, domain]) => (capabilities.includes(capability) ? [domain] : []));
