/** Rows of the adjustments and of what belongs to them; money in hundredths, as everywhere in the demonstration. */

export type AdjustmentCategory =
  | 'INSURANCE_WRITEOFF'
  | 'COURTESY_DISCOUNT'
  | 'PROFESSIONAL_DISCOUNT'
  | 'FAMILY_DISCOUNT'
  | 'BAD_DEBT'
  | 'SMALL_BALANCE'
  | 'PROMOTIONAL'
  | 'TIMING_ADJUSTMENT'
  | 'ERROR_CORRECTION'
  | 'RECOVERY'
  | 'OTHER';

/** How the claim of an insurance write-off went; one that is not paid so far has no day of payment. */
export interface ClaimRow {
  readonly procedureDate: string;
  readonly claimDate: string;
  readonly paymentDate: string | null;
  /** What was estimated with the claim, where it was not what came out. */
  readonly estimatedCents: number | null;
}

export interface AdjustmentRow {
  readonly clinicId: string;
  readonly id: string;
  readonly locationId: string;
  readonly providerId: string;
  readonly patientId: string;
  readonly planId: string | null;
  readonly entryId: string | null;
  readonly date: string;
  readonly category: AdjustmentCategory;
  readonly description: string;
  readonly amountCents: number;
  /** The adjustment that this one undoes. */
  readonly reversesId: string | null;
  /** The bad debt that this recovery belongs to. */
  readonly recoveryOfId: string | null;
  /** The campaign that granted it. */
  readonly campaignId: string | null;
  /** Payer of an insurance write-off, and what its contract lets expect. */
  readonly payer: string | null;
  readonly expectedCents: number | null;
  readonly claim: ClaimRow | null;
}

/** An adjustment that was asked for and does not count: it waits, or was rejected. */
export interface RequestRow extends AdjustmentRow {
  readonly status: 'PENDING' | 'REJECTED';
}

/** Fees that a payer has agreed on for a procedure. */
export interface FeeRow {
  readonly clinicId: string;
  readonly id: string;
  readonly payer: string;
  readonly procedureCode: string;
  readonly usualCents: number;
  readonly contractedCents: number;
  readonly effectiveFrom: string;
  readonly effectiveTo: string | null;
}

/** A try to collect what was given up later. */
export interface EffortRow {
  readonly clinicId: string;
  readonly id: string;
  readonly patientId: string;
  readonly debtId: string;
  readonly date: string;
  readonly channel: 'PHONE' | 'LETTER' | 'EMAIL' | 'AGENCY';
  readonly outcome: string;
}

export interface CampaignRow {
  readonly clinicId: string;
  readonly id: string;
  readonly code: string;
  readonly name: string;
  readonly startsOn: string;
  readonly endsOn: string;
  readonly budgetCents: number;
}

/** Management review of a month, YYYY-MM. */
export interface ReviewRow {
  readonly clinicId: string;
  readonly month: string;
  readonly notes: string;
}
