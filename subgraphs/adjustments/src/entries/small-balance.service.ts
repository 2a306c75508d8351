import { newId, reachable, Refused, type Decimal, type Refusal, type Tx } from '@practice-graph/kit';
import { clinicOf, isWithin, postingDayProblem, requireOpenMonths, todayAt, type Day } from '@practice-graph/practice';
import { affectsNet } from '../policy/adjustment-policy.rules';
import type { AdjustmentPolicy } from '../policy/adjustment-policy.entity';
import { policiesOn } from '../policy/adjustment-policy.service';
import { keepStandardReasons, reasonForUse } from '../reason-codes/reason-code.service';
import { codes, refuse } from '../refusals';
import type { PartDone } from './adjustment-decision.service';
import { enter, judge } from './adjustment-entering.service';
import { balanceProblem, reasonProblem } from './adjustment.rules';
import type { LedgerRow } from './ledger.service';

const BATCH_MAX = 200;

export interface SweepBalances {
  readonly adjustmentDate: Day;
  readonly reasonCode: string;
  readonly balances: readonly {
    readonly patientId: string;
    readonly invoiceId?: string | null | undefined;
    readonly balance: Decimal;
  }[];
}

interface Sweep {
  readonly rows: readonly LedgerRow[];
  readonly refusals: readonly Refusal[];
  /** Standard reason that is not stored so far; null when there is nothing to store. */
  readonly unstoredReason: string | null;
}

/**
 * What a sweep of small balances would write, and which balances it leaves (ADJ-73): each within the limit, exactly to
 * zero, a credit by a negative amount.
 */
export async function planSweep(tx: Tx, clinicId: string, input: SweepBalances): Promise<Sweep> {
  const { viewer, at } = tx.session;
  const { adjustmentDate, reasonCode, balances } = input;
  const clinic = await clinicOf(tx, clinicId, 'ADJUSTMENTS');
  if (!isWithin(viewer, 'locations', null) || !isWithin(viewer, 'providers', null))
    throw refuse('NOT_FOUND', codes.NOT_FOUND, ['input', 'clinicId']);
  if (balances.length === 0 || balances.length > BATCH_MAX)
    throw refuse('INVALID', `One sweep takes 1 to ${String(BATCH_MAX)} balances.`, ['input', 'balances']);
  const today = todayAt(tx, clinic);
  const [policy, policyOfToday] = (await policiesOn(tx, [
    { clinicId, day: adjustmentDate },
    { clinicId, day: today },
  ])) as [AdjustmentPolicy, AdjustmentPolicy];
  const reason = await reasonForUse(tx, clinicId, reasonCode);
  const dayProblem = postingDayProblem({
    day: adjustmentDate,
    today,
    mayBackdate: viewer.scopes.includes('records:backdate'),
    maxBackdateDays: policyOfToday.maxBackdateDays,
  });
  const problems = [
    reasonProblem('SMALL_BALANCE', reasonCode, reason, null),
    dayProblem && { code: dayProblem, message: codes[dayProblem], path: ['adjustmentDate'] },
  ].filter((problem) => problem !== null);
  if (problems.length > 0)
    throw new Refused(problems.map((problem) => ({ ...problem, path: ['input', ...problem.path] })));
  await requireOpenMonths(tx, clinicId, [adjustmentDate], ['input', 'adjustmentDate']);

  const refusals: Refusal[] = [];
  const listed = new Set<string>();
  const fit = balances.flatMap(({ patientId, invoiceId, balance }, position) => {
    const no = (code: Refusal['code'], message: string, member: string) => {
      refusals.push({ code, message, path: ['input', 'balances', String(position), member] });
      return [];
    };
    const patient = reachable(viewer, patientId);
    if (patient?.clinicId !== clinicId) return no('NOT_FOUND', codes.NOT_FOUND, 'patientId');
    const invoice = invoiceId === null || invoiceId === undefined ? null : reachable(viewer, invoiceId);
    if (invoice !== null && invoice?.clinicId !== clinicId) return no('NOT_FOUND', codes.NOT_FOUND, 'invoiceId');
    const account = `${patient.id}/${invoice?.id ?? ''}`;
    if (listed.has(account)) return no('INVALID', 'The balance is listed twice.', 'patientId');
    listed.add(account);
    if (balance.isZero()) return no('BAD_AMOUNT', 'There is nothing to write off.', 'balance');
    const problem = balanceProblem({
      category: 'SMALL_BALANCE',
      amount: balance,
      balance: { amount: balance, toldBy: 'caller' },
      allowCredit: true,
      smallBalanceLimit: policy.smallBalanceLimit,
    });
    if (problem) return no(problem.code, problem.message, 'balance');
    return [{ position, patientId: patient.id, invoiceId: invoice?.id ?? null, amount: balance }];
  });

  // Patients are locked in the order of their id, so that two sweeps never wait for each other crosswise.
  const judged = new Map<number, LedgerRow>();
  const before = new Map<string, Decimal>();
  for (const { position, patientId, invoiceId, amount } of [...fit].sort((a, b) =>
    a.patientId < b.patientId ? -1 : 1,
  )) {
    const beside = before.get(patientId);
    const verdict = await judge(tx, {
      clinicId,
      policy,
      category: 'SMALL_BALANCE',
      amount,
      reasonRequiresApproval: reason?.requiresApproval ?? false,
      cumulative: { patientId, day: adjustmentDate, ...(beside ? { beside } : {}) },
    });
    before.set(patientId, beside ? beside.plus(amount.abs()) : amount.abs());
    judged.set(position, {
      id: newId(),
      locationId: null,
      patientId,
      providerId: null,
      treatmentPlanId: null,
      productionEntryId: null,
      invoiceId,
      transactionId: null,
      adjustmentDate,
      originalAdjustmentDate: null,
      category: 'SMALL_BALANCE',
      reason: reasonCode,
      description: null,
      amount,
      affectsNetProduction: affectsNet(policy, 'SMALL_BALANCE'),
      payer: null,
      procedureDate: null,
      claimDate: null,
      estimatedAmount: null,
      paymentDate: null,
      expectedAmount: null,
      campaignId: null,
      ...verdict,
      reversesId: null,
      recoveryOfId: null,
      possibleDuplicateOfId: null,
      isImported: false,
      createdAt: at,
      createdBy: viewer.subject,
    });
  }
  return {
    rows: fit.map(({ position }) => judged.get(position) as LedgerRow),
    refusals,
    unstoredReason: reason?.version === 0 ? reason.code : null,
  };
}

/** Writes off the balances of a sweep that may be; refuses when none may. */
export async function sweepBalances(tx: Tx, clinicId: string, input: SweepBalances): Promise<PartDone> {
  const { rows, refusals, unstoredReason } = await planSweep(tx, clinicId, input);
  if (rows.length === 0) throw new Refused(refusals);
  if (unstoredReason !== null) await keepStandardReasons(tx, clinicId, [unstoredReason]);
  await enter(
    tx,
    clinicId,
    rows.map((row) => ({ row, act: { action: 'adjustment.sweep' } })),
  );
  return { ids: rows.map(({ id }) => id), refusals };
}
