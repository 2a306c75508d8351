import { reachable, recordIdText, Refused, type Tx } from '@practice-graph/kit';
import { lotNumberKey, type Day } from '@practice-graph/practice';
import type { SupplyLotReceiveLineInput } from '../lots/supply-lot.inputs';
import { refuse } from '../refusals';
import { scannedSupplies, scanRefusal, type ScannedSupply } from './scanned-item.service';

type Line = SupplyLotReceiveLineInput;

/** What is typed beside a scan must say the same; what is not typed is taken from the code. */
function agreed<T>(typed: T | null | undefined, scanned: T | null, isSame: (a: T, b: T) => boolean, no: () => Error) {
  if (typed === null || typed === undefined || typed === '') return scanned;
  if (scanned !== null && !isSame(typed, scanned)) throw no();
  return typed;
}

const sameGtin = (a: string, b: string) => a.trim().padStart(14, '0') === b.padStart(14, '0');

function filled(tx: Tx, line: Line, { code, item }: ScannedSupply, path: readonly string[]): Line {
  if (!item) return line;
  const no = (member: string) => () => refuse('INVALID', `The scanned code says another ${member}.`, [...path, member]);
  if (line.itemId && reachable(tx.session.viewer, line.itemId)?.id !== item.id) throw no('itemId')();
  const equal = (a: string, b: string) => a.trim() === b;
  return Object.assign({}, line, {
    itemId: recordIdText(item.clinicId, item.id),
    gtin: agreed(line.gtin, code.gtin, sameGtin, no('gtin')),
    serialNumber: agreed(line.serialNumber, code.serialNumber, equal, no('serialNumber')),
    // Goods that are not told apart by lot lose what the pack says of one.
    lotNumber: item.lotTracked
      ? agreed(line.lotNumber, code.lotNumber, (a, b) => lotNumberKey(a) === lotNumberKey(b), no('lotNumber'))
      : line.lotNumber,
    expirationDate: agreed(line.expirationDate, code.expirationDate, equal, no('expirationDate')),
  });
}

/** Lines of a receipt with what their scanned codes say: item, lot, expiry, GTIN and serial number (SUP-51). */
export async function withScans(
  tx: Tx,
  clinicId: string,
  lines: readonly Line[],
  today: Day,
  pathOf: (index: number) => readonly string[],
): Promise<readonly Line[]> {
  const scanned = lines.flatMap((line, index) => (line.scanned ? [{ index, scanned: line.scanned, today }] : []));
  if (scanned.length === 0) return lines;
  const found = await scannedSupplies(tx, clinicId, scanned);
  const refusals = found.flatMap(
    (scan, at) => scanRefusal(scan, [...pathOf(scanned[at]?.index ?? 0), 'scanned']) ?? [],
  );
  if (refusals.length > 0) throw new Refused(refusals);
  return lines.map((line, index) => {
    const scan = found[scanned.findIndex((each) => each.index === index)];
    return scan ? filled(tx, line, scan, pathOf(index)) : line;
  });
}
