import { IDENTITY_HEADER } from '@practice-graph/kit/identity';
import type { ExecutionResult } from 'graphql';
import { Pool } from 'undici';

import type { Transport } from './subgraph-source';

/** Connections that are kept open to one subgraph. */
const CONNECTIONS = 50;
const KEEP_ALIVE_MS = 30_000;
/** An answer longer than this is a mistake somewhere; it must not fill our memory. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;

export interface HttpTransport {
  readonly transport: Transport;
  /** Whether the subgraph says that it can work. */
  readonly ready: (signal: AbortSignal) => Promise<{ ok: boolean; reason?: string | undefined }>;
  close(): Promise<void>;
}

/** Asks a subgraph over kept-alive HTTP connections. */
export function httpTransport(address: string): HttpTransport {
  const url = new URL(address);
  const pool = new Pool(url.origin, { connections: CONNECTIONS, keepAliveTimeout: KEEP_ALIVE_MS, pipelining: 1 });
  const path = `${url.pathname}${url.search}`;

  return {
    transport: async ({ query, variables, operationName, identity, traceparent }, signal) => {
      const { statusCode, headers, body } = await pool.request({
        method: 'POST',
        path,
        signal,
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json, application/json',
          ...(identity ? { [IDENTITY_HEADER]: identity } : {}),
          ...(traceparent ? { traceparent } : {}),
        },
        body: JSON.stringify({ query, variables, operationName }),
      });
      if (Number(headers['content-length'] ?? 0) > ANSWER_BYTES_MAX) {
        await body.dump();
        throw new Error('the answer is too large');
      }
      const text = await body.text();
      return readAnswer(statusCode, text);
    },

    ready: async (signal) => {
      const { statusCode, body } = await pool.request({ method: 'GET', path: '/health/ready', signal });
      await body.dump();
      const ok = statusCode >= 200 && statusCode < 300;
      return ok ? { ok } : { ok, reason: `status ${String(statusCode)}` };
    },

    close: () => pool.close(),
  };
}

/**
 * A GraphQL response may come with any status when the subgraph speaks `application/graphql-response+json`; anything
 * else with a bad status is a proxy or a crash and no answer.
 */
function readAnswer(status: number, text: string): ExecutionResult {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new Error(`status ${String(status)}, the body is not JSON`);
  }
  const errors = (answer as { errors?: unknown } | null)?.errors;
  if ((status < 200 || status > 299) && !Array.isArray(errors)) throw new Error(`status ${String(status)}`);
  return answer as ExecutionResult;
}
