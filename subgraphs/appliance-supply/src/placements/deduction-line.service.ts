import { findByKeys, lengthProblem, NAME_MAX, NOTE_MAX, reachable, type Refusal, type Tx } from '@practice-graph/kit';
import { scannedSupplies, scanRefusal, type ScannedSupply } from '../barcodes/scanned-item.service';
import { LINES_MAX } from '../defaults';
import { SupplyItem } from '../items/supply-item.entity';
import type { SupplyLot } from '../lots/supply-lot.entity';
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
  const lines = entries.flatMap((entry) => entry.lines);
  // The first two names of a path lead to the list that holds them all, whatever the form of the request.
  if (lines.length > LINES_MAX)
    throw refuse(
      'TOO_MANY_LINES',
      `A deduction takes at most ${String(LINES_MAX)} lines.`,
      lines[0]?.path('itemId').slice(0, 2) ?? ['input'],
    );
}

interface Known {
  readonly items: ReadonlyMap<string, SupplyItem>;
  readonly scans: ReadonlyMap<number, ScannedSupply>;
}

/** Item of a line, or why there is none. */
function itemOf(asked: AskedLine, clinicId: string, tx: Tx, { items, scans }: Known): SupplyItem | Refusal {
  const { input, path } = asked;
  const scan = scans.get(asked.index);
  if (scan) {
    const problem = scanRefusal(scan, path('scanned'));
    if (problem) return problem;
    if (scan.item && input.itemId && reachable(tx.session.viewer, input.itemId)?.id !== scan.item.id)
      return no('INVALID', 'The scanned code names another item.', path('itemId'));
    if (scan.item) return scan.item;
  }
  if (!input.itemId) return no('INVALID', 'Name the item that was used, or scan its code.', path('itemId'));
  const key = reachable(tx.session.viewer, input.itemId);
  const item = key?.clinicId === clinicId ? items.get(key.id) : undefined;
  return item ?? no('NOT_FOUND', 'There is no such item.', path('itemId'));
}

function lineOf(
  tx: Tx,
  clinicId: string,
  { input, index, path }: AskedLine,
  item: SupplyItem,
  scan: ScannedSupply | undefined,
): DeductionLine | Refusal {
  if (!input.quantity.gt(0)) return no('BAD_QUANTITY', 'The quantity must be more than zero.', path('quantity'));
  if (item.wholeUnitsOnly && !input.quantity.isInteger())
    return no('WHOLE_UNITS_ONLY', `${item.name} is used in whole units only.`, path('quantity'));
  const tooLong =
    lengthProblem(input.site, NAME_MAX, path('site')) ??
    lengthProblem(input.fefoOverrideReason, NOTE_MAX, path('fefoOverrideReason'));
  if (tooLong) return tooLong;
  const line = { index, itemId: item.id, quantity: input.quantity };
  const hasReason = (input.fefoOverrideReason?.trim() ?? '') !== '';
  const scanned = scan && item.lotTracked ? lotOf(scan, path, item) : null;
  if (scanned && 'code' in scanned) return scanned;
  if (!input.lotId) return { ...line, lotId: scanned?.id ?? null, hasReason: scanned !== null && hasReason };
  if (!item.lotTracked) return no('INVALID', `${item.name} is not tracked by lot.`, path('lotId'));
  const lot = reachable(tx.session.viewer, input.lotId);
  if (lot?.clinicId !== clinicId) return no('NOT_FOUND', 'There is no such lot.', path('lotId'));
  if (scanned && scanned.id !== lot.id) return no('INVALID', 'The scanned code names another lot.', path('lotId'));
  return { ...line, lotId: lot.id, hasReason };
}

/** Lot that a scanned code names; null for a code without one, which leaves the choice to first-expiry-first-out. */
function lotOf({ code, lot }: ScannedSupply, path: AskedLine['path'], item: SupplyItem): SupplyLot | Refusal | null {
  if (code.lotNumber === null) return null;
  if (!lot) return no('NOT_FOUND', `There is no lot ${code.lotNumber} of ${item.name}.`, path('scanned'));
  if (code.expirationDate !== null && lot.expirationDate !== null && code.expirationDate !== lot.expirationDate)
    return no('EXPIRY_MISMATCH', `Lot ${lot.lotNumber} is known to expire on ${lot.expirationDate}.`, path('scanned'));
  return lot;
}

/** What the scanned codes of lines mean at the places of their appliances, by the index of the line. */
async function scansOf(
  tx: Tx,
  clinicId: string,
  entries: readonly DeductionEntry[],
): Promise<ReadonlyMap<number, ScannedSupply>> {
  const asked = entries.flatMap(({ appliance, today, lines }) =>
    lines.flatMap(({ index, input: { scanned } }) =>
      appliance && scanned ? [{ index, scanned, today, locationId: appliance.locationId }] : [],
    ),
  );
  const found = await scannedSupplies(tx, clinicId, asked);
  return new Map(found.map((scan, at) => [asked[at]?.index ?? -1, scan]));
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
  const known = { items, scans: await scansOf(tx, clinicId, entries) };
  const refused = new Map<number, Refusal>();
  const lines = entries.flatMap(({ appliance, refusal, today, lines: askedLines }) =>
    askedLines.flatMap((asked): CheckedLine[] => {
      const refuseLine = (problem: Refusal) => {
        refused.set(asked.index, problem);
        return [];
      };
      if (!appliance) return refusal ? refuseLine(refusal) : [];
      const item = itemOf(asked, clinicId, tx, known);
      if (!(item instanceof SupplyItem)) return refuseLine(item);
      const line = lineOf(tx, clinicId, asked, item, known.scans.get(asked.index));
      return 'code' in line ? refuseLine(line) : [{ asked, appliance, item, today, line }];
    }),
  );
  return { lines, refused };
}
