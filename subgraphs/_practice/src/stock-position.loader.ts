import { batchLoader, prepared } from '@practice-graph/kit';
import { Decimal } from 'decimal.js';

/** A clinic as a whole, or one location of it. */
export interface PositionKey {
  readonly clinicId: string;
  readonly locationIds: readonly string[] | null;
}

export interface PositionValue {
  readonly value: Decimal;
  readonly expiredValue: Decimal;
  readonly expiringValue: Decimal;
  readonly blockedValue: Decimal;
}

const EXPIRING_DAYS = 30;

/** Tables of one inventory: stock per lot and place with its value, and its lots. */
export interface StockTables {
  readonly stock: string;
  readonly lots: string;
  /** What shares its cost wherever it lies, as an expression over stock `s` and lot `l`; each place by itself without it. */
  readonly pool?: string;
}

/**
 * Value of stock `s` of lot `l`: what received goods cost less what used ones did, exact to the cent over all places (E-14),
 * shared among the places by quantity. Goods that cost the same everywhere were bought at different prices for different
 * places; the books of one place alone would show less than nothing. Needs the window of `poolWindow`.
 */
export const POOLED_VALUE = `
CASE WHEN sum(s.on_hand) OVER pool > 0 THEN round(sum(s.value) OVER pool * sum(s.on_hand) OVER so_far / sum(s.on_hand) OVER pool, 2)
  - round(sum(s.value) OVER pool * (sum(s.on_hand) OVER so_far - s.on_hand) / sum(s.on_hand) OVER pool, 2)
WHEN row_number() OVER so_far = 1 THEN sum(s.value) OVER pool ELSE 0 END`;

export const poolWindow = (pool: string) => `
WINDOW pool AS (PARTITION BY ${pool}), so_far AS (PARTITION BY ${pool} ORDER BY s.lot_id, s.location_id ROWS UNBOUNDED PRECEDING)`;

// All places of a clinic, of which the asked ones are taken afterwards.
const pooledStock = ({ stock, lots, pool }: StockTables) =>
  pool === undefined
    ? stock
    : `(SELECT s.clinic_id, s.lot_id, s.location_id, ${POOLED_VALUE} AS value
    FROM ${stock} s JOIN ${lots} l ON l.clinic_id = s.clinic_id AND l.id = s.lot_id WHERE s.clinic_id = k.clinic_id ${poolWindow(pool)})`;

// Each place has its own day.
const positionSql = (of: StockTables) => `
SELECT k.scope, coalesce(sum(x.value), 0)::text AS value,
  coalesce(sum(x.value) FILTER (WHERE x.expiration_date < x.today), 0)::text AS expired,
  coalesce(sum(x.value) FILTER (WHERE x.expiration_date BETWEEN x.today AND x.today + ${String(EXPIRING_DAYS)}), 0)::text AS expiring,
  coalesce(sum(x.value) FILTER (WHERE x.disposition IN ('QUARANTINE', 'RECALLED')), 0)::text AS blocked
FROM unnest($1::int[], $2::uuid[], $3::text[]) AS k (scope, clinic_id, locations)
LEFT JOIN LATERAL (
  SELECT s.value, l.expiration_date, l.disposition, ($4::timestamptz AT TIME ZONE coalesce(p.time_zone, c.time_zone, 'UTC'))::date AS today
  FROM ${pooledStock(of)} s JOIN ${of.lots} l ON l.clinic_id = s.clinic_id AND l.id = s.lot_id
  LEFT JOIN location_copy p ON p.clinic_id = s.clinic_id AND p.id = s.location_id
  LEFT JOIN clinic_copy c ON c.clinic_id = s.clinic_id
  WHERE s.clinic_id = k.clinic_id AND (k.locations IS NULL OR s.location_id = ANY(string_to_array(k.locations, ',')::uuid[]))
) x ON true
GROUP BY k.scope`;

interface PositionRow {
  scope: number;
  value: string;
  expired: string;
  expiring: string;
  blocked: string;
}

/** Loader of the value of stock at cost, now: one statement for all clinics and locations of a fetch. */
export const stockPositionsOf = (tables: StockTables) => {
  const statement = positionSql(tables);
  return batchLoader<PositionKey, PositionValue>(
    async (tx, keys, context) => {
      const found = await prepared<PositionRow>(tx, statement, [
        keys.map((_, index) => index),
        keys.map((key) => key.clinicId),
        keys.map((key) => key.locationIds?.join(',') ?? null),
        context.now,
      ]);
      const byScope = new Map(found.map((row) => [row.scope, row]));
      return keys.map((_, index) => {
        const row = byScope.get(index);
        return {
          value: new Decimal(row?.value ?? 0),
          expiredValue: new Decimal(row?.expired ?? 0),
          expiringValue: new Decimal(row?.expiring ?? 0),
          blockedValue: new Decimal(row?.blocked ?? 0),
        };
      });
    },
    (key) => `${key.clinicId}/${key.locationIds?.join(',') ?? '*'}`,
  );
};
