import {
  clinicOfInput,
  nameOf,
  newId,
  noteOf,
  prepared,
  reachable,
  recordIdOf,
  Refused,
  rows,
  type Decimal,
  type RecordKey,
  type Refusal,
  type Tx,
} from '@practice-graph/kit';
import {
  clinicOf,
  isWithin,
  locationOf,
  lockMonthsAlone,
  monthStates,
  postingDayProblem,
  requireOpenMonths,
  todayAt,
  type Day,
} from '@practice-graph/practice';
import { entryBalance, lockEntryBalances } from '../balances/entry-balance.service';
import { campaignOfDiscount } from '../campaigns/promotion-campaign.service';
import { effortsOfDebt, linkEfforts } from '../collection/collection-effort.service';
import { expectedWriteOff } from '../contracts/payer-fee.service';
import { DUPLICATE_HOURS } from '../defaults';
import type { AdjustmentPolicy } from '../policy/adjustment-policy.entity';
import { affectsNet } from '../policy/adjustment-policy.rules';
import { policiesOn } from '../policy/adjustment-policy.service';
import { keepStandardReasons, reasonForUse } from '../reason-codes/reason-code.service';
import { codes, refuse } from '../refusals';
import type { AdjustmentCategory } from './adjustment-category.rules';
import { enter, judge } from './adjustment-entering.service';
import { amountProblem, balanceProblem, claimProblems, kindProblem, reasonProblem } from './adjustment.rules';
import type { LedgerRow } from './ledger.service';

/** Adjustments that one call may bring. */
const LINES_MAX = 500;

/** An adjustment as a caller gives it; identifiers are the opaque ones of the API. */
export interface RecordAdjustment extends AdjustmentLine {
  readonly clinicId: string;
}

export interface AdjustmentLine {
  readonly locationId?: string | null | undefined;
  readonly patientId: string;
  readonly providerId?: string | null | undefined;
  readonly treatmentPlanId?: string | null | undefined;
  readonly productionEntryId?: string | null | undefined;
  readonly invoiceId?: string | null | undefined;
  readonly transactionId?: string | null | undefined;
  readonly adjustmentDate: Day;
  readonly category: AdjustmentCategory;
  readonly reasonCode: string;
  readonly description?: string | null | undefined;
  readonly amount: Decimal;
  readonly balance?: Decimal | null | undefined;
  readonly allowCredit?: boolean | null | undefined;
  readonly payer?: string | null | undefined;
  readonly procedureDate?: Day | null | undefined;
  readonly claimDate?: Day | null | undefined;
  readonly estimatedAmount?: Decimal | null | undefined;
  readonly paymentDate?: Day | null | undefined;
  readonly procedureCode?: string | null | undefined;
  readonly campaignId?: string | null | undefined;
  readonly collectionEffortIds?: readonly string[] | null | undefined;
}

type Reference = 'locationId' | 'patientId' | 'providerId' | 'treatmentPlanId' | 'productionEntryId' | 'invoiceId';

/** References of an input: each must be of the clinic and within reach; one that is not known here is accepted (E-02). */
function references(tx: Tx, clinicId: string, input: RecordAdjustment) {
  const { viewer } = tx.session;
  const missing: string[] = [];
  const of = (member: Reference): string | null => {
    const opaque = input[member];
    if (opaque === null || opaque === undefined) return null;
    const key = reachable(viewer, opaque);
    if (key?.clinicId === clinicId) return key.id;
    missing.push(member);
    return null;
  };
  const found = {
    locationId: of('locationId'),
    patientId: of('patientId'),
    providerId: of('providerId'),
    treatmentPlanId: of('treatmentPlanId'),
    productionEntryId: of('productionEntryId'),
    invoiceId: of('invoiceId'),
  };
  // A caller who is narrowed to some places records there and nowhere else; the same for providers.
  for (const [kind, member] of [
    ['locations', 'locationId'],
    ['providers', 'providerId'],
  ] as const)
    if (!missing.includes(member) && !isWithin(viewer, kind, found[member])) missing.push(member);
  if (missing.length > 0)
    throw new Refused(
      missing.map((member) => ({ code: 'NOT_FOUND', message: codes.NOT_FOUND, path: ['input', member] })),
    );
  return { ...found, patientId: found.patientId as string };
}

