import { Decimal, prepared, rows, type Tx } from '@practice-graph/kit';
import {
  idsOfFilter,
  NIL_UUID,
  sliceReader,
  type DayRange,
  type SliceCell,
  type SliceMembers,
  type SliceScope,
} from '@practice-graph/practice';
import { CostBucket } from '../items/supply-category.types';
import { distinctIn } from '../performance/presence.service';
import { SUPPLY_SUMS, type SupplySums } from '../performance/supply-sums.rules';
import { bucketColumn } from '../performance/supply-slice.service';
import { splitFor, splitReportSums, type SplitSums } from './supply-split-sums.service';
import { ledgerFacts, memberColumn, type ReportQuestion } from './supply-facts.service';

export type ReportSums = SplitSums;

type Row = Record<string, string | number | null>;

const BUCKETS = Object.values(CostBucket);
const cost = (condition = 'true') => `coalesce(sum(f.cost) FILTER (WHERE ${condition}), 0)::text`;

const COLUMNS = [
  `${cost()} AS "cost"`,
  `${cost('f.is_rework')} AS "reworkCost"`,
  `coalesce(sum(f.waste), 0)::text AS "wasteCost"`,
  `${cost('f.treatment_plan_id IS NOT NULL')} AS "caseCost"`,
  ...BUCKETS.map((bucket) => `${cost(`f.bucket = '${bucket}'`)} AS "${bucketColumn(bucket).replace('_cost', 'Cost')}"`),
  `coalesce(sum(f.uses), 0)::int AS "usageCount"`,
  `coalesce(sum(f.uses) FILTER (WHERE f.cost IS NULL), 0)::int AS "uncostedUsageCount"`,
  `coalesce(sum(f.quantity), 0)::text AS "quantity"`,
].join(', ');

const selected = (question: ReportQuestion): string =>
  question.by.map((dimension, i) => `${memberColumn(dimension)} AS by_${String(i)}, `).join('');
const grouped = (question: ReportQuestion): string =>
  question.by.map((dimension) => `, ${memberColumn(dimension)}`).join('');
const cellOf = (row: Row, question: ReportQuestion): SliceCell => ({
  stretch: Number(row['stretch']),
  members: question.by.map((_, index) => String(row[`by_${String(index)}`])),
});

const sumsOf = (row: Row, hasQuantity: boolean): ReportSums => {
  const sums = Object.fromEntries(
    Object.entries(SUPPLY_SUMS).map(([name, kind]): [string, Decimal | number] => [
      name,
      kind === 'COUNT' ? Number(row[name] ?? 0) : new Decimal(row[name] ?? 0),
    ]),
  ) as SupplySums;
  return { ...sums, quantity: hasQuantity ? new Decimal(row['quantity'] ?? 0) : null };
};

/** Sums where nothing was used. */
export const nothingUsed = (question: Pick<ReportQuestion, 'by'>): ReportSums =>
  sumsOf({}, question.by.includes('ITEM'));

type ScopedCell = SliceCell & { readonly scope: SliceScope };

const PAIRS = `
SELECT DISTINCT location_id, provider_id FROM supply_slice
WHERE clinic_id = $1 AND dim = $2 AND grain = 'M' AND period BETWEEN date_trunc('month', $3::date) AND $4::date
  AND ($5::uuid[] IS NULL OR location_id = ANY($5)) AND ($6::uuid[] IS NULL OR provider_id = ANY($6))
ORDER BY location_id, provider_id`;

/**
 * The slices behind the cells of a question, or null where the ledgers have to be summed: for the present cost, and for
 * any member or dimension but location and provider. Members are those with anything in the months concerned.
 */
