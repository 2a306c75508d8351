import {
  audit,
  expectVersion,
  findByKey,
  hydrate,
  insert,
  newId,
  readPage,
  rows,
  type New,
  type Page,
  type Tx,
} from '@practice-graph/kit';
import { Clinic } from '../clinics/clinic.entity';
import { filled, keyInClinic, lockName } from '../clinics/saving.service';
import { refuse } from '../refusals';
import { Patient } from './patient.entity';
import type { PatientFilter, PatientInput } from './patient.inputs';

/** The next number of a kind in a clinic; those who ask at the same time get different ones. */
async function nextNumber(tx: Tx, clinicId: string, kind: string): Promise<number> {
  const [row] = await rows<{ last: string }>(
    tx,
    `INSERT INTO counter AS c (clinic_id, kind, last) VALUES ($1, $2, 1)
     ON CONFLICT (clinic_id, kind) DO UPDATE SET last = c.last + 1 RETURNING last`,
    [clinicId, kind],
  );
  return Number(row?.last);
}

const isTaken = async (tx: Tx, clinicId: string, reference: string): Promise<string | null> =>
  (await tx.findOne(Patient, { select: { clinicId: true, id: true }, where: { clinicId, reference } }))?.id ?? null;

/** A free pseudonymous code such as PT-000001; codes that clients chose themselves are passed over. */
async function newReference(tx: Tx, clinicId: string): Promise<string> {
  for (;;) {
    const number = await nextNumber(tx, clinicId, 'patient');
    const reference = `PT-${String(number).padStart(6, '0')}`;
    if ((await isTaken(tx, clinicId, reference)) === null) return reference;
  }
}

/** The code that a client chose, if nobody else has it; DUPLICATE otherwise. */
async function chosenReference(tx: Tx, clinicId: string, given: string, own: string | null): Promise<string> {
  const reference = filled(given, 'reference');
  await lockName(tx, clinicId, `patient:${reference}`);
  const holder = await isTaken(tx, clinicId, reference);
  if (holder !== null && holder !== own)
    throw refuse('DUPLICATE', 'Another patient has this reference.', ['input', 'reference']);
  return reference;
}

/** Makes or changes a patient record, which holds a pseudonymous code and nothing else of a person. */
export async function savePatient(tx: Tx, clinicId: string, input: PatientInput): Promise<{ id: string }> {
  if (!(await findByKey(tx, Clinic, { clinicId, id: clinicId })))
    throw refuse('NOT_FOUND', 'The clinic does not exist or is outside your reach.', ['input', 'clinicId']);
  if (input.id) {
    const key = keyInClinic(clinicId, input.id, ['input', 'id']);
    const current = await findByKey(tx, Patient, key, { lock: 'UPDATE' });
    if (!current) throw refuse('NOT_FOUND', 'The patient does not exist or is outside your reach.', ['input', 'id']);
    expectVersion(current.version, input.expectedVersion);
    const reference =
      input.reference == null ? current.reference : await chosenReference(tx, clinicId, input.reference, current.id);
    await tx.update(
      Patient,
      { clinicId, id: current.id },
      { reference, patientType: input.patientType, version: current.version + 1 },
    );
    await audit(tx, clinicId, {
      action: 'patient.change',
      entityType: 'Patient',
      entityId: current.id,
      subjects: [current.id],
    });
    return { id: current.id };
  }
  const id = newId();
  const reference =
    input.reference == null
      ? await newReference(tx, clinicId)
      : await chosenReference(tx, clinicId, input.reference, null);
  await insert(tx, Patient, { clinicId, id, reference, patientType: input.patientType, version: 1 } as New<Patient>);
  await audit(tx, clinicId, { action: 'patient.create', entityType: 'Patient', entityId: id, subjects: [id] });
  return { id };
}

/** One page of a clinic's patients, by reference. */
export const listPatients = (
  tx: Tx,
  clinicId: string,
  filter: PatientFilter | null,
  page: { first: number | null; after: string | null },
): Promise<Page<Patient>> =>
  readPage(tx, {
    select: 'p.*',
    from: 'patient p',
    where: ['p.clinic_id = $1', ...(filter?.references ? ['p.reference = ANY($2::text[])'] : [])],
    params: [clinicId, ...(filter?.references ? [filter.references] : [])],
    order: [
      { expression: 'p.reference', type: 'text', direction: 'ASC' },
      { expression: 'p.id', type: 'uuid', direction: 'ASC' },
    ],
    ...page,
    map: (found) => hydrate(tx, Patient, found),
  });
