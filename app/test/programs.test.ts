/** The graph as five programs of their own on loopback, as docker-compose.yml runs them. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { createServer as createHttpServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clinicIdText } from '@practice-graph/kit/identity';
import { cloneDatabase, TEST_AUDIT_KEY, TEST_NOW, type TestDatabase } from '@practice-graph/kit/testing';
import { compose } from '@practice-graph/schema';
import { ALGORITHM, AUDIENCE, definitions, ISSUER, openIssuer, type DemoIssuer } from '../src';
import { loadDemo } from '../src/demo';
import { demoIds } from '../src/demo/organisation';

const ROOT = join(__dirname, '../..');
const home = mkdtempSync(join(tmpdir(), 'practice-graph-programs-'));
const programs = new Map<string, ChildProcess>();
const databases: Record<string, TestDatabase> = {};
const ports: Record<string, number> = {};
let issuer: DemoIssuer;
let keys: Server;

const Q1 = `query CostNextToProduction($clinicId: ID!, $from: Date!, $to: Date!) {
  performanceReport(clinicId: $clinicId, period: { range: { from: $from, to: $to } }, groupBy: [LOCATION], granularity: MONTH) {
    rows {
      period { label } currency location { name }
      production { net starts perStart { value } }
      supplies { cost caseCount costPerCase { value } }
      supplyRatios { costPerStart { value } }
    }
  }
}`;
const variables = { clinicId: clinicIdText(demoIds.clinics.group), from: '2026-05-01', to: '2026-06-29' };

interface Row {
  readonly period: { readonly label: string };
  readonly currency: string;
  readonly location: { readonly name: string };
  readonly production: { readonly net: string; readonly starts: number };
  readonly supplies: { readonly cost: string; readonly caseCount: number } | null;
  readonly supplyRatios: object | null;
}

interface Answer {
  readonly data: { readonly performanceReport: { readonly rows: readonly Row[] } };
  readonly errors?: readonly {
    readonly path: readonly (string | number)[];
    readonly extensions: Record<string, unknown>;
  }[];
}

async function freePorts(names: readonly string[]): Promise<void> {
  // All are held at once, so that none is given out twice.
  const held = names.map((name) => ({ name, server: createServer().listen(0, '127.0.0.1') }));
  for (const { name, server } of held) {
    if (!server.listening) await new Promise((done) => server.once('listening', done));
    ports[name] = (server.address() as AddressInfo).port;
  }
  await Promise.all(held.map(async ({ server }) => await new Promise((done) => server.close(done))));
}

const variable = (name: string): string => name.toUpperCase().replaceAll('-', '_');
const at = (name: string, path: string): string => `http://127.0.0.1:${String(ports[name])}${path}`;

function start(name: string, file: string, env: Record<string, string>): void {
  const program = spawn(process.execPath, [join(ROOT, 'test/run-source.js'), join(ROOT, file)], {
    cwd: home,
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', LOG_LEVEL: 'error', PORT: String(ports[name]), ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  programs.set(name, program);
}

async function ready(name: string): Promise<void> {
  for (const until = Date.now() + 25_000; Date.now() < until; await new Promise((done) => setTimeout(done, 100))) {
    if (programs.get(name)?.exitCode !== null) throw new Error(`${name} has ended`);
    const answer = await fetch(at(name, '/health/ready')).catch(() => undefined);
    if (answer?.ok === true) return;
  }
  throw new Error(`${name} is not ready`);
}

async function ended(program: ChildProcess): Promise<number | null> {
  if (program.exitCode === null) await new Promise((done) => program.once('exit', done));
  return program.exitCode;
}

async function ask(): Promise<Answer> {
  const response = await fetch(at('gateway', '/graphql'), {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${await issuer.token('owner')}` },
    body: JSON.stringify({ query: Q1, variables }),
  });
  return (await response.json()) as Answer;
}

beforeAll(async () => {
  for (const definition of definitions) databases[definition.name] = await cloneDatabase(definition);
  const urls = Object.fromEntries(Object.entries(databases).map(([name, database]) => [name, database.urls]));
  await loadDemo({ size: 'tiny', anchor: TEST_NOW.slice(0, 10), databases: urls, auditKey: TEST_AUDIT_KEY });
  await freePorts([...definitions.map(({ name }) => name), 'gateway']);
  issuer = await openIssuer({ directory: home, isProduction: false, size: 'tiny' });
  keys = createHttpServer((_request, response) =>
    response.setHeader('content-type', 'application/json').end(JSON.stringify(issuer.jwks)),
  );
  await new Promise<void>((done) => keys.listen(0, '127.0.0.1', done));
  const sdls = await Promise.all(definitions.map(async ({ name, schema }) => ({ name, sdl: (await schema()).sdl })));
  writeFileSync(join(home, 'supergraph.graphql'), compose(sdls, definitions[0]?.ports ?? {}).supergraph);

  const secrets = {
    IDENTITY_SECRET: 'secret of identities in tests',
    EVENT_SECRET: 'secret of events in tests',
    AUDIT_KEY: TEST_AUDIT_KEY,
  };
  for (const { name } of definitions) {
    start(name, `subgraphs/${name}/src/main.ts`, {
      ...secrets,
      DATABASE_URL: databases[name]?.urls.app ?? '',
      WORKER_DATABASE_URL: databases[name]?.urls.worker ?? '',
      CLOCK: TEST_NOW,
      ...Object.fromEntries(
        definitions.map((other) => [`EVENT_URL_${variable(other.name)}`, at(other.name, '/events')]),
      ),
    });
  }
  start('gateway', 'gateway/src/main.ts', {
    ...secrets,
    SUPERGRAPH: join(home, 'supergraph.graphql'),
    TOKEN_ISSUER: ISSUER,
    TOKEN_AUDIENCE: AUDIENCE,
    TOKEN_ALGORITHMS: ALGORITHM,
    TOKEN_JWKS_URL: `http://127.0.0.1:${String((keys.address() as AddressInfo).port)}/`,
    ...Object.fromEntries(definitions.map(({ name }) => [`SUBGRAPH_URL_${variable(name)}`, at(name, '/graphql')])),
  });
  for (const name of programs.keys()) await ready(name);
}, 60_000);

afterAll(async () => {
  for (const program of programs.values()) program.kill('SIGKILL');
  keys.close();
  await Promise.all([...programs.values()].map(ended));
  await Promise.all(Object.values(databases).map((database) => database.drop()));
  rmSync(home, { recursive: true, force: true });
});

test('five programs answer the supply cost per case next to the production per start', async () => {
  const answer = await ask();

  expect(answer.errors).toBeUndefined();
  const { rows } = answer.data.performanceReport;
  // Two locations and what names none, in two months.
  expect(rows).toHaveLength(6);
  expect(new Set(rows.map((row) => row.currency))).toEqual(new Set(['USD']));
  expect(rows.reduce((sum, row) => sum + row.production.starts, 0)).toBeGreaterThan(0);
  expect(rows.reduce((sum, row) => sum + (row.supplies?.caseCount ?? 0), 0)).toBeGreaterThan(0);
});

test('a program that is stopped ends clean and takes only its own fields with it', async () => {
  const whole = await ask();
  const stopped = programs.get('appliance-supply');
  stopped?.kill('SIGTERM');
  expect(stopped && (await ended(stopped))).toBe(0);

  const answer = await ask();

  const { rows } = answer.data.performanceReport;
  expect(rows.map((row) => row.production)).toEqual(whole.data.performanceReport.rows.map((row) => row.production));
  expect(rows.map((row) => [row.supplies, row.supplyRatios])).toEqual(rows.map(() => [null, null]));
  expect(answer.errors).toHaveLength(1);
  expect(JSON.stringify(answer.errors)).toContain('appliance-supply');
});
