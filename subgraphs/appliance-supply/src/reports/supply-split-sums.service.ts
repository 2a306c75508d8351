import { Decimal, prepared, snakeCase, type Tx } from '@practice-graph/kit';
import {
  hasFacts,
  NIL_UUID,
  readingParams,
  readingsAt,
  signed,
  slicesRead,
  type SliceCell,
} from '@practice-graph/practice';
import { rowIds } from '../directory/directory.loader';
import { bucketOf } from '../items/cost-bucket.rules';
import type { SupplyCategory } from '../items/supply-category.types';
import { SUPPLY_SUMS, type SupplySums } from '../performance/supply-sums.rules';
import type { ReportQuestion } from './supply-facts.service';
import type { SupplyDimension } from './supply-dimension.rules';

/** Sums of a member in a stretch, with the quantity where it is of one item. */
export interface SplitSums extends SupplySums {
  readonly quantity: Decimal | null;
}

type SplitDimension = Exclude<SupplyDimension, 'PROVIDER' | 'LOCATION' | 'BUCKET'>;

/** How the slices of a dimension are called. */
const DIM: Readonly<Record<SplitDimension, string>> = {
  ...{ APPLIANCE_TYPE: 'A', APPLIANCE_SYSTEM: 'S', ITEM: 'I', CATEGORY: 'C', VENDOR: 'V' },
};

interface Selection {
  readonly dimension: SplitDimension;
  readonly isByBucket: boolean;
  /** Members that the filter leaves; null for all. */
  readonly members: readonly string[] | null;
}

/** Members of the filter that narrow a dimension, as slices name them. */
function membersOf({ clinicId, filter }: ReportQuestion): Readonly<Record<SplitDimension, readonly string[] | null>> {
  return {
    APPLIANCE_TYPE: filter.applianceTypes ?? null,
    APPLIANCE_SYSTEM: filter.applianceSystems ?? null,
    ITEM: filter.itemIds ? rowIds(clinicId, filter.itemIds) : null,
    CATEGORY: filter.categories ?? null,
    VENDOR: filter.vendorIds ? rowIds(clinicId, filter.vendorIds) : null,
  };
}

/** The one dimension whose slices answer a question, or null: for everything that more than one member would narrow. */
export function splitFor(tx: Tx, question: ReportQuestion): Selection | null {
  const { filter, by, basis } = question;
  const { restrictions } = tx.session.viewer;
  if (basis === 'CURRENT' || restrictions['locations'] || restrictions['providers']) return null;
  const { locationIds, providerIds, patientId, treatmentPlanId, lotNumber, isRework } = filter;
  const others = [locationIds, providerIds, patientId, treatmentPlanId, lotNumber, isRework];
  if (others.some((member) => member !== null && member !== undefined) || by.length > 1) return null;
  const [split] = by;
  if (split === 'LOCATION' || split === 'PROVIDER') return null;
  const isByBucket = split === 'BUCKET';
  const wanted = isByBucket ? 'CATEGORY' : split;
  const members = membersOf(question);
  const narrowed = (Object.keys(members) as SplitDimension[]).filter((dimension) => members[dimension] !== null);
  const dimension = wanted ?? narrowed[0];
  if (!dimension || narrowed.some((each) => each !== dimension)) return null;
  return { dimension, isByBucket, members: members[dimension] };
}

type Row = { stretch: number; member: string } & Record<string, string | number | null>;

const NAMES = Object.keys(SUPPLY_SUMS);

// The slices of a dimension over all places and providers.
const ofDimension = (slice: string) =>
  `${slice}.clinic_id = $9 AND ${slice}.dim = $10 AND ${slice}.location_id = '${NIL_UUID}' AND ${slice}.provider_id = '${NIL_UUID}'`;

// Waste of a category is that of its items, as they are categorised now; slices keep none.
const statement = (waste: boolean) => `
SELECT k.stretch, ${waste ? 'i.category' : 's.member'} AS member, sum(${signed('s.quantity')})::text AS quantity,
  ${NAMES.map((name) => `sum(${signed(`s.${snakeCase(name)}`)})::text AS "${name}"`).join(', ')}
FROM ${readingsAt(1)}
${slicesRead('supply_split_slice', 's', [ofDimension('s')])}
${waste ? 'JOIN supply_item i ON i.clinic_id = s.clinic_id AND i.id = s.member::uuid WHERE $11::text[] IS NULL OR i.category = ANY($11)' : 'WHERE $11::text[] IS NULL OR s.member = ANY($11)'}
GROUP BY k.stretch, k.starts, k.ends, ${waste ? 'i.category' : 's.member'}
HAVING ${waste ? `sum(${signed('s.waste_cost')}) <> 0` : hasFacts('supply_split_slice', [ofDimension('d'), 'd.member = s.member'])}`;
const SUMS = statement(false);
const WASTE = statement(true);

function amounts(row: Row, hasQuantity: boolean): SplitSums {
  const sums = Object.fromEntries(
    Object.entries(SUPPLY_SUMS).map(([name, kind]): [string, Decimal | number] => [
      name,
      kind === 'COUNT' ? Number(row[name] ?? 0) : new Decimal(row[name] ?? 0),
    ]),
  ) as SupplySums;
  return { ...sums, quantity: hasQuantity ? new Decimal(row['quantity'] ?? 0) : null };
}

const added = (a: SplitSums, b: SplitSums): SplitSums => {
  const sums = Object.fromEntries(
    Object.entries(SUPPLY_SUMS).map(([name, kind]): [string, Decimal | number] => {
      const [left, right] = [a[name as keyof SupplySums], b[name as keyof SupplySums]];
      return [name, kind === 'COUNT' ? Number(left) + Number(right) : new Decimal(left).plus(right)];
    }),
  ) as SupplySums;
  return { ...sums, quantity: a.quantity && b.quantity ? a.quantity.plus(b.quantity) : null };
};

/** Sums of a question from the slices of one dimension, by its members, its buckets, or all together. */
export async function splitReportSums(
  tx: Tx,
  question: ReportQuestion,
  { dimension, isByBucket, members }: Selection,
): Promise<(SliceCell & { sums: SplitSums })[]> {
  const read = (text: string, dim: string): Promise<Row[]> =>
    prepared<Row>(tx, text, [...readingParams(question.stretches), ...[question.clinicId, dim, members]]);
  const found = [await read(SUMS, DIM[dimension]), dimension === 'CATEGORY' ? await read(WASTE, 'I') : []];
  const hasQuantity = question.by.includes('ITEM');
  const cells = new Map<string, SliceCell & { sums: SplitSums }>();
  for (const [index, rows] of found.entries())
    for (const row of rows) {
      // The second reading adds waste only: the uses of its items were in the first.
      const sums = amounts(index === 0 ? row : ({ wasteCost: row['wasteCost'] ?? '0' } as unknown as Row), hasQuantity);
      const member = isByBucket ? bucketOf(row.member as SupplyCategory) : row.member || NIL_UUID;
      const of = question.by.length === 0 ? [] : [member];
      const key = `${String(row.stretch)}|${of.join()}`;
      const known = cells.get(key);
      cells.set(key, { stretch: row.stretch, members: of, sums: known ? added(known.sums, sums) : sums });
    }
  return [...cells.values()];
}
