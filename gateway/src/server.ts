import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import { fastifyApolloDrainPlugin, fastifyApolloHandler } from '@as-integrations/fastify';
import { GraphQLError } from 'graphql';
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify';

import { contextOf } from './caller';
import { demoRoutes } from './demo';
import { DEFAULT_LIMITS, type Limits } from './documents/limits';
import { switchOffVendorTelemetry } from './env';
import { formatError } from './errors';
import { explorerRoutes } from './explorer/explorer-routes';
import { healthRoutes } from './health';
import { tokenReader } from './identity/token';
import type { GatewayOptions, RunningGateway } from './options.types';
import { requestChecks } from './request-checks';
import type { RequestContext } from './request-context';
import { openPlanner, type Planner } from './supergraph/planner';
import { traceOf } from './trace';

const SUBGRAPH_TIMEOUT_MS = 10_000;
/** Time for a whole request; identities that are signed for the subgraphs live as long. */
const REQUEST_TIMEOUT_MS = 30_000;

/** The configuration cannot work; the message says what to change. */
export class Misconfigured extends Error {}

/** Starts the gateway; resolves when it accepts requests. Rejects with a `Misconfigured` or `SupergraphUnusable`. */
export async function startGateway(options: GatewayOptions): Promise<RunningGateway> {
  const withIdentity = options.auth !== 'off';
  checkOptions(options, withIdentity);
  switchOffVendorTelemetry();
  const limits: Limits = { ...DEFAULT_LIMITS, ...options.limits };
  const planner = await openPlanner({
    supergraphFile: options.supergraphFile,
    limits,
    log: options.log,
    services: options.services ?? {},
    readiness: options.readiness ?? {},
    serviceUrls: options.serviceUrls ?? {},
    identitySecret: withIdentity ? options.identitySecret : undefined,
    subgraphTimeoutMs: options.subgraphTimeoutMs ?? SUBGRAPH_TIMEOUT_MS,
    enforceScopes: withIdentity,
    maskErrors: withIdentity,
    watchEveryMs: options.watchEveryMs,
  });
  const app = Fastify({
    bodyLimit: limits.bodyBytes,
    trustProxy: options.trustProxy ?? false,
    forceCloseConnections: 'idle',
  });
  const apollo = apolloServer(app, planner, limits, options, withIdentity);
  try {
    await apollo.start();
    let isStopping = false;
    await routes(app, apollo, planner, options, withIdentity, () => isStopping);
    const host = options.host ?? '127.0.0.1';
    const url = await listen(app, options.port, host);
    return {
      url: `${url}/graphql`,
      stop: async () => {
        isStopping = true;
        await apollo.stop();
        await planner.stop();
      },
    };
  } catch (error) {
    await apollo.stop().catch(() => undefined);
    await planner.stop();
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
  limits: Limits,
  options: GatewayOptions,
  withIdentity: boolean,
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
        schemaIsOpen: !withIdentity || options.demo !== undefined,
      }),
    ],
  });
}

async function routes(
  app: FastifyInstance,
  apollo: ApolloServer<RequestContext>,
  planner: Planner,
  options: GatewayOptions,
  withIdentity: boolean,
  isStopping: () => boolean,
): Promise<void> {
  const readToken = withIdentity && options.issuer ? tokenReader(options.issuer) : undefined;
  app.decorateRequest('trace');
  app.addHook('onRequest', (request, reply, done) => {
    const given = request.headers['traceparent'];
    request.trace = traceOf(typeof given === 'string' ? given : undefined);
    void reply.header('x-trace-id', request.trace.traceId);
    done();
  });
  app.addHook('onSend', (_request, reply, _payload, done) => {
    // A kept-alive connection would hold the stop back until the client lets go of it.
    if (isStopping()) void reply.header('connection', 'close');
    done();
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const [status, code, message] = httpFailure(error);
    if (status >= 500) options.log.error({ traceId: request.trace.traceId, reason: error.message }, 'a request failed');
    return reply.code(status).send({ errors: [{ message, extensions: { code, traceId: request.trace.traceId } }] });
  });
  app.setNotFoundHandler((request, reply) =>
    reply.code(404).send({
      errors: [
        {
          message: `There is nothing at this address.`,
          extensions: { code: 'NOT_FOUND', traceId: request.trace.traceId },
        },
      ],
    }),
  );
  app.addHook('preHandler', (request, reply, done) => {
    if (!Array.isArray(request.body)) {
      done();
      return;
    }
    const extensions = { code: 'BATCHING_NOT_ALLOWED' };
    void reply.code(400).send({ errors: [{ message: 'One operation per request, please.', extensions }] });
  });
  healthRoutes(app, () => planner.health(), isStopping);
  if (options.demo) demoRoutes(app, options.demo);
  explorerRoutes(app, {
    operationsFolder: options.operationsFolder,
    variables: options.demo?.variables,
    admit: async (request, reply) => {
      if (!readToken || options.demo) return;
      await contextOf(request, reply, request.trace, readToken, REQUEST_TIMEOUT_MS, options.log);
    },
  });
  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    handler: fastifyApolloHandler(apollo, {
      context: (request, reply) => contextOf(request, reply, request.trace, readToken, REQUEST_TIMEOUT_MS, options.log),
    }),
  });
  await app.ready();
}

/** Failures before a request becomes an operation: status, code and what the client reads. */
function httpFailure(error: FastifyError): [number, string, string] {
  if (error instanceof GraphQLError) {
    const { http, code } = error.extensions as { http?: { status?: number }; code?: string };
    return [http?.status ?? 500, code ?? 'INTERNAL_SERVER_ERROR', error.message];
  }
  const status = error.statusCode ?? 500;
  if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') return [413, 'BODY_TOO_LARGE', 'The request is too large.'];
  if (status === 415) return [415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the operation as application/json.'];
  if (status >= 400 && status < 500) return [status, 'BAD_REQUEST', 'The request cannot be read.'];
  return [500, 'INTERNAL_SERVER_ERROR', 'Something went wrong on our side. Give the trace id when you report it.'];
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
    if (code === 'EACCES')
      throw new Misconfigured(`Port ${String(port)} may not be used here. Set PORT to one above 1024.`);
    throw error;
  }
}
