import {
  badInput,
  forbidden,
  reachableClinic,
  recordIdOf,
  type Context,
  type RecordKey,
  type Viewer,
} from '@practice-graph/kit';
import {
  clinicCopies,
  locationCopies,
  periodOf,
  requireRows,
  todayAt,
  type PeriodChoice,
  type ResolvedPeriod,
} from '@practice-graph/practice';

const IDS_MAX = 500;

/** Currency of a clinic's books. A record can only exist once the clinic is known here. */
export async function currencyOf(context: Context, clinicId: string): Promise<string> {
  const clinic = await context.of(clinicCopies).load(clinicId);
  if (!clinic) throw new Error('a record of a clinic that the directory has not told of');
  return clinic.currency;
}

/** Current business day of a clinic; of UTC while the clinic is not known here. */
export async function todayOf(context: Context, clinicId: string): Promise<string> {
  const clinic = await context.of(clinicCopies).load(clinicId);
  return todayAt(await context.read(), clinic ?? { timeZone: 'UTC' });
}

/** Current business day of a location; of UTC while the location is not known here. */
export async function todayAtPlace(context: Context, key: RecordKey): Promise<string> {
  const location = await context.of(locationCopies).load(key);
  return todayAt(await context.read(), location ?? { timeZone: 'UTC' });
}

/** The days that a caller asks for, resolved in the clinic's zone (E-13). */
export async function resolvedPeriod(
  context: Context,
  clinicId: string,
  period: PeriodChoice,
): Promise<ResolvedPeriod> {
  const clinic = await context.of(clinicCopies).load(clinicId);
  return periodOf(period, {
    today: await todayOf(context, clinicId),
    fiscalYearStartMonth: clinic?.fiscalYearStartMonth ?? 1,
  });
}

/** Refuses lists of patient-linked rows to viewers who may see sums only (E-06). */
export function refuseAggregateOnly(viewer: Viewer): void {
  requireRows(viewer);
}

/** Refuses a filter by patient to viewers without the permission to see patients. */
export function refuseWithoutPatients(viewer: Viewer, patientId: string | null | undefined): void {
  if (patientId !== null && patientId !== undefined && !viewer.scopes.includes('patient:read'))
    throw forbidden('A filter by patient needs the permission patient:read.');
}

/** Clinic of a list; null when it is malformed or out of reach, so that the list is null like one that is not there. */
export const clinicOfList = (context: Context, clinicId: string): string | null =>
  reachableClinic(context.viewer, clinicId) ?? null;

/** Row ids behind opaque ones of a clinic; an id of another clinic, or a malformed one, selects nothing. */
export function rowIds(clinicId: string, opaque: readonly string[]): string[] {
  if (opaque.length > IDS_MAX) throw badInput(`A filter takes at most ${String(IDS_MAX)} ids.`, ['filter']);
  return opaque.flatMap((id) => {
    const key = recordIdOf(id);
    return key?.clinicId === clinicId ? [key.id] : [];
  });
}
