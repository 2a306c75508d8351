import { definitions, prepareDatabases, secretsFrom } from '@practice-graph/app';
import { fixedClock, openDatabase, type Database } from '@practice-graph/kit';
import { clinicIdText, IDENTITY_HEADER, recordIdText, signIdentity } from '@practice-graph/kit/identity';
import { startPostgres, type DatabaseUrls } from '@practice-graph/kit/postgres';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { Child } from './child';
import { importEntries, openClinic, type LedgerClinic } from './ledger';
import type { LoadAnswer, LoadOrder } from './load-program';
import { percentile, sortedNumbers } from './numbers';
import { sliceReport } from './slice-report';
import type { SubgraphStart } from './subgraph-program';

export interface SliceOptions {
  /** Entries of the large clinic at which the reports are measured, rising. */
  readonly entries: readonly number[];
  readonly output: string | undefined;
  readonly command: string;
}

/** One report at one size of the ledger. */
export interface ReportMeasured {
  readonly entries: number;
  readonly report: string;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of the same sums read from the ledger itself, without slices. */
  readonly ledger: number;
}

export interface SliceResults {
  readonly reports: readonly ReportMeasured[];
  /** Entries per second of the bulk use case while the large clinic grew, by the size reached. */
  readonly bulk: readonly { readonly entries: number; readonly perSecond: number }[];
  /** Entries per second, recorded one by one through the graph. */
  readonly single: readonly { readonly what: string; readonly perSecond: number; readonly p50: number }[];
}

const CLOCK = '2026-06-30T16:00:00Z';
const SMALL_CLINICS = 9;
const SMALL_ENTRIES = 10_000;
const READS = 300;
const WRITERS = 8;
const WRITE_SECONDS = 5;
const WRITES_MAX = 40_000;

/** From the third to the last day but one: whole months are read by month, the rest by day. */
const YEAR = '{ range: { from: "2025-07-03", to: "2026-06-28" } }';
const MEASURES = 'production { gross net entryCount }';
const REPORTS: Readonly<Record<string, { readonly query: string; readonly groupBy: string }>> = {
  'the clinic': {
    query: `query ($id: ID!) { performanceReport(clinicId: $id, period: ${YEAR}, groupBy: []) { rows { ${MEASURES} } } }`,
    groupBy: '()',
  },
  'by location and month': {
    query: `query ($id: ID!) { performanceReport(clinicId: $id, period: ${YEAR}, groupBy: [LOCATION], granularity: MONTH) { rows { location { name } ${MEASURES} } } }`,
    groupBy: "(location_id, date_trunc('month', production_date))",
  },
  'by provider': {
    query: `query ($id: ID!) { performanceReport(clinicId: $id, period: ${YEAR}, groupBy: [PROVIDER]) { rows { provider { name } ${MEASURES} } } }`,
    groupBy: '(provider_id)',
  },
};
const RECORD =
  'mutation ($input: ProductionEntryRecordInput!) { productionEntryRecord(input: $input) { productionEntry { id } userErrors { code message } } }';

const tell = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Everything that is open while the reports are measured. */
interface Ground {
  readonly urls: DatabaseUrls;
  readonly adminUrl: string;
  readonly database: Database;
  readonly program: Child;
  readonly load: Child;
  readonly url: string;
  readonly identitySecret: string;
}

/** Grows a clinic's ledger and measures what its reports cost, then how fast entries are written. */
export async function benchSlices(options: SliceOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'practice-graph-slices-'));
  const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const ground = await openGround(folder, stops);
    const text = sliceReport(await measure(options, ground), options);
    process.stdout.write(text);
    if (options.output !== undefined) writeFileSync(options.output, text);
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

