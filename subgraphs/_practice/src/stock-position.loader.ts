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
}

// Each place has its own day. Cost is what the ledger left there, so value = received - used, exact to the cent (E-14).
const positionSql = (of: StockTables) => `
SELECT k.scope, coalesce(sum(x.value), 0)::text AS value,
  coalesce(sum(x.value) FILTER (WHERE x.expiration_date < x.today), 0)::text AS expired,
  coalesce(sum(x.value) FILTER (WHERE x.expiration_date BETWEEN x.today AND x.today + ${String(EXPIRING_DAYS)}), 0)::text AS expiring,
  coalesce(sum(x.value) FILTER (WHERE x.disposition IN ('QUARANTINE', 'RECALLED')), 0)::text AS blocked
FROM unnest($1::int[], $2::uuid[], $3::text[]) AS k (scope, clinic_id, locations)
LEFT JOIN LATERAL (
  SELECT s.value, l.expiration_date, l.disposition, ($4::timestamptz AT TIME ZONE coalesce(p.time_zone, c.time_zone, 'UTC'))::date AS today
  FROM ${of.stock} s JOIN ${of.lots} l ON l.clinic_id = s.clinic_id AND l.id = s.lot_id
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
