import { Decimal, newId, systemViewer, transact, type Database } from '@practice-graph/kit';
import { CAPABILITIES, WEEKDAYS } from '@practice-graph/practice';
import { importDirectory, importProduction, type DirectoryImport, type ImportedEntry } from '@practice-graph/revenue';
import { FIRST_DAY, fillYear, type NumberedDay } from './year';

/** A clinic with as many rows in one year as the bench wants. */
export interface LedgerClinic {
  readonly id: string;
  readonly locations: readonly string[];
  readonly providers: readonly string[];
  readonly patients: readonly string[];
  /** Cases of the first patients, one each. */
  readonly cases: readonly string[];
}

const LOCATIONS = 5;
const PROVIDERS = 20;
const PATIENTS = 20_000;
/** So many patients have a case. */
const CASES = 10_000;
const PHASES = ['PHASE_1', 'PHASE_2', 'COMPREHENSIVE', 'LIMITED'] as const;
const SYSTEMS = ['METAL_BRACKETS', 'CERAMIC_BRACKETS', 'SELF_LIGATING', 'ALIGNERS'] as const;
const CODES = ['D0140', 'D0330', 'D0340', 'D8010', 'D8020', 'D8030', 'D8660', 'D8670', 'D8680', 'D8695'] as const;
const CATEGORIES = ['CONSULTATION', 'RECORDS', 'ADJUSTMENT', 'RETENTION', 'EMERGENCY', 'OTHER'] as const;

const many = (count: number): string[] => Array.from({ length: count }, newId);

/** A directory of five locations and twenty providers, through the use case that imports directories. */
export async function openClinic(database: Database, name: string): Promise<LedgerClinic> {
  const clinic = {
    ...{ id: newId(), locations: many(LOCATIONS), providers: many(PROVIDERS) },
    ...{ patients: many(PATIENTS), cases: many(CASES) },
  };
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
    treatmentPlans: clinic.cases.map((id, at) => ({
      ...{ id, externalId: null, patientId: clinic.patients[at] as string, providerId: null, locationId: null },
      phase: PHASES[at % PHASES.length] as (typeof PHASES)[number],
      applianceSystem: SYSTEMS[Math.floor(at / PHASES.length) % SYSTEMS.length] as string,
      ...{ status: 'ACTIVE', startedOn: FIRST_DAY, endedOn: null, isRestart: false, isTransferIn: false },
      ...{ contractFee: new Decimal(5_650), plannedMonths: null },
    })),
  };
  await transact(database, systemViewer(clinic.id, 'bench'), clinic.id, (tx) => importDirectory(tx, directory));
  return clinic;
}

/** The entry of a number: the same number always gives the same place, provider, patient and amount. */
function entryOf(clinic: LedgerClinic, n: number, at: Date): ImportedEntry {
  // Knuth's multiplicative hash spreads neighbouring numbers over all members.
  const spread = Math.imul(n + 1, 2_654_435_761) >>> 0;
  const pick = <T>(list: readonly T[], divisor: number): T => list[Math.floor(spread / divisor) % list.length] as T;
  const patient = Math.floor(spread / 11) % clinic.patients.length;
  return {
    ...{ id: newId(), treatmentPlanId: clinic.cases[patient] ?? null, appointmentId: null },
    ...{ procedureId: null, reversesId: null, patientId: clinic.patients[patient] as string },
    ...{ locationId: pick(clinic.locations, 7), providerId: pick(clinic.providers, 53) },
    ...{ category: pick(CATEGORIES, 1_009), procedureCode: pick(CODES, 10_007) },
    ...{ productionDate: at.toISOString().slice(0, 10), occurredAt: at, description: 'Visit' },
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
