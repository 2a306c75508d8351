import {
  audit,
  expectVersion,
  findByKey,
  insert,
  nameOf,
  newId,
  reachable,
  rows,
  sqlState,
  type Tx,
} from '@practice-graph/kit';
import { clinicOf, isWithin, locationOf, todayAt } from '@practice-graph/practice';
import { refuse } from '../refusals';
import { ApplianceRecord } from './appliance-record.entity';
import { isRecordVisible } from './appliance-record.loader';
import type { ApplianceRecordInput } from './appliance-record.inputs';

type RecordValues = Pick<
  ApplianceRecord,
  | 'externalId'
  | 'applianceType'
  | 'applianceSystem'
  | 'patientId'
  | 'treatmentPlanId'
  | 'locationId'
  | 'site'
  | 'status'
  | 'orderedOn'
  | 'replacesId'
>;

const BEFORE_PLACEMENT: readonly string[] = ['PLANNED', 'ORDERED', 'RECEIVED'];

function rowIdIn(tx: Tx, clinicId: string, opaque: string, member: string): string {
  const key = reachable(tx.session.viewer, opaque);
  if (key?.clinicId !== clinicId)
    throw refuse('NOT_FOUND', 'The record does not exist or is outside your reach.', ['input', member]);
  return key.id;
}

/** A text as it is kept: without blanks around it, a blank one as none; what is left out keeps its value. */
function textOf(
  input: ApplianceRecordInput,
  member: 'externalId' | 'applianceSystem' | 'site',
  kept: string | null,
): string | null {
  const text = input[member];
  if (text === undefined) return kept;
  return nameOf(text, ['input', member]);
}

/** The record that a save changes: by id, or by the identifier of the clinical system, which upserts (E-26). */
async function recordToChange(tx: Tx, clinicId: string, input: ApplianceRecordInput): Promise<ApplianceRecord | null> {
  let id: string | undefined;
  const externalId = textOf(input, 'externalId', null);
  if (input.id !== null && input.id !== undefined) id = rowIdIn(tx, clinicId, input.id, 'id');
  else if (externalId)
    id = (
      await rows<{ id: string }>(tx, 'SELECT id FROM appliance_record WHERE clinic_id = $1 AND external_id = $2', [
        clinicId,
        externalId,
      ])
    )[0]?.id;
  if (id === undefined) return null;
  const record = await findByKey(tx, ApplianceRecord, { clinicId, id }, { lock: 'UPDATE' });
  if (!record || !isRecordVisible(record, tx.session.viewer))
    throw refuse('NOT_FOUND', 'There is no such appliance.', ['input', 'id']);
  return record;
}

/** Where a save leads; only states before placement can be saved, and only from such. */
function statusOf(input: ApplianceRecordInput, kept: ApplianceRecord | null): ApplianceRecord['status'] {
  if (kept?.status === 'PLACED')
    throw refuse('ALREADY_PLACED', 'The appliance is placed; its supplies were deducted.', ['input', 'id']);
  if (kept && !BEFORE_PLACEMENT.includes(kept.status))
    throw refuse('ILLEGAL_STATE_CHANGE', `The appliance is ${kept.status}.`, ['input', 'id']);
  const status = input.status ?? kept?.status ?? 'PLANNED';
  if (!BEFORE_PLACEMENT.includes(status))
    throw refuse('ILLEGAL_STATE_CHANGE', `A save does not lead to ${status}; there is a step of its own for it.`, [
      'input',
      'status',
    ]);
  return status;
}

const given = <T>(value: T | null | undefined, kept: T | null): T | null => (value === undefined ? kept : value);

async function valuesOf(tx: Tx, clinicId: string, input: ApplianceRecordInput, kept: ApplianceRecord | null) {
  const locationId = rowIdIn(tx, clinicId, input.locationId, 'locationId');
  if (!isWithin(tx.session.viewer, 'locations', locationId))
    throw refuse('NOT_FOUND', 'There is no such location.', ['input', 'locationId']);
  const location = await locationOf(tx, { clinicId, id: locationId }, ['input', 'locationId']);
  const orderedOn = given(input.orderedOn, kept?.orderedOn ?? null);
  if (orderedOn !== null && orderedOn > todayAt(tx, location))
    throw refuse('FUTURE_DATE', `${orderedOn} lies in the future.`, ['input', 'orderedOn']);
  const row = (opaque: string | null | undefined, member: string, current: string | null) =>
    opaque === undefined ? current : opaque === null ? null : rowIdIn(tx, clinicId, opaque, member);
  const values: RecordValues = {
    status: statusOf(input, kept),
    externalId: textOf(input, 'externalId', kept?.externalId ?? null),
    applianceType: input.applianceType,
    applianceSystem: textOf(input, 'applianceSystem', kept?.applianceSystem ?? null),
    patientId: rowIdIn(tx, clinicId, input.patientId, 'patientId'),
    treatmentPlanId: row(input.treatmentPlanId, 'treatmentPlanId', kept?.treatmentPlanId ?? null),
    locationId,
    site: textOf(input, 'site', kept?.site ?? null),
    orderedOn,
    replacesId: row(input.replacesId, 'replacesId', kept?.replacesId ?? null),
  };
  await checkCase(tx, clinicId, values, kept?.id ?? null);
  await checkReplaced(tx, clinicId, values, kept?.id ?? null);
  return values;
}

