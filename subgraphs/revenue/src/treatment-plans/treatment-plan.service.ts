import {
  audit,
  expectVersion,
  findByKey,
  hydrate,
  insert,
  newId,
  readPage,
  recordIdOf,
  rows,
  type New,
  type Page,
  type Tx,
} from '@practice-graph/kit';
import { Clinic } from '../clinics/clinic.entity';
import { Location } from '../clinics/location.entity';
import { ensureProviders } from '../clinics/provider.service';
import { filled, filledIfGiven, keyInClinic, lockName, requireWithin } from '../clinics/saving.service';
import { kept, keptOrEmptied } from '../clinics/saving.rules';
import { Patient } from '../patients/patient.entity';
import { refuse } from '../refusals';
import { TreatmentPlan } from './treatment-plan.entity';
import type { TreatmentPlanFilter, TreatmentPlanInput } from './treatment-plan.inputs';

/** Rows that the opaque ids of an input name, each looked up in the clinic of the input. */
async function references(tx: Tx, clinicId: string, input: TreatmentPlanInput) {
  const patient = keyInClinic(clinicId, input.patientId, ['input', 'patientId']);
  if (!(await findByKey(tx, Patient, patient)))
    throw refuse('NOT_FOUND', 'The patient does not exist or is outside your reach.', ['input', 'patientId']);
  const location = input.locationId && keyInClinic(clinicId, input.locationId, ['input', 'locationId']);
  if (location && !(await findByKey(tx, Location, location)))
    throw refuse('NOT_FOUND', 'The location does not exist or is outside your reach.', ['input', 'locationId']);
  const provider = input.providerId && keyInClinic(clinicId, input.providerId, ['input', 'providerId']);
  if (provider) await ensureProviders(tx, clinicId, [provider.id]);
  const idOf = (key: { id: string } | '' | null | undefined) => (key === undefined ? undefined : key ? key.id : null);
  return { patientId: patient.id, locationId: idOf(location), providerId: idOf(provider) };
}

/** True when an entry made the case started, or started and debonded it. */
async function hasMilestone(tx: Tx, clinicId: string, caseId: string): Promise<boolean> {
  const found = await rows(
    tx,
    'SELECT 1 FROM case_milestone WHERE clinic_id = $1 AND case_id = $2 AND entry_id IS NOT NULL LIMIT 1',
    [clinicId, caseId],
  );
  return found.length > 0;
}

/** The patient and whether entries named the case before it was known; null when none did. */
async function namedByEntries(tx: Tx, clinicId: string, caseId: string): Promise<{ patientId: string } | null> {
  const [entry] = await rows<{ patient_id: string }>(
    tx,
    'SELECT patient_id FROM production_entry WHERE clinic_id = $1 AND treatment_plan_id = $2 LIMIT 1',
    [clinicId, caseId],
  );
  return entry ? { patientId: entry.patient_id } : null;
}

/** The record that a save is about, or the id under which it makes one. */
async function subject(tx: Tx, clinicId: string, input: TreatmentPlanInput) {
  filledIfGiven(input.externalId, 'externalId');
  if (input.externalId) await lockName(tx, clinicId, `treatment_plan:${input.externalId}`);
  const known = input.externalId ? await tx.findOneBy(TreatmentPlan, { clinicId, externalId: input.externalId }) : null;
  if (!input.id) {
    const current = known && (await findByKey(tx, TreatmentPlan, known, { lock: 'UPDATE' }));
    return { current, id: current?.id ?? newId() };
  }
  const { id } = keyInClinic(clinicId, input.id, ['input', 'id']);
  const current = await findByKey(tx, TreatmentPlan, { clinicId, id }, { lock: 'UPDATE' });
  if (known && known.id !== id)
    throw refuse('DUPLICATE', 'Another case has this external id.', ['input', 'externalId']);
  // A case that entries named before it was known is filled in under the id that they gave it (REV-61).
  if (!current && !(await namedByEntries(tx, clinicId, id)))
    throw refuse('NOT_FOUND', 'The case does not exist or is outside your reach.', ['input', 'id']);
  return { current, id };
}

