import {
  batchLoader,
  hydrate,
  prepared,
  readPage,
  recordLoader,
  type Page,
  type RecordKey,
  type Tx,
  type Viewer,
} from '@practice-graph/kit';
import { lotNumberKey } from '@practice-graph/practice';
import { InventoryLot } from '../lots/inventory-lot.entity';
import { gtinOfTrace, traceText, type TraceKey } from '../traces/lot-trace.loader';
import { RecallPatient } from './recall-patient.entity';
import type { RecallStatus } from './recall-status.types';
import { Recall } from './recall.entity';

export const recalls = recordLoader(Recall);

const keyText = (key: RecordKey) => `${key.clinicId}/${key.id}`;
const pairs = (keys: readonly RecordKey[]) => [keys.map((key) => key.clinicId), keys.map((key) => key.id)];
const PAIRS = 'unnest($1::uuid[], $2::uuid[]) AS k (clinic_id, id)';

/** Recalls of a clinic, newest first. */
export function recallPage(
  tx: Tx,
  clinicId: string,
  search: {
    readonly statuses: readonly RecallStatus[] | null | undefined;
    readonly first: number | null | undefined;
    readonly after: string | null | undefined;
  },
): Promise<Page<Recall>> {
  const { statuses, first, after } = search;
  return readPage<object, Recall>(tx, {
    select: 'r.*',
    from: 'recall r',
    where: ['r.clinic_id = $1', ...(statuses ? ['r.status = ANY($2::text[])'] : [])],
    params: [clinicId, ...(statuses ? [statuses] : [])],
    order: [
      { expression: 'r.started_at', type: 'timestamptz', direction: 'DESC' },
      { expression: 'r.id', type: 'uuid', direction: 'DESC' },
    ],
    first,
    after,
    map: (found) => hydrate(tx, Recall, found),
  });
}

/** Lots that came under recalls, first to expire first. */
export const lotsOfRecalls = batchLoader<RecordKey, InventoryLot[]>(async (tx, keys) => {
  const found = await prepared<{ recall_id: string }>(
    tx,
    `SELECT x.recall_id, l.* FROM ${PAIRS} JOIN recall_lot x ON x.clinic_id = k.clinic_id AND x.recall_id = k.id
     JOIN inventory_lot l ON l.clinic_id = x.clinic_id AND l.id = x.lot_id ORDER BY l.expiration_date NULLS LAST, l.id`,
    pairs(keys),
  );
  const lots = hydrate(tx, InventoryLot, found);
  return keys.map((key) => lots.filter((lot, i) => found[i]?.recall_id === key.id && lot.clinicId === key.clinicId));
}, keyText);

// Who sees only own work or own places sees the patients of the uses that he may see.
const PATIENTS = `
SELECT p.* FROM ${PAIRS} JOIN recall_patient p ON p.clinic_id = k.clinic_id AND p.recall_id = k.id
WHERE ($3::uuid[] IS NULL AND $4::uuid[] IS NULL) OR EXISTS (
  SELECT 1 FROM recall_lot x JOIN lot_usage u ON u.clinic_id = x.clinic_id AND u.lot_id = x.lot_id
  WHERE x.clinic_id = p.clinic_id AND x.recall_id = p.recall_id AND u.patient_id = p.patient_id
    AND ($3 IS NULL OR u.location_id = ANY($3)) AND ($4 IS NULL OR u.provider_id = ANY($4)))
ORDER BY p.notified_at DESC NULLS FIRST, p.patient_id`;

const patientLoader = (restrictionsOf: (viewer: Viewer) => Viewer['restrictions']) =>
  batchLoader<RecordKey, RecallPatient[]>(async (tx, keys, { viewer }) => {
    const { locations, providers } = restrictionsOf(viewer);
    const found = hydrate(
      tx,
      RecallPatient,
      await prepared(tx, PATIENTS, [...pairs(keys), locations ?? null, providers ?? null]),
    );
    return keys.map((key) => found.filter((each) => each.recallId === key.id && each.clinicId === key.clinicId));
  }, keyText);

