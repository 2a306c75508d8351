import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Logger } from 'pino';

import { contextOf } from './caller';
import { demoRoutes } from './demo';
import type { RegisteredDocuments } from './documents/registered-documents';
import { explorerRoutes } from './explorer/explorer-routes';
import { healthRoutes } from './health';
import type { Bearer } from './identity/token';
import type { GatewayOptions } from './options.types';
import type { RequestContext } from './request-context';
import type { Planner } from './supergraph/planner';
import type { Metrics } from './telemetry/metrics';
import type { Spans } from './telemetry/spans';
import { requestLog } from './telemetry/request-log';
import { traceOf } from './trace';

/** Time for a whole request; identities that are signed for the subgraphs live as long. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface RouteOptions {
  readonly gateway: GatewayOptions;
  readonly planner: Planner;
  readonly registered: RegisteredDocuments;
  readonly metrics: Metrics;
  /** Undefined when traces go nowhere. */
  readonly spans: Spans | undefined;
  /** Names of saved operations, by which requests are measured. */
  readonly savedNames: ReadonlySet<string>;
  /** Undefined when identity is switched off. */
  readonly readToken: ((authorization: string | undefined) => Promise<Bearer>) | undefined;
  readonly isStopping: () => boolean;
}

/** Everything that the gateway answers over HTTP. */
export async function routes(
  app: FastifyInstance,
  apollo: ApolloServer<RequestContext>,
  options: RouteOptions,
): Promise<void> {
  const { gateway, planner, readToken, isStopping } = options;
  const { log, demo } = gateway;
  const forwardHeaders = (gateway.forwardHeaders ?? []).map((name) => name.toLowerCase());
  const identified = (request: FastifyRequest, reply: FastifyReply) =>
    contextOf(request, reply, request.trace, readToken, REQUEST_TIMEOUT_MS, forwardHeaders, log);

  everyRequest(app, log, isStopping);
  crossOrigin(app, gateway.corsOrigins ?? []);
  requestLog(app, { log, metrics: options.metrics, spans: options.spans, saved: options.savedNames });
  healthRoutes(app, () => planner.health(), isStopping);
  metricsRoute(app, options.metrics, gateway);
  if (demo) demoRoutes(app, demo);
  if (gateway.explorer !== false) {
    explorerRoutes(app, {
      operationsFolder: gateway.operationsFolder,
      variables: demo?.variables,
      admit: async (request, reply) => {
        if (readToken && !demo) await identified(request, reply);
      },
    });
  }
  app.route({
    url: '/graphql',
    method: ['GET', 'POST', 'OPTIONS'],
    preHandler: async (request, reply) => {
      const refusal = oneOperation(request, options.registered);
      if (!refusal) return;
      // Who is not known is told only that: not which documents there are.
      await identified(request, reply);
      return reply.code(400).send({ errors: [refusal.toJSON()] });
    },
    handler: fastifyApolloHandler(apollo, {
      context: async (request, reply) => {
        const context = await identified(request, reply);
        request.graph = context;
        return context;
      },
    }),
  });
  await app.ready();
}

function everyRequest(app: FastifyInstance, log: Logger, isStopping: () => boolean): void {
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
    const { traceId } = request.trace;
    if (status >= 500) log.error({ traceId, reason: error.message }, 'a request failed');
    return reply.code(status).send({ errors: [{ message, extensions: { code, traceId } }] });
  });
  app.setNotFoundHandler((request, reply) => {
    if (request.url.split('?', 1)[0] === '/graphql') {
      const extensions = { code: 'METHOD_NOT_ALLOWED', traceId: request.trace.traceId };
      void reply.code(405).header('allow', 'GET, POST');
      return reply.send({ errors: [{ message: 'Send operations by POST, or queries by GET.', extensions }] });
    }
    const extensions = { code: 'NOT_FOUND', traceId: request.trace.traceId };
    return reply.code(404).send({ errors: [{ message: 'There is nothing at this address.', extensions }] });
  });
}

/** Lets pages of known origins ask. Tokens are sent by the page itself, so no cookies are involved. */
function crossOrigin(app: FastifyInstance, origins: readonly string[]): void {
  if (origins.length === 0) return;
  const known = new Set(origins);
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('vary', 'origin');
    const { origin } = request.headers;
    if (origin === undefined || !known.has(origin)) {
      done();
      return;
    }
    void reply.header('access-control-allow-origin', origin);
    void reply.header('access-control-expose-headers', 'x-trace-id, retry-after');
    if (request.method !== 'OPTIONS') {
      done();
      return;
    }
    void reply
      .header('access-control-allow-methods', 'GET, POST')
      .header('access-control-allow-headers', 'authorization, content-type, apollo-require-preflight, traceparent')
      .header('access-control-max-age', '600')
      .code(204)
      .send();
  });
}

/** One operation per request; a document may be named by its id in place of its text. */
function oneOperation({ body }: FastifyRequest, registered: RegisteredDocuments): GraphQLError | undefined {
  if (Array.isArray(body)) {
    return new GraphQLError('One operation per request, please.', { extensions: { code: 'BATCHING_NOT_ALLOWED' } });
  }
  if (typeof body !== 'object' || body === null) return undefined;
  const operation = body as Record<string, unknown>;
  const id = operation['documentId'];
  if (typeof id !== 'string' || operation['query'] !== undefined) return undefined;
  const document = registered.byId(id);
  if (document === undefined) {
    return new GraphQLError('No document is registered under this id.', { extensions: { code: 'DOCUMENT_NOT_FOUND' } });
  }
  operation['query'] = document;
  return undefined;
}

/** Measures tell what is asked and how much: in production only who has the token for them may read them. */
function metricsRoute(app: FastifyInstance, metrics: Metrics, { metricsToken, production }: GatewayOptions): void {
  if (production && !metricsToken) return;
  app.get('/metrics', async (request, reply) => {
    if (metricsToken && request.headers.authorization !== `Bearer ${metricsToken}`) {
      return reply.code(401).send({ message: 'The token for the measures is needed.' });
    }
    return reply.header('content-type', metrics.contentType).send(await metrics.text());
  });
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
