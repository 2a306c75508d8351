import type { ExecutionResult } from 'graphql';

/** One operation for one subgraph, the same in process and over HTTP. */
export interface GraphRequest {
  readonly query: string;
  readonly variables?: Record<string, unknown> | undefined;
  readonly operationName?: string | undefined;
  /** Signed identity of the caller: the value of the identity header. Absent only when identity is switched off. */
  readonly identity: string | undefined;
  /** W3C trace context, so that a subgraph's log lines carry the trace of the request. */
  readonly traceparent?: string | undefined;
  /** Headers of the client that are handed on, when any are. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** A subgraph that lives in the same program. */
export type GraphService = (request: GraphRequest) => Promise<ExecutionResult>;
