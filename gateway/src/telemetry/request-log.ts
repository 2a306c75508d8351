import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';

import type { RequestContext } from '../request-context';
import type { Metrics } from './metrics';
import type { Spans } from './spans';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set as soon as the caller of an operation is known. */
    graph: RequestContext | undefined;
  }
}

export interface RequestLogOptions {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly spans: Spans | undefined;
  /** Names of saved operations. */
  readonly saved: ReadonlySet<string>;
}

/**
 * One line and one measure per operation. Neither holds variables or answers, where patients could be read from; names
 * of operations are measured only when they are saved ones, since clients could invent any number of others.
 */
export function requestLog(app: FastifyInstance, { log, metrics, spans, saved }: RequestLogOptions): void {
  app.decorateRequest('graph');
  app.addHook('onResponse', (request, reply, done) => {
    if (request.routeOptions.url === '/graphql') {
      const { graph } = request;
      const seconds = reply.elapsedTime / 1000;
      const codes = graph?.progress.outcome?.codes ?? [];
      const refused = reply.statusCode === 401 ? 'UNAUTHENTICATED' : `HTTP_${String(reply.statusCode)}`;
      const outcome = codes[0] ?? (graph?.progress.outcome ? 'ok' : refused);
      const name = graph?.progress.outcome?.operationName ?? null;
      const cost = graph?.progress.operation?.cost;
      metrics.request(
        name && saved.has(name) ? name : 'other',
        outcome,
        seconds,
        graph?.progress.hasRun ? cost : undefined,
      );
      const { trace } = request;
      if (spans && trace.isSampled) {
        const ended = performance.now();
        spans.record({
          ...trace,
          name: `graph ${name ?? 'operation'}`,
          kind: 'server',
          started: ended - reply.elapsedTime,
          ended,
          isError: outcome !== 'ok',
          attributes: { 'graph.outcome': outcome, 'http.response.status_code': reply.statusCode },
        });
      }
      log.info(
        {
          traceId: request.trace.traceId,
          subject: graph?.viewer?.subject ?? null,
          operationName: name,
          status: reply.statusCode,
          ms: Math.round(reply.elapsedTime * 10) / 10,
          cost,
          ...(codes.length > 0 ? { codes: [...new Set(codes)] } : {}),
        },
        'request',
      );
    }
    done();
  });
}