/** Patients of recalls that the viewer may see: those still to be told first, then the latest told. */
export const patientsOfRecalls = patientLoader((viewer) => viewer.restrictions);

/** Patients of recalls, all of them: for lists that choose the people themselves. */
export const everyPatientOfRecalls = patientLoader(() => ({}));

/** How many patients were told, how many are still to be, and when the last one was. */
export interface Progress {
  readonly told: number;
  readonly untold: number;
  readonly lastAt: Date | null;
}

export const progressOfRecalls = batchLoader<RecordKey, Progress>(async (tx, keys) => {
  const found = await prepared<Progress & { clinic_id: string; id: string }>(
    tx,
    `SELECT k.clinic_id, k.id, count(p.*) FILTER (WHERE p.status <> 'OPEN')::int AS told,
       count(p.*) FILTER (WHERE p.status = 'OPEN')::int AS untold, max(p.notified_at) AS "lastAt"
     FROM ${PAIRS} LEFT JOIN recall_patient p ON p.clinic_id = k.clinic_id AND p.recall_id = k.id GROUP BY k.clinic_id, k.id`,
    pairs(keys),
  );
  const byKey = new Map(found.map((row) => [keyText({ clinicId: row.clinic_id, id: row.id }), row]));
  return keys.map((key) => byKey.get(keyText(key)) ?? { told: 0, untold: 0, lastAt: null });
}, keyText);

/** The recall that blocks a lot: the first one that stands; null for a lot that is not recalled. */
export const recallOfLots = batchLoader<RecordKey, Recall | null>(async (tx, keys) => {
  const found = await prepared<{ lot_id: string }>(
    tx,
    `SELECT DISTINCT ON (x.clinic_id, x.lot_id) x.lot_id, r.* FROM ${PAIRS}
     JOIN recall_lot x ON x.clinic_id = k.clinic_id AND x.lot_id = k.id
     JOIN recall r ON r.clinic_id = x.clinic_id AND r.id = x.recall_id AND r.outcome IS DISTINCT FROM 'TERMINATED'
     ORDER BY x.clinic_id, x.lot_id, r.started_at, r.id`,
    pairs(keys),
  );
  const hydrated = hydrate(tx, Recall, found);
  return keys.map(
    (key) => hydrated.find((recall, i) => found[i]?.lot_id === key.id && recall.clinicId === key.clinicId) ?? null,
  );
}, keyText);

// A whole product covers the numbers of its lots, here and in the other inventory. One that stands comes before one that
// was called off, and the newest before the others.
const OF_TRACES = `
SELECT DISTINCT ON (k.n) k.n::int AS n, r.* FROM unnest($1::uuid[], $2::text[], $3::text[]) WITH ORDINALITY AS k (clinic_id, lot_key, gtin, n)
JOIN recall r ON r.clinic_id = k.clinic_id AND (r.gtin IS NULL OR k.gtin IS NULL OR r.gtin = k.gtin)
  AND (r.lot_key = k.lot_key OR (r.lot_key IS NULL AND (EXISTS (SELECT 1 FROM unnest(r.supply_lot_numbers) s WHERE regexp_replace(s, '\\s+', '', 'g') = k.lot_key) OR EXISTS (
    SELECT 1 FROM recall_lot x JOIN inventory_lot l ON l.clinic_id = x.clinic_id AND l.id = x.lot_id
    WHERE x.clinic_id = r.clinic_id AND x.recall_id = r.id AND l.lot_key = k.lot_key))))
ORDER BY k.n, (r.outcome IS NOT DISTINCT FROM 'TERMINATED'), r.started_at DESC, r.id DESC`;

/** The recall that covers a lot number; null when there is none. */
export const recallOfTraces = batchLoader<TraceKey, Recall | null>(async (tx, keys) => {
  const found = await prepared<{ n: number }>(tx, OF_TRACES, [
    keys.map((key) => key.clinicId),
    keys.map((key) => lotNumberKey(key.lotNumber)),
    keys.map((key) => gtinOfTrace(key)),
  ]);
  const hydrated = hydrate(tx, Recall, found);
  return keys.map((_, index) => hydrated.find((__, i) => found[i]?.n === index + 1) ?? null);
}, traceText);
