import {
  batchLoader,
  hydrate,
  readPage,
  readPages,
  recordLoader,
  type Page,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { isWithin, requireRows, type DayRange } from '@practice-graph/practice';
import { noteRead } from '../directory/access';
import { LotUsage } from './lot-usage.entity';

export const lotUsages = recordLoader(
  LotUsage,
  (usage, viewer) =>
    !viewer.aggregateOnly &&
    isWithin(viewer, 'locations', usage.locationId) &&
    isWithin(viewer, 'providers', usage.providerId),
);

export const NEWEST_FIRST = [
  { expression: 'u.business_date', type: 'date', direction: 'DESC' },
  { expression: 'u.used_at', type: 'timestamptz', direction: 'DESC' },
  { expression: 'u.id', type: 'uuid', direction: 'DESC' },
] as const;

/** What of the uses of a clinic; a list narrows, null does not. */
export interface UsageSearch {
  readonly period?: DayRange;
  readonly patientIds?: readonly string[] | null;
  /** True when a condition leaves nothing. */
  readonly isEmpty?: boolean;
  readonly productIds?: readonly string[] | null;
  readonly vendorIds?: readonly string[] | null;
  readonly categories?: readonly string[] | null;
  readonly locationIds: readonly string[] | null;
  readonly providerIds: readonly string[] | null;
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/** Uses of lots on patients, newest first. */
export function usagePage(tx: Tx, clinicId: string, search: UsageSearch): Promise<Page<LotUsage>> {
  const params: unknown[] = [clinicId];
  const where = ['u.clinic_id = $1'];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const oneOf = (column: string, ids: readonly string[] | null | undefined) => {
    if (ids) where.push(`u.${column} = ANY(${bind(ids)}::uuid[])`);
  };
  if (search.period) where.push(`u.business_date BETWEEN ${bind(search.period.from)} AND ${bind(search.period.to)}`);
  if (search.isEmpty) where.push('false');
  oneOf('patient_id', search.patientIds);
  oneOf('product_id', search.productIds);
  oneOf('location_id', search.locationIds);
  oneOf('provider_id', search.providerIds);
  if (search.categories)
    where.push(`EXISTS (SELECT 1 FROM product p WHERE p.clinic_id = u.clinic_id AND p.id = u.product_id
      AND p.category = ANY(${bind(search.categories)}::text[]))`);
  if (search.vendorIds)
    where.push(`EXISTS (SELECT 1 FROM inventory_lot l WHERE l.clinic_id = u.clinic_id AND l.id = u.lot_id
      AND l.vendor_id = ANY(${bind(search.vendorIds)}::uuid[]))`);
  return readPage<object, LotUsage>(tx, {
    select: 'u.*',
    from: 'lot_usage u',
    where,
    params,
    order: NEWEST_FIRST,
    first: search.first,
    after: search.after,
    map: (found) => hydrate(tx, LotUsage, found),
  });
}

/** One page of the uses of a lot or of a patient. */
export interface UsagesOf extends RecordKey {
  readonly of: 'lot_id' | 'patient_id';
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/**
 * Uses of lots or patients, newest first, as far as the viewer may see them: one statement for all parents that ask for
 * the same page. Readers of aggregates are refused; what is read is noted.
 */
export const usagesOf = batchLoader<UsagesOf, Page<LotUsage>>(
  async (tx, asked, context) => {
    requireRows(context.viewer);
    const { locations, providers } = context.viewer.restrictions;
    const pages: (Page<LotUsage> | undefined)[] = [];
    for (const kind of groups(asked)) {
      const [example] = kind;
      if (!example) continue;
      const params = [locations ?? null, providers ?? null];
      const found = await readPages<object, LotUsage>(
        tx,
        kind.map(({ question }) => question),
        {
          select: 'u.*',
          from: 'lot_usage u',
          where: [
            'u.clinic_id = p.clinic_id',
            `u.${example.question.of} = p.id`,
            '($1::uuid[] IS NULL OR u.location_id = ANY($1))',
            '($2::uuid[] IS NULL OR u.provider_id = ANY($2))',
          ],
          params,
          order: NEWEST_FIRST,
          first: example.question.first,
          after: example.question.after,
          map: (rows) => hydrate(tx, LotUsage, rows),
        },
      );
      kind.forEach(({ index }, i) => (pages[index] = found[i]));
    }
    return asked.map((question, index) => {
      const page = pages[index];
      if (!page) throw new Error('a page that was asked for is missing');
      noteRead(context, question.clinicId, {
        entityType: 'LotUsage',
        patientIds: page.nodes.map((usage) => usage.patientId),
        filter: { [question.of]: question.id },
      });
      return page;
    });
  },
  ({ clinicId, id, of, first, after }) => JSON.stringify([clinicId, id, of, first, after]),
);

/** Questions for the same page of the same kind of parent, with their places in the list. */
function groups(asked: readonly UsagesOf[]): { question: UsagesOf; index: number }[][] {
  const found = new Map<string, { question: UsagesOf; index: number }[]>();
  asked.forEach((question, index) => {
    const kind = JSON.stringify([question.of, question.first, question.after]);
    found.set(kind, [...(found.get(kind) ?? []), { question, index }]);
  });
  return [...found.values()];
}
