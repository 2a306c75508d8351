import { NIL_UUID, UNASSIGNED } from '@practice-graph/practice';
import {
  CATEGORIES,
  groupOf,
  type AdjustmentCategory,
  type AdjustmentGroup,
} from '../entries/adjustment-category.rules';

/** What adjustments are split by. */
export const AdjustmentDimension = {
  CATEGORY: 'CATEGORY',
  GROUP: 'GROUP',
  REASON_CODE: 'REASON_CODE',
  PROVIDER: 'PROVIDER',
  LOCATION: 'LOCATION',
  APPROVAL_STATUS: 'APPROVAL_STATUS',
  PAYER: 'PAYER',
  CAMPAIGN: 'CAMPAIGN',
} as const;
export type AdjustmentDimension = keyof typeof AdjustmentDimension;

/** Most dimensions of one breakdown. */
export const DIMENSIONS_MAX = 3;

/** Members of a slice in the order of its dimensions: codes, row uuids, and the nil uuid for none. */
export type Members = readonly string[];

const CATEGORY_LABEL: Readonly<Record<AdjustmentCategory, string>> = {
  INSURANCE_WRITEOFF: 'Insurance write-off',
  COURTESY_DISCOUNT: 'Courtesy discount',
  PROFESSIONAL_DISCOUNT: 'Professional discount',
  FAMILY_DISCOUNT: 'Family discount',
  BAD_DEBT: 'Bad debt',
  SMALL_BALANCE: 'Small balance',
  PROMOTIONAL: 'Promotion',
  TIMING_ADJUSTMENT: 'Timing adjustment',
  ERROR_CORRECTION: 'Error correction',
  RECOVERY: 'Recovery',
  OTHER: 'Other',
};
const GROUP_LABEL: Readonly<Record<AdjustmentGroup, string>> = {
  WRITE_OFF: 'Write-offs',
  DISCOUNT: 'Discounts',
  CORRECTION: 'Corrections',
  RECOVERY: 'Recoveries',
};
const STATUS_LABEL: Readonly<Record<string, string>> = {
  PENDING: 'Pending',
  APPROVED: 'Approved',
  REJECTED: 'Rejected',
  AUTO_APPROVED: 'Approved automatically',
};

/** Name of a member for people; null where a record has to be asked for it. */
export function fixedLabel(dimension: AdjustmentDimension, member: string): string | null {
  if (member === NIL_UUID) return 'Unassigned';
  if (dimension === 'CATEGORY') return CATEGORY_LABEL[member as AdjustmentCategory];
  if (dimension === 'GROUP') return GROUP_LABEL[member as AdjustmentGroup];
  if (dimension === 'APPROVAL_STATUS') return STATUS_LABEL[member] ?? member;
  return dimension === 'PAYER' ? member : null;
}

/** A member within a text of several: payers have free names, which neither part the text nor pass for none. */
const spelt = (member: string): string =>
  member === UNASSIGNED ? `%75${UNASSIGNED.slice(1)}` : member.replaceAll('%', '%25').replaceAll('/', '%2F');

/** Text that is equal for equal members and no others; `unassigned` stands for none. */
export const membersText = (members: Members): string =>
  members.map((member) => (member === NIL_UUID ? UNASSIGNED : spelt(member))).join('/');

/** The members of a fact: what it names itself, with its group from its category. */
export const membersOf = (
  by: readonly AdjustmentDimension[],
  category: AdjustmentCategory,
  named: Readonly<Partial<Record<AdjustmentDimension, string>>>,
): Members =>
  by.map((dimension) => {
    if (dimension === 'CATEGORY') return category;
    return dimension === 'GROUP' ? groupOf(category) : (named[dimension] ?? NIL_UUID);
  });

/**
 * Slices of a breakdown: those found, and for each the categories and groups it lacks, so that a breakdown is dense over
 * them. A reason has one category only, so under a split by reasons nothing is added.
 */
export function denseSlices(
  by: readonly AdjustmentDimension[],
  found: readonly Members[],
  wanted: readonly AdjustmentCategory[] | null,
): Members[] {
  const slices = new Map(found.map((members) => [membersText(members), members]));
  const isFixed = (dimension: AdjustmentDimension) => dimension === 'CATEGORY' || dimension === 'GROUP';
  const categories = CATEGORIES.filter((category) => wanted === null || wanted.includes(category));
  const seeds = by.every(isFixed) ? [by.map(() => NIL_UUID)] : found;
  if (!by.includes('REASON_CODE'))
    for (const seed of seeds)
      for (const category of categories) {
        const named = Object.fromEntries(by.map((dimension, index) => [dimension, seed[index]]));
        const members = membersOf(by, category, named);
        slices.set(membersText(members), members);
      }
  return [...slices.values()];
}
