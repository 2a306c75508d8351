import {
  audit,
  Decimal,
  expectVersion,
  findByKey,
  hydrate,
  noteOf,
  prepared,
  reachable,
  rows,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { clinicOf, firstOpenDay, locationOf, todayAt } from '@practice-graph/practice';
import { requirePostingDay } from '../lots/posting-day.service';
import { refuse } from '../refusals';
import { ApplianceUsage } from '../usage/appliance-usage.entity';
import { isUsageVisible } from '../usage/appliance-usage.loader';
import { reversedAmong, reverseUsages, type Undone } from '../usage/reversal.service';
import { ApplianceRecord } from './appliance-record.entity';
import type { ApplianceEndInput, ApplianceUnplaceInput, ApplianceUsageReverseInput } from './undoing.inputs';
import { applianceOf } from './placement.service';
import type { Deducted } from './deduction.service';

const said = (given: string): string => {
  const reason = noteOf(given, ['input', 'reason']);
  if (reason === null) throw refuse('REASON_REQUIRED', 'Say why.', ['input', 'reason']);
  return reason;
};

/**
 * Undoes one use on the current day of its place, or the first open day after it (E-17): untouched goods return to their
 * lot, touched ones become waste.
 */
export async function reverseUsage(tx: Tx, key: RecordKey, input: ApplianceUsageReverseInput): Promise<Deducted> {
  const { clinicId } = key;
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  const reason = said(input.reason);
  const usage = await findByKey(tx, ApplianceUsage, key);
  if (!usage || !isUsageVisible(usage, tx.session.viewer)) throw refuse('NOT_FOUND', 'There is no such use.', ['id']);
  if (usage.isReversal) throw refuse('NOT_REVERSIBLE', 'The row undoes a use itself; record the use again.', ['id']);
  const location = await locationOf(tx, { clinicId, id: usage.locationId }, ['id']);
  const { applianceId } = usage;
  // The appliance is locked first, as every deduction does.
  if (applianceId !== null) await findByKey(tx, ApplianceRecord, { clinicId, id: applianceId }, { lock: 'UPDATE' });
  const unused = input.condition === 'UNUSED' ? usage.quantity : new Decimal(0);
  const day = await firstOpenDay(tx, clinicId, todayAt(tx, location));
  const undone = [{ usage, unused, path: ['id'] }];
  const written = await reverseUsages(tx, clinicId, { undone, day, reason });
  await audit(tx, clinicId, {
    action: 'appliance_usage.reverse',
    entityType: 'ApplianceUsage',
    entityId: usage.id,
    subjects: [usage.patientId],
    note: reason,
  });
  return { applianceIds: applianceId === null ? [] : [applianceId], ...written, lines: [], low: [] };
}

const USES = `
SELECT u.*, i.whole_units_only FROM appliance_usage u JOIN supply_item i ON i.clinic_id = u.clinic_id AND i.id = u.item_id
WHERE u.clinic_id = $1 AND u.appliance_id = $2 AND u.reverses_id IS NULL ORDER BY u.used_on, u.id`;

/** Uses of an appliance that still count, with what of each came back untouched. */
async function undoneOf(tx: Tx, { clinicId, id }: ApplianceRecord, input: ApplianceUnplaceInput): Promise<Undone[]> {
  const found = await prepared<{ id: string; whole_units_only: boolean }>(tx, USES, [clinicId, id]);
  const usages = hydrate(tx, ApplianceUsage, found);
  const whole = new Set(found.filter((row) => row.whole_units_only).map((row) => row.id));
  const reversed = await reversedAmong(
    tx,
    clinicId,
    usages.map((usage) => usage.id),
  );
  const returned = new Map<string, { unused: Decimal; path: readonly string[] }>();
  input.returns.forEach(({ usageId, unused }, index) => {
    const path = (member: string) => ['input', 'returns', String(index), member];
    const key = reachable(tx.session.viewer, usageId);
    const usage = usages.find((each) => key?.clinicId === clinicId && each.id === key.id);
    if (!usage) throw refuse('NOT_FOUND', 'There is no such use of the appliance.', path('usageId'));
    if (reversed.has(usage.id)) throw refuse('ALREADY_REVERSED', 'The use was undone before.', path('usageId'));
    if (returned.has(usage.id)) throw refuse('INVALID', 'The use is named twice.', path('usageId'));
    const quantity = unused ?? usage.quantity;
    if (!quantity.gt(0) || quantity.gt(usage.quantity))
      throw refuse('BAD_QUANTITY', `At most ${usage.quantity.toFixed()} can return.`, path('unused'));
    if (whole.has(usage.id) && !quantity.isInteger())
      throw refuse('WHOLE_UNITS_ONLY', 'The goods return in whole units only.', path('unused'));
    returned.set(usage.id, { unused: quantity, path: path('usageId') });
  });
  return usages
    .filter((usage) => !reversed.has(usage.id))
    .map((usage) => ({ usage, ...(returned.get(usage.id) ?? { unused: new Decimal(0), path: ['id'] }) }));
}

/** Takes a placement back: the appliance is RECEIVED again, all its uses are undone on the day given (SUP-49). */
export async function unplaceAppliance(tx: Tx, key: RecordKey, input: ApplianceUnplaceInput): Promise<Deducted> {
  const { clinicId } = key;
  const reason = said(input.reason);
  const { appliance, location } = await applianceOf(tx, key, ['id']);
  expectVersion(appliance.version, input.expectedVersion);
  if (appliance.status !== 'PLACED')
    throw refuse('NOT_PLACED', `The appliance is ${appliance.status}; there is no placement to take back.`, ['id']);
  await requirePostingDay(tx, location, input.on, ['input', 'on']);
  if (appliance.placedOn !== null && input.on < appliance.placedOn)
    throw refuse('INVALID', `The appliance was placed on ${appliance.placedOn}.`, ['input', 'on']);
  const undone = await undoneOf(tx, appliance, input);
  const last = undone.reduce((day, { usage }) => (usage.usedOn > day ? usage.usedOn : day), input.on);
  if (last > input.on) throw refuse('INVALID', `A use of the appliance is dated ${last}.`, ['input', 'on']);
  await rows(
    tx,
    `UPDATE appliance_record SET status = 'RECEIVED', placed_on = NULL, provider_id = NULL, version = version + 1
     WHERE clinic_id = $1 AND id = $2`,
    [clinicId, key.id],
  );
  const written = await reverseUsages(tx, clinicId, { undone, day: input.on, reason });
  await audit(tx, clinicId, {
    action: 'appliance.unplace',
    entityType: 'ApplianceRecord',
    entityId: key.id,
    subjects: [appliance.patientId],
    fromState: 'PLACED',
    toState: 'RECEIVED',
    note: reason,
  });
  return { applianceIds: [key.id], ...written, lines: [], low: [] };
}

const BEFORE_PLACEMENT: readonly string[] = ['PLANNED', 'ORDERED', 'RECEIVED'];

/** Marks an appliance as removed, or as given up before it was placed; no stock moves. */
export async function endAppliance(tx: Tx, key: RecordKey, input: ApplianceEndInput): Promise<{ id: string }> {
  const { appliance, location } = await applianceOf(tx, key, ['id']);
  expectVersion(appliance.version, input.expectedVersion);
  const isPossible =
    input.to === 'REMOVED'
      ? appliance.status === 'PLACED'
      : input.to === 'CANCELLED' && BEFORE_PLACEMENT.includes(appliance.status);
  if (!isPossible)
    throw refuse('ILLEGAL_STATE_CHANGE', `An appliance that is ${appliance.status} does not become ${input.to}.`, [
      'input',
      'to',
    ]);
  const reason = noteOf(input.reason, ['input', 'reason']);
  const today = todayAt(tx, location);
  if (input.on > today)
    throw refuse('FUTURE_DATE', `${input.on} lies in the future; today is ${today}.`, ['input', 'on']);
  if (appliance.placedOn !== null && input.on < appliance.placedOn)
    throw refuse('INVALID', `The appliance was placed on ${appliance.placedOn}.`, ['input', 'on']);
  await rows(
    tx,
    `UPDATE appliance_record SET status = $3, removed_on = $4, version = version + 1 WHERE clinic_id = $1 AND id = $2`,
    [key.clinicId, key.id, input.to, input.to === 'REMOVED' ? input.on : null],
  );
  await audit(tx, key.clinicId, {
    action: 'appliance.end',
    entityType: 'ApplianceRecord',
    entityId: key.id,
    subjects: [appliance.patientId],
    fromState: appliance.status,
    toState: input.to,
    note: reason,
  });
  return { id: key.id };
}