/** An entry of the same transaction, category, amount and day, recorded within the last hours (ADJ-102). */
async function likelyOriginal(tx: Tx, clinicId: string, input: RecordAdjustment, transactionId: string | null) {
  if (transactionId === null) return null;
  // Entries of one transaction are recorded one after the other: of two at once the second is to see the first.
  await rows(tx, `SELECT pg_advisory_xact_lock(hashtextextended('adjustments of:' || $1 || '/' || $2, 0))`, [
    clinicId,
    transactionId,
  ]);
  const since = new Date(tx.session.at.getTime() - DUPLICATE_HOURS * 3_600_000);
  const [found] = await prepared<{ id: string }>(
    tx,
    `SELECT id FROM adjustment_entry WHERE clinic_id = $1 AND transaction_id = $2 AND category = $3 AND amount = $4
       AND adjustment_date = $5 AND created_at >= $6 AND NOT is_reversal AND reversed_by_id IS NULL
       AND approval_status <> 'REJECTED' ORDER BY created_at, id LIMIT 1`,
    [clinicId, transactionId, input.category, input.amount, input.adjustmentDate, since],
  );
  return found?.id ?? null;
}

/** Records an adjustment, which policy approves by itself or holds back for a decision; answers its key. */
export async function recordAdjustment(tx: Tx, input: RecordAdjustment, isImported = false): Promise<RecordKey> {
  const { viewer, at } = tx.session;
  const clinicId = clinicOfInput(viewer, input.clinicId);
  const clinic = await clinicOf(tx, clinicId, 'ADJUSTMENTS');
  const named = references(tx, clinicId, input);
  const description = noteOf(input.description, ['input', 'description']);
  const transactionId = nameOf(input.transactionId, ['input', 'transactionId']);
  const { category, amount, adjustmentDate } = input;

  const place = named.locationId
    ? await locationOf(tx, { clinicId, id: named.locationId }, ['input', 'locationId'])
    : clinic;
  const today = todayAt(tx, place);
  const [policy, policyOfToday] = (await policiesOn(tx, [
    { clinicId, day: adjustmentDate },
    { clinicId, day: today },
  ])) as [AdjustmentPolicy, AdjustmentPolicy];
  const reason = await reasonForUse(tx, clinicId, input.reasonCode);
  const dayProblem = postingDayProblem({
    day: adjustmentDate,
    today,
    mayBackdate: viewer.scopes.includes('records:backdate'),
    maxBackdateDays: policyOfToday.maxBackdateDays,
  });
  // Months are locked before entries, everywhere, so that nobody waits crosswise; whether the month is open is asked below.
  await monthStates(tx, clinicId, [adjustmentDate]);
  const entry = named.productionEntryId && (await entryBalance(tx, clinicId, named.productionEntryId));
  const problems = [
    amountProblem(category, amount),
    kindProblem(category),
    reasonProblem(category, input.reasonCode, reason, description),
    balanceProblem({
      category,
      amount,
      // What revenue told of the entry decides; what the caller says counts where it told nothing (E-25).
      balance: entry
        ? { amount: entry.outstanding, toldBy: 'revenue' }
        : input.balance
          ? { amount: input.balance, toldBy: 'caller' }
          : null,
      allowCredit: input.allowCredit ?? false,
      smallBalanceLimit: policy.smallBalanceLimit,
    }),
    entry && entry.patientId !== named.patientId
      ? { code: 'INVALID' as const, message: 'The entry is of another patient.', path: ['productionEntryId'] }
      : null,
    category !== 'BAD_DEBT' && input.collectionEffortIds?.length
      ? { code: 'INVALID' as const, message: 'Tries to collect document bad debt.', path: ['collectionEffortIds'] }
      : null,
    category !== 'PROMOTIONAL' && input.campaignId
      ? { code: 'INVALID' as const, message: 'A campaign grants PROMOTIONAL discounts.', path: ['campaignId'] }
      : null,
    dayProblem && { code: dayProblem, message: codes[dayProblem], path: ['adjustmentDate'] },
    ...claimProblems(input, today),
  ].filter((problem) => problem !== null);
  if (problems.length > 0)
    throw new Refused(problems.map((problem) => ({ ...problem, path: ['input', ...problem.path] })));
  await requireOpenMonths(tx, clinicId, [adjustmentDate], ['input', 'adjustmentDate']);

  const effortIds =
    category === 'BAD_DEBT'
      ? await effortsOfDebt(tx, {
          clinicId,
          patientId: named.patientId,
          opaqueIds: input.collectionEffortIds ?? [],
          least: policy.minCollectionEfforts,
        })
      : [];
  const payer = nameOf(input.payer, ['input', 'payer']);
  const campaignId = input.campaignId ? await campaignOfDiscount(tx, clinicId, input.campaignId, adjustmentDate) : null;
  const contract = {
    payer: category === 'INSURANCE_WRITEOFF' ? payer : null,
    procedureCode: nameOf(input.procedureCode, ['input', 'procedureCode']),
    day: input.procedureDate ?? adjustmentDate,
  };
  const judged = await judge(tx, {
    clinicId,
    policy,
    category,
    amount,
    reasonRequiresApproval: reason?.requiresApproval ?? false,
    cumulative: { patientId: named.patientId, day: adjustmentDate },
  });
  if (reason?.version === 0) await keepStandardReasons(tx, clinicId, [reason.code]);
  const row: LedgerRow = {
    id: newId(),
    ...named,
    transactionId,
    adjustmentDate,
    originalAdjustmentDate: null,
    category,
    reason: input.reasonCode,
    description,
    amount,
    affectsNetProduction: affectsNet(policy, category),
    payer,
    procedureDate: input.procedureDate ?? null,
    claimDate: input.claimDate ?? null,
    estimatedAmount: input.estimatedAmount ?? null,
    paymentDate: input.paymentDate ?? null,
    expectedAmount: await expectedWriteOff(tx, clinicId, contract),
    campaignId,
    ...judged,
    reversesId: null,
    recoveryOfId: null,
    possibleDuplicateOfId: await likelyOriginal(tx, clinicId, input, transactionId),
    isImported,
    createdAt: at,
    createdBy: viewer.subject,
  };
  await enter(tx, clinicId, [{ row, act: { action: 'adjustment.record' } }]);
  await linkEfforts(tx, { clinicId, id: row.id }, effortIds);
  return { clinicId, id: row.id };
}

