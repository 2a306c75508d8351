import {
  buildFederatedSchema,
  loadById,
  reachable,
  reachableClinic,
  type Context,
  type FederatedSchema,
} from '@practice-graph/kit';
import { AuditEventConnectionResolver, auditEventsResolver, lotNumberText } from '@practice-graph/practice';
import { SupplyBarcodeResolver } from './barcodes/supply-barcode.resolver';
import { supplyAlerts } from './alerts/supply-alert.loader';
import { SupplyAlertResolver } from './alerts/supply-alert.resolver';
import { supplyAlertPages } from './alerts/supply-alert.types';
import { PatientResolver, SupplyCostResolver, TreatmentPlanResolver } from './case-cost/supply-cost.resolver';
import { supplyCostPages } from './case-cost/supply-cost.types';
import { Clinic, Location, Patient, Provider, TreatmentPlan, Vendor } from './directory/directory.types';
import { supplyItems } from './items/supply-item.loader';
import { SupplyItemResolver } from './items/supply-item.resolver';
import { supplyItemPages } from './items/supply-item.types';
import { KitLineResolver, KitTemplateResolver } from './kits/kit-template.resolver';
import { kitTemplates } from './kits/kit-template.loader';
import { LotTraceResolver } from './lot-trace/lot-trace.resolver';
import { ApplianceExposure, LotTrace, lotTraceOf } from './lot-trace/lot-trace.types';
import { supplyLots, supplyTransactions } from './lots/supply-lot.loader';
import { StockChangeResolver } from './lots/stock-change.resolver';
import { ClinicStockResolver, LocationStockResolver } from './lots/stock-position.resolver';
import { SupplyLotResolver } from './lots/supply-lot.resolver';
import { supplyLotPages, supplyTransactionPages } from './lots/supply-lot.types';
import { SupplyStockLevelResolver } from './lots/supply-stock-level.resolver';
import { supplyStockPages } from './lots/supply-stock-level.types';
import { SupplyTransactionResolver } from './lots/supply-transaction.resolver';
import { supplyOffers } from './offers/supply-offer.loader';
import { SupplyOfferResolver, VendorOffersResolver } from './offers/supply-offer.resolver';
import { supplyOrders } from './orders/supply-order.loader';
import { SupplyOrderResolver } from './orders/supply-order.resolver';
import { supplyOrderPages } from './orders/supply-order.types';
import {
  ClinicResolver,
  LocationResolver,
  PerformanceRowResolver,
  ProviderResolver,
} from './performance/performance.resolver';
import { FinancialPeriodResolver } from './periods/financial-period.resolver';
import { FinancialPeriod } from './periods/financial-period.types';
import { PerformanceRow } from './performance/supply-measures.types';
import { applianceRecords } from './placements/appliance-record.loader';
import { ApplianceRecordResolver } from './placements/appliance-record.resolver';
import { DeductionResolver } from './placements/deduction.resolver';
import { applianceRecordPages } from './placements/deduction.types';
import { VendorPurchasesResolver } from './purchases/vendor-purchases.resolver';
import { SupplyReportResolver } from './reports/supply-report.resolver';
import { SupplyRecallResolver } from './recalls/supply-recall.resolver';
import { applianceUsages } from './usage/appliance-usage.loader';
import { ApplianceUsageResolver } from './usage/appliance-usage.resolver';
import { applianceUsagePages } from './usage/appliance-usage.types';
import { noteRead, noteUsageRead } from './usage/usage-read.service';

type Reference = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** A record of another domain, within reach by its id alone; what it required comes with the reference. */
const stub =
  <T extends object>(type: new () => T) =>
  (reference: Reference, { viewer }: Context): T | null =>
    reachable(viewer, text(reference['id'])) ? Object.assign(new type(), reference) : null;

/** Trace behind a key; any spelling of the number leads to the same one. */
function traceOf(reference: Reference, { viewer }: Context): LotTrace | null {
  const clinic = reachableClinic(viewer, text(reference['clinicId']));
  if (clinic === undefined) return null;
  const { gtin } = reference;
  return lotTraceOf(clinic, lotNumberText(text(reference['lotNumber'])), typeof gtin === 'string' ? gtin : null);
}

