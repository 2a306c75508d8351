import { growth, shares, withheldCells, type GrowthValue } from '@practice-graph/practice';
import { Decimal } from 'decimal.js';
import {
  denseSlices,
  membersText,
  type Expected,
  type Members,
  type ProductionDimension,
} from './production-dimension.rules';

/** What a breakdown compares and ranks; sums of other kinds go along. */
interface NetSum {
  readonly gross: Decimal;
  readonly adjustments: Decimal;
}

/** Sums of one slice in one stretch of days. */
export interface ReportSum<S extends NetSum> {
  /** Position of the stretch. */
  readonly stretch: number;
  readonly members: Members;
  readonly sums: S;
}

/** How many patients stand behind one slice in one stretch. */
export interface ReportCount {
  readonly stretch: number;
  readonly members: Members;
  readonly patients: number;
}

export interface BreakdownCell<S> {
  readonly isSuppressed: boolean;
  readonly sums: S;
  readonly net: Decimal;
  readonly share: Decimal | null;
  readonly growth: GrowthValue | null;
}

/** One slice with its cell in each stretch. */
export interface BreakdownSlice<S> {
  readonly members: Members;
  readonly cells: readonly BreakdownCell<S>[];
}

export interface BreakdownFacts<S extends NetSum> {
  readonly by: readonly ProductionDimension[];
  /** Stretches reported; those compared with follow them in the same order. */
  readonly stretches: number;
  readonly compared: number;
  readonly sums: readonly ReportSum<S>[];
  /** Patients behind each cell for a reader of aggregates; null shows everything. */
  readonly counts: readonly ReportCount[] | null;
  readonly expected: Expected;
  /** Slices that are there for something else than production. */
  readonly alsoFound: readonly Members[];
  /** Sums of a slice without production. */
  readonly nothing: S;
}

export const cellText = (stretch: number, members: Members): string => `${String(stretch)}|${membersText(members)}`;

/**
 * Slices of a breakdown, dense over stretches and the members that are known. Shares are parts of all cells together and
 * add up to 1; growth is against the stretch of the same position in the compared period. A withheld cell, and growth
 * against a withheld one, tells nothing.
 */
export function breakdownSlices<S extends NetSum>(facts: BreakdownFacts<S>): BreakdownSlice<S>[] {
  const { by, stretches, compared } = facts;
  const sumsOf = new Map(facts.sums.map((sum) => [cellText(sum.stretch, sum.members), sum.sums]));
  const members = [...facts.sums.map((sum) => sum.members), ...facts.alsoFound];
  const found = new Map(members.map((each) => [membersText(each), each]));
  const slices = denseSlices(by, [...found.values()], facts.expected);
  const all = slices.flatMap((members) =>
    Array.from({ length: stretches + compared }, (_, stretch) => ({ members, stretch })),
  );
  const hidden = hiddenCells(facts, all);
  const sumsAt = (stretch: number, members: Members) => sumsOf.get(cellText(stretch, members)) ?? facts.nothing;
  const netAt = (stretch: number, members: Members) => {
    const { gross, adjustments } = sumsAt(stretch, members);
    return gross.minus(adjustments);
  };

  const present = all.filter(({ stretch }) => stretch < stretches);
  const parts = shares(present.map(({ members, stretch }) => netAt(stretch, members)));
  const shareAt = new Map(present.map(({ members, stretch }, i) => [cellText(stretch, members), parts[i] ?? null]));

  return slices.map((members) => ({
    members,
    cells: Array.from({ length: stretches }, (_, stretch) => {
      const isSuppressed = hidden.has(cellText(stretch, members));
      const before = stretches + stretch;
      const net = netAt(stretch, members);
      const isComparable = !isSuppressed && stretch < compared && !hidden.has(cellText(before, members));
      return {
        isSuppressed,
        sums: sumsAt(stretch, members),
        net,
        share: isSuppressed ? null : (shareAt.get(cellText(stretch, members)) ?? null),
        growth: isComparable ? growth(net, netAt(before, members)) : null,
      };
    }),
  }));
}

function hiddenCells<S extends NetSum>(
  { stretches, counts }: BreakdownFacts<S>,
  all: readonly { members: Members; stretch: number }[],
): ReadonlySet<string> {
  const hidden = new Set<string>();
  if (!counts) return hidden;
  const patients = new Map(counts.map((count) => [cellText(count.stretch, count.members), count.patients]));
  // The reported and the compared period are two tables; each must hold on its own.
  for (const isPast of [false, true]) {
    const table = all.filter(({ stretch }) => stretch >= stretches === isPast);
    const verdicts = withheldCells(
      table.map(({ members, stretch }) => ({
        position: [String(stretch), ...members],
        patients: patients.get(cellText(stretch, members)) ?? 0,
      })),
    );
    table.forEach(({ members, stretch }, i) => {
      if (verdicts[i]) hidden.add(cellText(stretch, members));
    });
  }
  return hidden;
}

/**
 * Slices with the largest net production first, ties by name and then key; withheld cells count for nothing, so that the
 * order tells nothing of them. A limit keeps the first.
 */
export function rankedSlices<T extends BreakdownSlice<unknown> & { readonly label: string }>(
  slices: readonly T[],
  limit: number | null,
): T[] {
  const ranked = slices
    .map((slice) => ({
      slice,
      key: membersText(slice.members),
      net: slice.cells.reduce((rest, cell) => (cell.isSuppressed ? rest : rest.plus(cell.net)), new Decimal(0)),
    }))
    .sort(
      (a, b) =>
        b.net.comparedTo(a.net) ||
        (a.slice.label === b.slice.label ? (a.key < b.key ? -1 : 1) : a.slice.label < b.slice.label ? -1 : 1),
    )
    .map(({ slice }) => slice);
  return limit === null ? ranked : ranked.slice(0, limit);
}
