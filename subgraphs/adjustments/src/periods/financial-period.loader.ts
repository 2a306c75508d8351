import { batchLoader, prepared } from '@practice-graph/kit';
import {
  addMonths,
  clinicCopies,
  endOfMonth,
  scopeText,
  startOfMonth,
  todayAt,
  type SliceScope,
} from '@practice-graph/practice';

/**
 * Months of periods that have ended and that nobody signed off so far; one statement for all of a fetch. A review that
 * has become stale is one all the same. Null while the clinic is not known here.
 */
export const missingReviews = batchLoader<SliceScope, number | null>(async (tx, scopes, context) => {
  const [clinics, reviewed] = await Promise.all([
    Promise.all(scopes.map(({ clinicId }) => context.of(clinicCopies).load(clinicId))),
    prepared<{ clinic_id: string; month: string }>(
      tx,
      `SELECT DISTINCT r.clinic_id, r.month FROM unnest($1::uuid[], $2::date[], $3::date[]) AS k (clinic_id, first, last)
       JOIN adjustment_review r ON r.clinic_id = k.clinic_id AND r.month BETWEEN k.first AND k.last`,
      [scopes.map(({ clinicId }) => clinicId), scopes.map(({ from }) => from), scopes.map(({ to }) => to)],
    ),
  ]);
  const signed = new Set(reviewed.map(({ clinic_id, month }) => clinic_id + month));
  return scopes.map(({ clinicId, from, to }, index) => {
    const clinic = clinics[index];
    if (!clinic) return null;
    const today = todayAt(tx, clinic);
    let missing = 0;
    for (
      let first = startOfMonth(from);
      endOfMonth(first) <= to && endOfMonth(first) < today;
      first = addMonths(first, 1)
    )
      if (!signed.has(clinicId + first)) missing++;
    return missing;
  });
}, scopeText);
