/**
 * What the reports must say, by plain addition over the rows of the generator: whole numbers of hundredths, no database
 * and none of the code under test.
 */
import type { ClinicRows } from '../../../app/src/demo/rows.types';

export interface Scope {
  readonly from: string;
  readonly to: string;
  /** Location; left out for all. */
  readonly locationId?: string;
}

export interface Expected {
  readonly grossCents: number;
  readonly netCents: number;
  readonly collectedCents: number;
  readonly starts: number;
  readonly supplyCents: number;
  readonly caseCents: number;
  readonly caseCount: number;
  readonly spaUsedCents: number;
  readonly spaWasteCents: number;
}

/** Bad debt, small balances and recoveries are about collecting; everything else lowers production. */
const LEAVES_NET_ALONE = ['BAD_DEBT', 'SMALL_BALANCE', 'RECOVERY'];

/** Thousandths of a unit at millionths of the currency, in hundredths, half away from zero. */
export const costInCents = (quantityMilli: number, unitCostMicros: number): number => {
  const product = BigInt(quantityMilli) * BigInt(unitCostMicros);
  const whole = product / 10_000_000n;
  return Number(product % 10_000_000n >= 5_000_000n ? whole + 1n : whole);
};

/** Sums of a scope. */
export function expectedOf(rows: ClinicRows, scope: Scope): Expected {
  const isInside = (row: { date: string; locationId: string }): boolean =>
    row.date >= scope.from &&
    row.date <= scope.to &&
    (scope.locationId === undefined || row.locationId === scope.locationId);
  const plans = new Map(rows.plans.map((plan) => [plan.id, plan]));

  let grossCents = 0;
  let starts = 0;
  for (const entry of rows.entries.filter(isInside)) {
    grossCents += entry.grossCents;
    const plan = entry.planId === null ? undefined : plans.get(entry.planId);
    if (entry.category === 'TREATMENT_START' && plan && !plan.isRestart && !plan.isTransferIn) starts += 1;
  }
  let adjustedCents = 0;
  for (const adjustment of rows.adjustments.filter(isInside))
    if (!LEAVES_NET_ALONE.includes(adjustment.category)) adjustedCents += adjustment.amountCents;

  // Money counts on its own day, at the place of what it was paid for.
  const placeOf = new Map(rows.entries.map((entry) => [entry.id, entry.locationId]));
  let collectedCents = 0;
  for (const { date, parts } of rows.payments)
    for (const { entryId, cents } of parts) {
      const locationId = placeOf.get(entryId);
      if (locationId !== undefined && isInside({ date, locationId })) collectedCents += cents;
    }

  let supplyCents = 0;
  const cases = new Set<string>();
  for (const usage of rows.supplies.usages.filter(isInside)) {
    supplyCents += costInCents(usage.quantityMilli, usage.unitCostMicros);
    cases.add(usage.planId);
  }
  let spaUsedCents = 0;
  let spaWasteCents = 0;
  for (const movement of rows.spa.movements.filter(isInside)) {
    const cents = costInCents(movement.quantityMilli, movement.unitCostMicros);
    if (movement.type === 'WASTE') spaWasteCents += cents;
    else spaUsedCents += cents;
  }
  return {
    ...{ grossCents, netCents: grossCents - adjustedCents, collectedCents, starts },
    ...{ supplyCents, spaUsedCents, spaWasteCents },
    // Each use of the demonstration names a case.
    ...{ caseCents: supplyCents, caseCount: cases.size },
  };
}

/** An amount of the API in cents: its digits without the point are a whole number. Anything but two decimals is an error. */
export function centsOf(amount: string): number {
  if (!/^-?\d+\.\d{2}$/.test(amount)) throw new Error(`"${amount}" is no amount of two decimals`);
  return Number(amount.replace('.', ''));
}

/** Cents as the API writes money. */
export const money = (cents: number): string =>
  `${cents < 0 ? '-' : ''}${String(Math.trunc(Math.abs(cents) / 100))}.${String(Math.abs(cents) % 100).padStart(2, '0')}`;

/** A quotient of whole numbers as the API writes it: parts without trailing zeros, the value half-up to six decimals. */
export function ratioOf(numeratorCents: number, denominator: number, denominatorScale = 1): Record<string, unknown> {
  const parts = {
    numerator: plain(numeratorCents, 2),
    denominator: plain(denominator, denominatorScale === 1 ? 0 : 2),
  };
  if (denominator === 0) return { ...parts, value: null, status: 'ZERO_DENOMINATOR' };
  // (numerator / 100) / (denominator / scale) in millionths.
  const above = BigInt(numeratorCents) * BigInt(denominatorScale) * 1_000_000n;
  const below = BigInt(denominator) * 100n;
  const isNegative = above < 0n !== below < 0n;
  const [a, b] = [above < 0n ? -above : above, below < 0n ? -below : below];
  const whole = (2n * a + b) / (2n * b);
  return { ...parts, value: plain(Number(isNegative ? -whole : whole), 6), status: 'COMPUTED' };
}

/** Cents over cents. */
export const rateOf = (numeratorCents: number, denominatorCents: number): Record<string, unknown> =>
  ratioOf(numeratorCents, denominatorCents, 100);

/** Cents over the hours of whole minutes, half-up to six decimals; null without hours. */
export const perHour = (cents: number, minutes: number): unknown => ratioOf(cents * 60, minutes)['value'];

function plain(whole: number, digits: number): string {
  if (digits === 0) return String(whole);
  const text = String(Math.abs(whole)).padStart(digits + 1, '0');
  const fraction = text.slice(-digits).replace(/0+$/, '');
  const sign = whole < 0 ? '-' : '';
  return `${sign}${text.slice(0, -digits)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The months that a range touches, cut to the range. */
export function monthsOf(from: string, to: string): { from: string; to: string }[] {
  const months: { from: string; to: string }[] = [];
  for (let first = `${from.slice(0, 7)}-01`; first <= to;) {
    const [year, month] = first.split('-').map(Number) as [number, number];
    const next = new Date(Date.UTC(year, month, 1));
    const last = new Date(next.getTime() - 86_400_000).toISOString().slice(0, 10);
    months.push({ from: first < from ? from : first, to: last > to ? to : last });
    first = next.toISOString().slice(0, 10);
  }
  return months;
}
