import { z } from 'zod';

const secret = (name: string) => z.string().min(16, `${name} must have at least 16 characters`);

/** Environment of a subgraph that runs as a program of its own. */
const Environment = z
  .object({
    NODE_ENV: z.string().default('development'),
    HOST: z.string().default('127.0.0.1'),
    PORT: z.coerce.number().int().min(0).max(65_535).optional(),
    DATABASE_URL: z.string().min(1, 'DATABASE_URL must be the address of the database as the service role'),
    WORKER_DATABASE_URL: z
      .string()
      .min(1, 'WORKER_DATABASE_URL must be the address of the database as the worker role'),
    IDENTITY_SECRET: secret('IDENTITY_SECRET'),
    EVENT_SECRET: secret('EVENT_SECRET'),
    AUDIT_KEY: secret('AUDIT_KEY'),
    LOG_LEVEL: z.string().default('info'),
    CLOCK: z.string().optional(),
  })
  .loose();

export interface SubgraphEnvironment extends z.infer<typeof Environment> {
  /** Address of the event door of another subgraph: EVENT_URL_<NAME>, else its default port on loopback. */
  readonly eventUrl: (subscriber: string) => string;
}

/** Reads the environment; throws one sentence per variable that is missing or malformed. */
export function readEnvironment(
  ports: Readonly<Record<string, number>>,
  env: NodeJS.ProcessEnv = process.env,
): SubgraphEnvironment {
  const parsed = Environment.safeParse(env);
  if (!parsed.success)
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  if (parsed.data.NODE_ENV === 'production' && parsed.data.CLOCK)
    throw new Error('CLOCK fixes business time and is refused in production; remove it.');
  return {
    ...parsed.data,
    eventUrl: (subscriber) =>
      env[`EVENT_URL_${subscriber.toUpperCase().replaceAll('-', '_')}`] ??
      `http://127.0.0.1:${String(ports[subscriber] ?? 0)}/events`,
  };
}
