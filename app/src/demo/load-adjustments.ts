import {
  APPROVAL_THRESHOLD,
  completeReview,
  importAdjustments,
  importCampaigns,
  STANDARD_REASONS,
  type ImportedAdjustment,
} from '@practice-graph/adjustments';
import type { GraphEvent } from '@practice-graph/kit';
import { APPROVED_BY, cents, inBatches, RECORDED_BY, write, type Target } from './loading';
import type { AdjustmentCategory, AdjustmentRow } from './rows.types';

const NOON = 'T12:00:00Z';

const REASONS = new Map<AdjustmentCategory, string[]>();
for (const { category, code } of STANDARD_REASONS) REASONS.set(category, [...(REASONS.get(category) ?? []), code]);

/** One of the standard reasons of a category; the same entry always gets the same one, and a reversal that of its original. */
function reasonOf(row: AdjustmentRow): string {
  if (row.category === 'PROMOTIONAL') return row.campaignId === null ? 'PRM-REFERRAL' : 'PRM-CAMPAIGN';
  const codes = REASONS.get(row.category) ?? [];
  const code = codes[Number.parseInt((row.reversesId ?? row.id).slice(-6), 16) % codes.length];
  if (code === undefined) throw new Error(`${row.category} has no standard reason`);
  return code;
}

const imported = (row: AdjustmentRow): ImportedAdjustment => {
  const amount = cents(row.amountCents);
  const at = new Date(`${row.date}${NOON}`);
  return {
    ...{ clinicId: row.clinicId, id: row.id, locationId: row.locationId, providerId: row.providerId },
    ...{ patientId: row.patientId, treatmentPlanId: row.planId, productionEntryId: row.entryId },
    ...{ adjustmentDate: row.date, category: row.category, reasonCode: reasonOf(row), description: row.description },
    ...{ amount, reversesId: row.reversesId, recoveryOfId: row.recoveryOfId, campaignId: row.campaignId },
    ...{ createdAt: at, createdBy: RECORDED_BY },
    decision: amount.abs().gte(APPROVAL_THRESHOLD) ? { by: APPROVED_BY, at } : null,
  };
};

/** Adjustments of a clinic with what belongs to them; answers the events by which revenue hears of the adjustments. */
export async function loadAdjustments(target: Target): Promise<GraphEvent[]> {
  const { clinic, campaigns, adjustments, reviews } = target.rows;
  await write(target, (tx) =>
    importCampaigns(
      tx,
      clinic.id,
      campaigns.map(({ clinicId: _, budgetCents, ...campaign }) => ({ ...campaign, budget: cents(budgetCents) })),
    ),
  );
  const events = await inBatches(target, 'adjustments', adjustments, (tx, batch) =>
    importAdjustments(tx, batch.map(imported)),
  );
  for (const { month, notes } of reviews)
    await write(target, (tx) => completeReview(tx, clinic.id, month, { reason: notes }), APPROVED_BY);
  return events.flat();
}
