import { audit, expectVersion, findByKeys, newId, rows, type RecordKey, type Tx } from '@practice-graph/kit';
import { businessDay, firstOpenDay, openDayOr, startOfMonth, type Day } from '@practice-graph/practice';
import { Location } from '../clinics/location.entity';
import { requireWithin } from '../clinics/saving.service';
import { requireOpenSheets } from '../day-sheets/day-sheet-gate.service';
import { undoPart } from '../recognition/recognition-schedule.service';
import { refuse } from '../refusals';
import { moveCaseBack } from '../treatment-plans/case-milestone.service';
import { TreatmentPlan } from '../treatment-plans/treatment-plan.entity';
import { ProductionEntry } from './production-entry.entity';
import { balanceOf, newBalance, tellBalances, type Balance } from './production-balance.service';
import type { ProductionEntryReverseInput } from './production-entry.inputs';
import { writeLedger, type LedgerRow } from './production-ledger.service';
import { requireProduction } from './production-lines.service';
import { copySplits } from './production-split.service';

/** A reversal to be posted: of which entry, under which id, on which day. */
export interface Posting {
  readonly original: ProductionEntry;
  readonly id: string;
  readonly day: Day;
  readonly occurredAt: Date;
  /** True for a reversal that is itself brought in from an older system. */
  readonly isImported: boolean;
}

const counterRow = ({ original, id, day, occurredAt, isImported }: Posting): LedgerRow => ({
  id,
  locationId: original.locationId,
  providerId: original.providerId,
  patientId: original.patientId,
  treatmentPlanId: original.treatmentPlanId,
  appointmentId: original.appointmentId,
  // A procedure has one entry; the counter-row undoes that entry and is none of the procedure's own.
  procedureId: null,
  productionDate: day,
  occurredAt,
  isImported,
  originalProductionDate: startOfMonth(day) === startOfMonth(original.productionDate) ? null : original.productionDate,
  procedureCode: original.procedureCode,
  category: original.category,
  phase: original.phase,
  applianceSystem: original.applianceSystem,
  description: original.description,
  gross: original.gross.neg(),
  insurance: original.insuranceExpected.neg(),
  reversal: { reversesId: original.id, startCount: original.startCount, debondCount: original.debondCount },
});

const LINK = `
WITH released AS (
  UPDATE case_milestone SET entry_id = NULL WHERE clinic_id = $1 AND entry_id = ANY($2::uuid[])
  RETURNING kind, case_id
), linked AS (
  UPDATE production_entry e SET status = 'REVERSED', reversed_by_id = l.reversal_id, version = e.version + 1, updated_at = $4
  FROM unnest($2::uuid[], $3::uuid[]) AS l (id, reversal_id) WHERE e.clinic_id = $1 AND e.id = l.id
)
SELECT kind, case_id FROM released`;

/** Posts equal and opposite rows of entries that the caller has locked, and frees the milestones that they had reached. */
export async function postReversals(
  tx: Tx,
  clinicId: string,
  postings: readonly Posting[],
): Promise<{ kind: 'START' | 'DEBOND'; case_id: string }[]> {
  const released = await rows<{ kind: 'START' | 'DEBOND'; case_id: string }>(tx, LINK, [
    clinicId,
    postings.map((p) => p.original.id),
    postings.map((p) => p.id),
    tx.session.at,
  ]);
  await writeLedger(tx, clinicId, postings.map(counterRow));
  await copySplits(
    tx,
    clinicId,
    postings.map(({ original, id }) => ({ from: original.id, to: id })),
  );
  return released;
}

/** What reversals leave of the entries that they undo, and of themselves. */
export const balancesOf = (postings: readonly Posting[]): Balance[] =>
  postings.flatMap((posting) => [balanceOf(posting.original, { status: 'REVERSED' }), newBalance(counterRow(posting))]);

/** The entry, locked; refused where it cannot be reversed. */
async function reversible(tx: Tx, key: RecordKey, input: ProductionEntryReverseInput): Promise<ProductionEntry> {
  const [entry] = await findByKeys(tx, ProductionEntry, [key], { lock: 'UPDATE' });
  if (!entry) throw refuse('NOT_FOUND', 'The entry does not exist or is outside your reach.', ['id']);
  requireWithin(tx, 'locations', entry.locationId, ['id']);
  requireWithin(tx, 'providers', entry.providerId, ['id']);
  if (input.reason.trim() === '') throw refuse('REASON_REQUIRED', 'Say why it is reversed.', ['input', 'reason']);
  if (entry.isReversal) throw refuse('NOT_REVERSIBLE', 'A reversal is never reversed; record the entry anew.', ['id']);
  if (entry.reversedById !== null) throw refuse('ALREADY_REVERSED', 'The entry was reversed before.', ['id']);
  if (entry.status === 'PENDING' || entry.status === 'VOIDED')
    throw refuse('NOT_REVERSIBLE', 'The entry never counted.', ['id']);
  expectVersion(entry.version, input.expectedVersion);
  return entry;
}

/**
 * Undoes an entry by an equal and opposite one, linked both ways. It counts on the location's today, or with
 * ORIGINAL_DATE on the day of the original while its month is open (REV-74); when the month of today takes no postings,
 * on the first day of the next open one (E-17). Answers the id of the reversing entry.
 */
export async function reverseEntry(
  tx: Tx,
  key: RecordKey,
  input: ProductionEntryReverseInput,
): Promise<{ id: string }> {
  const { clinicId } = key;
  await requireProduction(tx, clinicId);
  const original = await reversible(tx, key, input);
  const [plan] = original.treatmentPlanId
    ? await findByKeys(tx, TreatmentPlan, [{ clinicId, id: original.treatmentPlanId }], { lock: 'UPDATE' })
    : [];
  const [location] = await findByKeys(tx, Location, [{ clinicId, id: original.locationId }]);
  if (!location) throw new Error(`the location of entry ${original.id} is missing`);
  const today = businessDay(tx.session.at, location.timeZone);
  const id = newId();
  const posting: Posting = {
    original,
    id,
    day:
      input.dateBasis === 'ORIGINAL_DATE'
        ? await openDayOr(tx, clinicId, original.productionDate, today)
        : await firstOpenDay(tx, clinicId, today),
    occurredAt: tx.session.at,
    isImported: false,
  };
  await requireOpenSheets(
    tx,
    clinicId,
    [{ locationId: original.locationId, day: posting.day }],
    input.dateBasis === 'ORIGINAL_DATE' ? ['input', 'dateBasis'] : ['id'],
  );
  const released = await postReversals(tx, clinicId, [posting]);
  await tellBalances(tx, clinicId, balancesOf([posting]));
  if (plan) {
    for (const { kind } of released) await moveCaseBack(tx, plan, kind);
    await undoPart(tx, clinicId, original.id, plan.status === 'ACTIVE');
  }
  await audit(tx, clinicId, [
    {
      action: 'productionEntry.reverse',
      entityType: 'ProductionEntry',
      entityId: original.id,
      subjects: [original.patientId],
      fromState: original.status,
      toState: 'REVERSED',
      note: input.reason.trim(),
    },
    {
      action: 'productionEntry.record',
      entityType: 'ProductionEntry',
      entityId: id,
      subjects: [original.patientId],
      toState: 'POSTED',
      note: input.reason.trim(),
    },
  ]);
  return { id };
}
