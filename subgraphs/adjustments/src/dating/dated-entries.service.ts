import type { WriteOffDateBasis } from './write-off-date-basis.rules';

const WRITE_OFFS = `category = 'INSURANCE_WRITEOFF'`;

/** Expression of the day on which an insurance write-off of a table counts first under a basis; each has an index. */
export const firstDayIn = (table: string, basis: WriteOffDateBasis): string =>
  ({
    ADJUSTMENT_DATE: `${table}.adjustment_date`,
    PROCEDURE_DATE: `coalesce(${table}.procedure_date, ${table}.adjustment_date)`,
    CLAIM_ESTIMATE_THEN_PAYMENT: `coalesce(${table}.claim_date, ${table}.adjustment_date)`,
    PAYMENT_DATE: `coalesce(${table}.payment_date, ${table}.adjustment_date)`,
  })[basis];

const part = (day: string, amount: string, weight: 0 | 1, where: string): string =>
  `SELECT e.*, ${day} AS day, ${amount} AS part, ${String(weight)} AS weight FROM adjustment_entry e WHERE ${where}`;

/** Insurance write-offs in their parts. */
function writeOffParts(basis: WriteOffDateBasis): string[] {
  const first = firstDayIn('e', basis);
  if (basis !== 'CLAIM_ESTIMATE_THEN_PAYMENT') return [part(first, 'e.amount', 1, `e.${WRITE_OFFS}`)];
  return [
    part(first, 'coalesce(e.estimated_amount, e.amount)', 1, `e.${WRITE_OFFS}`),
    part(
      firstDayIn('e', 'PAYMENT_DATE'),
      'e.amount - e.estimated_amount',
      0,
      `e.${WRITE_OFFS} AND e.estimated_amount <> e.amount`,
    ),
  ];
}

/** The ledger as a report joins it, with what its rows add to sums. */
export interface DatedLedger {
  /** The relation "t" and, after ON, its day. */
  readonly relation: string;
  readonly day: string;
  /** Amount that counts on the day. */
  readonly amount: string;
  /** 1 where the entry is counted, so that one in two parts is counted once. */
  readonly weight: string;
}

/**
 * Entries of the ledger in the parts in which they count under a dating basis. Only insurance write-offs are dated
 * otherwise than by the day of the entry.
 */
export const datedLedger = (basis: WriteOffDateBasis): DatedLedger =>
  basis === 'ADJUSTMENT_DATE'
    ? { relation: 'adjustment_entry t', day: 't.adjustment_date', amount: 't.amount', weight: '1' }
    : {
        relation: `(${[part('e.adjustment_date', 'e.amount', 1, `e.category <> 'INSURANCE_WRITEOFF'`), ...writeOffParts(basis)].join('\nUNION ALL ')}) t`,
        ...{ day: 't.day', amount: 't.part', weight: 't.weight' },
      };

/** Insurance write-offs alone in their parts: the columns of the ledger, and the `day`, `part` and `weight` of each. */
export const datedWriteOffs = (basis: WriteOffDateBasis): string => `(${writeOffParts(basis).join('\nUNION ALL ')})`;

/** Condition that an entry "t" counts on one of the days from `first` to `last`, which are placeholders, under a basis. */
export function countsWithin(basis: WriteOffDateBasis, first: string, last: string): string {
  const within = (day: string) => `${day} BETWEEN ${first} AND ${last}`;
  if (basis === 'ADJUSTMENT_DATE') return within('t.adjustment_date');
  const isDated = within(firstDayIn('t', basis));
  const isCorrected = `t.estimated_amount <> t.amount AND ${within(firstDayIn('t', 'PAYMENT_DATE'))}`;
  return `(t.category <> 'INSURANCE_WRITEOFF' AND ${within('t.adjustment_date')} OR t.${WRITE_OFFS} AND (${isDated}${
    basis === 'CLAIM_ESTIMATE_THEN_PAYMENT' ? ` OR ${isCorrected}` : ''
  }))`;
}
