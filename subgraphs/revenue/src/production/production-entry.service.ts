import { audit, Decimal, findByKey, newId, Refused, rows, type Refusal, type Tx } from '@practice-graph/kit';
import { businessDay, postingDayProblem, type Day } from '@practice-graph/practice';
import { Clinic } from '../clinics/clinic.entity';
import { Location } from '../clinics/location.entity';
import { ensureProviders } from '../clinics/provider.service';
import { filled, keyInClinic, lockName, requireWithin } from '../clinics/saving.service';
import { Patient } from '../patients/patient.entity';
import { refuse } from '../refusals';
import { TreatmentPlan } from '../treatment-plans/treatment-plan.entity';
import { milestoneOf } from './production-entry.rules';
import type { ProductionEntryRecordInput } from './production-entry.inputs';
import { writeLedger, type LedgerRow } from './production-ledger.service';

/** NOT_FOUND for a clinic that is not known, CAPABILITY_OFF where production is switched off for it. */
export async function requireProduction(tx: Tx, clinicId: string): Promise<Clinic> {
  const clinic = await findByKey(tx, Clinic, { clinicId, id: clinicId });
  if (!clinic) throw refuse('NOT_FOUND', 'The clinic does not exist or is outside your reach.', ['input', 'clinicId']);
  if (!clinic.capabilities.includes('PRODUCTION'))
    throw refuse('CAPABILITY_OFF', 'Production is not switched on for the clinic.', ['input', 'clinicId']);
  return clinic;
}

/** Business day on which a procedure counts; refused in the future, and too far back without records:backdate. */
function dayOf(tx: Tx, location: Location, occurredAt: Date): Day {
  const day = businessDay(occurredAt, location.timeZone);
  const today = businessDay(tx.session.at, location.timeZone);
  const mayBackdate = tx.session.viewer.scopes.includes('records:backdate');
  const problem = postingDayProblem({ day, today, mayBackdate });
  if (problem === 'FUTURE_DATE')
    throw refuse(problem, `${day} lies in the future: it is ${today} at the location.`, ['input', 'occurredAt']);
  if (problem)
    throw refuse(problem, `${day} lies too far before ${today}; records:backdate lifts the limit.`, [
      'input',
      'occurredAt',
    ]);
  return day;
}

/** Everything that is wrong with the amounts, at once. */
function requireAmounts({ gross, expectedNet }: ProductionEntryRecordInput, insurancePortion: Decimal): void {
  const wrong: Refusal[] = [];
  if (gross.isNegative())
    wrong.push({ code: 'BAD_AMOUNT', message: 'Gross must not be negative.', path: ['input', 'gross'] });
  if (insurancePortion.isNegative())
    wrong.push({
      code: 'BAD_AMOUNT',
      message: "The insurer's part must not be negative.",
      path: ['input', 'insurancePortion'],
    });
  if (wrong.length === 0 && insurancePortion.gt(gross))
    wrong.push({
      code: 'AMOUNT_MISMATCH',
      message: "The insurer's part exceeds net, so that the parts cannot make it up.",
      path: ['input', 'insurancePortion'],
    });
  if (wrong.length === 0 && expectedNet && !expectedNet.eq(gross))
    wrong.push({
      code: 'AMOUNT_MISMATCH',
      message: `Net is ${gross.toFixed(2)}, not ${expectedNet.toFixed(2)}.`,
      path: ['input', 'expectedNet'],
    });
  if (wrong.length > 0) throw new Refused(wrong);
}

/** The entry of a procedure that was recorded before; those who record the same one at once wait for each other. */
async function entryOfProcedure(tx: Tx, clinicId: string, procedureId: string): Promise<string | null> {
  await lockName(tx, clinicId, `procedure:${procedureId}`);
  const [entry] = await rows<{ id: string }>(
    tx,
    'SELECT id FROM production_entry WHERE clinic_id = $1 AND procedure_id = $2',
    [clinicId, procedureId],
  );
  return entry?.id ?? null;
}

