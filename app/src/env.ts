import { resolve } from 'node:path';
import { SetupError } from '@practice-graph/kit/postgres';
import { z } from 'zod';

export const DEMO_SIZES = ['demo', 'tiny', 'none'] as const;
export type DemoChoice = (typeof DEMO_SIZES)[number];

const PORT_RULE = 'PORT must be a number from 0 to 65535';

const Environment = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number(PORT_RULE).int(PORT_RULE).min(0, PORT_RULE).max(65_535, PORT_RULE).default(4000),
  DATA_DIR: z.string().min(1).default('.data'),
  DEMO: z.enum(DEMO_SIZES, 'DEMO must be demo, tiny or none').default('demo'),
  DATABASE_URL: z.url('DATABASE_URL must be an address such as postgres://admin:secret@host:5432/postgres').optional(),
  CLOCK: z.iso.datetime({ offset: true, error: 'CLOCK must be an instant such as 2026-06-30T14:00:00Z' }).optional(),
  LOG_LEVEL: z.string().default('warn'),
});

export interface Settings {
  readonly isProduction: boolean;
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly directory: string;
  readonly demo: DemoChoice;
  /** Administrator's address of an own server, in place of the embedded one. */
  readonly databaseUrl: string | undefined;
  /** Instant at which business time stands still. */
  readonly clock: string | undefined;
  readonly logLevel: string;
}

/**
 * Settings of the all-in-one program. An empty variable counts as one that is not set.
 * @throws SetupError with one line that names what is wrong
 */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) throw new SetupError(`${parsed.error.issues.map((issue) => issue.message).join('; ')}.`);
  const { data } = parsed;
  return {
    isProduction: data.NODE_ENV === 'production',
    host: data.HOST,
    port: data.PORT,
    directory: resolve(data.DATA_DIR),
    demo: data.DEMO,
    databaseUrl: data.DATABASE_URL,
    clock: data.CLOCK,
    logLevel: data.LOG_LEVEL,
  };
}

export interface MigrateSettings {
  /** Text from which the passwords of the roles are derived; the data folder's own when left out. */
  readonly roleSecret: string | undefined;
  /** Password given for a service's role: ROLE_PASSWORD_REVENUE serves revenue_app and revenue_worker. */
  readonly rolePassword: (role: string) => string | undefined;
}

/** What the program that only migrates needs besides. The owner's role has no password of its own to give away. */
export function readMigrateSettings(env: NodeJS.ProcessEnv = process.env): MigrateSettings {
  return {
    roleSecret: env['ROLE_SECRET'] || undefined,
    rolePassword: (role) => {
      const service = /^(.*)_(?:app|worker)$/.exec(role)?.[1];
      return service === undefined ? undefined : env[`ROLE_PASSWORD_${service.toUpperCase()}`] || undefined;
    },
  };
}
