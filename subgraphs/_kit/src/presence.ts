import pg from 'pg';
import type { Database } from './database';

/** A connection that shows, as long as it stands, that a pool of workers is alive. */
export interface Presence {
  end(): Promise<void>;
}

/**
 * Holds a connection under the name of a pool of workers. The job runner frees the jobs of a worker that died only after
 * four hours; the server knows within moments, since the connection ends with the process.
 */
export async function standBehind(poolId: string, database: Database): Promise<Presence> {
  let ended = false;
  let client: pg.Client;
  const connect = async (): Promise<void> => {
    const { connectionString } = database.worker.options;
    client = new pg.Client({ connectionString, application_name: poolId });
    client.on('error', (error) => {
      database.log.warn({ err: error.message }, 'the connection behind the workers was lost');
    });
    client.on('end', () => {
      if (!ended) setTimeout(() => void connect().catch(() => client.emit('end')), 1_000).unref();
    });
    await client.connect();
  };
  await connect();
  return {
    end: async () => {
      ended = true;
      await client.end();
    },
  };
}

/** Gives back the jobs of workers behind which no connection stands any more; answers how many workers were lost. */
export async function freeLostJobs(database: Database): Promise<number> {
  const lost = await database.worker.query<{ locked_by: string }>(
    `SELECT DISTINCT locked_by FROM graphile_worker._private_jobs WHERE locked_by IS NOT NULL
     EXCEPT SELECT application_name FROM pg_stat_activity WHERE datname = current_database()`,
  );
  if (lost.rows.length > 0)
    await database.worker.query('SELECT graphile_worker.force_unlock_workers($1::text[])', [
      lost.rows.map((row) => row.locked_by),
    ]);
  return lost.rows.length;
}
