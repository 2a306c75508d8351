/** Database, subgraph and load generator of a measurement of reports, each a program of its own. */
import { definitions, prepareDatabases, secretsFrom } from '@practice-graph/app';
import { fixedClock, openDatabase, type Database } from '@practice-graph/kit';
import { IDENTITY_HEADER, signIdentity } from '@practice-graph/kit/identity';
import { startPostgres, type DatabaseUrls } from '@practice-graph/kit/postgres';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client } from 'pg';
import { pino } from 'pino';
import { Child } from './child';
import type { SubgraphStart } from './subgraph-program';

export const CLOCK = '2026-06-30T16:00:00Z';

const SCOPES = [
  'finance:view_revenue',
  'finance:view_reports',
  'finance:record_revenue',
  'appliance:read',
  'inventory:read',
];

/** Everything that is open while the reports of one subgraph are measured. */
export interface Ground {
  readonly name: string;
  readonly urls: DatabaseUrls;
  readonly adminUrl: string;
  readonly database: Database;
  readonly program: Child;
  readonly load: Child;
  readonly url: string;
  readonly identitySecret: string;
}

/** Opens it for a subgraph; what has to be ended is added to the list. */
export async function openGround(name: string, folder: string, stops: (() => unknown)[]): Promise<Ground> {
  const definition = definitions.find((each) => each.name === name);
  if (definition === undefined) throw new Error(`there is no subgraph ${name}`);
  // Writes are measured too, so every commit is forced to disk.
  const postgres = await startPostgres({ directory: join(folder, name), durable: true });
  stops.push(() => postgres.stop());
  const secrets = secretsFrom('the bench only, thrown away with its database');
  const urls = (await prepareDatabases(postgres.adminUrl, [definition], secrets.password))[name];
  if (urls === undefined) throw new Error('there is no database');
  const database = await openDatabase({
    ...{ name, url: urls.app, workerUrl: urls.worker, entities: definition.entities },
    ...{ clock: fixedClock(CLOCK), auditKey: secrets.audit, publishes: definition.publishes },
    log: pino({ level: 'silent' }),
  });
  stops.push(() => database.close());
  const program = new Child({ file: join(__dirname, 'subgraph-program.js') });
  stops.push(() => program.stop());
  const load = new Child({ file: join(__dirname, 'load-program.js') });
  stops.push(() => load.stop());
  const start: SubgraphStart = {
    ...{ name, url: urls.app, workerUrl: urls.worker, clock: CLOCK },
    ...{ identitySecret: secrets.identity, eventSecret: secrets.events, auditKey: secrets.audit },
  };
  const url = `${await program.ask<string>('start', start)}/graphql`;
  const { adminUrl } = postgres;
  return { name, urls, adminUrl, database, program, load, url, identitySecret: secrets.identity };
}

/** Runs SQL as one who sees all clinics. */
export async function asOwner<T>({ adminUrl, urls }: Ground, work: (owner: Client) => Promise<T>): Promise<T> {
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

/** Headers of a caller who sees the whole of some clinics. */
export function headersFor({ name, identitySecret }: Ground, clinicIds: readonly string[]): Record<string, string> {
  const identity = signIdentity(
    {
      ...{ subject: 'bench', role: 'ADMIN', aggregateOnly: false, purpose: null, ip: null, restrictions: {} },
      ...{ scopes: SCOPES, clinicIds, requestId: randomUUID().replaceAll('-', '') },
    },
    name,
    identitySecret,
  );
  return { [IDENTITY_HEADER]: identity };
}

export async function post(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
  });
  return await answer.text();
}
