import { findByKeys, prepared, type RecordKey, type Tx } from '@practice-graph/kit';
import { Location } from '../clinics/location.entity';
import { lookForProviders } from '../clinics/provider.service';
import { lockNames } from '../clinics/saving.service';
import { scheduledCases } from '../recognition/recognition-schedule.service';
import { isInFee } from '../recognition/recognition.rules';
import { TreatmentPlan } from '../treatment-plans/treatment-plan.entity';
import { milestoneOf } from './production-entry.rules';
import type { ProductionCategory } from './production.types';

/** What a line to be recorded names. */
export interface NamedRecords {
  readonly category: ProductionCategory;
  readonly location: RecordKey;
  readonly provider: RecordKey;
  readonly patient: RecordKey;
  readonly plan: RecordKey | null;
  readonly procedureId: string | null;
  readonly splits: readonly { readonly providerId: string }[];
}

/** Entries that stand of procedures that were recorded before, by procedure. */
async function entriesOfProcedures(tx: Tx, clinicId: string, procedureIds: readonly string[]) {
  if (procedureIds.length === 0) return new Map<string, string>();
  const found = await prepared<{ id: string; procedure_id: string }>(
    tx,
    `SELECT id, procedure_id FROM production_entry WHERE clinic_id = $1 AND procedure_id = ANY($2::text[])
       AND status NOT IN ('REVERSED', 'VOIDED')`,
    [clinicId, procedureIds],
  );
  return new Map(found.map((entry) => [entry.procedure_id, entry.id]));
}

const providersOf = ({ provider, splits }: NamedRecords): string[] => [
  provider.id,
  ...splits.map((split) => split.providerId),
];

const distinct = (keys: readonly (RecordKey | null | undefined)[]): RecordKey[] => [
  ...new Map(keys.flatMap((key) => (key ? [[key.id, key] as const] : []))).values(),
];
const byId = <E extends RecordKey>(found: readonly E[]) => new Map(found.map((record) => [record.id, record]));

// The others of a call are there, and nothing else is asked of a patient: only those who are not there come back.
const STRANGERS = `
SELECT k.id FROM unnest($2::uuid[]) AS k (id)
WHERE NOT EXISTS (SELECT 1 FROM patient p WHERE p.clinic_id = $1 AND p.id = k.id)`;

/** Those of some patients who are not known here. */
async function unknownPatients(tx: Tx, clinicId: string, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await prepared<{ id: string }>(tx, STRANGERS, [clinicId, [...new Set(ids)]]);
  return new Set(found.map(({ id }) => id));
}

/** Everything that the lines name, looked up and locked in a fixed order; sent at once, answered together. */
export async function lookUp(tx: Tx, clinicId: string, wanted: readonly NamedRecords[]) {
  const procedures = wanted.flatMap(({ procedureId }) => procedureId ?? []);
  // A case is locked when it moves, so that nothing about its start changes meanwhile; those who record one procedure
  // at once wait for each other.
  const moving = wanted.filter(({ category }) => milestoneOf(category) !== null);
  const resting = wanted.filter(({ category }) => milestoneOf(category) === null);
  const inFee = wanted.filter(({ category, plan }) => plan !== null && isInFee(category));
  const [moved, plans, locations, strangers, , before, scheduled] = await Promise.all([
    findByKeys(tx, TreatmentPlan, distinct(moving.map(({ plan }) => plan)), { lock: 'UPDATE' }),
    findByKeys(tx, TreatmentPlan, distinct(resting.map(({ plan }) => plan))),
    findByKeys(tx, Location, distinct(wanted.map(({ location }) => location))),
    unknownPatients(
      tx,
      clinicId,
      wanted.map(({ patient }) => patient.id),
    ),
    lockNames(
      tx,
      clinicId,
      procedures.map((procedure) => `procedure:${procedure}`),
    ),
    entriesOfProcedures(tx, clinicId, procedures),
    scheduledCases(
      tx,
      clinicId,
      distinct(inFee.map(({ plan }) => plan)).map(({ id }) => id),
    ),
    lookForProviders(tx, clinicId, wanted.flatMap(providersOf)),
  ]);
  return { plans: byId([...plans, ...moved]), locations: byId(locations), strangers, before, scheduled };
}