async function openGround(folder: string, stops: (() => unknown)[]): Promise<Ground> {
  const revenue = definitions.find(({ name }) => name === 'revenue');
  if (revenue === undefined) throw new Error('there is no subgraph revenue');
  // Writes are measured too, so every commit is forced to disk.
  const postgres = await startPostgres({ directory: join(folder, 'database'), durable: true });
  stops.push(() => postgres.stop());
  const secrets = secretsFrom('the bench only, thrown away with its database');
  const urls = (await prepareDatabases(postgres.adminUrl, [revenue], secrets.password))[revenue.name];
  if (urls === undefined) throw new Error('there is no database');
  const database = await openDatabase({
    ...{ name: revenue.name, url: urls.app, workerUrl: urls.worker, entities: revenue.entities },
    ...{
      clock: fixedClock(CLOCK),
      auditKey: secrets.audit,
      publishes: revenue.publishes,
      log: pino({ level: 'silent' }),
    },
  });
  stops.push(() => database.close());
  const program = new Child({ file: join(__dirname, 'subgraph-program.js') });
  stops.push(() => program.stop());
  const load = new Child({ file: join(__dirname, 'load-program.js') });
  stops.push(() => load.stop());
  const start: SubgraphStart = {
    ...{ name: revenue.name, url: urls.app, workerUrl: urls.worker, clock: CLOCK },
    ...{ identitySecret: secrets.identity, eventSecret: secrets.events, auditKey: secrets.audit },
  };
  const url = `${await program.ask<string>('start', start)}/graphql`;
  return { urls, adminUrl: postgres.adminUrl, database, program, load, url, identitySecret: secrets.identity };
}

async function measure(options: SliceOptions, ground: Ground): Promise<SliceResults> {
  const large = await openClinic(ground.database, 'Large');
  const small: LedgerClinic[] = [];
  tell(`${String(SMALL_CLINICS)} clinics of ${String(SMALL_ENTRIES)} entries`);
  for (let n = 0; n < SMALL_CLINICS; n += 1) {
    const clinic = await openClinic(ground.database, `Small ${String(n + 1)}`);
    await importEntries(ground.database, clinic, 0, SMALL_ENTRIES);
    small.push(clinic);
  }
  const reports: ReportMeasured[] = [];
  const bulk: { entries: number; perSecond: number }[] = [];
  let imported = 0;
  for (const entries of options.entries) {
    tell(`importing up to ${String(entries)} entries`);
    const seconds = await importEntries(ground.database, large, imported, entries);
    bulk.push({ entries, perSecond: (entries - imported) / seconds });
    imported = entries;
    await asOwner(ground, (owner) => owner.query('VACUUM (ANALYZE)'));
    for (const report of Object.keys(REPORTS)) reports.push(await read(ground, large, entries, report));
  }
  tell('recording single entries');
  return { reports, bulk, single: await writes(ground, large, small) };
}

async function asOwner<T>({ adminUrl, urls }: Ground, work: (owner: Client) => Promise<T>): Promise<T> {
  // The administrator reads past the walls between clinics, which the owner of the tables may not.
  const { pathname } = new URL(urls.owner);
  const client = new Client({ connectionString: new URL(pathname, adminUrl).href });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function headersFor({ identitySecret }: Ground, clinics: readonly LedgerClinic[]): Record<string, string> {
  const identity = signIdentity(
    {
      ...{ subject: 'bench', role: 'ADMIN', aggregateOnly: false, purpose: null, ip: null, restrictions: {} },
      scopes: ['finance:view_revenue', 'finance:view_reports', 'finance:record_revenue'],
      clinicIds: clinics.map(({ id }) => id),
      requestId: randomUUID().replaceAll('-', ''),
    },
    'revenue',
    identitySecret,
  );
  return { [IDENTITY_HEADER]: identity };
}

async function read(ground: Ground, clinic: LedgerClinic, entries: number, report: string): Promise<ReportMeasured> {
  const { query, groupBy } = REPORTS[report] as { query: string; groupBy: string };
  const headers = headersFor(ground, [clinic]);
  const body = JSON.stringify({ query, variables: { id: clinicIdText(clinic.id) } });
  const sums = `SELECT sum(gross)::text AS gross, count(*)::int AS entries FROM production_entry
    WHERE clinic_id = $1 AND production_date BETWEEN '2025-07-03' AND '2026-06-28' GROUP BY ${groupBy}`;
  const { ledger, gross } = await asOwner(ground, async (owner) => {
    const times: number[] = [];
    let found: { gross: string }[] = [];
    for (let n = 0; n < 5; n += 1) {
      const began = performance.now();
      found = (await owner.query<{ gross: string }>(sums, [clinic.id])).rows;
      times.push(performance.now() - began);
    }
    return { ledger: percentile(sortedNumbers(times), 0.5), gross: found.map((row) => row.gross) };
  });
  await requireEqual(ground.url, body, headers, gross, report);
  const order: LoadOrder = {
    ...{ url: ground.url, connections: 1, seconds: 20, requestsMax: READS, first: 0, isEven: false },
    ...{ bodies: [body], headers: [headers] },
  };
  await ground.load.ask<LoadAnswer>('run', { ...order, requestsMax: 50 });
  const { latencies, failures } = await ground.load.ask<LoadAnswer>('run', order);
  if (failures > 0) throw new Error(`${report}: ${String(failures)} of ${String(latencies.length)} reads failed`);
  const sorted = sortedNumbers(latencies);
  return { entries, report, ledger, p50: percentile(sorted, 0.5) / 1_000, p99: percentile(sorted, 0.99) / 1_000 };
}

interface ReportAnswer {
  readonly data?: {
    readonly performanceReport?: { readonly rows: readonly { production: { gross: string } }[] } | null;
  };
}

async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return await answer.text();
}