// What was recorded for the wrong patient is given up first.
const OF_ANOTHER = `
SELECT 1 FROM appliance_record
WHERE clinic_id = $1 AND treatment_plan_id = $2 AND patient_id <> $3 AND status <> 'CANCELLED' AND id IS DISTINCT FROM $4 LIMIT 1`;

/** Refuses a case that is known here as another patient's: its cost would be told of the wrong one. */
async function checkCase(tx: Tx, clinicId: string, values: RecordValues, id: string | null): Promise<void> {
  const { treatmentPlanId, patientId } = values;
  if (treatmentPlanId === null) return;
  if ((await rows(tx, OF_ANOTHER, [clinicId, treatmentPlanId, patientId, id])).length > 0)
    throw refuse('INVALID', 'The case is one of another patient.', ['input', 'treatmentPlanId']);
}

// Along the chain of what an appliance replaced; UNION ends it even if it should be a ring.
const REPLACES = `
WITH RECURSIVE before (id) AS (
  SELECT replaces_id FROM appliance_record WHERE clinic_id = $1 AND id = $2
  UNION SELECT r.replaces_id FROM before b JOIN appliance_record r ON r.clinic_id = $1 AND r.id = b.id
) SELECT EXISTS (SELECT 1 FROM before WHERE id = $3) AS replaces`;

async function checkReplaced(tx: Tx, clinicId: string, values: RecordValues, id: string | null): Promise<void> {
  if (values.replacesId === null) return;
  const replaced = await findByKey(tx, ApplianceRecord, { clinicId, id: values.replacesId });
  if (replaced?.patientId !== values.patientId || replaced.id === id)
    throw refuse('NOT_FOUND', 'The replaced appliance is not one of this patient.', ['input', 'replacesId']);
  const [found] = await rows<{ replaces: boolean }>(tx, REPLACES, [clinicId, replaced.id, id]);
  if (found?.replaces)
    throw refuse('INVALID', 'The replaced appliance replaces this one itself.', ['input', 'replacesId']);
}

const duplicate = (error: unknown): never => {
  if (sqlState(error) === '23505')
    throw refuse('DUPLICATE', 'Another appliance has this identifier of the clinical system.', ['input', 'externalId']);
  throw error;
};

/** Records a planned, ordered or received appliance, or changes one that is not placed yet; no stock moves. */
export async function saveAppliance(tx: Tx, clinicId: string, input: ApplianceRecordInput): Promise<{ id: string }> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  const kept = await recordToChange(tx, clinicId, input);
  if (kept) expectVersion(kept.version, input.expectedVersion);
  const values = await valuesOf(tx, clinicId, input, kept);
  const id = kept?.id ?? newId();
  if (kept)
    await rows(
      tx,
      `UPDATE appliance_record SET external_id = $3, appliance_type = $4, appliance_system = $5, patient_id = $6, treatment_plan_id = $7,
         location_id = $8, site = $9, status = $10, ordered_on = $11, replaces_id = $12, version = version + 1
       WHERE clinic_id = $1 AND id = $2`,
      [
        clinicId,
        id,
        values.externalId,
        values.applianceType,
        values.applianceSystem,
        values.patientId,
        values.treatmentPlanId,
        values.locationId,
        values.site,
        values.status,
        values.orderedOn,
        values.replacesId,
      ],
    ).catch(duplicate);
  else
    await insert(tx, ApplianceRecord, {
      clinicId,
      id,
      ...values,
      providerId: null,
      placedOn: null,
      removedOn: null,
      createdAt: tx.session.at,
      version: 1,
    } as never).catch(duplicate);
  await audit(tx, clinicId, {
    action: kept ? 'appliance.change' : 'appliance.record',
    entityType: 'ApplianceRecord',
    entityId: id,
    subjects: [values.patientId],
    fromState: kept?.status ?? null,
    toState: values.status,
  });
  return { id };
}
