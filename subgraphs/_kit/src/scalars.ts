import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { Decimal } from './decimal';

/** Refuses a value of a scalar; the caller sees the reason and where it stood. */
const bad = (message: string) => new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });

const literal = (node: ValueNode): unknown => {
  if (node.kind === Kind.STRING) return node.value;
  if (node.kind === Kind.INT) return node.value;
  if (node.kind === Kind.FLOAT) throw bad(`${node.value} is a float literal; send a decimal string such as "12.50".`);
  throw bad(`Expected a decimal string, found ${node.kind}.`);
};

const NUMERAL = /^-?\d{1,20}(\.\d{1,20})?$/;

const exact =
  (name: string, digits: number, whole: number) =>
  (value: unknown): Decimal => {
    if (Decimal.isDecimal(value)) return value;
    if (typeof value === 'number' && !Number.isSafeInteger(value))
      throw bad(`${name} does not take a float; send a decimal string such as "12.50".`);
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || !NUMERAL.test(text))
      throw bad(`${name} takes a plain decimal string such as "12.50", without exponent, sign "+" or separators.`);
    const [integer = '', fraction = ''] = text.replace('-', '').split('.');
    if (fraction.length > digits) throw bad(`${name} takes at most ${String(digits)} decimals; "${text}" has more.`);
    if (integer.replace(/^0+/, '').length > whole) throw bad(`${name} is out of range: "${text}".`);
    return new Decimal(text);
  };

const decimalScalar = (
  name: string,
  digits: number,
  whole: number,
  description: string,
  print: (d: Decimal) => string,
) => {
  const parse = exact(name, digits, whole);
  return new GraphQLScalarType<Decimal, string>({
    name,
    description,
    serialize: (value) => print(value instanceof Decimal ? value : new Decimal(value as string)),
    parseValue: parse,
    parseLiteral: (node) => parse(literal(node)),
  });
};

/** Amounts: numeric(14,2) in the tables, always printed with two decimals. */
export const Money = decimalScalar(
  'Money',
  2,
  12,
  `Exact amount of money as a decimal string with the minor digits of the currency of the row or clinic it stands on, for example "12.50". The currency is the \`currency\` field beside it.
Inputs accept a string or an integer; a float literal, an exponent or more digits than the currency has is refused.`,
  (d) => d.toFixed(2, Decimal.ROUND_HALF_UP),
);

/** Stock quantities: numeric(18,4) in the tables, printed without trailing zeros. */
export const Quantity = decimalScalar(
  'Quantity',
  4,
  14,
  'Exact quantity as a decimal string as stored, up to 4 decimals, for example "12.5", in the unit of measure of the item, product or service.',
  (d) => d.toDecimalPlaces(4, Decimal.ROUND_HALF_UP).toFixed(),
);

/** Ratios, rates, hours and unit costs: printed with at most six decimals. */
export const DecimalScalar = decimalScalar(
  'Decimal',
  6,
  12,
  'Exact base-10 number as a JSON string, for ratios, rates, hours and unit costs (up to 6 decimals). Never a binary float.',
  (d) => d.toDecimalPlaces(6, Decimal.ROUND_HALF_UP).toFixed(),
);

const textScalar = (name: string, description: string, check: (text: string) => string) => {
  const parse = (value: unknown): string => {
    if (typeof value !== 'string') throw bad(`${name} takes a string.`);
    return check(value);
  };
  return new GraphQLScalarType<string, string>({
    name,
    description,
    serialize: (value) => value as string,
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : undefined),
  });
};

/** True for an existing day written YYYY-MM-DD, years 1900 to 2199. */
export function isDay(text: string): boolean {
  if (!/^(19|20|21)\d{2}-\d{2}-\d{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

export const DateScalar = textScalar(
  'Date',
  'Business day without a zone, YYYY-MM-DD. The day is cut in the time zone of the location at which the fact happened.',
  (text) => {
    if (!isDay(text)) throw bad(`"${text}" is not a day; write YYYY-MM-DD, for example 2026-06-30.`);
    return text;
  },
);

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/i;

const instant = (value: unknown): Date => {
  if (value instanceof Date) return value;
  if (typeof value !== 'string' || !INSTANT.test(value))
    throw bad('DateTime takes an RFC 3339 instant with a zone, for example 2026-06-30T14:05:00Z.');
  const at = new Date(value);
  if (Number.isNaN(at.getTime()) || !isDay(value.slice(0, 10))) throw bad(`"${value}" is not an instant.`);
  return at;
};

export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'Instant, RFC 3339, always returned in UTC (Z).',
  serialize: (value) => (value instanceof Date ? value : new Date(value as string)).toISOString(),
  parseValue: instant,
  parseLiteral: (node) => instant(node.kind === Kind.STRING ? node.value : undefined),
});

const ZONES = new Set(Intl.supportedValuesOf('timeZone'));

export const TimeZone = textScalar('TimeZone', 'IANA time zone name, for example America/Chicago.', (text) => {
  if (text !== 'UTC' && !ZONES.has(text)) {
    try {
      // Names that the runtime knows only as an alias of another one, for example Asia/Kolkata.
      new Intl.DateTimeFormat('en', { timeZone: text });
    } catch {
      throw bad(`"${text}" is not an IANA time zone, for example America/Chicago.`);
    }
    if (!text.includes('/')) throw bad(`"${text}" is not an IANA time zone, for example America/Chicago.`);
  }
  return text;
});

/** Currencies with two minor digits, the ones that can be kept for now (E-14). */
export const isTwoDigitCurrency = (code: string): boolean =>
  Intl.supportedValuesOf('currency').includes(code) &&
  new Intl.NumberFormat('en', { style: 'currency', currency: code }).resolvedOptions().maximumFractionDigits === 2;

export const CurrencyCode = textScalar('CurrencyCode', 'ISO 4217 currency code, for example USD.', (text) => {
  if (!/^[A-Z]{3}$/.test(text)) throw bad(`"${text}" is not an ISO 4217 currency code, for example USD.`);
  if (!isTwoDigitCurrency(text))
    throw bad(`${text} cannot be kept: only currencies with two minor digits can, for now.`);
  return text;
});
