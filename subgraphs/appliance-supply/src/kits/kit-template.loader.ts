import { batchLoader, Decimal, hydrate, prepared, recordLoader, type Tx } from '@practice-graph/kit';
import type { ApplianceRecordType } from '../placements/appliance-record.types';
import { KitLine, KitTemplate } from './kit-template.entity';
import { kitsFrom, type KitStock } from './kit-template.rules';

/** Kits by key. */
export const kitTemplates = recordLoader(KitTemplate);

const KITS_MAX = 500;

/** Kits of a clinic by name, those no longer used included. */
export async function readKits(
  tx: Tx,
  clinicId: string,
  types: readonly ApplianceRecordType[] | null | undefined,
): Promise<KitTemplate[]> {
  const found = await prepared(
    tx,
    `SELECT * FROM kit_template WHERE clinic_id = $1 AND ($2::text[] IS NULL OR appliance_type = ANY($2))
     ORDER BY name, id LIMIT ${String(KITS_MAX)}`,
    [clinicId, types ?? null],
  );
  return hydrate(tx, KitTemplate, found);
}

/** Lines of kits as they stand: one statement for all kits of a fetch. */
export const linesOfKits = batchLoader<KitTemplate, KitLine[]>(
  async (tx, kits) => {
    const found = await prepared(
      tx,
      `SELECT l.* FROM unnest($1::uuid[], $2::uuid[], $3::int[]) AS k (clinic_id, id, version)
       JOIN kit_line l ON l.clinic_id = k.clinic_id AND l.kit_id = k.id AND l.kit_version = k.version ORDER BY l.kit_id, l.position`,
      [kits.map((k) => k.clinicId), kits.map((k) => k.id), kits.map((k) => k.version)],
    );
    const lines = hydrate(tx, KitLine, found);
    return kits.map((kit) => lines.filter((line) => line.clinicId === kit.clinicId && line.kitId === kit.id));
  },
  (kit) => `${kit.clinicId}/${kit.id}`,
);

/** A kit looked at from the stock of a place on a day. */
export interface KitAtPlace {
  readonly kit: KitTemplate;
  readonly locationId: string;
  readonly day: string;
}

interface StockRow {
  n: string;
  item_id: string;
  quantity: string;
  available: string;
}

// Usable are lots that are free and in date on the day, and there by then.
const STOCK = `
SELECT k.n, l.item_id, l.quantity::text AS quantity, coalesce(sum(s.on_hand) FILTER (WHERE t.disposition = 'AVAILABLE'
  AND coalesce(t.expiration_date, k.day) >= k.day AND s.received_on <= k.day), 0)::text AS available
FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::date[]) WITH ORDINALITY AS k (clinic_id, id, version, location_id, day, n)
JOIN kit_line l ON l.clinic_id = k.clinic_id AND l.kit_id = k.id AND l.kit_version = k.version
LEFT JOIN supply_stock s ON s.clinic_id = l.clinic_id AND s.item_id = l.item_id AND s.location_id = k.location_id
LEFT JOIN supply_lot t ON t.clinic_id = s.clinic_id AND t.id = s.lot_id
GROUP BY k.n, l.position, l.item_id, l.quantity ORDER BY k.n, l.position`;

/** How many kits the stock of a place makes on a day: one statement for all kits, places and days of a fetch. */
export const kitAvailabilities = batchLoader<KitAtPlace, ReturnType<typeof kitsFrom>>(
  async (tx, asked) => {
    const found = await prepared<StockRow>(tx, STOCK, [
      asked.map(({ kit }) => kit.clinicId),
      asked.map(({ kit }) => kit.id),
      asked.map(({ kit }) => kit.version),
      asked.map(({ locationId }) => locationId),
      asked.map(({ day }) => day),
    ]);
    const stockOf = (index: number): KitStock[] =>
      found
        .filter((row) => Number(row.n) === index + 1)
        .map((row) => ({
          itemId: row.item_id,
          quantity: new Decimal(row.quantity),
          available: new Decimal(row.available),
        }));
    return asked.map((_, index) => kitsFrom(stockOf(index)));
  },
  ({ kit, locationId, day }) => `${kit.clinicId}/${kit.id}/${locationId}/${day}`,
);
