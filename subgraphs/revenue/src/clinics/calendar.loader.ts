import type { Context } from '@practice-graph/kit';
import {
  businessDay,
  periodOf,
  type CalendarOfClinic,
  type PeriodChoice,
  type ResolvedPeriod,
} from '@practice-graph/practice';
import { clinicLoader } from './directory.loader';

/** Today and the fiscal year of a clinic, in its own zone or in that of one of its places (E-13). */
export async function calendarOf(context: Context, clinicId: string, timeZone?: string): Promise<CalendarOfClinic> {
  const clinic = await context.of(clinicLoader).load({ clinicId, id: clinicId });
  if (!clinic) throw new Error('the calendar of a clinic outside reach was asked for');
  return {
    today: businessDay(context.now, timeZone ?? clinic.timeZone),
    fiscalYearStartMonth: clinic.fiscalYearStartMonth,
  };
}

/** The days of a period argument at a clinic or one of its places. */
export const periodAt = async (
  context: Context,
  place: { clinicId: string; timeZone?: string },
  period: PeriodChoice,
): Promise<ResolvedPeriod> => periodOf(period, await calendarOf(context, place.clinicId, place.timeZone));
