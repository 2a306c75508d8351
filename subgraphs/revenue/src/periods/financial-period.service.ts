import {
  audit,
  emit,
  expectVersion,
  findByKey,
  prepared,
  Refused,
  rows,
  type EventHandler,
  type Refusal,
  type Tx,
} from '@practice-graph/kit';
import { eventData, lockMonthsAlone, periodFact, type MonthState } from '@practice-graph/practice';
import { Clinic } from '../clinics/clinic.entity';
import { codes, refuse } from '../refusals';
import { keepTotals, keptMonths, unconfirmed } from './financial-month.service';
import {
  monthsMoved,
  monthsOfPeriod,
  neededDomains,
  periodOfRowId,
  periodRowId,
  periodState,
  stateAfter,
  type PeriodSpan,
  type PeriodStep,
} from './financial-period.rules';

export interface StepOfPeriod {
  readonly expectedVersion?: number | null | undefined;
  readonly reason?: string | null | undefined;
}

// What each state keeps: the closing whose confirmations it needs, the closed month its totals, from which it never
// differs again, and a reopened month why.
const MOVE = `
INSERT INTO posting_month AS m (clinic_id, month, status, version, needed_domains, closed_at, closed_by, closed_totals, locked_at, reopened_at, reopen_reason)
SELECT $1::uuid, month, $3::text, 2, CASE WHEN $3 = 'CLOSING' THEN $4::text[] ELSE '{}' END, NULL, NULL, NULL, NULL, NULL, NULL
FROM unnest($2::date[]) AS month ORDER BY month
ON CONFLICT (clinic_id, month) DO UPDATE SET status = excluded.status, version = m.version + 1,
  needed_domains = CASE WHEN $3 = 'OPEN' THEN '{}' WHEN $3 = 'CLOSING' THEN excluded.needed_domains ELSE m.needed_domains END,
  closed_at = CASE $3 WHEN 'CLOSED' THEN $5::timestamptz WHEN 'LOCKED' THEN m.closed_at END,
  closed_by = CASE $3 WHEN 'CLOSED' THEN $6::text WHEN 'LOCKED' THEN m.closed_by END,
  closed_totals = CASE $3 WHEN 'LOCKED' THEN m.closed_totals END,
  locked_at = CASE $3 WHEN 'LOCKED' THEN $5::timestamptz END,
  reopened_at = CASE $3 WHEN 'OPEN' THEN $5::timestamptz ELSE m.reopened_at END,
  reopen_reason = CASE $3 WHEN 'OPEN' THEN $7::text ELSE m.reopen_reason END
RETURNING month, status, version`;

/** Everything for which a period may not be closed yet, at once. */
async function requireReady(tx: Tx, clinicId: string, span: PeriodSpan): Promise<void> {
  const [sheets, months] = await Promise.all([
    prepared<{ n: number }>(
      tx,
      `SELECT count(*)::int AS n FROM day_sheet WHERE clinic_id = $1 AND status = 'OPEN' AND business_date BETWEEN $2::date AND $3::date`,
      [clinicId, span.from, span.to],
    ),
    keptMonths(tx, [{ clinicId, from: span.from, to: span.to }]),
  ]);
  const open = sheets[0]?.n ?? 0;
  const missing = [...new Set(months.flatMap(unconfirmed))].sort();
  const no = (code: 'OPEN_DAY_SHEETS' | 'PERIOD_UNCONFIRMED', what: string): Refusal => ({
    code,
    message: `${codes[code]} ${what}`,
    path: ['id'],
  });
  const refusals = [
    ...(open > 0 ? [no('OPEN_DAY_SHEETS', `There are ${String(open)}.`)] : []),
    ...(missing.length > 0 ? [no('PERIOD_UNCONFIRMED', `Not confirmed so far: ${missing.join(', ')}.`)] : []),
  ];
  if (refusals.length > 0) throw new Refused(refusals);
}

/**
 * Moves a period on by one step (G-11): all of its months that the step concerns, each with its event and its line in
 * the trail. While the months are locked alone, no posting of this domain is under way in them; the others hear of it.
 */
export async function stepPeriod(
  tx: Tx,
  key: { readonly clinicId: string; readonly id: string },
  step: PeriodStep,
  input: StepOfPeriod,
): Promise<{ id: string }> {
  const { clinicId, id } = key;
  const clinic = await findByKey(tx, Clinic, { clinicId, id: clinicId });
  const span = clinic && periodOfRowId(id, clinic.fiscalYearStartMonth);
  if (!span) throw refuse('NOT_FOUND', 'The period does not exist or is outside your reach.', ['id']);
  const reason = input.reason?.trim() || null;
  if (step === 'reopen' && reason === null)
    throw refuse('REASON_REQUIRED', 'Say why it is reopened.', ['input', 'reason']);
  const months = await lockMonthsAlone(tx, clinicId, monthsOfPeriod(span));
  expectVersion(
    months.reduce((sum, month) => sum + month.version, 0),
    input.expectedVersion,
  );
  const states = months.map((month) => month.status);
  const moved = monthsMoved(step, states);
  if (!moved)
    throw refuse(
      'ILLEGAL_STATE_CHANGE',
      step === 'reopen' && states.includes('LOCKED') && periodState(states) !== 'LOCKED'
        ? 'A month of the period is locked, which is final; reopen the other months one by one.'
        : `The period is ${periodState(states)}; this step is not possible.`,
      ['id'],
    );
  if (step === 'close') await requireReady(tx, clinicId, span);
  const before = months.filter((_, index) => moved[index]);
  await moveMonths(tx, clinicId, before, step, { reason, needed: neededDomains(clinic.capabilities) });
  return { id };
}

/** Writes the new state of months that the caller has locked alone, and tells of it. */
async function moveMonths(
  tx: Tx,
  clinicId: string,
  before: readonly MonthState[],
  step: PeriodStep,
  of: { readonly reason: string | null; readonly needed: readonly string[] },
): Promise<void> {
  const { at, viewer } = tx.session;
  const to = stateAfter(step);
  const months = before.map(({ month }) => month);
  const after = await rows<MonthState>(tx, MOVE, [clinicId, months, to, of.needed, at, viewer.subject, of.reason]);
  if (to === 'CLOSED') await keepTotals(tx, clinicId, months);
  await audit(
    tx,
    clinicId,
    before.map(({ month, status }) => ({
      action: `financialPeriod.${step}`,
      entityType: 'FinancialPeriod',
      entityId: periodRowId({ type: 'MONTH', from: month }),
      fromState: status,
      toState: to,
      note: of.reason,
    })),
  );
  await emit(tx, clinicId, after.map(periodFact));
}

/** A domain has stopped posting into a month and has told everything of it. */
export const applyPeriodConfirmed: EventHandler = async (tx, event) => {
  const { month, version, domain } = eventData('period.confirmed', event);
  await rows(
    tx,
    `INSERT INTO period_confirmation (clinic_id, month, version, domain, confirmed_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (clinic_id, month, version, domain) DO NOTHING`,
    [event.clinicId, month, version, domain, tx.session.at],
  );
};

/** Sends the state of every month that was ever moved again, under the same event ids. */
export async function resendPeriods(tx: Tx, clinicId: string): Promise<void> {
  const months = await rows<MonthState>(
    tx,
    'SELECT month, status, version FROM posting_month WHERE clinic_id = $1 ORDER BY month',
    [clinicId],
  );
  await emit(tx, clinicId, months.map(periodFact));
}
