import { audit, Decimal, findByKeys, prepared, rows, type EventHandler, type Tx } from '@practice-graph/kit';
import { eventData, monthStates, type AdjustmentPosted } from '@practice-graph/practice';
import { ensureProviders } from '../clinics/provider.service';
import { ProductionEntry } from './production-entry.entity';
import { insurancePortion, postedStatus, unlinkedInsuranceChange } from './production-entry.rules';
import { sliceUpsert } from './production-slice.service';

// Projection, state of the entries and slices in one statement; the caller holds the locks of the entries. An adjustment
// that does not reduce net production adds nothing, but its slices exist, so that grids show where it happened.
const APPLY = `
WITH a AS (
  INSERT INTO production_adjustment (clinic_id, id, entry_id, entry_category, patient_id, treatment_plan_id, location_id, provider_id,
    adjustment_date, category, amount, is_affecting, insurance_change, reverses_id, received_at, entry_code, entry_phase, entry_system)
  SELECT $1::uuid, i.id, i.entry_id, i.entry_category, i.patient_id, i.treatment_plan_id, i.location_id, i.provider_id, i.adjustment_date,
    i.category, i.amount, i.is_affecting, i.insurance_change, i.reverses_id, $15::timestamptz, i.entry_code, i.entry_phase, i.entry_system
  FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::uuid[], $8::uuid[], $9::date[], $10::text[],
              $11::numeric[], $12::boolean[], $13::numeric[], $14::uuid[], $21::text[], $22::text[], $23::text[])
       AS i (id, entry_id, entry_category, patient_id, treatment_plan_id, location_id, provider_id, adjustment_date, category,
             amount, is_affecting, insurance_change, reverses_id, entry_code, entry_phase, entry_system)
  RETURNING clinic_id, location_id, provider_id, entry_category, entry_code, entry_phase, entry_system, adjustment_date AS day,
    CASE WHEN is_affecting THEN amount ELSE 0 END AS amount, insurance_change
), state AS (
  UPDATE production_entry e SET adjustments = s.adjustments, insurance_written_off = s.written_off,
    insurance_portion = s.insurance, status = s.status, version = e.version + 1, updated_at = $15
  FROM unnest($16::uuid[], $17::numeric[], $18::numeric[], $19::numeric[], $20::text[])
       AS s (id, adjustments, written_off, insurance, status)
  WHERE e.clinic_id = $1 AND e.id = s.id
), fact AS (
  SELECT clinic_id, day, location_id, provider_id, entry_category AS category, entry_code AS procedure_code,
    entry_phase AS phase, entry_system AS appliance_system, 0::numeric AS gross, amount AS adjustments,
    0::numeric AS collected, insurance_change AS insurance, 0 AS entry_count, 0 AS start_count, 0 AS debond_count,
    CASE entry_category WHEN 'TREATMENT_START' THEN -amount ELSE 0 END AS start_net,
    CASE entry_category WHEN 'DEBOND' THEN -amount ELSE 0 END AS debond_net, 0 AS place_visits, 0 AS provider_visits, true AS is_fact
  FROM a
), ${sliceUpsert('fact')}
SELECT 1 AS done`;

/** Rows of a table of this clinic that exist among the ids. */
async function known(tx: Tx, table: 'production_adjustment' | 'location', clinicId: string, ids: readonly string[]) {
  if (ids.length === 0) return new Set<string>();
  const found = await rows<{ id: string }>(
    tx,
    `SELECT id FROM ${table} WHERE clinic_id = $1 AND id = ANY($2::uuid[])`,
    [clinicId, ids],
  );
  return new Set(found.map((row) => row.id));
}

/** Adds an adjustment to its entry's state; answers what that changed of the insurer's part. */
function adjusted(entry: ProductionEntry, adjustment: AdjustmentPosted): Decimal {
  const before = entry.insurancePortion;
  entry.adjustments = entry.adjustments.plus(adjustment.amount);
  if (adjustment.category === 'INSURANCE_WRITEOFF')
    entry.insuranceWrittenOff = entry.insuranceWrittenOff.plus(adjustment.amount);
  entry.insurancePortion = insurancePortion({
    expected: entry.insuranceExpected,
    writtenOff: entry.insuranceWrittenOff,
    net: entry.net,
    sign: entry.sign,
  });
  if (entry.status === 'POSTED' || entry.status === 'PARTIALLY_COLLECTED' || entry.status === 'COLLECTED')
    entry.status = postedStatus(entry.net, entry.collected);
  return entry.insurancePortion.minus(before);
}

/**
 * An adjustment of a month that is closing is on its way and awaited; once the month is closed none can come any more,
 * since the domain has confirmed. One that comes all the same is not taken: it stays with its sender, where it is seen,
 * and the totals of the closed month stay as they are.
 */
