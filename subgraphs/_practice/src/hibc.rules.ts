import { Decimal } from 'decimal.js';
import type { Day } from './calendar.rules';
import { dayOfYear, fullYear, scannedDay, NOTHING_SCANNED, type ScannedCode } from './scanned-code.rules';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%';

/** Check character of an HIBC text, modulo 43 over all characters before it, the leading plus included. */
export const hibcCheck = (text: string): string =>
  ALPHABET[Array.from(text).reduce((sum, character) => sum + ALPHABET.indexOf(character), 0) % 43] ?? '';

/** True for a text that begins as HIBC data do, with or without the asterisks of Code 39. */
export const isHibc = (text: string): boolean => /^\*?\+[A-Z0-9$]/i.test(text);

interface Secondary {
  lotNumber: string | null;
  serialNumber: string | null;
  expirationDate: Day | null;
  manufacturedOn: Day | null;
  packQuantity: Decimal | null;
  problems: string[];
}

const nothing = (): Secondary => ({
  lotNumber: null,
  serialNumber: null,
  expirationDate: null,
  manufacturedOn: null,
  packQuantity: null,
  problems: [],
});

/** How each date flag is written, and the day it means. */
const DATES: Readonly<Record<string, { length: number; day: (digits: string, today: Day) => Day | null }>> = {
  2: { length: 6, day: (d, today) => scannedDay(fullYear(d.slice(4), today), d.slice(0, 2), d.slice(2, 4)) },
  3: { length: 6, day: (d, today) => scannedDay(fullYear(d.slice(0, 2), today), d.slice(2, 4), d.slice(4)) },
  4: { length: 8, day: (d, today) => scannedDay(fullYear(d.slice(0, 2), today), d.slice(2, 4), d.slice(4, 6)) },
  5: { length: 5, day: (d, today) => dayOfYear(fullYear(d.slice(0, 2), today), d.slice(2)) },
  6: { length: 7, day: (d, today) => dayOfYear(fullYear(d.slice(0, 2), today), d.slice(2, 5)) },
};

/** A date by its flag, and the rest behind it; without a flag, month and year, which mean the last day of the month. */
function dated(text: string, today: Day, into: Secondary): string {
  if (text === '' || text.startsWith('7')) return text.slice(1);
  const flagged = DATES[text[0] ?? ''];
  const start = flagged ? 1 : 0;
  const length = flagged?.length ?? 4;
  const digits = text.slice(start, start + length);
  const day =
    !/^\d+$/.test(digits) || digits.length < length
      ? null
      : flagged
        ? flagged.day(digits, today)
        : scannedDay(fullYear(digits.slice(2), today), digits.slice(0, 2));
  if (day === null) into.problems.push(`"${text.slice(0, start + length)}" in the secondary data is no expiry date`);
  into.expirationDate = day;
  return text.slice(start + length);
}

/** Secondary data without the leading plus: `$$` date and lot, `$` lot, `$$+` or `$+` serial, or day of the year and lot. */
function readSecondary(text: string, today: Day, into: Secondary): void {
  const named = (rest: string, isSerial: boolean) => {
    if (rest === '') return;
    if (rest.length > 20) into.problems.push(`the ${isSerial ? 'serial' : 'lot'} number has more than 20 characters`);
    else if (isSerial) into.serialNumber = rest;
    else into.lotNumber = rest;
  };
  const form = /^(\$\$?)(\+?)/.exec(text);
  if (!form) {
    const julian = /^(\d{2})(\d{3})(.*)$/.exec(text);
    const day = julian ? dayOfYear(fullYear(julian[1] ?? '', today), julian[2] ?? '') : null;
    if (day === null) into.problems.push(`"${text}" is no secondary data`);
    into.expirationDate = day;
    named(julian?.[3] ?? '', false);
    return;
  }
  let rest = text.slice(form[0].length);
  if (form[1] === '$$') {
    const quantity = /^(?:8(\d{2})|9(\d{5}))/.exec(rest);
    if (quantity) {
      into.packQuantity = new Decimal(quantity[1] ?? quantity[2] ?? '0');
      rest = rest.slice(quantity[0].length);
    } else if (/^[89]/.test(rest)) into.problems.push('the quantity of the secondary data is cut short');
    rest = dated(rest, today, into);
  }
  named(rest, form[2] === '+');
}

/** Data behind further slashes: S serial, 14D expiry, 16D production, Q quantity. */
function readSupplement(text: string, into: Secondary): void {
  const date = /^1([46])D(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (date) {
    const day = scannedDay(Number(date[2]), date[3] ?? '', date[4]);
    if (day === null) into.problems.push(`"${text}" is no date`);
    if (date[1] === '4') into.expirationDate = day;
    else into.manufacturedOn = day;
  } else if (/^S.{1,20}$/.test(text)) into.serialNumber = text.slice(1);
  else if (/^Q\d{1,5}$/.test(text)) into.packQuantity = new Decimal(text.slice(1));
  else into.problems.push(`"${text}" is no data that HIBC knows`);
}

/** Reads HIBC primary data, secondary data, or both in one code (SPA-91). */
export function readHibc(scanned: string, today: Day): ScannedCode {
  const text = scanned.replace(/^\*|\*$/g, '').toUpperCase();
  const refused = (problem: string): ScannedCode => ({ ...NOTHING_SCANNED, standard: 'HIBC', problems: [problem] });
  const strange = Array.from(text).findIndex((character) => !ALPHABET.includes(character));
  if (strange >= 0) return refused(`position ${String(strange + 1)}: "${text[strange] ?? ''}" is not allowed in HIBC`);
  const body = text.slice(0, -1);
  const check = hibcCheck(body);
  if (text.length < 4 || text.slice(-1) !== check)
    return refused(
      `the check character at position ${String(text.length)} is "${text.slice(-1)}" and should be "${check}"`,
    );

  const [first = '', ...parts] = body.slice(1).split('/');
  const into = nothing();
  let product: string | null = null;
  let secondary = parts.shift();
  if (/^[A-Z]/.test(first)) {
    const primary = /^([A-Z][A-Z0-9]{3}[A-Z0-9.-]{1,18})\d$/.exec(first);
    if (primary) product = primary[1] ?? null;
    else into.problems.push(`"${first}" is no labeler, product code and unit of measure`);
  } else {
    // Alone, secondary data end with a link to their primary code: its check character.
    if (secondary !== undefined) parts.unshift(secondary);
    if (parts.length > 0) parts.push((parts.pop() ?? '').slice(0, -1));
    secondary = parts.length > 0 ? first : first.slice(0, -1);
  }
  if (secondary !== undefined) readSecondary(secondary, today, into);
  for (const part of parts) readSupplement(part, into);
  return { ...NOTHING_SCANNED, ...into, standard: 'HIBC', hibcProduct: product };
}
