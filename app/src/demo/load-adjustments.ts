import {
  APPROVAL_THRESHOLD,
  completeReview,
  importAdjustments,
  importCampaigns,
  importEfforts,
  importFees,
  setPolicy,
  STANDARD_REASONS,
  type ImportedAdjustment,
} from '@practice-graph/adjustments';
import type { Decimal, GraphEvent } from '@practice-graph/kit';
import { APPROVED_BY, cents, inBatches, RECORDED_BY, write, type Target } from './loading';
import type { AdjustmentCategory, AdjustmentRow, RequestRow } from './adjustment-rows.types';

const NOON = 'T12:00:00Z';

/** Amounts from which a category needs a decision: contracts and price lists decide on much by themselves. */
const THRESHOLDS = new Map<AdjustmentCategory, Decimal>([
  ['INSURANCE_WRITEOFF', cents(500_000)],
  ['PROMOTIONAL', cents(150_000)],
  ['FAMILY_DISCOUNT', cents(150_000)],
  ['PROFESSIONAL_DISCOUNT', cents(150_000)],
]);

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

const claimed = (claim: AdjustmentRow['claim']) =>
  claim && {
    ...{ procedureDate: claim.procedureDate, claimDate: claim.claimDate, paymentDate: claim.paymentDate },
    estimatedAmount: claim.estimatedCents === null ? null : cents(claim.estimatedCents),
  };

const facts = (row: AdjustmentRow) => ({
  ...{ clinicId: row.clinicId, id: row.id, locationId: row.locationId, providerId: row.providerId },
  ...{ patientId: row.patientId, treatmentPlanId: row.planId, productionEntryId: row.entryId },
  ...{ adjustmentDate: row.date, category: row.category, reasonCode: reasonOf(row), description: row.description },
  ...{ amount: cents(row.amountCents), reversesId: row.reversesId, recoveryOfId: row.recoveryOfId },
  ...{ campaignId: row.campaignId, payer: row.payer },
  expectedAmount: row.expectedCents === null ? null : cents(row.expectedCents),
  ...claimed(row.claim),
  ...{ createdAt: new Date(`${row.date}${NOON}`), createdBy: RECORDED_BY },
});

/** What counts; the larger amounts were approved. */
const imported = (row: AdjustmentRow): ImportedAdjustment => {
  const given = facts(row);
  const needsDecision = given.amount.abs().gte(THRESHOLDS.get(row.category) ?? APPROVAL_THRESHOLD);
  return { ...given, decision: needsDecision ? { by: APPROVED_BY, at: given.createdAt } : null };
};

const requested = (row: RequestRow): ImportedAdjustment => {
  const given = facts(row);
  return row.status === 'PENDING'
    ? { ...given, decision: null, isPending: true }
    : { ...given, decision: { by: APPROVED_BY, at: given.createdAt, rejected: true } };
};

/** Adjustments of a clinic with what belongs to them; answers the events by which revenue hears of the adjustments. */
export async function loadAdjustments(target: Target): Promise<GraphEvent[]> {
  const { clinic, campaigns, fees, adjustments, requests, efforts, reviews } = target.rows;
  await write(target, async (tx) => {
    await setPolicy(tx, clinic.id, {
      effectiveFrom: `${(adjustments[0]?.date ?? '2000-01-01').slice(0, 7)}-01`,
      approvalRules: [
        { category: null, role: null, threshold: APPROVAL_THRESHOLD },
        ...[...THRESHOLDS].map(([category, threshold]) => ({ category, role: null, threshold })),
      ],
      minCollectionEfforts: 2,
    });
    await importCampaigns(
      tx,
      clinic.id,
      campaigns.map(({ clinicId: _, budgetCents, ...campaign }) => ({ ...campaign, budget: cents(budgetCents) })),
    );
    await importFees(
      tx,
      clinic.id,
      fees.map(({ clinicId: _, usualCents, contractedCents, ...fee }) => ({
        ...fee,
        ...{ usualFee: cents(usualCents), contractedFee: cents(contractedCents) },
      })),
    );
  });
  const all = [...adjustments.map(imported), ...requests.map(requested)];
  const events = await inBatches(target, 'adjustments', all, importAdjustments);
  await write(target, (tx) =>
    importEfforts(
      tx,
      clinic.id,
      efforts.map(({ clinicId: _, date, ...effort }) => ({ ...effort, at: new Date(`${date}${NOON}`) })),
    ),
  );
  for (const { month, notes } of reviews)
    await write(target, (tx) => completeReview(tx, clinic.id, month, { reason: notes }), APPROVED_BY);
  return events.flat();
}
