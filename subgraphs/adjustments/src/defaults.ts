import { Decimal } from 'decimal.js';
import type { AdjustmentCategory } from './entries/adjustment-category.rules';

/** A standard reason as it stands before a clinic saves its own. */
export interface StandardReason {
  readonly code: string;
  readonly label: string;
  readonly category: AdjustmentCategory;
  readonly requiresDocumentation: boolean;
  readonly requiresApproval: boolean;
}

const reason = (
  category: AdjustmentCategory,
  code: string,
  label: string,
  needs: { documentation?: boolean; approval?: boolean } = {},
): StandardReason => ({
  code,
  label,
  category,
  requiresDocumentation: needs.documentation ?? false,
  requiresApproval: needs.approval ?? false,
});

/** The 25 reasons that every clinic has from the start (E-18), in the order of the categories. */
export const STANDARD_REASONS: readonly StandardReason[] = [
  reason('INSURANCE_WRITEOFF', 'INS-CONTRACT', 'Difference to the contracted fee'),
  reason('INSURANCE_WRITEOFF', 'INS-DOWNGRADE', 'Benefit paid for a cheaper alternative'),
  reason('INSURANCE_WRITEOFF', 'INS-LATE-CLAIM', 'Claim sent after the deadline of the payer', { documentation: true }),
  reason('COURTESY_DISCOUNT', 'CRT-SERVICE', 'Amends for a service that fell short', { documentation: true }),
  reason('COURTESY_DISCOUNT', 'CRT-PREPAID', 'Treatment paid in full in advance'),
  reason('COURTESY_DISCOUNT', 'CRT-HARDSHIP', 'Financial hardship of the patient', { documentation: true }),
  reason('PROFESSIONAL_DISCOUNT', 'PRO-COLLEAGUE', 'Colleague of the profession'),
  reason('PROFESSIONAL_DISCOUNT', 'PRO-TEAM', 'Member of the team'),
  reason('FAMILY_DISCOUNT', 'FAM-SIBLING', 'Brother or sister in treatment'),
  reason('FAMILY_DISCOUNT', 'FAM-TEAM', 'Family of a member of the team'),
  reason('BAD_DEBT', 'BAD-AGENCY', 'Placed with a collection agency', { documentation: true }),
  reason('BAD_DEBT', 'BAD-BANKRUPT', 'Bankruptcy of the responsible party', { documentation: true }),
  reason('BAD_DEBT', 'BAD-UNREACHED', 'Responsible party cannot be reached', { documentation: true }),
  reason('SMALL_BALANCE', 'SML-RESIDUE', 'Balance too small to collect'),
  reason('SMALL_BALANCE', 'SML-ROUNDING', 'Residue of rounded instalments'),
  reason('PROMOTIONAL', 'PRM-CAMPAIGN', 'Granted by a campaign'),
  reason('PROMOTIONAL', 'PRM-REFERRAL', 'Thanks for a referral'),
  reason('TIMING_ADJUSTMENT', 'TIM-PERIOD', 'Belongs to another period'),
  reason('TIMING_ADJUSTMENT', 'TIM-CONTRACT', 'Contract changed or ended early', { documentation: true }),
  reason('ERROR_CORRECTION', 'ERR-FEE', 'Wrong fee'),
  reason('ERROR_CORRECTION', 'ERR-DUPLICATE', 'Charged twice'),
  reason('ERROR_CORRECTION', 'ERR-ACCOUNT', 'Booked to the wrong account', { documentation: true }),
  reason('RECOVERY', 'REC-PATIENT', 'Paid by the responsible party after the write-off'),
  reason('RECOVERY', 'REC-AGENCY', 'Collected by an agency'),
  reason('OTHER', 'OTH-EXPLAINED', 'Other, as described', { documentation: true }),
];

/** What each category does to net production (D-01); bad debt, small balances and recoveries are collection events. */
export const AFFECTS_NET_PRODUCTION: Readonly<Record<AdjustmentCategory, boolean>> = {
  INSURANCE_WRITEOFF: true,
  COURTESY_DISCOUNT: true,
  PROFESSIONAL_DISCOUNT: true,
  FAMILY_DISCOUNT: true,
  BAD_DEBT: false,
  SMALL_BALANCE: false,
  PROMOTIONAL: true,
  TIMING_ADJUSTMENT: true,
  ERROR_CORRECTION: true,
  RECOVERY: false,
  OTHER: true,
};

/** Amount without sign from which an adjustment needs a decision; exactly this amount does (ADJ-61). */
export const APPROVAL_THRESHOLD = new Decimal('250.00');

/** Days over which a patient's adjustments are added up against the threshold. */
export const CUMULATIVE_WINDOW_DAYS = 30;

/** Balances up to this amount may be written off as small (ADJ-73). */
export const SMALL_BALANCE_LIMIT = new Decimal('10.00');

/** Hours in which an equal entry of the same transaction is a likely duplicate (ADJ-102). */
export const DUPLICATE_HOURS = 24;

/** Tries to collect that bad debt needs before it is given up (ADJ-72). */
export const MIN_COLLECTION_EFFORTS = 1;

/** Rates that can have a benchmark. */
export const RATE_KINDS = {
  WRITE_OFF: 'WRITE_OFF',
  CONTROLLABLE_WRITE_OFF: 'CONTROLLABLE_WRITE_OFF',
  ADJUSTMENT: 'ADJUSTMENT',
  BAD_DEBT: 'BAD_DEBT',
  NET_BAD_DEBT: 'NET_BAD_DEBT',
  DISCOUNT: 'DISCOUNT',
  COURTESY: 'COURTESY',
  SMALL_BALANCE: 'SMALL_BALANCE',
  PROMOTIONAL: 'PROMOTIONAL',
  ERROR_CORRECTION: 'ERROR_CORRECTION',
} as const;
export type RateKind = keyof typeof RATE_KINDS;

/** Fractions to stay below (ADJ-80 to ADJ-86); the target for write-offs is held against both rates of D-16. */
export const BENCHMARKS: Readonly<Partial<Record<RateKind, Decimal>>> = {
  WRITE_OFF: new Decimal('0.05'),
  CONTROLLABLE_WRITE_OFF: new Decimal('0.05'),
  BAD_DEBT: new Decimal('0.01'),
  DISCOUNT: new Decimal('0.02'),
  COURTESY: new Decimal('0.02'),
  SMALL_BALANCE: new Decimal('0.005'),
  ERROR_CORRECTION: new Decimal('0.005'),
};

/** Excess over a benchmark that is only WATCH, as a fraction of the benchmark (ADJ-86). */
export const WATCH_MARGIN = new Decimal('0.2');
