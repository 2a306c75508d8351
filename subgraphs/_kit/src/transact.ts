import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { DataSource, EntityManager, EntityTarget, ObjectLiteral, QueryRunner } from 'typeorm';
import type { PoolClient } from 'pg';
import type { Database } from './database';
import type { Viewer } from './identity';
import { parameter } from './parameters';
import { refuseKit } from './refusals';

/** What a transaction knows beside its connection. */
export interface Session {
  readonly viewer: Viewer;
  readonly database: Database;
  /** Business instant at which the transaction began; every row it writes carries this one. */
  readonly at: Date;
}

declare const opened: unique symbol;

/** An open transaction with the tenant set. Only `transact` and `openRead` make one, so a use case cannot run outside. */
export type Tx = EntityManager & { readonly session: Session; readonly [opened]: true };

/** Every column of a new row must be given; a column added later does not compile until each insert decides. */
export type New<E> = { [K in keyof E as E[K] extends (...args: never[]) => unknown ? never : K]: E[K] };

/** The query runner of TypeORM's PostgreSQL driver, with the members that its interface leaves out. */
type Runner = Omit<QueryRunner, 'connect' | 'isTransactionActive'> & {
  isTransactionActive: boolean;
  transactionDepth: number;
  databaseConnection: PoolClient & { readonly connection: { readonly stream: Socket } };
  connect(): Promise<Runner['databaseConnection']>;
  releasePostgresConnection(broken?: Error): Promise<void>;
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** One message of the simple protocol, sent together with the first statement: no round trip of its own. */
function opening(mode: string, clinicIds: readonly string[], settings: string): string {
  // SET takes no parameters, so what goes into the text must be checked here.
  for (const id of clinicIds) if (!UUID.test(id)) throw new Error('a clinic id is not a uuid');
  return `BEGIN ${mode}; SET LOCAL lock_timeout = '2s'; SET LOCAL app.clinic_ids = '${clinicIds.join(',')}'${settings}`;
}

async function begin(source: DataSource, session: Session, mode: string, clinicIds: readonly string[], settings = '') {
  const text = opening(mode, clinicIds, settings);
  const runner = source.createQueryRunner() as unknown as Runner;
  const client = await runner.connect();
  const state: { failed: unknown } = { failed: undefined };
  client.query(text).catch((error: unknown) => {
    state.failed = error;
  });
  // TypeORM must open no transaction of its own; a nested `tx.transaction()` becomes a savepoint.
  runner.isTransactionActive = true;
  runner.transactionDepth = 1;
  const tx = Object.assign(runner.manager, { session }) as Tx;
  return { runner, client, tx, state };
}

async function release(runner: Runner, broken: Error | undefined) {
  runner.isTransactionActive = false;
  runner.transactionDepth = 0;
  await runner.releasePostgresConnection(broken);
}

/** How statements are planned: `KEPT` never anew, for those who send the same few over and over. */
export type Plans = 'BY_COST' | 'KEPT';
const PLANS = { BY_COST: '', KEPT: '; SET LOCAL plan_cache_mode = force_generic_plan' } as const;

async function once<T>(
  database: Database,
  viewer: Viewer,
  clinicIds: readonly string[],
  work: (tx: Tx) => Promise<T>,
  plans: Plans,
) {
  const session: Session = { viewer, database, at: database.clock.now() };
  const { runner, client, tx, state } = await begin(database.write, session, '', clinicIds, PLANS[plans]);
  let broken: Error | undefined;
  try {
    const result = await work(tx);
    const { command } = await client.query('COMMIT');
    if (command !== 'COMMIT')
      throw new Error('a statement failed inside and its error was swallowed: nothing was committed');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((lost: unknown) => {
      broken = lost as Error;
    });
    // A transaction that could not be opened is the cause of whatever failed inside it.
    throw state.failed instanceof Error ? state.failed : error;
  } finally {
    await release(runner, broken);
  }
}

/** SQLSTATE of a database error, wherever the driver put it. */
export const sqlState = (error: unknown): string | undefined => {
  const e = error as { code?: string; driverError?: { code?: string } } | undefined;
  return e?.driverError?.code ?? e?.code;
};

const RERUN = new Set(['40001', '40P01']);
const ATTEMPTS = 3;

/**
 * Runs a use case in one transaction with these clinics as the tenant, and again as a whole after a serialisation
 * failure or a deadlock, at most three times; so a use case has no effect but on the database.
 * A lock that is not free within two seconds is refused with CONFLICT_RETRY, a sum that no column holds with INVALID.
 */
export async function transactFor<T>(
  database: Database,
  viewer: Viewer,
  clinicIds: readonly string[],
  work: (tx: Tx) => Promise<T>,
  plans: Plans = 'BY_COST',
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(database, viewer, clinicIds, work, plans);
    } catch (error) {
      const state = sqlState(error);
      if (state !== undefined && RERUN.has(state)) {
        if (attempt < ATTEMPTS) continue;
        throw refuseKit('CONFLICT_RETRY', 'Others changed the same records at the same time; send it again.');
      }
      if (state === '55P03')
        throw refuseKit('CONFLICT_RETRY', 'Another request holds the same records; send it again.');
      // Amounts that fit each by itself may make a sum that its column does not hold.
      if (state === '22003')
        throw refuseKit('INVALID', 'An amount makes a sum that is larger than the books can hold.');
      throw error;
    }
  }
}

