import Fastify, { type FastifyInstance } from 'fastify';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { Pool } from 'undici';
import { fixedClock, systemClock } from './clock';
import { readEnvironment } from './env';
import { IDENTITY_HEADER } from './identity';
import { openSubgraph, type RunningSubgraph, type SubgraphDefinition } from './subgraph';
import type { Transport } from './worker';

const BODY_MAX_BYTES = 4 * 1024 * 1024;

/** Deliveries over HTTP, with one keep-alive pool per subscriber. */
export function httpTransport(eventUrl: (subscriber: string) => string): Transport & { close(): Promise<void> } {
  const pools = new Map<string, Pool>();
  const send: Transport = async (subscriber, headers, body) => {
    const url = new URL(eventUrl(subscriber));
    let pool = pools.get(url.origin);
    if (!pool)
      pools.set(
        url.origin,
        (pool = new Pool(url.origin, { connections: 4, headersTimeout: 10_000, bodyTimeout: 10_000 })),
      );
    const answer = await pool.request({ path: url.pathname, method: 'POST', headers, body });
    return { status: answer.statusCode, body: await answer.body.text() };
  };
  return Object.assign(send, {
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
  });
}

/** The HTTP doors of a subgraph: graph, events, health. */
export function httpServer(subgraph: RunningSubgraph): FastifyInstance {
  const server = Fastify({ bodyLimit: BODY_MAX_BYTES, logger: false, forceCloseConnections: 'idle' });
  // Events are signed over their raw text, so every body stays text until its handler parses it.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  const header = (value: string | string[] | undefined) => (Array.isArray(value) ? value[0] : value);

  server.post('/graphql', async (request, reply) => {
    let body: { query?: unknown; variables?: unknown; operationName?: unknown };
    try {
      body = JSON.parse(request.body as string) as typeof body;
    } catch {
      return reply
        .code(400)
        .send({ errors: [{ message: 'The body is not JSON.', extensions: { code: 'BAD_REQUEST' } }] });
    }
    if (typeof body.query !== 'string')
      return reply
        .code(400)
        .send({ errors: [{ message: 'The body has no query.', extensions: { code: 'BAD_REQUEST' } }] });
    const answer = await subgraph.execute({
      query: body.query,
      variables: (body.variables ?? undefined) as Record<string, unknown> | undefined,
      operationName: (body.operationName ?? undefined) as string | undefined,
      identity: header(request.headers[IDENTITY_HEADER]),
      traceparent: header(request.headers['traceparent']),
    });
    return reply.type('application/json').send(JSON.stringify(answer));
  });
  server.post('/events', async (request, reply) => {
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, header(value)]));
    const { status, body } = await subgraph.receive(headers, request.body as string);
    return reply.code(status).send(body);
  });
  server.get('/health/live', () => ({ status: 'live' }));
  server.get('/health/ready', async (_request, reply) => {
    const state = await subgraph.ready();
    return reply.code(state.ok ? 200 : 503).send(state);
  });
  return server;
}

/** Runs a subgraph as a program of its own, configured by the environment, until SIGTERM or Ctrl-C drains it. */
export async function serve(definition: SubgraphDefinition): Promise<void> {
  try {
    const env = readEnvironment(definition.ports);
    const log = pino({ level: env.LOG_LEVEL });
    const transport = httpTransport(env.eventUrl);
    const subgraph = await openSubgraph(definition, {
      url: env.DATABASE_URL,
      workerUrl: env.WORKER_DATABASE_URL,
      identitySecret: env.IDENTITY_SECRET,
      eventSecret: env.EVENT_SECRET,
      auditKey: env.AUDIT_KEY,
      clock: env.CLOCK ? fixedClock(env.CLOCK) : systemClock,
      log,
      transport,
    });
    const server = httpServer(subgraph);
    closeWithGrace({ delay: 10_000 }, async ({ err }) => {
      if (err) log.error({ err }, 'stopping after an error');
      await server.close();
      await subgraph.stop();
      await transport.close();
    });
    const address = await server.listen({ host: env.HOST, port: env.PORT ?? definition.ports[definition.name] ?? 0 });
    log.info({ address }, `${definition.name} is ready`);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const told = code === 'EADDRINUSE' ? 'the port is in use; set PORT to a free one' : message;
    process.stderr.write(`${definition.name}: ${told}\n`);
    process.exit(1);
  }
}
