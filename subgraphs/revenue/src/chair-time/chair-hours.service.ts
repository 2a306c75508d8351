import { audit, findByKey, newId, prepared, Refused, type Refusal, type RecordKey, type Tx } from '@practice-graph/kit';
import { businessDay, NIL_UUID, postingDayProblem, requireOpenMonths, type Day } from '@practice-graph/practice';
import { Location } from '../clinics/location.entity';
import { ensureProviders } from '../clinics/provider.service';
import { filled, keyInClinic, lockName, requireWithin } from '../clinics/saving.service';
import { requireProduction } from '../production/production-lines.service';
import { refuse } from '../refusals';
import { ChairHours } from './chair-hours.entity';
import type { ChairHoursRecordInput } from './chair-hours.inputs';
import { coveredMinutes, type TimeBlock } from './time-block.rules';

/** Blocks of one chair and day. */
const BLOCKS_MAX = 200;
const BLOCK_HOURS_MAX = 25;

/** Minutes of a chair on a day. */
export interface ChairDay {
  readonly id: string;
  readonly locationId: string;
  readonly chairId: string;
  readonly businessDate: Day;
  readonly providerId: string | null;
  readonly availableMinutes: number;
  readonly usedMinutes: number;
}

// What a record replaces is taken back from the slices of the provider it named, in the same statement.
const SAVE = `
WITH input AS (
  SELECT $1::uuid AS clinic_id, i.* FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::date[], $6::uuid[], $7::int[], $8::int[])
         AS i (id, location_id, chair_id, business_date, provider_id, available_minutes, used_minutes)
), before AS (
  SELECT c.* FROM input i JOIN chair_hours c USING (clinic_id, location_id, chair_id, business_date)
), saved AS (
  INSERT INTO chair_hours AS c (clinic_id, id, location_id, chair_id, business_date, provider_id, available_minutes, used_minutes, created_at, created_by)
  SELECT clinic_id, id, location_id, chair_id, business_date, provider_id, available_minutes, used_minutes, $9, $10 FROM input
  ORDER BY location_id, chair_id, business_date
  ON CONFLICT (clinic_id, location_id, chair_id, business_date) DO UPDATE SET provider_id = excluded.provider_id,
    available_minutes = excluded.available_minutes, used_minutes = excluded.used_minutes,
    created_at = excluded.created_at, created_by = excluded.created_by
  RETURNING c.id
), fact AS (
  SELECT clinic_id, location_id, provider_id, business_date AS day, available_minutes, used_minutes FROM input
  UNION ALL
  SELECT clinic_id, location_id, provider_id, business_date, -available_minutes, -used_minutes FROM before
), slices AS (
  INSERT INTO chair_slice AS s (clinic_id, dim, location_id, provider_id, grain, period, slot, available_minutes, used_minutes)
  SELECT clinic_id, CASE grouping(location_id, provider_id) WHEN 3 THEN 'T' WHEN 1 THEN 'L' WHEN 2 THEN 'P' ELSE 'LP' END,
    coalesce(location_id, '${NIL_UUID}'), coalesce(provider_id, '${NIL_UUID}'), grain, period, 0, sum(available_minutes), sum(used_minutes)
  FROM (SELECT f.*, grain, CASE grain WHEN 'D' THEN day ELSE date_trunc('month', day)::date END AS period
        FROM fact f CROSS JOIN (VALUES ('D'), ('M')) AS g (grain)) x
  GROUP BY clinic_id, grain, period, GROUPING SETS ((), (location_id), (provider_id), (location_id, provider_id))
  ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (clinic_id, dim, location_id, provider_id, grain, period, slot) DO UPDATE SET
    available_minutes = s.available_minutes + excluded.available_minutes, used_minutes = s.used_minutes + excluded.used_minutes
)
SELECT id FROM saved`;

/** Keeps the minutes of chairs of one clinic, each in place of what was known of its day; answers the ids of the records. */
async function saveChairDays(tx: Tx, clinicId: string, days: readonly ChairDay[]): Promise<string[]> {
  const saved = await prepared<{ id: string }>(tx, SAVE, [
    clinicId,
    days.map((day) => day.id),
    days.map((day) => day.locationId),
    days.map((day) => day.chairId),
    days.map((day) => day.businessDate),
    days.map((day) => day.providerId),
    days.map((day) => day.availableMinutes),
    days.map((day) => day.usedMinutes),
    tx.session.at,
    tx.session.viewer.subject,
  ]);
  return saved.map(({ id }) => id);
}

