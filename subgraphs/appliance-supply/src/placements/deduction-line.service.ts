import { findByKeys, reachable, type Refusal, type Tx } from '@practice-graph/kit';
import { LINES_MAX } from '../defaults';
import { SupplyItem } from '../items/supply-item.entity';
import { refuse } from '../refusals';
import type { ApplianceRecord } from './appliance-record.entity';
import type { DeductLineInput } from './appliance-record.inputs';
import type { DeductionLine } from './deduction.rules';

/** A line as the client asked for it, and where it stands in the arguments. */
export interface AskedLine {
  readonly input: DeductLineInput;
  /** Position in the whole request, over all entries. */
  readonly index: number;
  /** Where a member of it stands; the kit itself for a line that comes from one. */
  readonly path: (member: string) => readonly string[];
}

/** What is deducted for one appliance; without the appliance, why not. */
export interface DeductionEntry {
  readonly appliance: ApplianceRecord | null;
  readonly refusal: Refusal | null;
  /** Current business day of the place. */
  readonly today: string;
  readonly lines: readonly AskedLine[];
}

/** A line that can be planned, for its appliance. */
export interface CheckedLine {
  readonly asked: AskedLine;
  readonly appliance: ApplianceRecord;
  readonly item: SupplyItem;
  readonly today: string;
  readonly line: DeductionLine;
}

export interface CheckedLines {
  readonly lines: readonly CheckedLine[];
  /** Why lines cannot be planned, by their index. */
  readonly refused: ReadonlyMap<number, Refusal>;
}

type Code = Parameters<typeof refuse>[0];

const no = (code: Code, message: string, path: readonly string[]): Refusal =>
  refuse(code, message, path).refusals[0] as Refusal;

/** Refuses a change with too many lines, and one that would deduct nothing at all. */
export function checkCount(entries: readonly DeductionEntry[]): void {
  const count = entries.reduce((sum, entry) => sum + entry.lines.length, 0);
  if (count > LINES_MAX)
    throw refuse('TOO_MANY_LINES', `A deduction takes at most ${String(LINES_MAX)} lines.`, [
      'input',
      entries.length > 1 ? 'entries' : 'lines',
    ]);
}

/** Item of a line, or why there is none. */
function itemOf(asked: AskedLine, clinicId: string, tx: Tx, items: ReadonlyMap<string, SupplyItem>) {
  const { input, path } = asked;
  if (!input.itemId) return no('INVALID', 'Name the item that was used.', path('itemId'));
  const key = reachable(tx.session.viewer, input.itemId);
  const item = key?.clinicId === clinicId ? items.get(key.id) : undefined;
  return item ?? no('NOT_FOUND', 'There is no such item.', path('itemId'));
}

function lineOf(
  tx: Tx,
  clinicId: string,
  { input, index, path }: AskedLine,
  item: SupplyItem,
): DeductionLine | Refusal {
  if (!input.quantity.gt(0)) return no('BAD_QUANTITY', 'The quantity must be more than zero.', path('quantity'));
  if (item.wholeUnitsOnly && !input.quantity.isInteger())
    return no('WHOLE_UNITS_ONLY', `${item.name} is used in whole units only.`, path('quantity'));
  const line = { index, itemId: item.id, quantity: input.quantity };
  if (!input.lotId) return { ...line, lotId: null, hasReason: false };
  if (!item.lotTracked) return no('INVALID', `${item.name} is not tracked by lot.`, path('lotId'));
  const lot = reachable(tx.session.viewer, input.lotId);
  if (lot?.clinicId !== clinicId) return no('NOT_FOUND', 'There is no such lot.', path('lotId'));
  return { ...line, lotId: lot.id, hasReason: (input.fefoOverrideReason?.trim() ?? '') !== '' };
}

/** Checks the form of the lines and names their items, with one statement for all of them. */
export async function checkedLines(
  tx: Tx,
  clinicId: string,
  entries: readonly DeductionEntry[],
): Promise<CheckedLines> {
  const wanted = entries
    .flatMap((entry) => entry.lines)
    .flatMap(({ input }) => reachable(tx.session.viewer, input.itemId ?? '') ?? [])
    .filter((key) => key.clinicId === clinicId);
  const items = new Map((await findByKeys(tx, SupplyItem, wanted)).map((item) => [item.id, item]));
  const refused = new Map<number, Refusal>();
  const lines = entries.flatMap(({ appliance, refusal, today, lines: askedLines }) =>
    askedLines.flatMap((asked): CheckedLine[] => {
      const refuseLine = (problem: Refusal) => {
        refused.set(asked.index, problem);
        return [];
      };
      if (!appliance) return refusal ? refuseLine(refusal) : [];
      const item = itemOf(asked, clinicId, tx, items);
      if (!(item instanceof SupplyItem)) return refuseLine(item);
      const line = lineOf(tx, clinicId, asked, item);
      return 'code' in line ? refuseLine(line) : [{ asked, appliance, item, today, line }];
    }),
  );
  return { lines, refused };
}
