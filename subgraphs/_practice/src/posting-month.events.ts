import { emit, rows, type EventHandler, type Fact, type GraphEvent, type Tx } from '@practice-graph/kit';
import { startOfMonth, type Day } from './calendar.rules';
import { eventData, factOf, type PeriodMoved } from './events';
import { lockMonthsAlone, type MonthState } from './posting-month.service';

/** What facts dated in a month are about, for those who wait until all of them have arrived. */
export const aboutMonth = (day: Day): string => `month ${day.slice(0, 7)}`;

/** A fact that counts on a day: the confirmation of its month does not overtake it. */
export const datedFact = (fact: Fact, day: Day): Fact => ({ ...fact, about: aboutMonth(day) });

/** Version and state of a month as all other domains hear of it. */
export const periodFact = (state: MonthState): Fact =>
  factOf(
    state.status === 'OPEN' ? 'period.reopened' : state.status === 'CLOSING' ? 'period.closing' : 'period.closed',
    state.month,
    { ...state },
  );

// Events come in any order and more than once; only a higher version replaces what is known (E-22).
const KEEP = `
INSERT INTO posting_month AS k (clinic_id, month, status, version) VALUES ($1, $2, $3, $4)
ON CONFLICT (clinic_id, month) DO UPDATE SET status = excluded.status, version = excluded.version
WHERE k.version < excluded.version
RETURNING version`;

/** Keeps what the owner of the periods tells of a month, alone with it; answers whether it was news. */
async function keep(tx: Tx, clinicId: string, moved: PeriodMoved): Promise<boolean> {
  await lockMonthsAlone(tx, clinicId, [moved.month]);
  return (await rows(tx, KEEP, [clinicId, startOfMonth(moved.month), moved.status, moved.version])).length > 0;
}

/**
 * What a domain that posts does with the events of the periods. When a month begins to close, the domain lets the
 * postings under way end, accepts no more, and confirms as soon as everything that it told of the month has arrived:
 * the confirmation is enqueued with the change, so that a crash in between loses neither.
 */
export function periodHandlers(domain: string): Readonly<Record<string, EventHandler>> {
  const closing = async (tx: Tx, event: GraphEvent) => {
    const moved = eventData('period.closing', event);
    if (!(await keep(tx, event.clinicId, moved))) return;
    const { month, version } = moved;
    await emit(tx, event.clinicId, {
      ...factOf('period.confirmed', `${domain}:${month}`, { month, domain, version }),
      after: aboutMonth(month),
    });
  };
  return {
    'period.closing': closing,
    'period.closed': async (tx, event) => {
      await keep(tx, event.clinicId, eventData('period.closed', event));
    },
    'period.reopened': async (tx, event) => {
      await keep(tx, event.clinicId, eventData('period.reopened', event));
    },
  };
}

/** Where a domain sends its confirmations; every domain with `periodHandlers` publishes this. */
export const PERIOD_PUBLISHES = { 'period.confirmed': ['revenue'] } as const;
