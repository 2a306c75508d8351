import { Pool } from 'pg';
import type { Logger } from 'pino';
import {
  RateLimiterMemory,
  RateLimiterPostgres,
  RateLimiterRes,
  type RateLimiterAbstract,
} from 'rate-limiter-flexible';

/** Cost that one client may use in a span of time. */
export interface RateLimitOptions {
  /** 2,000,000 when left out. */
  readonly points?: number | undefined;
  /** 60 when left out. */
  readonly seconds?: number | undefined;
  /** Address of a PostgreSQL database in which several gateways count together; without it each counts for itself. */
  readonly databaseUrl?: string | undefined;
}

/** Milliseconds that a decision waits for the database before this program's own count decides. */
const DECISION_MS = 250;

export interface RateLimit {
  /** Takes cost points from a client's budget; answers the seconds to wait when it is used up, else undefined. */
  take(client: string, points: number): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Budgets of clients, in memory or in a database; throws when the database cannot hold them. */
export async function openRateLimit(options: RateLimitOptions, log: Logger): Promise<RateLimit> {
  const { points = 2_000_000, seconds = 60, databaseUrl } = options;
  const own = new RateLimiterMemory({ points, duration: seconds });
  const shared = databaseUrl === undefined ? undefined : await openShared(databaseUrl, own, log);
  return { take: takeFrom(shared?.limiter ?? own), close: async () => shared?.pool.end() };
}

const takeFrom =
  (limiter: RateLimiterAbstract): RateLimit['take'] =>
  async (client, cost) => {
    try {
      await limiter.consume(client, Math.max(1, Math.ceil(cost)));
      return undefined;
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
      throw refused;
    }
  };

/** While the database does not answer, `own` decides, so that requests go on with a budget per gateway. */
async function openShared(databaseUrl: string, own: RateLimiterMemory, log: Logger) {
  const pool = new Pool({
    connectionString: databaseUrl,
    max: 4,
    allowExitOnIdle: true,
    connectionTimeoutMillis: DECISION_MS,
    query_timeout: DECISION_MS,
    // Losing the last moments of a count in a crash of the server costs nobody anything.
    options: '-c synchronous_commit=off',
    application_name: 'gateway rate limit',
  });
  pool.on('error', (error) => {
    log.warn({ reason: error.message }, 'the database of the rate limit closed a connection');
  });
  try {
    const limiter = await new Promise<RateLimiterPostgres>((resolve, reject) => {
      const made: RateLimiterPostgres = new RateLimiterPostgres(
        {
          ...{ storeClient: pool, tableName: 'rate_limit', keyPrefix: 'client', insuranceLimiter: own },
          ...{ points: own.points, duration: own.duration },
        },
        (error?: Error) => {
          if (error) reject(error);
          else resolve(made);
        },
      );
    });
    return { limiter, pool };
  } catch (error) {
    await pool.end();
    throw new Error(`The database of the rate limit cannot be used: ${(error as Error).message}`, { cause: error });
  }
}
