import type { Decimal } from '@practice-graph/kit';
import type { Day } from '@practice-graph/practice';
import type { ProductCategoryCode } from '../products/product-category.types';
import type { StoredInjectable, StoredProductStatus, StoredStorage } from '../products/product.rules';
import type { StoredArea } from '../treatments/treatment-area.rules';
import type { Address } from '../vendors/address.types';
import type { WasteReason } from '../waste/waste-reason.types';

/** A vendor of another system, with the id that it is to have here. */
export interface VendorRow {
  readonly id: string;
  readonly name: string;
  readonly contactName?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly address?: Address | null;
  readonly accountNumber?: string | null;
  readonly paymentTerms?: string | null;
  readonly taxId?: string | null;
  readonly preferred?: boolean;
  readonly categories?: readonly ProductCategoryCode[];
  readonly at: Date;
}

export interface ProductRow {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly brand?: string | null;
  readonly description?: string | null;
  readonly category: ProductCategoryCode;
  readonly unitCost: Decimal;
  readonly retailPrice?: Decimal | null;
  readonly commissionRate?: Decimal | null;
  readonly unitType: string;
  readonly unitsPerPackage: Decimal;
  readonly injectable?: StoredInjectable | null;
  readonly storage?: StoredStorage | null;
  readonly reorderPoint: Decimal;
  readonly reorderQuantity?: Decimal | null;
  readonly minLevel?: Decimal | null;
  readonly maxLevel?: Decimal | null;
  readonly leadTimeDays?: number | null;
  /** Defaults as of a new product: stock kept, by lot, with an expiry. */
  readonly trackInventory?: boolean;
  readonly trackByLot?: boolean;
  readonly trackBySerial?: boolean;
  readonly requireExpirationDate?: boolean;
  readonly minRemainingShelfLifeDays?: number | null;
  /** ACTIVE unless said otherwise. */
  readonly status?: StoredProductStatus;
  readonly preferredVendorId?: string | null;
  readonly barcodes?: readonly { readonly gtin: string; readonly unitsPerPack: Decimal }[];
  readonly at: Date;
}

/** A receipt: of a new lot, or of more of a known one. */
export interface LotRow {
  /** Row of the lot if it is new. */
  readonly id: string;
  readonly productId: string;
  readonly locationId: string;
  readonly lotNumber: string | null;
  readonly batchNumber?: string | null;
  readonly serialNumber?: string | null;
  readonly gtin?: string | null;
  readonly expirationDate: Day | null;
  readonly manufacturedOn?: Day | null;
  readonly quantity: Decimal;
  readonly unitCost: Decimal;
  readonly vendorId?: string | null;
  readonly storageLocation?: string | null;
  readonly reason?: string | null;
  /** Instant of the receipt. */
  readonly at: Date;
  /** Business day of the receipt at the location. */
  readonly day: Day;
}

interface MovementRow {
  /** Row of the use or waste. */
  readonly id: string;
  readonly productId: string;
  readonly lotId: string;
  readonly locationId: string;
  readonly appointmentId?: string | null;
  /** More than zero. */
  readonly quantity: Decimal;
  readonly at: Date;
  readonly day: Day;
}

export interface UseRow extends MovementRow {
  readonly type: 'TREATMENT_USE';
  readonly patientId: string;
  readonly providerId: string;
  readonly chartId?: string | null;
  readonly serviceName?: string | null;
  readonly areas?: readonly StoredArea[];
  readonly revenue?: Decimal | null;
}

export interface WasteRow extends MovementRow {
  readonly type: 'WASTE';
  readonly providerId?: string | null;
  readonly reason: WasteReason;
  readonly note?: string | null;
}

/** A use or waste, in the order in which they happened. */
export type ImportedMovement = UseRow | WasteRow;