/** What the opaque ids of an input name. Location and patient must be known; provider and case may become so later. */
async function references(tx: Tx, clinicId: string, input: ProductionEntryRecordInput) {
  const locationKey = keyInClinic(clinicId, input.locationId, ['input', 'locationId']);
  const providerKey = keyInClinic(clinicId, input.providerId, ['input', 'providerId']);
  const patientKey = keyInClinic(clinicId, input.patientId, ['input', 'patientId']);
  const planKey =
    input.treatmentPlanId == null ? null : keyInClinic(clinicId, input.treatmentPlanId, ['input', 'treatmentPlanId']);
  requireWithin(tx, 'locations', locationKey.id, ['input', 'locationId']);
  requireWithin(tx, 'providers', providerKey.id, ['input', 'providerId']);
  // The case is locked first when it moves, so that nothing about its start changes meanwhile.
  const plan =
    planKey && (await findByKey(tx, TreatmentPlan, planKey, milestoneOf(input.category) ? { lock: 'UPDATE' } : {}));
  const [location, patient] = await Promise.all([
    findByKey(tx, Location, locationKey),
    findByKey(tx, Patient, patientKey),
  ]);
  if (!location)
    throw refuse('NOT_FOUND', 'The location does not exist or is outside your reach.', ['input', 'locationId']);
  if (!patient)
    throw refuse('NOT_FOUND', 'The patient does not exist or is outside your reach.', ['input', 'patientId']);
  if (plan && plan.patientId !== patient.id)
    throw refuse('INVALID', 'The case belongs to another patient.', ['input', 'treatmentPlanId']);
  return { location, patient, providerId: providerKey.id, treatmentPlanId: planKey?.id ?? null, plan };
}

/** A case moves on when its start or its debond is recorded. */
async function moveCase(tx: Tx, plan: TreatmentPlan, category: string, day: Day): Promise<void> {
  const key = { clinicId: plan.clinicId, id: plan.id };
  if (category === 'TREATMENT_START' && plan.status === 'PROPOSED')
    await tx.update(TreatmentPlan, key, { status: 'ACTIVE', startedOn: day, version: plan.version + 1 });
  if (category === 'DEBOND' && (plan.status === 'ACTIVE' || plan.status === 'PROPOSED'))
    await tx.update(TreatmentPlan, key, { status: 'COMPLETED', endedOn: day, version: plan.version + 1 });
}

/** Records what a completed procedure earned. A procedure that was recorded before answers its first entry (REV-50). */
export async function recordEntry(
  tx: Tx,
  clinicId: string,
  input: ProductionEntryRecordInput,
): Promise<{ id: string }> {
  await requireProduction(tx, clinicId);
  const insurance = input.insurancePortion ?? new Decimal(0);
  requireAmounts(input, insurance);
  const procedureId = input.procedureId == null ? null : filled(input.procedureId, 'procedureId');
  const named = await references(tx, clinicId, input);
  if (procedureId !== null) {
    const before = await entryOfProcedure(tx, clinicId, procedureId);
    if (before !== null) return { id: before };
  }
  const day = dayOf(tx, named.location, input.occurredAt);
  await ensureProviders(tx, clinicId, [named.providerId]);
  const row: LedgerRow = {
    id: newId(),
    locationId: named.location.id,
    providerId: named.providerId,
    patientId: named.patient.id,
    treatmentPlanId: named.treatmentPlanId,
    appointmentId: input.appointmentId ?? null,
    procedureId,
    productionDate: day,
    occurredAt: input.occurredAt,
    originalProductionDate: null,
    procedureCode: filled(input.procedureCode, 'procedureCode'),
    category: input.category,
    phase: null,
    applianceSystem: null,
    description: input.description.trim(),
    gross: input.gross,
    insurance,
    reversal: null,
  };
  const [written] = await writeLedger(tx, clinicId, [row]);
  if (named.plan && written?.reached) await moveCase(tx, named.plan, input.category, day);
  await audit(tx, clinicId, {
    action: 'productionEntry.record',
    entityType: 'ProductionEntry',
    entityId: row.id,
    subjects: [row.patientId],
    toState: 'POSTED',
  });
  return { id: row.id };
}
