import { batchLoader, Decimal, Refused, type Context, type RecordKey } from '@practice-graph/kit';
import { scopeOfRecord, type Day, type DayRange } from '@practice-graph/practice';
import { calendarOf } from '../clinics/calendar.loader';
import { locationsOfClinic, providerLoader } from '../clinics/directory.loader';
import { pairsTogether } from '../performance/performance-grid.service';
import { loadProduction } from '../production/production.loader';
import {
  commonDays,
  daysOfMonth,
  goalProgress,
  proratedTarget,
  touchedMonths,
  type GoalPart,
  type GoalProgressValue,
} from './goal-progress.rules';
import { firstAndLastDays, goalsOf, versionsOf } from './goal-reading.service';
import type { GoalMetric } from './goal.types';
import type { ProviderGoal } from './provider-goal.entity';
import { workingDays, type OpenDays } from './working-days.rules';

const EVER = { from: '1900-01-01', to: '2199-12-31' };
const text = (key: RecordKey) => `${key.clinicId}/${key.id}`;

/** Places of each person of a clinic: those of running cases and of anything that was earned. */
const placesOfPeople = batchLoader<string, ReadonlyMap<string, ReadonlySet<string>>>(
  (tx, clinicIds) =>
    Promise.all(
      clinicIds.map(async (clinicId) => {
        const places = new Map<string, Set<string>>();
        for (const { providerId, locationId } of await pairsTogether(tx, clinicId))
          places.set(providerId, (places.get(providerId) ?? new Set()).add(locationId));
        return places;
      }),
    ),
  (clinicId) => clinicId,
);

/** First and last day on which a provider earned anything. */
const workedDays = batchLoader<RecordKey, { first: Day; last: Day } | null>(firstAndLastDays, text);

/** Every value that a goal had, newest first. */
export const versionsOfGoal = batchLoader(versionsOf, text);

/** What a set of goals is asked for by. */
export interface GoalQuestion {
  readonly clinicId: string;
  readonly months: readonly string[];
  readonly metric: GoalMetric | null;
  readonly providerIds: readonly string[] | null;
  /** Goals as they stood at this instant; null for now. */
  readonly before: Date | null;
}

/** Goals of a clinic's months; equal questions are asked once. */
export const goalsOfMonths = batchLoader<GoalQuestion, ProviderGoal[]>(
  (tx, questions) => Promise.all(questions.map((of) => goalsOf(tx, of, of.before))),
  (of) => JSON.stringify(of),
);

/** When the places are open at which somebody works; without any, those of the clinic that are active. */
async function openDaysOf(context: Context, { clinicId, id }: RecordKey): Promise<readonly OpenDays[]> {
  const [places, people] = await Promise.all([
    context.of(locationsOfClinic).load(clinicId),
    context.of(placesOfPeople).load(clinicId),
  ]);
  const own = people.get(id);
  const worked = places.filter((place) => own?.has(place.id));
  return worked.length > 0 ? worked : places.filter((place) => place.active);
}

/** What a provider reached in a range, as the viewer may see it. */
async function reached(
  context: Context,
  provider: RecordKey,
  metric: GoalMetric,
  range: DayRange | null,
): Promise<Decimal> {
  if (!range) return new Decimal(0);
  const { clinicId, id } = provider;
  const measures = await loadProduction(context, scopeOfRecord(context.viewer, { clinicId, providerId: id }, range));
  if (!measures)
    throw new Refused({
      code: 'FORBIDDEN',
      message: 'Fewer patients than the privacy limit stand behind this.',
      path: null,
    });
  return metric === 'STARTS' ? new Decimal(measures.starts) : metric === 'GROSS' ? measures.gross : measures.net;
}

const today = async (context: Context, clinicId: string): Promise<Day> => (await calendarOf(context, clinicId)).today;

async function partOf(context: Context, goal: ProviderGoal, target: Decimal, span: DayRange): Promise<GoalPart> {
  const provider = { clinicId: goal.clinicId, id: goal.providerId };
  const past = commonDays(span, { from: EVER.from, to: await today(context, goal.clinicId) });
  const [actual, places] = await Promise.all([
    reached(context, provider, goal.metric, past),
    openDaysOf(context, provider),
  ]);
  return { target, actual, days: workingDays(span, places), to: span.to };
}

/** Part of a goal that falls into a range: all of it, or by its working days. */
async function partIn(context: Context, goal: ProviderGoal, range: DayRange): Promise<GoalPart | null> {
  const month = daysOfMonth(goal.month);
  const span = commonDays(month, range);
  if (!span) return null;
  const places = await openDaysOf(context, { clinicId: goal.clinicId, id: goal.providerId });
  const whole = { days: workingDays(month, places), range: month };
  const target = proratedTarget(goal.target, { days: workingDays(span, places), range: span }, whole);
  return partOf(context, goal, target, span);
}

/** Progress of a month's goal; scaled to the days between joining and leaving where that was in the month. */
export async function progressOfGoal(
  context: Context,
  goal: ProviderGoal,
  prorate: boolean,
): Promise<GoalProgressValue> {
  const month = daysOfMonth(goal.month);
  const key = { clinicId: goal.clinicId, id: goal.providerId };
  if (!prorate)
    return goalProgress([await partOf(context, goal, goal.target, month)], await today(context, goal.clinicId));
  const [worked, provider] = await Promise.all([
    context.of(workedDays).load(key),
    context.of(providerLoader).load(key),
  ]);
  const there = worked ? { from: worked.first, to: provider?.active === false ? worked.last : EVER.to } : EVER;
  const part = await partIn(context, goal, there);
  return goalProgress(part ? [part] : [], await today(context, goal.clinicId));
}

/** Progress over the months of a year that have a goal. */
export async function progressOfGoals(
  context: Context,
  clinicId: string,
  goals: readonly ProviderGoal[],
): Promise<GoalProgressValue> {
  const parts = await Promise.all(goals.map((goal) => partOf(context, goal, goal.target, daysOfMonth(goal.month))));
  return goalProgress(parts, await today(context, clinicId));
}

/**
 * Progress over the goals that a range touches, null without any. Ranges of whole months, also of one to date, take
 * whole goals; any other takes the part of its working days.
 */
export async function progressInRange(
  context: Context,
  of: { readonly clinicId: string; readonly range: DayRange; readonly isOfMonths: boolean },
  goals: readonly ProviderGoal[],
): Promise<GoalProgressValue | null> {
  const touched = touchedMonths(of.range);
  const wanted = goals.filter((goal) => touched.includes(goal.month));
  const parts = await Promise.all(
    wanted.map((goal) =>
      of.isOfMonths ? partOf(context, goal, goal.target, daysOfMonth(goal.month)) : partIn(context, goal, of.range),
    ),
  );
  const found = parts.filter((part) => part !== null);
  return found.length > 0 ? goalProgress(found, await today(context, of.clinicId)) : null;
}
