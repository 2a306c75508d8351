import { Decimal, newId, systemViewer, transact, type Database } from '@practice-graph/kit';
import { CAPABILITIES, WEEKDAYS } from '@practice-graph/practice';
import { importDirectory, importProduction, type DirectoryImport, type ImportedEntry } from '@practice-graph/revenue';
import { fillYear, type NumberedDay } from './year';

/** A clinic with as many rows in one year as the bench wants. */
export interface LedgerClinic {
  readonly id: string;
  readonly locations: readonly string[];
  readonly providers: readonly string[];
  readonly patients: readonly string[];
}

const LOCATIONS = 5;
const PROVIDERS = 20;
const PATIENTS = 20_000;
const CATEGORIES = ['CONSULTATION', 'RECORDS', 'ADJUSTMENT', 'RETENTION', 'EMERGENCY', 'OTHER'] as const;

const many = (count: number): string[] => Array.from({ length: count }, newId);

/** A directory of five locations and twenty providers, through the use case that imports directories. */
export async function openClinic(database: Database, name: string): Promise<LedgerClinic> {
  const clinic = { id: newId(), locations: many(LOCATIONS), providers: many(PROVIDERS), patients: many(PATIENTS) };
  const place = { kind: 'ORTHODONTIC', timeZone: 'America/New_York' } as const;
  const directory: DirectoryImport = {
    clinic: {
      ...place,
      ...{ id: clinic.id, externalId: null, name, currency: 'USD', fiscalYearStartMonth: 1 },
      capabilities: [...CAPABILITIES],
    },
    locations: clinic.locations.map((id, at) => ({
      ...place,
      ...{ id, externalId: null, name: `${name} ${String(at + 1)}`, chairCount: 8, active: true },
      ...{ workingWeekdays: [...WEEKDAYS], closedDates: [] },
    })),
    providers: clinic.providers.map((id, at) => ({
      ...{ id, externalId: null, name: `DR-${String(at + 1)}`, role: 'orthodontist', active: true, isStub: false },
    })),
    patients: clinic.patients.map((id, at) => ({ id, reference: `P${String(at)}`, patientType: 'SELF_PAY' })),
    treatmentPlans: [],
  };
  await transact(database, systemViewer(clinic.id, 'bench'), clinic.id, (tx) => importDirectory(tx, directory));
  return clinic;
}

/** The entry of a number: the same number always gives the same place, provider, patient and amount. */
function entryOf(clinic: LedgerClinic, n: number, at: Date): ImportedEntry {
  // Knuth's multiplicative hash spreads neighbouring numbers over all members.
  const spread = Math.imul(n + 1, 2_654_435_761) >>> 0;
  const pick = <T>(list: readonly T[], divisor: number): T => list[Math.floor(spread / divisor) % list.length] as T;
  return {
    ...{ id: newId(), treatmentPlanId: null, appointmentId: null, procedureId: null, reversesId: null },
    ...{ locationId: pick(clinic.locations, 7), providerId: pick(clinic.providers, 53) },
    ...{ patientId: pick(clinic.patients, 11), category: pick(CATEGORIES, 1_009) },
    ...{ productionDate: at.toISOString().slice(0, 10), occurredAt: at, procedureCode: 'D8670', description: 'Visit' },
    gross: new Decimal(5_000 + (spread % 40_000)).div(100),
    insurancePortion: new Decimal(0),
  };
}

/** Imports the entries numbered `from` to `to` (not included), spread over the year; answers the seconds that it took. */
export const importEntries = (database: Database, clinic: LedgerClinic, from: number, to: number): Promise<number> =>
  fillYear(from, to, (entries) => importBatch(database, clinic, entries));

/** Entries of these numbers and days by the bulk use case, in one transaction. */
export async function importBatch(
  database: Database,
  clinic: LedgerClinic,
  entries: readonly NumberedDay[],
): Promise<void> {
  await transact(database, systemViewer(clinic.id, 'bench'), clinic.id, (tx) =>
    importProduction(
      tx,
      clinic.id,
      entries.map(({ n, at }) => entryOf(clinic, n, at)),
    ),
  );
}
