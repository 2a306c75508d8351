import { rolesOf, type SubgraphDefinition } from '@practice-graph/kit';
import {
  DIRECTORY_ENTITIES,
  directoryHandlers,
  PERIOD_PUBLISHES,
  periodHandlers,
  withoutPointsOfService,
} from '@practice-graph/practice';
import { applyEntriesChanged } from './balances/entry-balance.service';
import { AdjustmentEntry } from './entries/adjustment-entry.entity';
import { resendEntries } from './entries/entry-facts.service';
import { AdjustmentDetailSlice } from './measures/adjustment-detail-slice.entity';
import { AdjustmentSlice } from './measures/adjustment-slice.entity';
import {
  verifyDecisions,
  verifyDetailSlices,
  verifyRecoveries,
  verifyReversals,
  verifySlices,
} from './measures/verification.service';
import { AdjustmentLedger1763690000001 } from './migrations/20261121-01-adjustment-ledger';
import { Approval1763690000021 } from './migrations/20261121-02-approval';
import { Collection1763690000022 } from './migrations/20261121-02-collection';
import { Reports1763690000031 } from './migrations/20261121-03-reports';
import { Reviews1763690000032 } from './migrations/20261121-03-reviews';
import { Dating17636900000063 } from './migrations/20261121-06-dating';
import { PostingMonths1763690000061 } from './migrations/20261121-06-posting-months';
import { EntryBalances17637800000031 } from './migrations/20261122-03-entry-balances';
import { KeptReview } from './reviews/adjustment-review.entity';
import { Contracts1763690000023 } from './migrations/20261121-02-contracts';
import { DetailSlices1763690000071 } from './migrations/20261121-07-detail-slices';
import { DetailsByPlace17637800000011 } from './migrations/20261122-01-details-by-place';
import { PromotionCampaign } from './campaigns/promotion-campaign.entity';
import { PayerFee } from './contracts/payer-fee.entity';
import { BadDebtEffort, CollectionEffort } from './collection/collection-effort.entity';
import { AdjustmentPolicy } from './policy/adjustment-policy.entity';
import { ReasonCode } from './reason-codes/reason-code.entity';
import { schema } from './schema';

export { importCampaigns } from './campaigns/promotion-campaign.service';
export { importEfforts, type ImportedEffort } from './collection/collection-effort.service';
export { importFees, type ImportedFee } from './contracts/payer-fee.service';
export { setPolicy } from './policy/adjustment-policy.service';
export { completeReview } from './reviews/adjustment-review.service';
export { importAdjustments, type ImportedAdjustment } from './entries/import.service';
export { APPROVAL_THRESHOLD, STANDARD_REASONS, type StandardReason } from './defaults';
export { AdjustmentCategory, groupOf } from './entries/adjustment-category.rules';

/** Write-offs, discounts and corrections of clinics. */
export const adjustments: SubgraphDefinition = {
  name: 'adjustments',
  database: 'adjustments',
  roles: rolesOf('adjustments'),
  entities: [
    AdjustmentEntry,
    AdjustmentPolicy,
    AdjustmentDetailSlice,
    AdjustmentSlice,
    BadDebtEffort,
    CollectionEffort,
    PayerFee,
    PromotionCampaign,
    KeptReview,
    ReasonCode,
    ...DIRECTORY_ENTITIES,
  ],
  ports: { revenue: 4001, adjustments: 4002, 'appliance-supply': 4003, 'spa-inventory': 4004 },
  migrations: [
    AdjustmentLedger1763690000001,
    Approval1763690000021,
    Collection1763690000022,
    Contracts1763690000023,
    Reports1763690000031,
    Reviews1763690000032,
    PostingMonths1763690000061,
    Dating17636900000063,
    DetailSlices1763690000071,
    DetailsByPlace17637800000011,
    EntryBalances17637800000031,
  ],
  schema,
  viewer: withoutPointsOfService,
  publishes: {
    'adjustment.posted': ['revenue'],
    'adjustment.reversed': ['revenue'],
    // Nobody in the graph listens to these; partners may.
    'adjustment.pending': [],
    'adjustment.decided': [],
    ...PERIOD_PUBLISHES,
  },
  handlers: {
    ...directoryHandlers,
    ...periodHandlers('adjustments'),
    'production_entry.changed': applyEntriesChanged,
  },
  verifiers: [verifySlices, verifyDetailSlices, verifyReversals, verifyRecoveries, verifyDecisions],
  resync: resendEntries,
};
