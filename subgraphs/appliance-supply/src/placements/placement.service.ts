import {
  audit,
  expectVersion,
  findByKey,
  findByKeys,
  noteOf,
  reachable,
  Refused,
  rows,
  type RecordKey,
  type Refusal,
  type Tx,
} from '@practice-graph/kit';
import { clinicOf, isWithin, LocationCopy, locationOf, requireOpenMonths, todayAt } from '@practice-graph/practice';
import { kitLinesFor } from '../kits/kit-choice.service';
import { checkPostingDay, requirePostingDay } from '../lots/posting-day.service';
import { refuse } from '../refusals';
import { ApplianceRecord } from './appliance-record.entity';
import { isRecordVisible } from './appliance-record.loader';
import type { ApplianceDeductInput, AppliancePlaceInput, DeductLineInput } from './appliance-record.inputs';
import type { ApplianceBulkDeductInput } from './bulk-deduction.inputs';
import type { AskedLine, DeductionEntry } from './deduction-line.service';
import { deduct, type Deducted } from './deduction.service';

/** The appliance of a change, locked, with its place. */
export async function applianceOf(tx: Tx, key: RecordKey, path: readonly string[]) {
  await clinicOf(tx, key.clinicId, 'APPLIANCE_SUPPLY');
  const appliance = await findByKey(tx, ApplianceRecord, key, { lock: 'UPDATE' });
  if (!appliance || !isRecordVisible(appliance, tx.session.viewer))
    throw refuse('NOT_FOUND', 'There is no such appliance.', path);
  return { appliance, location: await locationOf(tx, { clinicId: key.clinicId, id: appliance.locationId }, path) };
}

function providerOf(tx: Tx, clinicId: string, opaque: string): string {
  const key = reachable(tx.session.viewer, opaque);
  if (key?.clinicId !== clinicId || !isWithin(tx.session.viewer, 'providers', key.id))
    throw refuse('NOT_FOUND', 'There is no such provider.', ['input', 'providerId']);
  return key.id;
}

const askedLines = (lines: readonly DeductLineInput[], path: readonly string[], first = 0): AskedLine[] =>
  lines.map((input, i) => ({ input, index: first + i, path: (member) => [...path, String(i), member] }));

function notPlaced(appliance: ApplianceRecord, path: readonly string[]): void {
  if (appliance.status !== 'PLACED')
    throw refuse('NOT_PLACED', `The appliance is ${appliance.status}; supplies are deducted when it is placed.`, path);
}