/** ILLEGAL_STATE_CHANGE when a save would change what is fixed once the case has started. */
function requireUnchanged(
  current: TreatmentPlan,
  changed: Pick<TreatmentPlan, 'contractFee' | 'isRestart' | 'isTransferIn' | 'patientId'>,
) {
  const fixed = [
    ['contractFee', !current.contractFee.eq(changed.contractFee)],
    ['isRestart', current.isRestart !== changed.isRestart],
    ['isTransferIn', current.isTransferIn !== changed.isTransferIn],
    ['patientId', current.patientId !== changed.patientId],
  ] as const;
  for (const [member, isChanged] of fixed)
    if (isChanged)
      throw refuse('ILLEGAL_STATE_CHANGE', 'The case has started, so this can no longer change.', ['input', member]);
}

const inRange = (months: number | null): number | null => {
  if (months !== null && (months < 1 || months > 120))
    throw refuse('INVALID', 'A case is planned for 1 to 120 months.', ['input', 'plannedMonths']);
  return months;
};

/** Makes or changes a case. What its recognition and its counting as a start rest on is fixed after the start (E-10). */
export async function saveTreatmentPlan(tx: Tx, clinicId: string, input: TreatmentPlanInput): Promise<{ id: string }> {
  if (!(await findByKey(tx, Clinic, { clinicId, id: clinicId })))
    throw refuse('NOT_FOUND', 'The clinic does not exist or is outside your reach.', ['input', 'clinicId']);
  if (input.contractFee.isNegative())
    throw refuse('BAD_AMOUNT', 'The fee must not be negative.', ['input', 'contractFee']);
  const named = await references(tx, clinicId, input);
  const { current, id } = await subject(tx, clinicId, input);
  const values = {
    externalId: keptOrEmptied(input.externalId, current?.externalId ?? null),
    patientId: named.patientId,
    providerId: keptOrEmptied(named.providerId, current?.providerId ?? null),
    locationId: keptOrEmptied(named.locationId, current?.locationId ?? null),
    applianceSystem: filled(input.applianceSystem, 'applianceSystem'),
    phase: input.phase,
    contractFee: input.contractFee,
    plannedMonths: inRange(keptOrEmptied(input.plannedMonths, current?.plannedMonths ?? null)),
    isRestart: kept(input.isRestart, current?.isRestart ?? false),
    isTransferIn: kept(input.isTransferIn, current?.isTransferIn ?? false),
  };
  if (current) {
    requireWithin(tx, 'locations', current.locationId, ['input', 'id']);
    requireWithin(tx, 'providers', current.providerId, ['input', 'id']);
  }
  requireWithin(tx, 'locations', values.locationId, ['input', 'locationId']);
  requireWithin(tx, 'providers', values.providerId, ['input', 'providerId']);
  if (current) {
    expectVersion(current.version, input.expectedVersion);
    if (current.status !== 'PROPOSED') requireUnchanged(current, values);
    await tx.update(TreatmentPlan, { clinicId, id }, { ...values, version: current.version + 1 });
  } else {
    await insert(tx, TreatmentPlan, {
      clinicId,
      id,
      ...values,
      ...(await stateOfNewCase(tx, clinicId, id, values)),
      version: 1,
    } as New<TreatmentPlan>);
  }
  await audit(tx, clinicId, {
    action: current ? 'treatmentPlan.change' : 'treatmentPlan.create',
    entityType: 'TreatmentPlan',
    entityId: id,
    subjects: [values.patientId],
  });
  return { id };
}

