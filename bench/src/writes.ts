import { definitions, prepareDatabases, secretsFrom } from '@practice-graph/app';
import {
  Decimal,
  fixedClock,
  makeContext,
  openDatabase,
  systemViewer,
  transact,
  type Database,
} from '@practice-graph/kit';
import { clinicIdText, recordIdText, type Viewer } from '@practice-graph/kit/identity';
import { startPostgres } from '@practice-graph/kit/postgres';
import { recordProduction, recordProductions, type ProductionEntryLineInput } from '@practice-graph/revenue';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { importEntries, openClinic, type LedgerClinic } from './ledger';
import { percentile, sortedNumbers, sum } from './numbers';
import { writeReport } from './write-report';

export interface WriteOptions {
  readonly writers: number;
  readonly clinics: number;
  readonly seconds: number;
  /** Entries that each clinic holds before. */
  readonly entries: number;
  readonly output: string | undefined;
  readonly command: string;
}

/** How fast one way of writing was. */
export interface WriteMeasured {
  readonly what: string;
  readonly writers: number;
  readonly perSecond: number;
  /** Milliseconds of one call. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds of processor time per entry, of this program. */
  readonly cpu: number;
  /** The same of the database server; undefined where the system does not tell. */
  readonly databaseCpu: number | undefined;
}

export interface WriteResults {
  readonly measured: readonly WriteMeasured[];
  readonly deadlocks: number;
  /** Values of slices, visits, sheets and states that differ from what the ledgers say. */
  readonly differences: number;
  readonly compared: number;
}

const CLOCK = '2026-06-30T16:00:00Z';
/** The most that one call of the bulk mutation takes. */
const LINES = 500;
const BULK_WRITERS = 4;
/** Single entries are measured a second time with so many times the callers. */
const MORE = 4;

const tell = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** Records entries through the use cases as fast as it can, then compares everything that was summed with the ledgers. */
export async function benchWrites(options: WriteOptions): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'practice-graph-writes-'));
  const stops: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  try {
    const revenue = definitions.find(({ name }) => name === 'revenue');
    if (revenue === undefined) throw new Error('there is no subgraph revenue');
    // Every commit is forced to disk, as it is in earnest.
    const postgres = await startPostgres({ directory: join(folder, 'database'), durable: true });
    stops.push(() => postgres.stop());
    const secrets = secretsFrom('the bench only, thrown away with its database');
    const urls = (await prepareDatabases(postgres.adminUrl, [revenue], secrets.password))[revenue.name];
    if (urls === undefined) throw new Error('there is no database');
    const database = await openDatabase({
      ...{ name: revenue.name, url: urls.app, workerUrl: urls.worker, entities: revenue.entities },
      ...{ clock: fixedClock(CLOCK), auditKey: secrets.audit, publishes: revenue.publishes },
      log: pino({ level: 'silent' }),
    });
    stops.push(() => database.close());
    const admin = new Client({ connectionString: new URL(new URL(urls.owner).pathname, postgres.adminUrl).href });
    await admin.connect();
    stops.push(() => admin.end());
    const clinics: LedgerClinic[] = [];
    for (let n = 0; n < options.clinics; n += 1) {
      const clinic = await openClinic(database, `Clinic ${String(n + 1)}`);
      await importEntries(database, clinic, 0, options.entries);
      clinics.push(clinic);
    }
    await admin.query('VACUUM (ANALYZE)');
    const measured = await measure(options, database, admin, clinics);
    const deadlocks = await admin.query<{ n: number }>(
      'SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()',
    );
    let differences = 0;
    let compared = 0;
    for (const { id } of clinics)
      for (const verify of revenue.verifiers)
        for (const found of await transact(database, systemViewer(id, 'bench'), id, (tx) => verify(tx, id))) {
          differences += found.differences.length;
          compared += found.compared;
          for (const line of found.differences.slice(0, 3)) tell(line);
        }
    const results = { measured, deadlocks: deadlocks.rows[0]?.n ?? 0, differences, compared };
    const text = writeReport(results, options);
    process.stdout.write(text);
    if (options.output !== undefined) writeFileSync(options.output, text);
  } finally {
    for (const stop of stops.toReversed()) await stop();
  }
}

/** Hundredths of a second, which is the unit of Linux's process table. */
const TICK_MS = 10;

/** Processor time, in milliseconds, that each connection of the service has used so far; none where Linux is not. */
async function databaseCpu(admin: Client): Promise<Map<number, number>> {
  const { rows } = await admin.query<{ pid: number }>(
    "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'revenue_app'",
  );
  const used = rows.map(({ pid }) => {
    try {
      const fields =
        readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
          .split(') ')[1]
          ?.split(' ') ?? [];
      return [[pid, (Number(fields[11]) + Number(fields[12])) * TICK_MS] as const];
    } catch {
      return [];
    }
  });
  return new Map(used.flat());
}

/** Callers who write at once, each its next call when the last one was answered. */
async function run(writers: number, seconds: number, call: (writer: number, n: number) => Promise<number>) {
  const latencies: number[] = [];
  let entries = 0;
  const began = performance.now();
  const end = began + seconds * 1_000;
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = 0; performance.now() < end; n += 1) {
        const from = performance.now();
        const made = await call(writer, n);
        entries += made;
        latencies.push(performance.now() - from);
      }
    }),
  );
  const sorted = sortedNumbers(latencies);
  return {
    entries,
    perSecond: entries / ((performance.now() - began) / 1_000),
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
}

