import { audit, expectVersion, findByKey, reachable, rows, type RecordKey, type Tx } from '@practice-graph/kit';
import { clinicOf, isWithin, locationOf, postingDayProblem, todayAt } from '@practice-graph/practice';
import { refuse } from '../refusals';
import { ApplianceRecord } from './appliance-record.entity';
import type { ApplianceDeductInput, AppliancePlaceInput } from './appliance-record.inputs';
import { deduct, type Deducted } from './deduction.service';

/** The appliance of a change, locked, with the current business day of its place. */
async function applianceOf(tx: Tx, key: RecordKey, path: readonly string[]) {
  await clinicOf(tx, key.clinicId, 'APPLIANCE_SUPPLY');
  const appliance = await findByKey(tx, ApplianceRecord, key, { lock: 'UPDATE' });
  if (!appliance || !isWithin(tx.session.viewer, 'locations', appliance.locationId))
    throw refuse('NOT_FOUND', 'There is no such appliance.', path);
  const location = await locationOf(tx, { clinicId: key.clinicId, id: appliance.locationId }, path);
  return { appliance, today: todayAt(tx, location) };
}

function checkDay(tx: Tx, day: string, today: string, path: readonly string[]): void {
  const mayBackdate = tx.session.viewer.scopes.includes('records:backdate');
  const problem = postingDayProblem({ day, today, mayBackdate });
  if (problem === 'FUTURE_DATE') throw refuse(problem, `${day} lies in the future; today is ${today}.`, path);
  if (problem) throw refuse(problem, `${day} lies further back than the clinic allows.`, path);
}

function providerOf(tx: Tx, clinicId: string, opaque: string): string {
  const key = reachable(tx.session.viewer, opaque);
  if (key?.clinicId !== clinicId) throw refuse('NOT_FOUND', 'There is no such provider.', ['input', 'providerId']);
  return key.id;
}

/** Deducts supplies for an appliance that is placed; NOT_PLACED for one that is only planned or ordered (SUP-40). */
export async function deductForAppliance(tx: Tx, key: RecordKey, input: ApplianceDeductInput): Promise<Deducted> {
  const { appliance, today } = await applianceOf(tx, key, ['applianceId']);
  if (appliance.status !== 'PLACED')
    throw refuse('NOT_PLACED', `The appliance is ${appliance.status}; supplies are deducted when it is placed.`, [
      'applianceId',
    ]);
  checkDay(tx, input.usedOn, today, ['input', 'usedOn']);
  const deducted = await deduct(tx, key.clinicId, {
    appliance,
    providerId: providerOf(tx, key.clinicId, input.providerId),
    usedOn: input.usedOn,
    today,
    notes: input.notes?.trim() ?? null,
    lines: input.lines,
  });
  await audit(tx, key.clinicId, {
    action: 'appliance.deduct',
    entityType: 'ApplianceRecord',
    entityId: key.id,
    subjects: [appliance.patientId],
    rowCount: deducted.usageIds.length,
  });
  return deducted;
}

/** Marks an appliance as placed and deducts the lines, once; a laboratory's appliance takes nothing from stock. */
export async function placeAppliance(tx: Tx, key: RecordKey, input: AppliancePlaceInput): Promise<Deducted> {
  const { appliance, today } = await applianceOf(tx, key, ['id']);
  expectVersion(appliance.version, input.expectedVersion);
  if (appliance.status === 'PLACED')
    throw refuse('ALREADY_PLACED', 'The appliance is placed and its supplies were deducted.', ['id']);
  if (appliance.status === 'REMOVED' || appliance.status === 'CANCELLED')
    throw refuse('ILLEGAL_STATE_CHANGE', `The appliance is ${appliance.status}.`, ['id']);
  checkDay(tx, input.placedOn, today, ['input', 'placedOn']);
  const providerId = providerOf(tx, key.clinicId, input.providerId);
  const lines = input.lines ?? [];
  if (input.withoutInventory === true && lines.length > 0)
    throw refuse('INVALID', 'Give lines or withoutInventory, not both.', ['input', 'withoutInventory']);
  if (input.withoutInventory !== true && lines.length === 0)
    throw refuse('EMPTY_KIT', 'No kit fits the appliance and no lines are given, so nothing would be deducted.', [
      'input',
      'lines',
    ]);
  await rows(
    tx,
    `UPDATE appliance_record SET status = 'PLACED', placed_on = $3, provider_id = $4, version = version + 1
     WHERE clinic_id = $1 AND id = $2`,
    [key.clinicId, key.id, input.placedOn, providerId],
  );
  const deducted =
    lines.length > 0
      ? await deduct(tx, key.clinicId, { appliance, providerId, usedOn: input.placedOn, today, notes: null, lines })
      : { applianceId: key.id, locationId: appliance.locationId, usageIds: [], lines: [], lowItemIds: [] };
  await audit(tx, key.clinicId, {
    action: 'appliance.place',
    entityType: 'ApplianceRecord',
    entityId: key.id,
    subjects: [appliance.patientId],
    fromState: appliance.status,
    toState: 'PLACED',
    rowCount: deducted.usageIds.length,
  });
  return deducted;
}
