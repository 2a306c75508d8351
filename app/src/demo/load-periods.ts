import type { GraphEvent } from '@practice-graph/kit';
import { addDays, addMonths, endOfMonth, startOfMonth, type Day } from '@practice-graph/practice';
import { importPeriods, type ImportedPeriod } from '@practice-graph/revenue';
import { APPROVED_BY, write, type Target } from './loading';
import type { ClinicRows } from './rows.types';

/** Days after its end on which a month of the demonstration was closed, and after which one is closed at all. */
const CLOSED_AFTER_DAYS = 7;
const LEFT_OPEN_DAYS = 45;
/** The books reach back this far at least, also where nothing is in them. */
const BOOKS_MONTHS = 12;

/** The months that are closed on the anchor day: all that ended long enough before. Those of earlier years are locked. */
export function closedMonths({ entries }: Pick<ClinicRows, 'entries'>, anchor: Day): ImportedPeriod[] {
  const first = entries.reduce((least, { date }) => (date < least ? date : least), addMonths(anchor, -BOOKS_MONTHS));
  const months: ImportedPeriod[] = [];
  for (
    let month = startOfMonth(first);
    addDays(endOfMonth(month), LEFT_OPEN_DAYS) <= anchor;
    month = addMonths(month, 1)
  ) {
    const closedAt = new Date(`${addDays(endOfMonth(month), CLOSED_AFTER_DAYS)}T15:00:00Z`);
    const lockedAt = month.slice(0, 4) < anchor.slice(0, 4) ? new Date(`${month.slice(0, 4)}-12-31T15:00:00Z`) : null;
    months.push({
      month,
      closedAt,
      closedBy: APPROVED_BY,
      lockedAt: lockedAt && (lockedAt < closedAt ? closedAt : lockedAt),
    });
  }
  return months;
}

/** Closes the older months of a clinic, when everything of them is there; answers the events by which the others hear of it. */
export const loadPeriods = (target: Target, anchor: Day): Promise<GraphEvent[]> =>
  write(target, (tx) => importPeriods(tx, target.rows.clinic.id, closedMonths(target.rows, anchor)));
