import {
  batchLoader,
  hydrate,
  readPage,
  readPages,
  recordLoader,
  type Context,
  type Page,
  type RecordKey,
  type Viewer,
} from '@practice-graph/kit';
import { isWithin, NIL_UUID, type DayRange } from '@practice-graph/practice';
import { noteRead } from '../directory/access';
import { InventoryTransaction } from './inventory-transaction.entity';

/** A viewer narrowed to providers sees the uses and waste of these, and the movements that are nobody's. */
const isVisible = (movement: InventoryTransaction, viewer: Viewer): boolean =>
  isWithin(viewer, 'locations', movement.locationId) &&
  (movement.providerId === null || isWithin(viewer, 'providers', movement.providerId)) &&
  !(viewer.aggregateOnly && movement.patientId !== null);

export const inventoryTransactions = recordLoader(InventoryTransaction, isVisible);

const NEWEST_FIRST = [
  { expression: 't.business_date', type: 'date', direction: 'DESC' },
  { expression: 't.created_at', type: 'timestamptz', direction: 'DESC' },
  { expression: 't.id', type: 'uuid', direction: 'DESC' },
] as const;

/** What of the ledger of a clinic; a list narrows, null does not. */
export interface MovementSearch {
  readonly period?: DayRange;
  readonly lotIds?: readonly string[] | null;
  readonly productIds?: readonly string[] | null;
  readonly types?: readonly string[] | null;
  readonly statuses?: readonly string[] | null;
  readonly patientIds?: readonly string[] | null;
  readonly locationIds?: readonly string[] | null;
  readonly providerIds?: readonly string[] | null;
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/** What is left of a clinic's ledger for a viewer: the same as `isVisible`, for lists. */
function visibleTo(viewer: Viewer, bind: (value: unknown) => string): string[] {
  const { locations, providers } = viewer.restrictions;
  return [
    ...(locations ? [`t.location_id = ANY(${bind(locations)}::uuid[])`] : []),
    ...(providers ? [`(t.provider_id IS NULL OR t.provider_id = ANY(${bind(providers)}::uuid[]))`] : []),
    ...(viewer.aggregateOnly ? ['t.patient_id IS NULL'] : []),
  ];
}

/** The ledger of a clinic, newest first, as the viewer may see it. */
export async function movementsOf(
  context: Context,
  clinicId: string,
  search: MovementSearch,
): Promise<Page<InventoryTransaction>> {
  const params: unknown[] = [clinicId];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const where = ['t.clinic_id = $1', ...visibleTo(context.viewer, bind)];
  const oneOf = (column: string, values: readonly string[] | null | undefined, type = 'uuid') => {
    if (values) where.push(`t.${column} = ANY(${bind(values)}::${type}[])`);
  };
  if (search.period) where.push(`t.business_date BETWEEN ${bind(search.period.from)} AND ${bind(search.period.to)}`);
  oneOf('lot_id', search.lotIds);
  oneOf('product_id', search.productIds);
  oneOf('type', search.types, 'text');
  oneOf('status', search.statuses, 'text');
  oneOf('location_id', search.locationIds);
  oneOf('patient_id', search.patientIds);
  if (search.providerIds)
    where.push(`coalesce(t.provider_id, '${NIL_UUID}') = ANY(${bind(search.providerIds)}::uuid[])`);
  const tx = await context.read();
  const page = await readPage<object, InventoryTransaction>(tx, {
    select: 't.*',
    from: 'inventory_transaction t',
    where,
    params,
    order: NEWEST_FIRST,
    first: search.first,
    after: search.after,
    map: (found) => hydrate(tx, InventoryTransaction, found),
  });
  noteMovements(context, clinicId, page, search);
  return page;
}

const noteMovements = (context: Context, clinicId: string, page: Page<InventoryTransaction>, filter: unknown): void => {
  noteRead(context, clinicId, {
    entityType: 'InventoryTransaction',
    patientIds: page.nodes.map((movement) => movement.patientId),
    filter,
  });
};

/** One page of the movements of a lot. */
export interface MovementsOfLot extends RecordKey {
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/** Movements of lots, newest first, as the viewer may see them: one statement for all lots that ask for the same page. */
export const movementsOfLots = batchLoader<MovementsOfLot, Page<InventoryTransaction>>(
  async (tx, asked, context) => {
    const pages = new Map<MovementsOfLot, Page<InventoryTransaction>>();
    for (const text of new Set(asked.map((each) => JSON.stringify([each.first, each.after])))) {
      const kind = asked.filter((each) => JSON.stringify([each.first, each.after]) === text);
      const params: unknown[] = [];
      const bind = (value: unknown) => `$${String(params.push(value))}`;
      const found = await readPages<object, InventoryTransaction>(tx, kind, {
        select: 't.*',
        from: 'inventory_transaction t',
        where: ['t.clinic_id = p.clinic_id', 't.lot_id = p.id', ...visibleTo(context.viewer, bind)],
        params,
        order: NEWEST_FIRST,
        first: kind[0]?.first,
        after: kind[0]?.after,
        map: (rows) => hydrate(tx, InventoryTransaction, rows),
      });
      kind.forEach((each, i) => {
        if (found[i]) pages.set(each, found[i]);
      });
    }
    return asked.map((each) => {
      const page = pages.get(each);
      if (!page) throw new Error('a page that was asked for is missing');
      noteMovements(context, each.clinicId, page, { lotId: each.id });
      return page;
    });
  },
  ({ clinicId, id, first, after }) => JSON.stringify([clinicId, id, first, after]),
);