/** The refusals of one of several adjustments, each with its place among them. */
const inLine = (refused: Refused, index: number): Refusal[] =>
  refused.refusals.map(({ path, ...refusal }) => ({
    ...refusal,
    path: ['input', 'adjustments', String(index), ...(path ?? []).slice(1)],
  }));

/**
 * Records several adjustments, one after the other, so that each is judged with those before it; all or none, and
 * everything that is wrong is named. Answers their ids in the order of the input.
 */
export async function recordAdjustments(
  tx: Tx,
  input: {
    readonly clinicId: string;
    readonly adjustments: readonly AdjustmentLine[];
    readonly isImported?: boolean | null | undefined;
  },
): Promise<{ ids: string[]; refusals: [] }> {
  const { clinicId, adjustments } = input;
  if (adjustments.length > LINES_MAX)
    throw refuse('TOO_MANY_LINES', `At most ${String(LINES_MAX)} adjustments at once.`, ['input', 'adjustments']);
  // Its lines would lock the sums of many days one by one, and wait crosswise for those of others: it goes alone.
  await lockMonthsAlone(
    tx,
    clinicOfInput(tx.session.viewer, clinicId),
    adjustments.map((line) => line.adjustmentDate),
  );
  await lockEntryBalances(
    tx,
    clinicOfInput(tx.session.viewer, clinicId),
    adjustments.flatMap(({ productionEntryId }) =>
      productionEntryId ? (recordIdOf(productionEntryId)?.id ?? []) : [],
    ),
  );
  const ids: string[] = [];
  const refusals: Refusal[] = [];
  for (const [index, line] of adjustments.entries())
    try {
      ids.push((await recordAdjustment(tx, { ...line, clinicId }, input.isImported ?? false)).id);
    } catch (error) {
      // A refusal of the database or of the clinic as a whole ends the call; one of a line does not hide the others.
      if (!(error instanceof Refused)) throw error;
      refusals.push(...inLine(error, index));
    }
  if (refusals.length > 0) throw new Refused(refusals);
  return { ids, refusals: [] };
}