/** The schema of the appliance supplies. */
export const schema = (): Promise<FederatedSchema> =>
  buildFederatedSchema({
    resolvers: [
      auditEventsResolver('supplyAuditEvents', 'appliance-supply domain'),
      AuditEventConnectionResolver,
      SupplyItemResolver,
      SupplyLotResolver,
      StockChangeResolver,
      ClinicStockResolver,
      LocationStockResolver,
      SupplyTransactionResolver,
      SupplyStockLevelResolver,
      SupplyOfferResolver,
      VendorOffersResolver,
      KitTemplateResolver,
      KitLineResolver,
      SupplyOrderResolver,
      SupplyAlertResolver,
      ApplianceRecordResolver,
      DeductionResolver,
      ApplianceUsageResolver,
      SupplyCostResolver,
      PatientResolver,
      TreatmentPlanResolver,
      ClinicResolver,
      LocationResolver,
      ProviderResolver,
      PerformanceRowResolver,
      FinancialPeriodResolver,
      LotTraceResolver,
      SupplyRecallResolver,
      SupplyBarcodeResolver,
      SupplyReportResolver,
      VendorPurchasesResolver,
      supplyItemPages.ConnectionResolver,
      supplyLotPages.ConnectionResolver,
      supplyTransactionPages.ConnectionResolver,
      supplyStockPages.ConnectionResolver,
      supplyOrderPages.ConnectionResolver,
      supplyAlertPages.ConnectionResolver,
      applianceRecordPages.ConnectionResolver,
      applianceUsagePages.ConnectionResolver,
      supplyCostPages.ConnectionResolver,
    ],
    orphanedTypes: [
      Clinic,
      Location,
      Provider,
      Patient,
      TreatmentPlan,
      Vendor,
      PerformanceRow,
      FinancialPeriod,
      LotTrace,
      ApplianceExposure,
    ],
    references: {
      SupplyItem: (ref, context) => loadById(context, supplyItems, text(ref['id'])),
      SupplyOffer: (ref, context) => loadById(context, supplyOffers, text(ref['id'])),
      KitTemplate: (ref, context) => loadById(context, kitTemplates, text(ref['id'])),
      SupplyAlert: (ref, context) => loadById(context, supplyAlerts, text(ref['id'])),
      SupplyOrder: (ref, context) => loadById(context, supplyOrders, text(ref['id'])),
      SupplyLot: async (ref, context) => {
        const lot = await loadById(context, supplyLots, text(ref['id']));
        return lot?.lotNumber === '' ? null : lot;
      },
      SupplyTransaction: async (ref, context) => {
        const movement = await loadById(context, supplyTransactions, text(ref['id']));
        const only = context.viewer.restrictions['locations'];
        return movement && only && !only.includes(movement.locationId) ? null : movement;
      },
      ApplianceRecord: async (ref, context) => {
        const record = await loadById(context, applianceRecords, text(ref['id']));
        if (record) noteRead(context, record.clinicId, 'ApplianceRecord', [record]);
        return record;
      },
      ApplianceUsage: async (ref, context) => {
        const usage = await loadById(context, applianceUsages, text(ref['id']));
        if (usage) noteUsageRead(context, usage.clinicId, [usage]);
        return usage;
      },
      Clinic: (ref, { viewer }) =>
        reachableClinic(viewer, text(ref['id'])) ? Object.assign(new Clinic(), { id: text(ref['id']) }) : null,
      Location: stub(Location),
      Provider: stub(Provider),
      Patient: stub(Patient),
      TreatmentPlan: stub(TreatmentPlan),
      Vendor: stub(Vendor),
      PerformanceRow: (ref, { viewer }) =>
        reachableClinic(viewer, text(ref['clinicId'])) ? Object.assign(new PerformanceRow(), ref) : null,
      FinancialPeriod: (ref, { viewer }) =>
        reachableClinic(viewer, text(ref['clinicId'])) ? Object.assign(new FinancialPeriod(), ref) : null,
      LotTrace: traceOf,
    },
  });
