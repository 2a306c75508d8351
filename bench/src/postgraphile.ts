/** PostGraphile with pg-aggregates over the tables of a subgraph: what one has without writing reports. */
import { Decimal } from '@practice-graph/kit';
import { freePort } from '@practice-graph/kit/postgres';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Child } from './child';
import type { Ground } from './ground';
import { installedVersion, installPeers } from './peers';
import type { OtherQuestion, OtherReader } from './report-reading';
import { FROM, STRETCHES, TO } from './year';

const READY_MS = 60_000;
/** It refuses older ones. */
const NODE_MIN = 22;
const PACKAGES = ['postgraphile', '@graphile/pg-aggregates', 'postgraphile-plugin-connection-filter'];

export interface Peer extends OtherReader {
  readonly version: string;
}

/** Starts it as the role of the service, so that the same walls between clinics hold. */
export async function startPostgraphile(ground: Ground, stops: (() => unknown)[]): Promise<Peer> {
  const folder = installPeers('reports', '480 MB');
  const own = join(folder, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  const isOld = Number(process.versions.node.split('.')[0]) < NODE_MIN;
  if (isOld && !existsSync(own)) throw new Error(`PostGraphile needs Node ${String(NODE_MIN)} or newer`);
  const port = await freePort();
  const program = new Child({
    file: join(folder, 'postgraphile.mjs'),
    env: { BENCH_PEER: JSON.stringify({ url: ground.urls.app, port }), GRAPHILE_ENV: 'production' },
    cwd: folder,
    ...(isOld && { runtime: own }),
  });
  stops.push(() => program.stop());
  const url = `http://127.0.0.1:${String(port)}/graphql`;
  for (const until = Date.now() + READY_MS; ;) {
    if (program.ended !== undefined || Date.now() > until)
      throw new Error(`PostGraphile did not start: ${program.ended ?? 'it is not ready after a minute'}`);
    const answer = await fetch(`${url}?query=%7B__typename%7D`).catch(() => undefined);
    await answer?.text();
    if (answer) break;
    await sleep(100);
  }
  const headers = (clinicId: string) => ({ 'x-clinic-ids': clinicId });
  return { url, headers, version: PACKAGES.map((name) => `${name} ${installedVersion(folder, name)}`).join(', ') };
}

/** Columns to group by, as its schema names them; null where the sums cannot be had. */
export interface PeerGroups {
  readonly ledger: readonly string[] | null;
  readonly slices: { readonly dim: string; readonly columns: readonly string[] } | null;
}

const between = (from: string, to: string) => `{ greaterThanOrEqualTo: "${from}", lessThanOrEqualTo: "${to}" }`;
const grouped = (columns: readonly string[], sums: string) =>
  columns.length > 0
    ? `{ groupedAggregates(groupBy: [${columns.join(', ')}]) { keys sum { ${sums} } } }`
    : `{ aggregates { keys sum { ${sums} } } }`;

/** Sums of a clinic-year from the ledger of entries. */
const overLedger = (columns: readonly string[]): string =>
  `query ($clinic: UUID!) { whole: allProductionEntries(filter: { clinicId: { equalTo: $clinic }, productionDate: ${between(FROM, TO)} }) ${grouped(columns, 'gross adjustments sign')} }`;

/** The same from the slices: whole months by month, the days at both ends by day. */
const overSlices = ({ dim, columns }: NonNullable<PeerGroups['slices']>): string =>
  `query ($clinic: UUID!) { ${STRETCHES.map(
    ({ grain, from, to }, at) =>
      `part${String(at)}: allProductionSlice(filter: { clinicId: { equalTo: $clinic }, dim: { equalTo: "${dim}" }, grain: { equalTo: "${grain}" }, period: ${between(from, to)} }) ${grouped(columns, 'gross adjustments entryCount')}`,
  ).join(' ')} }`;

/** How it is asked for the sums of a report: from the ledger, and from our slices. */
export function questionsOf(groups: PeerGroups | null): OtherQuestion[] {
  const { ledger, slices } = groups ?? { ledger: null, slices: null };
  return [
    ...(ledger ? [{ name: 'ledger', query: overLedger(ledger), amounts }] : []),
    ...(slices ? [{ name: 'slices', query: overSlices(slices), amounts }] : []),
  ];
}

interface Sums {
  readonly keys: readonly (string | null)[] | null;
  readonly sum: { readonly gross: string | null };
}
type Part = { readonly aggregates?: Sums; readonly groupedAggregates?: readonly Sums[] };

/** Amounts of an answer, its parts added up group by group. */
function amounts(data: Readonly<Record<string, unknown>>): string[] {
  const found = new Map<string, Decimal>();
  for (const part of Object.values(data) as Part[])
    for (const { keys, sum } of part.groupedAggregates ?? (part.aggregates ? [part.aggregates] : [])) {
      const key = JSON.stringify(keys);
      found.set(key, (found.get(key) ?? new Decimal(0)).plus(sum.gross ?? 0));
    }
  return [...found.values()].map((amount) => amount.toFixed(2));
}
