import { batchLoader, Decimal, prepared, readPage, type Context, type Page, type RecordKey } from '@practice-graph/kit';
import { ratio, type Day } from '@practice-graph/practice';
import { rowsOf } from '../directory/reference.service';
import { locationReference } from '../directory/references.types';
import { products } from './product.loader';
import type { ProductStockFilter } from './product-stock.inputs';
import { stockSeverity, USE_DAYS } from './product-stock.rules';
import type { ProductStockLevel } from './product-stock.types';

const keyText = (key: RecordKey) => `${key.clinicId}/${key.id}`;

/** What is left of products at all places: one statement for all products of a fetch. */
export const onHandOfProducts = batchLoader<RecordKey, Decimal>(async (tx, keys) => {
  const found = await prepared<{ id: string; clinic_id: string; on_hand: string }>(
    tx,
    `SELECT k.clinic_id, k.id, sum(s.on_hand)::text AS on_hand FROM unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)
     JOIN lot_stock s ON s.clinic_id = k.clinic_id AND s.product_id = k.id GROUP BY k.clinic_id, k.id`,
    [keys.map((key) => key.clinicId), keys.map((key) => key.id)],
  );
  const byKey = new Map(found.map((row) => [keyText({ clinicId: row.clinic_id, id: row.id }), row.on_hand]));
  return keys.map((key) => new Decimal(byKey.get(keyText(key)) ?? 0));
}, keyText);

interface LevelRow {
  clinic_id: string;
  product_id: string;
  location_id: string;
  currency: string;
  on_hand: string;
  reserved: string;
  available: string;
  value: string;
  used: string;
  reorder_point: string;
  next_expiration: Day | null;
}

// Available leaves out lots that are blocked or expired at the place; use per day is read from the slices.
const LEVELS = (stock: string, instant: string) => `(
  SELECT s.clinic_id, s.product_id, s.location_id, min(c.currency) AS currency, min(pr.name) AS name, min(pr.category) AS category,
    min(pr.reorder_point) AS reorder_point, sum(s.on_hand) AS on_hand, sum(s.reserved) AS reserved, sum(s.value) AS value,
    coalesce(sum(s.on_hand - s.reserved) FILTER (WHERE l.disposition = 'AVAILABLE' AND (l.expiration_date IS NULL OR l.expiration_date >= d.today)), 0) AS available,
    min(l.expiration_date) FILTER (WHERE s.on_hand > 0 AND l.expiration_date >= d.today) AS next_expiration,
    coalesce((SELECT sum(u.used_quantity) FROM spa_slice u WHERE u.clinic_id = s.clinic_id AND u.dim = 'LG' AND u.location_id = s.location_id
      AND u.provider_id = '00000000-0000-0000-0000-000000000000' AND u.grain = 'D'
      AND u.period > min(d.today) - ${String(USE_DAYS)} AND u.period <= min(d.today) AND u.product = s.product_id::text), 0) AS used
  FROM ${stock}
  JOIN product pr ON pr.clinic_id = s.clinic_id AND pr.id = s.product_id
  JOIN inventory_lot l ON l.clinic_id = s.clinic_id AND l.id = s.lot_id
  JOIN clinic_copy c ON c.clinic_id = s.clinic_id
  LEFT JOIN location_copy p ON p.clinic_id = s.clinic_id AND p.id = s.location_id
  CROSS JOIN LATERAL (SELECT (${instant}::timestamptz AT TIME ZONE coalesce(p.time_zone, c.time_zone))::date AS today) d
  GROUP BY s.clinic_id, s.product_id, s.location_id
)`;

