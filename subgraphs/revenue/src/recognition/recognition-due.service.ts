import { audit, findByKey, rows, type Tx } from '@practice-graph/kit';
import { businessDay, type Day } from '@practice-graph/practice';
import { Location } from '../clinics/location.entity';
import { TreatmentPlan } from '../treatment-plans/treatment-plan.entity';
import { dayForPart, recognizeParts, waitingParts, type EarningCase } from './recognition-schedule.service';

/** Cases looked at with one statement. */
const CASES_MAX = 50;

// A day ahead of the clinic's own, because places may lie east of it; each case is decided in its own zone.
const DUE = `
SELECT p.plan_id FROM recognition_part p JOIN treatment_plan t ON t.clinic_id = p.clinic_id AND t.id = p.plan_id
WHERE p.clinic_id = $1 AND p.status = 'SCHEDULED' AND p.kind = 'MONTH' AND p.due_on <= $2::date AND t.status = 'ACTIVE'
  AND ($3::uuid IS NULL OR p.plan_id > $3::uuid)
GROUP BY p.plan_id ORDER BY p.plan_id LIMIT ${String(CASES_MAX)}`;

/** Recognises what is due of some cases; answers where to go on, or null when all were looked at. */
async function recognizeSome(tx: Tx, clinicId: string, after: string | null): Promise<string | null> {
  const horizon: Day = businessDay(new Date(tx.session.at.getTime() + 24 * 3_600_000), 'UTC');
  const due = await rows<{ plan_id: string }>(tx, DUE, [clinicId, horizon, after]);
  let recognized = 0;
  for (const { plan_id } of due) {
    const plan = await findByKey(tx, TreatmentPlan, { clinicId, id: plan_id }, { lock: 'UPDATE' });
    if (plan?.status !== 'ACTIVE' || plan.locationId === null || plan.providerId === null) continue;
    const location = await findByKey(tx, Location, { clinicId, id: plan.locationId });
    if (!location) continue;
    const today = businessDay(tx.session.at, location.timeZone);
    const earning = plan as EarningCase;
    const parts = [];
    for (const part of await waitingParts(tx, plan)) {
      if (part.kind !== 'MONTH' || part.dueOn > today) continue;
      const day = await dayForPart(tx, earning, part.dueOn, today);
      if (day !== null) parts.push({ part, day, status: 'RECOGNIZED' as const });
    }
    await recognizeParts(tx, earning, location, parts);
    recognized += parts.length;
  }
  if (recognized > 0)
    await audit(tx, clinicId, { action: 'recognition.post', entityType: 'TreatmentPlan', rowCount: recognized });
  return due.length === CASES_MAX ? (due.at(-1)?.plan_id ?? null) : null;
}

/**
 * Recognises the monthly parts of a clinic that are due, each once, on its day or the first one after it that takes
 * entries; what cannot be placed today waits. Running it twice, or at several places, changes nothing.
 */
export async function recognizeDue(tx: Tx, clinicId: string): Promise<void> {
  let after: string | null = null;
  do after = await recognizeSome(tx, clinicId, after);
  while (after !== null);
}