/** A write of one clinic. A clinic outside the viewer's reach is NOT_FOUND, so that nothing tells that it exists. */
export async function transact<T>(
  database: Database,
  viewer: Viewer,
  clinicId: string,
  work: (tx: Tx) => Promise<T>,
  plans: Plans = 'BY_COST',
): Promise<T> {
  if (!viewer.clinicIds.includes(clinicId))
    throw refuseKit('NOT_FOUND', 'The clinic does not exist or is outside your reach.', ['input', 'clinicId']);
  return transactFor(database, viewer, [clinicId], work, plans);
}

/** One fetch's read transaction. */
export interface Reading {
  tx(): Promise<Tx>;
  /** Throws when the transaction could not be opened, in which case the rows that came back mean nothing. */
  check(): Promise<void>;
  close(): void;
}

/** Reads: one lazy transaction for one fetch, shared by all its loaders; the end is not waited for. */
export function openRead(database: Database, viewer: Viewer): Reading {
  const session: Session = { viewer, database, at: database.clock.now() };
  let opening: ReturnType<typeof begin> | undefined;
  return {
    tx: async () => (await (opening ??= begin(database.read, session, 'READ ONLY', viewer.clinicIds))).tx,
    check: async () => {
      const failed = (await opening)?.state.failed;
      if (failed) throw failed as Error;
    },
    close: () => {
      void opening?.then(
        async ({ runner, client }) => {
          let broken: Error | undefined;
          await client.query('COMMIT').catch((lost: unknown) => {
            broken = lost as Error;
          });
          await release(runner, broken);
        },
        () => undefined,
      );
    },
  };
}

/** The service itself acting for one clinic: events, jobs, verification. */
export const systemViewer = (clinicId: string, subject = 'system'): Viewer => ({
  subject,
  role: 'system',
  scopes: [],
  clinicIds: [clinicId],
  restrictions: {},
  aggregateOnly: false,
  purpose: null,
  ip: null,
  requestId: subject,
});

const names = new Map<string, string>();

/**
 * Runs a constant statement as a prepared one (1.6 to 1.9 times quicker than TypeORM's unnamed ones). The text must not
 * vary with the values, else each variant stays prepared on every connection.
 */
export async function prepared<R extends object>(tx: Tx, text: string, values: readonly unknown[] = []): Promise<R[]> {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash('sha1').update(text).digest('hex').slice(0, 20);
    names.set(text, name);
  }
  tx.session.database.onStatement?.(text);
  const client = (tx.queryRunner as Runner).databaseConnection;
  // Statements that are sent at once leave in one piece: each piece wakes the server up.
  const { stream } = client.connection;
  stream.cork();
  process.nextTick(() => {
    stream.uncork();
  });
  const result = await client.query<R>({ name, text, values: values.map(parameter) });
  return result.rows;
}

/** Runs a statement and answers its rows. */
export async function rows<R extends object>(tx: Tx, text: string, values: readonly unknown[] = []): Promise<R[]> {
  const answer: unknown = await tx.query(text, values as unknown[]);
  // TypeORM answers [rows, count] for UPDATE and DELETE, rows for everything else.
  const isCounted =
    Array.isArray(answer) && answer.length === 2 && Array.isArray(answer[0]) && typeof answer[1] === 'number';
  return (isCounted ? answer[0] : answer) as R[];
}

/** Inserts whole rows; TypeORM sends one INSERT without a SELECT before it. */
export async function insert<E extends ObjectLiteral>(
  tx: Tx,
  entity: EntityTarget<E>,
  values: New<E> | readonly New<E>[],
): Promise<void> {
  await tx.insert(entity, values as never);
}
