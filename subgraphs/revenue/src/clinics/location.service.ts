import { audit, expectVersion, findByKey, insert, newId, type New, type Tx } from '@practice-graph/kit';
import { refuse } from '../refusals';
import { Clinic } from './clinic.entity';
import type { LocationInput } from './clinic.inputs';
import { announceLocations } from './directory.service';
import { Weekday, type LocationKind } from './directory.types';
import { Location } from './location.entity';
import { filled, filledIfGiven, keyInClinic, lockName, requireWithin } from './saving.service';
import { kept, keptOrEmptied } from './saving.rules';

const WORKING_WEEK: Weekday[] = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'];

const members = (input: LocationInput, current: Location | null, kindOfClinic: LocationKind) => {
  const chairCount = kept(input.chairCount, current?.chairCount ?? 0);
  if (chairCount < 0) throw refuse('INVALID', 'There cannot be fewer than 0 chairs.', ['input', 'chairCount']);
  const weekdays = kept(input.workingWeekdays, current?.workingWeekdays ?? WORKING_WEEK);
  return {
    externalId: keptOrEmptied(input.externalId, current?.externalId ?? null),
    name: filled(input.name, 'name'),
    kind: kept(input.kind, current?.kind ?? kindOfClinic),
    timeZone: input.timeZone,
    chairCount,
    workingWeekdays: Object.values(Weekday).filter((day) => weekdays.includes(day)),
    closedDates: [...new Set(kept(input.closedDates, current?.closedDates ?? []))].sort(),
    active: kept(input.active, current?.active ?? true),
  };
};

/** The record that a save is about: by its id, else by its external id; null when the save makes one. */
async function subject(tx: Tx, clinicId: string, input: LocationInput): Promise<Location | null> {
  filledIfGiven(input.externalId, 'externalId');
  if (input.externalId) await lockName(tx, clinicId, `location:${input.externalId}`);
  const known = input.externalId ? await tx.findOneBy(Location, { clinicId, externalId: input.externalId }) : null;
  if (!input.id) return known && findByKey(tx, Location, known, { lock: 'UPDATE' });
  const key = keyInClinic(clinicId, input.id, ['input', 'id']);
  const current = await findByKey(tx, Location, key, { lock: 'UPDATE' });
  if (!current) throw refuse('NOT_FOUND', 'The location does not exist or is outside your reach.', ['input', 'id']);
  if (known && known.id !== current.id)
    throw refuse('DUPLICATE', 'Another location has this external id.', ['input', 'externalId']);
  return current;
}

/** Makes or changes a location. A known external id changes the location that has it (E-26). */
export async function saveLocation(tx: Tx, clinicId: string, input: LocationInput): Promise<{ id: string }> {
  const clinic = await findByKey(tx, Clinic, { clinicId, id: clinicId });
  if (!clinic) throw refuse('NOT_FOUND', 'The clinic does not exist or is outside your reach.', ['input', 'clinicId']);
  const current = await subject(tx, clinicId, input);
  if (current) {
    requireWithin(tx, 'locations', current.id, ['input', 'id']);
    expectVersion(current.version, input.expectedVersion);
    const changed = { ...members(input, current, clinic.kind), version: current.version + 1 };
    await tx.update(Location, { clinicId, id: current.id }, changed);
    await announceLocations(tx, clinicId, [Object.assign(current, changed)]);
    await audit(tx, clinicId, { action: 'location.change', entityType: 'Location', entityId: current.id });
    return { id: current.id };
  }
  const values = { clinicId, id: newId(), ...members(input, null, clinic.kind), version: 1 };
  await insert(tx, Location, values as New<Location>);
  await announceLocations(tx, clinicId, [values as Location]);
  await audit(tx, clinicId, { action: 'location.create', entityType: 'Location', entityId: values.id });
  return { id: values.id };
}
