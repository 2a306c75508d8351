/** Sends requests from a program of its own, so that its work is not counted as the gateway's. */
import { performance } from 'node:perf_hooks';
import { Pool } from 'undici';
import { answer } from './control';

export interface LoadOrder {
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** True ends with the round of all bodies that was begun in time, so that every gateway gets the same mix. */
  readonly isEven: boolean;
  /** Ends earlier after this many requests. */
  readonly requestsMax: number;
  readonly bodies: readonly string[];
  readonly headers: readonly Readonly<Record<string, string>>[];
  /** Number of the first request, so that rounds do not repeat the same pairs of caller and question. */
  readonly first: number;
}

export interface LoadAnswer {
  readonly seconds: number;
  /** Answers that were no success: a status other than 200, or errors. */
  readonly failures: number;
  /** The first of them. */
  readonly failure: string | null;
  /** Microseconds of each request, in the order in which they ended. */
  readonly latencies: readonly number[];
}

const CORPUS_ERROR = /^\{"errors":/;

async function run(order: LoadOrder): Promise<LoadAnswer> {
  const { origin, pathname } = new URL(order.url);
  const pool = new Pool(origin, { connections: order.connections, pipelining: 1, headersTimeout: 30_000 });
  const latencies: number[] = [];
  let failures = 0;
  let failure: string | null = null;
  let sent = 0;
  const began = performance.now();
  const end = began + order.seconds * 1_000;
  const worker = async (): Promise<void> => {
    while (
      sent < order.requestsMax &&
      (performance.now() < end || (order.isEven && sent % order.bodies.length !== 0))
    ) {
      const n = order.first + sent++;
      const started = performance.now();
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: pathname,
        headers: { 'content-type': 'application/json', ...order.headers[n % order.headers.length] },
        body: order.bodies[n % order.bodies.length] as string,
      });
      const text = await body.text();
      latencies.push(Math.round((performance.now() - started) * 1_000));
      if (statusCode === 200 && !CORPUS_ERROR.test(text)) continue;
      failures += 1;
      failure ??= text.slice(0, 400);
    }
  };
  try {
    await Promise.all(Array.from({ length: order.connections }, worker));
  } finally {
    await pool.close();
  }
  return { seconds: (performance.now() - began) / 1_000, failures, failure, latencies };
}

answer({ run });
process.once('SIGTERM', () => process.exit(0));
