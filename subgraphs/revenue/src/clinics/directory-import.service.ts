import { audit, rows, type New, type Tx } from '@practice-graph/kit';
import { Patient } from '../patients/patient.entity';
import { TreatmentPlan } from '../treatment-plans/treatment-plan.entity';
import { insertMany } from './bulk-insert.service';
import { Clinic } from './clinic.entity';
import { announceClinic, announceLocations, announceProviders } from './directory.service';
import { Location } from './location.entity';
import { Provider } from './provider.entity';

/** A row of a table as it is imported: under its own uuid, as version 1. */
type Imported<E> = Omit<New<E>, 'clinicId' | 'version' | 'globalId'>;

/** The directory of one clinic as it comes from elsewhere. */
export interface DirectoryImport {
  readonly clinic: Imported<Clinic>;
  readonly locations: readonly Imported<Location>[];
  readonly providers: readonly Imported<Provider>[];
  readonly patients: readonly Imported<Patient>[];
  /** With the state that they have; entries that are imported afterwards do not move them. */
  readonly treatmentPlans: readonly Imported<TreatmentPlan>[];
}

/** Patient codes of the server's own form move its counter on, so that new ones follow. */
async function moveCounter(tx: Tx, clinicId: string, patients: DirectoryImport['patients']): Promise<void> {
  const numbers = patients.flatMap(({ reference }) => {
    const number = /^PT-(\d{1,9})$/.exec(reference)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
  if (numbers.length === 0) return;
  await rows(
    tx,
    `INSERT INTO counter AS c (clinic_id, kind, last) VALUES ($1, 'patient', $2)
     ON CONFLICT (clinic_id, kind) DO UPDATE SET last = greatest(c.last, excluded.last)`,
    [clinicId, numbers.reduce((max, number) => Math.max(max, number), 0)],
  );
}

/** Imports the directory of a clinic; what exists already stays as it is. Tells the other domains of all of it. */
export async function importDirectory(tx: Tx, of: DirectoryImport): Promise<void> {
  const clinicId = of.clinic.id;
  const whole = <E>(row: Imported<E>) => ({ ...row, clinicId, version: 1 }) as unknown as New<E>;
  const clinic = whole<Clinic>(of.clinic);
  const locations = of.locations.map(whole<Location>);
  const providers = of.providers.map(whole<Provider>);
  await insertMany(tx, Clinic, [clinic]);
  await insertMany(tx, Location, locations);
  await insertMany(tx, Provider, providers);
  await insertMany(tx, Patient, of.patients.map(whole<Patient>));
  await moveCounter(tx, clinicId, of.patients);
  await insertMany(tx, TreatmentPlan, of.treatmentPlans.map(whole<TreatmentPlan>));
  await announceClinic(tx, clinic);
  await announceLocations(tx, clinicId, locations);
  await announceProviders(tx, clinicId, providers);
  await audit(tx, clinicId, {
    action: 'directory.import',
    entityType: 'Clinic',
    entityId: clinicId,
    rowCount: 1 + of.locations.length + of.providers.length + of.patients.length + of.treatmentPlans.length,
  });
}
