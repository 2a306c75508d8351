import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import pg from 'pg';
import type { Logger } from 'pino';
import type { Clock } from './clock';
import type { Publishes } from './events';
import { SnakeNaming } from './naming';

// Days are text, YYYY-MM-DD: the driver would make them instants of the machine's zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);
// Lists of days (date[] is 1182) are read like lists of text (text[] is 1009).
pg.types.setTypeParser(1182 as never, pg.types.getTypeParser(1009 as never) as (text: string) => string[]);

export interface DatabaseOptions {
  /** Name of the subgraph, shown in pg_stat_activity. */
  readonly name: string;
  /** Address as the service's role. */
  readonly url: string;
  /** Address as the worker's role: jobs, outbox, sealing of the audit trail. */
  readonly workerUrl: string;
  readonly entities: MixedList<(new () => object) | EntitySchema>;
  readonly clock: Clock;
  /** Key of the hashes under which the audit trail knows a person; one key for all subgraphs (E-24). */
  readonly auditKey: string;
  /** Which subgraphs hear of which of its events. */
  readonly publishes: Publishes;
  readonly log: Logger;
  /** Connections for reads and for writes; 4 each is enough for two cores. */
  readonly connections?: number;
}

/** A subgraph's own database: reads and writes have pools of their own, so that neither can starve the other. */
export interface Database {
  readonly name: string;
  readonly read: DataSource;
  readonly write: DataSource;
  readonly worker: pg.Pool;
  readonly clock: Clock;
  readonly auditKey: string;
  readonly publishes: Publishes;
  readonly log: Logger;
  /** Called with each statement that is sent, transaction control aside; tests count with it. */
  onStatement: ((sql: string) => void) | undefined;
  close(): Promise<void>;
}

const source = (options: DatabaseOptions, part: string, seen: (sql: string) => void) =>
  new DataSource({
    type: 'postgres',
    url: options.url,
    applicationName: `${options.name} ${part}`,
    entities: options.entities as never,
    namingStrategy: new SnakeNaming(),
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    synchronize: false,
    extra: { max: options.connections ?? 4, pipeline: true },
    logger: {
      logQuery: seen,
      logQueryError: () => undefined,
      logQuerySlow: () => undefined,
      logSchemaBuild: () => undefined,
      logMigration: () => undefined,
      log: () => undefined,
    },
    logging: ['query'],
  });

/** A pool whose connections may be lost without ending the program. */
export function quietPool(config: pg.PoolConfig, log: Logger): pg.Pool {
  const pool = new pg.Pool(config);
  const lost = (error: Error) => {
    // A pool that is being closed loses its connections by intention.
    if (pool.ending) return;
    log.warn({ err: error.message }, 'a database connection was lost');
  };
  pool.on('error', lost);
  pool.on('connect', (client) => client.on('error', lost));
  return pool;
}

/** Opens the pools of a subgraph's database. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const seen = (sql: string) => database.onStatement?.(sql);
  const read = source(options, 'read', seen);
  const write = source(options, 'write', seen);
  const worker = quietPool(
    { connectionString: options.workerUrl, max: 4, application_name: `${options.name} worker` },
    options.log,
  );
  const database: Database = {
    name: options.name,
    read,
    write,
    worker,
    clock: options.clock,
    auditKey: options.auditKey,
    publishes: options.publishes,
    log: options.log,
    onStatement: undefined,
    close: async () => {
      await Promise.all([read.destroy(), write.destroy(), worker.end()]);
    },
  };
  await Promise.all([read.initialize(), write.initialize()]);
  for (const each of [read, write]) {
    const pool = (each.driver as unknown as { master: pg.Pool }).master;
    pool.on('error', (error) => {
      if (pool.ending) return;
      options.log.warn({ err: error.message }, 'a database connection was lost');
    });
  }
  return database;
}
