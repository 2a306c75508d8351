import { registerEnumType } from 'type-graphql';
import { AdjustmentCategory, AdjustmentGroup, ApprovalReason, ApprovalStatus } from './adjustment-category.rules';

registerEnumType(AdjustmentCategory, {
  name: 'AdjustmentCategory',
  description: 'What kind of adjustment it is.',
  valuesConfig: {
    INSURANCE_WRITEOFF: { description: 'Contractual reduction for an insurer; reduces net production.' },
    COURTESY_DISCOUNT: { description: 'Favour to a patient; reduces net production.' },
    PROFESSIONAL_DISCOUNT: { description: 'For colleagues of the profession; reduces net production.' },
    FAMILY_DISCOUNT: { description: 'For siblings and families; reduces net production.' },
    BAD_DEBT: {
      description: 'Uncollectible; a collection event that leaves net production alone. Needs documented efforts.',
    },
    SMALL_BALANCE: { description: 'Too small to collect; a collection event that leaves net production alone.' },
    PROMOTIONAL: { description: 'Granted by a campaign; reduces net production.' },
    TIMING_ADJUSTMENT: { description: 'Shift between periods, either sign; affects net production.' },
    ERROR_CORRECTION: { description: 'Repair of a billing error, either sign; affects net production.' },
    RECOVERY: {
      description: 'Bad debt that came back; leaves net production alone and is in no total of adjustments.',
    },
    OTHER: { description: 'None of the others; affects net production.' },
  },
});

registerEnumType(AdjustmentGroup, {
  name: 'AdjustmentGroup',
  description: 'Group of categories that totals are made of.',
  valuesConfig: {
    WRITE_OFF: { description: 'Insurance, bad debt and small balance.' },
    DISCOUNT: { description: 'Courtesy, professional, family and promotional.' },
    CORRECTION: { description: 'Timing, error and other.' },
    RECOVERY: { description: 'Recoveries of bad debt.' },
  },
});

registerEnumType(ApprovalStatus, {
  name: 'ApprovalStatus',
  description: 'Where the decision on an adjustment stands; only APPROVED and AUTO_APPROVED count in totals.',
  valuesConfig: {
    PENDING: { description: 'Waits for a decision.' },
    APPROVED: { description: 'Approved by another person than the one who recorded it.' },
    REJECTED: { description: 'Rejected or withdrawn, for good.' },
    AUTO_APPROVED: { description: 'Below every threshold; no decision was needed.' },
  },
});

registerEnumType(ApprovalReason, {
  name: 'ApprovalReason',
  description: 'Why an adjustment needs a decision.',
  valuesConfig: {
    AMOUNT_THRESHOLD: { description: 'Its amount is at or above the threshold.' },
    CUMULATIVE_THRESHOLD: {
      description: "The patient's adjustments of the window together reach the threshold.",
    },
    REASON_CODE: { description: 'The reason demands it always.' },
  },
});

export { AdjustmentCategory, AdjustmentGroup, ApprovalReason, ApprovalStatus };
