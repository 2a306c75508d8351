import { randomBytes } from 'node:crypto';

/** W3C trace context of one request: the caller's trace is continued, else a new one begins. */
export interface Trace {
  readonly traceId: string;
  /** Header for the subgraphs, with a span of our own as the parent. */
  readonly traceparent: string;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})(?:-.*)?$/;
const NO_TRACE = '0'.repeat(32);

export function traceOf(traceparent: string | undefined): Trace {
  const match = TRACEPARENT.exec(traceparent ?? '');
  const given = match?.[1];
  const traceId = given && given !== NO_TRACE ? given : randomBytes(16).toString('hex');
  const flags = given ? (match[2] ?? '00') : '00';
  return { traceId, traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}` };
}

declare module 'fastify' {
  interface FastifyRequest {
    trace: Trace;
  }
}
