import { Decimal } from 'decimal.js';
import { NIL_UUID, UNASSIGNED } from './performance-key';
import { growth, type GrowthValue } from './ratio.rules';
import { withheldCells } from './small-cell.rules';
import { shares } from './split.rules';

/** Members of a slice in the order of its dimensions: codes, row uuids, and the nil uuid for none. */
export type SliceMembers = readonly string[];

/** Text that is equal for equal members; `unassigned` stands for none. */
export const membersText = (members: SliceMembers): string =>
  members.map((member) => (member === NIL_UUID ? UNASSIGNED : member)).join('/');

export const cellText = (stretch: number, members: SliceMembers): string =>
  `${String(stretch)}|${membersText(members)}`;

/** One slice in one stretch of days. */
export interface SliceCell {
  /** Position of the stretch. */
  readonly stretch: number;
  readonly members: SliceMembers;
}

export interface BreakdownFacts<S> {
  /** Slices shown, whether found or not; when it is missing, those found. */
  readonly slices?: readonly SliceMembers[];
  /** Stretches reported; those compared with follow them in the same order. */
  readonly stretches: number;
  readonly compared: number;
  readonly sums: readonly (SliceCell & { readonly sums: S })[];
  /** Patients behind each cell for a reader of aggregates; null shows everything. */
  readonly counts: readonly (SliceCell & { readonly patients: number })[] | null;
  /** Sums of a slice without any fact. */
  readonly nothing: S;
  /** What is compared and ranked. */
  readonly amountOf: (sums: S) => Decimal;
}

export interface BreakdownCell<S> {
  readonly isSuppressed: boolean;
  readonly sums: S;
  readonly amount: Decimal;
  readonly share: Decimal | null;
  readonly growth: GrowthValue | null;
}

/** One slice with its cell in each stretch. */
export interface BreakdownSlice<S> {
  readonly members: SliceMembers;
  readonly cells: readonly BreakdownCell<S>[];
}

/** The members of cells, each once. */
export const distinctMembers = (cells: readonly Pick<SliceCell, 'members'>[]): SliceMembers[] => [
  ...new Map(cells.map(({ members }) => [membersText(members), members])).values(),
];

/**
 * Slices of a breakdown, dense over stretches. Shares are parts of all cells together and add up to 1; growth is against
 * the stretch of the same position in the compared period. A withheld cell, and growth against one, tells nothing.
 */
export function slicesOfBreakdown<S>(facts: BreakdownFacts<S>): BreakdownSlice<S>[] {
  const { stretches, compared, amountOf } = facts;
  const sumsOf = new Map(facts.sums.map((sum) => [cellText(sum.stretch, sum.members), sum.sums]));
  const slices = facts.slices ?? distinctMembers(facts.sums);
  const all = slices.flatMap((members) =>
    Array.from({ length: stretches + compared }, (_, stretch) => ({ members, stretch })),
  );
  const hidden = hiddenCells(facts, all);
  const sumsAt = (stretch: number, members: SliceMembers) => sumsOf.get(cellText(stretch, members)) ?? facts.nothing;
  const present = all.filter(({ stretch }) => stretch < stretches);
  const parts = shares(present.map(({ members, stretch }) => amountOf(sumsAt(stretch, members))));
  const shareAt = new Map(present.map(({ members, stretch }, i) => [cellText(stretch, members), parts[i] ?? null]));

  return slices.map((members) => ({
    members,
    cells: Array.from({ length: stretches }, (_, stretch) => {
      const at = cellText(stretch, members);
      const isSuppressed = hidden.has(at);
      const before = stretches + stretch;
      const sums = sumsAt(stretch, members);
      const amount = amountOf(sums);
      const isComparable = !isSuppressed && stretch < compared && !hidden.has(cellText(before, members));
      return {
        ...{ isSuppressed, sums, amount, share: isSuppressed ? null : (shareAt.get(at) ?? null) },
        growth: isComparable ? growth(amount, amountOf(sumsAt(before, members))) : null,
      };
    }),
  }));
}

function hiddenCells<S>({ stretches, counts }: BreakdownFacts<S>, all: readonly SliceCell[]): ReadonlySet<string> {
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
 * Slices with the largest amounts first, ties by name and then key; withheld cells count for nothing, so that the order
 * tells nothing of them. A limit keeps the first.
 */
export function rankedBreakdown<T extends BreakdownSlice<unknown> & { readonly label: string }>(
  slices: readonly T[],
  limit: number | null,
): T[] {
  const ranked = slices
    .map((slice) => ({
      slice,
      key: membersText(slice.members),
      amount: slice.cells.reduce((sum, cell) => (cell.isSuppressed ? sum : sum.plus(cell.amount)), new Decimal(0)),
    }))
    .sort(
      (a, b) =>
        b.amount.comparedTo(a.amount) ||
        (a.slice.label === b.slice.label ? (a.key < b.key ? -1 : 1) : a.slice.label < b.slice.label ? -1 : 1),
    )
    .map(({ slice }) => slice);
  return limit === null ? ranked : ranked.slice(0, limit);
}
