import { batchLoader, hydrate, prepared, recordIdText } from '@practice-graph/kit';
import { lotNumberKey } from '@practice-graph/practice';
import { SupplyLot } from '../lots/supply-lot.entity';
import { TOUCHED } from '../usage/reversal.service';
import { ApplianceUsage } from '../usage/appliance-usage.entity';
import { isUsageVisible } from '../usage/appliance-usage.loader';
import type { ApplianceExposure, LotTrace } from './lot-trace.types';

const text = (trace: LotTrace) => `${trace.clinic}/${lotNumberKey(trace.lotNumber)}/${trace.gtin ?? ''}`;

// A GTIN narrows to lots that are known under it, by their own or that of their item, as a recall does. Lots of which no
// GTIN is known stay in: a lot too many is safer than one too few. GTINs of 8 to 14 digits are equal when they are with
// leading zeros.
const LOTS_OF = `
unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS k (clinic_id, number_key, gtin, n)
JOIN supply_lot l ON l.clinic_id = k.clinic_id AND l.number_key = k.number_key AND l.lot_number <> ''
JOIN supply_item i ON i.clinic_id = l.clinic_id AND i.id = l.item_id
  AND (k.gtin IS NULL OR coalesce(l.gtin, i.gtin) IS NULL OR lpad(k.gtin, 14, '0') IN (lpad(l.gtin, 14, '0'), lpad(i.gtin, 14, '0')))`;

const keysOf = (traces: readonly LotTrace[]) => [
  traces.map((t) => t.clinic),
  traces.map((t) => lotNumberKey(t.lotNumber)),
  traces.map((t) => t.gtin),
];

type Placed = { n: string };
const at = <R extends Placed>(found: readonly R[], index: number) => found.filter((row) => Number(row.n) === index + 1);

/** Lots with a number, by item: one statement for all traces of a fetch. */
export const tracedLots = batchLoader<LotTrace, SupplyLot[]>(async (tx, traces) => {
  const found = await prepared<Placed>(tx, `SELECT k.n, l.* FROM ${LOTS_OF} ORDER BY i.name, l.id`, keysOf(traces));
  return traces.map((_, index) => hydrate(tx, SupplyLot, at(found, index)));
}, text);

/** Uses of traced lots that the viewer may see, newest first. */
export const tracedUsages = batchLoader<LotTrace, ApplianceUsage[]>(async (tx, traces, context) => {
  const found = await prepared<Placed>(
    tx,
    `SELECT k.n, u.* FROM ${LOTS_OF} JOIN appliance_usage u ON u.clinic_id = l.clinic_id AND u.lot_id = l.id ORDER BY u.used_on DESC, u.id DESC`,
    keysOf(traces),
  );
  return traces.map((_, index) =>
    hydrate(tx, ApplianceUsage, at(found, index)).filter((usage) => isUsageVisible(usage, context.viewer)),
  );
}, text);

/** Last use of traced lots per patient; a use of which all came back untouched does not count, one that was thrown away does. */
export const tracedExposures = batchLoader<LotTrace, ApplianceExposure[]>(async (tx, traces, context) => {
  const { restrictions } = context.viewer;
  const found = await prepared<Placed & { clinic_id: string; patient_id: string; last_used_on: string }>(
    tx,
    `SELECT n, clinic_id, patient_id, max(used_on) AS last_used_on FROM (
       SELECT k.n, u.clinic_id, u.patient_id, min(u.used_on) AS used_on
       FROM ${LOTS_OF} JOIN appliance_usage u ON u.clinic_id = l.clinic_id AND u.lot_id = l.id ${TOUCHED}
       WHERE ($4::uuid[] IS NULL OR u.location_id = ANY($4)) AND ($5::uuid[] IS NULL OR u.provider_id = ANY($5))
       GROUP BY k.n, u.clinic_id, u.patient_id, coalesce(u.reverses_id, u.id) HAVING sum(u.quantity + coalesce(w.touched, 0)) > 0
     ) kept GROUP BY n, clinic_id, patient_id ORDER BY last_used_on DESC, patient_id`,
    [...keysOf(traces), restrictions['locations'] ?? null, restrictions['providers'] ?? null],
  );
  return traces.map((_, index) =>
    at(found, index).map((row) => ({
      patientId: recordIdText(row.clinic_id, row.patient_id),
      lastUsedOn: row.last_used_on,
    })),
  );
}, text);
