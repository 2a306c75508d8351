import { Decimal } from 'decimal.js';
import type { ProductStatus } from './product-status.types';

/** Data of an injectable as kept; decimals are text. */
export interface StoredInjectable {
  readonly type: string;
  readonly concentration: string | null;
  readonly defaultDilutionMl: string | null;
  readonly dilutionsMl: readonly string[];
  readonly reconstitutionRequired: boolean;
  readonly labelStabilityHours: string | null;
  readonly policyStabilityHours: string | null;
  readonly policyReference: string | null;
  readonly volumePerSyringeMl: string | null;
  readonly minimumDose: string | null;
  readonly maxPatientsPerVial: number | null;
}

/** Storage requirements as kept; decimals are text. */
export interface StoredStorage {
  readonly minTemperatureC: string | null;
  readonly maxTemperatureC: string | null;
  readonly refrigerated: boolean;
  readonly frozen: boolean;
  readonly lightSensitive: boolean;
  readonly maxHumidityPercent: string | null;
  readonly instructions: string | null;
}

export type StoredProductStatus = 'ACTIVE' | 'DISCONTINUED' | 'PENDING_APPROVAL';

/** Present state: an active product of which nothing is left anywhere is out of stock (SPA-07). */
export const productStatus = (stored: StoredProductStatus, tracksInventory: boolean, onHand: Decimal): ProductStatus =>
  stored === 'ACTIVE' && tracksInventory && onHand.lte(0) ? 'OUT_OF_STOCK' : stored;

/**
 * The step from one stored state to another: ACTIVE approves a new product or takes a discontinued one up again,
 * DISCONTINUED ends an active one. Anything else is no step.
 */
export const isProductStep = (from: StoredProductStatus, to: string): to is StoredProductStatus =>
  (to === 'ACTIVE' && from !== 'ACTIVE') || (to === 'DISCONTINUED' && from === 'ACTIVE');

/** True when the practice's policy allows more hours than the label (SPA-34). */
export const exceedsLabel = (injectable: StoredInjectable): boolean =>
  injectable.labelStabilityHours !== null &&
  injectable.policyStabilityHours !== null &&
  new Decimal(injectable.policyStabilityHours).gt(injectable.labelStabilityHours);

const present = (text: string | null): Decimal | null => (text === null ? null : new Decimal(text));

/** What is wrong with the data of an injectable, or null. */
export function injectableProblem(injectable: StoredInjectable): { member: string; message: string } | null {
  const positive = ['defaultDilutionMl', 'labelStabilityHours', 'policyStabilityHours', 'volumePerSyringeMl'] as const;
  for (const member of positive) {
    const value = present(injectable[member]);
    if (value && value.lte(0)) return { member, message: 'The value must be more than zero.' };
  }
  if (injectable.type.trim() === '') return { member: 'type', message: 'The kind is missing.' };
  if (injectable.dilutionsMl.some((ml) => new Decimal(ml).lte(0)))
    return { member: 'dilutionsMl', message: 'A volume of diluent must be more than zero.' };
  if (injectable.maxPatientsPerVial !== null && injectable.maxPatientsPerVial < 1)
    return { member: 'maxPatientsPerVial', message: 'At least one patient per vial.' };
  return null;
}

/** What is wrong with storage requirements, or null. */
export function storageProblem(storage: StoredStorage): { member: string; message: string } | null {
  const [min, max] = [present(storage.minTemperatureC), present(storage.maxTemperatureC)];
  if (min && max && min.gt(max))
    return { member: 'minTemperatureC', message: 'The lowest temperature is above the highest.' };
  const humidity = present(storage.maxHumidityPercent);
  if (humidity && (humidity.lt(0) || humidity.gt(100)))
    return { member: 'maxHumidityPercent', message: 'Humidity goes from 0 to 100 percent.' };
  return null;
}