/** A quick report that is wrong would be worth nothing: its rows must hold exactly the sums of the ledger. */
async function requireEqual(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  wanted: readonly string[],
  report: string,
): Promise<void> {
  const text = await post(url, body, headers);
  const rows = (JSON.parse(text) as ReportAnswer).data?.performanceReport?.rows;
  const found = rows?.map(({ production }) => production.gross).filter((gross) => gross !== '0.00');
  if (JSON.stringify(found?.toSorted()) !== JSON.stringify([...wanted].sort()))
    throw new Error(`${report}: the sums differ from those of the ledger: ${text.slice(0, 400)}`);
}

async function writes(
  ground: Ground,
  large: LedgerClinic,
  small: readonly LedgerClinic[],
): Promise<SliceResults['single']> {
  const single: { what: string; perSecond: number; p50: number }[] = [];
  for (const [what, clinics] of [
    ['into one clinic', [large]],
    [`into ${String(small.length + 1)} clinics`, [large, ...small]],
  ] as const) {
    const bodies = Array.from({ length: WRITES_MAX }, (_, n) =>
      recordBody(clinics[n % clinics.length] as LedgerClinic, n),
    );
    const before = await entriesOf(ground, clinics);
    const { seconds, failures, latencies } = await ground.load.ask<LoadAnswer>('run', {
      ...{
        url: ground.url,
        connections: WRITERS,
        seconds: WRITE_SECONDS,
        requestsMax: WRITES_MAX,
        first: 0,
        isEven: false,
      },
      ...{ bodies, headers: [headersFor(ground, clinics)] },
    });
    // A refusal is a good answer over HTTP; only rows count.
    const written = (await entriesOf(ground, clinics)) - before;
    if (failures > 0 || written !== latencies.length)
      throw new Error(
        `${what}: ${String(latencies.length)} requests wrote ${String(written)} entries: ${await post(ground.url, bodies.at(-1) ?? '', headersFor(ground, clinics))}`,
      );
    const p50 = percentile(sortedNumbers(latencies), 0.5) / 1_000;
    single.push({ what, perSecond: latencies.length / seconds, p50 });
  }
  return single;
}

const entriesOf = (ground: Ground, clinics: readonly LedgerClinic[]): Promise<number> =>
  asOwner(ground, async (owner) => {
    const text = 'SELECT count(*)::int AS n FROM production_entry WHERE clinic_id = ANY ($1::uuid[])';
    return (await owner.query<{ n: number }>(text, [clinics.map(({ id }) => id)])).rows[0]?.n ?? 0;
  });

function recordBody(clinic: LedgerClinic, n: number): string {
  const key = (list: readonly string[]): string => recordIdText(clinic.id, list[n % list.length] as string);
  const input = {
    ...{ idempotencyKey: randomUUID(), clinicId: clinicIdText(clinic.id), locationId: key(clinic.locations) },
    ...{ providerId: key(clinic.providers), patientId: key(clinic.patients), occurredAt: '2026-06-30T14:00:00Z' },
    ...{ procedureCode: 'D8670', category: 'ADJUSTMENT', description: 'Visit', gross: '125.50' },
  };
  return JSON.stringify({ query: RECORD, variables: { input } });
}
