/**
 * Rows of the demonstration as plain values: money in hundredths, costs of a unit in millionths, quantities in
 * thousandths, all whole numbers, so that a test adds them up without rounding.
 */

import type { AdjustmentRow, CampaignRow, EffortRow, FeeRow, RequestRow, ReviewRow } from './adjustment-rows.types';

export interface ClinicRow {
  readonly id: string;
  readonly name: string;
  readonly kind: 'ORTHODONTIC' | 'HOSPITAL' | 'MEDICAL_SPA';
  readonly currency: string;
  readonly timeZone: string;
}

export interface LocationRow {
  readonly clinicId: string;
  readonly id: string;
  readonly name: string;
  readonly kind: ClinicRow['kind'];
  readonly timeZone: string;
  readonly chairCount: number;
}

export interface ProviderRow {
  readonly clinicId: string;
  readonly id: string;
  readonly name: string;
  readonly role: string;
}

export interface PatientRow {
  readonly clinicId: string;
  readonly id: string;
  readonly reference: string;
  readonly patientType: 'OUTPATIENT' | 'INSURED' | 'SELF_PAY' | 'NHIA';
}

export type ApplianceSystem = 'METAL_BRACKETS' | 'CERAMIC_BRACKETS' | 'SELF_LIGATING' | 'ALIGNERS';

export interface PlanRow {
  readonly clinicId: string;
  readonly id: string;
  readonly patientId: string;
  readonly providerId: string;
  readonly locationId: string;
  readonly applianceSystem: ApplianceSystem;
  readonly phase: 'PHASE_1' | 'PHASE_2' | 'COMPREHENSIVE' | 'LIMITED';
  readonly contractFeeCents: number;
  readonly plannedMonths: number;
  readonly startedOn: string;
  readonly endedOn: string | null;
  readonly status: 'ACTIVE' | 'COMPLETED';
  readonly isRestart: boolean;
  readonly isTransferIn: boolean;
}

export type EntryCategory =
  'CONSULTATION' | 'RECORDS' | 'TREATMENT_START' | 'ADJUSTMENT' | 'DEBOND' | 'RETENTION' | 'EMERGENCY' | 'OTHER';

export interface EntryRow {
  readonly clinicId: string;
  readonly id: string;
  readonly locationId: string;
  readonly providerId: string;
  readonly patientId: string;
  readonly planId: string | null;
  readonly occurredAt: string;
  readonly date: string;
  readonly procedureCode: string;
  readonly category: EntryCategory;
  readonly description: string;
  readonly grossCents: number;
  readonly insuranceCents: number;
}

/** Money received for entries; of many patients when it names none. */
export interface PaymentRow {
  readonly clinicId: string;
  readonly id: string;
  readonly locationId: string;
  readonly patientId: string | null;
  readonly date: string;
  readonly paidAt: string;
  readonly method: 'CASH' | 'CARD' | 'WALLET' | 'INSURANCE' | 'BANK_TRANSFER';
  /** What it pays of which entry; together the payment. */
  readonly parts: readonly { readonly entryId: string; readonly cents: number }[];
}

export interface VendorRow {
  readonly clinicId: string;
  readonly id: string;
  readonly name: string;
  readonly paymentTerms: string;
  readonly preferred: boolean;
}

export interface ItemRow {
  readonly clinicId: string;
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly category: string;
  readonly unit: string;
  readonly wholeUnitsOnly: boolean;
  readonly reorderPoint: number;
  readonly maxLevel: number;
}

export interface LotRow {
  readonly clinicId: string;
  readonly id: string;
  /** Item of the appliance supplies or product of the spa. */
  readonly ofId: string;
  readonly vendorId: string;
  readonly lotNumber: string;
  readonly expirationDate: string | null;
  readonly receivedOn: string;
  readonly packSize: number;
  readonly packPriceCents: number;
  /** Price of a pack over its size. */
  readonly unitCostMicros: number;
}

export interface ReceiptRow {
  readonly clinicId: string;
  readonly id: string;
  readonly lotId: string;
  readonly ofId: string;
  readonly locationId: string;
  readonly date: string;
  readonly at: string;
  readonly packs: number;
  readonly quantityMilli: number;
  readonly totalCents: number;
}

export interface ApplianceRow {
  readonly clinicId: string;
  readonly id: string;
  readonly patientId: string;
  readonly planId: string;
  readonly providerId: string;
  readonly locationId: string;
  readonly applianceType: 'BRACKETS' | 'ALIGNERS' | 'RETAINER_FIXED' | 'RETAINER_REMOVABLE';
  readonly applianceSystem: ApplianceSystem;
  readonly placedOn: string;
  readonly removedOn: string | null;
}