async function levelsOf(context: Context, found: readonly LevelRow[]): Promise<ProductStockLevel[]> {
  const known = await context
    .of(products)
    .loadMany(found.map((row) => ({ clinicId: row.clinic_id, id: row.product_id })));
  return found.map((row, i) => {
    const product = known[i];
    if (!product || product instanceof Error) throw new Error('stock of a product that is not there');
    const available = new Decimal(row.available);
    return {
      product,
      location: locationReference(row.clinic_id, row.location_id),
      onHand: new Decimal(row.on_hand),
      reserved: new Decimal(row.reserved),
      available,
      reorderPoint: product.reorderPoint,
      severity: stockSeverity(available, product.reorderPoint),
      daysOfCover: ratio(available, new Decimal(row.used).div(USE_DAYS)),
      currency: row.currency,
      value: new Decimal(row.value),
      nextExpiration: row.next_expiration,
    };
  });
}

const OF_PRODUCTS = `SELECT v.* FROM ${LEVELS('unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id) JOIN lot_stock s ON s.clinic_id = k.clinic_id AND s.product_id = k.id', '$3')} v
WHERE $4::uuid[] IS NULL OR v.location_id = ANY($4) ORDER BY v.location_id`;

/** Stock of products per location: one statement for all products of a fetch. */
export const stockLevelsOfProducts = batchLoader<RecordKey, ProductStockLevel[]>(async (tx, keys, context) => {
  const found = await prepared<LevelRow>(tx, OF_PRODUCTS, [
    keys.map((key) => key.clinicId),
    keys.map((key) => key.id),
    context.now,
    context.viewer.restrictions['locations'] ?? null,
  ]);
  const levels = await levelsOf(context, found);
  return keys.map((key) =>
    levels.filter((_, i) => found[i]?.clinic_id === key.clinicId && found[i].product_id === key.id),
  );
}, keyText);

/** The same as \`stockSeverity\`, for the order and for filters. */
const SEVERITY = `CASE WHEN v.available <= 0 THEN 'OUT' WHEN v.available <= v.reorder_point * 0.1 THEN 'CRITICAL'
  WHEN v.available <= v.reorder_point THEN 'LOW' ELSE 'OK' END`;

export interface StockSearch {
  readonly filter: ProductStockFilter | null | undefined;
  readonly locationIds: readonly string[] | null;
  readonly first: number | null | undefined;
  readonly after: string | null | undefined;
}

/** Stock of a clinic per product and location, scarcest first. */
export async function stockPage(
  context: Context,
  clinicId: string,
  search: StockSearch,
): Promise<Page<ProductStockLevel>> {
  const params: unknown[] = [clinicId, context.now];
  const bind = (value: unknown) => `$${String(params.push(value))}`;
  const where: string[] = [];
  const { filter } = search;
  if (search.locationIds) where.push(`v.location_id = ANY(${bind(search.locationIds)}::uuid[])`);
  if (filter?.productIds) where.push(`v.product_id = ANY(${bind(rowsOf(clinicId, filter.productIds))}::uuid[])`);
  if (filter?.categories) where.push(`v.category = ANY(${bind(filter.categories)}::text[])`);
  if (filter?.severities) where.push(`${SEVERITY} = ANY(${bind(filter.severities)}::text[])`);
  const page = await readPage<LevelRow, LevelRow>(await context.read(), {
    select: 'v.*',
    from: `${LEVELS('(SELECT * FROM lot_stock WHERE clinic_id = $1) s', '$2')} v`,
    where,
    params,
    order: [
      {
        expression: `CASE ${SEVERITY} WHEN 'OUT' THEN 0 WHEN 'CRITICAL' THEN 1 WHEN 'LOW' THEN 2 ELSE 3 END`,
        type: 'integer',
        direction: 'ASC',
      },
      { expression: 'v.name', type: 'text', direction: 'ASC' },
      { expression: 'v.product_id', type: 'uuid', direction: 'ASC' },
      { expression: 'v.location_id', type: 'uuid', direction: 'ASC' },
    ],
    first: search.first,
    after: search.after,
    map: (found) => found,
  });
  const nodes = await levelsOf(context, page.nodes);
  return {
    ...page,
    nodes,
    edges: page.edges.flatMap((edge, i) => {
      const node = nodes[i];
      return node ? [{ cursor: edge.cursor, node }] : [];
    }),
  };
}
