import {
  growth,
  shares,
  withheldInAnyLayer,
  type CountedCell,
  type GrowthValue,
  type LayeredCell,
} from '@practice-graph/practice';
import { Decimal } from 'decimal.js';
import type { AdjustmentCategory } from '../entries/adjustment-category.rules';
import { byCategory, type CategorySum, type CategorySums } from '../measures/write-off.rules';
import {
  denseSlices,
  membersOf,
  membersText,
  type AdjustmentDimension,
  type Members,
} from './adjustment-dimension.rules';

type Named = Readonly<Partial<Record<AdjustmentDimension, string>>>;

/** Sums of one category of one slice in one stretch of days. */
export interface ReportSum extends CategorySum {
  /** Position of the stretch. */
  readonly stretch: number;
  readonly named: Named;
  /** Every entry selected, whatever its state. */
  readonly allAmount: Decimal;
  readonly allCount: number;
}

/** How many patients stand behind one slice in one stretch, or behind one category of it. */
export interface ReportCount {
  readonly stretch: number;
  readonly members: Members;
  /** Null for the slice as a whole. */
  readonly category: AdjustmentCategory | null;
  readonly patients: number;
  /** Patients whom the filter leaves out; asking again without it would tell them. */
  readonly others: number;
  /** Patients of whom something waits for a decision. */
  readonly waiting: number;
}

export interface BreakdownCell {
  readonly isSuppressed: boolean;
  /** True when measures by category would tell of few patients, though the cell as a whole does not. */
  readonly isClosed: boolean;
  readonly sums: CategorySums;
  readonly amount: Decimal;
  readonly count: number;
  readonly share: Decimal | null;
  readonly growth: GrowthValue | null;
}

/** One slice with its cell in each stretch. */
export interface BreakdownSlice {
  readonly members: Members;
  readonly cells: readonly BreakdownCell[];
}

export interface BreakdownFacts {
  readonly by: readonly AdjustmentDimension[];
  /** Stretches reported; those compared with follow them in the same order. */
  readonly stretches: number;
  readonly compared: number;
  readonly sums: readonly ReportSum[];
  /** Patients behind each cell for a reader of aggregates; null shows everything. */
  readonly counts: readonly ReportCount[] | null;
  /** Categories that the filter lets through; null for all. */
  readonly categories: readonly AdjustmentCategory[] | null;
  /** True when amounts are of all selected entries, also of those that do not count. */
  readonly ofAllStates: boolean;
}

const ZERO = new Decimal(0);
const cellText = (stretch: number, members: Members) => `${String(stretch)}|${membersText(members)}`;

/**
 * Slices of a breakdown, dense over stretches, categories and groups. Shares are parts of all cells together and add up
 * to 1; growth is against the stretch of the same position in the compared period. A withheld cell, and growth against a
 * withheld one, tells nothing.
 */
export function breakdownSlices(facts: BreakdownFacts): BreakdownSlice[] {
  const { by, stretches, compared } = facts;
  const of = new Map<string, ReportSum[]>();
  const found = new Map<string, Members>();
  for (const sum of facts.sums) {
    const members = membersOf(by, sum.category, sum.named);
    found.set(membersText(members), members);
    const text = cellText(sum.stretch, members);
    of.set(text, [...(of.get(text) ?? []), sum]);
  }
  const slices = denseSlices(by, [...found.values()], facts.categories);
  const all = slices.flatMap((members) =>
    Array.from({ length: stretches + compared }, (_, stretch) => ({ members, stretch })),
  );
  const hidden = hiddenCells(facts, all, 'CELLS');
  const closed = hiddenCells(facts, all, 'MEASURES');
  const sumsAt = (stretch: number, members: Members) => of.get(cellText(stretch, members)) ?? [];
  const amountAt = (stretch: number, members: Members) =>
    sumsAt(stretch, members).reduce((rest, sum) => rest.plus(facts.ofAllStates ? sum.allAmount : sum.amount), ZERO);

  const present = all.filter(({ stretch }) => stretch < stretches);
  const parts = shares(present.map(({ members, stretch }) => amountAt(stretch, members)));
  const shareAt = new Map(present.map(({ members, stretch }, i) => [cellText(stretch, members), parts[i] ?? null]));

  return slices.map((members) => ({
    members,
    cells: Array.from({ length: stretches }, (_, stretch) => {
      const own = sumsAt(stretch, members);
      const isSuppressed = hidden.has(cellText(stretch, members));
      const before = stretches + stretch;
      const amount = amountAt(stretch, members);
      const isComparable = !isSuppressed && stretch < compared && !hidden.has(cellText(before, members));
      return {
        isSuppressed,
        isClosed: closed.has(cellText(stretch, members)),
        sums: byCategory(own),
        amount,
        count: own.reduce((count, sum) => count + (facts.ofAllStates ? sum.allCount : sum.count), 0),
        share: isSuppressed ? null : (shareAt.get(cellText(stretch, members)) ?? null),
        growth: isComparable ? growth(amount, amountAt(before, members)) : null,
      };
    }),
  }));
}

type Shown = 'CELLS' | 'MEASURES';

/** Patients behind what is shown of a slice: behind the slice as a whole, or behind each of its measures. */
function layersOf(counts: readonly ReportCount[], what: Shown): LayeredCell['layers'] {
  const layers = new Map<string, Omit<CountedCell, 'position'>>();
  for (const { category, patients, others, waiting } of counts) {
    if (category === null || what === 'MEASURES') layers.set(category ?? 'ALL', { patients, others });
    if (category === null && what === 'MEASURES') layers.set('WAITING', { patients: waiting });
  }
  return layers;
}

/** True when what a report shows tells of few patients: of those behind it, or of those whom its filter leaves out. */
export const tellsOfFew = (counts: readonly ReportCount[], what: Shown): boolean =>
  withheldInAnyLayer([{ position: [], layers: layersOf(counts, what) }]).includes(true);

function hiddenCells(
  { stretches, counts }: BreakdownFacts,
  all: readonly { members: Members; stretch: number }[],
  what: Shown,
): ReadonlySet<string> {
  const hidden = new Set<string>();
  if (!counts) return hidden;
  const of = new Map<string, ReportCount[]>();
  for (const count of counts) {
    const text = cellText(count.stretch, count.members);
    of.set(text, [...(of.get(text) ?? []), count]);
  }
  // The reported and the compared period are two tables; each must hold on its own.
  for (const isPast of [false, true]) {
    const table = all.filter(({ stretch }) => stretch >= stretches === isPast);
    const verdicts = withheldInAnyLayer(
      table.map(({ members, stretch }) => ({
        position: [String(stretch), ...members],
        layers: layersOf(of.get(cellText(stretch, members)) ?? [], what),
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
export function rankedSlices<S extends BreakdownSlice & { readonly label: string }>(
  slices: readonly S[],
  limit: number | null,
): S[] {
  const amountOf = (slice: S) =>
    slice.cells.reduce((rest, cell) => (cell.isSuppressed ? rest : rest.plus(cell.amount)), ZERO);
  const ranked = slices
    .map((slice) => ({ slice, amount: amountOf(slice), key: membersText(slice.members) }))
    .sort(
      (a, b) =>
        b.amount.comparedTo(a.amount) ||
        (a.slice.label === b.slice.label ? (a.key < b.key ? -1 : 1) : a.slice.label < b.slice.label ? -1 : 1),
    )
    .map(({ slice }) => slice);
  return limit === null ? ranked : ranked.slice(0, limit);
}
