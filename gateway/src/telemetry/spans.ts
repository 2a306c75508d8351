import type { Logger } from 'pino';
import { Pool } from 'undici';

/** One step of a request, as tracing tools show it. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly kind: 'server' | 'client';
  /** Milliseconds on the clock of `performance.now()`. */
  readonly started: number;
  readonly ended: number;
  readonly isError: boolean;
  /** Names and numbers only; nothing of variables or answers. */
  readonly attributes: Readonly<Record<string, string | number>>;
}

export interface Spans {
  record(span: Span): void;
  /** Sends what is left. */
  close(): Promise<void>;
}

const SEND_EVERY_MS = 2_000;
const SEND_AT = 512;
/** Spans that wait while the collector is away; beyond, new ones are dropped. */
const WAITING_MAX = 4_096;
const TIMEOUT_MS = 5_000;
/** Numbers of the OpenTelemetry protocol. */
const KIND = { server: 2, client: 3 };
const STATUS_ERROR = 2;

/** Sends spans to an OpenTelemetry collector (OTLP over HTTP, JSON), in batches and without ever holding up a request. */
export function openSpans(endpoint: string, log: Logger): Spans {
  const url = new URL(endpoint.replace(/\/*$/, '/v1/traces'));
  const pool = new Pool(url.origin, { connections: 1 });
  let waiting: Span[] = [];
  let isSending = false;

  const send = async () => {
    if (isSending || waiting.length === 0) return;
    isSending = true;
    const batch = waiting.slice(0, SEND_AT);
    try {
      const { statusCode, body } = await pool.request({
        method: 'POST',
        path: `${url.pathname}${url.search}`,
        headers: { 'content-type': 'application/json' },
        headersTimeout: TIMEOUT_MS,
        body: JSON.stringify(requestOf(batch)),
      });
      await body.dump();
      // What the collector does not accept it will not accept later either.
      if (statusCode >= 500) throw new Error(`status ${String(statusCode)}`);
      waiting = waiting.slice(batch.length);
    } catch (error) {
      log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'traces cannot be sent');
    } finally {
      isSending = false;
    }
  };
  const timer = setInterval(() => void send(), SEND_EVERY_MS);
  timer.unref();

  return {
    record: (span) => {
      if (waiting.length >= WAITING_MAX) return;
      waiting.push(span);
      if (waiting.length === SEND_AT) void send();
    },
    close: async () => {
      clearInterval(timer);
      await send();
      await pool.close();
    },
  };
}

const nanoseconds = (moment: number): string =>
  String(BigInt(Math.round((performance.timeOrigin + moment) * 1_000)) * 1_000n);

function requestOf(spans: readonly Span[]) {
  const attributes = (values: Readonly<Record<string, string | number>>) =>
    Object.entries(values).map(([key, value]) => ({
      key,
      value: typeof value === 'number' ? { doubleValue: value } : { stringValue: value },
    }));
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': 'practice-graph-gateway' }) },
        scopeSpans: [
          {
            scope: { name: 'practice-graph' },
            spans: spans.map((span) => ({
              traceId: span.traceId,
              spanId: span.spanId,
              ...(span.parentSpanId ? { parentSpanId: span.parentSpanId } : {}),
              name: span.name,
              kind: KIND[span.kind],
              startTimeUnixNano: nanoseconds(span.started),
              endTimeUnixNano: nanoseconds(span.ended),
              attributes: attributes(span.attributes),
              ...(span.isError ? { status: { code: STATUS_ERROR } } : {}),
            })),
          },
        ],
      },
    ],
  };
}
