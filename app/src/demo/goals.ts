/** Goals of the orthodontists, month by month; not every month has one, as in life. */
import { dateOf, DAY_MS, monthOf, monthsFrom, monthStart } from './days';
import type { Ledger } from './ledger';
import type { EntryRow, GoalRow } from './rows.types';

/** What is asked of a mean month, over what it brought. */
const AMBITION = 1.04;
/** Goals are set in steps of so many dollars. */
const STEP_CENTS = 50_000;
/** Part of the months for which nobody set a goal. */
const MISSING = 0.15;
/** School breaks: share of a mean month, January first. */
const SEASON = [0.95, 0.95, 1, 0.95, 1.05, 1.3, 1.25, 1.2, 0.85, 0.85, 0.8, 0.85];

const monthsOf = ({ scale }: Ledger): number[] => {
  const months: number[] = [];
  for (let first = monthStart(scale.firstDay); first <= scale.lastDay + 1; first = monthsFrom(first, 1))
    months.push(first);
  return months;
};

/**
 * Goals of net production, set a week before their month; one in seven is missing (story 13). The first doctor of a
 * clinic had a goal of zero in the second of many months, and the last full month was set anew when it was over.
 */
export function generateGoals(ledger: Ledger, entries: readonly EntryRow[]): GoalRow[] {
  const random = ledger.random.fork('goals');
  const months = monthsOf(ledger);
  const doctors = [
    ...new Set(
      ledger.of.places
        .filter((place) => place.kind !== 'HOSPITAL')
        .flatMap((place) => place.doctors.map((post) => post.provider)),
    ),
  ].sort();
  const goals: GoalRow[] = [];
  for (const [position, doctor] of doctors.entries()) {
    const providerId = ledger.provider(doctor);
    const earned = entries.reduce((sum, row) => (row.providerId === providerId ? sum + row.grossCents : sum), 0);
    if (earned === 0) continue;
    for (const [at, first] of months.entries()) {
      const wanted = (AMBITION * earned * (SEASON[monthOf(first) - 1] ?? 1)) / months.length;
      const isLate = position === 0 && at === Math.max(0, months.length - 2);
      const isZero = position === 0 && at === 1 && months.length > 3;
      if (random.chance(MISSING) && !isLate && !isZero) continue;
      const target = isZero ? 0 : Math.max(STEP_CENTS, Math.round(wanted / STEP_CENTS) * STEP_CENTS);
      const set = (day: number, targetCents: number) => ({
        targetCents,
        setAt: new Date(day * DAY_MS + 15 * 3_600_000).toISOString(),
      });
      goals.push({
        ...{
          clinicId: ledger.clinicId,
          id: random.id((first - 7) * DAY_MS),
          providerId,
          month: dateOf(first).slice(0, 7),
        },
        values: isLate
          ? [
              set(first - 7, target),
              set(Math.min(monthsFrom(first, 1) + 2, ledger.scale.lastDay), target + 2 * STEP_CENTS),
            ]
          : [set(first - 7, target)],
      });
    }
  }
  return goals;
}
