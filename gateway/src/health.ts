import type { FastifyInstance } from 'fastify';

export interface SubgraphHealth {
  readonly name: string;
  readonly ready: (signal: AbortSignal) => Promise<{ ok: boolean; reason?: string | undefined }>;
}

const ANSWER_WITHIN_MS = 2_000;

/**
 * `/health/live`: the program runs. `/health/ready`: it can be sent requests; says which subgraphs answer. One that is
 * away does not make the gateway unready, since the rest of every answer still comes; all of them away does.
 */
export function healthRoutes(
  app: FastifyInstance,
  subgraphs: () => readonly SubgraphHealth[],
  isStopping: () => boolean,
): void {
  app.get('/health/live', () => ({ status: 'live' }));

  app.get('/health/ready', async (_request, reply) => {
    const states = await Promise.all(subgraphs().map(stateOf));
    const answering = states.filter((s) => s.ok).length;
    const isReady = !isStopping() && (answering > 0 || states.length === 0);
    const status = !isReady ? 'unready' : answering === states.length ? 'ready' : 'degraded';
    return reply.code(isReady ? 200 : 503).send({ status, isStopping: isStopping(), subgraphs: states });
  });
}

async function stateOf({ name, ready }: SubgraphHealth): Promise<{ name: string; ok: boolean; reason?: string }> {
  const signal = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const late = new Promise<{ ok: boolean; reason: string }>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve({ ok: false, reason: 'no answer in time' });
    });
  });
  try {
    const { ok, reason } = await Promise.race([ready(signal), late]);
    return { name, ok, ...(reason === undefined ? {} : { reason }) };
  } catch {
    return { name, ok: false, reason: 'unreachable' };
  }
}
