import {
  buildFederatedSchema,
  clinicIdOf,
  loadById,
  recordIdOf,
  type Context,
  type FederatedSchema,
  type RecordKey,
} from '@practice-graph/kit';
import { AuditEventConnectionResolver, auditEventsResolver, isWithin } from '@practice-graph/practice';
import type DataLoader from 'dataloader';
import { ProductBarcodeResolver } from './barcodes/product-barcode.resolver';
import { noteRead } from './directory/access';
import {
  Clinic,
  clinicReference,
  Location,
  locationReference,
  Patient,
  patientReference,
  Provider,
  providerReference,
} from './directory/references.types';
import { inventoryTransactions } from './ledger/inventory-transaction.loader';
import { InventoryTransactionResolver } from './ledger/inventory-transaction.resolver';
import { inventoryTransactionConnection } from './ledger/inventory-transaction.types';
import { FefoPickResolver } from './lots/fefo-pick.resolver';
import { inventoryLots } from './lots/inventory-lot.loader';
import { InventoryLotResolver } from './lots/inventory-lot.resolver';
import { inventoryLotConnection } from './lots/inventory-lot.types';
import { LotStockResolver } from './lots/lot-stock.resolver';
import {
  ClinicResolver,
  LocationResolver,
  PatientResolver,
  ProviderResolver,
} from './performance/directory-measures.resolver';
import { PerformanceRowResolver, SpaMeasuresResolver } from './performance/performance-row.resolver';
import { PerformanceRow, ProductionMeasures } from './performance/performance-row.types';
import { products } from './products/product.loader';
import { ProductResolver } from './products/product.resolver';
import { ProductStockResolver } from './products/product-stock.resolver';
import { productStockConnection } from './products/product-stock.types';
import { productConnection } from './products/product.types';
import { recalls } from './recalls/recall.loader';
import { RecallPatientResolver, RecallResolver } from './recalls/recall.resolver';
import { recallConnection } from './recalls/recall.types';
import { receivingRecords } from './receiving/receiving-record.loader';
import { ReceivedItemResolver, ReceivingRecordResolver } from './receiving/receiving.resolver';
import { LotTraceResolver } from './traces/lot-trace.resolver';
import { ApplianceExposure, LotTrace } from './traces/lot-trace.types';
import { lotUsages } from './treatments/lot-usage.loader';
import { LotUsageResolver } from './treatments/lot-usage.resolver';
import { lotUsageConnection } from './treatments/lot-usage.types';
import { vendors } from './vendors/vendor.loader';
import { VendorResolver } from './vendors/vendor.resolver';
import { vendorConnection } from './vendors/vendor.types';
import { wasteRecords } from './waste/waste-record.loader';
import { WasteRecordResolver } from './waste/waste-record.resolver';
import { wasteRecordConnection } from './waste/waste.types';

type Reference = Record<string, unknown>;

/** A record of the directory within reach: only its key is known here, so nothing tells whether it exists. */
const within = <R>(reference: Reference, context: Context, made: (clinicId: string, id: string) => R): R | null => {
  const key = recordIdOf(String(reference['id']));
  return key && context.viewer.clinicIds.includes(key.clinicId) ? made(key.clinicId, key.id) : null;
};

const clinicWithin = (reference: Reference, context: Context): Clinic | null => {
  const clinicId = clinicIdOf(String(reference['id']));
  return clinicId !== undefined && context.viewer.clinicIds.includes(clinicId) ? clinicReference(clinicId) : null;
};

const byId =
  (loader: Parameters<typeof loadById>[1]) =>
  (reference: Reference, context: Context): unknown =>
    loadById(context, loader, String(reference['id']));

/** A record about a patient: what is read of it is noted for the audit trail (G-15). */
const notedById =
  <R extends { clinicId: string; id: string; patientId: string | null }>(
    loader: (context: Context) => DataLoader<RecordKey, R | null, string>,
    entityType: string,
  ) =>
  async (reference: Reference, context: Context): Promise<R | null> => {
    const record = await loadById(context, loader, String(reference['id']));
    if (record) noteRead(context, record.clinicId, { entityType, entityId: record.id, patientIds: [record.patientId] });
    return record;
  };

/** The spa inventory's part of the graph. */
export const spaInventorySchema = (): Promise<FederatedSchema> =>
  buildFederatedSchema({
    resolvers: [
      auditEventsResolver('inventoryAuditEvents', 'spa inventory'),
      AuditEventConnectionResolver,
      ClinicResolver,
      FefoPickResolver,
      InventoryLotResolver,
      InventoryTransactionResolver,
      LocationResolver,
      LotStockResolver,
      LotTraceResolver,
      LotUsageResolver,
      PatientResolver,
      PerformanceRowResolver,
      ProductResolver,
      ProductStockResolver,
      ProviderResolver,
      ProductBarcodeResolver,
      RecallPatientResolver,
      RecallResolver,
      ReceivedItemResolver,
      ReceivingRecordResolver,
      SpaMeasuresResolver,
      VendorResolver,
      WasteRecordResolver,
      inventoryLotConnection.ConnectionResolver,
      inventoryTransactionConnection.ConnectionResolver,
      lotUsageConnection.ConnectionResolver,
      productConnection.ConnectionResolver,
      productStockConnection.ConnectionResolver,
      recallConnection.ConnectionResolver,
      vendorConnection.ConnectionResolver,
      wasteRecordConnection.ConnectionResolver,
    ],
    orphanedTypes: [
      ApplianceExposure,
      Clinic,
      Location,
      LotTrace,
      Patient,
      PerformanceRow,
      ProductionMeasures,
      Provider,
    ],
    references: {
      Clinic: clinicWithin,
      InventoryLot: byId(inventoryLots),
      InventoryTransaction: notedById(inventoryTransactions, 'InventoryTransaction'),
      Location: (reference, context) =>
        within(reference, context, (clinicId, id) =>
          isWithin(context.viewer, 'locations', id) ? locationReference(clinicId, id) : null,
        ),
      LotTrace: (reference) => Object.assign(new LotTrace(), reference),
      LotUsage: notedById(lotUsages, 'LotUsage'),
      Patient: (reference, context) => within(reference, context, patientReference),
      PerformanceRow: (reference) => Object.assign(new PerformanceRow(), reference),
      Product: byId(products),
      Provider: (reference, context) =>
        within(reference, context, (clinicId, id) =>
          isWithin(context.viewer, 'providers', id) ? providerReference(clinicId, id) : null,
        ),
      Recall: byId(recalls),
      ReceivingRecord: byId(receivingRecords),
      Vendor: byId(vendors),
      WasteRecord: byId(wasteRecords),
    },
  });
