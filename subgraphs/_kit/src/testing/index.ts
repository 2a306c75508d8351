import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import pg from 'pg';
import { pino } from 'pino';
import type { ExecutionResult } from 'graphql';
import { fixedClock, type Clock } from '../clock';
import type { GraphEvent } from '../events';
import { signedDelivery } from '../events';
import { signIdentity, type Viewer } from '../identity';
import { migrate } from '../migrate';
import { openSubgraph, type RunningSubgraph, type SubgraphDefinition } from '../subgraph';
import type { Transport } from '../worker';
import { provision } from '../postgres';

const SECRET = 'a secret of the tests only';
const EVENT_SECRET = 'another secret of the tests only';
export const TEST_AUDIT_KEY = 'a key of the tests only';
/** Business time of tests: midday of the anchor day of the demo data. */
export const TEST_NOW = '2026-06-30T16:00:00Z';

const adminUrl = (): string => {
  const url = process.env['PG_ADMIN'];
  if (!url) throw new Error('PG_ADMIN is not set: run the tests through jest, whose set-up starts a server');
  return url;
};

async function asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: adminUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const passwords = (role: string) => createHash('sha256').update(`tests:${role}`).digest('hex').slice(0, 24);

/** A migrated database that test files clone; made once per run, by whichever worker comes first. */
async function template(definition: SubgraphDefinition): Promise<string> {
  const name = `template_${definition.database}`;
  await asAdmin(async (client) => {
    await client.query(`SELECT pg_advisory_lock(hashtext($1))`, [name]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [`${name}_done`]);
    if (rowCount) return;
    const urls = await provision(adminUrl(), { database: name, roles: definition.database, passwords });
    await migrate(definition, urls);
    await client.query(`ALTER DATABASE ${name} RENAME TO ${name}_done`);
  });
  return `${name}_done`;
}

export interface TestDatabase {
  readonly name: string;
  readonly urls: { owner: string; app: string; worker: string };
  drop(): Promise<void>;
}

/** A database of its own for a test file, cloned from the template in a fraction of a second. */
export async function cloneDatabase(definition: SubgraphDefinition): Promise<TestDatabase> {
  const source = await template(definition);
  const name = `${definition.database}_${randomBytes(6).toString('hex')}`;
  await asAdmin(async (client) => {
    // CREATE DATABASE wants the template free of other sessions, so clones are made one at a time.
    await client.query(`SELECT pg_advisory_lock(hashtext($1))`, [source]);
    await client.query(`CREATE DATABASE ${name} TEMPLATE ${source} OWNER ${definition.roles.owner}`);
  });
  const urls = await provision(adminUrl(), { database: name, roles: definition.database, passwords });
  return {
    name,
    urls,
    drop: () =>
      asAdmin(async (client) => {
        await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      }),
  };
}

/** A caller with these permissions; everything else is the least. */
export const viewer = (of: Partial<Viewer> & { clinicIds: readonly string[] }): Viewer => ({
  subject: 'test-user',
  role: 'tester',
  scopes: [],
  restrictions: {},
  aggregateOnly: false,
  purpose: null,
  ip: null,
  requestId: 'test-request',
  ...of,
});

type Answer = {
  data: any;
  errors:
    | readonly { message: string; path?: readonly (string | number)[]; extensions: Record<string, unknown> }[]
    | undefined;
};

export interface TestSubgraph {
  readonly running: RunningSubgraph;
  readonly database: TestDatabase;
  /** Asks the subgraph itself as this viewer; dates and decimals as a client would see them. */
  ask(as: Viewer, query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Asks and expects no errors. */
  get(as: Viewer, query: string, variables?: Record<string, unknown>): Promise<Answer['data']>;
  /** Runs SQL as the owner, who sees all clinics. */
  sql<R extends object = Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<R[]>;
  /** The statements that `work` sent, transaction control aside. */
  statements(work: () => Promise<unknown>): Promise<string[]>;
  /** Events that were delivered to other subgraphs, or wait for it, oldest first. */
  events(): Promise<{ subscriber: string; event: GraphEvent }[]>;
  /** Delivers an event to this subgraph, signed as a neighbour would. */
  deliver(event: GraphEvent): Promise<{ status: number; body: string }>;
  stop(): Promise<void>;
}

export interface TestOptions {
  readonly clock?: Clock;
  readonly transport?: Transport;
  /** True starts the delivery of events through `transport`; by default they wait in the outbox. */
  readonly runJobs?: boolean;
  readonly database?: TestDatabase;
}

/** A subgraph on a database of its own. */
export async function testSubgraph(definition: SubgraphDefinition, options: TestOptions = {}): Promise<TestSubgraph> {
  const database = options.database ?? (await cloneDatabase(definition));
  const running = await openSubgraph(definition, {
    url: database.urls.app,
    workerUrl: database.urls.worker,
    identitySecret: SECRET,
    eventSecret: EVENT_SECRET,
    auditKey: TEST_AUDIT_KEY,
    clock: options.clock ?? fixedClock(TEST_NOW),
    log: pino({ level: process.env['LOG_LEVEL'] ?? 'silent' }),
    transport: options.transport ?? (() => Promise.resolve({ status: 204, body: '' })),
    runJobs: options.runJobs ?? false,
    sealEveryMs: 0,
  });
  const owner = new pg.Pool({ connectionString: database.urls.owner, max: 2 });
  owner.on('error', () => undefined);
  const ask = async (as: Viewer, query: string, variables?: Record<string, unknown>): Promise<Answer> => {
    const answer: ExecutionResult = await running.execute({
      query,
      variables,
      identity: signIdentity(as, definition.name, SECRET),
    });
    return JSON.parse(JSON.stringify(answer)) as Answer;
  };
  return {
    running,
    database,
    ask,
    get: async (as, query, variables) => {
      const answer = await ask(as, query, variables);
      if (answer.errors) throw new Error(JSON.stringify(answer.errors, null, 1));
      return answer.data as unknown;
    },
    sql: async <R extends object>(text: string, values: readonly unknown[] = []) =>
      (await owner.query(text, values as unknown[])).rows as R[],
    statements: async (work) => {
      const seen: string[] = [];
      running.database.onStatement = (sql) => seen.push(sql);
      try {
        await work();
      } finally {
        running.database.onStatement = undefined;
      }
      return seen;
    },
    events: async () => {
      const found = await running.database.worker.query<{ payload: { subscriber: string; event: GraphEvent } }>(
        'SELECT payload FROM graphile_worker._private_jobs ORDER BY id',
      );
      return found.rows.map((row) => row.payload);
    },
    deliver: (event) => {
      const { headers, body } = signedDelivery(event, EVENT_SECRET);
      return running.receive(headers, body);
    },
    stop: async () => {
      await running.stop();
      await owner.end();
      if (!options.database) await database.drop();
    },
  };
}

/** Names of the resolver files below a folder, to be compared with what a schema lists. */
export const filesEnding = (folder: string, suffix: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(suffix));
