import type { Context } from '@practice-graph/kit';
import {
  calendarAt,
  clinicCopies,
  locationCopies,
  periodOf,
  type PeriodChoice,
  type ResolvedPeriod,
} from '@practice-graph/practice';

/**
 * Days of a period in the zone of a clinic, or of one location for the location's own fields (E-13). Null when the clinic
 * is not known here yet.
 */
export async function periodAt(
  context: Context,
  place: { clinicId: string; locationId?: string },
  period: PeriodChoice,
): Promise<ResolvedPeriod | null> {
  const { clinicId, locationId } = place;
  const [clinic, location] = await Promise.all([
    context.of(clinicCopies).load(clinicId),
    locationId === undefined ? null : context.of(locationCopies).load({ clinicId, id: locationId }),
  ]);
  return clinic && periodOf(period, calendarAt(context.now, clinic, location));
}
