import { setTimeout as pause } from 'node:timers/promises';

import { IDENTITY_HEADER } from '@practice-graph/kit/identity';
import type { ExecutionResult } from 'graphql';
import { Pool } from 'undici';

import type { GraphRequest } from '../graph-request.types';
import { Merging } from './merging';
import type { Transport } from './subgraph-source';

/** Connections that are kept open to one subgraph. */
const CONNECTIONS = 50;
const KEEP_ALIVE_MS = 30_000;
/** An answer longer than this is a mistake somewhere; it must not fill our memory. */
const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** Reads that failed in a way that may pass are tried once more after this time, give or take half. */
const RETRY_AFTER_MS = 60;
/** What proxies and servers say while they start or stop. */
const PASSING_STATUS: ReadonlySet<number> = new Set([502, 503, 504]);
const PASSING_ERRORS: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET']);

export interface HttpTransport {
  readonly transport: Transport;
  /** Whether the subgraph says that it can work. */
  readonly ready: (signal: AbortSignal) => Promise<{ ok: boolean; reason?: string | undefined }>;
  /** Connections as they are now, and reads that shared the answer to another. */
  readonly state: () => { connected: number; pending: number; running: number; merged: number };
  close(): Promise<void>;
}

/** A failure that may be gone a moment later. */
class Passing extends Error {}

/** Asks a subgraph over kept-alive HTTP connections. */
export function httpTransport(
  address: string,
  timeoutMs: number,
  own: Readonly<Record<string, string>> = {},
): HttpTransport {
  const url = new URL(address);
  const pool = new Pool(url.origin, {
    connections: CONNECTIONS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: 2 * timeoutMs,
    bodyTimeout: 2 * timeoutMs,
  });
  const path = `${url.pathname}${url.search}`;
  const merging = new Merging();

  const once = async (
    { query, variables, operationName, identity, traceparent, headers: forwarded }: GraphRequest,
    signal: AbortSignal,
  ) => {
    const { statusCode, headers, body } = await pool.request({
      method: 'POST',
      path,
      signal,
      headers: {
        ...forwarded,
        ...own,
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
    if (PASSING_STATUS.has(statusCode)) throw new Passing(`status ${String(statusCode)}`);
    // A GraphQL response may come with any status; anything else with a bad one is a proxy or a crash and no answer.
    if ((statusCode < 200 || statusCode > 299) && !looksLikeAnswer(text))
      throw new Error(`status ${String(statusCode)}`);
    return text;
  };

  /** A shared read has a time of its own: the request that happened to ask first must not end it for the others. */
  const shared = async (request: GraphRequest) => {
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(new Error('a shared read took too long')), timeoutMs);
    try {
      return await twice(request, ending.signal);
    } finally {
      clearTimeout(timer);
    }
  };

  const twice = async (request: GraphRequest, signal: AbortSignal) => {
    try {
      return await once(request, signal);
    } catch (error) {
      if (!mayPass(error) || signal.aborted) throw error;
      await pause(RETRY_AFTER_MS * (0.5 + Math.random()), undefined, { signal });
      return once(request, signal);
    }
  };

  return {
    transport: async (request, signal, reading) => {
      // Only reads are asked again: a change that was sent may have been made, whatever came back.
      if (!reading) return readAnswer(await once(request, signal));
      const key = JSON.stringify([reading.caller, request.query, request.operationName, request.variables]);
      return readAnswer(await merging.ask(key, () => shared(request)));
    },

    ready: async (signal) => {
      const { statusCode, body } = await pool.request({ method: 'GET', path: '/health/ready', signal });
      await body.dump();
      // A subgraph that is not ours has no such address; that it answers a trivial question is enough.
      if (statusCode === 404) {
        await once({ query: '{ __typename }', identity: undefined }, signal);
        return { ok: true };
      }
      const ok = statusCode >= 200 && statusCode < 300;
      return ok ? { ok } : { ok, reason: `status ${String(statusCode)}` };
    },

    state: () => {
      const { connected, pending, running } = pool.stats;
      return { connected, pending, running, merged: merging.merged };
    },

    close: () => pool.close(),
  };
}

const mayPass = (error: unknown): boolean =>
  error instanceof Passing || PASSING_ERRORS.has(String((error as { code?: unknown } | null)?.code));

const looksLikeAnswer = (text: string): boolean => /^\s*\{/.test(text) && text.includes('"errors"');

function readAnswer(text: string): ExecutionResult {
  try {
    return JSON.parse(text) as ExecutionResult;
  } catch {
    throw new Error('the body is not JSON');
  }
}
