import { runMigrations } from 'graphile-worker';
import pg from 'pg';
import { DataSource } from 'typeorm';
import type { Logger } from 'pino';
import type { SubgraphDefinition } from './subgraph';
import { outboxSchema } from './tables';
import { SnakeNaming } from './naming';

export interface MigrationUrls {
  /** Address as the role that owns the tables. */
  readonly owner: string;
  /** Address as the role that owns the jobs. */
  readonly worker: string;
}

/** The data source of migrations and of the check that entities and tables agree. */
export const migrationSource = (definition: SubgraphDefinition, url: string): DataSource =>
  new DataSource({
    type: 'postgres',
    url,
    applicationName: `${definition.name} migrate`,
    entities: definition.entities as never,
    migrations: definition.migrations as never,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    namingStrategy: new SnakeNaming(),
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    synchronize: false,
    logging: false,
  });

/** Brings a subgraph's database to the present: job tables, outbox, then its own migrations in order. */
export async function migrate(definition: SubgraphDefinition, urls: MigrationUrls, log?: Logger): Promise<number> {
  await runMigrations({ connectionString: urls.worker });
  const client = new pg.Client({ connectionString: urls.worker });
  await client.connect();
  try {
    await client.query(outboxSchema(definition.roles));
  } finally {
    await client.end();
  }
  const source = await migrationSource(definition, urls.owner).initialize();
  try {
    const done = await source.runMigrations();
    await source.query(`GRANT SELECT ON migrations TO ${definition.roles.app}`);
    if (done.length > 0) log?.info({ subgraph: definition.name, migrations: done.length }, 'migrated');
    return done.length;
  } finally {
    await source.destroy();
  }
}
