import { Decimal } from 'decimal.js';
import { fullYear, scannedDay, GROUP_SEPARATOR, NOTHING_SCANNED, type ScannedCode } from './scanned-code.rules';
import type { Day } from './calendar.rules';

interface Element {
  readonly ai: string;
  readonly value: string;
}

/** Elements of a code, and what kept others from being read. */
export interface Gs1Elements {
  readonly elements: readonly Element[];
  readonly problems: readonly string[];
}

// Application identifiers that are assigned; their length follows from their first digits.
const ASSIGNED = new RegExp(
  '^(?:0[0-3]|1[0-35-7]|2[0-2]|30|37|9\\d|235|24[0-3]|25[01345]|40[0-3]|41[0-7]|42[0-7]|71[0-7]' +
    '|31[0-6]\\d|32\\d\\d|33[0-7]\\d|34\\d\\d|35[0-7]\\d|36\\d\\d|39[0-5]\\d|43\\d\\d|70\\d\\d|72\\d\\d|80\\d\\d|81\\d\\d|8200)',
);

// Elements with these first two digits have a fixed length and need no separator after them; the length is that of the data.
const FIXED: Readonly<Record<string, number>> = Object.fromEntries([
  ['00', 18],
  ...['01', '02', '03'].map((ai) => [ai, 14]),
  ...['11', '12', '13', '15', '16', '17'].map((ai) => [ai, 6]),
  ['20', 2],
  ...['31', '32', '33', '34', '35', '36'].map((ai) => [ai, 6]),
  ['41', 13],
]) as Record<string, number>;

/** Check digit of a GS1 number whose other digits are given: weights 3 and 1 from the right, up to the next ten. */
export function gs1CheckDigit(digits: string): string {
  const sum = Array.from(digits)
    .reverse()
    .reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}

export const hasRightCheckDigit = (digits: string): boolean => gs1CheckDigit(digits.slice(0, -1)) === digits.slice(-1);

const SYMBOLOGY = /^\](?:d2|C1|Q3|e0|J1)/;

/** True for a text that is a GS1 element string: by its symbology identifier, its separators, its brackets or its form. */
export const isGs1 = (text: string): boolean =>
  SYMBOLOGY.test(text) ||
  text.includes(GROUP_SEPARATOR) ||
  /^\(\d{2,4}\)/.test(text) ||
  // A bare trade number may begin with 01 or 11 too, but is shorter, or has a right check digit.
  (/^(?:00\d{18}|0[12]\d{14}|1[1-7]\d{6})/.test(text) &&
    !(/^(?:1[1-4]\d{6}|\d{12,14})$/.test(text) && hasRightCheckDigit(text)));

/** The human-readable form: identifiers in brackets, which only count where an assigned one stands. */
function bracketed(text: string): Gs1Elements {
  const parts = text.split(/\((\d{2,4})\)/);
  const elements: Element[] = [];
  const problems: string[] = [];
  for (let i = 1; i < parts.length; i += 2) {
    const ai = parts[i] ?? '';
    if (ASSIGNED.exec(ai)?.[0] !== ai) problems.push(`(${ai}) is no application identifier`);
    else elements.push({ ai, value: (parts[i + 1] ?? '').replaceAll(GROUP_SEPARATOR, '').trim() });
  }
  return { elements, problems };
}

/** Splits an element string. Reading ends at the first fault, since what follows cannot be placed. */
export function gs1Elements(text: string): Gs1Elements {
  const start = SYMBOLOGY.exec(text)?.[0].length ?? 0;
  if (text.startsWith('(', start)) return bracketed(text.slice(start));
  const elements: Element[] = [];
  let at = start;
  while (at < text.length) {
    if (text[at] === GROUP_SEPARATOR) {
      at += 1;
      continue;
    }
    const ai = ASSIGNED.exec(text.slice(at, at + 4))?.[0];
    if (ai === undefined) {
      const found = text.slice(at, at + 4).replaceAll(GROUP_SEPARATOR, '');
      return { elements, problems: [`position ${String(at + 1)}: "${found}" begins no application identifier`] };
    }
    const from = at + ai.length;
    const fixed = FIXED[ai.slice(0, 2)];
    const separator = text.indexOf(GROUP_SEPARATOR, from);
    const ends = separator < 0 ? text.length : separator;
    const to = fixed === undefined ? ends : Math.min(from + fixed, ends);
    if (fixed !== undefined && to - from < fixed) {
      const lacks = `(${ai}) needs ${String(fixed)} digits and has ${String(to - from)}`;
      return { elements, problems: [`position ${String(from + 1)}: ${lacks}`] };
    }
    elements.push({ ai, value: text.slice(from, to) });
    at = to;
  }
  return { elements, problems: elements.length > 0 ? [] : ['the code is empty'] };
}

