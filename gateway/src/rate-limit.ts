import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Cost that one client may use in a span of time. */
export interface RateLimitOptions {
  readonly points: number;
  readonly seconds: number;
}

export const DEFAULT_RATE_LIMIT: RateLimitOptions = { points: 2_000_000, seconds: 60 };

/** Takes cost points from a client's budget; answers the seconds to wait when it is used up, else undefined. */
export type RateLimit = (client: string, points: number) => Promise<number | undefined>;

/** Budgets in the memory of this program: with several gateways, each keeps its own. */
export function rateLimit({ points, seconds }: RateLimitOptions): RateLimit {
  const limiter = new RateLimiterMemory({ points, duration: seconds });
  return async (client, cost) => {
    try {
      await limiter.consume(client, Math.max(1, Math.ceil(cost)));
      return undefined;
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return Math.max(1, Math.ceil(refused.msBeforeNext / 1000));
      throw refused;
    }
  };
}