async function slicesFor(tx: Tx, question: ReportQuestion): Promise<readonly ScopedCell[] | null> {
  const { clinicId, filter, by, basis, stretches } = question;
  const { locationIds: places, providerIds: people, ...others } = filter;
  if (basis === 'CURRENT' || Object.values(others).some((member) => member !== null && member !== undefined))
    return null;
  if (by.some((dimension) => dimension !== 'LOCATION' && dimension !== 'PROVIDER')) return null;
  const { viewer } = tx.session;
  const locations = idsOfFilter(viewer, clinicId, 'locations', places);
  const providers = idsOfFilter(viewer, clinicId, 'providers', people);
  const all = (range: DayRange): SliceScope => ({
    clinicId,
    locationIds: locations,
    providerIds: providers,
    ...daysOf(range),
  });
  if (by.length === 0) return stretches.map((range, stretch) => ({ stretch, members: [], scope: all(range) }));
  const isSplit = { location: by.includes('LOCATION'), provider: by.includes('PROVIDER') };
  // A filter narrows what is not split by, so that pairs are looked at wherever both matter.
  const dim = `${isSplit.location || locations ? 'L' : ''}${isSplit.provider || providers ? 'P' : ''}`;
  const days = stretches.flatMap(({ from, to }) => [from, to]).sort();
  const found = await prepared<{ location_id: string; provider_id: string }>(tx, PAIRS, [
    ...[clinicId, dim, days[0] ?? null, days.at(-1) ?? null, locations, providers],
  ]);
  const memberOf = (row: (typeof found)[number]): SliceMembers =>
    by.map((dimension) => (dimension === 'LOCATION' ? row.location_id : row.provider_id));
  const members = [...new Map(found.map((row) => [memberOf(row).join(), memberOf(row)])).values()];
  // Many short stretches of many people are read at once from the ledger, rather than one by one.
  if (stretches.length * members.length > CELLS_MAX) return null;
  return stretches.flatMap((range, stretch) =>
    members.map((of) => ({
      ...{ stretch, members: of },
      scope: {
        ...all(range),
        ...(isSplit.location ? { locationIds: [of[by.indexOf('LOCATION')] ?? NIL_UUID] } : {}),
        ...(isSplit.provider ? { providerIds: [of[by.indexOf('PROVIDER')] ?? NIL_UUID] } : {}),
      },
    })),
  );
}

const daysOf = ({ from, to }: DayRange): DayRange => ({ from, to });

/** Most readings of slices for one question. */
const CELLS_MAX = 5_000;

const readSlices = sliceReader('supply_slice', SUPPLY_SUMS);
const isNothing = (sums: SupplySums) =>
  sums.usageCount === 0 &&
  sums.uncostedUsageCount === 0 &&
  [sums.cost, sums.wasteCost, sums.reworkCost].every((sum) => sum.isZero());

/** Sums of a question with one statement, whatever the number of stretches and slices. */
export async function reportSums(tx: Tx, question: ReportQuestion): Promise<(SliceCell & { sums: ReportSums })[]> {
  const cells = await slicesFor(tx, question);
  if (cells) {
    const sums = await readSlices(
      tx,
      cells.map((cell) => cell.scope),
    );
    return cells.flatMap(({ stretch, members }, index) => {
      const of = sums[index];
      return !of || (question.by.length > 0 && isNothing(of))
        ? []
        : [{ stretch, members, sums: { ...of, quantity: null } }];
    });
  }
  const split = splitFor(tx, question);
  if (split) return splitReportSums(tx, question, split);
  const { text, params } = ledgerFacts(tx.session.viewer, question);
  const found = await rows<Row>(
    tx,
    `WITH ${text} SELECT f.stretch, ${selected(question)}${COLUMNS} FROM fact f GROUP BY f.stretch${grouped(question)}`,
    params,
  );
  return found.map((row) => ({ ...cellOf(row, question), sums: sumsOf(row, question.by.includes('ITEM')) }));
}

/** Different cases or patients with a use that was not undone, by cell (E-09). */
export async function reportDistinct(
  tx: Tx,
  subject: 'CASE' | 'PATIENT',
  question: ReportQuestion,
): Promise<(SliceCell & { count: number })[]> {
  const cells = await slicesFor(tx, question);
  if (cells) {
    const counts = await distinctIn(
      tx,
      subject,
      cells.map((cell) => cell.scope),
    );
    return cells.map(({ stretch, members }, index) => ({ stretch, members, count: counts[index] ?? 0 }));
  }
  const column = subject === 'CASE' ? 'treatment_plan_id' : 'patient_id';
  const { text, params } = ledgerFacts(tx.session.viewer, question);
  const names = question.by.map((_, i) => `, by_${String(i)}`).join('');
  const found = await rows<Row>(
    tx,
    `WITH ${text}, present AS (
  SELECT f.stretch, ${selected(question)}f.${column} AS subject FROM fact f WHERE f.${column} IS NOT NULL
  GROUP BY f.stretch${grouped(question)}, f.${column} HAVING sum(f.uses) > 0
)
SELECT stretch${names}, count(*)::int AS n FROM present GROUP BY stretch${names}`,
    params,
  );
  return found.map((row) => ({ ...cellOf(row, question), count: Number(row['n']) }));
}

/** Patients behind a question; for the audit trail of a report of one patient or case. */
export async function reportSubjects(tx: Tx, question: ReportQuestion): Promise<string[]> {
  const { text, params } = ledgerFacts(tx.session.viewer, question);
  const found = await rows<{ id: string }>(
    tx,
    `WITH ${text} SELECT DISTINCT patient_id AS id FROM fact WHERE patient_id IS NOT NULL`,
    params,
  );
  return found.map(({ id }) => id);
}
