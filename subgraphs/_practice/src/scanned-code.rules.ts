import type { Decimal } from 'decimal.js';
import { addDays, endOfMonth, isCalendarDay, type Day } from './calendar.rules';

/** What a scanned code says. A code with problems is not to be used; what could be read is given all the same. */
export interface ScannedCode {
  readonly standard: 'GS1' | 'HIBC' | 'RAW';
  /** GTIN-14 with a right check digit. */
  readonly gtin: string | null;
  readonly hibcProduct: string | null;
  readonly lotNumber: string | null;
  readonly serialNumber: string | null;
  readonly expirationDate: Day | null;
  readonly manufacturedOn: Day | null;
  readonly packQuantity: Decimal | null;
  /** Faults in words, each with its place; empty for a sound code. */
  readonly problems: readonly string[];
}

export const NOTHING_SCANNED: Omit<ScannedCode, 'standard'> = {
  gtin: null,
  hibcProduct: null,
  lotNumber: null,
  serialNumber: null,
  expirationDate: null,
  manufacturedOn: null,
  packQuantity: null,
  problems: [],
};

/** Group separator that ends an element of variable length. */
export const GROUP_SEPARATOR = '\u001d';

/** Year meant by two digits: within 49 years back and 50 ahead of today (SPA-90). */
export function fullYear(twoDigits: string, today: Day): number {
  const now = Number(today.slice(0, 4));
  const year = now - (now % 100) + Number(twoDigits);
  if (year - now > 50) return year - 100;
  return year - now < -49 ? year + 100 : year;
}

/** A day of a code; day 00, or none, means the last day of the month. Null when there is no such day. */
export function scannedDay(year: number, month: string, day = '00'): Day | null {
  const first = `${String(year)}-${month}-01`;
  if (!isCalendarDay(first)) return null;
  if (day === '00') return endOfMonth(first);
  const found = `${String(year)}-${month}-${day}`;
  return isCalendarDay(found) ? found : null;
}

/** The day of that number in a year, 001 for 1 January; null when the year has no such day. */
export function dayOfYear(year: number, number: string): Day | null {
  const day = addDays(`${String(year)}-01-01`, Number(number) - 1);
  return Number(number) > 0 && day.startsWith(String(year)) ? day : null;
}
