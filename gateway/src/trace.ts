import { randomBytes } from 'node:crypto';

/** W3C trace context of one request: the caller's trace is continued, else a new one begins. */
export interface Trace {
  readonly traceId: string;
  /** The step of the trace that this request is. */
  readonly spanId: string;
  /** The caller's step, when he sent one. */
  readonly parentSpanId: string | undefined;
  /** Whether somebody wants the steps of this trace; new traces are wanted. */
  readonly isSampled: boolean;
}

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;
const NO_TRACE = '0'.repeat(32);
const NO_SPAN = '0'.repeat(16);
const SAMPLED = 1;

export const newSpanId = (): string => randomBytes(8).toString('hex');

export function traceOf(traceparent: string | undefined): Trace {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (!traceId || !spanId || traceId === NO_TRACE || spanId === NO_SPAN) {
    return {
      traceId: randomBytes(16).toString('hex'),
      spanId: newSpanId(),
      parentSpanId: undefined,
      isSampled: true,
    };
  }
  const isSampled = (Number.parseInt(flags ?? '0', 16) & SAMPLED) === SAMPLED;
  return { traceId, spanId: newSpanId(), parentSpanId: spanId, isSampled };
}

/** Header for a call that is a step of its own in the trace. */
export const traceparentOf = ({ traceId, isSampled }: Trace, spanId: string): string =>
  `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;

declare module 'fastify' {
  interface FastifyRequest {
    trace: Trace;
  }
}
