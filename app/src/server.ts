import { attachPostgres, startPostgres, SetupError } from '@practice-graph/kit/postgres';
import { Client } from 'pg';
import type { Settings } from './env';

export interface Server {
  readonly adminUrl: string;
  stop(): Promise<void>;
}

/**
 * The database server of the settings: the embedded one, started here, or an own one.
 * @throws SetupError when neither can be reached
 */
export async function openServer(settings: Settings, log?: (line: string) => void): Promise<Server> {
  if (settings.databaseUrl !== undefined) {
    await requireReachable(settings.databaseUrl);
    return { adminUrl: settings.databaseUrl, stop: () => Promise.resolve() };
  }
  return await startPostgres({ directory: settings.directory, durable: true, log });
}

/** As `openServer`, but beside a running program its server is shared: for commands that only look or repair. */
export async function shareServer(settings: Settings): Promise<Server> {
  const running = settings.databaseUrl === undefined ? attachPostgres(settings.directory) : undefined;
  return running === undefined
    ? await openServer(settings)
    : { adminUrl: running.adminUrl, stop: () => Promise.resolve() };
}

async function requireReachable(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
  } catch (error) {
    const { host } = new URL(url);
    throw new SetupError(`The database server ${host} of DATABASE_URL does not answer: ${(error as Error).message}.`);
  } finally {
    await client.end().catch(() => undefined);
  }
}
