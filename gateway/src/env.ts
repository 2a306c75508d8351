import { z } from 'zod';

/** Names as in the supergraph, written for the environment: `appliance-supply` is `SUBGRAPH_URL_APPLIANCE_SUPPLY`. */
const SUBGRAPH_URL = 'SUBGRAPH_URL_';
const SUBGRAPH_HEADERS = 'SUBGRAPH_HEADERS_';

const port = z.coerce.number().int().min(0).max(65_535);
const positive = z.coerce.number().int().positive();

/** A list that is separated by commas. */
const names = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter(Boolean),
  );

const Environment = z
  .object({
    NODE_ENV: z.string().optional(),
    PORT: port.default(4000),
    HOST: z.string().default('127.0.0.1'),
    SUPERGRAPH: z.string().default('schema/supergraph.graphql'),
    OPERATIONS: z.string().default('schema/operations'),
    AUTH: z.enum(['on', 'off']).default('on'),
    IDENTITY_SECRET: z.string().default(''),
    TOKEN_ISSUER: z.url().optional(),
    TOKEN_AUDIENCE: z.string().default('practice-graph'),
    TOKEN_JWKS_URL: z.url().optional(),
    TOKEN_ALGORITHMS: z
      .string()
      .default('ES256,RS256,EdDSA')
      .transform((text) => text.split(',').map((name) => name.trim())),
    TRUST_PROXY: z
      .enum(['true', 'false'])
      .default('false')
      .transform((text) => text === 'true'),
    SUBGRAPH_TIMEOUT_MS: positive.optional(),
    COST_MAX: positive.optional(),
    /** Cost points per minute and client; 0 switches the budget off. */
    RATE_LIMIT_POINTS: z.coerce.number().int().min(0).optional(),
    /** PostgreSQL database in which several gateways count together. */
    RATE_LIMIT_DATABASE_URL: z.url().optional(),
    OTEL_EXPORTER_OTLP_ENDPOINT: z.url().optional(),
    METRICS_TOKEN: z.string().min(16).optional(),
    /** Origins whose pages may ask, separated by commas. */
    CORS_ORIGINS: names,
    /** Headers of clients that subgraphs are handed. */
    FORWARD_HEADERS: names,
    EXPLORER: z.enum(['on', 'off']).default('on'),
    LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  })
  .refine((env) => env.AUTH === 'off' || (env.TOKEN_ISSUER && env.TOKEN_JWKS_URL), {
    message: 'TOKEN_ISSUER and TOKEN_JWKS_URL are needed (or AUTH=off for trials)',
  });

export type Settings = z.infer<typeof Environment>;

/** Settings of the program from its environment; throws one readable text that names every wrong variable. */
export function settings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const read = Environment.safeParse(environment);
  if (read.success) return read.data;
  throw new Error(`The environment is not usable:\n${z.prettifyError(read.error)}`);
}

/** Addresses of subgraphs by the name that they have in the supergraph. */
export function subgraphUrls(
  names: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  const urls: Record<string, string> = {};
  for (const name of names) {
    const url = environment[SUBGRAPH_URL + name.toUpperCase().replaceAll('-', '_')];
    if (url) urls[name] = url;
  }
  return urls;
}

const Headers = z.record(z.string(), z.string());

/** Headers for subgraphs by the name that they have in the supergraph: `SUBGRAPH_HEADERS_<NAME>` holds a JSON object. */
export function subgraphHeaders(
  names: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Record<string, Record<string, string>> {
  const found: Record<string, Record<string, string>> = {};
  for (const name of names) {
    const variable = SUBGRAPH_HEADERS + name.toUpperCase().replaceAll('-', '_');
    const text = environment[variable];
    if (!text) continue;
    try {
      found[name] = Headers.parse(JSON.parse(text));
    } catch {
      throw new Error(`${variable} must be a JSON object of texts, for example {"x-api-key": "..."}.`);
    }
  }
  return found;
}

/** The planner's package sends usage numbers to its maker unless this is set before it is created. */
export function switchOffVendorTelemetry(): void {
  process.env['APOLLO_TELEMETRY_DISABLED'] = 'true';
}