export interface UsageRow {
  readonly clinicId: string;
  readonly id: string;
  readonly applianceId: string | null;
  readonly applianceType: ApplianceRow['applianceType'] | 'ELASTICS' | 'POWER_CHAIN' | 'OTHER';
  readonly applianceSystem: ApplianceSystem;
  readonly patientId: string;
  readonly planId: string;
  readonly providerId: string;
  readonly locationId: string;
  readonly itemId: string;
  readonly lotId: string;
  readonly date: string;
  readonly quantityMilli: number;
  readonly unitCostMicros: number;
  readonly isRework: boolean;
}

export interface ProductRow {
  readonly clinicId: string;
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly brand: string | null;
  readonly category: 'NEUROTOXIN' | 'FILLER' | 'SKINCARE' | 'DEVICE' | 'CONSUMABLE' | 'SUPPLEMENT' | 'OTHER';
  readonly unitCostMicros: number;
  readonly retailCents: number | null;
  readonly unitType: string;
  readonly unitsPerPackage: number;
  /** Hours after preparation that the label allows; null for what needs no preparation. */
  readonly labelStabilityHours: number | null;
  readonly requireExpirationDate: boolean;
  readonly reorderPoint: number;
  readonly vendorId: string;
}

interface SpaMovement {
  readonly clinicId: string;
  readonly id: string;
  readonly productId: string;
  readonly lotId: string;
  readonly locationId: string;
  readonly providerId: string;
  readonly at: string;
  readonly date: string;
  /** Positive: how much left the stock. */
  readonly quantityMilli: number;
  readonly unitCostMicros: number;
}

export interface TreatmentRow extends SpaMovement {
  readonly type: 'TREATMENT_USE';
  readonly patientId: string;
  readonly revenueCents: number | null;
  readonly serviceName: string;
}

export type WasteReason =
  | 'DRAW_UP_LOSS'
  | 'STABILITY_EXCEEDED'
  | 'EXPIRED_UNUSED'
  | 'PATIENT_NO_SHOW'
  | 'TRAINING'
  | 'CONTAMINATION'
  | 'DAMAGED';

export interface WasteRow extends SpaMovement {
  readonly type: 'WASTE';
  readonly patientId: null;
  readonly wasteReason: WasteReason;
}

export type MovementRow = TreatmentRow | WasteRow;

/** Goal of net production of a provider for a month, YYYY-MM, with every value that it had, oldest first. */
export interface GoalRow {
  readonly clinicId: string;
  readonly id: string;
  readonly providerId: string;
  readonly month: string;
  readonly values: readonly { readonly targetCents: number; readonly setAt: string }[];
}

/** Time of a chair on one day. */
export interface ChairRow {
  readonly clinicId: string;
  readonly id: string;
  readonly locationId: string;
  readonly chairId: string;
  readonly providerId: string | null;
  readonly date: string;
  readonly availableMinutes: number;
  readonly usedMinutes: number;
}

/** Everything of one clinic. */
export interface ClinicRows {
  readonly clinic: ClinicRow;
  readonly locations: readonly LocationRow[];
  readonly providers: readonly ProviderRow[];
  readonly patients: readonly PatientRow[];
  readonly plans: readonly PlanRow[];
  readonly entries: readonly EntryRow[];
  readonly payments: readonly PaymentRow[];
  readonly goals: readonly GoalRow[];
  readonly chairs: readonly ChairRow[];
  readonly campaigns: readonly CampaignRow[];
  /** Adjustments that count. */
  readonly adjustments: readonly AdjustmentRow[];
  readonly requests: readonly RequestRow[];
  readonly fees: readonly FeeRow[];
  readonly efforts: readonly EffortRow[];
  readonly reviews: readonly ReviewRow[];
  readonly vendors: readonly VendorRow[];
  readonly supplies: {
    readonly items: readonly ItemRow[];
    readonly lots: readonly LotRow[];
    readonly receipts: readonly ReceiptRow[];
    readonly appliances: readonly ApplianceRow[];
    readonly usages: readonly UsageRow[];
  };
  readonly spa: {
    readonly products: readonly ProductRow[];
    readonly lots: readonly LotRow[];
    readonly receipts: readonly ReceiptRow[];
    readonly movements: readonly MovementRow[];
  };
}