const viewerOf = (clinic: LedgerClinic): Viewer => ({
  ...systemViewer(clinic.id, 'partner'),
  scopes: ['finance:record_revenue'],
});

async function measure(
  { writers, seconds }: WriteOptions,
  database: Database,
  admin: Client,
  clinics: readonly LedgerClinic[],
): Promise<WriteMeasured[]> {
  const contextOf = (clinic: LedgerClinic) =>
    makeContext(viewerOf(clinic), database, () => Promise.reject(new Error('the bench only writes')));
  // What callers send is made before, so that what they take to make it is not counted as ours.
  const named = new Map(clinics.map((clinic) => [clinic.id, namesOf(clinic)]));
  const line = (clinic: LedgerClinic, n: number) => lineOf(named.get(clinic.id) as Names, n);
  const single = (of: readonly LedgerClinic[]) => async (writer: number, n: number) => {
    const clinic = anyOf(of, writer * 7_919 + n);
    await recordProduction(contextOf(clinic), clinic.id, {
      ...line(clinic, writer * 7_919 + n),
      idempotencyKey: randomUUID(),
      clinicId: clinicIdText(clinic.id),
    });
    return 1;
  };
  const bulk = (of: readonly LedgerClinic[]) => async (writer: number, n: number) => {
    const clinic = anyOf(of, writer * 7_919 + n);
    const entries = Array.from({ length: LINES }, (_, at) => line(clinic, writer * 7_919 + n * LINES + at));
    const input = { idempotencyKey: randomUUID(), clinicId: clinicIdText(clinic.id), entries };
    return (await recordProductions(contextOf(clinic), clinic.id, input)).ids.length;
  };
  const [first] = clinics;
  if (first === undefined) throw new Error('there is no clinic');
  const measured: WriteMeasured[] = [];
  const count = async () =>
    (await admin.query<{ n: number }>('SELECT count(*)::int AS n FROM production_entry')).rows[0]?.n ?? 0;
  for (const [what, by, call] of [
    [`one by one, over ${String(clinics.length)} clinics`, writers, single(clinics)],
    [`one by one, over ${String(clinics.length)} clinics`, writers * MORE, single(clinics)],
    ['one by one, in one clinic', writers, single([first])],
    ['one by one, in one clinic', writers * MORE, single([first])],
    [`${String(LINES)} a call, over ${String(clinics.length)} clinics`, BULK_WRITERS, bulk(clinics)],
    [`${String(LINES)} a call, in one clinic`, BULK_WRITERS, bulk([first])],
  ] as const) {
    await run(by, Math.min(1, seconds), call);
    tell(what);
    const before = await count();
    const databaseBefore = await databaseCpu(admin);
    const began = process.cpuUsage();
    const { entries, ...speed } = await run(by, seconds, call);
    const { user, system } = process.cpuUsage(began);
    const databaseAfter = await databaseCpu(admin);
    const written = (await count()) - before;
    if (written !== entries) throw new Error(`${what}: ${String(entries)} were answered, ${String(written)} written`);
    measured.push({
      ...{ what, writers: by, ...speed, cpu: (user + system) / 1_000 / entries },
      databaseCpu:
        databaseAfter.size === 0
          ? undefined
          : sum([...databaseAfter].map(([pid, used]) => used - (databaseBefore.get(pid) ?? 0))) / entries,
    });
  }
  return measured;
}

/** Knuth's multiplicative hash: neighbouring numbers are spread over everything. */
const spreadOf = (n: number): number => Math.imul(n + 1, 2_654_435_761) >>> 0;

/** A clinic by chance, the same one for the same number: callers that went round in turn would meet at each clinic. */
const anyOf = (clinics: readonly LedgerClinic[], n: number): LedgerClinic =>
  clinics[(spreadOf(n) >>> 16) % clinics.length] as LedgerClinic;

type Names = Pick<LedgerClinic, 'locations' | 'providers' | 'patients'>;

/** Whom lines name, as clients name them. */
function namesOf(clinic: LedgerClinic): Names {
  const texts = (ids: readonly string[]) => ids.map((id) => recordIdText(clinic.id, id));
  return { locations: texts(clinic.locations), providers: texts(clinic.providers), patients: texts(clinic.patients) };
}

const AMOUNTS = Array.from({ length: 40_000 }, (_, n) => new Decimal(5_000 + n).div(100));

/** A visit: the same number always gives the same place, provider, patient and amount. */
function lineOf(names: Names, n: number): Pick<ProductionEntryLineInput, keyof ProductionEntryLineInput> {
  const spread = spreadOf(n);
  const pick = <T>(list: readonly T[], divisor: number): T => list[Math.floor(spread / divisor) % list.length] as T;
  return {
    ...{
      locationId: pick(names.locations, 7),
      providerId: pick(names.providers, 53),
      patientId: pick(names.patients, 11),
    },
    ...{ occurredAt: new Date('2026-06-30T14:00:00Z'), procedureCode: 'D8670', category: 'ADJUSTMENT' },
    description: 'Visit',
    gross: pick(AMOUNTS, 1),
  };
}
