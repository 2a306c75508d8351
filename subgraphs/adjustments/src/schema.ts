import { buildFederatedSchema, loadById, reachableClinic, type FederatedSchema } from '@practice-graph/kit';
import {
  ClinicResolver,
  InvoiceResolver,
  LocationResolver,
  PatientResolver,
  ProductionEntryResolver,
  ProviderResolver,
  sharedReferences,
  TreatmentPlanResolver,
} from './directory/shared-records.resolver';
import {
  Clinic,
  Invoice,
  Location,
  Patient,
  ProductionEntry,
  Provider,
  TreatmentPlan,
} from './directory/shared-records.types';
import { AuditEventConnectionResolver } from '@practice-graph/practice';
import { AuditEventsResolver, AuditTrailResolver } from './audit-trail/audit-trail.resolver';
import { efforts, shownEffort } from './collection/collection-effort.loader';
import { CollectionEffortResolver } from './collection/collection-effort.resolver';
import { PromotionCampaignResolver } from './campaigns/promotion-campaign.resolver';
import { campaigns } from './campaigns/promotion-campaign.service';
import { ExpectedAmountResolver } from './contracts/expected-amount.resolver';
import { fees, PayerFeeResolver } from './contracts/payer-fee.resolver';
import { PayerFeeConnectionResolver } from './contracts/payer-fee.types';
import { AdjustmentDecisionResolver } from './entries/adjustment-decision.resolver';
import { entries } from './entries/adjustment-entry.loader';
import { AdjustmentEntryResolver, shown } from './entries/adjustment-entry.resolver';
import { AdjustmentEntryConnectionResolver } from './entries/adjustment-entry.types';
import { PerformanceRowResolver } from './performance/performance-row.resolver';
import { PerformanceRow } from './performance/performance-row.types';
import { FinancialPeriodResolver } from './periods/financial-period.resolver';
import { FinancialPeriod } from './periods/financial-period.types';
import { WriteOffReconciliationResolver } from './dating/write-off-reconciliation.resolver';
import { WriteOffReconciliationRowConnectionResolver } from './dating/write-off-reconciliation.types';
import { BadDebtResolver } from './entries/bad-debt.resolver';
import { AdjustmentReviewResolver } from './reviews/adjustment-review.resolver';
import { AdjustmentBreakdownRowResolver } from './reports/adjustment-breakdown.resolver';
import { AdjustmentReportResolver } from './reports/adjustment-report.resolver';
import { AdjustmentBreakdownRow } from './reports/adjustment-report.types';
import { ProviderPeersResolver } from './reports/provider-peers.resolver';
import { AdjustmentPolicyResolver } from './policy/adjustment-policy.resolver';
import { ReasonCodeResolver } from './reason-codes/reason-code.resolver';

export const schema = (): Promise<FederatedSchema> =>
  buildFederatedSchema({
    resolvers: [
      AdjustmentEntryResolver,
      AdjustmentEntryConnectionResolver,
      AdjustmentDecisionResolver,
      AuditEventsResolver,
      AuditTrailResolver,
      AuditEventConnectionResolver,
      BadDebtResolver,
      CollectionEffortResolver,
      ExpectedAmountResolver,
      PayerFeeResolver,
      PayerFeeConnectionResolver,
      PromotionCampaignResolver,
      ReasonCodeResolver,
      AdjustmentPolicyResolver,
      AdjustmentReportResolver,
      AdjustmentBreakdownRowResolver,
      ProviderPeersResolver,
      AdjustmentReviewResolver,
      WriteOffReconciliationResolver,
      WriteOffReconciliationRowConnectionResolver,
      PerformanceRowResolver,
      FinancialPeriodResolver,
      ClinicResolver,
      LocationResolver,
      ProviderResolver,
      PatientResolver,
      TreatmentPlanResolver,
      ProductionEntryResolver,
      InvoiceResolver,
    ],
    orphanedTypes: [
      PerformanceRow,
      FinancialPeriod,
      Clinic,
      Location,
      Provider,
      Patient,
      TreatmentPlan,
      ProductionEntry,
      Invoice,
    ],
    references: {
      ...sharedReferences,
      AdjustmentEntry: async (reference, context) =>
        shown(context, await loadById(context, entries, String(reference['id']))),
      AdjustmentBreakdownRow: (required) => Object.assign(new AdjustmentBreakdownRow(), { required }),
      CollectionEffort: async (reference, context) =>
        shownEffort(context, await loadById(context, efforts, String(reference['id']))),
      PayerFee: (reference, context) => loadById(context, fees, String(reference['id'])),
      PromotionCampaign: (reference, context) => loadById(context, campaigns, String(reference['id'])),
      FinancialPeriod: (reference, { viewer }) =>
        reachableClinic(viewer, String(reference['clinicId'])) === undefined
          ? null
          : Object.assign(new FinancialPeriod(), reference),
      // The key says all; whether the caller may see the row is decided with its measures.
      PerformanceRow: (reference) => Object.assign(new PerformanceRow(), reference),
    },
  });