/** Deducts supplies for an appliance that is placed; NOT_PLACED for one that is only planned or ordered (SUP-40). */
export async function deductForAppliance(tx: Tx, key: RecordKey, input: ApplianceDeductInput): Promise<Deducted> {
  const { appliance, location } = await applianceOf(tx, key, ['applianceId']);
  notPlaced(appliance, ['applianceId']);
  await requirePostingDay(tx, location, input.usedOn, ['input', 'usedOn']);
  if (input.lines.length === 0)
    throw refuse('EMPTY_KIT', 'There are no lines, so nothing would be deducted.', ['input', 'lines']);
  const lines = askedLines(input.lines, ['input', 'lines']);
  const deducted = await deduct(tx, key.clinicId, {
    entries: [{ appliance, refusal: null, today: todayAt(tx, location), lines }],
    providerId: providerOf(tx, key.clinicId, input.providerId),
    usedOn: input.usedOn,
    notes: noteOf(input.notes, ['input', 'notes']),
    isPartial: false,
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

/** The entries of a bulk deduction with their appliances, locked in the order of their ids. */
async function entriesOf(tx: Tx, clinicId: string, input: ApplianceBulkDeductInput): Promise<DeductionEntry[]> {
  const keys = input.entries.map((entry) => reachable(tx.session.viewer, entry.applianceId));
  const wanted = keys.flatMap((key) => (key?.clinicId === clinicId ? [key] : []));
  const appliances = await findByKeys(tx, ApplianceRecord, wanted, { lock: 'UPDATE' });
  const places = await findByKeys(
    tx,
    LocationCopy,
    appliances.map((appliance) => ({ clinicId, id: appliance.locationId })),
  );
  let first = 0;
  return input.entries.map((entry, index): DeductionEntry => {
    const path = ['input', 'entries', String(index)];
    if (entry.lines.length === 0)
      throw refuse('EMPTY_KIT', 'There are no lines, so nothing would be deducted.', [...path, 'lines']);
    const lines = askedLines(entry.lines, [...path, 'lines'], first);
    first += lines.length;
    const appliance = appliances.find((each) => each.id === keys[index]?.id);
    const location = places.find((place) => place.id === appliance?.locationId);
    const refusal = refusalIn(() => {
      if (!appliance || !isRecordVisible(appliance, tx.session.viewer))
        throw refuse('NOT_FOUND', 'There is no such appliance.', [...path, 'applianceId']);
      notPlaced(appliance, [...path, 'applianceId']);
      if (!location) throw refuse('CONFLICT_RETRY', 'The location is not known here yet.', [...path, 'applianceId']);
      checkPostingDay(tx, location, input.usedOn, ['input', 'usedOn']);
    });
    const today = location ? todayAt(tx, location) : input.usedOn;
    return { appliance: refusal ? null : (appliance ?? null), refusal, today, lines };
  });
}

/** What a check refuses, as data; null when it passes. */
function refusalIn(check: () => void): Refusal | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return error.refusals[0] ?? null;
  }
}

/** Deducts for several appliances, all lines or, if asked, those that can be written (SUP-44). */
export async function deductInBulk(tx: Tx, clinicId: string, input: ApplianceBulkDeductInput): Promise<Deducted> {
  await clinicOf(tx, clinicId, 'APPLIANCE_SUPPLY');
  if (input.entries.length === 0)
    throw refuse('EMPTY_KIT', 'There are no entries, so nothing would be deducted.', ['input', 'entries']);
  await requireOpenMonths(tx, clinicId, [input.usedOn], ['input', 'usedOn']);
  const entries = await entriesOf(tx, clinicId, input);
  const deducted = await deduct(tx, clinicId, {
    entries,
    providerId: providerOf(tx, clinicId, input.providerId),
    usedOn: input.usedOn,
    notes: null,
    isPartial: input.mode === 'PARTIAL',
  });
  await audit(tx, clinicId, {
    action: 'appliance.deduct',
    entityType: 'ApplianceRecord',
    subjects: [
      ...new Set(
        entries.flatMap(({ appliance }) =>
          appliance && deducted.applianceIds.includes(appliance.id) ? [appliance.patientId] : [],
        ),
      ),
    ],
    rowCount: deducted.usageIds.length,
  });
  return deducted;
}

/**
 * Lines that a placement deducts: those given, those of a kit, or none for an appliance that comes from a laboratory.
 * Nothing is never deducted in silence (SUP-46).
 */
async function linesOf(tx: Tx, appliance: ApplianceRecord, input: AppliancePlaceInput): Promise<AskedLine[]> {
  const isKit = input.kitTemplateId !== null && input.kitTemplateId !== undefined;
  const lines = input.lines ?? [];
  if (input.withoutInventory === true) {
    if (lines.length > 0 || isKit)
      throw refuse('INVALID', 'Give lines or a kit, or withoutInventory.', ['input', 'withoutInventory']);
    return [];
  }
  if (lines.length > 0 && isKit) throw refuse('INVALID', 'Give lines or a kit, not both.', ['input', 'kitTemplateId']);
  if (lines.length > 0) return askedLines(lines, ['input', 'lines']);
  if (input.lines && !isKit)
    throw refuse('EMPTY_KIT', 'There are no lines, so nothing would be deducted.', ['input', 'lines']);
  const kit = await kitLinesFor(tx, appliance, input.kitTemplateId);
  return kit.map((line, index) => ({ input: line, index, path: () => ['input', 'kitTemplateId'] }));
}

/** Marks an appliance as placed and deducts the lines, once; a laboratory's appliance takes nothing from stock. */
export async function placeAppliance(tx: Tx, key: RecordKey, input: AppliancePlaceInput): Promise<Deducted> {
  const { appliance, location } = await applianceOf(tx, key, ['id']);
  expectVersion(appliance.version, input.expectedVersion);
  if (appliance.status === 'PLACED')
    throw refuse('ALREADY_PLACED', 'The appliance is placed and its supplies were deducted.', ['id']);
  if (appliance.status === 'REMOVED' || appliance.status === 'CANCELLED')
    throw refuse('ILLEGAL_STATE_CHANGE', `The appliance is ${appliance.status}.`, ['id']);
  await requirePostingDay(tx, location, input.placedOn, ['input', 'placedOn']);
  const providerId = providerOf(tx, key.clinicId, input.providerId);
  const lines = await linesOf(tx, appliance, input);
  await rows(
    tx,
    `UPDATE appliance_record SET status = 'PLACED', placed_on = $3, provider_id = $4, version = version + 1
     WHERE clinic_id = $1 AND id = $2`,
    [key.clinicId, key.id, input.placedOn, providerId],
  );
  const entries = [{ appliance, refusal: null, today: todayAt(tx, location), lines }];
  const deducted =
    lines.length > 0
      ? await deduct(tx, key.clinicId, { entries, providerId, usedOn: input.placedOn, notes: null, isPartial: false })
      : { applianceIds: [key.id], usageIds: [], lines: [], low: [], alertIds: [] };
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
