import { Decimal, findByKeys, newId, Refused, type Refusal, type Tx } from '@practice-graph/kit';
import { businessDay, type Day } from '@practice-graph/practice';
import { Clinic } from '../clinics/clinic.entity';
import { Location } from '../clinics/location.entity';
import { monthsAt, postingDay } from '../clinics/posting-day.service';
import { closedSheets, daySheetClosed } from '../day-sheets/day-sheet-gate.service';
import { ensureProviders } from '../clinics/provider.service';
import { filled, filledIfGiven, keyInClinic, requireWithin } from '../clinics/saving.service';
import { endSchedule, type EarningCase } from '../recognition/recognition-schedule.service';
import { isInFee } from '../recognition/recognition.rules';
import { refuse } from '../refusals';
import { moveCase } from '../treatment-plans/case-milestone.service';
import type { TreatmentPlan } from '../treatment-plans/treatment-plan.entity';
import type { ProductionEntryLineInput } from './production-entry.inputs';
import { newBalance, tellBalances } from './production-balance.service';
import { keepPending, writeLedger, type LedgerRow } from './production-ledger.service';
import { lookUp } from './production-lookup.service';
import { splitsOf, writeSplits, type Split } from './production-split.service';

const ZERO = new Decimal(0);

/** What one completed procedure earned, and where in the arguments it stands. */
export interface Line {
  readonly input: ProductionEntryLineInput;
  readonly path: readonly string[];
  /** True when it is brought in from an older system. */
  readonly isImported?: boolean;
}

/** A line that may be written. */
interface Ready {
  readonly row: LedgerRow;
  readonly isPosted: boolean;
  readonly plan: TreatmentPlan | null;
  readonly splits: readonly Split[];
}

/** What becomes of a line: a new entry, that of a procedure that was recorded before, or nothing. */
export type Prepared =
  | { readonly ready: Ready; readonly id: string }
  | { readonly ready?: undefined; readonly id: string }
  | { readonly refusals: readonly Refusal[] };

export const isRefused = (line: Prepared): line is { readonly refusals: readonly Refusal[] } => 'refusals' in line;

/** NOT_FOUND for a clinic that is not known, CAPABILITY_OFF where production is switched off for it. */
export async function requireProduction(tx: Tx, clinicId: string): Promise<Clinic> {
  const [clinic] = await findByKeys(tx, Clinic, [{ clinicId, id: clinicId }]);
  if (!clinic) throw refuse('NOT_FOUND', 'The clinic does not exist or is outside your reach.', ['input', 'clinicId']);
  if (!clinic.capabilities.includes('PRODUCTION'))
    throw refuse('CAPABILITY_OFF', 'Production is not switched on for the clinic.', ['input', 'clinicId']);
  return clinic;
}

/** Everything that is wrong with the amounts, at once. */
function requireAmounts({ gross, expectedNet }: ProductionEntryLineInput, insurance: Decimal, path: readonly string[]) {
  const wrong: Refusal[] = [];
  if (gross.isNegative())
    wrong.push({ code: 'BAD_AMOUNT', message: 'Gross must not be negative.', path: [...path, 'gross'] });
  if (insurance.isNegative())
    wrong.push({
      code: 'BAD_AMOUNT',
      message: "The insurer's part must not be negative.",
      path: [...path, 'insurancePortion'],
    });
  if (wrong.length === 0 && insurance.gt(gross))
    wrong.push({
      code: 'AMOUNT_MISMATCH',
      message: "The insurer's part exceeds net, so that the parts cannot make it up.",
      path: [...path, 'insurancePortion'],
    });
  if (wrong.length === 0 && expectedNet && !expectedNet.eq(gross))
    wrong.push({
      code: 'AMOUNT_MISMATCH',
      message: `Net is ${gross.toFixed(2)}, not ${expectedNet.toFixed(2)}.`,
      path: [...path, 'expectedNet'],
    });
  if (wrong.length > 0) throw new Refused(wrong);
}

/** What a line names, before anything is looked up. */
function named(tx: Tx, clinicId: string, { input, path }: Line) {
  const insurance = input.insurancePortion ?? ZERO;
  requireAmounts(input, insurance, path);
  const location = keyInClinic(clinicId, input.locationId, [...path, 'locationId']);
  const provider = keyInClinic(clinicId, input.providerId, [...path, 'providerId']);
  const patient = keyInClinic(clinicId, input.patientId, [...path, 'patientId']);
  requireWithin(tx, 'locations', location.id, [...path, 'locationId']);
  requireWithin(tx, 'providers', provider.id, [...path, 'providerId']);
  return {
    category: input.category,
    insurance,
    location,
    provider,
    patient,
    plan:
      input.treatmentPlanId == null ? null : keyInClinic(clinicId, input.treatmentPlanId, [...path, 'treatmentPlanId']),
    procedureId: filledIfGiven(input.procedureId, 'procedureId', path) ?? null,
    appointmentId: filledIfGiven(input.appointmentId, 'appointmentId', path) ?? null,
    procedureCode: filled(input.procedureCode, 'procedureCode', path),
    splits: splitsOf(clinicId, input, path),
  };
}
type Named = ReturnType<typeof named>;

/** The refusals of a piece of work, or its result. */
function attempt<T>(work: () => T): { readonly done: T } | { readonly refusals: readonly Refusal[] } {
  try {
    return { done: work() };
  } catch (error) {
    if (error instanceof Refused) return { refusals: error.refusals };
    throw error;
  }
}

