import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import Fastify, { type FastifyInstance } from 'fastify';

import { DEFAULT_LIMITS, type Limits } from './documents/limits';
import { RegisteredDocuments } from './documents/registered-documents';
import { switchOffVendorTelemetry } from './env';
import { formatError } from './errors';
import { savedOperations } from './explorer/saved-operations';
import { tokenReader } from './identity/token';
import type { GatewayOptions, RunningGateway } from './options.types';
import { openRateLimit, type RateLimit } from './rate-limit';
import { requestChecks } from './request-checks';
import type { RequestContext } from './request-context';
import { routes } from './routes';
import { openPlanner, type Planner } from './supergraph/planner';
import { type Metrics, openMetrics } from './telemetry/metrics';
import { openSpans } from './telemetry/spans';

const SUBGRAPH_TIMEOUT_MS = 10_000;
/** Time in which a client must have sent its request. */
const REQUEST_READ_MS = 30_000;

/** The configuration cannot work; the message says what to change. */
export class Misconfigured extends Error {}

/** Starts the gateway; resolves when it accepts requests. Rejects with a `Misconfigured` or `SupergraphUnusable`. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const withIdentity = options.auth !== 'off';
  checkOptions(options, withIdentity);
  switchOffVendorTelemetry();
  // A supergraph that is not ours hardly says what its lists hold, so its costs would be guesses.
  const unlimited = withIdentity ? {} : { cost: Infinity };
  const limits: Limits = { ...DEFAULT_LIMITS, ...unlimited, ...options.limits };
  const saved = await savedOperations(options.operationsFolder);
  const registered = new RegisteredDocuments(saved.map((operation) => operation.query));
  const metrics: Metrics = openMetrics(() => planner.readings());
  const spans = options.traceEndpoint ? openSpans(options.traceEndpoint, options.log) : undefined;
  const budget = options.rateLimit ?? (withIdentity ? {} : 'off');
  const rateLimit = budget === 'off' ? undefined : await openRateLimit(budget, options.log);
  const planner: Planner = await openPlanner({
    supergraphFile: options.supergraphFile,
    limits,
    log: options.log,
    services: options.services ?? {},
    readiness: options.readiness ?? {},
    serviceUrls: options.serviceUrls ?? {},
    subgraphHeaders: options.subgraphHeaders ?? {},
    identitySecret: withIdentity ? options.identitySecret : undefined,
    subgraphTimeoutMs: options.subgraphTimeoutMs ?? SUBGRAPH_TIMEOUT_MS,
    enforceScopes: withIdentity,
    maskErrors: withIdentity,
    measureSubgraph: ({ name, trace, isAnswered, ...times }) => {
      metrics.subgraph(name, (times.ended - times.started) / 1000, isAnswered);
      if (!trace.isSampled) return;
      const { traceId, spanId: parentSpanId } = trace;
      const attributes = { 'graph.subgraph': name };
      spans?.record({
        traceId,
        parentSpanId,
        name: `ask ${name}`,
        kind: 'client',
        isError: !isAnswered,
        attributes,
        ...times,
      });
    },
    watchEveryMs: options.watchEveryMs,
  });
  const app = Fastify({
    bodyLimit: limits.bodyBytes,
    trustProxy: options.trustProxy ?? false,
    forceCloseConnections: 'idle',
    requestTimeout: REQUEST_READ_MS,
  });
  const apollo = apolloServer(app, planner, registered, limits, rateLimit, options);
  try {
    await apollo.start();
    let isStopping = false;
    await routes(app, apollo, {
      gateway: options,
      planner,
      registered,
      metrics,
      spans,
      savedNames: new Set(saved.flatMap((operation) => operation.operationNames)),
      readToken: withIdentity && options.issuer ? tokenReader(options.issuer) : undefined,
      isStopping: () => isStopping,
    });
    const url = await listen(app, options.port, options.host ?? '127.0.0.1');
    void planner.warm(saved);
    const stop = async () => {
      isStopping = true;
      await apollo.stop();
      await planner.stop();
      await rateLimit?.close();
      await spans?.close();
    };
    let stopped: Promise<void> | undefined;
    return { url: `${url}/graphql`, stop: () => (stopped ??= stop()) };
  } catch (error) {
    await apollo.stop().catch(() => undefined);
    await planner.stop();
    await rateLimit?.close();
    await spans?.close();
    throw error;
  }
}

function checkOptions(options: GatewayOptions, withIdentity: boolean): void {
  if (!withIdentity && options.production) throw new Misconfigured('AUTH=off is refused in production.');
  if (options.demo && options.production) throw new Misconfigured('Demo personas are refused in production.');
  if (withIdentity && !options.issuer) throw new Misconfigured('A token issuer is needed, or AUTH=off for trials.');
  if (withIdentity && options.identitySecret.length < 16) {
    throw new Misconfigured('IDENTITY_SECRET needs at least 16 characters.');
  }
}

function apolloServer(
  app: FastifyInstance,
  planner: Planner,
  registered: RegisteredDocuments,
  limits: Limits,
  rateLimit: RateLimit | undefined,
  options: GatewayOptions,
): ApolloServer<RequestContext> {
  const { log } = options;
  return new ApolloServer<RequestContext>({
    gateway: planner.gateway,
    // Reading the schema is decided per caller, and limits come before validation: both in requestChecks.
    introspection: true,
    dangerouslyDisableValidation: true,
    parseOptions: { maxLexicalTokens: limits.tokens },
    csrfPrevention: true,
    allowBatchedHttpRequests: false,
    persistedQueries: { cache: registered },
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    formatError: (formatted) => formatError(withLimitCode(formatted)),
    logger: {
      debug: () => undefined,
      info: () => undefined,
      warn: (message: string) => {
        log.warn(message);
      },
      error: (message: string) => {
        log.error(message);
      },
    },
    plugins: [
      fastifyApolloDrainPlugin(app),
      ApolloServerPluginLandingPageDisabled(),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      requestChecks({
        limits,
        current: () => planner.current(),
        schemaIsOpen: options.auth === 'off' || options.demo !== undefined,
        isTrusted: (hash) => registered.isTrusted(hash),
        rateLimit,
      }),
    ],
  });
}

/** The parser has a limit of its own and no code for it. */
function withLimitCode<E extends { message: string; extensions?: Record<string, unknown> | undefined }>(error: E): E {
  if (!/Document contains more tha[nt] \d+ tokens/.test(error.message)) return error;
  return {
    ...error,
    message: 'The document is too long: it has too many tokens.',
    extensions: { ...error.extensions, code: 'TOO_MANY_TOKENS' },
  };
}

async function listen(app: FastifyInstance, port: number, host: string): Promise<string> {
  try {
    return await app.listen({ port, host });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EADDRINUSE') throw new Misconfigured(`Port ${String(port)} is in use. Set PORT to a free one.`);
    if (code === 'EACCES') {
      throw new Misconfigured(`Port ${String(port)} may not be used here. Set PORT to one above 1024.`);
    }
    throw error;
  }
}
