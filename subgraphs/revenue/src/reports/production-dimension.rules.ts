import { membersText, NIL_UUID, type SliceMembers } from '@practice-graph/practice';

/** What production is split by. */
export const ProductionDimension = {
  PROVIDER: 'PROVIDER',
  LOCATION: 'LOCATION',
  CATEGORY: 'CATEGORY',
  PROCEDURE_CODE: 'PROCEDURE_CODE',
  PHASE: 'PHASE',
  APPLIANCE_SYSTEM: 'APPLIANCE_SYSTEM',
} as const;
export type ProductionDimension = keyof typeof ProductionDimension;

/** Most dimensions of one breakdown. */
export const DIMENSIONS_MAX = 3;

const LABELS: Readonly<Partial<Record<ProductionDimension, Readonly<Record<string, string>>>>> = {
  CATEGORY: {
    CONSULTATION: 'Consultation',
    RECORDS: 'Records',
    TREATMENT_START: 'Treatment start',
    ADJUSTMENT: 'Adjustment visit',
    DEBOND: 'Debond',
    RETENTION: 'Retention',
    EMERGENCY: 'Emergency',
    OTHER: 'Other',
  },
  PHASE: {
    PHASE_1: 'Phase 1',
    PHASE_2: 'Phase 2',
    COMPREHENSIVE: 'Comprehensive',
    LIMITED: 'Limited',
    RETENTION: 'Retention',
  },
};

/** Name of a member for people; null where a record has to be asked for it. */
export function fixedLabel(dimension: ProductionDimension, member: string): string | null {
  if (member === NIL_UUID) return 'Unassigned';
  if (dimension === 'PROVIDER' || dimension === 'LOCATION') return null;
  return LABELS[dimension]?.[member] ?? member;
}

/** Members that are shown although nothing was produced, by dimension; a dimension that is missing shows what there is. */
export type Expected = Readonly<Partial<Record<ProductionDimension, readonly string[]>>>;

/** The fixed members of categories and kinds of treatment, cut to a filter. */
export const expectedFixed = (
  dimension: 'CATEGORY' | 'PHASE',
  wanted: readonly string[] | null | undefined,
): readonly string[] => Object.keys(LABELS[dimension] ?? {}).filter((member) => !wanted || wanted.includes(member));

/**
 * Slices of a breakdown: those found, and for each dimension whose members are known those that produced nothing, in
 * every combination with the members found of the others. Pairs of location and provider are only those found, because
 * most people never work at most places; a procedure code has one category as a rule, so codes add nothing either.
 */
export function denseSlices(
  by: readonly ProductionDimension[],
  found: readonly SliceMembers[],
  expected: Expected,
): SliceMembers[] {
  const slices = new Map(found.map((members) => [membersText(members), members]));
  const isPaired = by.includes('PROVIDER') && by.includes('LOCATION');
  const isFree = (dimension: ProductionDimension) =>
    expected[dimension] !== undefined && !(isPaired && (dimension === 'PROVIDER' || dimension === 'LOCATION'));
  if (by.includes('PROCEDURE_CODE')) return [...slices.values()];
  const free = by.map((dimension) => (isFree(dimension) ? (expected[dimension] ?? []) : null));
  const seeds = free.some((members) => members === null) ? found : [by.map(() => NIL_UUID)];
  for (const seed of seeds) for (const members of combinations(seed, free)) slices.set(membersText(members), members);
  return [...slices.values()];
}

/** A seed with each of the known members in the places where they are known. */
const combinations = (seed: SliceMembers, free: readonly (readonly string[] | null)[]): SliceMembers[] =>
  free.reduce<SliceMembers[]>(
    (all, members, index) =>
      all.flatMap((partial) => (members ?? [seed[index] ?? NIL_UUID]).map((member) => [...partial, member])),
    [[]],
  );
