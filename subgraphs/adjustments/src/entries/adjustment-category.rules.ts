/** The eleven kinds of adjustments (ADJ-52), in the order in which reports and bridges list them. */
export const AdjustmentCategory = {
  INSURANCE_WRITEOFF: 'INSURANCE_WRITEOFF',
  COURTESY_DISCOUNT: 'COURTESY_DISCOUNT',
  PROFESSIONAL_DISCOUNT: 'PROFESSIONAL_DISCOUNT',
  FAMILY_DISCOUNT: 'FAMILY_DISCOUNT',
  BAD_DEBT: 'BAD_DEBT',
  SMALL_BALANCE: 'SMALL_BALANCE',
  PROMOTIONAL: 'PROMOTIONAL',
  TIMING_ADJUSTMENT: 'TIMING_ADJUSTMENT',
  ERROR_CORRECTION: 'ERROR_CORRECTION',
  RECOVERY: 'RECOVERY',
  OTHER: 'OTHER',
} as const;
export type AdjustmentCategory = (typeof AdjustmentCategory)[keyof typeof AdjustmentCategory];

export const CATEGORIES = Object.values(AdjustmentCategory);

/** Groups of categories that totals are made of (D-15). */
export const AdjustmentGroup = {
  WRITE_OFF: 'WRITE_OFF',
  DISCOUNT: 'DISCOUNT',
  CORRECTION: 'CORRECTION',
  RECOVERY: 'RECOVERY',
} as const;
export type AdjustmentGroup = (typeof AdjustmentGroup)[keyof typeof AdjustmentGroup];

const GROUP: Readonly<Record<AdjustmentCategory, AdjustmentGroup>> = {
  INSURANCE_WRITEOFF: 'WRITE_OFF',
  COURTESY_DISCOUNT: 'DISCOUNT',
  PROFESSIONAL_DISCOUNT: 'DISCOUNT',
  FAMILY_DISCOUNT: 'DISCOUNT',
  BAD_DEBT: 'WRITE_OFF',
  SMALL_BALANCE: 'WRITE_OFF',
  PROMOTIONAL: 'DISCOUNT',
  TIMING_ADJUSTMENT: 'CORRECTION',
  ERROR_CORRECTION: 'CORRECTION',
  RECOVERY: 'RECOVERY',
  OTHER: 'CORRECTION',
};

/** Group of a category (D-15); every category is in exactly one. */
export const groupOf = (category: AdjustmentCategory): AdjustmentGroup => GROUP[category];

/** Categories of a group, in the order of the categories. */
export const categoriesOf = (group: AdjustmentGroup): readonly AdjustmentCategory[] =>
  CATEGORIES.filter((category) => GROUP[category] === group);

const SIGNED: ReadonlySet<AdjustmentCategory> = new Set(['TIMING_ADJUSTMENT', 'ERROR_CORRECTION', 'OTHER']);

/** True where an original entry may be negative, that is raise what the patient owes (ADJ-46). */
export const mayBeNegative = (category: AdjustmentCategory): boolean => SIGNED.has(category);

/** Where the decision on an adjustment stands (ADJ-53). */
export const ApprovalStatus = {
  PENDING: 'PENDING',
  APPROVED: 'APPROVED',
  REJECTED: 'REJECTED',
  AUTO_APPROVED: 'AUTO_APPROVED',
} as const;
export type ApprovalStatus = (typeof ApprovalStatus)[keyof typeof ApprovalStatus];

/** True for entries that totals include (ADJ-60): waiting and rejected ones never do. */
export const counts = (status: ApprovalStatus): boolean => status === 'APPROVED' || status === 'AUTO_APPROVED';

/** Why an adjustment needs a decision (ADJ-61). */
export const ApprovalReason = {
  AMOUNT_THRESHOLD: 'AMOUNT_THRESHOLD',
  CUMULATIVE_THRESHOLD: 'CUMULATIVE_THRESHOLD',
  REASON_CODE: 'REASON_CODE',
} as const;
export type ApprovalReason = (typeof ApprovalReason)[keyof typeof ApprovalReason];
