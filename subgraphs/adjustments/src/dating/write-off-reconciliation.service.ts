import { columnsOf, Decimal, hydrate, readPage, rows, type Page, type Tx } from '@practice-graph/kit';
import type { DayRange } from '@practice-graph/practice';
import { AdjustmentEntry } from '../entries/adjustment-entry.entity';
import { entryConditions } from '../entries/entry-filter.service';
import { datedWriteOffs } from './dated-entries.service';
import { firstDay, type WriteOffDateBasis } from './write-off-date-basis.rules';

/** What is reconciled: the counting insurance write-offs of a clinic in a range of days under two dating bases. */
export interface Reconciliation {
  readonly clinicId: string;
  readonly days: DayRange;
  readonly basisA: WriteOffDateBasis;
  readonly basisB: WriteOffDateBasis;
}

/** An entry on which the bases disagree. */
export interface Disagreement {
  readonly entry: AdjustmentEntry;
  readonly dateA: string;
  readonly dateB: string;
  readonly amountA: Decimal;
  readonly amountB: Decimal;
}

/** The amounts of entries that count in the range under either basis, as a relation, with its parameters. */
function amountsOf(tx: Tx, { clinicId, days, basisA, basisB }: Reconciliation) {
  const { where, params } = entryConditions(tx.session.viewer, clinicId, {});
  const counting = [...where, `t.approval_status IN ('APPROVED', 'AUTO_APPROVED')`].join(' AND ');
  const [first, last] = [`$${String(params.length + 1)}::date`, `$${String(params.length + 2)}::date`];
  const under = (basis: WriteOffDateBasis) =>
    `SELECT t.id, sum(t.part) AS amount FROM ${datedWriteOffs(basis)} t WHERE ${counting} AND t.day BETWEEN ${first} AND ${last} GROUP BY t.id`;
  return {
    relation: `(SELECT id, coalesce(a.amount, 0) AS amount_a, coalesce(b.amount, 0) AS amount_b
      FROM (${under(basisA)}) a FULL JOIN (${under(basisB)}) b USING (id))`,
    params: [...params, days.from, days.to],
  };
}

/** Totals of the range under both bases, with one statement. */
export async function totalsOfBases(tx: Tx, of: Reconciliation): Promise<{ totalA: Decimal; totalB: Decimal }> {
  const { relation, params } = amountsOf(tx, of);
  const [sums] = await rows<{ a: string; b: string }>(
    tx,
    `SELECT coalesce(sum(amount_a), 0) AS a, coalesce(sum(amount_b), 0) AS b FROM ${relation} r`,
    params,
  );
  return { totalA: new Decimal(sums?.a ?? 0), totalB: new Decimal(sums?.b ?? 0) };
}

/**
 * One page of the entries whose part in the range differs between the bases, the largest difference first: on all pages
 * together the differences add up to that of the totals.
 */
export function disagreements(
  tx: Tx,
  of: Reconciliation,
  page: { readonly first: number | null | undefined; readonly after: string | null | undefined },
): Promise<Page<Disagreement>> {
  const { relation, params } = amountsOf(tx, of);
  return readPage<{ amount_a: string; amount_b: string }, Disagreement>(tx, {
    select: `${columnsOf(tx.dataSource.getMetadata(AdjustmentEntry), 't')}, r.amount_a, r.amount_b`,
    from: `${relation} r JOIN adjustment_entry t ON t.clinic_id = $1 AND t.id = r.id`,
    where: ['r.amount_a <> r.amount_b'],
    params,
    order: [
      { expression: 'abs(r.amount_a - r.amount_b)', type: 'numeric', direction: 'DESC' },
      { expression: 't.id', type: 'uuid', direction: 'DESC' },
    ],
    ...page,
    map: (found) =>
      hydrate(tx, AdjustmentEntry, found).map((entry, index) => ({
        entry,
        dateA: firstDay(entry, of.basisA),
        dateB: firstDay(entry, of.basisB),
        amountA: new Decimal(found[index]?.amount_a ?? 0),
        amountB: new Decimal(found[index]?.amount_b ?? 0),
      })),
  });
}
