/**
 * An adjustment reaches net production once, wherever the adjustments program is killed on the way: after the commit
 * and before the delivery, or after the delivery and before its acknowledgement.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fixedClock, newId, openSubgraph, type RunningSubgraph } from '@practice-graph/kit';
import { clinicIdText, IDENTITY_HEADER, recordIdText, signIdentity } from '@practice-graph/kit/identity';
import { cloneDatabase, TEST_AUDIT_KEY, TEST_NOW, viewer, type TestDatabase } from '@practice-graph/kit/testing';
import { Decimal } from 'decimal.js';
import { Client } from 'pg';
import { pino } from 'pino';
import { definitions } from '../src';
import { loadDemo } from '../src/demo';
import { demoIds } from '../src/demo/organisation';

const ROOT = join(__dirname, '../..');
const IDENTITY_SECRET = 'secret of identities in this test';
const EVENT_SECRET = 'secret of events in this test';
const clinic = demoIds.clinics.group;
const accountant = viewer({
  clinicIds: [clinic],
  scopes: ['finance:manage_adjustments', 'finance:view_reports', 'finance:view_revenue'],
});

/** What happens to a delivery at the door between the two domains. */
type Door = 'deliver' | 'swallow' | 'deliver without an answer';

const databases: Record<string, TestDatabase> = {};
let revenue: RunningSubgraph;
let door: Door = 'deliver';
let knocks = 0;
let server: Server;
let program: ChildProcess | undefined;
const held: ServerResponse[] = [];

beforeAll(async () => {
  for (const definition of definitions) databases[definition.name] = await cloneDatabase(definition);
  const urls = Object.fromEntries(Object.entries(databases).map(([name, { urls: of }]) => [name, of]));
  await loadDemo({ size: 'tiny', anchor: TEST_NOW.slice(0, 10), databases: urls, auditKey: TEST_AUDIT_KEY });
  const definition = definitions.find(({ name }) => name === 'revenue')!;
  revenue = await openSubgraph(definition, {
    url: databases['revenue']!.urls.app,
    workerUrl: databases['revenue']!.urls.worker,
    identitySecret: IDENTITY_SECRET,
    eventSecret: EVENT_SECRET,
    auditKey: TEST_AUDIT_KEY,
    clock: fixedClock(TEST_NOW),
    log: pino({ level: 'silent' }),
    transport: () => Promise.resolve({ status: 204, body: '' }),
    runJobs: false,
    sealEveryMs: 0,
  });
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      void (async () => {
        const now = door;
        if (now === 'deliver without an answer' || now === 'deliver') {
          const answer = await revenue.receive(request.headers as Record<string, string>, body);
          if (now === 'deliver') response.writeHead(answer.status).end(answer.body);
        }
        if (now !== 'deliver') held.push(response);
        knocks += 1;
      })();
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
}, 60_000);

afterAll(async () => {
  program?.kill('SIGKILL');
  for (const response of held) response.destroy();
  await new Promise((done) => server.close(done));
  await revenue.stop();
  for (const database of Object.values(databases)) await database.drop();
});

const portOf = (of: Server) => (of.address() as AddressInfo).port;

/** Starts the adjustments program on a free port and answers its address. */
async function start(): Promise<string> {
  const free = createServer();
  await new Promise<void>((done) => free.listen(0, '127.0.0.1', done));
  const port = portOf(free);
  await new Promise((done) => free.close(done));
  program = spawn(
    process.execPath,
    [join(ROOT, 'test/run-source.js'), join(ROOT, 'subgraphs/adjustments/src/main.ts')],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        PORT: String(port),
        LOG_LEVEL: 'silent',
        DATABASE_URL: databases['adjustments']!.urls.app,
        WORKER_DATABASE_URL: databases['adjustments']!.urls.worker,
        IDENTITY_SECRET,
        EVENT_SECRET,
        AUDIT_KEY: TEST_AUDIT_KEY,
        CLOCK: TEST_NOW,
        EVENT_URL_REVENUE: `http://127.0.0.1:${String(portOf(server))}/events`,
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const url = `http://127.0.0.1:${String(port)}`;
  await until(async () => (await fetch(`${url}/health/ready`).catch(() => undefined))?.ok === true);
  return url;
}

async function kill(): Promise<void> {
  const ended = new Promise((done) => program?.once('exit', done));
  program?.kill('SIGKILL');
  await ended;
}

async function until(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((go) => setTimeout(go, 25)))
    if (await holds()) return;
  throw new Error('it did not come to pass within twenty seconds');
}

