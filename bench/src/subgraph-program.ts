/** One subgraph as a program of its own that counts the requests of gateways. */
import 'reflect-metadata';
import { definitions } from '@practice-graph/app';
import { fixedClock, httpServer, openSubgraph } from '@practice-graph/kit';
import { pino } from 'pino';
import { answer } from './control';

export interface SubgraphStart {
  readonly name: string;
  readonly url: string;
  readonly workerUrl: string;
  readonly identitySecret: string;
  readonly eventSecret: string;
  readonly auditKey: string;
  readonly clock: string;
}

let requests = 0;
/** Answers by the body of their request, while they are kept. */
let kept: Map<string, string> | undefined;

const KEPT_MAX = 1_000;

answer({
  start: async (start: SubgraphStart): Promise<string> => {
    const definition = definitions.find(({ name }) => name === start.name);
    if (definition === undefined) throw new Error(`there is no subgraph ${start.name}`);
    const subgraph = await openSubgraph(definition, {
      ...start,
      clock: fixedClock(start.clock),
      log: pino({ level: 'silent' }),
      // The bench only reads, so no event has to travel.
      transport: () => Promise.resolve({ status: 204, body: '' }),
      runJobs: false,
      sealEveryMs: 0,
    });
    const server = httpServer(subgraph);
    server.addHook('onRequest', (request, _reply, done) => {
      if (request.url === '/graphql') requests += 1;
      done();
    });
    server.addHook('preHandler', async (request, reply) => {
      const known = kept?.get(request.body as string);
      if (known !== undefined) await reply.type('application/json').send(known);
    });
    server.addHook('onSend', (request, _reply, payload, done) => {
      if (request.url === '/graphql' && kept !== undefined && kept.size < KEPT_MAX)
        kept.set(request.body as string, payload as string);
      done();
    });
    return await server.listen({ host: '127.0.0.1', port: 0 });
  },
  requests: () => requests,
  /**
   * While `isKept`, equal requests get the first answer again, whoever asks. The questions of the bench are answered
   * alike for all its callers, and what is then measured is the gateway and not the database.
   */
  keep: (isKept: boolean) => {
    kept = isKept ? new Map() : undefined;
  },
});
process.once('SIGTERM', () => process.exit(0));