/** Settles what becomes of each line. A procedure that was recorded before answers its first entry (REV-50). */
export async function prepareLines(tx: Tx, clinicId: string, lines: readonly Line[]): Promise<Prepared[]> {
  const clinic = requireProduction(tx, clinicId);
  const names = lines.map((line) => attempt(() => named(tx, clinicId, line)));
  const wanted = names.flatMap((name, index) => {
    const line = lines[index];
    return 'done' in name && line ? [{ line, of: name.done }] : [];
  });
  const [{ plans, locations, strangers, before, scheduled }] = await Promise.all([
    lookUp(
      tx,
      clinicId,
      wanted.map(({ of }) => of),
    ),
    clinic,
  ]);
  const happened = wanted.map(({ line, of }) => ({
    location: locations.get(of.location.id),
    at: line.input.occurredAt,
  }));
  const places = happened.flatMap(({ location, at }) =>
    location ? [{ locationId: location.id, day: businessDay(at, location.timeZone) }] : [],
  );
  const [months, isClosed] = await Promise.all([monthsAt(tx, clinicId, happened), closedSheets(tx, clinicId, places)]);
  const settle = (line: Line, of: Named): Prepared => {
    const { input, path } = line;
    const location = locations.get(of.location.id);
    const { id: patientId } = of.patient;
    const plan = (of.plan && plans.get(of.plan.id)) ?? null;
    if (!location)
      throw refuse('NOT_FOUND', 'The location does not exist or is outside your reach.', [...path, 'locationId']);
    if (strangers.has(patientId))
      throw refuse('NOT_FOUND', 'The patient does not exist or is outside your reach.', [...path, 'patientId']);
    if (plan && plan.patientId !== patientId)
      throw refuse('INVALID', 'The case belongs to another patient.', [...path, 'treatmentPlanId']);
    const first = of.procedureId === null ? undefined : before.get(of.procedureId);
    if (first !== undefined) return { id: first };
    const isPosted = input.post ?? true;
    // On a case with a schedule its fee earns, not the procedure (E-16).
    const isPaidByFee = plan !== null && isInFee(input.category) && scheduled.has(plan.id);
    if (isPaidByFee && input.expectedNet && !input.expectedNet.isZero())
      throw refuse('AMOUNT_MISMATCH', 'Net is 0.00: the fee of the case is recognised by its schedule.', [
        ...path,
        'expectedNet',
      ]);
    const day = postingDay(tx, location, input.occurredAt, months, [...path, 'occurredAt']);
    const place = { locationId: location.id, day };
    if (isPosted && isClosed(place)) throw daySheetClosed(place, [...path, 'occurredAt']);
    const row: LedgerRow = {
      id: newId(),
      locationId: location.id,
      providerId: of.provider.id,
      patientId,
      treatmentPlanId: of.plan?.id ?? null,
      appointmentId: of.appointmentId,
      procedureId: of.procedureId,
      productionDate: day,
      occurredAt: input.occurredAt,
      originalProductionDate: null,
      procedureCode: of.procedureCode,
      category: input.category,
      phase: null,
      applianceSystem: null,
      description: input.description.trim(),
      gross: isPaidByFee ? ZERO : input.gross,
      insurance: isPaidByFee ? ZERO : of.insurance,
      reversal: null,
      isImported: line.isImported ?? false,
    };
    // The second line of one call that names a procedure answers the entry of the first.
    if (of.procedureId !== null) before.set(of.procedureId, row.id);
    return { id: row.id, ready: { row, isPosted, plan, splits: isPaidByFee ? [] : of.splits } };
  };
  return names.map((name, index) => {
    const line = lines[index];
    if ('refusals' in name || !line) return { refusals: 'refusals' in name ? name.refusals : [] };
    const settled = attempt(() => settle(line, name.done));
    return 'done' in settled ? settled.done : settled;
  });
}

/** A case moves on; with its debond everything that is still scheduled of its fee is recognised (REV-53). */
export async function reachMilestone(tx: Tx, plan: TreatmentPlan, category: string, day: Day): Promise<void> {
  await moveCase(tx, plan, category, day);
  if (category !== 'DEBOND' || plan.locationId === null || plan.providerId === null) return;
  const [location] = await findByKeys(tx, Location, [{ clinicId: plan.clinicId, id: plan.locationId }]);
  if (location) await endSchedule(tx, plan as EarningCase, location, { day, isDebonded: true });
}

/** Writes the entries of prepared lines; those that count move their cases on. */
export async function writeLines(tx: Tx, clinicId: string, settled: readonly Prepared[]): Promise<LedgerRow[]> {
  const ready = settled.flatMap((line) => ('ready' in line && line.ready ? [line.ready] : []));
  if (ready.length === 0) return [];
  const providers = ready.flatMap(({ row, splits }) => [row.providerId, ...splits.map((split) => split.providerId)]);
  await ensureProviders(tx, clinicId, providers);
  const [milestones] = await Promise.all([
    writeLedger(
      tx,
      clinicId,
      ready.flatMap(({ row, isPosted }) => (isPosted ? [row] : [])),
    ),
    keepPending(
      tx,
      clinicId,
      ready.flatMap(({ row, isPosted }) => (isPosted ? [] : [row])),
    ),
    writeSplits(
      tx,
      clinicId,
      ready.flatMap(({ row, splits }) => splits.map((split) => ({ ...split, entryId: row.id }))),
    ),
    tellBalances(
      tx,
      clinicId,
      ready.map(({ row }) => newBalance(row)),
    ),
  ]);
  const reached = new Set(milestones.map((entry) => entry.id));
  for (const { row, plan } of ready)
    if (plan && reached.has(row.id)) await reachMilestone(tx, plan, row.category, row.productionDate);
  return ready.map(({ row }) => row);
}
