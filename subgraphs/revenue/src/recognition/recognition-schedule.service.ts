import { Decimal, newId, prepared, type Tx } from '@practice-graph/kit';
import { addDays, openDayOr, startOfBusinessDay, type Day } from '@practice-graph/practice';
import type { Location } from '../clinics/location.entity';
import { closedSheets } from '../day-sheets/day-sheet-gate.service';
import { newBalance, tellBalances } from '../production/production-balance.service';
import { writeLedger, type LedgerRow } from '../production/production-ledger.service';
import type { TreatmentPlan } from '../treatment-plans/treatment-plan.entity';
import { policyOn } from './recognition-policy.service';
import { CATEGORY_OF, codeOf, scheduleParts } from './recognition.rules';
import type { RecognitionPartKind, RecognitionPartStatus } from './recognition.types';

/** A part that waits. */
export interface WaitingPart {
  readonly run: number;
  readonly line: number;
  readonly kind: RecognitionPartKind;
  readonly dueOn: Day;
  readonly amount: Decimal;
}

/** A case that can earn: its provider and place are known. */
export type EarningCase = TreatmentPlan & { readonly locationId: string; readonly providerId: string };

/** A part that becomes production on a day. */
interface Recognized {
  readonly part: WaitingPart;
  readonly day: Day;
  readonly status: Extract<RecognitionPartStatus, 'RECOGNIZED' | 'ACCELERATED'>;
}

const WORDS = { START: 'start of treatment', MONTH: 'month of treatment', DEBOND: 'debond' } as const;

/** A row of the ledger for a part of a fee. */
export function partRow(
  tx: Tx,
  plan: EarningCase,
  location: Location,
  part: Pick<WaitingPart, 'kind' | 'amount'>,
  day: Day,
): LedgerRow {
  const start = startOfBusinessDay(day, location.timeZone);
  return {
    id: newId(),
    locationId: plan.locationId,
    providerId: plan.providerId,
    patientId: plan.patientId,
    treatmentPlanId: plan.id,
    appointmentId: null,
    procedureId: null,
    productionDate: day,
    occurredAt: start < tx.session.at ? start : tx.session.at,
    originalProductionDate: null,
    isImported: false,
    procedureCode: codeOf(part.kind, plan.phase),
    category: CATEGORY_OF[part.kind],
    phase: null,
    applianceSystem: null,
    description: `Part of the fee: ${WORDS[part.kind]}`,
    gross: part.amount,
    insurance: new Decimal(0),
    reversal: null,
  };
}

const MARK = `
UPDATE recognition_part p SET status = u.status, entry_id = u.entry_id, due_on = u.due_on
FROM unnest($3::smallint[], $4::smallint[], $5::text[], $6::uuid[], $7::date[]) AS u (run, line, status, entry_id, due_on)
WHERE p.clinic_id = $1 AND p.plan_id = $2 AND p.run = u.run AND p.line = u.line AND p.status = 'SCHEDULED'
RETURNING p.line`;

/** Makes production of parts that wait; the caller has locked the case. A part is recognised once. */
export async function recognizeParts(
  tx: Tx,
  plan: EarningCase,
  location: Location,
  recognized: readonly Recognized[],
): Promise<void> {
  if (recognized.length === 0) return;
  const entries = recognized.map(({ part, day }) => partRow(tx, plan, location, part, day));
  await Promise.all([
    writeLedger(tx, plan.clinicId, entries),
    tellBalances(tx, plan.clinicId, entries.map(newBalance)),
  ]);
  const marked = await prepared(tx, MARK, [
    plan.clinicId,
    plan.id,
    recognized.map(({ part }) => part.run),
    recognized.map(({ part }) => part.line),
    recognized.map(({ status }) => status),
    entries.map((entry) => entry.id),
    // The debond part is due when the case ends, whatever was planned.
    recognized.map(({ part, day }) => (part.kind === 'DEBOND' ? day : part.dueOn)),
  ]);
  if (marked.length !== recognized.length) throw new Error(`parts of case ${plan.id} were recognised meanwhile`);
}

const SCHEDULE = `
WITH s AS (
  INSERT INTO recognition_schedule (clinic_id, plan_id, run, policy_version, fee) VALUES ($1::uuid, $2::uuid, $3, $4, $5)
)
INSERT INTO recognition_part (clinic_id, plan_id, run, line, kind, amount, due_on, status)
SELECT $1::uuid, $2::uuid, $3, n, kind, amount, due_on, 'SCHEDULED'
FROM unnest($6::text[], $7::numeric[], $8::date[]) WITH ORDINALITY AS i (kind, amount, due_on, n)`;

// What earlier starts of the case earned and still stands is no part of the fee any more, or it would be earned twice.
const EARLIER = `
SELECT coalesce(max(run), 0)::int AS run, coalesce(sum(amount) FILTER (WHERE status IN ('RECOGNIZED', 'ACCELERATED')), 0)::text AS earned
FROM recognition_part WHERE clinic_id = $1 AND plan_id = $2`;