const RECORD = `mutation ($input: AdjustmentRecordInput!) {
  adjustmentRecord(input: $input) { adjustment { id } userErrors { code message } }
}`;

async function record(url: string, entry: { readonly id: string; readonly patient_id: string }): Promise<void> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      [IDENTITY_HEADER]: signIdentity(accountant, 'adjustments', IDENTITY_SECRET),
    },
    body: JSON.stringify({
      query: RECORD,
      variables: {
        input: {
          idempotencyKey: newId(),
          clinicId: clinicIdText(clinic),
          patientId: recordIdText(clinic, entry.patient_id),
          productionEntryId: recordIdText(clinic, entry.id),
          adjustmentDate: TEST_NOW.slice(0, 10),
          category: 'COURTESY_DISCOUNT',
          reasonCode: 'CRT-PREPAID',
          amount: '10.00',
        },
      },
    }),
  });
  const { data, errors } = (await response.json()) as {
    data: { adjustmentRecord: { userErrors: unknown[] } };
    errors?: unknown;
  };
  expect({ errors, userErrors: data.adjustmentRecord.userErrors }).toEqual({ errors: undefined, userErrors: [] });
}

async function sql<R extends object>(text: string, values: readonly unknown[] = [], of = 'revenue'): Promise<R[]> {
  const client = new Client({ connectionString: databases[of]!.urls.owner });
  await client.connect();
  try {
    return (await client.query<R>(text, values as unknown[])).rows;
  } finally {
    await client.end();
  }
}

/** Deliveries of adjustments that are not acknowledged yet. */
async function jobs(): Promise<number> {
  const client = new Client({ connectionString: databases['adjustments']!.urls.worker });
  await client.connect();
  try {
    const { rows } = await client.query<{ n: number }>('SELECT count(*)::int AS n FROM graphile_worker._private_jobs');
    return rows[0]?.n ?? 0;
  } finally {
    await client.end();
  }
}

/** An unpaid entry of somebody to whom nothing was granted yet, so that nobody has to approve what is. */
const anEntry = async () => {
  const granted = await sql<{ id: string }>(
    'SELECT DISTINCT patient_id AS id FROM adjustment_entry WHERE clinic_id = $1',
    [clinic],
    'adjustments',
  );
  const [entry] = await sql<{ id: string; patient_id: string }>(
    `SELECT id, patient_id FROM production_entry WHERE clinic_id = $1 AND adjustments = 0 AND collected = 0 AND gross > 100 AND sign = 1
       AND patient_id <> ALL ($2::uuid[]) ORDER BY id LIMIT 1`,
    [clinic, granted.map(({ id }) => id)],
  );
  return entry!;
};
const adjustmentsOf = async (id: string) =>
  (
    await sql<{ adjustments: string }>('SELECT adjustments FROM production_entry WHERE clinic_id = $1 AND id = $2', [
      clinic,
      id,
    ])
  )[0]!.adjustments;
const slicesTotal = async () =>
  (
    await sql<{ total: string }>(
      `SELECT sum(adjustments)::text AS total FROM production_slice WHERE clinic_id = $1 AND dim = 'T' AND grain = 'M'`,
      [clinic],
    )
  )[0]!.total;

test.each([
  { killed: 'between commit and delivery', first: 'swallow' as const },
  { killed: 'between delivery and acknowledgement', first: 'deliver without an answer' as const },
])(
  'killed $killed, the adjustment reaches net production once',
  async ({ first }) => {
    const entry = await anEntry();
    const before = new Decimal(await slicesTotal());
    door = first;
    knocks = 0;
    const url = await start();
    await record(url, entry);
    await until(() => knocks > 0);
    await kill();
    expect(await adjustmentsOf(entry.id)).toBe(first === 'swallow' ? '0.00' : '10.00');

    door = 'deliver';
    knocks = 0;
    await start();
    await until(() => knocks > 0);
    // Else the next case would begin with this one's delivery.
    await until(async () => (await jobs()) === 0);
    await kill();

    expect(await adjustmentsOf(entry.id)).toBe('10.00');
    expect(new Decimal(await slicesTotal()).minus(before).toFixed(2)).toBe('10.00');
  },
  60_000,
);
