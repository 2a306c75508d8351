/** What was asked for and does not count, and how debts were chased before they were given up. */
import { DAY_MS, dateOf, dayOf, workday } from './days';
import type { Ledger } from './ledger';
import type { AdjustmentRow, EffortRow, RequestRow } from './adjustment-rows.types';
import type { EntryRow } from './rows.types';

/** Days for which a request may wait. */
const WAITING_DAYS = 45;

const KINDS = [
  ['COURTESY_DISCOUNT', 'Hardship, documents follow'],
  ['PROFESSIONAL_DISCOUNT', 'Colleague of a referring practice'],
  ['TIMING_ADJUSTMENT', 'Contract ends early'],
  ['OTHER', 'Goodwill after a complaint'],
] as const;

const TRIES = [
  ['PHONE', 'No answer'],
  ['LETTER', 'Sent, no reply'],
  ['EMAIL', 'Promised to pay'],
  ['PHONE', 'Number no longer in use'],
] as const;

/** Requests of 250 and more: the recent ones wait, the older ones were rejected. There is at least one of each. */
export function generateRequests(ledger: Ledger, entries: readonly EntryRow[]): RequestRow[] {
  const random = ledger.random.fork('requests');
  const { lastDay } = ledger.scale;
  const earned = entries.filter((entry) => entry.grossCents >= 30_000);
  const planted = new Set([earned.findLast((entry) => dayOf(entry.date) < lastDay - WAITING_DAYS), earned.at(-1)]);
  const requests: RequestRow[] = [];
  for (const entry of earned) {
    const day = dayOf(entry.date);
    const isRecent = day >= lastDay - WAITING_DAYS;
    if (!random.chance(isRecent ? 0.03 : 0.0018) && !planted.has(entry)) continue;
    const [category, description] = random.pick(KINDS);
    requests.push({
      ...{ clinicId: ledger.clinicId, id: ledger.idAt(day * DAY_MS + DAY_MS / 2) },
      ...{ locationId: entry.locationId, providerId: entry.providerId, patientId: entry.patientId },
      ...{ planId: entry.planId, entryId: entry.id, date: entry.date, category, description },
      ...{ amountCents: 100 * random.int(250, 900), reversesId: null, recoveryOfId: null, campaignId: null },
      ...{ payer: null, expectedCents: null, claim: null, status: isRecent ? 'PENDING' : 'REJECTED' },
    });
  }
  return requests;
}

/** Two to four tries before each debt was given up; the last one of every third is an agency. */
export function generateEfforts(ledger: Ledger, adjustments: readonly AdjustmentRow[]): EffortRow[] {
  const random = ledger.random.fork('efforts');
  const debts = adjustments.filter((row) => row.category === 'BAD_DEBT' && row.reversesId === null);
  return debts.flatMap((debt, at) => {
    const count = random.int(2, 4);
    return Array.from({ length: count }, (_, nth) => {
      const isAgency = at % 3 === 0 && nth === count - 1;
      const [channel, outcome] = isAgency ? (['AGENCY', 'Placed with an agency'] as const) : random.pick(TRIES);
      const day = workday(dayOf(debt.date) - 30 * (count - nth) + random.int(0, 20));
      return {
        ...{ clinicId: ledger.clinicId, id: ledger.idAt(day * DAY_MS), patientId: debt.patientId },
        ...{ debtId: debt.id, date: dateOf(day), channel, outcome },
      };
    });
  });
}