/** Cuts the fee of a case that starts on a day into its parts; answers the part of the start. */
export async function makeSchedule(tx: Tx, plan: TreatmentPlan, start: Day): Promise<WaitingPart> {
  const { clinicId, id } = plan;
  const policy = await policyOn(tx, clinicId, start);
  const [earlier] = await prepared<{ run: number; earned: string }>(tx, EARLIER, [clinicId, id]);
  const fee = Decimal.max(plan.contractFee.minus(earlier?.earned ?? 0), 0);
  const parts = scheduleParts(fee, start, policy, plan.plannedMonths);
  const run = (earlier?.run ?? 0) + 1;
  await prepared(tx, SCHEDULE, [
    clinicId,
    id,
    run,
    policy.version,
    fee,
    parts.map((part) => part.kind),
    parts.map((part) => part.amount),
    parts.map((part) => part.dueOn),
  ]);
  const [first] = parts;
  if (!first) throw new Error('a schedule has a part at the start');
  return { run, line: 1, ...first };
}

const WAITING = `
SELECT run, line, kind, due_on, amount FROM recognition_part
WHERE clinic_id = $1 AND plan_id = $2 AND status = 'SCHEDULED' ORDER BY run, line FOR UPDATE`;

/** Parts of a case that wait, earliest first; locked. */
export async function waitingParts(tx: Tx, plan: TreatmentPlan): Promise<WaitingPart[]> {
  const found = await prepared<{ run: number; line: number; kind: RecognitionPartKind; due_on: Day; amount: string }>(
    tx,
    WAITING,
    [plan.clinicId, plan.id],
  );
  return found.map(({ due_on, amount, ...part }) => ({ ...part, dueOn: due_on, amount: new Decimal(amount) }));
}

/** Cancels what waits: it will not be earned. */
export async function cancelWaiting(tx: Tx, plan: Pick<TreatmentPlan, 'clinicId' | 'id'>): Promise<void> {
  await prepared(
    tx,
    `UPDATE recognition_part SET status = 'CANCELLED' WHERE clinic_id = $1 AND plan_id = $2 AND status = 'SCHEDULED'`,
    [plan.clinicId, plan.id],
  );
}

/**
 * The day on which a part that is due counts: its own, or, when its month or day sheet takes nothing any more, the first
 * day after it that does, at most today. Null when there is none today.
 */
export async function dayForPart(tx: Tx, plan: EarningCase, dueOn: Day, today: Day): Promise<Day | null> {
  const from = await openDayOr(tx, plan.clinicId, dueOn, today);
  if (from > today) return null;
  const days: Day[] = [];
  for (let day = from; day <= today; day = addDays(day, 1)) days.push(day);
  const isClosed = await closedSheets(
    tx,
    plan.clinicId,
    days.map((day) => ({ locationId: plan.locationId, day })),
  );
  for (const day of days)
    if (!isClosed({ locationId: plan.locationId, day }) && (await openDayOr(tx, plan.clinicId, day, today)) === day)
      return day;
  return null;
}

/**
 * Ends the schedule of a case on a day. What was due before is recognised on its day; the rest becomes production early
 * with the debond, or is cancelled where the case ended without it.
 */
export async function endSchedule(
  tx: Tx,
  plan: EarningCase,
  location: Location,
  end: { readonly day: Day; readonly isDebonded: boolean },
): Promise<void> {
  const waiting = await waitingParts(tx, plan);
  const recognized: Recognized[] = [];
  for (const part of waiting) {
    if (part.kind === 'MONTH' && part.dueOn <= end.day)
      recognized.push({
        part,
        status: 'RECOGNIZED',
        day: (await dayForPart(tx, plan, part.dueOn, end.day)) ?? end.day,
      });
    else if (end.isDebonded)
      recognized.push({ part, status: part.kind === 'MONTH' ? 'ACCELERATED' : 'RECOGNIZED', day: end.day });
  }
  await recognizeParts(tx, plan, location, recognized);
  if (!end.isDebonded) await cancelWaiting(tx, plan);
}

const SCHEDULED = `
SELECT DISTINCT plan_id FROM recognition_part WHERE clinic_id = $1 AND plan_id = ANY($2::uuid[]) AND status <> 'CANCELLED'`;

/** Which of these cases have a schedule, so that procedures of their treatment earn nothing of their own (E-16). */
export async function scheduledCases(tx: Tx, clinicId: string, planIds: readonly string[]): Promise<Set<string>> {
  if (planIds.length === 0) return new Set();
  const found = await prepared<{ plan_id: string }>(tx, SCHEDULED, [clinicId, planIds]);
  return new Set(found.map((row) => row.plan_id));
}

const UNDO = `
UPDATE recognition_part SET entry_id = NULL, status = CASE WHEN kind = 'DEBOND' AND $3 THEN 'SCHEDULED' ELSE 'CANCELLED' END
WHERE clinic_id = $1 AND entry_id = $2 RETURNING plan_id, kind`;

/**
 * What follows for its part when an entry of a schedule is reversed: it is not earned, except that the debond part of a
 * case that runs again waits for the next end. Without its start a case earns nothing more.
 */
export async function undoPart(tx: Tx, clinicId: string, entryId: string, isRunningAgain: boolean): Promise<void> {
  const [undone] = await prepared<{ plan_id: string; kind: RecognitionPartKind }>(tx, UNDO, [
    clinicId,
    entryId,
    isRunningAgain,
  ]);
  if (undone?.kind === 'START') await cancelWaiting(tx, { clinicId, id: undone.plan_id });
}