/** Everything that is wrong with blocks, at once: they end after they begin, and begin on the business day. */
function blockProblems(member: string, blocks: readonly TimeBlock[], day: Day, timeZone: string): Refusal[] {
  const path = (...rest: string[]) => ['input', member, ...rest];
  if (blocks.length > BLOCKS_MAX)
    return [{ code: 'INVALID', message: `A day has at most ${String(BLOCKS_MAX)} blocks.`, path: path() }];
  return blocks.flatMap(({ startsAt, endsAt }, n): Refusal[] => {
    if (endsAt <= startsAt)
      return [{ code: 'BAD_RANGE', message: 'A block ends after it begins.', path: path(String(n), 'endsAt') }];
    if (endsAt.getTime() - startsAt.getTime() > BLOCK_HOURS_MAX * 3_600_000)
      return [{ code: 'INVALID', message: 'A block is not longer than a day.', path: path(String(n), 'endsAt') }];
    if (businessDay(startsAt, timeZone) !== day)
      return [
        {
          code: 'INVALID',
          message: `The block does not begin on ${day} at the location.`,
          path: path(String(n), 'startsAt'),
        },
      ];
    return [];
  });
}

/** Records the time of a chair on a day, in place of what was recorded before (REV-07, REV-76, REV-77). */
export async function recordChairHours(tx: Tx, key: RecordKey, input: ChairHoursRecordInput): Promise<{ id: string }> {
  const { clinicId } = key;
  await requireProduction(tx, clinicId);
  requireWithin(tx, 'locations', key.id, ['input', 'locationId']);
  const location = await findByKey(tx, Location, key);
  if (!location)
    throw refuse('NOT_FOUND', 'The location does not exist or is outside your reach.', ['input', 'locationId']);
  const providerId =
    input.providerId == null ? null : keyInClinic(clinicId, input.providerId, ['input', 'providerId']).id;
  requireWithin(tx, 'providers', providerId, ['input', 'providerId']);
  const chairId = filled(input.chairId, 'chairId');
  const { businessDate, availableBlocks, usedBlocks } = input;
  const problem = postingDayProblem({
    day: businessDate,
    today: businessDay(tx.session.at, location.timeZone),
    mayBackdate: tx.session.viewer.scopes.includes('records:backdate'),
  });
  if (problem)
    throw refuse(
      problem,
      problem === 'FUTURE_DATE'
        ? `${businessDate} lies in the future at the location.`
        : `${businessDate} lies too far back; records:backdate lifts the limit.`,
      ['input', 'businessDate'],
    );
  const wrong = [
    ...blockProblems('availableBlocks', availableBlocks, businessDate, location.timeZone),
    ...blockProblems('usedBlocks', usedBlocks, businessDate, location.timeZone),
  ];
  if (wrong.length > 0) throw new Refused(wrong);
  await requireOpenMonths(tx, clinicId, [businessDate], ['input', 'businessDate']);
  if (providerId !== null) await ensureProviders(tx, clinicId, [providerId]);
  await lockName(tx, clinicId, `chair:${key.id}:${chairId}:${businessDate}`);
  const replaced = await tx.findOneBy(ChairHours, { clinicId, locationId: key.id, chairId, businessDate });
  if (replaced) requireWithin(tx, 'providers', replaced.providerId, ['input', 'chairId']);
  const [id] = await saveChairDays(tx, clinicId, [
    {
      ...{ id: newId(), locationId: key.id, chairId, businessDate, providerId },
      ...{ availableMinutes: coveredMinutes(availableBlocks), usedMinutes: coveredMinutes(usedBlocks) },
    },
  ]);
  if (id === undefined) throw new Error('the time of a chair was recorded and is not there');
  await audit(tx, clinicId, { action: 'chairHours.record', entityType: 'ChairHours', entityId: id });
  return { id };
}

/** Imports the minutes of chairs of one clinic; each chair has a day at most once in a batch. Answers how many. */
export async function importChairHours(tx: Tx, clinicId: string, days: readonly ChairDay[]): Promise<number> {
  await saveChairDays(tx, clinicId, days);
  await audit(tx, clinicId, { action: 'chairHours.import', entityType: 'ChairHours', rowCount: days.length });
  return days.length;
}
