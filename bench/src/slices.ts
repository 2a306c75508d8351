import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { adjustmentLedger } from './adjustment-slices';
import { openGround } from './ground';
import { measureGrowth, type Growth, type Ledger } from './growth';
import { productionLedger } from './production-slices';
import { sliceReport } from './slice-report';
import { supplyLedger } from './supply-slices';

export interface SliceOptions {
  /** Sizes of the clinics that are compared, rising. */
  readonly entries: readonly number[];
  /** Part of the name of a ledger; undefined measures all. */
  readonly only: string | undefined;
  /** Whether peers read the same tables. */
  readonly hasPeers: boolean;
  /** File of the results of a ledger; undefined prints them only. */
  readonly output: ((ledger: string) => string) | undefined;
  readonly command: string;
}

const LEDGERS: readonly { readonly title: string; readonly measure: (options: SliceOptions) => Promise<Growth> }[] = [
  inDatabaseOfItsOwn(productionLedger),
  inDatabaseOfItsOwn(adjustmentLedger),
  inDatabaseOfItsOwn(supplyLedger),
];

function inDatabaseOfItsOwn<C extends { readonly id: string }>(ledger: Ledger<C>) {
  const measure = async ({ entries, hasPeers }: SliceOptions): Promise<Growth> => {
    const folder = mkdtempSync(join(tmpdir(), 'practice-graph-slices-'));
    const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
    try {
      const ground = await openGround(ledger.subgraph, folder, stops);
      // What cannot be installed here is said in the results, and the rest measured.
      const peer = hasPeers && ledger.peer ? await ledger.peer(ground, stops).catch(String) : null;
      return await measureGrowth(ground, ledger, entries, peer);
    } finally {
      for (const stop of stops.toReversed()) await stop();
    }
  };
  return { title: ledger.title, measure };
}

/** Measures what the reports of clinics of different size cost; one page of results per ledger. */
export async function benchSlices(options: SliceOptions): Promise<void> {
  const { only, output } = options;
  for (const { title, measure } of LEDGERS) {
    if (!title.toLowerCase().includes(only?.toLowerCase() ?? '')) continue;
    const text = sliceReport(await measure(options), options);
    process.stdout.write(text);
    if (output !== undefined) writeFileSync(output(title.toLowerCase()), text);
  }
}
