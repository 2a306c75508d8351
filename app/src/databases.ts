import { migrate, type SubgraphDefinition } from '@practice-graph/kit';
import { provision, type DatabaseUrls } from '@practice-graph/kit/postgres';
import { Client } from 'pg';

/** Addresses of the databases by subgraph name. */
export type Databases = Readonly<Record<string, DatabaseUrls>>;

/** Makes roles and database of each subgraph and brings its tables to the present; safe to repeat. */
export async function prepareDatabases(
  adminUrl: string,
  subgraphs: readonly SubgraphDefinition[],
  passwords: (role: string) => string,
  onDone: (name: string) => void = () => undefined,
): Promise<Databases> {
  const made = await Promise.all(
    subgraphs.map(async (subgraph) => {
      const urls = await provision(adminUrl, { database: subgraph.database, passwords });
      await migrate(subgraph, urls);
      onDone(subgraph.name);
      return [subgraph.name, urls] as const;
    }),
  );
  return Object.fromEntries(made);
}

/** Throws the databases away; their roles stay. */
export async function dropDatabases(adminUrl: string, subgraphs: readonly SubgraphDefinition[]): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    for (const { database } of subgraphs) await admin.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  } finally {
    await admin.end();
  }
}

/** Whether no clinic has been entered yet. */
export async function isEmpty(databases: Databases): Promise<boolean> {
  for (const { worker } of Object.values(databases)) {
    const client = new Client({ connectionString: worker });
    await client.connect();
    try {
      const known = await client.query('SELECT 1 FROM known_clinics() LIMIT 1');
      if (known.rowCount !== 0) return false;
    } finally {
      await client.end();
    }
  }
  return true;
}

/** What tells a database server from any other, for as long as its data exists. */
export async function serverIdentity(adminUrl: string): Promise<string> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const [row] = (await admin.query<{ id: string }>('SELECT system_identifier::text AS id FROM pg_control_system()'))
      .rows;
    return row?.id ?? '';
  } finally {
    await admin.end();
  }
}