/** Elements of a GS1 Digital Link, for example https://id.gs1.org/01/00301781123453/10/AB-12?17=270430; else null. */
export function gs1DigitalLink(text: string): Gs1Elements | null {
  const [path = '', query = ''] = text.replace(/#.*$/, '').split('?');
  const segments = path.replace(/^https?:\/\/[^/]*\/?/i, '').split('/');
  const start = segments.findIndex((segment, i) => segment === '01' && /^\d+$/.test(segments[i + 1] ?? ''));
  if (start < 0) return null;
  const pairs: [string, string][] = [];
  for (let i = start; i + 1 < segments.length; i += 2) pairs.push([segments[i] ?? '', segments[i + 1] ?? '']);
  for (const part of query.split(/[&;]/)) {
    const [name = '', value = ''] = part.split('=');
    if (ASSIGNED.exec(name)?.[0] === name) pairs.push([name, value]);
  }
  const elements: Element[] = [];
  const problems: string[] = [];
  for (const [ai, written] of pairs) {
    if (ASSIGNED.exec(ai)?.[0] !== ai) problems.push(`"${ai}" in the link is no application identifier`);
    else if (/%(?![0-9a-f]{2})/i.test(written)) problems.push(`(${ai}) in the link is wrongly encoded`);
    else {
      const value = unescape(written);
      // In a link a GTIN may be written without its leading zeros.
      elements.push({ ai, value: ai === '01' && /^(\d{8}|\d{12,13})$/.test(value) ? value.padStart(14, '0') : value });
    }
  }
  return { elements, problems };
}

// Codes hold ASCII only, so each escape is one character; decodeURIComponent would throw on the others.
const unescape = (text: string): string =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const TEXT_MAX = 20;
const PRINTABLE = /^[\x21-\x22\x25-\x3f\x41-\x5a\x5f\x61-\x7a]+$/;

function textProblem(ai: string, value: string): string | null {
  if (value === '') return `(${ai}) is empty`;
  if (value.length > TEXT_MAX)
    return `(${ai}) has ${String(value.length)} characters, at most ${String(TEXT_MAX)} are allowed; a separator is missing after it`;
  return PRINTABLE.test(value) ? null : `(${ai}) has a character that GS1 does not allow`;
}

function gtinProblem(ai: string, value: string): string | null {
  if (!/^\d{14}$/.test(value)) return `(${ai}) needs 14 digits`;
  if (hasRightCheckDigit(value)) return null;
  return `(${ai}) ${value}: the check digit at position 14 is ${value.slice(-1)} and should be ${gs1CheckDigit(value.slice(0, -1))}`;
}

/** What the elements say, each checked by itself; one that is faulty is told and left out. */
export function readGs1({ elements, problems }: Gs1Elements, today: Day): ScannedCode {
  const faults = [...problems];
  const values = new Map<string, string>();
  for (const { ai, value } of elements) {
    const known = values.get(ai);
    if (known !== undefined && known !== value) faults.push(`(${ai}) is given twice with different data`);
    values.set(ai, value);
  }
  const sound = (ai: string, problem: (ai: string, value: string) => string | null): string | null => {
    const value = values.get(ai);
    if (value === undefined) return null;
    const fault = problem(ai, value);
    if (fault !== null) faults.push(fault);
    return fault === null ? value : null;
  };
  const day = (ai: string): Day | null => {
    const value = values.get(ai);
    if (value === undefined) return null;
    const [yy = '', mm = '', dd = ''] = value.match(/^\d{6}$/)
      ? [value.slice(0, 2), value.slice(2, 4), value.slice(4)]
      : [];
    const found = scannedDay(fullYear(yy, today), mm, dd);
    if (found === null) faults.push(`(${ai}) ${value} is no date YYMMDD`);
    return found;
  };
  const count = sound('30', (ai, value) => (/^\d{1,8}$/.test(value) ? null : `(${ai}) needs 1 to 8 digits`));
  return {
    ...NOTHING_SCANNED,
    standard: 'GS1',
    gtin: sound('01', gtinProblem) ?? sound('02', gtinProblem),
    lotNumber: sound('10', textProblem),
    serialNumber: sound('21', textProblem),
    expirationDate: day('17'),
    manufacturedOn: day('11'),
    packQuantity: count === null ? null : new Decimal(count),
    problems: faults,
  };
}