/** State of a case that is made: proposed, or what entries that named it before already made of it. */
async function stateOfNewCase(
  tx: Tx,
  clinicId: string,
  id: string,
  values: { isRestart: boolean; isTransferIn: boolean },
): Promise<Pick<TreatmentPlan, 'status' | 'startedOn' | 'endedOn'>> {
  if (!(await hasMilestone(tx, clinicId, id))) return { status: 'PROPOSED', startedOn: null, endedOn: null };
  const reached = await rows<{ kind: 'START' | 'DEBOND'; production_date: string }>(
    tx,
    `SELECT m.kind, e.production_date FROM case_milestone m
     JOIN production_entry e ON e.clinic_id = m.clinic_id AND e.id = m.entry_id
     WHERE m.clinic_id = $1 AND m.case_id = $2`,
    [clinicId, id],
  );
  const startedOn = reached.find((m) => m.kind === 'START')?.production_date ?? null;
  const endedOn = reached.find((m) => m.kind === 'DEBOND')?.production_date ?? null;
  if (startedOn !== null && (values.isRestart || values.isTransferIn))
    throw refuse('ILLEGAL_STATE_CHANGE', 'The case was counted as a new start before it was known here.', [
      'input',
      values.isRestart ? 'isRestart' : 'isTransferIn',
    ]);
  return { status: endedOn ? 'COMPLETED' : startedOn ? 'ACTIVE' : 'PROPOSED', startedOn, endedOn };
}

const idsOf = (clinicId: string, opaque: readonly string[]): string[] =>
  opaque.flatMap((text) => {
    const key = recordIdOf(text);
    return key?.clinicId === clinicId ? [key.id] : [];
  });

/** One page of a clinic's cases, newest start first, cases that have not started last. */
export function listTreatmentPlans(
  tx: Tx,
  clinicId: string,
  filter: TreatmentPlanFilter | null,
  page: { first: number | null; after: string | null },
): Promise<Page<TreatmentPlan>> {
  const params: unknown[] = [clinicId];
  const where = ['p.clinic_id = $1'];
  const add = (condition: (bound: string) => string, value: unknown) => {
    params.push(value);
    where.push(condition(`$${String(params.length)}`));
  };
  const { restrictions } = tx.session.viewer;
  if (restrictions['locations']) add((b) => `p.location_id = ANY(${b}::uuid[])`, restrictions['locations']);
  if (restrictions['providers']) add((b) => `p.provider_id = ANY(${b}::uuid[])`, restrictions['providers']);
  const withNone = (column: string, ids: readonly string[]) => {
    const none = ids.includes('unassigned') ? ` OR p.${column} IS NULL` : '';
    add((b) => `(p.${column} = ANY(${b}::uuid[])${none})`, idsOf(clinicId, ids));
  };
  if (filter?.locationIds) withNone('location_id', filter.locationIds);
  if (filter?.providerIds) withNone('provider_id', filter.providerIds);
  if (filter?.patientId != null) add((b) => `p.patient_id = ANY(${b}::uuid[])`, idsOf(clinicId, [filter.patientId]));
  if (filter?.phases) add((b) => `p.phase = ANY(${b}::text[])`, filter.phases);
  if (filter?.statuses) add((b) => `p.status = ANY(${b}::text[])`, filter.statuses);
  if (filter?.applianceSystems) add((b) => `p.appliance_system = ANY(${b}::text[])`, filter.applianceSystems);
  if (filter?.startedIn) {
    const { from, to } = filter.startedIn;
    if (to < from)
      throw refuse('BAD_RANGE', `The range ends (${to}) before it begins (${from}).`, ['filter', 'startedIn']);
    add((b) => `p.started_on >= ${b}::date`, from);
    add((b) => `p.started_on <= ${b}::date`, to);
  }
  return readPage(tx, {
    select: 'p.*',
    from: 'treatment_plan p',
    where,
    params,
    order: [
      { expression: "coalesce(p.started_on, '1900-01-01'::date)", type: 'date', direction: 'DESC' },
      { expression: 'p.id', type: 'uuid', direction: 'DESC' },
    ],
    ...page,
    map: (found) => hydrate(tx, TreatmentPlan, found),
  });
}
