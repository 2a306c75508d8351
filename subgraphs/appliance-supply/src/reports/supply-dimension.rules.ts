import { NIL_UUID } from '@practice-graph/practice';

/** What the use of supplies is split by. */
export const SupplyDimension = {
  APPLIANCE_TYPE: 'APPLIANCE_TYPE',
  APPLIANCE_SYSTEM: 'APPLIANCE_SYSTEM',
  ITEM: 'ITEM',
  CATEGORY: 'CATEGORY',
  BUCKET: 'BUCKET',
  PROVIDER: 'PROVIDER',
  LOCATION: 'LOCATION',
  VENDOR: 'VENDOR',
} as const;
export type SupplyDimension = keyof typeof SupplyDimension;

/** Most dimensions of one breakdown. */
export const DIMENSIONS_MAX = 3;

/** Dimensions whose members are records of their own, with a name and an identifier. */
const RECORDS: readonly SupplyDimension[] = ['ITEM', 'PROVIDER', 'LOCATION', 'VENDOR'];
export const isRecordDimension = (dimension: SupplyDimension): boolean => RECORDS.includes(dimension);

/** Name of a code for people: METAL_BRACKETS is "Metal brackets". */
const spoken = (code: string): string => {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Name of a member for people; null where a record has to be asked for it. */
export function fixedLabel(dimension: SupplyDimension, member: string): string | null {
  if (member === NIL_UUID) return 'Unassigned';
  if (isRecordDimension(dimension)) return null;
  return dimension === 'APPLIANCE_SYSTEM' ? member : spoken(member);
}
