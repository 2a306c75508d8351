import {
  findByKey,
  hydrate,
  prepared,
  Refused,
  refuseKit,
  rows,
  type EventHandler,
  type GraphEvent,
  type RecordKey,
  type Tx,
} from '@practice-graph/kit';
import { businessDay, type Day } from './calendar.rules';
import { DIRECTORY_CODES } from './codes';
import { ClinicCopy, LocationCopy, ProviderCopy } from './directory.entity';
import { eventData, type CapabilityName } from './events';

// A copy is replaced by a higher version only: events come in any order and more than once (E-22).
const SAVE_CLINIC = `
INSERT INTO clinic_copy AS k (clinic_id, name, kind, currency, time_zone, fiscal_year_start_month, capabilities, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (clinic_id) DO UPDATE SET name = excluded.name, kind = excluded.kind, currency = excluded.currency,
  time_zone = excluded.time_zone, fiscal_year_start_month = excluded.fiscal_year_start_month,
  capabilities = excluded.capabilities, version = excluded.version
WHERE k.version < excluded.version`;

const SAVE_LOCATION = `
INSERT INTO location_copy AS k (clinic_id, id, name, kind, time_zone, chair_count, working_weekdays, closed_dates, active, version)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (clinic_id, id) DO UPDATE SET name = excluded.name, kind = excluded.kind, time_zone = excluded.time_zone,
  chair_count = excluded.chair_count, working_weekdays = excluded.working_weekdays, closed_dates = excluded.closed_dates,
  active = excluded.active, version = excluded.version
WHERE k.version < excluded.version`;

const SAVE_PROVIDER = `
INSERT INTO provider_copy AS k (clinic_id, id, name, role, active, is_stub, version)
VALUES ($1, $2, $3, $4, $5, $6, $7)
ON CONFLICT (clinic_id, id) DO UPDATE SET name = excluded.name, role = excluded.role, active = excluded.active,
  is_stub = excluded.is_stub, version = excluded.version
WHERE k.version < excluded.version`;

/** Keeps what the directory tells of a clinic. */
export async function applyClinicSaved(tx: Tx, event: GraphEvent): Promise<void> {
  const c = eventData('clinic.saved', event);
  await rows(tx, SAVE_CLINIC, [
    event.clinicId,
    c.name,
    c.kind,
    c.currency,
    c.timeZone,
    c.fiscalYearStartMonth,
    c.capabilities,
    c.version,
  ]);
}

/** Keeps what the directory tells of a location. */
export async function applyLocationSaved(tx: Tx, event: GraphEvent): Promise<void> {
  const l = eventData('location.saved', event);
  await rows(tx, SAVE_LOCATION, [
    event.clinicId,
    l.id,
    l.name,
    l.kind,
    l.timeZone,
    l.chairCount,
    l.workingWeekdays,
    l.closedDates,
    l.active,
    l.version,
  ]);
}

/** Keeps what the directory tells of a provider. */
export async function applyProviderSaved(tx: Tx, event: GraphEvent): Promise<void> {
  const p = eventData('provider.saved', event);
  await rows(tx, SAVE_PROVIDER, [event.clinicId, p.id, p.name, p.role, p.active, p.isStub, p.version]);
}

/** What a subgraph with copies of the directory does with the directory's events. */
export const directoryHandlers: Readonly<Record<string, EventHandler>> = {
  'clinic.saved': applyClinicSaved,
  'location.saved': applyLocationSaved,
  'provider.saved': applyProviderSaved,
};

/** What is known of these clinics, in the order of the ids; null for one that is not known here yet. */
export async function clinicsById(tx: Tx, clinicIds: readonly string[]): Promise<(ClinicCopy | null)[]> {
  const found = hydrate(
    tx,
    ClinicCopy,
    await prepared(tx, 'SELECT * FROM clinic_copy WHERE clinic_id = ANY($1::uuid[])', [clinicIds]),
  );
  const byId = new Map(found.map((clinic) => [clinic.clinicId, clinic]));
  return clinicIds.map((id) => byId.get(id) ?? null);
}

/**
 * The clinic of a change. Refuses CONFLICT_RETRY while the directory has not told of it yet (E-07), and CAPABILITY_OFF
 * when the clinic has the domain switched off; reads go on then.
 */
export async function clinicOf(tx: Tx, clinicId: string, capability: CapabilityName): Promise<ClinicCopy> {
  const [clinic] = await clinicsById(tx, [clinicId]);
  if (!clinic) throw refuseKit('CONFLICT_RETRY', 'The clinic is not known here yet; send it again in a moment.');
  if (!clinic.capabilities.includes(capability))
    throw new Refused({ code: 'CAPABILITY_OFF', message: DIRECTORY_CODES.CAPABILITY_OFF, path: null });
  return clinic;
}

/**
 * The location of a change. `path` names the argument. Refuses CONFLICT_RETRY while the directory has not told of it:
 * its zone decides the business day, so nothing can be posted there before.
 */
export async function locationOf(tx: Tx, key: RecordKey, path: readonly string[]): Promise<LocationCopy> {
  const location = await findByKey(tx, LocationCopy, key);
  if (location) return location;
  throw new Refused({
    code: 'CONFLICT_RETRY',
    message: 'The location is not known here yet; send it again in a moment.',
    path,
  });
}

/** The provider behind a key; null when only the reference is known, which is accepted (E-02). */
export const providerOf = (tx: Tx, key: RecordKey): Promise<ProviderCopy | null> => findByKey(tx, ProviderCopy, key);

/** All locations of a clinic, by name; those that were shut only if asked for. */
export async function locationsOf(tx: Tx, clinicId: string, options: { activeOnly: boolean }): Promise<LocationCopy[]> {
  const found = await prepared(
    tx,
    'SELECT * FROM location_copy WHERE clinic_id = $1 AND (active OR NOT $2::boolean) ORDER BY name, id',
    [clinicId, options.activeOnly],
  );
  return hydrate(tx, LocationCopy, found);
}

/** All providers of a clinic, by name; those who left only if asked for. */
export async function providersOf(tx: Tx, clinicId: string, options: { activeOnly: boolean }): Promise<ProviderCopy[]> {
  const found = await prepared(
    tx,
    'SELECT * FROM provider_copy WHERE clinic_id = $1 AND (active OR NOT $2::boolean) ORDER BY name, id',
    [clinicId, options.activeOnly],
  );
  return hydrate(tx, ProviderCopy, found);
}

/** Current business day at a place: of the location if there is one, else of the clinic. */
export const todayAt = (tx: Tx, place: Pick<LocationCopy, 'timeZone'> | Pick<ClinicCopy, 'timeZone'>): Day =>
  businessDay(tx.session.at, place.timeZone);
