import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';

import { settings, subgraphHeaders, subgraphUrls, type Settings } from './env';
import { Misconfigured, startGateway } from './server';
import { subgraphsOf } from './supergraph/graph';
import { readSupergraph, SupergraphUnusable } from './supergraph/supergraph-file';

/** Time that running requests get when the program is asked to stop. */
const DRAIN_MS = 15_000;

/** Trials without identity have a budget only when one is asked for. */
function budget({ AUTH, RATE_LIMIT_POINTS: points, RATE_LIMIT_DATABASE_URL: databaseUrl }: Settings) {
  return points === 0 || (AUTH === 'off' && points === undefined) ? 'off' : { points, databaseUrl };
}

async function main(): Promise<void> {
  const env = settings();
  const log = pino({ level: env.LOG_LEVEL, base: { service: 'gateway' } });
  const names = subgraphsOf(await readSupergraph(env.SUPERGRAPH)).map((s) => s.name);
  const running = await startGateway({
    supergraphFile: env.SUPERGRAPH,
    operationsFolder: env.OPERATIONS,
    port: env.PORT,
    host: env.HOST,
    auth: env.AUTH,
    identitySecret: env.IDENTITY_SECRET,
    issuer: env.TOKEN_ISSUER
      ? {
          issuer: env.TOKEN_ISSUER,
          audience: env.TOKEN_AUDIENCE,
          jwksUrl: env.TOKEN_JWKS_URL,
          algorithms: env.TOKEN_ALGORITHMS,
        }
      : undefined,
    serviceUrls: subgraphUrls(names),
    subgraphHeaders: subgraphHeaders(names),
    forwardHeaders: env.FORWARD_HEADERS,
    explorer: env.EXPLORER === 'on',
    production: env.NODE_ENV === 'production',
    trustProxy: env.TRUST_PROXY,
    corsOrigins: env.CORS_ORIGINS,
    subgraphTimeoutMs: env.SUBGRAPH_TIMEOUT_MS,
    traceEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
    metricsToken: env.METRICS_TOKEN,
    rateLimit: budget(env),
    limits: env.COST_MAX ? { cost: env.COST_MAX } : undefined,
    log,
  });
  log.info({ url: running.url }, 'the graph is ready');
  closeWithGrace(
    {
      delay: DRAIN_MS,
      logger: {
        error: (message?: unknown) => {
          log.error(String(message));
        },
      },
    },
    async ({ err }) => {
      if (err) log.error({ reason: err.message }, 'stopping after a failure');
      await running.stop();
      log.info('stopped');
    },
  );
}

main().catch((error: unknown) => {
  const isPlain = error instanceof Misconfigured || error instanceof SupergraphUnusable || error instanceof Error;
  process.stderr.write(`${isPlain ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