async function requireAwaited(tx: Tx, clinicId: string, payloads: readonly AdjustmentPosted[]): Promise<void> {
  const states = await monthStates(
    tx,
    clinicId,
    payloads.map((payload) => payload.adjustmentDate),
  );
  const shut = states.find(({ status }) => status === 'CLOSED' || status === 'LOCKED');
  if (shut) throw new Error(`an adjustment dated in ${shut.month.slice(0, 7)} came after that month was closed`);
}

/**
 * Takes adjustments of one clinic over from the ledger of adjustments: to the entry that each names, and to the slices
 * of the day, location and provider that each carries (E-08), also where entry or provider are not known here. Each
 * counts once, however often it comes. Answers how many were new.
 */
export async function applyAdjustments(
  tx: Tx,
  clinicId: string,
  payloads: readonly AdjustmentPosted[],
): Promise<number> {
  const before = await known(
    tx,
    'production_adjustment',
    clinicId,
    payloads.map((p) => p.id),
  );
  const fresh = [...new Map(payloads.filter((p) => !before.has(p.id)).map((p) => [p.id, p])).values()];
  if (fresh.length === 0) return 0;
  await requireAwaited(tx, clinicId, fresh);
  const named = (of: (p: AdjustmentPosted) => string | null) => [...new Set(fresh.map(of).filter((id) => id !== null))];
  await ensureProviders(
    tx,
    clinicId,
    named((p) => p.providerId),
  );
  const places = await known(
    tx,
    'location',
    clinicId,
    named((p) => p.locationId),
  );
  const entries = new Map(
    (
      await findByKeys(
        tx,
        ProductionEntry,
        named((p) => p.productionEntryId).map((id) => ({ clinicId, id })),
        {
          lock: 'UPDATE',
        },
      )
    ).map((entry) => [entry.id, entry]),
  );
  const changed = new Set<ProductionEntry>();
  const applied = fresh.map((payload) => {
    const entry = payload.productionEntryId === null ? undefined : entries.get(payload.productionEntryId);
    if (!payload.affectsNetProduction) return { payload, entry, insurance: new Decimal(0) };
    if (!entry) return { payload, entry, insurance: unlinkedInsuranceChange(payload.category, payload.amount) };
    changed.add(entry);
    return { payload, entry, insurance: adjusted(entry, payload) };
  });
  const column = <T>(of: (row: (typeof applied)[number]) => T): T[] => applied.map(of);
  const states = [...changed];
  await prepared(tx, APPLY, [
    clinicId,
    column((r) => r.payload.id),
    column((r) => r.payload.productionEntryId),
    column((r) => r.entry?.category ?? ''),
    column((r) => r.payload.patientId ?? r.entry?.patientId ?? null),
    column((r) => r.payload.treatmentPlanId ?? r.entry?.treatmentPlanId ?? null),
    // A place that is not known here is kept as none: its facts stand in the row `unassigned`.
    column((r) => (r.payload.locationId !== null && places.has(r.payload.locationId) ? r.payload.locationId : null)),
    column((r) => r.payload.providerId),
    column((r) => r.payload.adjustmentDate),
    column((r) => r.payload.category),
    column((r) => r.payload.amount),
    column((r) => r.payload.affectsNetProduction),
    column((r) => r.insurance),
    column((r) => r.payload.reversesId),
    tx.session.at,
    states.map((entry) => entry.id),
    states.map((entry) => entry.adjustments),
    states.map((entry) => entry.insuranceWrittenOff),
    states.map((entry) => entry.insurancePortion),
    states.map((entry) => entry.status),
    column((r) => r.entry?.procedureCode ?? ''),
    column((r) => r.entry?.phase ?? ''),
    column((r) => r.entry?.applianceSystem ?? ''),
  ]);
  const subjects = applied.flatMap((r) => r.payload.patientId ?? r.entry?.patientId ?? []);
  await audit(tx, clinicId, {
    action: 'productionEntry.adjust',
    entityType: 'ProductionEntry',
    entityId: applied.length === 1 ? (applied[0]?.entry?.id ?? null) : null,
    // A bulk call is one act; whom it concerned stands in the ledger of adjustments.
    subjects: applied.length === 1 ? subjects : [],
    rowCount: fresh.length,
  });
  return fresh.length;
}

/** The effect of `adjustment.posted` and `adjustment.reversed`: the signed row is added, whichever of the two it is. */
export const applyAdjustmentEvent: EventHandler = async (tx, event) => {
  const type = event.type === 'adjustment.reversed' ? 'adjustment.reversed' : 'adjustment.posted';
  await applyAdjustments(tx, event.clinicId, [eventData(type, event)]);
};
