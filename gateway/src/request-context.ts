import type { Viewer } from '@practice-graph/kit/identity';

import type { Documents, PreparedOperation } from './documents/document';
import type { Graph } from './supergraph/graph';
import type { Trace } from './trace';

/** An operation that may run: checked, counted, with its variables coerced. */
export interface ReadyOperation {
  readonly graph: Graph;
  readonly documents: Documents;
  readonly prepared: PreparedOperation;
  /** Coerced values, defaults filled in. */
  readonly variables: Readonly<Record<string, unknown>>;
  readonly cost: number;
}

/** What the gateway knows of one request while it runs. */
export interface RequestContext extends Trace {
  /** Null only when identity is switched off. */
  readonly viewer: Viewer | null;
  readonly scopes: ReadonlySet<string>;
  readonly ip: string;
  /** True for a caller whose token admits registered documents only. */
  readonly trustedDocumentsOnly: boolean;
  /** Moment, on the clock of `performance.now()`, at which nothing is waited for any more. */
  readonly deadline: number;
  /** Headers of the client that are handed on to subgraphs. */
  readonly forwarded: Readonly<Record<string, string>> | undefined;
  /** Identity as signed for each subgraph, so that several fetches sign once. */
  readonly identities: Map<string, string>;
  /** What becomes of the request. An object of its own, because the server hands on a copy of the context. */
  readonly progress: Progress;
}

export interface Progress {
  /** Set when the operation is ready to run. */
  operation?: ReadyOperation;
  /** True as soon as it runs; one that is refused never does. */
  hasRun?: boolean;
  /** Set when the answer is ready to go out: what the log may say about it. */
  outcome?: { readonly operationName: string | null; readonly codes: readonly string[] };
}
